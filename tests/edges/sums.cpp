// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, columns);
constexpr auto u = xg::input<"u">(rows);
constexpr auto v = xg::input<"v">(columns);
}  // namespace

/// The full sum of operands that vary along different axes.
TEST_CASE("sums over all axes of mixed shapes", "[ops]") {
    auto program = xg::compile<double>(xg::sum(x * v), xg::sum(u * xg::sum(x, columns)), xg::mean(x + v)).prepare();
    for (const auto [r, c] : ragged()) {
        const auto X = support::uniform<double>({r, c}, 20);
        const auto U = support::uniform<double>({r}, 21), V = support::uniform<double>({c}, 22);
        real by_v = 0, by_u = 0, added = 0;
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < c; ++j) {
                by_v += static_cast<real>(X(i, j)) * V(j);
                by_u += static_cast<real>(X(i, j)) * U(i);
                added += static_cast<real>(X(i, j)) + V(j);
            }
        const auto [a, b, m] = program(x = X, u = U, v = V);
        CHECK(a == Approx(static_cast<double>(by_v)).epsilon(1e-12).margin(1e-12));
        CHECK(b == Approx(static_cast<double>(by_u)).epsilon(1e-12).margin(1e-12));
        CHECK(m == Approx(static_cast<double>(added / static_cast<real>(r * c))).epsilon(1e-12).margin(1e-12));
    }
}

/// All extents of a product's result are 1, known to the compiler: no column to walk. A line through points has such a weight.
TEMPLATE_TEST_CASE_SIG("products of one element", "[edges]", ((bool Apart), Apart), false, true) {
    constexpr auto one = [](auto... e) {
        if constexpr (Apart) return xg::compile<double>(e..., xg::unfused);
        else return xg::compile<double>(e...);
    };
    constexpr auto a = xg::input<"a">(1_c, 5_c);
    constexpr auto w = xg::parameter<"dot.weight", xg::glorot_uniform>(5_c, 1_c);
    constexpr auto b = xg::parameter<"dot.bias">(1_c);
    constexpr auto y = tanh(xg::dense<"dot">(1_c)(a));
    constexpr auto points = xg::input<"points">(rows, 1_c);
    constexpr auto slope = xg::parameter<"line.weight", xg::glorot_uniform>(1_c, 1_c);
    constexpr auto offset = xg::parameter<"line.bias">(1_c);
    constexpr auto squares = xg::sum(xg::square(xg::dense<"line">(1_c)(points)));
    const auto program = one(matmul(a, w), y, xg::sum(y), xg::gradient(xg::sum(y), a, w, b), squares, xg::gradient(squares, slope, offset));
    const auto A = support::uniform<double>({1, 5}, 31), W = support::uniform<double>({5, 1}, 32), P = support::uniform<double>({7, 1}, 33), S = support::uniform<double>({1, 1}, 34);
    const auto B = support::uniform<double>({1}, 35), O = support::uniform<double>({1}, 36);
    const auto [p, made, total, da, dw, db, line, ds, d_offset] = program(a = A, w = W, b = B, points = P, slope = S, offset = O);
    double product = 0;
    for (std::size_t k = 0; k < 5; ++k) product += A(0, k) * W(k, 0);
    const double value = std::tanh(product + B(0)), g = 1 - value * value;
    CHECK(p(0, 0) == Approx(product).epsilon(1e-14));
    CHECK(made(0, 0) == Approx(value).epsilon(1e-14));
    CHECK(total == Approx(value).epsilon(1e-14));
    CHECK(db(0) == Approx(g).epsilon(1e-13));
    for (std::size_t k = 0; k < 5; ++k) {
        CHECK(da(0, k) == Approx(g * W(k, 0)).epsilon(1e-13));
        CHECK(dw(k, 0) == Approx(g * A(0, k)).epsilon(1e-13));
    }
    double sum = 0, by_slope = 0, by_offset = 0;
    for (std::size_t r = 0; r < 7; ++r) {
        const double at = P(r, 0) * S(0, 0) + O(0);
        sum += at * at;
        by_slope += 2 * at * P(r, 0);
        by_offset += 2 * at;
    }
    CHECK(line == Approx(sum).epsilon(1e-13));
    CHECK(ds(0, 0) == Approx(by_slope).epsilon(1e-13));
    CHECK(d_offset(0) == Approx(by_offset).epsilon(1e-13));
}

/// A product over one number is elementwise work: beside other arrays, turned round, and with itself.
TEST_CASE("products over one number", "[edges]") {
    constexpr auto a = xg::input<"a">(3_c, rows, 1_c);
    constexpr auto b = xg::parameter<"b">(1_c, 5_c);
    constexpr auto c = xg::parameter<"c">(5_c, 1_c);
    constexpr auto p = xg::input<"p">(rows, 1_c);
    constexpr auto w = xg::input<"w">(3_c, rows, 5_c);
    constexpr auto y = matmul(a, b);
    constexpr auto total = xg::sum(w * tanh(y));
    auto program = xg::compile<double>(y, xg::gradient(total, a, b), matmul(a, xg::transpose(c)), matmul(p, xg::transpose(p)), matmul(tanh(y), c)).prepare();
    const auto B = support::uniform<double>({1, 5}, 41), C = support::uniform<double>({5, 1}, 42);
    for (std::size_t r : {1u, 4u, 33u}) {
        const auto A = support::uniform<double>({3, r, 1}, 43), W = support::uniform<double>({3, r, 5}, 44);
        const auto P = support::uniform<double>({r, 1}, 45);
        const auto [made, da, db, turned, itself, after] = program(a = A, b = B, c = C, p = P, w = W);
        double furthest = 0;
        std::array<double, 5> by_b{};
        for (std::size_t d = 0; d < 3; ++d)
            for (std::size_t i = 0; i < r; ++i) {
                double by_a = 0, then = 0;
                for (std::size_t j = 0; j < 5; ++j) {
                    const double product = A(d, i, 0) * B(0, j), value = std::tanh(product), g = W(d, i, j) * (1 - value * value);
                    furthest = std::max<double>({furthest, std::abs(made(d, i, j) - product), std::abs(turned(d, i, j) - A(d, i, 0) * C(j, 0))});
                    by_a += g * B(0, j);
                    by_b[j] += g * A(d, i, 0);
                    then += value * C(j, 0);
                }
                furthest = std::max<double>({furthest, std::abs(da(d, i, 0) - by_a), std::abs(after(d, i, 0) - then)});
            }
        for (std::size_t j = 0; j < 5; ++j) furthest = std::max(furthest, std::abs(db(0, j) - by_b[j]) / static_cast<double>(r));
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < r; ++j) furthest = std::max(furthest, std::abs(itself(i, j) - P(i, 0) * P(j, 0)));
        CHECK(furthest < 1e-14);
    }
}

/// What a row gives does not depend on the rows beside it.
TEST_CASE("a product of one column: a row alone has the bits that it has in a batch", "[edges]") {
    constexpr auto a = xg::input<"a">(rows, 67_c);
    constexpr auto w = xg::parameter<"w">(67_c, 1_c);
    auto program = xg::compile(matmul(a, w), tanh(matmul(a, w))).prepare();
    const auto A = support::uniform<float>({9, 67}, 51), W = support::uniform<float>({67, 1}, 52);
    const auto [all, after] = program(a = A, w = W);
    for (std::size_t r = 0; r < 9; ++r) {
        auto one = support::shaped<float>({1, 67});
        std::copy_n(&A(r, 0), 67, one.data());
        const auto [alone, alone_after] = program(a = one, w = W);
        CHECK(alone(0, 0) == all(r, 0));
        CHECK(alone_after(0, 0) == after(r, 0));
    }
}

/// A value of one element stands in an array and, as the largest there is, beside it: kernels without axes compute in double, arrays are float, and both are one number.
TEMPLATE_TEST_CASE("sums of one exponential", "[edges]", float, double) {
    using T = TestType;
    constexpr auto y = xg::input<"y">(1_c, 5_c);
    constexpr auto z = xg::input<"z">(1_c, 1_c);
    constexpr auto similar = xg::cosine_similarity(xg::sqrt(y), y);
    constexpr auto product = xg::sum(z * z * z, xg::axes<-1>) * 3_c;
    constexpr auto total = xg::logsumexp(similar);
    auto program = xg::compile<T>(similar, total, xg::gradient(total, y), product, xg::logsumexp(product)).prepare();
    for (unsigned seed = 0; seed < 50; ++seed) {
        CAPTURE(seed);
        const auto Y = support::uniform<T>({1, 5}, seed, 0.2, 2), Z = support::uniform<T>({1, 1}, seed);
        const auto [a, of_a, slope, b, of_b] = program(y = Y, z = Z);
        real both = 0, roots = 0, squares = 0;
        for (std::size_t k = 0; k < 5; ++k) {
            const real at = Y(0, k);
            both += at * std::sqrt(at);
            roots += at;
            squares += at * at;
        }
        const real cosine = both / std::sqrt(roots * squares);
        CHECK(support::relative_error(a(0), cosine, 1) < 8 * support::epsilon<T>);
        CHECK(support::relative_error(of_a, cosine, 1) < 8 * support::epsilon<T>);
        for (std::size_t k = 0; k < 5; ++k) {
            const real at = Y(0, k), exact = (1.5L * std::sqrt(at) / both - 0.5L / roots - at / squares) * cosine;
            CHECK(support::relative_error(slope(0, k), exact, 1) < 16 * support::epsilon<T>);
        }
        const real cube = 3 * static_cast<real>(Z(0, 0)) * Z(0, 0) * Z(0, 0);
        CHECK(support::relative_error(b(0), cube, std::abs(cube)) < 4 * support::epsilon<T>);
        CHECK(support::relative_error(of_b, cube, std::abs(cube)) < 4 * support::epsilon<T>);
    }
}

/// The factors of an outer product are put in order, and one array then meets itself turned round.
TEMPLATE_TEST_CASE_SIG("a column beside itself as a row", "[edges]", ((bool Apart), Apart), false, true) {
    constexpr auto x = xg::input<"x">(rows, 1_c);
    constexpr auto turned = xg::transpose(x);
    constexpr auto product = matmul(x + 1_c, turned) * x;
    constexpr auto sum = (x + 2_c) + turned + x;
    constexpr auto loss = xg::sum(sin(product) + cos(sum));
    const auto program = [&] {
        if constexpr (Apart) return xg::compile<double>(product, sum, xg::gradient(loss, x), xg::unfused);
        else return xg::compile<double>(product, sum, xg::gradient(loss, x));
    }();
    for (std::size_t r : {1u, 2u, 17u}) {
        CAPTURE(r);
        const auto X = support::uniform<double>({r, 1}, 61);
        const auto [p, s, slope] = program(x = X);
        std::vector<real> products, sums, slopes(r);
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < r; ++j) {
                const real a = X(i, 0), b = X(j, 0);
                products.push_back((a + 1) * b * a);
                sums.push_back(2 * a + 2 + b);
                slopes[i] += std::cos(products.back()) * (2 * a + 1) * b - 2 * std::sin(sums.back());
                slopes[j] += std::cos(products.back()) * (a + 1) * a - std::sin(sums.back());
            }
        CHECK(support::largest_error(p, products, 1) < 1e-14);
        CHECK(support::largest_error(s, sums, 1) < 1e-14);
        CHECK(support::largest_error(slope, slopes, 10) < 1e-13);
    }
}

/// What all rows share is summed once, whatever is done with the rows beside it: short rows, long ones, panels of them.
TEMPLATE_TEST_CASE_SIG("sums of a row that is added to many", "[edges]", ((bool Known), Known), false, true) {
    constexpr auto width = [] {
        if constexpr (Known) return 3_c;
        else return columns;
    }();
    constexpr auto x = xg::input<"x">(rows, width);
    constexpr auto bias = xg::input<"bias">(width);
    constexpr auto moved = xg::square(x + bias);
    auto program = xg::compile<double>(moved, xg::sum(moved), xg::sum(xg::square(bias)), xg::max(bias), xg::sum(xg::exp(bias), xg::keep_axes), xg::logsumexp(bias)).prepare();
    for (const auto [r, c] : {extents{5, 3}, {17, 3}, {4000, 3}, {1, 3}, {4000, 300}}) {
        if (Known && c != 3) continue;
        CAPTURE(r, c);
        const auto X = support::uniform<double>({r, c}, 71);
        const auto B = support::uniform<double>({c}, 72);
        const auto [squares, total, of_bias, largest, exponentials, logarithm] = program(x = X, bias = B);
        real by_rows = 0, by_bias = 0, by_exp = 0, top = -support::infinity;
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < c; ++j) by_rows += (static_cast<real>(X(i, j)) + B(j)) * (static_cast<real>(X(i, j)) + B(j));
        for (std::size_t j = 0; j < c; ++j) by_bias += static_cast<real>(B(j)) * B(j), by_exp += std::exp(static_cast<real>(B(j))), top = std::max<real>(top, B(j));
        CHECK(support::relative_error(squares(r - 1, 0), (X(r - 1, 0) + B(0)) * (X(r - 1, 0) + B(0)), 1) < 1e-14);
        CHECK(support::relative_error(total, by_rows, by_rows) < 1e-13);
        CHECK(support::relative_error(of_bias, by_bias, by_bias) < 1e-14);
        CHECK(largest == static_cast<double>(top));
        CHECK(support::relative_error(exponentials(0), by_exp, by_exp) < 1e-14);
        CHECK(support::relative_error(logarithm, std::log(by_exp), std::log(by_exp)) < 1e-14);
    }
}
