// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

namespace named {
inline constexpr auto step_mask = option_kind{1ull << 21};
}

/// step_mask(m): of a layer or a loss over sequences. m boolean, the extents of x without the last: steps where it is false
/// are as if they were not there.
template <ast::symbolic M>
struct step_mask_option {
    static constexpr auto kind = named::step_mask;
    M mask;
};
template <ast::symbolic M>
constexpr step_mask_option<M> step_mask(M m) {
    return {m};
}

namespace detail {
/// The mask among the options, with an axis more, or `nothing`.
template <class... Options>
constexpr auto mask_of(Options... options) {
    const auto given = option_of<named::step_mask>(options...);
    if constexpr (is_given<decltype(given)>) {
        return column(given.mask);
    } else {
        return nothing;
    }
}
/// Whether a mask with that axis more has x's extents without the last.
constexpr bool masks_all_steps(const shape& mask, const shape& x) {
    if (mask.rank != x.rank) return false;  // it has the axis of extent 1 by now
    for (int i = 0; i + 1 < x.rank; ++i)
        if (!(mask[i] == x[i])) return false;
    return true;
}
}  // namespace detail

}  // namespace xgrad
