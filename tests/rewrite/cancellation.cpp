// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"
#include "rewrite/rows.hpp"

/// A term and its opposite go before anything is differentiated or computed; other sums keep their order.
namespace {
namespace xg = xgrad;
using namespace xg::literals;
using rows::a, rows::b, rows::fired, rows::fired_at_all;
constexpr auto c = xg::input<"c">(rows::n);
constexpr auto d = xg::input<"d">(rows::n);

/// Whether two formulas become one node: more than `same`, which compares values of rational functions.
template <class A, class B>
consteval bool one_node(A, B) {
    xg::graph g;
    g.rewrite = xg::rewrite_refined;
    xg::lowering l{g, &xg::derive_record};
    return l.lower(xg::ast::node_traits<A>::of()) == l.lower(xg::ast::node_traits<B>::of());
}
}  // namespace

static_assert(one_node(a + (b - a), b) && one_node((b - a) + a, b) && one_node((a + b) - a, b) && one_node((b + a) - a, b));
static_assert(one_node(a - (a - b), b) && one_node(a - (a + b), -b) && one_node((a - b) - a, -b) && one_node(-a + (a + b), b));
static_assert(one_node(2_c * a + (b - 2_c * a), b) && one_node(a * b + (c - b * a), c) && one_node(a / 4_c + (b - 0.25_c * a), b));
static_assert(one_node((a + b) + (c - a), b + c) && one_node((a + b) + (c - b), a + c) && one_node((a + b) - (c + a), b - c));
static_assert(one_node(((a + b) + c) - a, b + c) && one_node(((a + b) + c) - b, a + c) && one_node(a + (b - (c + a)), b - c));
static_assert(one_node(2_c * (a + b) - 2_c * a, 2_c * b) && one_node(a - a, 0_c * a));
static_assert(one_node(a + xg::stop_gradient(b - a), a + xg::stop_gradient(b - a)) && !one_node(a + xg::stop_gradient(b - a), b));
// not these: another number, another order
static_assert(!one_node(a + (b - 2_c * a), b - a) && !one_node((a - b) - c, a - (b + c)) && !one_node((a + b) + c, a + (b + c)));

TEST_CASE("a derivative is not what rounding leaves of two large numbers", "[rewrite]") {
    // y = t e + (t - t e) is t: at t = 50 the derivative by parts is 0, e^50 + 50 e^50 away from 100.
    constexpr auto t = 100_c * a;
    constexpr auto y = t * exp(t) + (t - t * exp(t));
    const auto x = support::vector_of(std::vector<double>{0.5, -3, 8});
    const auto [value, slope] = xg::compile<double>(y, xg::gradient(xg::sum(a * y), a))(a = x);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(value(i) == 100 * x(i));
        CHECK(slope(i) == 200 * x(i));
    }
    STATIC_REQUIRE(xg::same(xg::gradient(xg::sum(y), a), 100_c + 0_c * a));
}
TEST_CASE("an estimator that goes straight through has the value it goes to", "[rewrite]") {
    constexpr auto rounded = a + xg::stop_gradient(b - a);
    const auto x = support::vector_of(std::vector<float>{1e8f, 0.1f}), y = support::vector_of(std::vector<float>{1, 0.7f});
    const auto [value, slope] = xg::compile(rounded, xg::gradient(xg::sum(c * rounded), a))(a = x, b = y, c = y);
    for (std::size_t i = 0; i < 2; ++i) CHECK((value(i) == y(i) && slope(i) == y(i)));
}

namespace {
using plain::columns;
constexpr auto z = xg::input<"z">(plain::rows, columns);
constexpr auto r = xg::input<"r">(plain::rows, 1_c);
constexpr auto s = xg::scalar<"s">;
constexpr auto top = xg::max(z, xg::axes<-1>, xg::keep_axes);
}  // namespace

static_assert(fired(xg::softmax(z - top), "softmax-of-shifted") == 1 && xg::same(xg::softmax(z - top), xg::softmax(z)));
static_assert(fired(xg::softmax(r + z), "softmax-of-shifted") == 1 && fired(xg::softmax(z + s), "softmax-of-shifted") == 1);
static_assert(fired(xg::log_softmax(z - r), "log-softmax-of-shifted") == 1);
static_assert(fired(xg::logsumexp(z - r, xg::axes<-1>), "logsumexp-of-shifted") == 1 && fired(xg::logsumexp(z - s, xg::axes<-1>), "logsumexp-of-shifted") == 1);
static_assert(fired(z - xg::logsumexp(z, xg::axes<-1>, xg::keep_axes), "minus-logsumexp") == 1);
// The stable formula by hand, which is none for the derivative by the largest.
static_assert(xg::same(exp(z - top) / xg::sum(exp(z - top), xg::axes<-1>, xg::keep_axes), xg::softmax(z)));
static_assert(one_node(xg::max(z, xg::axes<-1>) + log(xg::sum(exp(z - top), xg::axes<-1>)), xg::logsumexp(z, xg::axes<-1>)));
// What varies along the axis is no shift.
static_assert(fired_at_all(xg::softmax(z + xg::input<"w">(columns))) == 0 && fired_at_all(xg::softmax(z + r, xg::axes<0>)) == 0);
static_assert(fired_at_all(xg::logsumexp(xg::input<"v">(columns) + r, xg::axes<-1>)) == 0);  // the vector alone has one axis less
static_assert(fired_at_all(z - xg::logsumexp(z + z, xg::axes<-1>, xg::keep_axes)) == 0);

TEMPLATE_TEST_CASE("shifts of softmax, log_softmax and logsumexp", "[rewrite]", float, double) {
    const auto Z = support::uniform<TestType>({5, 7}, 1, -30, 30);
    auto R = support::uniform<TestType>({5, 1}, 2, -1, 1);
    R(0, 0) = TestType(1e6);  // z + 1e6 has lost digits of z; softmax(z) has not
    const auto [p, l, total, moved, own] =
        xg::compile<TestType>(xg::softmax(z + r), xg::log_softmax(r + z), xg::logsumexp(z + r, xg::axes<-1>), xg::logsumexp(z - s, xg::axes<-1>),
                              z - xg::logsumexp(z, xg::axes<-1>, xg::keep_axes))(z = Z, r = R, s = 3);
    for (std::size_t i = 0; i < 5; ++i) {
        long double sum = 0;
        for (std::size_t k = 0; k < 7; ++k) sum += std::exp(static_cast<long double>(Z(i, k)));
        const long double logarithm = std::log(sum), epsilon = support::epsilon<TestType>;
        CHECK(std::abs(total(i) - (R(i, 0) + logarithm)) <= epsilon * (std::abs(R(i, 0)) + 40));
        CHECK(std::abs(moved(i) - (logarithm - 3)) <= epsilon * 40);
        for (std::size_t k = 0; k < 7; ++k) {
            CHECK(support::ulps(p(i, k), std::exp(static_cast<long double>(Z(i, k))) / sum) <= 64);
            CHECK(std::abs(l(i, k) - (Z(i, k) - logarithm)) <= 40 * epsilon);
            CHECK(l(i, k) == own(i, k));
        }
    }
}
