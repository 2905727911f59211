// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A trainer of one layer, a trainer of a deeper model, and a program of value and gradients.
#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto y = xg::input<"y">(batch, 1_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(5_c));
constexpr auto line = xg::mean(xg::mean_squared_error(xg::dense<"line">(1_c)(x), y));
constexpr auto z = xg::sequential(xg::dense<"hidden">(8_c), xg::relu, xg::dense<"score">(5_c))(x);
constexpr auto loss = xg::mean(xg::cross_entropy(z, t));

double run(const xt::xtensor<float, 2>& X, const xt::xtensor<float, 2>& Y, const xt::xtensor<std::int32_t, 1>& T) {
    xg::trainer first{line, xg::sgd{.learning_rate = 0.1, .momentum = 0.9}};
    xg::trainer second{loss, xg::adam{}, xg::clip_global_norm{1.0}, xg::precision<double>};
    return first.step(x = X, y = Y) + second.step(x = X, t = T);
}
constexpr auto f = xg::compile<double>(line, xg::gradient(line, xg::parameter<"line.weight", xg::glorot_uniform>(3_c, 1_c)));
