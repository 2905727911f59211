// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/all.hpp>

namespace xgrad {

/// glu(x) = a sigmoid(b), a and b the halves of x's last axis: a gate for each feature.
///
/// Formula     x_i sigmoid(x_(i + D))
/// Gradient    g sigmoid(b) for a; g a sigmoid(b) sigmoid(-b) for b
/// Shape       x [S..., 2 D]  ->  [S..., D]
/// Errors      a last extent that is odd or has a name
/// Source      Dauphin et al., ICML 2017; halves as in PyTorch
/// Catalogue   activation
inline constexpr struct {
    template <ast::symbolic X>
    constexpr auto operator()(X x) const {
        if constexpr (is_bad<X>) {
            return x;
        } else {
            constexpr const shape& s = ast::node_traits<X>::of()->extents;
            constexpr std::int64_t both = s.rank ? s[s.rank - 1].size : -1, half = both / 2;
            static_assert(both > 0 && both % 2 == 0, "xgrad::glu(x): the last extent of x must be an even number. Fix: give the layer before it twice the features.");
            if constexpr (both > 0 && both % 2 == 0) {
                return slice<0, half>(x) * sigmoid(slice<half, both>(x));
            } else {
                return x;
            }
        }
    }
} glu{};

}  // namespace xgrad
