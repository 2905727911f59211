// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>

namespace xgrad {

/// What the sentences of `dense` are kept by.
struct dense_rules {
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A >= B,
                          "xgrad::dense(x): rank(x) must be at least 2, [batch, features]. "
                          "Fix: a single sample is a batch of one, [1, features].");
        } else {
            static_assert(A == B, "xgrad::dense(x): the last extent of x must be a number. Fix: declare x as [batch, 32_c], not with a named width.");
        }
    }
};

/// What dense<"name">(n) makes.
template <fixed_string Name, initialiser Start, class Width>
struct dense_layer : detail::called_alone<dense_layer<Name, Start, Width>> {
    static constexpr auto layer_name = Name;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        constexpr const shape& s = ast::node_traits<X>::of()->extents;
        if constexpr (s.rank < 2) {
            return ast::bad<dense_rules, 1, s.rank, 2>{};
        } else if constexpr (s[s.rank - 1].is_dynamic()) {
            return ast::bad<dense_rules, 2, 0, 1>{};
        } else {
            constexpr auto path = join(Prefix, Name);
            constexpr static_extent<s[s.rank - 1].size> in{};
            return ast::matmul(x, parameter<join(path, fixed_string("weight")), Start>(in, Width{})) +
                   parameter<join(path, fixed_string("bias"))>(Width{});
        }
    }
};
/// dense<"name">(n)(x) = x W + b, W the weight and b the bias.
///
/// Formula     x W + b
/// Gradient    x: g W^T; W: x^T g, summed over every axis of x but its last; b: the sum of g over these
/// Shape       x [..., in]  ->  [..., n]
/// Parameters  name.weight [in, n], Glorot uniform unless said otherwise; name.bias [n], zeros
/// Options     where the weight starts: dense<"name", xg::he_normal>(n)
/// Errors      a sample without a batch axis, a width that is not a number
/// Source      Rosenblatt, Psychological Review 1958; starts as in Keras Dense
/// Catalogue   layer
template <fixed_string Name, initialiser Start = glorot_uniform, class Width>
constexpr dense_layer<Name, Start, canonical_extent<Width>> dense(Width) {
    return {};
}

}  // namespace xgrad
