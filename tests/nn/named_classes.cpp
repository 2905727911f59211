// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

/// A distribution's class axis may have a name: what spreads over the classes then divides by the extent of the array.
TEST_CASE("label smoothing over classes whose number is known at run time, plain and with poly", "[nn]") {
    constexpr auto z = xg::input<"z">(rows, columns);
    constexpr auto q = xg::input<"q">(rows, columns);
    auto program = xg::compile<double>(xg::cross_entropy(z, q, xg::label_smoothing(0.2_c)), xg::cross_entropy(z, q, xg::label_smoothing(0.2_c), xg::poly(2_c)));
    for (std::size_t classes : {2u, 5u, 33u}) {
        const auto Z = support::uniform<double>({3, classes}, 1, -4, 4);
        auto Q = support::shaped<double>({3, classes});
        for (std::size_t r = 0; r < 3; ++r) Q(r, r % classes) = 0.75, Q(r, (r + 1) % classes) = 0.25;
        const auto [smooth, poly] = program(z = Z, q = Q);
        for (std::size_t r = 0; r < 3; ++r) {
            std::vector<real> row;
            for (std::size_t c = 0; c < classes; ++c) row.push_back(Z(r, c));
            const real lse = logsumexp(row);
            real wanted = 0, beside = 0;
            for (std::size_t c = 0; c < classes; ++c) {
                const real share = 0.8L * Q(r, c) + 0.2L / classes, log_p = row[c] - lse;
                wanted -= share * log_p;
                beside += 2 * share * (1 - std::exp(log_p));
            }
            CHECK(support::relative_error(smooth(r), wanted, wanted) <= 1e-14);
            CHECK(support::relative_error(poly(r), wanted + beside, wanted + beside) <= 1e-14);
        }
    }
}
