// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, 5_c);

/// A user's own op, outside the library: x^3.
struct cube_op : xg::elementwise<1> {
    static constexpr std::string_view name = "cube";
    static constexpr auto value(auto v) { return v * v * v; }
    static constexpr auto partials(auto v) { return std::tuple{3_c * v * v}; }
};
constexpr xg::function<cube_op> cube{};

std::string names_of(const auto& trainer) {
    std::string all;
    boost::hana::for_each(trainer.parameters(), [&](const auto& entry) {
        all += std::string(xg::name_of(boost::hana::first(entry))) + " ";
    });
    return all;
}
}  // namespace

TEST_CASE("dense is x W + b, in a batch of any rank", "[nn]") {
    constexpr auto steps = xg::axis<"steps">;
    constexpr auto deep = xg::input<"deep">(rows, steps, 5_c);
    constexpr auto weight = xg::parameter<"d.weight", xg::glorot_uniform>(5_c, 3_c);
    constexpr auto bias = xg::parameter<"d.bias">(3_c);
    const auto X = support::uniform<double>({4, 5}, 1), W = support::uniform<double>({5, 3}, 2);
    const auto D = support::uniform<double>({2, 2, 5}, 3);
    const auto B = support::uniform<double>({3}, 4);
    const auto flat = xg::compile<double>(xg::dense<"d">(3_c)(x))(x = X, weight = W, bias = B);
    const auto high = xg::compile<double>(xg::dense<"d">(3_c)(deep))(deep = D, weight = W, bias = B);
    auto exact = [&](const double* row, std::size_t c) {
        real total = B(c);
        for (std::size_t k = 0; k < 5; ++k) total += static_cast<real>(row[k]) * W(k, c);
        return static_cast<double>(total);
    };
    for (std::size_t r = 0; r < 4; ++r)
        for (std::size_t c = 0; c < 3; ++c) {
            CHECK(flat(r, c) == Approx(exact(X.data() + 5 * r, c)).epsilon(1e-14));
            CHECK(high.data()[3 * r + c] == Approx(exact(D.data() + 5 * r, c)).epsilon(1e-14));
        }
}

TEST_CASE("names nest, shared layers share, own layers and own ops take part", "[nn]") {
    constexpr auto tied = xg::shared(xg::dense<"tied">(5_c));
    constexpr auto model = xg::sequential<"net">(tied, cube, xg::sequential<"inner">(xg::dense<"a">(4_c), [](auto h) { return h * 2_c; }), xg::dense<"b">(5_c));
    constexpr auto twice = xg::sequential(tied, xg::tanh, tied);
    constexpr auto loss = xg::mean(square(model(x))) + xg::mean(square(twice(x)));
    xg::trainer trainer{loss, xg::sgd{.learning_rate = 1e-5}, xg::precision<double>, xg::seed{3}};
    const std::string names = names_of(trainer);
    INFO(names);
    for (const char* wanted : {"net.tied.weight ", "net.tied.bias ", "net.inner.a.weight ", "net.inner.a.bias ", "net.b.weight ", "net.b.bias "})
        CHECK(names.find(wanted) != std::string::npos);
    CHECK(names.find(" tied.weight ") != std::string::npos);  // outside of net it is another layer
    CHECK(std::count(names.begin(), names.end(), ' ') == 8);
    const auto X = support::uniform<double>({6, 5}, 5);
    const double before = trainer.step(x = X);
    for (int i = 0; i < 20; ++i) trainer.step(x = X);
    CHECK(trainer.step(x = X) < before);
}

TEST_CASE("a composite without a name adds nothing to a path", "[nn]") {
    constexpr auto model = xg::sequential<"net">(xg::residual(xg::dense<"a">(5_c)), xg::sequential(xg::dense<"b">(5_c)), xg::residual(xg::sequential<"inner">(xg::dense<"c">(5_c))));
    xg::trainer trainer{xg::mean(square(model(x))), xg::sgd{}, xg::precision<double>};
    CHECK(names_of(trainer) == "net.a.bias net.a.weight net.b.bias net.b.weight net.inner.c.bias net.inner.c.weight ");
}

TEST_CASE("the mean and the ends of an axis are layers", "[nn]") {
    constexpr auto steps = xg::axis<"steps">;
    constexpr auto deep = xg::input<"deep">(rows, steps, 5_c);
    static_assert(xg::same(xg::sequential(xg::dense<"a">(4_c), xg::mean(steps), xg::dense<"b">(3_c))(deep), xg::dense<"b">(3_c)(xg::mean(xg::dense<"a">(4_c)(deep), steps))));
    static_assert(xg::same(xg::sequential(xg::tanh, xg::last_of(steps))(deep), xg::last_of(tanh(deep), steps)));
    static_assert(xg::same(xg::first_of(xg::axes<1>)(deep), xg::first_of(deep, steps)));
    static_assert(!xg::same(xg::first_of(steps)(deep), xg::last_of(steps)(deep)));
    static_assert(xg::shape_of(xg::mean(xg::axes<0, 1>)(deep)) == xg::shape_of(xg::input<"row">(5_c)));
}

TEST_CASE("a tied weight's gradient is the sum over both places", "[nn]") {
    constexpr auto w = xg::parameter<"w">(5_c, 5_c);
    constexpr auto loss = xg::sum(matmul(matmul(x, w), w));
    const auto X = support::uniform<double>({3, 5}, 6), W = support::uniform<double>({5, 5}, 7);
    const auto slope = xg::compile<double>(xg::gradient(loss, w))(x = X, w = W);
    // s = sum_r x_r; d/dw_ij of s w w 1 = s_i (w 1)_j + (s w)_i
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t j = 0; j < 5; ++j) {
            real s_i = 0, w_j = 0, sw_i = 0;
            for (std::size_t r = 0; r < 3; ++r) s_i += X(r, i);
            for (std::size_t k = 0; k < 5; ++k) {
                w_j += W(j, k);
                for (std::size_t r = 0; r < 3; ++r) sw_i += static_cast<real>(X(r, k)) * W(k, i);
            }
            CHECK(slope(i, j) == Approx(static_cast<double>(s_i * w_j + sw_i)).epsilon(1e-13));
        }
}

TEMPLATE_TEST_CASE("a user's own op: value, gradient, second derivative", "[nn]", float, double) {
    using T = TestType;
    constexpr auto slope = xg::gradient(xg::sum(cube(x)), x);
    const auto X = support::uniform<T>({7, 5}, 8);
    const auto [value, d1, d2] = xg::compile<T>(cube(x), slope, xg::gradient(xg::sum(slope), x))(x = X);
    for (std::size_t i = 0; i < X.size(); ++i) {
        const real v = X.data()[i];
        CHECK(support::relative_error(value.data()[i], v * v * v, std::abs(v * v * v)) <= 2 * support::epsilon<T>);
        CHECK(support::relative_error(d1.data()[i], 3 * v * v, 3 * v * v) <= 2 * support::epsilon<T>);
        CHECK(support::relative_error(d2.data()[i], 6 * v, std::abs(6 * v)) <= 2 * support::epsilon<T>);
    }
}

TEST_CASE("Hessian-vector products: jvp of a gradient, gradient of a jvp", "[nn]") {
    constexpr auto w = xg::input<"w">(5_c);
    constexpr auto v = xg::input<"v">(5_c);
    constexpr auto loss = xg::logsumexp(square(w));  // f = log sum e^(w^2)
    const auto W = support::uniform<double>({5}, 9, -1, 1), V = support::uniform<double>({5}, 10);
    const auto [forward, reverse] = xg::compile<double>(xg::jvp(xg::gradient(loss, w), w, v), xg::gradient(xg::jvp(loss, w, v), w))(w = W, v = V);
    // g_i = 2 w_i p_i; H v = 2 p v + 2 w p (2 w v - sum_j p_j 2 w_j v_j)
    std::vector<real> p;
    real total = 0, along = 0;
    for (double e : W) p.push_back(std::exp(static_cast<real>(e) * e)), total += p.back();
    for (real& e : p) e /= total;
    for (std::size_t i = 0; i < 5; ++i) along += p[i] * 2 * W(i) * V(i);
    for (std::size_t i = 0; i < 5; ++i) {
        const double exact = static_cast<double>(2 * p[i] * V(i) + 2 * W(i) * p[i] * (2 * W(i) * V(i) - along));
        CHECK(forward(i) == Approx(exact).epsilon(1e-13));
        CHECK(reverse(i) == Approx(exact).epsilon(1e-13));
    }
}
