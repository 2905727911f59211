// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include <unistd.h>

namespace xgrad {

/// Progress of an epoch: a bar that redraws itself on a terminal, one line at the end in a pipe or a file.
class progress_bar {
public:
    progress_bar(std::string title, std::size_t steps, std::FILE* to = stdout)
        : title_(std::move(title)), steps_(steps), to_(to), terminal_(::isatty(::fileno(to)) != 0), start_(clock::now()), drawn_(start_) {}
    progress_bar(const progress_bar&) = delete;
    progress_bar& operator=(const progress_bar&) = delete;

    /// One step done, with its loss; draws at most ten times a second.
    void step(double loss) {
        ++done_;
        sum_ += loss;
        const auto now = clock::now();
        if (!terminal_ || now - drawn_ < std::chrono::milliseconds(100)) return;
        drawn_ = now;
        draw();
    }
    /// Ends the line, with what there is to say.
    void finish(const std::string& remark = {}) {
        if (terminal_) {
            draw();
            std::fprintf(to_, "  %s\n", remark.c_str());
        } else {
            std::fprintf(to_, "%s  %zu steps  %.2f s  loss %.4f  %s\n", title_.c_str(), done_, seconds(), mean_loss(), remark.c_str());
        }
        std::fflush(to_);
    }
    double mean_loss() const { return done_ ? sum_ / static_cast<double>(done_) : 0; }
    double seconds() const { return std::chrono::duration<double>(clock::now() - start_).count(); }

private:
    using clock = std::chrono::steady_clock;
    std::string title_;
    std::size_t steps_, done_ = 0;
    std::FILE* to_;
    bool terminal_;
    double sum_ = 0;
    clock::time_point start_, drawn_;

    void draw() const {
        constexpr std::size_t width = 30;
        const std::size_t filled = steps_ ? std::min(width, done_ * width / steps_) : width;
        std::fprintf(to_, "\r%s  [%s%s] %zu/%zu  %.1f s  loss %.4f", title_.c_str(), std::string(filled, '#').c_str(), std::string(width - filled, '.').c_str(), done_, steps_,
                     seconds(), mean_loss());
        std::fflush(to_);
    }
};

}  // namespace xgrad
