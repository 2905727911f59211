// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/standardise.hpp>

namespace xgrad {

namespace detail {
/// What layers over the last axes share: checks, parameters, and `Formula::of(x, options)` between them.
template <class Formula, fixed_string Name, norm_options Options>
struct row_norm_layer : called_alone<row_norm_layer<Formula, Name, Options>> {
    static constexpr auto layer_name = Name;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        constexpr const record* r = ast::node_traits<X>::of();
        constexpr int first = r->extents.rank - Options.axes;
        if constexpr (first < 1) {
            return ast::bad<norm_rules, 1, r->extents.rank, Options.axes + 1>{};
        } else if constexpr ((Options.scale || Options.bias) && has_named_extent(r->extents, first)) {
            return ast::bad<norm_rules, 2, 0, 1>{};
        } else {
            return scaled<Options, row_parameters<join(Prefix, Name), r, first>>(Formula::template of<Options>(x));
        }
    }

private:
    static constexpr bool has_named_extent(const shape& s, int first) {
        for (int i = first; i < s.rank; ++i)
            if (s[i].is_dynamic()) return true;
        return false;
    }
};
struct standardised_rows {
    template <norm_options Options, class X>
    static constexpr auto of(X x) {
        return standardise(x, number<Options.epsilon>, trailing_axes<Options.axes>);
    }
};
}  // namespace detail

/// layer_norm<"name">(x): each row with mean 0 and variance 1, then scaled and moved.
///
/// Formula     y = (x - mean) / sqrt(variance + epsilon), mean and biased variance of a row;  y weight + bias
/// Gradient    r (u - mean(u) - y mean(u y)), u = g weight, r = 1 / sqrt(variance + epsilon); sums over the rows of g y for the weight, g for the bias
/// Shape       x [..., features]  ->  the same; a row is the last axis, or the last `axes`
/// Parameters  name.weight [features], ones; name.bias [features], zeros
/// Options     layer_norm<"name", norm_options{.epsilon = 1e-5, .axes = 1, .scale = true, .bias = true}>
/// Errors      extents of a row that are not numbers, where there are parameters
/// Limits      a row of equal values, or of one value, gives the bias
/// Method      as standardise
/// Source      Ba, Kiros and Hinton, arXiv 1607.06450, 2016; defaults of PyTorch and ONNX
/// Catalogue   layer
template <fixed_string Name, norm_options Options = norm_options{}>
inline constexpr detail::row_norm_layer<detail::standardised_rows, Name, Options> layer_norm{};

}  // namespace xgrad
