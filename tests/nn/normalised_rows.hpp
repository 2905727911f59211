// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "ops/structural.hpp"

/// What normalising layers are compared with, in long double: one group of values, x in it and the cotangent u of the result.
namespace plain {

struct normalised {
    std::vector<real> y, dx;
    real mean, variance, r;
};
/// `centred`: whether the mean is taken off first (rms_norm does not).
inline normalised normalise(const std::vector<real>& x, const std::vector<real>& u, real epsilon, bool centred = true) {
    normalised made{};
    const real n = static_cast<real>(x.size());
    made.mean = sum(x) / n;
    real rest = 0;  // what rounding left: with 10^5 values at a mean far from 0 it is hundreds of units of double
    for (real v : x) rest += v - made.mean;
    made.mean += rest / n;
    for (real v : x) {
        const real d = centred ? v - made.mean : v;
        made.variance += d * d / n;
        made.y.push_back(d);
    }
    made.r = 1 / std::sqrt(made.variance + epsilon);
    real u_mean = 0, uy_mean = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        made.y[i] *= made.r;
        u_mean += centred ? u[i] / n : 0;
        uy_mean += u[i] * made.y[i] / n;
    }
    for (std::size_t i = 0; i < x.size(); ++i) made.dx.push_back(made.r * (u[i] - u_mean - made.y[i] * uy_mean));
    return made;
}

/// Compares y and dx at the places of one group with the exact ones; the largest error in units of epsilon<T>, dx counted in r.
struct group_errors {
    double y = 0, dx = 0;

    template <class T>
    void take(const std::vector<std::size_t>& places, const T* x, const T* cotangent, const T* y_got, const T* dx_got, real epsilon, bool centred = true) {
        std::vector<real> xs, us;
        for (std::size_t p : places) xs.push_back(x[p]), us.push_back(cotangent[p]);
        const normalised exact = normalise(xs, us, epsilon, centred);
        for (std::size_t i = 0; i < places.size(); ++i) {
            y = std::max(y, support::relative_error(y_got[places[i]], exact.y[i], 1 + std::abs(exact.y[i])) / support::epsilon<T>);
            dx = std::max(dx, support::relative_error(dx_got[places[i]], exact.dx[i], exact.r) / support::epsilon<T>);
        }
    }
};

}  // namespace plain
