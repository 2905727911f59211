// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/options.hpp>

#include <concepts>

namespace xgrad {

/// Gradients on their way to the optimiser. A clipping changes them and notes a norm of theirs: where that is not finite, the
/// step throws non_finite_error before anything changes.
struct gradient_list {
    growing_array<ast::ref> parameters{}, gradients{};
    ast::ref norm{};

    constexpr void note_norm(ast::ref n) { norm = norm.index < 0 ? n : norm + n; }
};

/// A clipping is an option of the trainer: numbers as an optimiser has them, and one formula, `clip(list, h)`. One that does the same where an array's
/// gradient is two arrays says `takes_parts = true`.
struct clipping : training_option {};

namespace update_terms {
/// The sum of squares over all axes.
constexpr ref square_sum(ref x) { return square(x).sum((1u << x.shape().rank) - 1); }
/// What brings a norm down to a limit: PyTorch's form adds 1e-6 to the norm; the others' is exactly 1 up to the limit.
template <class Preset>
constexpr ref norm_factor(ref norm, ref limit) {
    if constexpr (std::is_same_v<Preset, torch_t>) {
        return minimum(ref{norm.owner, norm.owner->number(1)}, limit / (norm + number<1e-6>));
    } else {
        return limit / maximum(norm, limit);
    }
}
}  // namespace update_terms

/// clip_value{0.5} = every number of every gradient, brought into [-largest, largest].
struct clip_value : clipping {
    double largest;
    constexpr explicit clip_value(double l) : largest(l) {}

    static constexpr bool takes_parts = true;
    static constexpr std::array<std::string_view, 1> hyperparameters{"largest_value"};
    constexpr std::array<double, 1> values() const { return {largest}; }
    static constexpr void clip(gradient_list& list, auto h) {
        for (ast::ref& g : list.gradients) g = maximum(minimum(g, h[0]), -h[0]);
    }
};

/// clip_norm{1.0} = each gradient array scaled down to at most this norm. Preset torch: times min(1, max_norm / (norm + 1e-6)); keras, optax: times
/// max_norm / max(norm, max_norm): `xg::clip_norm{1.0, xg::keras}`.
template <class Preset = torch_t>
struct clip_norm : clipping {
    double max_norm;
    constexpr explicit clip_norm(double m, Preset = {}) : max_norm(m) {}

    static constexpr std::array<std::string_view, 1> hyperparameters{"max_array_norm"};
    constexpr std::array<double, 1> values() const { return {max_norm}; }
    static constexpr void clip(gradient_list& list, auto h) {
        for (ast::ref& g : list.gradients) {
            const ast::ref norm = sqrt(update_terms::square_sum(g));
            list.note_norm(norm);
            g = update_terms::norm_factor<Preset>(norm, h[0]) * g;
        }
    }
};

/// clip_global_norm{1.0} = all gradients scaled together, down to at most this norm of all of them. Presets as for clip_norm. All gradients must be known before
/// the first update, so updates are kernels of their own then.
template <class Preset = torch_t>
struct clip_global_norm : clipping {
    double max_norm;
    constexpr explicit clip_global_norm(double m, Preset = {}) : max_norm(m) {}

    static constexpr bool takes_parts = true;
    static constexpr std::array<std::string_view, 1> hyperparameters{"max_norm"};
    constexpr std::array<double, 1> values() const { return {max_norm}; }
    static constexpr void clip(gradient_list& list, auto h) {
        if (list.gradients.empty()) return;
        graph& g = *list.gradients[0].owner;
        ast::ref total{&g, g.number(0)};
        for (const ast::ref& d : list.gradients) total = total + update_terms::square_sum(d);
        const ast::ref norm = sqrt(total);
        list.note_norm(norm);
        const ast::ref factor = update_terms::norm_factor<Preset>(norm, h[0]);
        for (ast::ref& d : list.gradients) d = factor * d;
    }
};

/// clip_adaptive{0.01} = the gradient of each unit (a column of weights: all axes but the last; the whole array where there is one axis) scaled down to at most
/// this share of its weights' norm, which counts as `epsilon` where it is less (Brock et al., ICML 2021).
struct clip_adaptive : clipping {
    double share, epsilon;
    constexpr explicit clip_adaptive(double s = 0.01, double e = 1e-3) : share(s), epsilon(e) {}

    static constexpr std::array<std::string_view, 2> hyperparameters{"largest_share", "least_norm"};
    constexpr std::array<double, 2> values() const { return {share, epsilon}; }
    static constexpr void clip(gradient_list& list, auto h) {
        using namespace update_terms;
        for (std::size_t i = 0; i < list.gradients.size(); ++i) {
            ref& g = list.gradients[i];
            const int rank = g.shape().rank;
            const std::uint32_t within = rank < 2 ? (1u << rank) - 1 : (1u << (rank - 1)) - 1;
            const ref squares = square(g).sum(within);
            list.note_norm(rank < 2 ? sqrt(squares) : sqrt(square_sum(g)));
            const ref norm = sqrt(squares);
            const ref limit = h[0] * maximum(sqrt(square(list.parameters[i]).sum(within)), h[1]);
            g = select(norm > limit, limit / maximum(norm, number<1e-6>), one) * g;
        }
    }
};

}  // namespace xgrad
