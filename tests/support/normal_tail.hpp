// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <cmath>
#include <numbers>

/// The normal distribution far out, where its density and its tail are below all numbers, in the arithmetic of R.
namespace support {

/// The tail over the density, for x from 5: Laplace's continued fraction 1 / (x + 1 / (x + 2 / (x + 3 / ...))).
template <class R>
R mills_ratio(R x) {
    R below = x;
    for (int k = x > 12 ? 24 : 120; k > 0; --k) below = x + static_cast<R>(k) / below;
    return 1 / below;
}

template <class R>
R log_normal_cdf(R x) {
    if (x < -5) return -x * x / 2 - std::log(2 * std::numbers::pi_v<R>) / 2 + (std::isinf(x) ? R{0} : std::log(mills_ratio(-x)));
    const R tail = std::erfc(std::fabs(x) * (std::numbers::sqrt2_v<R> / 2)) / 2;
    return x > 0 ? std::log1p(-tail) : std::log(tail);
}
template <class R>
R inverse_mills(R x) {
    if (x < -5) return std::isinf(x) ? -x : 1 / mills_ratio(-x);
    return std::exp(-x * x / 2) * std::numbers::sqrt2_v<R> * std::numbers::inv_sqrtpi_v<R> / std::erfc(-x * (std::numbers::sqrt2_v<R> / 2));
}

}  // namespace support
