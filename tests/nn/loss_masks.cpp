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
