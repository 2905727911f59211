// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/config.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace xgrad {

/// A schedule is anything that can be called with a number of steps, 0 for the first, and gives a number. It runs beside the compiled
/// step, in double: `xg::trainer t{loss, xg::adam{}, xg::schedule(xg::cosine_decay{.from = 1e-3, .steps = 1000})}`.

namespace schedules {
/// How much of a stretch is done, in [0, 1]; a stretch of no steps is done.
constexpr double done(double step, double begin, double steps) { return steps > 0 ? std::clamp((step - begin) / steps, 0.0, 1.0) : 1.0; }
/// From a to b along half a cosine wave.
inline double along_cosine(double a, double b, double share) { return b + (a - b) * 0.5 * (1 + std::cos(std::numbers::pi * share)); }
}  // namespace schedules

/// constant_rate{0.1} = one number for ever.
///
/// Formula     value
/// Source      Optax
/// Catalogue   schedule
struct constant_rate {
    double value = 0;
    constexpr double operator()(double) const { return value; }
};

/// step_decay{.from = 0.1, .steps = 30} = times `factor` every so many steps.
///
/// Formula     from factor^floor(step / steps)
/// Options     factor 0.1
/// Source      PyTorch (StepLR)
/// Catalogue   schedule
struct step_decay {
    double from = 0.1, steps = 1, factor = 0.1;
    double operator()(double step) const { return from * std::pow(factor, std::floor(step / steps)); }
};

/// piecewise{.values = {0.1, 0.01}, .boundaries = {100}} = the k-th value from the k-th boundary on.
///
/// Formula     values[number of boundaries <= step]
/// Options     as many values as `piecewise<N>` says, 2 to 8, one boundary less. (Keras keeps a value for the step at the boundary, too: use boundaries one larger)
/// Source      PyTorch (MultiStepLR), Optax
/// Catalogue   schedule
template <std::size_t N>
struct piecewise {
    std::array<double, N> values;
    std::array<double, N - 1> boundaries;
    constexpr double operator()(double step) const {
        std::size_t k = 0;
        while (k < boundaries.size() && step >= boundaries[k]) ++k;
        return values[k];
    }
};

/// exponential_decay{.from = 0.1, .steps = 100, .factor = 0.5} = times `factor` in so many steps, in between as well.
///
/// Formula     from factor^((step - begin) / steps), from before `begin`
/// Options     staircase: whole powers only; to: no further than this number
/// Source      Optax; Keras (ExponentialDecay); PyTorch's ExponentialLR with steps = 1
/// Catalogue   schedule
struct exponential_decay {
    double from = 0.1, steps = 1, factor = 0.1, begin = 0;
    bool staircase = false;
    double to = std::numeric_limits<double>::quiet_NaN();  ///< not given
    double operator()(double step) const {
        if (step <= begin) return from;
        const double periods = (step - begin) / steps;
        const double value = from * std::pow(factor, staircase ? std::floor(periods) : periods);
        if (std::isnan(to)) return value;
        return factor < 1 ? std::max(value, to) : std::min(value, to);
    }
};

/// polynomial{.from = 0.1, .to = 0, .steps = 1000} = down (or up) to `to` in so many steps, as a power of what is left.
///
/// Formula     (from - to) (1 - s)^power + to,  s = (step - begin) / steps within [0, 1]
/// Options     power 1; begin 0; cycle: starts again with twice, three times ... as many steps where it would end
/// Source      Optax (polynomial_schedule); Keras (PolynomialDecay); PyTorch's LinearLR and PolynomialLR
/// Catalogue   schedule
struct polynomial {
    double from = 0.1, to = 0, steps = 1, power = 1, begin = 0;
    bool cycle = false;
    double operator()(double step) const {
        const double length = cycle ? steps * std::max(1.0, std::ceil((step - begin) / steps)) : steps;
        const double left = 1 - schedules::done(step, begin, length);
        return (from - to) * (power == 1 ? left : std::pow(left, power)) + to;
    }
};
/// linear_rate{.from = 0.1, .to = 0, .steps = 1000} = a straight line, then `to`.
///
/// Formula     from + (to - from) (step - begin) / steps
/// Source      Optax, PyTorch (LinearLR)
/// Catalogue   schedule
struct linear_rate {
    double from = 0.1, to = 0, steps = 1, begin = 0;
    constexpr double operator()(double step) const { return from + (to - from) * schedules::done(step, begin, steps); }
};

/// cosine_decay{.from = 0.1, .steps = 1000} = down along half a cosine wave.
///
/// Formula     from ((1 - alpha) ((1 + cos(pi s)) / 2)^exponent + alpha),  s = step / steps, at most 1
/// Options     alpha 0: the share of `from` that is left in the end (PyTorch's eta_min / from); exponent 1
/// Source      Loshchilov and Hutter, ICLR 2017; Optax; Keras (CosineDecay); PyTorch (CosineAnnealingLR)
/// Catalogue   schedule
struct cosine_decay {
    double from = 0.1, steps = 1, alpha = 0, exponent = 1;
    double operator()(double step) const {
        const double wave = schedules::along_cosine(1, 0, schedules::done(step, 0, steps));
        return from * ((1 - alpha) * (exponent == 1 ? wave : std::pow(wave, exponent)) + alpha);
    }
};

/// warm_restarts{.from = 0.1, .steps = 100} = cosine decay that starts again, each time `longer` times as long and `lower` times as high.
///
/// Formula     as cosine_decay within period k of length steps longer^k:  from (lower^k (1 - alpha) (1 + cos(pi s)) / 2 + alpha)
/// Options     longer 2; lower 1; alpha 0
/// Source      Loshchilov and Hutter, ICLR 2017 (SGDR); Keras (CosineDecayRestarts); PyTorch (CosineAnnealingWarmRestarts) has longer 1, alpha = eta_min / from
/// Catalogue   schedule
struct warm_restarts {
    double from = 0.1, steps = 1, longer = 2, lower = 1, alpha = 0;
    double operator()(double step) const {
        double begin = 0, length = steps, k = 0;
        if (longer == 1) {
            k = std::floor(step / steps);
            begin = k * steps;
        } else {
            for (; step >= begin + length; ++k) {
                begin += length;
                length *= longer;
            }
        }
        return from * ((1 - alpha) * std::pow(lower, k) * schedules::along_cosine(1, 0, schedules::done(step, begin, length)) + alpha);
    }
};

/// inverse_time{.from = 0.1, .steps = 100, .rate = 0.5} = the rate divided by a growing number.
///
/// Formula     from / (1 + rate step / steps)
/// Options     staircase: step / steps is rounded down
/// Source      Keras (InverseTimeDecay)
/// Catalogue   schedule
struct inverse_time {
    double from = 0.1, steps = 1, rate = 1;
    bool staircase = false;
    double operator()(double step) const { return from / (1 + rate * (staircase ? std::floor(step / steps) : step / steps)); }
};

/// join_schedules(a, 100, b, 500, c) = a, from step 100 on b, from 500 on c; each counts from 0 where it begins.
///
/// Formula     a(step) where step < 100, else b(step - 100) where step < 500, else c(step - 500)
/// Source      Optax (join_schedules); PyTorch (SequentialLR)
/// Catalogue   schedule
template <class First, class Second>
struct joined_schedules {
    First first;
    double boundary;
    Second second;
    constexpr double operator()(double step) const { return step < boundary ? static_cast<double>(first(step)) : static_cast<double>(second(step - boundary)); }
};
template <class First, class Second>
constexpr auto join_schedules(First first, double boundary, Second second) {
    return joined_schedules<First, Second>{first, boundary, second};
}
template <class First, class Second, class... Rest>
constexpr auto join_schedules(First first, double boundary, Second second, double next, Rest... rest) {
    return join_schedules(join_schedules(first, boundary, second), next, rest...);
}

}  // namespace xgrad
