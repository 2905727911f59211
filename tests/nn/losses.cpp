// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

/// Losses and their gradients against the closed forms of the literature, in long double.
namespace {
constexpr auto z = xg::input<"z">(rows, 7_c);
constexpr auto q = xg::input<"q">(rows, 7_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(7_c));
constexpr auto w = xg::input<"w">(7_c);
constexpr auto keep = xg::mask<"keep">(rows);

template <class T>
struct batch_of {
    static constexpr std::size_t r = 13;
    array<T, 2> Z = support::uniform<T>({r, 7}, 1, -6, 6), Q = support::uniform<T>({r, 7}, 2, 0, 1);
    array<T, 1> W = support::uniform<T>({7}, 3, 0.2, 3);
    array<std::int32_t, 1> L = support::random_labels({r}, 4, 7);
    std::vector<real> p = softmax(Z, 1), lse = by_row(Z, logsumexp);
    real probability(std::size_t i, std::size_t c) const { return p[i * 7 + c]; }
    bool hit(std::size_t i, std::size_t c) const { return static_cast<std::int32_t>(c) == L(i); }
    std::size_t label(std::size_t i) const { return static_cast<std::size_t>(L(i)); }
};
template <class T>
constexpr double tolerance = 32 * support::epsilon<T>;
}  // namespace

TEMPLATE_TEST_CASE("cross_entropy with labels", "[nn]", float, double) {
    using T = TestType;
    const batch_of<T> b;
    constexpr auto loss = xg::cross_entropy(z, t);
    const auto [value, slope] = xg::compile<T>(loss, xg::gradient(xg::sum(loss), z))(z = b.Z, t = b.L);
    std::vector<real> exact, ds;
    for (std::size_t i = 0; i < b.r; ++i) {
        exact.push_back(b.lse[i] - b.Z(i, b.label(i)));
        for (std::size_t c = 0; c < 7; ++c) ds.push_back(b.probability(i, c) - (b.hit(i, c) ? 1 : 0));
    }
    CHECK(support::largest_error(value, exact, 1) <= tolerance<T>);
    CHECK(support::largest_error(slope, ds, 1e-3L) <= tolerance<T>);
}

TEMPLATE_TEST_CASE("cross_entropy with a distribution of any sum: Q p - q", "[nn]", float, double) {
    using T = TestType;
    batch_of<T> b;
    for (std::size_t c = 0; c < 7; ++c) b.Q(0, c) = 0;          // nothing wanted
    for (std::size_t c = 1; c < 7; ++c) b.Q(1, c) = 0;          // one class
    b.Z(2, 3) = -std::numeric_limits<T>::infinity(), b.Q(2, 3) = 0;  // 0 times infinity counts nothing
    b.p = softmax(b.Z, 1);
    b.lse = by_row(b.Z, logsumexp);
    constexpr auto loss = xg::cross_entropy(z, q);
    const auto [value, slope] = xg::compile<T>(loss, xg::gradient(xg::sum(loss), z))(z = b.Z, q = b.Q);
    std::vector<real> exact, ds;
    for (std::size_t i = 0; i < b.r; ++i) {
        real total = 0, sum_q = 0;
        for (std::size_t c = 0; c < 7; ++c) {
            sum_q += b.Q(i, c);
            if (b.Q(i, c) != 0) total += b.Q(i, c) * (b.lse[i] - b.Z(i, c));
        }
        exact.push_back(total);
        for (std::size_t c = 0; c < 7; ++c) ds.push_back(sum_q * b.probability(i, c) - b.Q(i, c));
    }
    CHECK(support::largest_error(value, exact, 1) <= tolerance<T>);
    CHECK(support::largest_error(slope, ds, 1) <= tolerance<T>);
}

TEMPLATE_TEST_CASE("class weights, and the mean divided by their sum", "[nn]", float, double) {
    using T = TestType;
    const batch_of<T> b;
    constexpr auto loss = xg::cross_entropy(z, t, xg::class_weight(w));
    constexpr auto mean = xg::weighted_mean(xg::cross_entropy(z, t), xg::row_weights(z, t, w));
    const auto [value, average, slope] = xg::compile<T>(loss, mean, xg::gradient(mean, z))(z = b.Z, t = b.L, w = b.W);
    std::vector<real> exact, ds;
    real total = 0, weights = 0;
    for (std::size_t i = 0; i < b.r; ++i) {
        exact.push_back(b.W(b.label(i)) * (b.lse[i] - b.Z(i, b.label(i))));
        total += exact.back();
        weights += b.W(b.label(i));
    }
    for (std::size_t i = 0; i < b.r; ++i)
        for (std::size_t c = 0; c < 7; ++c) ds.push_back(b.W(b.label(i)) * (b.probability(i, c) - (b.hit(i, c) ? 1 : 0)) / weights);
    CHECK(support::largest_error(value, exact, 1) <= tolerance<T>);
    CHECK(support::relative_error(average, total / weights, 1) <= tolerance<T>);
    CHECK(support::largest_error(slope, ds, 1e-2L) <= tolerance<T>);
}

TEMPLATE_TEST_CASE("masked rows count nothing, whatever they hold", "[nn]", float, double) {
    using T = TestType;
    batch_of<T> b;
    auto K = support::shaped<bool>({b.r});
    for (std::size_t i = 0; i < b.r; ++i) K(i) = i % 3 != 1;
    b.Z(1, 2) = std::numeric_limits<T>::quiet_NaN();
    b.Z(4, 0) = std::numeric_limits<T>::infinity();
    constexpr auto loss = xg::cross_entropy(z, t, xg::row_mask(keep));
    const auto [value, slope] = xg::compile<T>(loss, xg::gradient(xg::sum(loss), z))(z = b.Z, t = b.L, keep = K);
    for (std::size_t i = 0; i < b.r; ++i) {
        CAPTURE(i);
        if (!K(i)) {
            CHECK(value(i) == 0);
            for (std::size_t c = 0; c < 7; ++c) CHECK(slope(i, c) == 0);
            continue;
        }
        CHECK(support::relative_error(value(i), b.lse[i] - b.Z(i, b.label(i)), 1 + b.lse[i]) <= tolerance<T>);
        for (std::size_t c = 0; c < 7; ++c) CHECK(support::relative_error(slope(i, c), b.probability(i, c) - (b.hit(i, c) ? 1 : 0), 1) <= tolerance<T>);
    }
}

TEMPLATE_TEST_CASE("logistic loss with soft targets: sigmoid(z) - y", "[nn]", float, double) {
    using T = TestType;
    const batch_of<T> b;
    constexpr auto loss = xg::binary_cross_entropy_with_logits(z, q);
    const auto [value, slope] = xg::compile<T>(loss, xg::gradient(xg::sum(loss), z))(z = b.Z, q = b.Q);
    std::vector<real> exact, ds;
    for (std::size_t i = 0; i < b.r; ++i)
        for (std::size_t c = 0; c < 7; ++c) {
            const real x = b.Z(i, c), y = b.Q(i, c);
            exact.push_back((std::fmax(x, 0.0L) - y * x) + std::log1p(std::exp(-std::fabs(x))));
            ds.push_back(1 / (1 + std::exp(-x)) - y);
        }
    CHECK(support::largest_error(value, exact, 1e-3L) <= tolerance<T>);
    CHECK(support::largest_error(slope, ds, 0.1L) <= tolerance<T>);
}

TEST_CASE("binary cross-entropy of probabilities that are exactly 0 and 1", "[nn]") {
    constexpr auto p = xg::probability_input<"p">(rows);
    constexpr auto y = xg::input<"y">(rows);
    constexpr auto loss = xg::binary_cross_entropy(p, y);
    const support::array<double, 1> P = {0, 1, 0, 1, 0.25}, Y = {0, 1, 1, 0, 0};
    const auto [value, slope] = xg::compile<double>(loss, xg::gradient(xg::sum(loss), p))(p = P, y = Y);
    CHECK((value(0) == 0 && value(1) == 0 && std::isinf(value(2)) && std::isinf(value(3)) && value(4) == Approx(std::log(4.0 / 3))));
    CHECK((slope(0) == 1 && slope(1) == -1 && slope(4) == Approx(4.0 / 3)));
}

TEST_CASE("binary cross-entropy and H(P, Q) of given probabilities", "[nn]") {
    constexpr auto p = xg::probability_input<"p">(rows, 7_c);
    const auto P = support::uniform<double>({5, 7}, 5, 0.01, 0.99), Y = support::uniform<double>({5, 7}, 6, 0, 1);
    constexpr auto both = xg::binary_cross_entropy(p, q);
    constexpr auto cross = xg::cross_entropy_of(q, p);
    const auto [value, slope, h] = xg::compile<double>(both, xg::gradient(xg::sum(both), p), cross)(p = P, q = Y);
    for (std::size_t i = 0; i < 5; ++i) {
        real sum_of_row = 0;
        for (std::size_t c = 0; c < 7; ++c) {
            const real a = P(i, c), y = Y(i, c);
            sum_of_row -= y * std::log(a);
            CHECK(support::relative_error(value(i, c), -y * std::log(a) - (1 - y) * std::log1p(-a), 0.1L) <= 1e-14);
            CHECK(support::relative_error(slope(i, c), (a - y) / (a * (1 - a)), 1) <= 1e-13);
        }
        CHECK(support::relative_error(h(i), sum_of_row, 1) <= 1e-14);
    }
    // a target of 0 counts nothing, also where the prediction is 0
    auto zero = support::shaped<double>({1, 7}), one = support::shaped<double>({1, 7});
    zero(0, 0) = one(0, 0) = 1;
    CHECK(xg::compile<double>(cross)(p = zero, q = one)(0) == 0);
}

TEST_CASE("mean squared error and its gradient", "[nn]") {
    const batch_of<double> b;
    constexpr auto loss = xg::mean_squared_error(z, q);
    const auto [value, slope] = xg::compile<double>(loss, xg::gradient(xg::mean(loss), z))(z = b.Z, q = b.Q);
    for (std::size_t i = 0; i < b.r; ++i) {
        real total = 0;
        for (std::size_t c = 0; c < 7; ++c) {
            const real e = static_cast<real>(b.Z(i, c)) - b.Q(i, c);
            total += e * e / 7;
            CHECK(support::relative_error(slope(i, c), 2 * e / (7 * b.r), std::abs(e)) <= 1e-15);
        }
        CHECK(support::relative_error(value(i), total, total) <= 1e-14);
    }
}

TEST_CASE("the L2 penalty counts weights, not biases: its derivative is 2 k w", "[nn]") {
    constexpr auto x = xg::input<"x">(rows, 3_c);
    constexpr auto out = xg::sequential(xg::dense<"a">(4_c), xg::tanh, xg::dense<"b">(2_c))(x);
    constexpr auto wa = xg::parameter<"a.weight", xg::glorot_uniform>(3_c, 4_c);
    constexpr auto wb = xg::parameter<"b.weight", xg::glorot_uniform>(4_c, 2_c);
    constexpr auto penalty = xg::l2_penalty(0.5_c, out);
    const auto A = support::uniform<double>({3, 4}, 7), B = support::uniform<double>({4, 2}, 8);
    const auto [value, da, db] = xg::compile<double>(penalty, xg::gradient(penalty, wa, wb))(wa = A, wb = B);
    real total = 0;
    for (double e : A) total += 0.5L * e * e;
    for (double e : B) total += 0.5L * e * e;
    CHECK(value == Approx(static_cast<double>(total)).epsilon(1e-14));
    for (std::size_t i = 0; i < A.size(); ++i) CHECK(da.data()[i] == Approx(A.data()[i]).epsilon(1e-15));
    for (std::size_t i = 0; i < B.size(); ++i) CHECK(db.data()[i] == Approx(B.data()[i]).epsilon(1e-15));
}
