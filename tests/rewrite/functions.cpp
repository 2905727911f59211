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

static_assert(fired(log(xg::normal_cdf(a)), "log-of-normal-cdf") == 1);
static_assert(fired(log(1_c - xg::normal_cdf(a)), "log-of-normal-cdf") == 1);
static_assert(fired(log(2_c * xg::normal_cdf(a)), "log-of-normal-cdf") == 1);
static_assert(xg::same(log(0.5_c * (1_c + xg::erf(root * a))), xg::log_normal_cdf(a)));
static_assert(fired(log(xg::erfc(a)), "log-of-erfc") == 1);
static_assert(xg::same(log(1_c - 0.5_c * (1_c + xg::erf(a / sqrt(2_c)))), xg::log_normal_cdf(-a)));
static_assert(xg::same(log((1_c + xg::erf(a / sqrt(2_c))) / 2_c), xg::log_normal_cdf(a)));
static_assert(fired(log(xg::normal_cdf(a) - xg::normal_cdf(b)), "log-of-difference-of-normal-cdf") == 1);
static_assert(fired(log(sigmoid(a) - sigmoid(b)), "log-of-difference-of-sigmoids") == 1);
static_assert(fired(log(sigmoid(a) - 2_c * sigmoid(b)), "log-of-difference-of-sigmoids") == 0);
static_assert(fired(log1p(-xg::normal_cdf(a)), "log1p-of-minus-normal-cdf") == 1);
static_assert(fired_at_all(log1p(xg::normal_cdf(a))) == 0);

TEMPLATE_TEST_CASE("logarithms of normal probabilities", "[rewrite]", float, double) {
    constexpr auto exact_log = [](real x) { return laws::law<xg::log_normal_cdf_op>::value(x); };
    constexpr double half_way = sizeof(TestType) == 4 ? 1e18 : 1e150;  // its square is a number
    constexpr unary exact[] = {{exact_log, 4, -half_way, 37},
                               {[](real x) { return laws::law<xg::log_normal_cdf_op>::value(-x); }, 4, -37, half_way},
                               // Near 0 two numbers leave 0, and where x is rounded, so is its square.
                               {[](real x) { return std::log(real{2}) + laws::law<xg::log_normal_cdf_op>::value(-x * std::numbers::sqrt2_v<real>); }, 6, 0.3, half_way},
                               {[](real x) { return laws::law<xg::log_normal_cdf_op>::value(-x); }, 4, -37, half_way}};
    values_are<TestType>(exact, log(xg::normal_cdf(a)), log(1_c - xg::normal_cdf(a)), log(xg::erfc(a)), log1p(-xg::normal_cdf(a)));
}

/// What a class between two bounds adds to an ordinal regression.
TEMPLATE_TEST_CASE("logarithms of differences of probabilities, in either tail", "[rewrite]", float, double) {
    constexpr auto logistic = log(sigmoid(a) - sigmoid(b));
    constexpr auto normal = log(xg::normal_cdf(a) - xg::normal_cdf(b));
    const support::array<TestType, 1> high{1, -36.5f, 60, -200, 300, 0.5f, 30, -20}, low{-1, -37.5f, -60, -201, 299, 0, -40, -20.5f};
    const auto [of_logistic, of_normal, slope, normal_slope] =
        xg::compile<TestType>(logistic, normal, xg::gradient(sum(logistic), a), xg::gradient(sum(normal), b))(a = high, b = low);
    const auto log_cdf = [](real v) { return laws::law<xg::log_normal_cdf_op>::value(v); };
    for (std::size_t i = 0; i < high.size(); ++i) {
        CAPTURE(high(i), low(i));
        const real u = high(i), v = low(i), gap = std::log(-std::expm1(v - u));
        const real wanted = -std::log1p(std::exp(-std::fabs(u))) + std::min(u, 0.0L) - std::log1p(std::exp(-std::fabs(v))) - std::max(v, 0.0L) + gap;
        CHECK(support::relative_error(of_logistic(i), wanted, std::fabs(u) + std::fabs(wanted)) <= 4 * support::epsilon<TestType>);
        CHECK(support::relative_error(slope(i), sigmoid(-u) + 1 / std::expm1(u - v), 1 + 1 / std::expm1(u - v)) <= 4 * support::epsilon<TestType>);
        // On the side where both logarithms are large, the rounding of their difference stands in an exponent.
        const bool right = u + v > 0;
        const real near = right ? log_cdf(-v) : log_cdf(u), far = right ? log_cdf(-u) : log_cdf(v), between = near + std::log(-std::expm1(far - near));
        CHECK(support::relative_error(of_normal(i), between, 1 + std::fabs(between)) <= 4 * support::epsilon<TestType>);
        const real pull = -std::exp(-v * v / 2 - between) / std::sqrt(2 * std::numbers::pi_v<real>);
        CHECK(support::relative_error(normal_slope(i), pull, std::fabs(pull) + 1e-30L) <= 1000 * support::epsilon<TestType>);
    }
}

TEMPLATE_TEST_CASE("the slope of a probit loss, where the probability is below all numbers", "[rewrite]", float, double) {
    constexpr auto loss = -sum(b * log(xg::normal_cdf(a)) + (1_c - b) * log(1_c - xg::normal_cdf(a)));
    const support::array<TestType, 1> x{-1000, -60, -1, 0, 2, 50, 3000}, y{1, 1, 1, 0, 0, 0, 0};
    const auto [value, slope] = xg::compile<TestType>(loss, xg::gradient(loss, a))(a = x, b = y);
    real total = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const real sign = y(i) != 0 ? 1 : -1, z = sign * static_cast<real>(x(i)), h = laws::law<xg::inverse_mills_op>::value(z);
        total -= laws::law<xg::log_normal_cdf_op>::value(z);
        CHECK(support::relative_error(slope(i), -sign * h, h) <= 4 * support::epsilon<TestType>);
    }
    CHECK(support::relative_error(value, total, total) <= 4 * support::epsilon<TestType>);
}

static_assert(fired(sqrt(1_c + xg::square(a)) - 1_c, "sqrt-of-one-plus-minus-one") == 1);
static_assert(fired(b * b * (sqrt(1_c + xg::square(a / b)) - 1_c), "sqrt-of-one-plus-minus-one") == 1);
static_assert(fired(1_c - cos(a), "one-minus-cos") == 1);
static_assert(fired_at_all(sqrt(2_c + xg::square(a)) - 1_c) + fired_at_all(1_c + cos(a)) + fired_at_all(1_c - sqrt(1_c + a)) == 0);

TEMPLATE_TEST_CASE("small differences of functions near 1", "[rewrite]", float, double) {
    const auto points = support::array<TestType, 1>{0, 1e-9f, -3e-5f, 1e-3f, -0.1f, 0.5, -1, 2, 30, -1e4f, 1e18f, 1e19f, std::numeric_limits<TestType>::infinity()};
    constexpr auto pseudo_huber = sqrt(1_c + xg::square(a)) - 1_c;
    const auto [huber, slope, versine, sine] =
        xg::compile<TestType>(pseudo_huber, xg::gradient(sum(pseudo_huber), a), 1_c - cos(a), xg::gradient(sum(1_c - cos(a)), a))(a = points);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const real x = static_cast<real>(points(i)), square = x * x, half = std::sin(x / 2);
        CAPTURE(points(i));
        CHECK(support::ulps(huber(i), x > 1e10 ? std::fabs(x) : square / (1 + std::sqrt(1 + square))) <= 4);
        if (!std::isinf(x)) CHECK(support::relative_error(slope(i), x / std::sqrt(1 + square), 1e-30L + std::fabs(x) / std::sqrt(1 + square)) <= 4 * support::epsilon<TestType>);
        if (std::fabs(x) > 1e5) continue;
        CHECK(support::ulps(versine(i), 2 * half * half) <= 6);
        CHECK(support::ulps(sine(i), std::sin(x)) <= 2);
    }
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
