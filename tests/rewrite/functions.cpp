// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "rewrite/rows.hpp"

using namespace rows;

/// The rows that find sigmoid, tanh, the error function, roots and corners in what was written out.
namespace {
real sigmoid(real x) { return laws::law<xg::sigmoid_op>::value(x); }
real same(real x) { return x; }
constexpr auto root = 0.70710678118654752_c;
}  // namespace

static_assert(fired(1_c / (1_c + exp(a)), "reciprocal-one-plus-exp") == 1);
static_assert(fired(exp(a) / (1_c + exp(a)), "exp-over-one-plus-exp") == 1);
static_assert(fired(exp(-a) / (exp(-a) + 1_c), "exp-over-one-plus-exp") == 1);
static_assert(fired(b / (1_c + exp(-a)), "over-one-plus-exp") == 1);
static_assert(fired(3_c / (1_c + exp(-a)), "reciprocal-one-plus-exp") == 1);  // numbers stand in front
static_assert(fired(exp(a) / (exp(a) + exp(b)), "exp-over-exp-plus-exp") == 1);
static_assert(fired(exp(a) * sigmoid(-a), "exp-times-sigmoid") == 1);
static_assert(fired(exp(-a) * sigmoid(a), "exp-times-sigmoid") == 1);
static_assert(fired(2_c * exp(a) * b * sigmoid(-a), "exp-times-sigmoid") == 1);  // any two factors of a product
static_assert(xg::same(2_c * exp(a) * b * sigmoid(-a), 2_c * b * sigmoid(a)));
static_assert(fired(sigmoid(a) / (1_c - sigmoid(a)), "sigmoid-over-sigmoid-of-minus") == 1);
static_assert(xg::same(log(sigmoid(a) / (1_c - sigmoid(a))), a));
static_assert(xg::same(log(sigmoid(a)) - log(1_c - sigmoid(a)), a));
static_assert(fired(xg::softplus(a) - xg::softplus(-a), "difference-of-softplus") == 1);
static_assert(fired(sigmoid(log(a / (1_c - a))), "sigmoid-of-log-odds") == 1);
static_assert(fired(sigmoid(log(a) - log(1_c - a)), "sigmoid-of-log-difference") == 1);
static_assert(fired(2_c * sigmoid(2_c * a) - 1_c, "tanh-by-sigmoid") == 1);
static_assert(fired((exp(a) - exp(-a)) / (exp(a) + exp(-a)), "tanh-by-exp") == 1);
// near misses
static_assert(fired_at_all(exp(a) * sigmoid(a)) + fired_at_all(exp(a) * sigmoid(-b)) + fired_at_all(b / (2_c + exp(a))) == 0);
static_assert(fired_at_all(2_c * sigmoid(a) - 1_c) + fired_at_all(sigmoid(a) / sigmoid(-b)) + fired_at_all(sigmoid(a) / sigmoid(a)) == 0);

TEMPLATE_TEST_CASE("sigmoid and tanh written out", "[rewrite]", float, double) {
    constexpr unary exact[] = {{[](real x) { return sigmoid(-x); }, 3},
                               {sigmoid, 3},
                               {[](real x) { return x * sigmoid(x); }, 4, -1e30, infinity},  // at -inf 0 times infinity
                               {sigmoid, 3},
                               {[](real x) { return std::exp(x); }, 1.5},
                               {same, 0},
                               {same, 0, 0, 1},
                               {same, 0, 0, 1},
                               {[](real x) { return std::tanh(x); }, 2},
                               {[](real x) { return std::tanh(x); }, 2}};
    values_are<TestType>(exact, 1_c / (1_c + exp(a)), exp(a) / (1_c + exp(a)), a / (1_c + exp(-a)), exp(a) * sigmoid(-a), sigmoid(a) / sigmoid(-a),
                         xg::softplus(a) - xg::softplus(-a), sigmoid(log(a / (1_c - a))), sigmoid(log(a) - log1p(-a)), 2_c * sigmoid(2_c * a) - 1_c,
                         (exp(a) - exp(-a)) / (exp(a) + exp(-a)));
}

static_assert(fired(1_c - xg::erf(a), "one-minus-erf") == 1);
static_assert(fired(1_c + xg::erf(a), "one-plus-erf") == 1);
static_assert(fired(xg::erf(a) - 1_c, "erf-minus-one") == 1);
static_assert(fired(1_c - xg::erfc(a), "one-minus-erfc") == 1);
static_assert(fired(xg::erfc(a) - 1_c, "erfc-minus-one") == 1);
static_assert(fired(1_c - xg::normal_cdf(a), "one-minus-normal-cdf") == 1);
static_assert(fired(xg::erfc(-root * a), "erfc-of-minus-over-root-two") == 1);
static_assert(fired(xg::erfc(root * a), "erfc-of-over-root-two") == 1);
static_assert(xg::same(0.5_c * a * (1_c + xg::erf(a / 1.4142135623730951_c)), a * xg::normal_cdf(a)));
static_assert(fired_at_all(2_c - xg::erf(a)) + fired_at_all(xg::erfc(0.7071_c * a)) == 0);

TEMPLATE_TEST_CASE("error functions beside 1", "[rewrite]", float, double) {
    constexpr unary exact[] = {{[](real x) { return std::erfc(x); }, 4},
                               {[](real x) { return std::erfc(-x); }, 4},
                               {[](real x) { return -std::erfc(x); }, 4},
                               {[](real x) { return std::erf(x); }, 1.5},
                               {[](real x) { return -std::erf(x); }, 1.5},
                               {[](real x) { return laws::law<xg::normal_cdf_op>::value(-x); }, 4},
                               {[](real x) { return 2 * laws::law<xg::normal_cdf_op>::value(x); }, 4},
                               {[](real x) { return 2 * laws::law<xg::normal_cdf_op>::value(-x); }, 4}};
    values_are<TestType>(exact, 1_c - xg::erf(a), 1_c + xg::erf(a), xg::erf(a) - 1_c, 1_c - xg::erfc(a), xg::erfc(a) - 1_c, 1_c - xg::normal_cdf(a), xg::erfc(-root * a),
                         xg::erfc(root * a));
}

static_assert(fired(sqrt(a * a), "sqrt-of-product") == 1);
static_assert(fired(xg::square(sqrt(a)), "square-of-sqrt") == 1);
static_assert(fired(sqrt(a) * sqrt(a), "sqrt-times-itself") == 1);
static_assert(fired(3_c * sqrt(a) * b * sqrt(a), "sqrt-times-itself") == 1);
static_assert(fired(a / sqrt(a), "over-own-sqrt") == 1);
static_assert(fired(a / abs(a), "over-own-abs") == 1);
static_assert(fired(xg::square(abs(a)), "square-of-abs") == 1);
static_assert(fired(abs(abs(a)), "abs-of-nonnegative") == 1);
static_assert(fired(abs(a) * abs(a), "abs-times-abs") == 1 && xg::same(abs(a) * abs(a), a * a));
static_assert(fired(abs(exp(a) * exp(a)), "abs-of-nonnegative") == 1);
static_assert(fired(xg::relu(xg::relu(a)), "relu-of-nonnegative") == 1);
static_assert(fired(xg::maximum(a, 0_c), "maximum-with-zero") == 1);
static_assert(fired(xg::maximum(a, a), "maximum-of-equals") == 1);
static_assert(fired(xg::minimum(a, a), "minimum-of-equals") == 1);
static_assert(fired(xg::pow(1_c, a), "power-of-one") == 1);
static_assert(fired_at_all(xg::maximum(0_c, a)) == 0);  // its derivative at 0 goes to a
static_assert(fired_at_all(sqrt(a) * sqrt(b)) + fired_at_all(a / sqrt(b)) + fired_at_all(abs(a)) + fired_at_all(xg::relu(a * b)) == 0);

TEMPLATE_TEST_CASE("roots, sizes and corners", "[rewrite]", float, double) {
    constexpr unary exact[] = {{[](real x) { return std::fabs(x); }, 0},
                               {same, 0, 0},
                               {same, 0, 0},
                               {[](real x) { return std::sqrt(x); }, 1, std::numeric_limits<TestType>::min(), infinity},
                               {[](real x) { return x > 0 ? 1.0L : x < 0 ? -1.0L : x; }, 0},
                               {[](real x) { return x * x; }, 0.5001},
                               {[](real x) { return std::fabs(x); }, 0},
                               {[](real x) { return x * x; }, 0.5001},
                               {[](real x) { return std::isnan(x) ? x : x > 0 ? x : 0; }, 0},
                               {[](real x) { return std::isnan(x) ? x : x > 0 ? x : 0; }, 0},
                               {same, 0},
                               {same, 0},
                               {[](real) { return 1.0L; }, 0}};
    values_are<TestType>(exact, sqrt(a * a), xg::square(sqrt(a)), sqrt(a) * sqrt(a), a / sqrt(a), a / abs(a), xg::square(abs(a)), abs(abs(a)), abs(a) * abs(a),
                         xg::relu(xg::relu(a)), xg::maximum(a, 0_c), xg::maximum(a, a), xg::minimum(a, a), xg::pow(1_c, a));
}
TEMPLATE_TEST_CASE("quotients of exponentials and products of sizes", "[rewrite]", float, double) {
    // As in a softmax, the rounding of a - b stands in the exponent: 20 units where that is 40.
    constexpr binary exact[] = {{[](real x, real y) { return sigmoid(x - y); }, 20, -20, 20}, {[](real x, real y) { return std::fabs(x * y); }, 0.5001}};
    values_of_two_are<TestType>(exact, exp(a) / (exp(a) + exp(b)), abs(a) * abs(b));
}

/// What the normal form does without a row.
static_assert(xg::same(xg::pow(a, 2_c), xg::square(a)) && xg::same(xg::pow(a, 0.5_c), sqrt(a)) && xg::same(xg::pow(a, -1_c), 1_c / a));
static_assert(xg::same(xg::pow(a, 1_c), a) && xg::same(xg::pow(a, 0_c), 1_c + 0_c * a) && xg::same(a * a, xg::square(a)));
static_assert(xg::same(-(-a), a) && xg::same(a - (-b), a + b) && xg::same(-(-a / b), a / b) && xg::same(0_c * a + b, b) && xg::same(0_c / a + b, b));
static_assert(xg::same(xg::select(1_c < 2_c, a, b), a) && xg::same(xg::select(1_c > 2_c, a, b), b) && xg::same(xg::select(1_c == 1_c, a, b), a));
static_assert(xg::same(xg::select(2_c <= 1_c, a, b), b) && xg::same(xg::select(2_c >= 1_c, a, b), a) && xg::same(xg::select(2_c != 2_c, a, b), b));
static_assert(xg::same(a * xg::indicator(1_c < 2_c), a) && xg::same(xg::select(a < b, a, a), a));
