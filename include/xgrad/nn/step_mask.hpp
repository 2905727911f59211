// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

namespace named {
inline constexpr auto step_mask = option_kind{1ull << 21};
}

/// step_mask(m): of a recurrent layer or a loss over sequences. m boolean, the extents of x without the last: steps where it is false
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

}  // namespace xgrad
