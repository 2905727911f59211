// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>

namespace xgrad {

namespace detail {
/// The outermost axis, and the product of the others.
template <const record* R>
inline constexpr shape flat_extents = [] {
    shape s{};
    s.push_back(R->extents[0]);
    std::int64_t rest = 1;
    for (int i = 1; i < R->extents.rank; ++i) rest *= R->extents[i].size;
    s.push_back({rest, nullptr});
    return s;
}();
}  // namespace detail

/// flatten(x): one row for each step along the outermost axis, as a layer before `dense`.
///
/// Formula     y_nk = x_n..., k the place of the element in its row
/// Gradient    g under the extents of x
/// Shape       x [N, S...]  ->  [N, product of S]
/// Domain      every extent but the first is a number
/// Source      Keras Flatten
/// Catalogue   layer
inline constexpr struct {
    template <ast::symbolic X>
    constexpr auto operator()(X x) const {
        if constexpr (is_bad<X>) {
            return x;
        } else {
            constexpr const record* r = ast::node_traits<X>::of();
            constexpr bool has_numbers = [] {
                for (int i = 1; i < r->extents.rank; ++i)
                    if (r->extents[i].is_dynamic()) return false;
                return r->extents.rank > 0;
            }();
            static_assert(has_numbers, "xgrad::flatten(x): every extent of x but the first must be a number. Fix: declare x as [batch, 28_c, 28_c].");
            if constexpr (has_numbers) {
                return detail::reshaped<detail::flat_extents<r>>(x);
            } else {
                return x;
            }
        }
    }
} flatten{};

}  // namespace xgrad
