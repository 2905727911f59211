// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

namespace detail {
template <const record* X>
inline constexpr shape row_shape = [] {
    shape s = X->extents;
    s.push_back(s[s.rank - 1]);
    s[s.rank - 2] = one_extent;
    return s;
}();
/// x [S..., C] as [S..., 1, C], beside column(x) [S..., C, 1].
template <class X>
constexpr auto row(X x) {
    if constexpr (is_bad<X>) {
        return x;
    } else {
        constexpr const record* r = ast::node_traits<X>::of();
        return ast::apply<movement_op, attributes{.source = kept_source(row_shape<r>, 1u << (r->extents.rank - 1)), .target = &row_shape<r>}>(x);
    }
}
}  // namespace detail

/// multilabel_margin(x, y) = the sum over classes j that hold and i that do not of max(0, margin - (x_j - x_i)), divided by C.
///
/// Formula     sum over y_j = 1, y_i = 0 of max(0, margin - (x_j - x_i)) / C
/// Gradient    i: how many of its pairs are closer than margin, divided by C; j: minus that
/// Shape       x, y [S..., C]  ->  [S...]
/// Domain      y 0 or 1 for each class (PyTorch lists the classes instead)
/// Options     margin(1_c); those of every loss
/// Source      PyTorch MultiLabelMarginLoss
/// Catalogue   loss, margin
template <ast::symbolic X, ast::symbolic Y, class... Options>
constexpr auto multilabel_margin(X given, Y target, Options... options) {
    const auto x = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    const auto apart = relu(detail::number_or<named::margin>(number<1.0>, options...) - (detail::column(x) - detail::row(x)));
    const auto pairs = select(detail::column(y) > detail::row(y), apart, number<0.0>);
    return reduced<named::margin>(sum(pairs, axes<-2, -1>) / detail::reduce<count_op>(x, axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
