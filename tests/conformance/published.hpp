// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "support/arrays.hpp"
#include "support/catch.hpp"

/// Numbers that the tests of other libraries publish: inputs, options and what must come out, to the digits they print.
namespace published {

namespace xg = xgrad;
using namespace xg::literals;
using vector = xt::xtensor<double, 1>;
using matrix = xt::xtensor<double, 2>;
using indices = xt::xtensor<std::int32_t, 1>;

inline constexpr auto rows = xg::axis<"rows">;
inline constexpr auto columns = xg::axis<"columns">;
inline constexpr auto mean = xg::reduction<"mean">;
inline constexpr auto sum = xg::reduction<"sum">;
inline constexpr auto by_weights = xg::normaliser<"weights">;

inline bool close(double got, double wanted, double tolerance) {
    return got == wanted || std::abs(got - wanted) <= tolerance + 1e-6 * std::abs(wanted);  // as many digits as are printed, seven at most
}
inline void near(double got, double wanted, double tolerance = 1e-4) {
    INFO(got << ", published " << wanted);
    CHECK(close(got, wanted, tolerance));
}
template <class Array>
void near(const Array& got, const std::vector<double>& wanted, double tolerance = 1e-4) {
    REQUIRE(got.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        INFO("element " << i << ": " << got.data()[i] << ", published " << wanted[i]);
        CHECK(close(got.data()[i], wanted[i], tolerance));
    }
}

}  // namespace published
