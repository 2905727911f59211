// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/beside_libtorch.hpp"

using namespace libtorch;

namespace {
constexpr auto p = xg::input<"p">(rows, columns);
constexpr auto y = xg::input<"y">(rows, columns);
constexpr auto mean = xg::reduction<"mean">;
constexpr auto sum = xg::reduction<"sum">;
}  // namespace

TEST_CASE("libtorch: squares, absolute errors and what lies between", "[conformance]") {
    equals<2>("mse_loss of a row", xg::mean_squared_error(p, y), ragged(), of(p), of(y));
    equals<2>("mse_loss, mean", xg::mean_squared_error(p, y, mean), ragged(), of(p), of(y));
    equals<2>("l1_loss", xg::l1(p, y), ragged(), of(p), of(y));
    equals<2>("l1_loss, mean", xg::l1(p, y, mean), ragged(), of(p), of(y));
    equals<2>("smooth_l1", xg::smooth_l1(p, y), ragged(), of(p), of(y));
    equals<2>("smooth_l1, beta 0.3, sum", xg::smooth_l1(p, y, xg::beta(0.3_c), sum), ragged(), of(p), of(y));
    equals<2>("smooth_l1, beta 0", xg::smooth_l1(p, y, xg::beta(0_c)), ragged(), of(p), of(y));
    equals<2>("huber", xg::huber(p, y), ragged(), of(p), of(y));
    equals<2>("huber, delta 1.5, mean", xg::huber(p, y, xg::delta(1.5_c), mean), ragged(), of(p), of(y));
}

TEST_CASE("libtorch: Poisson's likelihood", "[conformance]") {
    equals<1>("poisson_nll", xg::poisson_nll(p, y), ragged(), of(p), of(y, 0, 9));
    equals<1>("poisson_nll, full, mean", xg::poisson_nll(p, y, xg::full_likelihood, mean), ragged(), of(p), of(y, 0, 9));
    equals<1>("poisson_nll, rate, full", xg::poisson_nll(p, y, xg::rate_input, xg::full_likelihood, xg::epsilon(1e-4_c)), ragged().within(64), of(p, 0.1, 9), of(y, 0, 9));
}
