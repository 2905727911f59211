// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Logarithms of sums in which each exponential has a factor of its own, or the sum has one: densities of mixtures, means of exponentials.
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
static_assert(fired(log(sum(z * exp(x), all)), "log-of-weighted-sum-of-exp") == 0);  // z may be below 0
static_assert(fired(log(xg::mean(exp(x), all)), "log-of-multiple-of-sum-of-exp") >= 1);
static_assert(fired(log(sum(0.5_c * shares * exp(x), all)), "log-of-multiple-of-weighted") >= 1);
static_assert(fired(log(sum(0.5_c * z * exp(x), all)), "log-of-multiple-of-weighted") == 0);
static_assert(fired(log(xg::mean(exp(x), xg::axes<0>)), "log-of-multiple-of-sum-of-exp") >= 1);

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
