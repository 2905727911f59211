// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/closed_form.hpp"

using namespace plain;
using closed_form::sigmoid;
using closed_form::softplus;

namespace {
constexpr auto z = xg::input<"z">(rows);
constexpr auto y = xg::input<"y">(rows);
constexpr auto g = xg::scalar<"g">;
constexpr auto slope(auto loss) { return xg::gradient(xg::sum(loss), z); }

const std::vector<double> logits = {0,    1e-30,  1e-4,  0.3,  1,  2.944, 2.945, 3,  7,  15,  17,  25,  50,  87,  100,  1e3,  1e4,
                                    -1e-30, -1e-4, -0.3, -1, -2.944, -2.945, -3, -7, -15, -17, -25, -50, -87, -100, -1e3, -1e4};
/// From the label's side: u = z for y = 1, -z for y = 0. -log p_t, and 1 - p_t.
real side(real x, real label) { return label > 0.5L ? x : -x; }
real focal(real x, real label, real gamma) { return std::exp(-gamma * softplus(side(x, label))) * softplus(-side(x, label)); }
real focal_slope(real x, real label, real gamma) {
    const real u = side(x, label);
    return -(label > 0.5L ? 1 : -1) * std::exp(-gamma * softplus(u)) * (gamma * sigmoid(u) * softplus(-u) + sigmoid(-u));
}
real shifted(real x) { return std::fmax(sigmoid(x) - 0.05L, 0.0L); }
}  // namespace

TEMPLATE_TEST_CASE("binary losses of hard labels: relative digits at any logit", "[nn]", float, double) {
    using T = TestType;
    const closed_form::pairs<T> at(logits, {0, 1});
    constexpr auto weighted = xg::binary_cross_entropy_with_logits(z, y, xg::pos_weight(3_c));
    constexpr auto focal_loss = xg::sigmoid_focal(z, y);
    constexpr auto gamma_of_call = xg::sigmoid_focal(z, y, xg::gamma(g), xg::alpha(-1_c));
    constexpr auto poly = xg::binary_poly(z, y);
    constexpr auto unshifted = xg::asymmetric(z, y, xg::clip(0_c));
    const auto program = xg::compile<T>(weighted, slope(weighted), focal_loss, slope(focal_loss), gamma_of_call, slope(gamma_of_call), poly, slope(poly), unshifted, slope(unshifted));
    const auto [a, da, b, db, c, dc, d, dd, e, de] = program(z = at.x, y = at.y, g = T(0));
    closed_form::check(at, {"pos_weight", [](real x, real t) { return t > 0 ? 3 * softplus(-x) : softplus(x); }, [](real x, real t) { return t > 0 ? -3 * sigmoid(-x) : sigmoid(x); }},
                       a, da);
    closed_form::check(at, {"focal", [](real x, real t) { return (t > 0 ? 0.25L : 0.75L) * focal(x, t, 2); },
                            [](real x, real t) { return (t > 0 ? 0.25L : 0.75L) * focal_slope(x, t, 2); }}, b, db, 250);
    closed_form::check(at, {"focal, gamma 0", [](real x, real t) { return focal(x, t, 0); }, [](real x, real t) { return focal_slope(x, t, 0); }}, c, dc);
    closed_form::check(at, {"poly", [](real x, real t) { return softplus(-side(x, t)) + 2 * sigmoid(-side(x, t)); },
                            [](real x, real t) { return (t > 0 ? -1 : 1) * sigmoid(-side(x, t)) * (1 + 2 * sigmoid(side(x, t))); }}, d, dd);
    closed_form::check(at, {"asymmetric, clip 0", [](real x, real t) { return focal(x, t, t > 0 ? 1 : 4); }, [](real x, real t) { return focal_slope(x, t, t > 0 ? 1 : 4); }}, e, de, 500);
    const auto half = program(z = at.x, y = at.y, g = T(0.5));
    closed_form::check(at, {"focal, gamma 1/2", [](real x, real t) { return focal(x, t, 0.5L); }, [](real x, real t) { return focal_slope(x, t, 0.5L); }}, std::get<4>(half),
                       std::get<5>(half), 100);
}

TEST_CASE("a label of 17 and more is still seen: -log sigmoid(17) is 4.1e-8 in float", "[nn]") {
    const auto Z = support::vector_of(std::vector<float>{17, -17, 17, -17}), Y = support::vector_of(std::vector<float>{1, 0, 0, 1});
    constexpr auto loss = xg::binary_cross_entropy_with_logits(z, y);
    const auto [value, by_z] = xg::compile(loss, slope(loss))(z = Z, y = Y);
    for (std::size_t i : {0u, 1u}) CHECK(value(i) == Approx(4.1399375e-8).epsilon(1e-6));
    for (std::size_t i : {0u, 1u}) CHECK(std::abs(by_z(i)) == Approx(4.1399374e-8).epsilon(1e-6));
    for (std::size_t i : {2u, 3u}) CHECK((value(i) == 17.0f && std::abs(by_z(i)) == Approx(1 - 4.1399374e-8).epsilon(1.2e-7)));
}

TEST_CASE("binary losses of negatives that are shifted, of labels -1 and 1, and of soft labels", "[nn]") {
    const closed_form::pairs<double> at(logits, {0, 1}), signs(logits, {-1, 1}), soft({-40, -3, -0.5, 0, 0.5, 3, 40}, {0, 0.05, 0.5, 0.9, 1});
    constexpr auto shift = xg::asymmetric(z, y);
    constexpr auto margin = xg::soft_margin(z, y);
    constexpr auto weighted = xg::binary_cross_entropy_with_logits(z, y, xg::pos_weight(g));
    constexpr auto poly = xg::binary_poly(z, y, xg::epsilon(0.5_c), xg::pos_weight(3_c));
    const auto [a, da, b, db, c, dc, d, dd] = xg::compile<double>(shift, slope(shift), margin, slope(margin), weighted, slope(weighted), poly, slope(poly))(z = at.x, y = at.y, g = 3.0);
    const auto of_signs = xg::compile<double>(margin, slope(margin))(z = signs.x, y = signs.y);
    closed_form::check(signs, {"soft_margin", [](real x, real t) { return softplus(-t * x); }, [](real x, real t) { return -t * sigmoid(-t * x); }}, std::get<0>(of_signs), std::get<1>(of_signs));
    for (std::size_t i = 0; i < a.size(); ++i) {
        const real x = at.x(i), m = shifted(x);
        CAPTURE(at.x(i), at.y(i));
        CHECK(support::relative_error(a(i), at.y(i) > 0 ? focal(x, 1, 1) : -std::pow(m, 4.0L) * std::log1p(-m), at.y(i) > 0 ? focal(x, 1, 1) : std::pow(m, 3.0L)) <= 1e-14);
        CHECK(support::relative_error(da(i), at.y(i) > 0 ? focal_slope(x, 1, 1) : sigmoid(x) * sigmoid(-x) * m * m * m * (m / (1 - m) - 4 * std::log1p(-m)),
                                      at.y(i) > 0 ? std::fabs(focal_slope(x, 1, 1)) : 40 * m * m * sigmoid(-x)) <= 1e-14);
    }
    const auto of_soft = xg::compile<double>(weighted, slope(weighted), poly, slope(poly))(z = soft.x, y = soft.y, g = 3.0);
    for (std::size_t i = 0; i < soft.x.size(); ++i) {
        const real x = soft.x(i), t = soft.y(i), loss = 3 * t * softplus(-x) + (1 - t) * softplus(x), by_x = (1 - t) * sigmoid(x) - 3 * t * sigmoid(-x);
        CAPTURE(soft.x(i), soft.y(i));
        CHECK(support::relative_error(std::get<0>(of_soft)(i), loss, loss) <= 1e-15);
        CHECK(support::relative_error(std::get<1>(of_soft)(i), by_x, (1 - t) * sigmoid(x) + 3 * t * sigmoid(-x)) <= 1e-15);
        CHECK(support::relative_error(std::get<2>(of_soft)(i), loss + 0.5L * (t * sigmoid(-x) + (1 - t) * sigmoid(x)), loss) <= 1e-15);
        CHECK(support::relative_error(std::get<3>(of_soft)(i), by_x + 0.5L * (1 - 2 * t) * sigmoid(x) * sigmoid(-x), 4) <= 1e-15);
    }
}

TEST_CASE("label smoothing of binary losses: (1 - e) y + e / 2 in place of y", "[nn]") {
    const closed_form::pairs<double> at(logits, {0, 0.05, 0.5, 1});
    constexpr auto smooth = xg::label_smoothing(g);
    constexpr auto loss = xg::binary_cross_entropy_with_logits(z, y, smooth, xg::pos_weight(3_c));
    constexpr auto poly = xg::binary_poly(z, y, smooth);
    constexpr auto of_probability = xg::binary_cross_entropy(xg::sigmoid(z), y, smooth);
    const auto program = xg::compile<double>(loss, slope(loss), poly, slope(poly), of_probability, slope(of_probability));
    const auto [a, da, b, db, c, dc] = program(z = at.x, y = at.y, g = 0.1);
    for (std::size_t i = 0; i < a.size(); ++i) {
        const real x = at.x(i), t = (1 - real{0.1}) * at.y(i) + real{0.1} / 2, plain = t * softplus(-x) + (1 - t) * softplus(x), by_x = (1 - t) * sigmoid(x) - t * sigmoid(-x);
        const real scale = t * sigmoid(-x) + (1 - t) * sigmoid(x);
        CAPTURE(at.x(i), at.y(i));
        CHECK(support::relative_error(a(i), plain + 2 * t * softplus(-x), plain) <= 2e-15);
        CHECK(support::relative_error(da(i), by_x - 2 * t * sigmoid(-x), scale) <= 2e-15);
        CHECK(support::relative_error(b(i), plain + 2 * scale, plain) <= 2e-15);
        CHECK(support::relative_error(db(i), by_x + 2 * (1 - 2 * t) * sigmoid(x) * sigmoid(-x), scale) <= 2e-15);
        CHECK(support::relative_error(c(i), plain, plain) <= 2e-15);
        CHECK(support::relative_error(dc(i), by_x, scale) <= 2e-15);
    }
    // With 50 digits: y = 1, e = 0.1 at z = 3, and without smoothing what there was before.
    const auto one = support::vector_of(std::vector<double>{3}), label = support::vector_of(std::vector<double>{1});
    const auto [v, dv, w, dw, p, dp] = program(z = one, y = label, g = 0.1);
    CHECK(p(0) == Approx(0.19858735157374205876).epsilon(1e-15));
    CHECK(dp(0) == Approx(0.0025741268224332191212).epsilon(1e-15));
    CHECK(std::get<4>(program(z = one, y = label, g = 0.0))(0) == Approx(0.048587351573742058759).epsilon(1e-15));
}
