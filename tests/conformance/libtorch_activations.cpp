// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/beside_libtorch.hpp"

using namespace libtorch;

namespace {
constexpr auto x = xg::input<"x">(rows, columns);
/// One program each, over few shapes: what is compared is the formula.
const runs few = {{{3, 7}, {13, 33}, {2, 500}}};
}  // namespace

TEST_CASE("libtorch: activations with an exponential", "[conformance]") {
    equals<1>("sigmoid", xg::sigmoid(x), few, of(x, -20, 20));
    equals<1>("tanh", xg::tanh(x), few, of(x, -5, 5));
    equals<1>("softplus, beta 2", xg::softplus(x, 2_c), few, of(x, -20, 20));
    equals<1>("log_sigmoid", xg::log_sigmoid(x), few, of(x, -20, 20));
    equals<1>("gelu", xg::gelu(x), few, of(x, -5, 5));
    equals<1>("gelu, tanh", xg::gelu_tanh(x), few, of(x, -5, 5));
    equals<1>("elu", xg::elu(x), few, of(x, -10, 10));
    equals<1>("elu, alpha 0.42", xg::elu(x, 0.42_c), few, of(x, -10, 10));
    equals<1>("selu", xg::selu(x), few, of(x, -10, 10));
    equals<1>("celu, alpha 0.42", xg::celu(x, 0.42_c), few, of(x, -10, 10));
    equals<1>("silu", xg::silu(x), few, of(x, -20, 20));
    equals<1>("mish", xg::mish(x), few, of(x, -20, 20));
    equals<1>("tanhshrink", xg::tanhshrink(x), few, of(x, -5, 5));
    constexpr auto halves = xg::input<"halves">(rows, 14_c);
    equals<1>("glu", xg::glu(halves), {{{3, 14}, {13, 14}}}, of(halves));
    equals<1>("softmin", xg::softmin(x), few, of(x));
}

TEST_CASE("libtorch: activations made of lines", "[conformance]") {
    equals<1>("relu", xg::relu(x), few, of(x));
    equals<1>("relu6", xg::relu6(x), few, of(x, -10, 10));
    equals<1>("leaky_relu", xg::leaky_relu(x), few, of(x));
    equals<1>("leaky_relu, 0.42", xg::leaky_relu(x, 0.42_c), few, of(x));
    equals<1>("hardtanh", xg::hard_tanh(x), few, of(x));
    equals<1>("hardtanh, -2 to 0.5", xg::hard_tanh(x, -2_c, 0.5_c), few, of(x));
    equals<1>("hardsigmoid", xg::hard_sigmoid(x), few, of(x, -5, 5));
    equals<1>("hardswish", xg::hard_silu(x), few, of(x, -5, 5));
    equals<1>("hardshrink", xg::hardshrink(x), few, of(x));
    equals<1>("softshrink", xg::softshrink(x), few, of(x));
    equals<1>("softsign", xg::softsign(x), few, of(x));
    equals<1>("threshold, 0.5, -1", xg::threshold(x, 0.5_c, -1_c), few, of(x));
}
