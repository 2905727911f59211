// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include <xgrad/train/viterbi.hpp>

#include "support/catch.hpp"

namespace xg = xgrad;

TEST_CASE("the best sequence of each row, with lengths in a vector or in a column", "[train]") {
    // Alone the steps of row 0 prefer 0, 1, 0; a change of label costs 2, so that they stay at 0 (4 against 5 - 4). Row 1 has two steps, both 1.
    xg::tensor<double, 3> z({2, 3, 2}, 0);
    z(0, 0, 0) = z(0, 2, 0) = 2;
    z(0, 1, 1) = z(1, 0, 1) = z(1, 1, 1) = 1;
    const xg::tensor<double, 2> pairs{{0, -2}, {-2, 0}};
    const xg::tensor<std::int64_t, 2> wanted{{0, 0, 0}, {1, 1, -1}};
    xg::tensor<std::int32_t, 2> column({2, 1}, 3);
    column(1, 0) = 2;
    CHECK((xg::viterbi(z, pairs, std::vector<int>{3, 2}) == wanted));
    CHECK((xg::viterbi(z, pairs, xg::tensor<std::int32_t, 1>{3, 2}) == wanted));
    CHECK((xg::viterbi(z, pairs, column) == wanted));
    column(1, 0) = 4;
    CHECK_THROWS_WITH(xg::viterbi(z, pairs, column), Catch::Matchers::Contains("row 1 has length 4 of 3 steps"));
}
