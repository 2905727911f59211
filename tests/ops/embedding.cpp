// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// embedding_lookup and its derivative, which adds rows up by label.
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto table = xg::parameter<"table">(7_c, 5_c);
constexpr auto t = xg::labels<"t">(rows, 4_c, xg::classes(7_c), xg::ignore_index<-100>);
constexpr auto w = xg::input<"w">(rows, 4_c, 5_c);
constexpr auto d = xg::input<"d">(7_c, 5_c);

/// With labels that serve as padding or without, as `rows_of_it` is.
template <class T, class Rows>
void hold(Rows rows_of_it, int padding) {
    const auto slope = xg::gradient(xg::sum(w * xg::square(rows_of_it)), table);
    // Also through the derivative: sum of squares of it, by the table.
    auto program = xg::compile<T>(rows_of_it, slope, xg::jvp(rows_of_it, table, d), xg::gradient(xg::sum(d * slope), table)).prepare();
    for (std::size_t r : {1u, 2u, 50u}) {
        CAPTURE(r);
        const auto W = support::uniform<T>({r, 4, 5}, 1);
        const auto E = support::uniform<T>({7, 5}, 2), D = support::uniform<T>({7, 5}, 3);
        auto L = support::random_labels({r, 4}, 4, 7);
        L(r - 1, 2) = -100;
        std::vector<real> slopes(35, 0), seconds(35, 0), sizes(35, 0);
        const auto [y, g, moved, second] = program(table = E, t = L, w = W, d = D);
        bool equal = true;
        for (std::size_t i = 0; i < r * 4; ++i)
            for (std::size_t k = 0; k < 5; ++k) {
                const int label = L.data()[i];
                const std::size_t at = static_cast<std::size_t>(label) * 5 + k;
                const bool moves = label >= 0 && label != padding;
                equal = equal && y.data()[i * 5 + k] == (label < 0 ? 0 : E.data()[at]) && moved.data()[i * 5 + k] == (moves ? D.data()[at] : 0);
                if (!moves) continue;
                slopes[at] += 2 * static_cast<real>(W.data()[i * 5 + k]) * E.data()[at];
                seconds[at] += 2 * static_cast<real>(W.data()[i * 5 + k]) * D.data()[at];
                sizes[at] += 8;
            }
        CHECK(equal);
        const double bound = 4 * support::epsilon<T> * static_cast<double>(r);
        CHECK(support::largest_error(g, slopes, 1) <= bound);
        CHECK(support::largest_error(second, seconds, 1) <= bound);
    }
}
}  // namespace

TEST_CASE("embedding_lookup: rows by label, gradients added up by label", "[ops]") {
    constexpr int none = -2;
    hold<float>(xg::embedding_lookup(table, t), none);
    hold<double>(xg::embedding_lookup(table, t), none);
}
TEST_CASE("embedding_lookup: the row of the padding is read and has no derivative", "[ops]") { hold<double>(xg::embedding_lookup(table, t, xg::padding_index(3_c)), 3); }
