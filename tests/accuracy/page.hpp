// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "accuracy/subject.hpp"

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <map>

namespace accuracy {

/// What a sweep found: the worst error among normal results and where, and among results below those, in units of the smallest normal number's.
struct finding {
    double worst = 0;
    float at = 0;
    double below = 0;
    std::uint64_t tested = 0;
};

/// docs/numerics.md: text before and after the table stays, and so do rows that a run has not tested.
class page {
    static constexpr const char* first_row = "| function |";
    std::string before_, after_;
    std::map<std::string, std::string> rows_{};  ///< by name

    static std::string bound_text(const subject& s) {
        char text[32];
        std::snprintf(text, sizeof text, "%g", s.bound);
        return text;
    }
    static std::string cell(const std::string& row, int which) {
        std::size_t from = 0;
        for (int i = 0; i <= which; ++i) from = row.find('|', from) + 1;
        const std::size_t to = row.find('|', from);
        const std::string text = row.substr(from, to - from);
        const std::size_t start = text.find_first_not_of(" `"), end = text.find_last_not_of(" `");
        return start == std::string::npos ? "" : text.substr(start, end - start + 1);
    }

public:
    explicit page(const std::string& path) {
        std::ifstream in(path);
        bool table = false, past = false;
        for (std::string line; std::getline(in, line);) {
            if (!past && line.rfind(first_row, 0) == 0) {
                table = true;
            } else if (table && !past && line.rfind("|", 0) == 0) {
                if (line.rfind("|-", 0) != 0) rows_[cell(line, 0)] = line;
            } else {
                past = table;
                (past ? after_ : before_) += line + "\n";
            }
        }
    }
    page& replace(const subject& s, const finding& f) {
        char text[512], date[16];
        const std::time_t now = std::time(nullptr);
        std::strftime(date, sizeof date, "%Y-%m-%d", std::gmtime(&now));
        std::snprintf(text, sizeof text, "| `%s` | %s | %.3f | %.9g | %.2g | %llu | %s | %s |", s.name.c_str(), bound_text(s).c_str(), f.worst, static_cast<double>(f.at), f.below,
                      static_cast<unsigned long long>(f.tested), date, s.remark.c_str());
        // A sweep of more numbers is not replaced by one of fewer, unless the bound is another.
        const auto known = rows_.find(s.name);
        if (known != rows_.end() && cell(known->second, 1) == bound_text(s) && std::stoull(cell(known->second, 5)) > f.tested) return *this;
        rows_[s.name] = text;
        return *this;
    }
    /// In the order of the subjects; rows of functions that are no more are dropped.
    void save(const std::string& path, const std::vector<subject>& subjects) const {
        std::ofstream out(path);
        out << before_ << first_row << " stated | found | at | below | tested | date | remark |\n|---|---|---|---|---|---|---|---|\n";
        for (const auto& s : subjects)
            if (const auto row = rows_.find(s.name); row != rows_.end()) out << row->second << "\n";
        out << after_;
    }
    /// Whether each subject has a row with its bound, from a sweep that kept it.
    bool states(const std::vector<subject>& subjects) const {
        bool good = true;
        for (const auto& s : subjects) {
            const auto row = rows_.find(s.name);
            const bool right = row != rows_.end() && cell(row->second, 1) == bound_text(s) && std::stod(cell(row->second, 2)) <= s.bound;
            if (!right) std::printf("%s: no row, or one that does not fit the header, which states %s. Fix: build the target `exhaustive`.\n", s.name.c_str(), bound_text(s).c_str());
            good = good && right;
        }
        return good;
    }
};

}  // namespace accuracy
