// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/draft.hpp>
#include <xgrad/plan/group.hpp>

namespace xgrad {

/// The columns of a body's calls where all of them are one row of as many, known now and few, so that its kernel is laid out vector by vector; else 0.
/// `width`: numbers in a vector. Not in training: updates of biases would no longer share kernels.
constexpr std::ptrdiff_t columns_of_one_row(const auto& p, std::size_t body, std::ptrdiff_t width) {
    constexpr std::int64_t most_laid_out = 512;  // each vector has code of its own: few enough for the instruction cache, and for the compiler
    if (p.bodies[body].scalar) return 0;
    std::int64_t columns = 0;
    for (const step& s : p.steps) {
        if (s.writes_parameters) return 0;
        if ((s.kind != step_kind::rows && s.kind != step_kind::contraction) || s.body != static_cast<int>(body)) continue;
        if (s.kind == step_kind::rows && p.bodies[body].across) return 0;
        std::int64_t rows = 1, of_step = 1;
        for (int i = 0; i < s.space.rank; ++i) {
            if (s.space[i].is_dynamic()) return 0;
            (i + s.column_axes < s.space.rank ? rows : of_step) *= s.space[i].size;
        }
        if (rows != 1 || of_step > short_row || (columns != 0 && columns != of_step)) return 0;
        columns = of_step;
    }
    const std::int64_t vectors = (columns + width - 1) / width;
    return vectors * p.bodies[body].instructions <= most_laid_out ? static_cast<std::ptrdiff_t>(columns) : 0;
}

}  // namespace xgrad
