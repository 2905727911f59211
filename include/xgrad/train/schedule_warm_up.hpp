// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>
#include <xgrad/train/schedule.hpp>

#include <stdexcept>

namespace xgrad {

/// warm_up{.from = 0, .to = 0.1, .steps = 100} = a straight line up, then constant.
///
/// Formula     from + (to - from) step / steps, at most `to`
/// Source      Goyal et al., arXiv 1706.02677, 2017; Optax (warmup_constant_schedule)
/// Catalogue   schedule
struct warm_up {
    double from = 0, to = 0.1, steps = 1;
    constexpr double operator()(double step) const { return linear_rate{from, to, steps}(step); }
};

/// warm_up_cosine{.from = 0, .peak = 0.1, .warm_steps = 100, .steps = 1000} = a straight line up, then down along a cosine.
///
/// Formula     from + (peak - from) step / warm_steps;  then to + (peak - to) ((1 + cos(pi s)) / 2)^exponent,  s = (step - warm_steps) / (steps - warm_steps)
/// Options     to 0; exponent 1. `steps` counts the warm-up
/// Source      Optax (warmup_cosine_decay_schedule)
/// Catalogue   schedule
struct warm_up_cosine {
    double from = 0, peak = 0.1, warm_steps = 1, steps = 2, to = 0, exponent = 1;
    double operator()(double step) const {
        if (!(warm_steps < steps)) throw std::invalid_argument("xgrad::warm_up_cosine: nothing is left after the warm-up. Fix: steps counts both, so it must be above warm_steps.");
        if (step < warm_steps) return linear_rate{from, peak, warm_steps}(step);
        const double wave = schedules::along_cosine(1, 0, schedules::done(step, warm_steps, steps - warm_steps));
        return to + (peak - to) * (exponent == 1 ? wave : std::pow(wave, exponent));
    }
};

/// warm_up_exponential{.from = 0, .peak = 0.1, .warm_steps = 100, .steps = 50, .factor = 0.5} = a straight line up, then times `factor` every `steps`.
///
/// Formula     from + (peak - from) step / warm_steps;  then exponential_decay from `peak` on
/// Options     begin, staircase, to: as for exponential_decay, counted from the end of the warm-up
/// Source      Optax (warmup_exponential_decay_schedule)
/// Catalogue   schedule
struct warm_up_exponential {
    double from = 0, peak = 0.1, warm_steps = 1, steps = 1, factor = 0.1, begin = 0;
    bool staircase = false;
    double to = std::numeric_limits<double>::quiet_NaN();
    double operator()(double step) const {
        if (step < warm_steps) return linear_rate{from, peak, warm_steps}(step);
        return exponential_decay{peak, steps, factor, begin, staircase, to}(step - warm_steps);
    }
};

/// one_cycle{.peak = 0.1, .steps = 1000} = up to the peak, down, and further down, along cosines.
///
/// Formula     peak / start_divisor -> peak in warm_share of the steps, -> peak / (start_divisor end_divisor) in the rest
/// Options     warm_share 0.3; start_divisor 25; end_divisor 1e4. preset torch: the peak is at step warm_share steps - 1 and the end at steps - 1; optax: at
///             floor(warm_share steps) and at `steps`
/// Source      Smith and Topin, arXiv 1708.07120, 2017; PyTorch (OneCycleLR); Optax (cosine_onecycle_schedule)
/// Catalogue   schedule
template <class Preset = torch_t>
struct one_cycle {
    Preset preset{};
    double peak = 0.1, steps = 1, warm_share = 0.3, start_divisor = 25, end_divisor = 1e4;
    double operator()(double step) const {
        constexpr bool is_torch = std::is_same_v<Preset, torch_t>;
        const double top = is_torch ? warm_share * steps - 1 : std::floor(warm_share * steps), end = is_torch ? steps - 1 : steps;
        const double start = peak / start_divisor;
        if (step < top) return schedules::along_cosine(start, peak, schedules::done(step, 0, top));
        return schedules::along_cosine(peak, start / end_divisor, schedules::done(step, top, end - top));
    }
};

/// one_cycle_linear{.peak = 0.1, .steps = 1000} = up to the peak, down as far, and in the last steps further down, in straight lines.
///
/// Formula     peak / start_divisor -> peak -> peak / start_divisor -> peak / (start_divisor end_divisor), at floor(warm_share steps), floor(last_share steps), steps
/// Options     warm_share 0.3; last_share 0.85; start_divisor 25; end_divisor 1e4
/// Source      Smith and Topin, arXiv 1708.07120, 2017; Optax (linear_onecycle_schedule)
/// Catalogue   schedule
struct one_cycle_linear {
    double peak = 0.1, steps = 1, warm_share = 0.3, last_share = 0.85, start_divisor = 25, end_divisor = 1e4;
    double operator()(double step) const {
        const double top = std::floor(warm_share * steps), last = std::floor(last_share * steps), start = peak / start_divisor;
        if (step < top) return linear_rate{start, peak, top}(step);
        if (step < last) return linear_rate{peak, start, last - top, top}(step);
        return linear_rate{start, start / end_divisor, steps - last, last}(step);
    }
};

}  // namespace xgrad
