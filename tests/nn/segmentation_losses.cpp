// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/masks_of_pixels.hpp"

using namespace masks_of_pixels;

TEST_CASE("overlaps and their gradients by logits: relative digits, sure or wrong", "[nn]") {
    using T = float;
    const masks<T> d;
    constexpr auto dice = xg::dice(z, y, xg::from_logits);
    constexpr auto jaccard = xg::jaccard(xg::sigmoid(z), y, xg::smooth(1_c));
    constexpr auto tversky = xg::tversky(z, y, xg::from_logits, xg::alpha(0.3_c), xg::beta(0.7_c));
    constexpr auto focal = xg::focal_tversky(z, y, xg::from_logits, xg::gamma(1.5_c));
    constexpr auto logarithm = xg::dice(z, y, xg::from_logits, xg::log_loss);
    constexpr auto masked = xg::dice(z, y, xg::from_logits, xg::pixel_mask(m));
    const auto [a, da, b, db, c, dc, e, de, f, df, g, dg] = xg::compile<T>(dice, by(dice), jaccard, by(jaccard), tversky, by(tversky), focal, by(focal), logarithm,
                                                                          by(logarithm), masked, by(masked))(z = d.Z, y = d.Y, m = d.M);
    const double eps = 24 * support::epsilon<T>;
    const real tiny = std::numeric_limits<T>::min() * 1e3L;
    const share of_dice{1, 1, 2, 0}, of_jaccard{1, 1, 1, 1}, of_tversky{0.3L, 0.7L, 1, 0}, of_focal{0.5L, 0.5L, 1, 0};
    for (std::size_t i = 0; i < n; ++i) {
        CAPTURE(i);
        const sums all = sums_of(d, i), some = sums_of(d, i, true);
        const auto agrees = [&](const char* what, T got, real exact, real least = 0) {
            INFO(what << " " << got << ", exact " << static_cast<double>(exact));
            CHECK(support::relative_error(got, exact, std::abs(exact) + tiny + least) <= eps);
        };
        const real loss = of_focal.value(all), score = std::exp(-of_dice.logarithm(all)), chain = i == 5 ? 0 : 1.5L * std::sqrt(loss);
        const bool clamped = score < 1e-7L;
        agrees("dice", a(i), of_dice.value(all));
        agrees("jaccard", b(i), of_jaccard.value(all));
        agrees("tversky", c(i), of_tversky.value(all));
        agrees("focal tversky", e(i), loss * std::sqrt(loss));
        agrees("log dice", f(i), clamped ? -std::log(1e-7L) : of_dice.logarithm(all));
        agrees("masked dice", g(i), of_dice.value(some));
        for (std::size_t k = 0; k < pixels; ++k) {
            const real t = d.Y(i, k), p = sigmoid(d.Z(i, k)) * sigmoid(-static_cast<real>(d.Z(i, k)));
            agrees("slope of dice", da(i, k), p * of_dice.slope(all, t));
            agrees("slope of jaccard", db(i, k), p * of_jaccard.slope(all, t));
            agrees("slope of tversky", dc(i, k), p * of_tversky.slope(all, t));
            agrees("slope of focal tversky", de(i, k), chain * p * of_focal.slope(all, t));
            agrees("slope of log dice", df(i, k), clamped ? 0 : p * of_dice.slope(all, t) / score);
            agrees("slope of masked dice", dg(i, k), d.M(i, k) ? p * of_dice.slope(some, t) : 0);
        }
    }
}
