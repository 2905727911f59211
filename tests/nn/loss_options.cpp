// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/spoiled_rows.hpp"

using namespace spoiled_rows;

TEST_CASE("losses of numbers: skipped rows count nothing", "[nn]") {
    const data whole(false), spoiled(true);
    constexpr auto m = xg::row_mask(keep);
    constexpr auto losses = std::tuple{xg::l1(s, t, m), xg::huber(s, t, m), xg::log_cosh(s, t, m), xg::poisson_nll(s, t, xg::full_likelihood, m), xg::gaussian_nll(s, t, t, m), xg::wing(s, t, m),
                                       xg::pinball(s, t, m), xg::binary_cross_entropy_with_logits(s, t, xg::pos_weight(2_c), m), xg::sigmoid_focal(s, t, m), xg::binary_poly(s, t, m),
                                       xg::asymmetric(s, t, m), xg::soft_margin(s, t, m), xg::squared_hinge(s, t, m), xg::hinge_embedding(s, t, m), xg::margin_ranking(s, t, t, m)};
    const auto run = [&](const data& d, const array<bool, 1>& K) { return std::apply([&](auto... l) { return xg::compile<double>(l..., by_s((l + ...)))(s = d.S, t = d.T, keep = K); }, losses); };
    check(run(spoiled, spoiled.K), run(whole, whole.all), spoiled.K);
}

TEST_CASE("reductions: PyTorch's mean of elements, sums by row weights, a mean over rows that count", "[nn]") {
    const data d(false);
    constexpr auto rows_of = xg::huber(s, t);
    constexpr auto mean = xg::huber(s, t, xg::reduction<"mean">);
    constexpr auto weighted = xg::huber(s, t, xg::row_weight(s * s), xg::reduction<"sum">);
    constexpr auto counted = xg::huber(s, t, xg::row_mask(keep), xg::reduction<"mean">);
    const auto [value, average, total, some] = xg::compile<double>(rows_of, mean, weighted, counted)(s = d.S, t = d.T, keep = d.K);
    real all = 0, of_weights = 0, of_kept = 0, kept = 0;
    for (std::size_t i = 0; i < n; ++i) {
        all += value(i), of_weights += static_cast<real>(d.S(i)) * d.S(i) * value(i);
        if (d.K(i)) of_kept += value(i), ++kept;
    }
    CHECK(support::relative_error(average, all / n, 1) <= 1e-15);
    CHECK(support::relative_error(total, of_weights, of_weights) <= 1e-14);
    CHECK(support::relative_error(some, of_kept / kept, 1) <= 1e-15);
}

TEST_CASE("penalties: of weights, not of biases; the square's derivative is 2 k w", "[nn]") {
    constexpr auto out = xg::sequential(xg::dense<"a">(4_c), xg::tanh)(xg::input<"x">(rows, 3_c));
    constexpr auto w = xg::parameter<"a.weight", xg::glorot_uniform>(3_c, 4_c);
    constexpr auto l1 = xg::l1_penalty(0.25_c, out);
    constexpr auto both = xg::elastic_net_penalty(0.25_c, 0.5_c, out);
    auto W = support::uniform<double>({3, 4}, 7);
    W(1, 1) = 0;
    const auto [absolute, by_absolute, net, by_net] = xg::compile<double>(l1, xg::gradient(l1, w), both, xg::gradient(both, w))(w = W);
    real sizes = 0, squares = 0;
    for (double e : W) sizes += std::fabs(e), squares += static_cast<real>(e) * e;
    CHECK(support::relative_error(absolute, sizes / 4, 1) <= 1e-15);
    CHECK(support::relative_error(net, sizes / 4 + squares / 2, 1) <= 1e-15);
    for (std::size_t i = 0; i < W.size(); ++i) {
        CHECK(by_absolute.data()[i] == 0.25 * static_cast<double>(closed_form::sign(W.data()[i])));
        CHECK(by_net.data()[i] == Approx(0.25 * static_cast<double>(closed_form::sign(W.data()[i])) + W.data()[i]).epsilon(1e-15));
    }
}
