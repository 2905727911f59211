// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Logarithms of densities: sums in which each exponential has a factor of its own, or the sum has one; one probability of a softmax; a squashed normal number.
#include "rewrite/rows.hpp"

namespace {
namespace xg = xgrad;
using namespace xg::literals;
using laws::real;
using rows::fired;

constexpr auto x = xg::input<"x">(xg::axis<"samples">, 3_c);
constexpr auto z = xg::input<"z">(xg::axis<"samples">, 3_c);
constexpr auto all = xg::axes<-1>;
constexpr auto shares = xg::softmax(z, all);

static_assert(fired(log(sum(shares * exp(x), all)), "log-of-weighted-sum-of-exp") >= 1);
static_assert(fired(log(sum(exp(z) * exp(x), all)), "log-of-weighted-sum-of-exp") >= 1);
static_assert(fired(log(sum(xg::sigmoid(z) * exp(x), all)), "log-of-weighted-sum-of-exp") >= 1);
static_assert(fired(log(sum(exp(x) / xg::softplus(z), all)), "log-of-weighted-sum-of-exp") >= 1);
static_assert(fired(log(sum(shares / (2_c * exp(z)) * exp(x), all)), "log-of-weighted-sum-of-exp") >= 1);
static_assert(fired(log(sum(z * exp(x), all)), "log-of-weighted-sum-of-exp") == 0);  // z may be below 0
static_assert(fired(log(sum(exp(x) / z, all)), "log-of-weighted-sum-of-exp") == 0);
static_assert(fired(log(sum(xg::softplus(z) * xg::square(x), all)), "log-of-weighted-sum-of-exp") == 0);  // no exponential
static_assert(fired(log(exp(x) * z), "log-of-product-with-exp") == 1);
static_assert(fired(log(exp(x) * z * xg::square(x)), "log-of-product-with-exp") == 2);
static_assert(fired(log(exp(x) * z * x), "log-of-product-with-exp") == 0);  // both may be below 0, and have no logarithms then
static_assert(fired(log(exp(x) / z), "log-of-quotient-with-exp") == 1);
static_assert(fired(log(x / exp(z)), "log-of-quotient-with-exp") == 1);
static_assert(fired(log(x * exp(x) / z), "log-of-quotient-with-exp") == 0);
static_assert(fired(log(x / z), "log-of-quotient-with-exp") == 0);
static_assert(fired(log(sum(xg::relu(z) * exp(x), all)), "log-of-weighted-sum-of-exp") == 0);  // 0 log(relu(z)) has no slope where relu(z) has one
static_assert(fired(log(xg::mean(exp(x), all)), "log-of-product-with-exp") >= 1);
static_assert(fired(log(sum(0.5_c * shares * exp(x), all)), "log-of-product-with-exp") >= 1);
static_assert(fired(log(sum(0.5_c * z * exp(x), all)), "log-of-product-with-exp") == 0);
static_assert(fired(log(xg::mean(exp(x), xg::axes<0>)), "log-of-product-with-exp") >= 1);
static_assert(fired(log(0.3_c * exp(x) + 0.7_c * exp(z)), "log-of-weighted-exp-plus") == 1);
static_assert(fired(log(0.2_c * exp(x) + 0.3_c * exp(z) + 0.5_c * exp(x + z)), "log-of-weighted-exp-plus") == 2);
static_assert(fired(log(z * exp(x) + 0.7_c * exp(z)), "log-of-weighted-exp-plus") == 0);
static_assert(fired(log(0.7_c + exp(z)), "log-of-weighted-exp-plus") == 0);
static_assert(fired(log(1_c + 0.7_c * exp(z)), "log1p-of-weighted-exp") == 1);
static_assert(fired(log(1_c + sum(exp(z), all)), "log1p-of-weighted-exp") == 1);
static_assert(fired(log(1_c + sum(shares * sigmoid(x), all)), "log1p-of-weighted-exp") == 0);  // below 2
static_assert(fired(log((exp(x) + exp(-x)) / 2_c), "log-of-half-exp-plus-exp") == 1);
static_assert(fired(log((exp(x) + exp(-z)) / 2_c), "log-of-half-exp-plus-exp") == 0);

/// log of the sum of e^(of term), in long double.
real exact(std::size_t r, auto term) {
    real top = -std::numeric_limits<real>::infinity(), sum = 0;
    for (std::size_t k = 0; k < 3; ++k) top = std::max(top, term(r, k));
    for (std::size_t k = 0; k < 3; ++k) sum += std::exp(term(r, k) - top);
    return top + std::log(sum);
}
}  // namespace

TEMPLATE_TEST_CASE("mixtures far out are finite, and so are their gradients", "[rewrite]", float, double) {
    using array = support::array<TestType, 2>;
    const array X{{-500, -501, -502}, {700, 501, 702}, {1, 2, 3}, {-900, 900, 0}}, Z{{1, 2, 3}, {-3, 2, 200}, {0, 0.5, 0}, {0, -300, 5}};
    const auto at = [](const array& a, std::size_t r, std::size_t k) { return static_cast<real>(a(r, k)); };
    const auto log_share = [&](std::size_t r, std::size_t k) { return at(Z, r, k) - exact(r, [&](std::size_t i, std::size_t j) { return at(Z, i, j); }); };
    constexpr auto of_means = log(xg::mean(exp(x), all));
    constexpr auto of_shares = log(sum(shares * exp(x), all));
    constexpr auto of_both = log(sum(exp(z) * exp(x), all));
    constexpr auto of_densities = log(sum(0.25_c * shares * exp(x), all));
    const auto [means, weighted, both, densities, gradient] =
        xg::compile<TestType>(of_means, of_shares, of_both, of_densities, xg::gradient(sum(of_means + of_shares + of_both + of_densities), x))(x = X, z = Z);
    for (std::size_t r = 0; r < 4; ++r) {
        CAPTURE(r);
        const auto is = [&](TestType got, real wanted) { CHECK(support::relative_error(got, wanted, 1 + std::abs(wanted)) <= 4 * support::epsilon<TestType>); };
        is(means(r), exact(r, [&](std::size_t i, std::size_t k) { return at(X, i, k); }) - std::log(real{3}));
        is(both(r), exact(r, [&](std::size_t i, std::size_t k) { return at(X, i, k) + at(Z, i, k); }));
        const real mixed = exact(r, [&](std::size_t i, std::size_t k) { return at(X, i, k) + log_share(i, k); });
        is(weighted(r), mixed);
        is(densities(r), mixed + std::log(real{0.25}));
        CHECK(gradient(r, 0) + gradient(r, 1) + gradient(r, 2) == Approx(4));
    }
}

/// Of one observation y: as in the textbook, p_k N(y; m_k, s_k), however the quotient is written.
TEMPLATE_TEST_CASE("mixtures of normal densities, with scales of their own", "[rewrite]", float, double) {
    constexpr auto m = xg::input<"m">(xg::axis<"samples">, 3_c);
    constexpr auto y = xg::input<"y">(xg::axis<"samples">, 1_c);
    constexpr auto spread = exp(x);
    constexpr auto root = xg::number<2.50662827463100050242>;
    constexpr auto q = -0.5_c * xg::square((y - m) / spread);
    constexpr auto soft = xg::softplus(x);
    constexpr auto q_soft = -0.5_c * xg::square((y - m) / soft);
    using array = support::array<TestType, 2>;
    const array X{{0, 0.01f, 0.02f}, {-2, 0.5, 3}, {0, 0, 0}}, M{{0, 0.1f, 0.2f}, {-1, 2, 5}, {1e4f, 2e4f, 3e4f}}, Z{{0, 1, 2}, {3, -90, 0}, {-1, 0, 1}}, Y{{30}, {-40}, {0}};
    const auto [a, b, c, d, e, f, soft_scale, one, slope_m, slope_x] = xg::compile<TestType>(
        log(sum(shares * exp(q) / spread, all)), log(sum(shares * exp(q) / (spread * root), all)), log(sum(shares * (exp(q) / (root * spread)), all)),
        log(sum(shares / spread * exp(q), all) / root), log(sum(shares * exp(q) * exp(-x), all)), log(xg::mean(shares * exp(q) / spread, all)),
        log(sum(shares * exp(q_soft) / soft, all)), sum(log(exp(q) / (spread * root)), all), xg::gradient(sum(log(sum(shares * exp(q) / spread, all))), m),
        xg::gradient(sum(log(sum(shares * exp(q) / spread, all))), x))(x = X, m = M, z = Z, y = Y);
    for (std::size_t r = 0; r < 3; ++r) {
        CAPTURE(r);
        const auto at = [](const array& v, std::size_t i, std::size_t k) { return static_cast<real>(v(i, k)); };
        const real normaliser = exact(r, [&](std::size_t i, std::size_t k) { return at(Z, i, k); }), log_root = std::log(2 * std::numbers::pi_v<real>) / 2;
        const auto term = [&](auto scale_of) {
            return [&, scale_of](std::size_t i, std::size_t k) {
                const real s = scale_of(at(X, i, k)), t = (at(Y, i, 0) - at(M, i, k)) / s;
                return at(Z, i, k) - normaliser - t * t / 2 - std::log(s);
            };
        };
        const auto of_exp = term([](real v) { return std::exp(v); });
        const real wanted = exact(r, of_exp);
        const auto is = [&](TestType got, real right) { CHECK(support::relative_error(got, right, 1 + std::abs(right)) <= 8 * support::epsilon<TestType>); };
        is(a(r), wanted);
        is(b(r), wanted - log_root);
        is(c(r), wanted - log_root);
        is(d(r), wanted - log_root);
        is(e(r), wanted);
        is(f(r), wanted - std::log(real{3}));
        is(soft_scale(r), exact(r, term([](real v) { return std::log1p(std::exp(v)); })));
        real total = 0;
        for (std::size_t k = 0; k < 3; ++k) total += of_exp(r, k) - at(Z, r, k) + normaliser - log_root;
        is(one(r), total);
        for (std::size_t k = 0; k < 3; ++k) {
            const real share = std::exp(of_exp(r, k) - wanted), s = std::exp(at(X, r, k)), t = (at(Y, r, 0) - at(M, r, k)) / s;
            CHECK(support::relative_error(slope_m(r, k), share * t / s, std::abs(share * t / s) + 1) <= 2000 * support::epsilon<TestType>);
            CHECK(support::relative_error(slope_x(r, k), share * (t * t - 1), share * t * t + 1) <= 2000 * support::epsilon<TestType>);
        }
    }
}

TEMPLATE_TEST_CASE("sums of a few exponentials", "[rewrite]", float, double) {
    using array = support::array<TestType, 2>;
    const array X{{-500, 801, -502}, {700, -2, 702}, {1, 2, 3}, {-90, 90, 0}}, Z{{-501, 800, 0}, {-3, -2, 700}, {0, 0.5, 0}, {0, -300, 5}};
    constexpr auto two = log(0.3_c * exp(x) + sigmoid(z) * exp(z));
    constexpr auto three = log(0.2_c * exp(x) + 0.3_c * exp(z) + 0.5_c * exp(-x));
    constexpr auto beside_one = log(1_c + sum(sigmoid(z) * exp(x), all));
    constexpr auto cosh = log((exp(x) + exp(-x)) / 2_c);
    const auto [a, b, c, d, slope] = xg::compile<TestType>(two, three, beside_one, cosh, xg::gradient(sum(two) + sum(three) + sum(beside_one), x))(x = X, z = Z);
    const auto log_sum = [](std::initializer_list<real> terms) {
        real top = std::max(terms), total = 0;
        for (real t : terms) total += std::exp(t - top);
        return top + std::log(total);
    };
    const auto is = [](TestType got, real wanted, real size) { CHECK(support::relative_error(got, wanted, 1 + size) <= 4 * support::epsilon<TestType>); };
    for (std::size_t r = 0; r < 4; ++r) {
        real whole = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const real u = X(r, k), v = Z(r, k), share = -std::log1p(std::exp(-std::fabs(v))) + std::min(v, 0.0L);
            whole = k == 0 ? log_sum({0, share + u}) : log_sum({whole, share + u});
        }
        is(c(r), whole, std::abs(whole));
        for (std::size_t k = 0; k < 3; ++k) {
            CAPTURE(r, k);
            const real u = X(r, k), v = Z(r, k), share = -std::log1p(std::exp(-std::fabs(v))) + std::min(v, 0.0L), size = std::max(std::abs(u), std::abs(v));
            const real of_two = log_sum({std::log(0.3L) + u, share + v}), of_three = log_sum({std::log(0.2L) + u, std::log(0.3L) + v, std::log(0.5L) - u});
            is(a(r, k), of_two, size);
            is(b(r, k), of_three, size);
            is(d(r, k), log_sum({u, -u}) - std::log(2.0L), size);
            const real wanted = std::exp(std::log(0.3L) + u - of_two) + std::exp(std::log(0.2L) + u - of_three) - std::exp(std::log(0.5L) - u - of_three) + std::exp(share + u - whole);
            is(slope(r, k), wanted, size);  // exponentials of numbers as large as that
        }
    }
}

TEMPLATE_TEST_CASE("the probability of the other classes, and its logarithm", "[rewrite]", float, double) {
    constexpr auto t = xg::labels<"t">(xg::axis<"samples">, xg::classes(3_c));
    constexpr auto unlikelihood = -log(1_c - pick(xg::softmax(x), t));
    STATIC_REQUIRE(fired(unlikelihood, "one-minus-picked-softmax") == 1);
    const support::array<TestType, 2> X{{60, 0, 0}, {0, -30, 1}, {1, 2, 3}, {0, 40, 39}};
    const xt::xtensor<std::int32_t, 1> T{0, 1, 0, 1};
    const auto [value, slope] = xg::compile<TestType>(unlikelihood, xg::gradient(sum(unlikelihood), x))(x = X, t = T);
    for (std::size_t r = 0; r < 4; ++r) {
        CAPTURE(r);
        const auto label = static_cast<std::size_t>(T(r));
        const real all_of = exact(r, [&](std::size_t i, std::size_t k) { return static_cast<real>(X(i, k)); });
        const real others = exact(r, [&](std::size_t i, std::size_t k) { return k == label ? -std::numeric_limits<real>::infinity() : static_cast<real>(X(i, k)); });
        const real p = std::exp(static_cast<real>(X(r, label)) - all_of), wanted = p < 0.5 ? -std::log1p(-p) : all_of - others;
        CHECK(support::relative_error(value(r), wanted, wanted) <= 32 * support::epsilon<TestType>);  // p = e^-31 where it is small
        CHECK(support::relative_error(slope(r, label), p, 1) <= 8 * support::epsilon<TestType>);
    }
}

TEMPLATE_TEST_CASE("the logarithm of a picked probability, far from the largest", "[rewrite]", float, double) {
    constexpr auto t = xg::labels<"t">(xg::axis<"samples">, xg::classes(3_c));
    constexpr auto surprise = -log(pick(xg::softmax(x), t));
    STATIC_REQUIRE(fired(surprise, "log-of-picked-softmax") == 1);
    STATIC_REQUIRE(xg::same(xg::gradient(sum(surprise), x), xg::softmax(x) - xg::one_hot(t)));
    const support::array<TestType, 2> X{{200, 0, 0}, {0, -300, 1}, {1, 2, 3}, {1e4f, -1e4f, 0}};
    const xt::xtensor<std::int32_t, 1> T{1, 1, 0, 1};
    const auto [value, slope] = xg::compile<TestType>(surprise, xg::gradient(sum(surprise), x))(x = X, t = T);
    for (std::size_t r = 0; r < 4; ++r) {
        CAPTURE(r);
        const auto label = static_cast<std::size_t>(T(r));
        const real total = exact(r, [&](std::size_t i, std::size_t k) { return static_cast<real>(X(i, k)); }), wanted = total - static_cast<real>(X(r, label));
        CHECK(support::relative_error(value(r), wanted, wanted) <= 4 * support::epsilon<TestType>);
        CHECK(support::relative_error(slope(r, label), std::expm1(-wanted), 1) <= 4 * support::epsilon<TestType>);
    }
}

TEMPLATE_TEST_CASE("log(1 - tanh^2)", "[rewrite]", float, double) {
    constexpr auto by_square = log(1_c - xg::square(tanh(x)));
    constexpr auto by_product = log(1_c - tanh(x) * tanh(x));
    STATIC_REQUIRE(fired(by_square, "log1p-of-minus-square-of-tanh") == 1);
    STATIC_REQUIRE(fired(by_product, "log1p-of-minus-square-of-tanh") + fired(by_product, "log1p-of-minus-tanh-times-tanh") == 1);
    const support::array<TestType, 2> X{{0, 1e-3f, -1}, {9, -20, 400}};
    const auto [a, b, slope] = xg::compile<TestType>(by_square, by_product, xg::gradient(sum(by_square), x))(x = X);
    for (std::size_t i = 0; i < 6; ++i) {
        const real v = static_cast<real>(X.data()[i]), size = std::abs(v), wanted = size < 1 ? std::log1p(-std::tanh(v) * std::tanh(v)) : 2 * (std::log(real{2}) - size - std::log1p(std::exp(-2 * size)));
        CHECK(support::relative_error(a.data()[i], wanted, std::abs(wanted)) <= 4 * support::epsilon<TestType>);
        CHECK(a.data()[i] == b.data()[i]);
        CHECK(support::relative_error(slope.data()[i], -2 * std::tanh(v), std::abs(v)) <= 4 * support::epsilon<TestType>);
    }
}
