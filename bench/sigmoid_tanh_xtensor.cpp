// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "sigmoid_tanh.hpp"
#include "xtensor.hpp"

namespace bench::sigmoid_tanh {
namespace {

struct program {
    xt::xtensor<float, 1> x, s = xt::empty<float>(x.shape()), t = xt::empty<float>(x.shape()), gradient = xt::empty<float>(x.shape());
    std::pair<double, const float*> operator()() {
        xt::noalias(s) = 1.0f / (1.0f + xt::exp(-x));
        xt::noalias(t) = xt::tanh(x);
        xt::noalias(gradient) = s * t + 0.5f * x * x;
        const double value = xt::sum<double>(gradient, xt::evaluation_strategy::immediate)();
        xt::noalias(gradient) = s * (1.0f - s) * t + s * (1.0f - t * t) + x;
        return {value, gradient.data()};
    }
};
const auto all = variant("xtensor", [](const std::vector<float>& given) { return program{xt::adapt(given, std::array{given.size()})}; });

}  // namespace
}  // namespace bench::sigmoid_tanh
