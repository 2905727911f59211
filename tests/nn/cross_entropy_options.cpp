// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/cross_entropy.hpp"

using namespace plain;

namespace {
constexpr std::size_t R = 11, C = 6;
constexpr auto z = xg::input<"z">(rows, 6_c);
constexpr auto q = xg::input<"q">(rows, 6_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(6_c), xg::ignore_index<4>);
constexpr auto w = xg::input<"w">(6_c);
constexpr auto temperature = xg::scalar<"temperature">;

template <class T>
struct data {
    array<T, 2> Z = support::uniform<T>({R, C}, 1, -6, 6), Q = support::uniform<T>({R, C}, 2, 0, 0.4);
    array<T, 1> W = support::uniform<T>({C}, 3, 0.2, 3);
    array<std::int32_t, 1> L = support::random_labels({R}, 4, C);
    bool counts(std::size_t r) const { return L(r) != 4; }
    std::vector<real> logits(std::size_t r) const { return of(Z, r); }
    static std::vector<real> of(const array<T, 2>& x, std::size_t r) {
        std::vector<real> made;
        for (std::size_t c = 0; c < C; ++c) made.push_back(x(r, c));
        return made;
    }
    std::vector<real> weights() const { return {W.begin(), W.end()}; }
    exact::row of_label(std::size_t r, const exact::options& o) const { return exact::cross_entropy(logits(r), exact::one_hot(C, static_cast<std::size_t>(L(r))), o); }
    exact::row of_distribution(std::size_t r, const exact::options& o) const { return exact::cross_entropy(logits(r), of(Q, r), o); }
};
template <class T>
constexpr double tolerance = 64 * support::epsilon<T>;

/// One row's loss and gradient, both divided by `divisor`.
template <class T, class Slopes>
void slope_is(const Slopes& got, std::size_t r, const exact::row& wanted, real divisor, bool counts) {
    for (std::size_t c = 0; c < C; ++c) {
        CAPTURE(r, c);
        CHECK(support::relative_error(got(r, c), counts ? wanted.slope[c] / divisor : 0, std::abs(wanted.slope[c] / divisor) + 0.1L / divisor) <= tolerance<T>);
    }
}
}  // namespace

TEMPLATE_TEST_CASE("labels: every option at once, and PyTorch's mean", "[nn]", float, double) {
    using T = TestType;
    data<T> b;
    for (std::size_t r = 0; r < R; ++r)
        if (!b.counts(r)) b.Z(r, r % C) = std::numeric_limits<T>::quiet_NaN();  // a row that is not looked at
    constexpr auto loss = xg::cross_entropy(z, t, xg::class_weight(w), xg::label_smoothing(0.1_c), xg::z_loss(0.01_c), xg::softcap(5_c), xg::temperature(temperature),
                                            xg::focal(2_c), xg::poly(0.5_c), xg::reduction<"mean">);
    const auto [value, slope] = xg::compile<T>(loss, xg::gradient(loss, z))(z = b.Z, t = b.L, w = b.W, temperature = 0.75);
    const exact::options o{.smoothing = 0.1L, .z_loss = 0.01L, .softcap = 5, .scale = 1 / 0.75L, .focal = 2, .poly = 0.5L, .weight = b.weights()};
    real total = 0, weights = 0;
    for (std::size_t r = 0; r < R; ++r)
        if (b.counts(r)) total += b.of_label(r, o).loss, weights += b.W(static_cast<std::size_t>(b.L(r)));
    CHECK(support::relative_error(value, total / weights, total / weights) <= tolerance<T>);
    for (std::size_t r = 0; r < R; ++r) slope_is<T>(slope, r, b.counts(r) ? b.of_label(r, o) : exact::row{0, std::vector<real>(C, 0)}, weights, b.counts(r));
}

TEMPLATE_TEST_CASE("labels: weights with smoothing as in PyTorch, poly with weights", "[nn]", float, double) {
    using T = TestType;
    const data<T> b;
    constexpr auto loss = xg::cross_entropy(z, t, xg::label_smoothing(0.2_c), xg::class_weight(w), xg::poly(2_c));
    const auto [value, slope] = xg::compile<T>(loss, xg::gradient(xg::sum(loss), z))(z = b.Z, t = b.L, w = b.W);
    const exact::options o{.smoothing = 0.2L, .poly = 2, .weight = b.weights()};
    for (std::size_t r = 0; r < R; ++r) {
        const exact::row wanted = b.of_label(r, o);
        CHECK(support::relative_error(value(r), b.counts(r) ? wanted.loss : 0, 1) <= tolerance<T>);
        slope_is<T>(slope, r, wanted, 1, b.counts(r));
    }
}

TEST_CASE("distributions: weights, smoothing, focal and poly; the mean divides by rows, or by weights if asked", "[nn]") {
    data<double> b;
    b.Z(2, 3) = -std::numeric_limits<double>::infinity(), b.Q(2, 3) = 0;  // 0 times infinity counts nothing
    for (std::size_t c = 0; c < C; ++c) b.Q(5, c) = 0;                   // nothing wanted
    constexpr auto mean = xg::cross_entropy(z, q, xg::class_weight(w), xg::label_smoothing(0.1_c), xg::poly(2_c), xg::reduction<"mean">);
    constexpr auto by_weight = xg::cross_entropy(z, q, xg::class_weight(w), xg::normaliser<"weights">, xg::reduction<"mean">);
    constexpr auto hard = xg::cross_entropy(z, q, xg::focal(1.5_c), xg::class_weight(w), xg::label_smoothing(0.1_c));
    const auto [m, dm, weighted, h, dh] =
        xg::compile<double>(mean, xg::gradient(mean, z), by_weight, hard, xg::gradient(xg::sum(hard), z))(z = b.Z, q = b.Q, w = b.W);
    const exact::options o{.smoothing = 0.1L, .poly = 2, .weight = b.weights()}, f{.smoothing = 0.1L, .focal = 1.5L, .weight = b.weights()}, p{.weight = b.weights()};
    real total = 0, plain = 0, weights = 0;
    for (std::size_t r = 0; r < R; ++r) {
        total += b.of_distribution(r, o).loss;
        plain += b.of_distribution(r, p).loss;
        for (std::size_t c = 0; c < C; ++c) weights += static_cast<real>(b.W(c)) * b.Q(r, c);
        slope_is<double>(dm, r, b.of_distribution(r, o), R, true);
        const exact::row wanted = b.of_distribution(r, f);
        CHECK(support::relative_error(h(r), wanted.loss, 1) <= 1e-14);
        slope_is<double>(dh, r, wanted, 1, true);
    }
    CHECK(support::relative_error(m, total / R, 1) <= 1e-14);
    CHECK(support::relative_error(weighted, plain / weights, 1) <= 1e-14);
}

TEST_CASE("one-hot distributions are labels", "[nn]") {
    const data<double> b;
    constexpr auto label = xg::labels<"label">(rows, xg::classes(6_c));
    const auto both = [](auto target) {
        return xg::cross_entropy(z, target, xg::class_weight(w), xg::label_smoothing(0.1_c), xg::z_loss(0.1_c), xg::focal(2_c), xg::poly(0.5_c), xg::normaliser<"weights">, xg::reduction<"mean">);
    };
    auto H = support::shaped<double>({R, C});
    for (std::size_t r = 0; r < R; ++r) H(r, static_cast<std::size_t>(b.L(r))) = 1;
    const auto of_labels = both(label);
    const auto of_rows = both(q);
    const auto [a, da] = xg::compile<double>(of_labels, xg::gradient(of_labels, z))(z = b.Z, label = b.L, w = b.W);
    const auto [d, dd] = xg::compile<double>(of_rows, xg::gradient(of_rows, z))(z = b.Z, q = H, w = b.W);
    CHECK(a == Approx(d).epsilon(1e-14));
    for (std::size_t i = 0; i < R * C; ++i) CHECK(da.data()[i] == Approx(dd.data()[i]).margin(1e-15));
}

TEST_CASE("the classes may be any axis", "[nn]") {
    constexpr auto high = xg::axis<"high">;
    constexpr auto image = xg::input<"image">(rows, 6_c, high, 3_c);
    constexpr auto share = xg::input<"share">(rows, 6_c, high, 3_c);
    constexpr auto pixel = xg::labels<"pixel">(rows, high, 3_c, xg::classes(6_c), xg::ignore_index<-1>);
    constexpr auto loss = xg::cross_entropy(image, pixel, xg::class_axis<1>, xg::class_weight(w), xg::label_smoothing(0.1_c));
    constexpr auto soft = xg::cross_entropy(image, share, xg::class_axis<-3>);
    const auto X = support::uniform<double>({2, C, 4, 3}, 1, -5, 5), S = support::uniform<double>({2, C, 4, 3}, 2, 0, 1);
    const auto W = support::uniform<double>({C}, 3, 0.2, 3);
    auto L = support::random_labels({2, 4, 3}, 4, C);
    L(1, 2, 0) = -1;
    const auto [value, slope, rows_of_soft] = xg::compile<double>(loss, xg::gradient(xg::sum(loss), image), soft)(image = X, pixel = L, w = W, share = S);
    REQUIRE(value.dimension() == 3);
    for (std::size_t n = 0; n < 2; ++n)
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j < 3; ++j) {
                std::vector<real> x, s;
                for (std::size_t c = 0; c < C; ++c) x.push_back(X(n, c, i, j)), s.push_back(S(n, c, i, j));
                const bool counts = L(n, i, j) >= 0;
                const auto wanted = exact::cross_entropy(x, exact::one_hot(C, counts ? static_cast<std::size_t>(L(n, i, j)) : 0), {.smoothing = 0.1L, .weight = {W.begin(), W.end()}});
                CHECK(support::relative_error(value(n, i, j), counts ? wanted.loss : 0, 1) <= 1e-14);
                CHECK(support::relative_error(rows_of_soft(n, i, j), exact::cross_entropy(x, s).loss, 1) <= 1e-14);
                for (std::size_t c = 0; c < C; ++c) CHECK(support::relative_error(slope(n, c, i, j), counts ? wanted.slope[c] : 0, 1) <= 1e-14);
            }
}

TEST_CASE("smoothing's derivatives by the weights and by poly's number, and its second derivative, are difference quotients", "[nn]") {
    data<double> b;
    b.Z(3, 2) = -std::numeric_limits<double>::infinity();
    b.L(3) = 0;
    constexpr auto k = xg::scalar<"k">;
    const auto check = [&](auto gamma) {
        const auto loss = xg::cross_entropy(z, t, xg::class_weight(w), xg::label_smoothing(0.3_c), gamma, xg::poly(k), xg::reduction<"sum">);
        const auto steep = xg::sum(xg::square(xg::gradient(loss, w)));
        auto run = xg::compile<double>(loss, steep, xg::gradient(loss, w), xg::gradient(loss, k), xg::gradient(steep, z));
        const auto at = [&](const auto& Z, const auto& W, double K) { return run(z = Z, t = b.L, w = W, k = K); };
        const auto [value, steepness, dw, dk, dz] = at(b.Z, b.W, 0.7);
        const double h = 1e-5;
        CHECK(dk == Approx((std::get<0>(at(b.Z, b.W, 0.7 + h)) - std::get<0>(at(b.Z, b.W, 0.7 - h))) / (2 * h)).epsilon(1e-7));
        for (std::size_t c = 0; c < C; ++c) {
            auto up = b.W, down = b.W;
            up(c) += h, down(c) -= h;
            CHECK(dw(c) == Approx((std::get<0>(at(b.Z, up, 0.7)) - std::get<0>(at(b.Z, down, 0.7))) / (2 * h)).epsilon(1e-7));
            auto higher = b.Z, lower = b.Z;
            higher(1, c) += h, lower(1, c) -= h;
            CHECK(dz(1, c) == Approx((std::get<1>(at(higher, b.W, 0.7)) - std::get<1>(at(lower, b.W, 0.7))) / (2 * h)).epsilon(1e-5).margin(1e-6));
        }
    };
    check(xg::focal(1_c));
    check(xg::focal(2_c));
}
