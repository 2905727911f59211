// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/closed_form.hpp"

using namespace plain;
using closed_form::sign;

namespace {
constexpr auto x = xg::input<"x">(rows);
constexpr auto y = xg::input<"y">(rows);
constexpr auto v = xg::input<"v">(rows);
constexpr auto p = xg::input<"p">(rows, 5_c);
constexpr auto q = xg::input<"q">(rows, 5_c);
constexpr auto by(auto loss) { return xg::gradient(xg::sum(loss), p); }
constexpr auto slope(auto loss) { return xg::gradient(xg::sum(loss), x); }

/// Residuals from nothing to infinity, the corners of all losses and their neighbours among them.
const std::vector<double> residuals = {0,      1e-30,  1e-8,  1e-4,  0.01,  0.3,  0.5,  0.999,  1,  1.001,  2,  2.5,  9.99,  10,  11,  100,  1e4,  1e15,  1e30,  INFINITY,
                                       -1e-30, -1e-8, -1e-4, -0.01, -0.3, -0.5, -0.999, -1, -1.001, -2, -2.5, -9.99, -10, -11, -100, -1e4, -1e15, -1e30, -INFINITY};

real log_cosh(real e) {
    const real size = std::fabs(e), half = std::sinh(std::fmin(size, 1.0L) / 2);
    return size < 1 ? std::log1p(2 * half * half) : size + (std::log1p(std::exp(-2 * size)) - std::numbers::ln2_v<real>);
}
real wing(real e) { return std::fabs(e) < 10 ? 10 * std::log1p(std::fabs(e) / 2) : std::fabs(e) - 10 + 10 * std::log1p(5.0L); }
real stirling(real n) { return n > 1 ? n * std::log(n) - n + std::log(2 * std::numbers::pi_v<real> * n) / 2 : 0; }
}  // namespace

TEMPLATE_TEST_CASE("losses of a residual: relative digits from nothing to infinity", "[nn]", float, double) {
    using T = TestType;
    const closed_form::pairs<T> at(residuals, {0});
    constexpr auto l1 = xg::l1(x, y);
    constexpr auto l2 = xg::l2(x, y);
    constexpr auto huber = xg::huber(x, y, xg::delta(2_c));
    constexpr auto smooth = xg::smooth_l1(x, y, xg::beta(0.5_c));
    constexpr auto sharp = xg::smooth_l1(x, y, xg::beta(0_c));
    constexpr auto cosh = xg::log_cosh(x, y);
    constexpr auto wings = xg::wing(x, y);
    constexpr auto pinball = xg::pinball(x, y, xg::quantile(0.9_c));
    const auto [a, da, b, db, c, dc, d, dd, k, dk, f, df, g, dg, h, dh] =
        xg::compile<T>(l1, slope(l1), l2, slope(l2), huber, slope(huber), smooth, slope(smooth), sharp, slope(sharp), cosh, slope(cosh), wings, slope(wings), pinball,
                       slope(pinball))(x = at.x, y = at.y);
    closed_form::check(at, {"l1", [](real e, real) { return std::fabs(e); }, [](real e, real) { return sign(e); }}, a, da, 0);
    closed_form::check(at, {"l2", [](real e, real) { return e * e / 2; }, [](real e, real) { return e; }}, b, db, 1);
    closed_form::check(at, {"huber", [](real e, real) { return std::fabs(e) < 2 ? e * e / 2 : 2 * (std::fabs(e) - 1); },
                            [](real e, real) { return std::fmin(std::fmax(e, -2.0L), 2.0L); }}, c, dc, 2);
    closed_form::check(at, {"smooth_l1", [](real e, real) { return std::fabs(e) < 0.5L ? e * e : std::fabs(e) - 0.25L; },
                            [](real e, real) { return std::fmin(std::fmax(2 * e, -1.0L), 1.0L); }}, d, dd, 2);
    closed_form::check(at, {"smooth_l1, beta 0", [](real e, real) { return std::fabs(e); }, [](real e, real) { return sign(e); }}, k, dk, 0);
    closed_form::check(at, {"log_cosh", [](real e, real) { return log_cosh(e); }, [](real e, real) { return std::tanh(e); }}, f, df, 4);
    closed_form::check(at, {"wing", [](real e, real) { return wing(e); }, [](real e, real) { return sign(e) * (std::fabs(e) < 10 ? 10 / (2 + std::fabs(e)) : 1.0L); }}, g, dg, 4);
    closed_form::check(at, {"pinball", [](real e, real) { return std::fmax(-0.9L * e, 0.1L * e); }, [](real e, real) { return e < 0 ? -0.9L : 0.1L; }}, h, dh, 2);
}

TEST_CASE("likelihoods: Poisson of a logarithm or a rate, with Stirling's term; Gaussian", "[nn]") {
    const closed_form::pairs<double> at({-30, -3, -0.1, 1e-3, 0.5, 1, 2.5, 30}, {0, 0.5, 1, 2, 7, 1000});
    constexpr auto poisson = xg::poisson_nll(x, y);
    constexpr auto full = xg::poisson_nll(x, y, xg::full_likelihood);
    constexpr auto rate = xg::poisson_nll(x, y, xg::rate_input, xg::epsilon(1e-3_c));
    constexpr auto gauss = xg::gaussian_nll(x, y, v, xg::full_likelihood);
    auto V = support::shaped<double>({at.x.size()});
    for (std::size_t i = 0; i < V.size(); ++i) V(i) = std::array{0.25, 3.0, 1e-9, -5.0}[i % 4];
    const auto [a, da, b, db, c, dc, d, dd, dv] = xg::compile<double>(poisson, slope(poisson), full, slope(full), rate, slope(rate), gauss, slope(gauss),
                                                                     xg::gradient(xg::sum(gauss), v))(x = at.x, y = at.y, v = V);
    for (std::size_t i = 0; i < V.size(); ++i) {
        const real m = at.x(i), n = at.y(i), e = m - n, w = std::fmax(V(i), static_cast<real>(1e-6));
        CAPTURE(at.x(i), at.y(i), V(i));
        CHECK(support::relative_error(a(i), std::exp(m) - n * m, std::exp(m) + std::fabs(n * m)) <= 1e-15);
        CHECK(support::relative_error(da(i), std::exp(m) - n, std::exp(m) + n) <= 1e-15);
        CHECK(support::relative_error(b(i), std::exp(m) - n * m + stirling(n), std::exp(m) + std::fabs(n * m) + n * std::log(n + 1) + n) <= 1e-15);
        CHECK(support::relative_error(db(i), std::exp(m) - n, std::exp(m) + n) <= 1e-15);
        if (m > 0) CHECK(support::relative_error(c(i), m - n * std::log(m + 1e-3L), m + n * std::fabs(std::log(m + 1e-3L)) + n) <= 1e-15);
        if (m > 0) CHECK(support::relative_error(dc(i), 1 - n / (m + 1e-3L), 1 + n / (m + 1e-3L)) <= 1e-15);
        CHECK(support::relative_error(d(i), (std::log(w) + e * e / w + std::log(2 * std::numbers::pi_v<real>)) / 2, 1 + std::fabs(std::log(w)) + e * e / w) <= 1e-15);
        CHECK(support::relative_error(dd(i), e / w, std::fabs(e / w)) <= 1e-15);
        CHECK(support::relative_error(dv(i), (1 - e * e / w) / (2 * w), (1 + e * e / w) / w) <= 1e-15);
    }
}

TEST_CASE("rows of errors: absolute, percentage, logarithmic; a divergence", "[nn]") {
    using T = float;
    constexpr auto absolute = xg::mean_absolute_error(p, q);
    constexpr auto percentage = xg::mean_absolute_percentage_error(p, q);
    constexpr auto logarithmic = xg::mean_squared_logarithmic_error(p, q);
    constexpr auto divergence = xg::generalised_kl(p, q);
    constexpr std::size_t n = 12;
    auto P = support::uniform<T>({n, 5}, 1, 0, 4), Q = support::uniform<T>({n, 5}, 2, 0, 4);
    for (std::size_t c = 0; c < 5; ++c) {
        P(0, c) = 0, Q(1, c) = 0;                                       // nothing predicted; nothing there
        P(2, c) = static_cast<T>(3 + 1e-4 * static_cast<double>(c)), Q(2, c) = 3;  // nearly right
        P(3, c) = static_cast<T>(1e8), P(4, c) = static_cast<T>(1e-20), Q(4, c) = static_cast<T>(1e8);  // far off
        P(5, c) = Q(5, c);                                              // right
    }
    Q(0, 1) = 0;
    const auto [a, da, b, db, c, dc, d, dd] =
        xg::compile<T>(absolute, by(absolute), percentage, by(percentage), logarithmic, by(logarithmic), divergence, by(divergence))(p = P, q = Q);
    const double eps = 8 * support::epsilon<T>;
    for (std::size_t i = 0; i < n; ++i) {
        CAPTURE(i);
        real ea = 0, eb = 0, ec = 0, ed = 0;
        for (std::size_t k = 0; k < 5; ++k) {
            const real u = P(i, k), w = Q(i, k), e = u - w, least = std::fmax(std::fabs(w), static_cast<real>(static_cast<T>(1e-7))), l = std::log1p(u) - std::log1p(w);
            ea += std::fabs(e) / 5, eb += 20 * std::fabs(e) / least, ec += l * l / 5, ed += (w > 0 ? w * std::log(w / u) : 0) - w + u;
            CHECK(support::relative_error(da(i, k), sign(e) / 5, 0.2L) <= eps);
            CHECK(support::relative_error(db(i, k), 20 * sign(e) / least, 20 / least) <= eps);
            CHECK(support::relative_error(dc(i, k), 0.4L * l / (1 + u), 0.4L * std::fabs(l) / (1 + u)) <= 2 * eps);
            CHECK(support::relative_error(dd(i, k), w > 0 ? 1 - w / u : 1, w > 0 ? 1 + w / u : 1) <= eps);
        }
        CHECK(support::relative_error(a(i), ea, ea) <= eps);
        CHECK(support::relative_error(b(i), eb, eb) <= eps);
        CHECK(support::relative_error(c(i), ec, ec) <= 2 * eps);
        CHECK(support::relative_error(d(i), ed, i == 2 ? ed * 1e5L : ed) <= eps);
    }
}
