// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "ops/structural.hpp"

/// cross_entropy with its options, worked out row by row in long double from the definition: with F(log p) = -(1 - p)^g log p + e1 (1 - p)
/// and the target's weights a_i = w_i ((1 - e) q_i + e / C), the loss is sum a_i F(log p_i) + k lse^2.
namespace exact {

using real = long double;

struct options {
    real smoothing = 0, z_loss = 0, softcap = 0, scale = 1, focal = 0, poly = 0;
    std::vector<real> weight = {};
};
struct row {
    real loss = 0;
    std::vector<real> slope = {};
};

inline row cross_entropy(const std::vector<real>& logits, const std::vector<real>& q, const options& o = {}) {
    const std::size_t classes = logits.size();
    std::vector<real> z;
    for (real x : logits) z.push_back(o.scale * (o.softcap != 0 ? o.softcap * std::tanh(x / o.softcap) : x));
    const real m = plain::largest(z);
    std::size_t top = 0;
    while (z[top] != m) ++top;
    real rest = 0;  // the sum beside the largest: log1p of it keeps its digits
    for (std::size_t i = 0; i < classes; ++i) rest += i == top ? 0 : std::exp(z[i] - m);
    std::vector<real> log_p, p, others;
    for (std::size_t i = 0; i < classes; ++i) {
        log_p.push_back((z[i] - m) - std::log1p(rest));
        p.push_back(std::exp(log_p[i]));
        others.push_back(-std::expm1(log_p[i]));
    }
    row made{0, std::vector<real>(classes, 0)};
    for (std::size_t i = 0; i < classes; ++i) {
        const real w = o.weight.empty() ? 1 : o.weight[i];
        const real a = w * ((1 - o.smoothing) * q[i] + (std::isinf(z[i]) ? 0 : o.smoothing / static_cast<real>(classes)));
        if (a == 0) continue;
        real f = -log_p[i], df = -1;
        if (o.focal != 0 && others[i] != 0) {
            f *= std::pow(others[i], o.focal);
            df = -std::pow(others[i], o.focal) + o.focal * std::pow(others[i], o.focal - 1) * p[i] * log_p[i];
        } else if (o.focal != 0) {
            f = df = 0;
        }
        made.loss += a * (f + o.poly * others[i]);
        for (std::size_t j = 0; j < classes; ++j) made.slope[j] += a * (df - o.poly * p[i]) * (j == i ? others[i] : -p[j]);
    }
    const real lse = m + std::log1p(rest);
    made.loss += o.z_loss * lse * lse;
    for (std::size_t j = 0; j < classes; ++j) {
        made.slope[j] += 2 * o.z_loss * lse * p[j];
        const real t = o.softcap != 0 ? std::tanh(logits[j] / o.softcap) : 0;
        made.slope[j] *= o.scale * (1 - t * t);
    }
    return made;
}
inline std::vector<real> one_hot(std::size_t classes, std::size_t label) {
    std::vector<real> made(classes, 0);
    made[label] = 1;
    return made;
}

}  // namespace exact
