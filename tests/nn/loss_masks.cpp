// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/spoiled_rows.hpp"

using namespace spoiled_rows;

TEST_CASE("losses of rows: skipped rows count nothing", "[nn]") {
    const data whole(false), spoiled(true);
    constexpr auto m = xg::row_mask(keep);
    constexpr auto losses = std::tuple{xg::mean_absolute_percentage_error(a, b, m), xg::mean_squared_logarithmic_error(a, b, m), xg::generalised_kl(a, b, m), xg::multilabel_soft_margin(a, b, m),
                                       xg::triplet_margin(a, b, c, m), xg::cosine_embedding(a, c, t, m), xg::circle(a, b, m), xg::dice(a, b, xg::from_logits, m), xg::mcc(a, b, xg::from_logits, m)};
    const auto run = [&](const data& d, const array<bool, 1>& K) {
        return std::apply([&](auto... l) { return xg::compile<double>(l..., by_a((l + ...)))(a = d.A, b = d.B, c = d.C, t = d.T, keep = K); }, losses);
    };
    check(run(spoiled, spoiled.K), run(whole, whole.all), spoiled.K);
}

TEST_CASE("a mask of rows over losses of elements: the mean divides by the elements that count", "[nn]") {
    constexpr auto batch = xg::axis<"batch">;
    constexpr auto p = xg::input<"p">(batch, 3_c);
    constexpr auto y = xg::input<"y">(batch, 3_c);
    constexpr auto of_rows = xg::mask<"of_rows">(batch);
    constexpr auto of_columns = xg::mask<"of_columns">(batch, 1_c);
    constexpr auto all = xg::mask<"all">(batch, 3_c);
    constexpr auto mean = xg::reduction<"mean">;
    const auto P = support::uniform<double>({5, 3}, 1), Y = support::uniform<double>({5, 3}, 2, 0, 1);
    const array<bool, 1> K{true, false, true, true, false};
    array<bool, 2> column({5, 1}), every({5, 3});
    double sum = 0;
    for (std::size_t r = 0; r < 5; ++r) {
        column(r, 0) = K(r);
        for (std::size_t j = 0; j < 3; ++j) {
            every(r, j) = K(r);
            if (K(r)) sum += std::fabs(P(r, j) - Y(r, j));
        }
    }
    const auto [one, two, three, rows_divide] = xg::compile<double>(xg::l1(p, y, xg::row_mask(of_rows), mean), xg::l1(p, y, xg::row_mask(of_columns), mean), xg::l1(p, y, xg::row_mask(all), mean),
                                                                    xg::l1(p, y, xg::row_mask(of_rows), mean, xg::normaliser<"rows">))(p = P, y = Y, of_rows = K, of_columns = column, all = every);
    CHECK(one == Approx(sum / 9));
    CHECK(two == Approx(sum / 9));
    CHECK(three == Approx(sum / 9));
    CHECK(rows_divide == Approx(sum / 9));
}

TEST_CASE("a weight of rows over losses of elements, with the axes the mask of rows would have", "[nn]") {
    constexpr auto batch = xg::axis<"batch">;
    constexpr auto p = xg::input<"p">(batch, 3_c);
    constexpr auto y = xg::input<"y">(batch, 3_c);
    constexpr auto of_rows = xg::input<"of_rows">(batch);
    constexpr auto q = xg::slice<0, 1>(p);
    constexpr auto u = xg::slice<0, 1>(y);
    constexpr auto w = xg::row_weight(of_rows);
    constexpr auto mean = xg::reduction<"mean">;
    // As many rows as columns, so that all pairs would be no error.
    const auto P = support::uniform<double>({3, 3}, 1), Y = support::uniform<double>({3, 3}, 2, 0, 1);
    const array<double, 1> W{0.5, 0, 2};
    double sum = 0, first = 0;
    for (std::size_t r = 0; r < 3; ++r) {
        for (std::size_t j = 0; j < 3; ++j) sum += W(r) * std::fabs(P(r, j) - Y(r, j));
        first += W(r) * std::fabs(P(r, 0) - Y(r, 0));
    }
    const auto [all, by_weight, by_row, one_column] = xg::compile<double>(xg::l1(p, y, w, xg::reduction<"sum">), xg::l1(p, y, w, mean, xg::normaliser<"weights">), xg::l1(p, y, w, mean),
                                                                          xg::l1(q, u, w, xg::reduction<"sum">))(p = P, y = Y, of_rows = W);
    CHECK(all == Approx(sum));
    CHECK(by_weight == Approx(sum / 7.5));
    CHECK(by_row == Approx(sum / 9));
    CHECK(one_column == Approx(first));
}
