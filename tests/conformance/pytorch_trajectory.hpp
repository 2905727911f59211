// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "support/catch.hpp"

#include <xgrad/xgrad.hpp>

#include <array>

/// PyTorch's own test of its optimisers: a perceptron 2-3-1 with sigmoids, the sum of its outputs over three samples as the loss, 1001 steps in double.
namespace pytorch {

/// Weights [out, in] row by row and biases, layer by layer: 6, 3, 3 and 1 numbers. After steps 1, 101, 201, ..., 1001.
using numbers = std::array<double, 13>;
using trajectory = std::array<numbers, 11>;

/// What its script starts from: uniform numbers in [-1 / sqrt(in), 1 / sqrt(in)) out of a Mersenne twister with seed 0, of which the layers' construction had taken 13
/// numbers of 32 bits; here computed from that generator's definition (53 bits of two numbers each, the first in front). Its C++ test has them rounded to 4 digits.
inline constexpr numbers start = {-0.2108988568338871,  -0.4975560466422629, -0.14129216202471762, -0.3420288967865903,  -0.2523635082803723,  0.6975570255493777,  -0.10853121966252377,
                                  -0.297948499687533,   0.6892015099955717,  -0.05080313011597659, -0.39413518751058996, -0.28433759745928844, -0.07113812430174116};

namespace xg = xgrad;
using namespace xg::literals;
inline constexpr auto x = xg::input<"x">(xg::axis<"batch">, 2_c);
inline constexpr auto output = xg::sequential(xg::dense<"hidden">(3_c), xg::sigmoid, xg::dense<"output">(1_c), xg::sigmoid)(x);

/// Trains and compares: relative to the number, or absolutely below 1.
template <class Optimiser>
void follows(const trajectory& expected, Optimiser optimiser) {
    xg::trainer trainer{sum(output), optimiser, xg::precision<double>};
    const auto all = trainer.parameters();
    auto hidden = all["hidden.weight"_p], output_weight = all["output.weight"_p];
    auto hidden_bias = all["hidden.bias"_p], output_bias = all["output.bias"_p];
    const auto place = [&](std::size_t i) -> double& {
        return i < 6 ? hidden(i % 2, i / 2) : i < 9 ? hidden_bias(i - 6) : i < 12 ? output_weight(i - 9, 0) : output_bias(0);
    };
    for (std::size_t i = 0; i < 13; ++i) place(i) = start[i];
    const xt::xtensor<double, 2> samples = {{0.1, 0.2}, {0.3, 0.4}, {0.5, 0.6}};
    double worst = 0;
    for (std::size_t step = 0; step <= 1000; ++step) {
        trainer.step(x = samples);
        for (std::size_t i = 0; step % 100 == 0 && i < 13; ++i) {
            const double wanted = expected[step / 100][i];
            worst = std::max(worst, std::abs(place(i) - wanted) / std::max(1.0, std::abs(wanted)));
        }
    }
    CHECK(worst < 1e-11);  // the same arithmetic in another order
}

}  // namespace pytorch
