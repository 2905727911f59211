// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <cmath>
#include <cstdio>

/// A table of "computed" beside "expected"; its verdict is the program's exit code, so that CTest reads it too.
class checked_table {
public:
    void section(const char* title) const { std::printf("\n%s\n", title); }

    /// One line, and whether the two agree to `tolerance`, relative to the expected number.
    void line(const char* what, double computed, double expected, double tolerance = 1e-5) {
        // Equality first: it is how two infinities agree. A NaN agrees with nothing.
        const bool agrees = computed == expected || std::abs(computed - expected) <= tolerance * std::abs(expected);
        off_ += !agrees;
        // Adding 0 prints -0 as 0.
        std::printf("  %-58s %14.7g  %14.7g%s\n", what, computed + 0.0, expected + 0.0, agrees ? "" : "   <-- off");
    }
    int exit_code() const {
        std::printf("\n%s\n", off_ == 0 ? "Every line agrees." : "Lines that disagree are marked.");
        return off_ == 0 ? 0 : 1;
    }

private:
    int off_ = 0;
};
