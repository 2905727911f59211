// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/standardise.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad {

namespace detail {
/// [N, C, ...] as [N, groups, C / groups, ...].
template <const record* X, int Groups>
inline constexpr shape grouped_shape = [] {
    shape s{};
    for (int i = 0; i < X->extents.rank; ++i) {
        if (i == 1) s.push_back({Groups, nullptr});
        s.push_back(i == 1 ? extent{X->extents[1].size / Groups, nullptr} : X->extents[i]);
    }
    return s;
}();

/// Whole samples and single channels are groups whose axes stand side by side already.
template <int Groups, norm_options Options, class X>
constexpr auto standardised_groups(X x) {
    constexpr const record* r = ast::node_traits<X>::of();
    constexpr int rank = r->extents.rank;
    constexpr auto epsilon = number<Options.epsilon>;
    if constexpr (Groups == 1) {
        return standardise(x, epsilon, axes_from<1, rank>);
    } else if constexpr (Groups == r->extents[1].size && rank > 2) {
        return standardise(x, epsilon, axes_from<2, rank>);
    } else {
        return reshaped<r->extents>(standardise(reshaped<grouped_shape<r, Groups>>(x), epsilon, axes_from<2, rank + 1>));
    }
}

/// Axis 1 in groups; Groups = 0: each channel is one.
template <fixed_string Name, int Groups, norm_options Options>
struct group_norm_layer : called_alone<group_norm_layer<Name, Groups, Options>> {
    static constexpr auto layer_name = Name;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        constexpr const record* r = ast::node_traits<X>::of();
        constexpr int rank = r->extents.rank, least = Groups == 0 ? 3 : 2;
        if constexpr (rank < least) {
            return ast::bad<norm_rules, 1, rank, least>{};
        } else if constexpr (r->extents[1].is_dynamic()) {
            return ast::bad<norm_rules, 2, 0, 1>{};
        } else {
            constexpr std::int64_t channels = r->extents[1].size, groups = Groups == 0 ? channels : Groups;
            if constexpr (channels % groups != 0) {
                return ast::bad<norm_rules, 3, channels, groups>{};
            } else if constexpr (groups != 1 && groups != channels && rank == max_rank) {
                return ast::bad<norm_rules, 4, rank + 1, max_rank>{};
            } else {
                return scaled<Options, channel_parameters<join(Prefix, Name), r, 1>>(standardised_groups<static_cast<int>(groups), Options>(x));
            }
        }
    }
};
}  // namespace detail

/// group_norm<"name">(groups)(x): channels in groups; each group of each sample with mean 0 and variance 1, then scaled and moved a channel.
///
/// Formula     y = (x - mean) / sqrt(variance + epsilon) over a group's channels and positions;  y weight + bias
/// Gradient    r (u - mean(u) - y mean(u y)) in each group, u = g weight, r = 1 / sqrt(variance + epsilon)
/// Shape       x [N, channels, ...]  ->  the same
/// Parameters  name.weight [channels], ones; name.bias [channels], zeros
/// Options     group_norm<"name", norm_options{.epsilon = 1e-5, .scale = true, .bias = true}>(groups); Keras has .epsilon = 1e-3
/// Errors      channels that are not a number, or not a multiple of the groups
/// Method      as standardise; between 1 and all channels x is copied, so that a group is a row
/// Source      Wu and He, ECCV 2018; defaults of PyTorch and ONNX
/// Catalogue   layer
template <fixed_string Name, norm_options Options = norm_options{}, class N>
constexpr auto group_norm(N) {
    return detail::group_norm_layer<Name, static_cast<int>(canonical_extent<N>::value), Options>{};
}

/// instance_norm<"name">(x): each channel of each sample with mean 0 and variance 1.
///
/// Formula     y = (x - mean) / sqrt(variance + epsilon) over the positions of a channel
/// Gradient    r (g - mean(g) - y mean(g y)), r = 1 / sqrt(variance + epsilon)
/// Shape       x [N, channels, positions, ...]  ->  the same
/// Options     instance_norm<"name", norm_options{.epsilon = 1e-5, .scale = false, .bias = false}>; with .scale and .bias there are name.weight and name.bias
///             [channels], as in ONNX
/// Errors      channels that are not a number, no positions
/// Method      as standardise
/// Source      Ulyanov, Vedaldi and Lempitsky, arXiv 1607.08022, 2016; defaults of PyTorch
/// Catalogue   layer
template <fixed_string Name = "", norm_options Options = norm_options{.scale = false, .bias = false}>
inline constexpr detail::group_norm_layer<Name, 0, Options> instance_norm{};

}  // namespace xgrad
