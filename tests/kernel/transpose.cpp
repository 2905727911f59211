// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Rows turned into lanes and back: every number of columns that short rows may have, so every sum of strips, rows that touch and
// rows that do not. What stands beside them is neither read as theirs nor written.
#include <xgrad/kernel/transpose.hpp>

#include <support/catch.hpp>

#include <vector>

namespace {
template <class T>
void check(std::ptrdiff_t columns, std::ptrdiff_t column_stride, std::ptrdiff_t gap) {
    using turning = xgrad::kernel::transposition<T>;
    constexpr std::ptrdiff_t width = xgrad::kernel::lanes<T>::width;
    const std::ptrdiff_t apart = columns * column_stride + gap;
    std::vector<T> given(static_cast<std::size_t>(apart * width)), turned(static_cast<std::size_t>(turning::padded(columns) * width), T{-1});
    for (std::size_t i = 0; i < given.size(); ++i) given[i] = static_cast<T>(i);
    std::vector<T> written(given.size(), T{-1});
    const T* rows[width];
    T* results[width];
    for (std::ptrdiff_t lane = 0; lane < width; ++lane) {
        rows[lane] = given.data() + lane * apart;
        results[lane] = written.data() + lane * apart;
    }
    turning::in(rows, columns, column_stride, turned.data());
    turning::out(results, width, columns, column_stride, turned.data());
    for (std::ptrdiff_t lane = 0; lane < width; ++lane)
        for (std::ptrdiff_t k = 0; k < apart; ++k) {
            const std::ptrdiff_t at = lane * apart + k, column = k / column_stride;
            const bool is_element = column < columns && k % column_stride == 0;
            if (written[static_cast<std::size_t>(at)] != (is_element ? static_cast<T>(at) : T{-1})) FAIL("row " << lane << ", column " << column << " of " << columns << " written");
            if (is_element && turned[static_cast<std::size_t>(column * width + lane)] != static_cast<T>(at)) FAIL("row " << lane << ", column " << column << " of " << columns << " turned");
        }
    SUCCEED();
}
}  // namespace

TEMPLATE_TEST_CASE("transposition: every number of columns, there and back", "", float, double) {
    for (std::ptrdiff_t columns = 1; columns <= 64; ++columns) {
        check<TestType>(columns, 1, 0);
        check<TestType>(columns, 1, 3);
        check<TestType>(columns, 2, 0);
    }
}
