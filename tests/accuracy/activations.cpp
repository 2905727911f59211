// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "accuracy/subject.hpp"

namespace {
template <class R>
R zero(R) {
    return 0;
}
template <class R>
R nan(R) {
    return std::numeric_limits<R>::quiet_NaN();
}
}  // namespace

/// Every activation of one operand that is a composition, with its defaults.
std::vector<accuracy::subject> accuracy::activations() {
    return {
        of("celu", xg::celu, [](auto x) { return x > 0 ? x : std::expm1(x); }),
        of("elu", xg::elu, [](auto x) { return x > 0 ? x : std::expm1(x); }),
        of("exponential", xg::exponential, [](auto x) { return std::exp(x); }),
        of("gelu_tanh", xg::gelu_tanh, [](auto x) { return x == -INFINITY ? nan(x) : x < -50 ? zero(x) : gelu_tanh(x); },
           "rounding 2 u, sigmoid's argument, counts 2 \\|u\\| times, up to 87; where sigmoid is below the normal numbers its few bits are multiplied by x"),
        of("hard_sigmoid", xg::hard_sigmoid, [](auto x) { return x <= -3 ? zero(x) : x >= 3 ? zero(x) + 1 : (x + 3) / 6; }),
        of("hard_silu", xg::hard_silu, [](auto x) { return x == -INFINITY ? nan(x) : x <= -3 ? zero(x) : x >= 3 ? x : x * (x + 3) / 6; }, "three roundings"),
        of("hard_tanh", xg::hard_tanh, [](auto x) { return x <= -1 ? zero(x) - 1 : x >= 1 ? zero(x) + 1 : x; }),
        of("hardshrink", xg::hardshrink, [](auto x) { return std::abs(x) <= 0.5 ? zero(x) : x; }),
        of("leaky_relu", xg::leaky_relu, [](auto x) { return x > 0 ? x : x / 100; }),
        of("linear", xg::linear, [](auto x) { return x; }),
        of("log_sigmoid", xg::log_sigmoid, [](auto x) { return -softplus(-x); }),
        of("quick_gelu", xg::quick_gelu, [](auto x) { return x == -INFINITY ? nan(x) : x < -400 ? zero(x) : x * sigmoid(x * 1702 / 1000); }, "rounding 1.702 x, sigmoid's argument, counts 1.7 \\|x\\| times, up to 91"),
        of("relu6", xg::relu6, [](auto x) { return x <= 0 ? zero(x) : x >= 6 ? zero(x) + 6 : x; }),
        of("relu_squared", xg::relu_squared, [](auto x) { return x <= 0 ? zero(x) : x * x; }),
        of("selu", xg::selu, [](auto x) { return selu(x); }, "the constants are rounded to float too"),
        of("softshrink", xg::softshrink, [](auto x) { return std::abs(x) <= 0.5 ? zero(x) : x > 0 ? x - decltype(x){0.5} : x + decltype(x){0.5}; }),
        of("softsign", xg::softsign, [](auto x) { return x / (1 + std::abs(x)); }),
        of("sparse_plus", xg::sparse_plus, [](auto x) { return x <= -1 ? zero(x) : x >= 1 ? x : (x + 1) * (x + 1) / 4; }),
        of("sparse_sigmoid", xg::sparse_sigmoid, [](auto x) { return x <= -1 ? zero(x) : x >= 1 ? zero(x) + 1 : (x + 1) / 2; }),
        of("squareplus", xg::squareplus, [](auto x) { return squareplus(x); }, "a root, a sum and a quotient"),
        of("swish", xg::swish, [](auto x) { return silu(x); }),
        of("threshold", xg::threshold, [](auto x) { return x > 0 ? x : zero(x); }),
        of("thresholded_relu", xg::thresholded_relu, [](auto x) { return x <= 1 ? zero(x) : x; }),
    };
}
