// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/normalised_rows.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, 45_c);
constexpr auto c = xg::input<"c">(rows, 45_c);
constexpr auto w = xg::parameter<"n.weight", xg::ones>(45_c);
constexpr auto b = xg::parameter<"n.bias">(45_c);
constexpr auto images = xg::input<"images">(rows, 6_c, 3_c, 5_c);
constexpr auto c_images = xg::input<"c_images">(rows, 6_c, 3_c, 5_c);

std::vector<std::size_t> places(std::size_t first, std::size_t count, std::size_t step = 1) {
    std::vector<std::size_t> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(first + i * step);
    return made;
}
/// The cotangent c of y, seen from before a weight.
template <class T, class A>
std::vector<T> times(const A& cotangent, const array<T, 1>& weight, std::size_t channels, std::size_t inner) {
    std::vector<T> made(cotangent.size());
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = cotangent.data()[i] * weight(i / inner % channels);
    return made;
}
/// Powers of two: products with them are exact.
template <class T>
array<T, 1> powers(std::size_t n) {
    array<T, 1> made = support::shaped<T>({n});
    for (std::size_t i = 0; i < n; ++i) made(i) = static_cast<T>(i % 3 == 0 ? 2 : i % 3 == 1 ? 0.5 : -1);
    return made;
}
}  // namespace

TEMPLATE_TEST_CASE("layer_norm and rms_norm: value and gradients against the closed form, also at a mean of 100", "[nn]", float, double) {
    using T = TestType;
    constexpr auto y = xg::layer_norm<"n">(x);
    constexpr auto s = xg::rms_norm<"n">(x);
    constexpr auto loss = xg::sum(c * y);
    constexpr auto loss_s = xg::sum(c * s);
    auto layer = xg::compile<T>(y, xg::gradient(loss, x, w, b)).prepare();
    auto root = xg::compile<T>(s, xg::gradient(loss_s, x, w)).prepare();
    for (std::size_t n : {1u, 4u, 37u})
        for (double mean : {0.0, 100.0}) {
            const double width = mean == 0 ? 2 : 0.01;
            const auto X = support::uniform<T>({n, 45}, 1, mean - width, mean + width), C = support::uniform<T>({n, 45}, 2);
            const array<T, 1> W = powers<T>(45), B = support::uniform<T>({45}, 3);
            const auto zero = support::shaped<T>({45});
            const std::vector<T> u = times<T>(C, W, 45, 1);
            const auto [got, dx, dw, db] = layer(x = X, c = C, w = W, b = zero);
            const auto [got_s, dx_s, dw_s] = root(x = X, c = C, w = W);
            array<T, 2> plain_y = got, plain_s = got_s;
            for (std::size_t i = 0; i < got.size(); ++i) plain_y.data()[i] /= W(i % 45), plain_s.data()[i] /= W(i % 45);
            group_errors centred, raw;
            std::vector<real> dw_exact(45, 0), db_exact(45, 0), dws_exact(45, 0);
            for (std::size_t r = 0; r < n; ++r) {
                const auto row = places(45 * r, 45);
                centred.take(row, X.data(), u.data(), plain_y.data(), dx.data(), 1e-5L);
                raw.take(row, X.data(), u.data(), plain_s.data(), dx_s.data(), 1e-5L, false);
                std::vector<real> xs;
                for (std::size_t p : row) xs.push_back(X.data()[p]);
                const auto exact = normalise(xs, xs, 1e-5L), exact_s = normalise(xs, xs, 1e-5L, false);
                for (std::size_t k = 0; k < 45; ++k) {
                    dw_exact[k] += C(r, k) * exact.y[k];
                    dws_exact[k] += C(r, k) * exact_s.y[k];
                    db_exact[k] += C(r, k);
                }
            }
            INFO(n << " rows, mean " << mean << ": " << centred.y << " " << centred.dx << " " << raw.y << " " << raw.dx);
            CHECK(centred.y <= 4);
            CHECK(centred.dx <= 16);
            CHECK(raw.y <= 4);
            CHECK(raw.dx <= 16);
            CHECK(support::largest_error(dw, dw_exact, 4 * std::sqrt(static_cast<real>(n))) <= 4 * support::epsilon<T>);
            CHECK(support::largest_error(dw_s, dws_exact, 4 * std::sqrt(static_cast<real>(n))) <= 4 * support::epsilon<T>);
            CHECK(support::largest_error(db, db_exact, 4 * std::sqrt(static_cast<real>(n))) <= 4 * support::epsilon<T>);
            const array<T, 2> moved = std::get<0>(layer(x = X, c = C, w = W, b = B));
            for (std::size_t i = 0; i < moved.size(); ++i) CHECK(moved.data()[i] == Approx(got.data()[i] + B(i % 45)).margin(4e-7));
        }
}

TEST_CASE("layer_norm: equal values, one feature, rows of two axes, options", "[nn]") {
    constexpr auto one = xg::input<"one">(rows, 1_c);
    constexpr auto deep = xg::input<"deep">(rows, 3_c, 4_c);
    const array<float, 2> equal = 7.1f + support::shaped<float>({2, 45});
    const auto W = powers<float>(45), B = support::uniform<float>({45}, 5);
    const auto [flat, d_flat] = xg::compile(xg::layer_norm<"n">(x), xg::gradient(xg::sum(c * xg::layer_norm<"n">(x)), x))(x = equal, c = equal, w = W, b = B);
    for (std::size_t k = 0; k < 45; ++k) CHECK(flat(1, k) == B(k));
    for (float d : d_flat) CHECK(std::isfinite(d));

    constexpr auto single = xg::layer_norm<"s", xg::norm_options{.scale = false, .bias = false}>;
    const auto O = support::uniform<float>({3, 1}, 6, 99, 101);
    const auto [alone, d_alone] = xg::compile(single(one), xg::gradient(xg::sum(xg::square(single(one)) + single(one)), one))(one = O);
    for (std::size_t r = 0; r < 3; ++r) {
        CHECK(alone(r, 0) == 0);
        CHECK(d_alone(r, 0) == 0);
    }

    constexpr auto wide = xg::layer_norm<"wide", xg::norm_options{.epsilon = 1e-2, .axes = 2, .bias = false}>(deep);
    constexpr auto weight = xg::parameter<"wide.weight", xg::ones>(3_c, 4_c);
    const auto D = support::uniform<double>({2, 3, 4}, 7, 99, 101);
    const auto U = support::uniform<double>({3, 4}, 8);
    const auto got = xg::compile<double>(wide)(deep = D, weight = U);
    const std::vector<real> zeros(12, 0);
    for (std::size_t r = 0; r < 2; ++r) {
        std::vector<real> row(D.data() + 12 * r, D.data() + 12 * (r + 1));
        const auto exact = normalise(row, zeros, 1e-2L);
        for (std::size_t k = 0; k < 12; ++k) CHECK(got.data()[12 * r + k] == Approx(static_cast<double>(exact.y[k] * U.data()[k])).margin(1e-13));
    }
}

TEMPLATE_TEST_CASE("group_norm and instance_norm: value and gradient in every grouping", "[nn]", float, double) {
    using T = TestType;
    constexpr auto weight = xg::parameter<"g.weight", xg::ones>(6_c);
    constexpr auto bias = xg::parameter<"g.bias">(6_c);
    constexpr auto all = xg::group_norm<"g">(1_c)(images);
    constexpr auto three = xg::group_norm<"g">(3_c)(images);
    constexpr auto six = xg::group_norm<"g">(6_c)(images);
    constexpr auto instance = xg::instance_norm<>(images);
    static_assert(xg::same(instance, xg::instance_norm<"other">(images)));
    const auto X = support::uniform<T>({4, 6, 3, 5}, 1, 99.99, 100.01), C = support::uniform<T>({4, 6, 3, 5}, 2);
    const array<T, 1> W = powers<T>(6), B = support::shaped<T>({6});
    const std::vector<T> u = times<T>(C, W, 6, 15);
    auto check = [&](const array<T, 4>& y, const array<T, 4>& dx, std::size_t groups, const std::vector<T>& cotangent, bool weighted) {
        array<T, 4> before = y;
        if (weighted)
            for (std::size_t i = 0; i < y.size(); ++i) before.data()[i] /= W(i / 15 % 6);
        group_errors errors;
        const std::size_t size = 90 / groups;
        for (std::size_t k = 0; k < 4 * groups; ++k) errors.take(places(k * size, size), X.data(), cotangent.data(), before.data(), dx.data(), 1e-5L);
        INFO(groups << " groups: " << errors.y << " " << errors.dx);
        CHECK(errors.y <= 4);
        CHECK(errors.dx <= 16);
    };
    const auto run = [&](auto y) {
        return xg::compile<T>(y, xg::gradient(xg::sum(c_images * y), images))(images = X, c_images = C, weight = W, bias = B);
    };
    const auto [y1, d1] = run(all);
    check(y1, d1, 1, u, true);
    const auto [y3, d3] = run(three);
    check(y3, d3, 3, u, true);
    const auto [y6, d6] = run(six);
    check(y6, d6, 6, u, true);
    const auto [yi, di] = xg::compile<T>(instance, xg::gradient(xg::sum(c_images * instance), images))(images = X, c_images = C);
    check(yi, di, 6, {C.begin(), C.end()}, false);
}
