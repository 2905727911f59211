// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/standardise.hpp>

namespace xgrad {

/// What batch_norm may be told. `momentum` is the share of the new batch in the running statistics; Keras and ONNX give the share of the old.
struct batch_norm_options {
    double epsilon = 1e-5, momentum = 0.1;
    bool scale = true;     ///< whether there is a parameter name.weight
    bool bias = true;      ///< whether there is a parameter name.bias
    bool unbiased = true;  ///< the running variance is multiplied by n / (n - 1), n the numbers that made it
    int axis = 1;          ///< of the channels, negative from the end
};
inline constexpr batch_norm_options keras_batch_norm{.epsilon = 1e-3, .momentum = 0.01, .unbiased = false, .axis = -1};
inline constexpr batch_norm_options onnx_batch_norm{.unbiased = false};

namespace detail {
/// All axes but one.
template <int Axis, int... I>
constexpr axis_positions<(I < Axis ? I : I + 1)...> axes_around(std::integer_sequence<int, I...>) {
    return {};
}
template <int Axis, int Rank>
inline constexpr auto axes_but = axes_around<Axis>(std::make_integer_sequence<int, Rank - 1>{});

template <fixed_string Name, batch_norm_options Options>
struct batch_norm_layer : called_alone<batch_norm_layer<Name, Options>> {
    static constexpr auto layer_name = Name;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        constexpr const record* r = ast::node_traits<X>::of();
        constexpr int rank = r->extents.rank, axis = Options.axis < 0 ? Options.axis + rank : Options.axis;
        if constexpr (rank < 2 || axis < 0 || axis >= rank) {
            return ast::bad<norm_rules, 1, rank, (axis < 1 ? 1 : axis) + 1>{};
        } else if constexpr (r->extents[axis].is_dynamic()) {
            return ast::bad<norm_rules, 2, 0, 1>{};
        } else {
            constexpr auto path = join(Prefix, Name);
            constexpr static_extent<r->extents[axis].size> channels{};
            constexpr norm_options parts{.scale = Options.scale, .bias = Options.bias};
            return scaled<parts, channel_parameters<path, r, axis>>(normalised<path, r, axis>(x, channels));
        }
    }

private:
    /// By the statistics of the batch in training, which the running ones observe; by those in inference.
    template <fixed_string Path, const record* R, int Axis, class X, class Channels>
    static constexpr auto normalised(X x, Channels channels) {
        constexpr auto others = axes_but<Axis, R->extents.rank>;
        constexpr auto epsilon = number<Options.epsilon>;
        const auto mean = statistic<join(Path, fixed_string("running_mean"))>(channels);
        const auto variance = statistic<join(Path, fixed_string("running_var")), ones>(channels);
        const auto batch = moments_of(x, others);
        const auto n = reduce<count_op>(x, others);
        const auto of_all = [&] {
            if constexpr (Options.unbiased) return batch.variance * (n / maximum(n - number<1.0>, number<1.0>));
            else return batch.variance;
        }();
        const auto y = by_mode(batch.centred * (number<1.0> / sqrt(batch.variance + epsilon)),
                               (x - beside<R, Axis>(mean)) * beside<R, Axis>(number<1.0> / sqrt(variance + epsilon)));
        return observe<Options.momentum>(observe<Options.momentum>(y, mean, sum(batch.mean, others)), variance, sum(of_all, others));
    }
};
}  // namespace detail

/// batch_norm<"name">(x): each channel with mean 0 and variance 1 over the batch, then scaled and moved; in inference by running statistics.
///
/// Formula     y = (x - mean) / sqrt(variance + epsilon), mean and biased variance over all axes but that of the channels;  y weight + bias
/// Gradient    r (u - mean(u) - y mean(u y)), u = g weight, r = 1 / sqrt(variance + epsilon); in inference u / sqrt(running_var + epsilon)
/// Shape       x [N, channels], [N, channels, ...]  ->  the same
/// Parameters  name.weight [channels], ones; name.bias [channels], zeros; statistics name.running_mean, zeros, and name.running_var, ones: each step moves them
///             by momentum times their distance to the batch's
/// Options     batch_norm<"name", batch_norm_options{.epsilon = 1e-5, .momentum = 0.1, .scale = true, .bias = true, .unbiased = true, .axis = 1}>; keras_batch_norm
///             (1e-3, 0.01, biased, channels last), onnx_batch_norm (biased); .momentum is 1 less theirs
/// Errors      channels that are not a number
/// Limits      a batch of one value a channel gives the bias, and a variance of 0 to the running one; sums over the rows are in the number type, in up to 64 parts: 10^5 values a
///             channel whose mean is 10^4 times their deviation are right to 1e-5 in float
/// Method      as standardise, over the rows; the running variance is that of n - 1 degrees of freedom
/// Source      Ioffe and Szegedy, ICML 2015; defaults of PyTorch
/// Catalogue   layer
template <fixed_string Name, batch_norm_options Options = batch_norm_options{}>
inline constexpr detail::batch_norm_layer<Name, Options> batch_norm{};

}  // namespace xgrad
