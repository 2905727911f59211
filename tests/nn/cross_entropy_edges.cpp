// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/cross_entropy.hpp"

using namespace plain;

/// Where other libraries lose every digit, or give NaN.
namespace {
constexpr auto z = xg::input<"z">(rows, 10_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(10_c), xg::ignore_index<-100>);
constexpr auto w = xg::input<"w">(10_c);

/// Rows of ten logits: the target ahead of nine equal others by a gap, around an offset.
template <class T>
struct sure_rows {
    std::vector<std::pair<double, double>> rows{{10, 0}, {16, 0}, {20, 0}, {80, 0}, {20, 10000}, {80, -10000}, {-80, 0}, {20000, -10000}, {0, 10000}};
    array<T, 2> Z = support::shaped<T>({rows.size(), 10});
    array<std::int32_t, 1> L = support::shaped<std::int32_t>({rows.size()});
    sure_rows() {
        for (std::size_t r = 0; r < rows.size(); ++r) {
            L(r) = static_cast<std::int32_t>(r);
            for (std::size_t c = 0; c < 10; ++c) Z(r, c) = static_cast<T>(rows[r].second + (c == r ? rows[r].first : 0));
        }
    }
    exact::row row(std::size_t r, const exact::options& o) const {
        std::vector<real> x;
        for (std::size_t c = 0; c < 10; ++c) x.push_back(Z(r, c));
        return exact::cross_entropy(x, exact::one_hot(10, r), o);
    }
};
/// Loss and every entry of the gradient to six digits (to the smallest normal number).
template <class T>
void six_digits(auto loss, const exact::options& o, auto... bound) {
    const sure_rows<T> b;
    const auto [value, slope] = xg::compile<T>(loss, xg::gradient(xg::sum(loss), z))(z = b.Z, t = b.L, bound...);
    for (std::size_t r = 0; r < b.rows.size(); ++r) {
        CAPTURE(b.rows[r].first, b.rows[r].second);
        const exact::row wanted = b.row(r, o);
        const real least = std::numeric_limits<T>::min() * 1e6L;
        CHECK(support::relative_error(value(r), wanted.loss, std::abs(wanted.loss) + least) <= 2e-6);
        for (std::size_t c = 0; c < 10; ++c) CHECK(support::relative_error(slope(r, c), wanted.slope[c], std::abs(wanted.slope[c]) + least) <= 2e-6);
    }
}
}  // namespace

TEMPLATE_TEST_CASE("six digits where the model is sure, with options", "[nn]", float, double) {
    using T = TestType;
    six_digits<T>(xg::cross_entropy(z, t), {});
    six_digits<T>(xg::cross_entropy(z, t, xg::temperature(0.75_c)), {.scale = 1 / 0.75L});
    six_digits<T>(xg::cross_entropy(z, t, xg::poly(2_c), xg::class_weight(w)), {.poly = 2, .weight = std::vector<real>(10, 3)}, w = array<T, 1>(support::uniform<T>({10}, 1, 3, 3)));
    six_digits<T>(xg::cross_entropy(z, t, xg::focal(0.5_c)), {.focal = 0.5L});
    six_digits<T>(xg::cross_entropy(z, t, xg::label_smoothing(0.1_c)), {.smoothing = 0.1L});
}

TEST_CASE("at a gap of 80 the gradient in float is -1.62437e-34", "[nn]") {
    const sure_rows<float> b;
    constexpr auto loss = xg::cross_entropy(z, t);
    const auto slope = xg::compile(xg::gradient(xg::sum(loss), z))(z = b.Z, t = b.L);
    CHECK(slope(3, 3) == Approx(-1.62437e-34f).epsilon(1e-5));
}

TEMPLATE_TEST_CASE("classes whose logit is -inf take no part, in smoothing neither", "[nn]", float, double) {
    using T = TestType;
    auto Z = support::uniform<T>({4, 10}, 1, -3, 3);
    auto L = support::shaped<std::int32_t>({4});
    for (std::size_t r = 0; r < 4; ++r)
        for (std::size_t c = 0; c < 10; ++c)
            if (c > 2 * r) Z(r, c) = -std::numeric_limits<T>::infinity();  // row 0 has one class left: its label
    constexpr auto smooth = xg::cross_entropy(z, t, xg::label_smoothing(0.1_c), xg::class_weight(w));
    constexpr auto focal = xg::cross_entropy(z, t, xg::label_smoothing(0.1_c), xg::focal(0.5_c));
    const array<T, 1> W = support::uniform<T>({10}, 2, 0.5, 2);
    const auto [a, da, b, db] = xg::compile<T>(smooth, xg::gradient(xg::sum(smooth), z), focal, xg::gradient(xg::sum(focal), z))(z = Z, t = L, w = W);
    for (std::size_t r = 0; r < 4; ++r) {
        std::vector<real> x;
        for (std::size_t c = 0; c < 10; ++c) x.push_back(Z(r, c));
        const auto s = exact::cross_entropy(x, exact::one_hot(10, 0), {.smoothing = 0.1L, .weight = {W.begin(), W.end()}});
        const auto f = exact::cross_entropy(x, exact::one_hot(10, 0), {.smoothing = 0.1L, .focal = 0.5L});
        CAPTURE(r);
        CHECK(support::relative_error(a(r), s.loss, 1) <= 32 * support::epsilon<T>);
        CHECK(support::relative_error(b(r), f.loss, 1) <= 32 * support::epsilon<T>);
        for (std::size_t c = 0; c < 10; ++c) {
            CHECK(support::relative_error(da(r, c), s.slope[c], 1) <= 32 * support::epsilon<T>);
            CHECK(support::relative_error(db(r, c), f.slope[c], 1) <= 32 * support::epsilon<T>);
        }
    }
}

TEST_CASE("nothing counts: a mean of NaN, or 0 if asked; ignored rows leak nothing", "[nn]") {
    constexpr auto as_torch = xg::cross_entropy(z, t, xg::class_weight(w), xg::label_smoothing(0.1_c), xg::reduction<"mean">);
    constexpr auto as_keras = xg::cross_entropy(z, t, xg::class_weight(w), xg::label_smoothing(0.1_c), xg::reduction<"mean">, xg::empty_mean<"zero">);
    constexpr auto total = xg::cross_entropy(z, t, xg::class_weight(w), xg::label_smoothing(0.1_c), xg::reduction<"sum">);
    auto Z = support::uniform<float>({3, 10}, 1);
    Z(1, 4) = std::numeric_limits<float>::quiet_NaN();
    auto L = support::shaped<std::int32_t>({3});
    L.fill(-100);
    const auto W = support::uniform<float>({10}, 2, 0.5, 2);
    const auto [nan, zero, sum, slope] = xg::compile(as_torch, as_keras, total, xg::gradient(as_keras, z))(z = Z, t = L, w = W);
    CHECK(std::isnan(nan));
    CHECK(zero == 0);
    CHECK(sum == 0);
    for (float e : slope) CHECK(e == 0);
    CHECK_THROWS_AS(xg::compile(total)(z = support::shaped<float>({0, 10}), t = support::shaped<std::int32_t>({0}), w = W), xg::shape_error);  // no rows: refused
}

TEST_CASE("one class alone costs nothing, whatever the options", "[nn]") {
    constexpr auto x = xg::input<"x">(rows, 1_c);
    constexpr auto label = xg::labels<"label">(rows, xg::classes(1_c));
    constexpr auto loss = xg::cross_entropy(x, label, xg::focal(0.5_c), xg::label_smoothing(0.1_c), xg::poly(2_c));
    const auto X = support::uniform<float>({5, 1}, 1, -9, 9);
    const auto [value, slope] = xg::compile(loss, xg::gradient(xg::sum(loss), x))(x = X, label = support::shaped<std::int32_t>({5}));
    for (std::size_t r = 0; r < 5; ++r) CHECK((value(r) == 0 && slope(r, 0) == 0));
}
