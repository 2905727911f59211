// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>

namespace xgrad {

/// What layers that normalise may be told: `layer_norm<"norm", norm_options{.epsilon = 1e-6, .bias = false}>`.
struct norm_options {
    double epsilon = 1e-5;  ///< added to the variance
    int axes = 1;           ///< layer_norm and rms_norm: how many axes, from the last, make a row
    bool scale = true;      ///< whether there is a parameter name.weight
    bool bias = true;       ///< whether there is a parameter name.bias
};

namespace detail {
template <class Centred, class Mean, class Variance>
struct moments {
    Centred centred;
    Mean mean;
    Variance variance;
};
template <class Centred, class Mean, class Variance>
moments(Centred, Mean, Variance) -> moments<Centred, Mean, Variance>;

/// x less its mean over some axes, that mean, and the biased variance; the axes stay, with extent 1. What rounding leaves in the
/// first mean is found, with the squares, in the second pass and taken off: x at a mean of 100 keeps the digits it came with. The
/// first mean only moves the origin, on which nothing depends, so no derivative goes through it.
template <class X, class... Axes>
constexpr auto moments_of(X x, Axes... which) {
    const auto origin = stop_gradient(mean(x, which..., keep_axes));
    const auto moved = x - origin;
    const auto rest = mean(moved, which..., keep_axes);
    return moments{moved - rest, origin + rest, mean(square(moved), which..., keep_axes) - square(rest)};
}

/// axes<-K, ..., -1>.
template <int... I>
constexpr axis_positions<(-1 - I)...> last_axes(std::integer_sequence<int, I...>) {
    return {};
}
template <int K>
inline constexpr auto trailing_axes = last_axes(std::make_integer_sequence<int, K>{});

/// axes<From, ..., Rank - 1>.
template <int From, int... I>
constexpr axis_positions<(From + I)...> axes_after(std::integer_sequence<int, I...>) {
    return {};
}
template <int From, int Rank>
inline constexpr auto axes_from = axes_after<From>(std::make_integer_sequence<int, Rank - From>{});

/// A parameter whose extents are `Count` of x's, from axis `First` on.
template <fixed_string Name, initialiser Start, const record* X, int First, int... I>
constexpr auto parameter_like(std::integer_sequence<int, I...>) {
    return parameter<Name, Start>(static_extent<X->extents[First + I].size>{}...);
}
/// v, one value a channel, beside x with the channels on axis `Axis`: [channels, 1, ...].
template <const record* X, int Axis>
inline constexpr shape beside_shape = [] {
    shape s{};
    for (int i = Axis; i < X->extents.rank; ++i) s.push_back(i == Axis ? X->extents[i] : one_extent);
    return s;
}();
template <const record* X, int Axis, class V>
constexpr auto beside(V v) {
    if constexpr (Axis + 1 == X->extents.rank) {
        return v;
    } else {
        constexpr const shape* target = interned_shape<beside_shape<X, Axis>>;
        return ast::apply<movement_op, attributes{.source = kept_source(*target, (1u << target->rank) - 2), .target = target}>(v);
    }
}

/// What is learned: in the extents of a row, or one number a channel.
template <fixed_string Path, const record* X, int First>
struct row_parameters {
    template <fixed_string Part, initialiser Start>
    static constexpr auto of() {
        return parameter_like<join(Path, Part), Start, X, First>(std::make_integer_sequence<int, X->extents.rank - First>{});
    }
};
template <fixed_string Path, const record* X, int Axis>
struct channel_parameters {
    template <fixed_string Part, initialiser Start>
    static constexpr auto of() {
        return beside<X, Axis>(parameter<join(Path, Part), Start>(static_extent<X->extents[Axis].size>{}));
    }
};
/// y weight + bias, as far as the options want them.
template <norm_options Options, class Parameters, class Y>
constexpr auto scaled(Y y) {
    if constexpr (Options.scale && Options.bias) {
        return y * Parameters::template of<fixed_string("weight"), ones>() + Parameters::template of<fixed_string("bias"), zeros>();
    } else if constexpr (Options.scale) {
        return y * Parameters::template of<fixed_string("weight"), ones>();
    } else if constexpr (Options.bias) {
        return y + Parameters::template of<fixed_string("bias"), zeros>();
    } else {
        return y;
    }
}
}  // namespace detail

/// What the sentences of normalising layers are kept by.
struct norm_rules {
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A >= B, "xgrad: a normalising layer needs more axes: [batch, features] at least, [batch, channels, positions] for instance_norm. Fix: a single sample is a batch of one.");
        } else if constexpr (Rule == 2) {
            static_assert(A == B, "xgrad: a normalising layer has one parameter a feature: their extents must be numbers. Fix: declare x as [batch, 32_c], not with a named width.");
        } else if constexpr (Rule == 3) {
            static_assert(A % B == 0, "xgrad::group_norm(groups)(x): the channels must divide into so many groups of one size. Fix: check extent 1 of x.");
        } else {
            static_assert(A <= B, "xgrad::group_norm(groups)(x): the groups need one more axis than there may be. Fix: define XGRAD_MAX_RANK, in every file of the program.");
        }
    }
};

/// standardise(x, epsilon), standardise(x, epsilon, axes): mean 0 and variance 1 over all axes, or over the axes given.
///
/// Formula     (x - mean) / sqrt(variance + epsilon), the variance biased
/// Gradient    r (g - mean(g) - y mean(g y)), r = 1 / sqrt(variance + epsilon)
/// Shape       [S...]  ->  [S...]
/// Options     epsilon a number or any expression without axes
/// Limits      NaN or an infinity makes all that is normalised with it NaN
/// Method      the variance from centred values, and what rounding left in the mean taken off in the same pass
/// Source      Ba, Kiros and Hinton, arXiv 1607.06450, 2016; Chan, Golub and LeVeque, The American Statistician 1983
/// Catalogue   layer
template <ast::symbolic X, ast::symbolic Epsilon, class... Axes>
constexpr auto standardise(X x, Epsilon epsilon, Axes... which) {
    if constexpr (is_bad<X>) {
        return x;
    } else {
        const auto m = detail::moments_of(x, which...);
        return m.centred * (number<1.0> / sqrt(m.variance + epsilon));
    }
}

}  // namespace xgrad
