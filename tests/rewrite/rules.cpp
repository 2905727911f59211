// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/laws.hpp"
#include "ops/structural.hpp"

using namespace plain;

/// Every row of the table by name: that it fires on its textbook formula, and that what it makes of it has the value of the
/// formula, worked out in long double, on zeros, infinities, NaN, huge and tiny numbers.
namespace {

constexpr auto n = xg::axis<"n">;
constexpr auto a = xg::input<"a">(n);
constexpr auto b = xg::input<"b">(n);
constexpr auto z = xg::input<"z">(rows, columns);
constexpr auto u = xg::input<"u">(rows);

template <class F>
consteval int fired(F, std::string_view rule) {
    constexpr const auto& plan = decltype(xg::compile<double>(F{}))::plan;
    for (std::size_t i = 0; i < xg::rewrite_rules.size(); ++i)
        if (xg::rewrite_rules[i].name == rule) return plan.fired[i];
    return -1;
}
template <class F>
consteval int fired_at_all(F) {
    int count = 0;
    for (int k : decltype(xg::compile<double>(F{}))::plan.fired) count += k;
    return count;
}

real sigmoid(real x) { return laws::law<xg::sigmoid_op>::value(x); }
real softplus(real x) { return laws::law<xg::softplus_op>::value(x); }

/// The compiled formula against its exact value on the grid, in T, within `bound` units in the last place.
template <class T>
void value_is(auto formula, real (*exact)(real), double bound, double low = -std::numeric_limits<double>::infinity()) {
    std::vector<T> points;
    for (T x : laws::grid<T>())
        if (std::isnan(x) || x >= low) points.push_back(x);
    const auto x = support::vector_of(points);
    const auto got = xg::compile<T>(formula)(a = x);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const real wanted = exact(points[i]);
        CAPTURE(points[i], got(i), static_cast<double>(wanted), sizeof(T));
        if (std::abs(wanted) > 0 && static_cast<T>(wanted) == 0) {
            CHECK(std::abs(got(i)) <= std::numeric_limits<T>::min());
        } else if (std::abs(wanted) < std::numeric_limits<T>::min() && wanted != 0) {
            CHECK(std::abs(got(i)) <= std::numeric_limits<T>::min());  // a subnormal result may be 0
        } else {
            CHECK(support::ulps(got(i), wanted) <= bound);
        }
    }
}
template <class T>
void both(auto formula, real (*exact)(real), double bound, double low = -std::numeric_limits<double>::infinity()) {
    value_is<T>(formula, exact, bound, low);
}

}  // namespace

#define FIRES(rule, ...)                                  \
    constexpr auto formula = __VA_ARGS__;                 \
    STATIC_REQUIRE(fired(formula, rule) >= 1)

TEMPLATE_TEST_CASE("log-of-sigmoid", "[rewrite]", float, double) {
    FIRES("log-of-sigmoid", log(sigmoid(a)));
    value_is<TestType>(formula, [](real x) { return -softplus(-x); }, 4);
}
TEMPLATE_TEST_CASE("one-minus-sigmoid", "[rewrite]", float, double) {
    FIRES("one-minus-sigmoid", 1_c - sigmoid(a));
    value_is<TestType>(formula, [](real x) { return sigmoid(-x); }, 4);
}
TEMPLATE_TEST_CASE("reciprocal-one-plus-exp", "[rewrite]", float, double) {
    FIRES("reciprocal-one-plus-exp", 1_c / (1_c + exp(-a)));
    value_is<TestType>(formula, sigmoid, 4);
    constexpr auto other_order = 1_c / (exp(-a) + 1_c);
    STATIC_REQUIRE(fired(other_order, "reciprocal-one-plus-exp") >= 1);
}
TEMPLATE_TEST_CASE("log-one-plus-exp", "[rewrite]", float, double) {
    FIRES("log-one-plus-exp", log(1_c + exp(a)));
    value_is<TestType>(formula, softplus, 4);
    constexpr auto other_order = log(exp(a) + 1_c);
    STATIC_REQUIRE(fired(other_order, "log-one-plus-exp") >= 1);
}
TEMPLATE_TEST_CASE("log1p-of-exp", "[rewrite]", float, double) {
    FIRES("log1p-of-exp", log1p(exp(a)));
    value_is<TestType>(formula, softplus, 4);
}
TEMPLATE_TEST_CASE("log-one-plus", "[rewrite]", float, double) {
    FIRES("log-one-plus", log(1_c + a));
    value_is<TestType>(formula, [](real x) { return std::log1p(x); }, 2);
}
TEMPLATE_TEST_CASE("exp-minus-one", "[rewrite]", float, double) {
    FIRES("exp-minus-one", exp(a) - 1_c);
    value_is<TestType>(formula, [](real x) { return std::expm1(x); }, 3);
}
TEMPLATE_TEST_CASE("exp-of-minus-softplus", "[rewrite]", float, double) {
    FIRES("exp-of-minus-softplus", exp(-softplus(a)));
    value_is<TestType>(formula, [](real x) { return sigmoid(-x); }, 4);
}
TEMPLATE_TEST_CASE("log-of-exp", "[rewrite]", float, double) {
    FIRES("log-of-exp", log(exp(a)));
    value_is<TestType>(formula, [](real x) { return x; }, 0);
}
TEMPLATE_TEST_CASE("exp-of-log", "[rewrite]", float, double) {
    FIRES("exp-of-log", exp(log(a)));
    value_is<TestType>(formula, [](real x) { return x; }, 0, 0.0);  // real only from 0 on
}
TEMPLATE_TEST_CASE("sqrt-of-square", "[rewrite]", float, double) {
    FIRES("sqrt-of-square", sqrt(square(a)));
    value_is<TestType>(formula, [](real x) { return std::fabs(x); }, 0);
}
TEMPLATE_TEST_CASE("times-indicator", "[rewrite]", float, double) {
    FIRES("times-indicator", a * xg::indicator(a > 0_c));
    value_is<TestType>(formula, [](real x) { return x > 0 ? x : 0; }, 0);  // 0 where false, also for infinities and NaN
}

namespace {
/// Rows of hard logits: spread, equal, one far ahead, huge, tiny, with -inf, a lone -inf row excluded.
template <class T>
array<T, 2> hard_rows() {
    const double inf = std::numeric_limits<double>::infinity(), huge = sizeof(T) == 4 ? 1e30 : 1e200, tiny = sizeof(T) == 4 ? 1e-30 : 1e-200;
    const std::vector<std::array<double, 3>> given{{0, 1, 2},    {0, -0.0, 0},    {80, 0, 0},    {-1e4, 0, 1e4},    {huge, -huge, 0}, {tiny, -tiny, 0},
                                                   {-inf, 0, 1}, {0, -inf, -inf}, {1e4, 1e4, 0}, {-20, -21, -22.5}, {88, 89, 90},     {-100, -101, -100.5}};
    auto made = support::shaped<T>({given.size(), 3});
    for (std::size_t r = 0; r < given.size(); ++r)
        for (std::size_t c = 0; c < 3; ++c) made(r, c) = static_cast<T>(given[r][c]);
    return made;
}
/// log softmax in long double, with the digits of a row whose largest logit is far ahead.
template <class T>
std::vector<real> exact_log_softmax(const array<T, 2>& x) {
    std::vector<real> made;
    for (std::size_t r = 0; r < x.shape()[0]; ++r) {
        const std::size_t width = x.shape()[1];
        std::size_t top = 0;
        for (std::size_t c = 1; c < width; ++c)
            if (x(r, c) > x(r, top)) top = c;
        real others = 0;
        for (std::size_t c = 0; c < width; ++c)
            if (c != top) others += std::exp(static_cast<real>(x(r, c)) - x(r, top));
        for (std::size_t c = 0; c < width; ++c) made.push_back((static_cast<real>(x(r, c)) - x(r, top)) - std::log1p(others));
    }
    return made;
}
template <class T>
std::vector<real> exact_softmax(const array<T, 2>& x) {
    auto made = exact_log_softmax(x);
    for (real& v : made) v = std::exp(v);
    return made;
}
template <class T, class A>
void rows_are(const A& got, const std::vector<real>& exact, double bound) {
    REQUIRE(got.size() == exact.size());
    for (std::size_t i = 0; i < exact.size(); ++i) {
        CAPTURE(i, got.data()[i], static_cast<double>(exact[i]));
        if (exact[i] != 0 && std::abs(exact[i]) < std::numeric_limits<T>::min()) {
            CHECK(std::abs(got.data()[i]) <= std::numeric_limits<T>::min());
        } else {
            CHECK(support::ulps(got.data()[i], exact[i]) <= bound);
        }
    }
}
}  // namespace

TEMPLATE_TEST_CASE("log-of-softmax", "[rewrite]", float, double) {
    FIRES("log-of-softmax", log(xg::softmax(z)));
    const auto Z = hard_rows<TestType>();
    rows_are<TestType>(xg::compile<TestType>(formula)(z = Z), exact_log_softmax(Z), 4);
    STATIC_REQUIRE(fired(log(xg::softmax(z, rows)), "log-of-softmax") >= 1);
}
TEMPLATE_TEST_CASE("exp-of-log-softmax", "[rewrite]", float, double) {
    FIRES("exp-of-log-softmax", exp(xg::log_softmax(z)));
    const auto Z = hard_rows<TestType>();
    rows_are<TestType>(xg::compile<TestType>(formula)(z = Z), exact_softmax(Z), 16);  // e^-22.5 carries the rounding of -22.5
}
TEMPLATE_TEST_CASE("log-of-sum-of-exp", "[rewrite]", float, double) {
    FIRES("log-of-sum-of-exp", log(xg::sum(exp(z), xg::axes<-1>)));
    const auto Z = hard_rows<TestType>();
    const auto got = xg::compile<TestType>(formula)(z = Z);
    const auto exact = exact_log_softmax(Z);
    for (std::size_t r = 0; r < Z.shape()[0]; ++r) {
        std::size_t top = 0;
        for (std::size_t c = 1; c < 3; ++c)
            if (Z(r, c) > Z(r, top)) top = c;
        CAPTURE(r);
        CHECK(support::relative_error(got(r), Z(r, top) - exact[3 * r + top], 1 + std::abs(static_cast<real>(Z(r, top)))) <= 2 * support::epsilon<TestType>);
    }
}
TEMPLATE_TEST_CASE("exp-over-sum-of-exp", "[rewrite]", float, double) {
    // The sum put back to the rank of its operand by hand.
    FIRES("exp-over-sum-of-exp", exp(z) / xg::transpose(xg::broadcast(xg::sum(exp(z), xg::axes<-1>), columns, rows)));
    const auto Z = hard_rows<TestType>();
    rows_are<TestType>(xg::compile<TestType>(formula)(z = Z), exact_softmax(Z), 16);
}
TEMPLATE_TEST_CASE("softmax-minus-one-hot and its multiple", "[rewrite]", float, double) {
    constexpr auto logits = xg::input<"logits">(rows, 3_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(3_c));
    constexpr auto u_column = xg::input<"v">(rows, 1_c);
    constexpr auto plain_difference = xg::softmax(logits) - xg::one_hot(t);
    constexpr auto scaled = 0.25_c * xg::softmax(logits) - 0.25_c * xg::one_hot(t);
    STATIC_REQUIRE(fired(plain_difference, "softmax-minus-one-hot") >= 1);
    constexpr auto negative = u_column * xg::one_hot(t) - u_column * xg::softmax(logits);
    STATIC_REQUIRE(fired(scaled, "scaled-softmax-minus-one-hot") >= 1);
    STATIC_REQUIRE(fired(negative, "scaled-one-hot-minus-softmax") >= 1);
    const auto Z = hard_rows<TestType>();
    const auto p = exact_softmax(Z);
    for (std::int32_t label : {0, 1, 2}) {
        auto L = support::shaped<std::int32_t>({Z.shape()[0]});
        L.fill(label);
        std::vector<real> exact, quarter;
        for (std::size_t r = 0; r < Z.shape()[0]; ++r)
            for (std::size_t c = 0; c < 3; ++c) {
                real e = p[3 * r + c];
                if (static_cast<std::int32_t>(c) == label) e = -(p[3 * r + (c + 1) % 3] + p[3 * r + (c + 2) % 3]);
                exact.push_back(e);
                quarter.push_back(e / 4);
            }
        auto V = support::shaped<TestType>({Z.shape()[0], 1});
        V.fill(TestType{-0.25});
        const auto [one, four, turned] = xg::compile<TestType>(plain_difference, scaled, negative)(logits = Z, t = L, u_column = V);
        rows_are<TestType>(one, exact, 16);
        rows_are<TestType>(four, quarter, 16);
        rows_are<TestType>(turned, quarter, 16);
    }
}

/// What must not fire: near misses of the patterns.
TEST_CASE("near misses stay what they are", "[rewrite]") {
    STATIC_REQUIRE(fired_at_all(2_c - sigmoid(a)) == 0);
    STATIC_REQUIRE(fired_at_all(log(2_c + exp(a))) == 0);
    STATIC_REQUIRE(fired_at_all(log(1_c + exp(a) * b)) == 1);  // log1p of the product, no softplus
    STATIC_REQUIRE(fired(log(1_c + exp(a) * b), "log-one-plus") == 1);
    STATIC_REQUIRE(fired_at_all(exp(a) / xg::sum(exp(b))) == 0);
    STATIC_REQUIRE(fired(1_c / (1_c + exp(a)), "reciprocal-one-plus-exp") + fired_at_all(1_c / (2_c + exp(-a))) <= 1);
    STATIC_REQUIRE(fired(xg::softmax(xg::input<"q">(3_c, 3_c), xg::axes<0>) - xg::one_hot(xg::labels<"l">(3_c, xg::classes(3_c))), "softmax-minus-one-hot") == 0);
}

namespace {
constexpr std::array tested = {
    "log-of-softmax", "log-of-sigmoid", "one-minus-sigmoid", "reciprocal-one-plus-exp", "log-one-plus-exp", "log1p-of-exp", "log-one-plus",
    "exp-minus-one", "exp-over-sum-of-exp", "log-of-sum-of-exp", "exp-of-log-softmax", "exp-of-minus-softplus", "log-of-exp", "exp-of-log",
    "sqrt-of-square", "times-indicator", "softmax-minus-one-hot", "scaled-softmax-minus-one-hot", "scaled-one-hot-minus-softmax",
    // logarithms.cpp
    "log1p-of-minus-exp", "log1p-of-minus-sigmoid", "log-of-exp-plus-exp", "log-of-exp-minus-exp", "log-of-expm1", "log-of-minus-expm1", "log1mexp-of-minus-softplus",
    "log1p-of-expm1", "log-of-sqrt", "log-of-square", "log-of-power", "log-of-any-power", "exp-of-log1p", "exp-of-log1mexp", "exp-of-softplus",
    "expm1-of-log", "expm1-of-log1p", "expm1-of-log1mexp", "expm1-of-softplus", "expm1-of-minus-softplus",
    // functions.cpp
    "exp-over-one-plus-exp", "over-one-plus-exp", "exp-over-exp-plus-exp", "exp-times-sigmoid", "sigmoid-over-sigmoid-of-minus",
    "difference-of-softplus", "sigmoid-of-log-odds", "sigmoid-of-log-difference", "tanh-by-sigmoid", "tanh-by-exp", "one-minus-erf", "one-plus-erf",
    "erf-minus-one", "one-minus-erfc", "erfc-minus-one", "erfc-of-minus-over-root-two", "erfc-of-over-root-two", "one-minus-normal-cdf",
    "sqrt-of-product", "square-of-sqrt", "sqrt-times-itself", "over-own-sqrt", "over-own-abs", "abs-times-abs", "square-of-abs", "abs-of-nonnegative",
    "relu-of-nonnegative", "maximum-with-zero", "maximum-of-equals", "minimum-of-equals", "power-of-one", "log-of-normal-cdf", "log-of-erfc", "log-of-difference-of-sigmoids", "log-of-difference-of-normal-cdf",
    "log1p-of-minus-normal-cdf", "sqrt-of-one-plus-minus-one", "one-minus-cos",
    // mixtures.cpp
    "log-of-picked-softmax", "log1p-of-minus-square-of-tanh", "log1p-of-minus-tanh-times-tanh",
    "log-of-weighted-sum-of-exp", "log-of-weighted-exp-plus", "log1p-of-weighted-exp", "log-of-half-exp-plus-exp", "log-of-product-with-exp",
    "log-of-quotient-with-exp", "one-minus-picked-softmax",
    // cancellation.cpp
    "minus-logsumexp", "softmax-of-shifted", "log-softmax-of-shifted", "logsumexp-of-shifted"};
}  // namespace
static_assert([] {
    for (const xg::rewrite_rule& rule : xg::rewrite_rules) {
        bool found = false;
        for (std::string_view name : tested) found = found || name == rule.name;
        if (!found) return false;
    }
    return true;
}(), "every row of the table has a test, here or in the files named, by its name");
