// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/beside_libtorch.hpp"

using namespace libtorch;

namespace {
constexpr auto p = xg::input<"p">(rows, columns);
constexpr auto y = xg::input<"y">(rows, columns);
}  // namespace

TEST_CASE("libtorch: squares, absolute errors and what lies between", "[libtorch]") {
    equals<2>("mse_loss of a row", xg::mean_squared_error(p, y), ragged(), of(p), of(y));
    equals<2>("huber", xg::huber(p, y), ragged(), of(p), of(y));
}
