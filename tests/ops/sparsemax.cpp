// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/simplex_law.hpp"

using namespace simplex_law;

TEMPLATE_TEST_CASE("sparsemax: values, gradient, tangent, second derivative", "[ops]", float, double) {
    // The derivative is constant as long as the support is: its own derivative is that of 2 w p alone.
    holds<TestType>(xg::sparsemax, {1, [](real m) { return m; }, [](real m) { return m > 0 ? 1.0L : 0.0L; },
                                    [](const numbers_of_row& s, const numbers_of_row&, const numbers_of_row& w, const numbers_of_row& d) {
                                        numbers_of_row moved = along(s, d);
                                        for (std::size_t j = 0; j < s.size(); ++j) moved[j] *= 2 * w[j];
                                        return along(s, moved);
                                    }});
}

TEST_CASE("sparsemax: limits", "[ops]") { limits(xg::sparsemax, 0.375); }
