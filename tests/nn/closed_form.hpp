// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "ops/structural.hpp"

/// Losses of two numbers, element by element, against formulas of the literature in long double.
namespace closed_form {

using plain::array;
using plain::real;

/// What a loss and its derivative by the first argument are.
struct formula {
    const char* name;
    real (*value)(real, real);
    real (*slope)(real, real);
};

inline real sigmoid(real x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }
inline real softplus(real x) { return std::fmax(x, 0.0L) + std::log1p(std::exp(-std::fabs(x))); }
inline real sign(real x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

/// Every x beside every y, as two arrays of one axis.
template <class T>
struct pairs {
    array<T, 1> x, y;
    pairs(const std::vector<double>& xs, const std::vector<double>& ys) : x(support::shaped<T>({xs.size() * ys.size()})), y(support::shaped<T>({xs.size() * ys.size()})) {
        std::size_t i = 0;
        for (double a : xs)
            for (double b : ys) {
                x(i) = static_cast<T>(a);
                y(i++) = static_cast<T>(b);
            }
    }
};

/// The error of each element relative to itself, in units of epsilon; what is below the smallest normal number may be 0.
template <class T>
bool matches(const pairs<T>& at, const array<T, 1>& got, real (*exact)(real, real), double ulps, const char* what) {
    bool good = true;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const real wanted = exact(at.x(i), at.y(i));
        if (std::isnan(wanted)) continue;  // no promise there
        const double error = support::relative_error(got(i), wanted, std::abs(wanted) + std::numeric_limits<T>::min()) / support::epsilon<T>;
        if (!(error <= ulps) && !(std::isinf(wanted) && got(i) == static_cast<T>(wanted)) && !(std::abs(wanted) > std::numeric_limits<T>::max() && std::isinf(got(i)))) {
            UNSCOPED_INFO(what << " at x = " << at.x(i) << ", y = " << at.y(i) << ": " << got(i) << ", exact " << static_cast<double>(wanted) << ", " << error << " epsilon");
            good = false;
        }
    }
    return good;
}
template <class T>
void check(const pairs<T>& at, const formula& f, const array<T, 1>& value, const array<T, 1>& slope, double ulps = 8) {
    INFO(f.name);
    CHECK(matches(at, value, f.value, ulps, "value"));
    CHECK(matches(at, slope, f.slope, ulps, "slope"));
}

}  // namespace closed_form
