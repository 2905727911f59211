// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "nn/closed_form.hpp"

/// Predicted and wanted masks, and what they have in common, in long double.
namespace masks_of_pixels {

using namespace plain;
using closed_form::sigmoid;
using closed_form::softplus;

inline constexpr std::size_t n = 10, pixels = 37;
inline constexpr auto space = xg::axis<"pixels">;
inline constexpr auto z = xg::input<"z">(rows, space);
inline constexpr auto y = xg::input<"y">(rows, space);
inline constexpr auto m = xg::mask<"m">(rows, space);
constexpr auto by(auto loss) { return xg::gradient(xg::sum(loss), z); }

/// Rows: ordinary ones; sure and right; sure and wrong; one pixel among many; no target; no target and nothing predicted.
template <class T>
struct masks {
    array<T, 2> Z = support::uniform<T>({n, pixels}, 1, -3, 3), Y = support::shaped<T>({n, pixels});
    array<bool, 2> M = support::shaped<bool>({n, pixels});
    masks() {
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t k = 0; k < pixels; ++k) {
                Y(i, k) = i == 3 ? k == 7 : i == 4 || i == 5 ? 0 : (i * 3 + k) % 4 == 0;
                if (i == 1) Z(i, k) = Y(i, k) > 0 ? 30 : -30;
                if (i == 2) Z(i, k) = Y(i, k) > 0 ? -15 : 15;
                if (i == 3) Z(i, k) = k == 7 ? -9 : 2;
                if (i == 5) Z(i, k) = -2e4;  // 0 to long double too
                M(i, k) = (i + k) % 5 != 0;
            }
    }
};
struct sums {
    real tp = 0, fp = 0, fn = 0, tn = 0;
};
template <class T>
sums sums_of(const masks<T>& d, std::size_t i, bool masked = false) {
    sums s;
    for (std::size_t k = 0; k < pixels; ++k) {
        if (masked && !d.M(i, k)) continue;
        const real x = d.Z(i, k), t = d.Y(i, k);
        s.tp += t * sigmoid(x), s.fp += (1 - t) * sigmoid(x), s.fn += t * sigmoid(-x), s.tn += (1 - t) * sigmoid(-x);
    }
    return s;
}
/// E / (H + E), E = a FP + b FN, H = c TP + s, and its derivative by a pixel's probability.
struct share {
    real a, b, c, s;
    real value(const sums& k) const {
        const real e = a * k.fp + b * k.fn;
        return e == 0 ? 0 : e / (c * k.tp + s + e);
    }
    real logarithm(const sums& k) const {
        const real e = a * k.fp + b * k.fn, h = c * k.tp + s;
        return e == 0 ? 0 : std::log1p(e / h);
    }
    real slope(const sums& k, real t) const {
        const real e = a * k.fp + b * k.fn, h = c * k.tp + s, d = h + e;
        return d == 0 ? 0 : (h * (a * (1 - t) - b * t) - c * t * e) / (d * d);
    }
};
}  // namespace masks_of_pixels
