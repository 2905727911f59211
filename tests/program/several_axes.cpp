// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace {
constexpr auto x = xg::input<"x">(3_c, 2_c, 4_c);

/// The gradient of a sum over all axes of y (1/2 + y^2) against central differences, in double.
void holds(auto y) {
    using Y = decltype(y);
    constexpr auto total = xg::sum(Y{} * (0.5_c + xg::square(Y{})));
    auto program = xg::compile<double>(total, xg::gradient(total, x)).prepare();
    const auto X = support::uniform<double>({3, 2, 4}, 1, -1, 1), direction = support::uniform<double>({3, 2, 4}, 2, -1, 1);
    const auto [value, slope] = program(x = X);
    const xt::xtensor<double, 3> up = X + 1e-6 * direction, down = X - 1e-6 * direction;
    double along = 0;
    for (std::size_t i = 0; i < X.size(); ++i) along += slope.data()[i] * direction.data()[i];
    CHECK((std::get<0>(program(x = up)) - std::get<0>(program(x = down))) / 2e-6 == Approx(along).epsilon(1e-7));
}
}  // namespace

TEST_CASE("sums over several axes of what has them in another order, or with extent 1 between", "[program]") {
    holds(xg::transpose(x, xg::axes<2, 1, 0>) + 0_c);
    holds(xg::transpose(x, xg::axes<1, 2, 0>) + 0_c);
    holds(xg::transpose(x, xg::axes<0, 2, 1>) + 0_c);
    holds(xg::logsumexp(x, xg::axes<1>, xg::keep_axes));
    holds(xg::mean(x, xg::axes<1>, xg::keep_axes));
    holds(-xg::max(-x, xg::axes<0, 2>, xg::keep_axes));
}
