// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/masks_of_pixels.hpp"

using namespace masks_of_pixels;

TEST_CASE("mcc, focal of pixels with a threshold and normalised, rows without a target", "[nn]") {
    const masks<double> d;
    constexpr auto mcc = xg::mcc(z, y, xg::from_logits);
    constexpr auto normal = xg::segmentation_focal(z, y, xg::normalised, xg::alpha(0.3_c));
    constexpr auto reduced = xg::segmentation_focal(z, y, xg::reduced_threshold(0.4_c));
    constexpr auto present = xg::dice(z, y, xg::from_logits, xg::present_only, xg::reduction<"mean">);
    constexpr auto smp = xg::dice(z, y, xg::from_logits, xg::present_only, xg::reduction<"mean">, xg::normaliser<"batch">);
    const auto [a, da, b, db, c, e, f] = xg::compile<double>(mcc, by(mcc), normal, by(normal), reduced, present, smp)(z = d.Z, y = d.Y);
    real factors = 0, weighted = 0, count = 0, dice = 0;
    const auto factor = [&](std::size_t i, std::size_t k) { return std::exp(-2 * softplus(d.Y(i, k) > 0 ? d.Z(i, k) : -d.Z(i, k))); };
    const auto weight = [&](std::size_t i, std::size_t k) { return d.Y(i, k) > 0 ? 0.3L : 0.7L; };
    for (std::size_t i = 0; i < n; ++i) {
        const sums s = sums_of(d, i);
        if (i != 4 && i != 5) dice += share{1, 1, 2, 0}.value(s), ++count;
        for (std::size_t k = 0; k < pixels; ++k) factors += factor(i, k), weighted += weight(i, k) * factor(i, k) * softplus(d.Y(i, k) > 0 ? -d.Z(i, k) : d.Z(i, k));
    }
    CHECK(support::relative_error(e, dice / count, 1) <= 1e-15);
    CHECK(support::relative_error(f, dice / n, 1) <= 1e-15);
    for (std::size_t i = 0; i < n; ++i) {
        CAPTURE(i);
        const sums s = sums_of(d, i);
        const real eps = 1e-5L, tp = s.tp + eps, fp = s.fp + eps, fn = s.fn + eps, tn = s.tn + eps;
        const real root = std::sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)), exact = 1 - (tp * tn - fp * fn) / root;
        CHECK(support::relative_error(a(i), exact, exact + 1e-5L) <= 1e-14);
        for (std::size_t k = 0; k < pixels; ++k) {
            const real x = d.Z(i, k), t = d.Y(i, k), u = t > 0 ? x : -x, p = sigmoid(x) * sigmoid(-x);
            // d/dp: tp gains t, fp gains 1 - t, fn loses t, tn loses 1 - t
            const real above = tp * tn - fp * fn, by_above = t * tn - (1 - t) * tp - (1 - t) * fn + t * fp;
            const real by_root = root * (1 / (tp + fp) - 1 / (tn + fn)) / 2;
            CHECK(support::relative_error(da(i, k), -p * (by_above / root - above / (root * root) * by_root), p * (tp + tn + fp + fn) / root + 1e-300L) <= 1e-13);
            CHECK(support::relative_error(b(i, k), weight(i, k) * factor(i, k) * softplus(-u) / factors, weight(i, k) * factor(i, k) * softplus(-u) / factors + 1e-300L) <= 1e-12);
            const real by_u = -weight(i, k) * factor(i, k) * (2 * sigmoid(u) * softplus(-u) + sigmoid(-u)) / factors + 2 * sigmoid(u) * factor(i, k) * weighted / (factors * factors);
            CHECK(support::relative_error(db(i, k), t > 0 ? by_u : -by_u, factor(i, k) * (1 + softplus(-u)) / factors + 1e-300L) <= 1e-12);
            const real expected = (sigmoid(u) < 0.4L ? 1 : factor(i, k) / 0.16L) * softplus(-u);
            CHECK(support::relative_error(c(i, k), expected, expected + 1e-300L) <= 1e-12);
        }
    }
}

TEST_CASE("classes: an overlap over batch and pixels, and the generalised dice", "[nn]") {
    constexpr auto p = xg::probability_input<"p">(rows, 3_c, space);
    constexpr auto q = xg::input<"q">(rows, 3_c, space);
    constexpr auto generalised = xg::generalised_dice(p, q);
    constexpr auto classes = xg::dice(p, q, xg::over(xg::axes<0, 2>));
    auto P = support::uniform<double>({4, 3, 11}, 5, 0.01, 0.99), Q = support::shaped<double>({4, 3, 11});
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t k = 0; k < 11; ++k) Q(i, c, k) = (c == 0 ? k < 8 : c == 1 ? k >= 8 : false);
    const auto [a, da, b, db] = xg::compile<double>(generalised, xg::gradient(xg::sum(generalised), p), classes, xg::gradient(xg::sum(classes), p))(p = P, q = Q);
    std::array<sums, 3> of_class{};
    for (std::size_t i = 0; i < 4; ++i) {
        real hits = 0, errors = 0;
        std::array<real, 3> weight{};
        for (std::size_t c = 0; c < 3; ++c) {
            sums s;
            real wanted = 0;
            for (std::size_t k = 0; k < 11; ++k) {
                const real x = P(i, c, k), t = Q(i, c, k);
                s.tp += t * x, s.fp += (1 - t) * x, s.fn += t * (1 - x), wanted += t;
                of_class[c].tp += t * x, of_class[c].fp += (1 - t) * x, of_class[c].fn += t * (1 - x);
            }
            weight[c] = 1 / (std::fmax(wanted, 1.0L) * std::fmax(wanted, 1.0L));
            hits += 2 * weight[c] * s.tp, errors += weight[c] * (s.fp + s.fn);
        }
        CHECK(support::relative_error(a(i), errors / (hits + errors), 1) <= 1e-15);
        for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t k = 0; k < 11; ++k) {
                const real t = Q(i, c, k), total = hits + errors;
                CHECK(support::relative_error(da(i, c, k), weight[c] * (hits * (1 - 2 * t) - 2 * t * errors) / (total * total), weight[c] / total) <= 1e-14);
            }
    }
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(support::relative_error(b(c), share{1, 1, 2, 0}.value(of_class[c]), 1) <= 1e-15);
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t k = 0; k < 11; ++k) CHECK(support::relative_error(db(i, c, k), share{1, 1, 2, 0}.slope(of_class[c], Q(i, c, k)), 0.01L) <= 1e-14);
    }
}
