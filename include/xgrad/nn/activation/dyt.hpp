// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>

namespace xgrad {

template <fixed_string Name, double Start>
struct dyt_layer : detail::called_alone<dyt_layer<Name, Start>> {
    static constexpr auto layer_name = Name;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        constexpr const shape& s = ast::node_traits<X>::of()->extents;
        constexpr auto path = join(Prefix, Name);
        constexpr static_extent<s[s.rank - 1].size> width{};
        const auto alpha = parameter<join(path, fixed_string("alpha")), initialiser{initialiser_kind::constant, Start}>(static_extent<1>{});
        return parameter<join(path, fixed_string("gamma")), ones>(width) * ast::tanh(alpha * x) + parameter<join(path, fixed_string("beta"))>(width);
    }

    using detail::called_alone<dyt_layer>::operator();
    constexpr auto operator()() const { return *this; }
};
/// dyt<"name">(x) = gamma tanh(alpha x) + beta: a tanh in the place of a normalisation ("dynamic tanh").
///
/// Formula     gamma tanh(alpha x) + beta
/// Gradient    x: gamma alpha (1 - tanh(alpha x)^2); alpha: the sum of gamma x (1 - tanh(alpha x)^2); gamma: the sum of tanh(alpha x)
/// Shape       x [..., features]  ->  [..., features]; name.alpha [1], name.gamma and name.beta [features]
/// Options     where alpha starts: dyt<"name", 0.5>
/// Source      Zhu et al., arXiv:2503.10622
/// Catalogue   activation
template <fixed_string Name, double Start = 0.5>
inline constexpr dyt_layer<Name, Start> dyt{};

}  // namespace xgrad
