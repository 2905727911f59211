// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Programs that are asked for one sample, whose kernels know their columns: beside the same formula over any rows, given one.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto rows = xg::axis<"rows">;

/// A cell as of a recurrent network: two products, their sum through two activations, and a product of one column; `x` and `h` have `Rows` rows.
template <std::size_t N, class Rows>
constexpr auto cell(Rows r) {
    constexpr xg::static_extent<N> n{};
    const auto x = xg::input<"x">(r, 3_c);
    const auto h = xg::input<"h">(r, n);
    const auto a = matmul(x, xg::parameter<"wx">(3_c, n)) + matmul(h, xg::parameter<"wh">(n, n)) + xg::parameter<"b">(n);
    const auto next = tanh(a) * sigmoid(a) + h;
    return std::tuple{next, xg::dense<"out">(1_c)(next)};
}
/// Sums, the largest, and what takes several passes.
constexpr auto reductions(auto z) {
    return std::tuple{xg::softmax(z), xg::layer_norm<"norm", xg::norm_options{.scale = false, .bias = false}>(z), xg::logsumexp(z, xg::axes<1>), xg::max(z, xg::axes<1>), xg::sum(exp(z), xg::axes<0>), xg::sum(square(z))};
}
constexpr auto any_reductions = xg::compile<double>(reductions(xg::input<"z">(rows, xg::axis<"columns">)));

template <std::size_t N>
void check_cell() {
    const auto X = support::uniform<float>({1, 3}, 1, -1, 1), H = support::uniform<float>({1, N}, 2, -1, 1), Wx = support::uniform<float>({3, N}, 3, -1, 1),
               Wh = support::uniform<float>({N, N}, 4, -1, 1), Out = support::uniform<float>({N, 1}, 5, -1, 1);
    const auto B = support::uniform<float>({N}, 6, -1, 1), Bias = support::uniform<float>({1}, 7, -1, 1);
    const auto run = [&](auto r, const auto& weights) {
        constexpr xg::static_extent<N> n{};
        return xg::compile(cell<N>(r)).prepare()(xg::input<"x">(r, 3_c) = X, xg::input<"h">(r, n) = H, xg::parameter<"wx">(3_c, n) = Wx, xg::parameter<"wh">(n, n) = weights,
                                                 xg::parameter<"b">(n) = B, xg::parameter<"out.weight", xg::glorot_uniform>(n, 1_c) = Out, xg::parameter<"out.bias">(1_c) = Bias);
    };
    const auto [next, y] = run(1_c, Wh);
    const auto [next_of_any, y_of_any] = run(rows, Wh);
    for (std::size_t j = 0; j < N; ++j) {
        double a = static_cast<double>(B(j));
        for (std::size_t k = 0; k < 3; ++k) a += static_cast<double>(X(0, k)) * static_cast<double>(Wx(k, j));
        for (std::size_t k = 0; k < N; ++k) a += static_cast<double>(H(0, k)) * static_cast<double>(Wh(k, j));
        CHECK(static_cast<double>(next(0, j)) == Approx(std::tanh(a) / (1 + std::exp(-a)) + static_cast<double>(H(0, j))).epsilon(1e-5).margin(1e-6));
    }
    CHECK(next == next_of_any);  // bit by bit
    CHECK(y == y_of_any);
    // Weights that do not lie row by row.
    const xt::xtensor<float, 2, xt::layout_type::column_major> columns = Wh;
    const auto [next_of_columns, y_of_columns] = run(1_c, columns);
    CHECK(next_of_columns == next);
    CHECK(y_of_columns == y);
}

void check_near(const auto& a, const auto& b) {
    if constexpr (requires { a.size(); }) {
        REQUIRE(a.size() == b.size());
        for (std::size_t i = 0; i < a.size(); ++i) CHECK(static_cast<double>(a.flat(i)) == Approx(static_cast<double>(b.flat(i))).epsilon(3e-6).margin(1e-6));
    } else {
        CHECK(static_cast<double>(a) == Approx(static_cast<double>(b)).epsilon(3e-6));
    }
}
template <std::size_t N>
void check_reductions() {
    constexpr xg::static_extent<N> n{};
    constexpr auto z = xg::input<"z">(1_c, n);
    constexpr auto t = xg::labels<"t">(1_c, xg::classes(n));
    constexpr auto loss = xg::sum(xg::cross_entropy(z, t));
    const auto Z = support::uniform<float>({1, N}, 8, -3, 3);
    const xg::tensor<std::int64_t, 1> T{static_cast<std::int64_t>(N / 2)};
    const auto one = xg::compile(std::tuple_cat(reductions(z), std::tuple{loss, xg::gradient(loss, z)}))(z = Z, t = T);
    const auto any = any_reductions(xg::input<"z">(rows, xg::axis<"columns">) = support::converted<double>(Z));
    INFO(N << " columns");
    [&]<std::size_t... K>(std::index_sequence<K...>) { (check_near(std::get<K>(one), std::get<K>(any)), ...); }(std::make_index_sequence<6>{});
    const auto& p = std::get<0>(any);
    CHECK(static_cast<double>(std::get<6>(one)) == Approx(-std::log(p(0, N / 2))).epsilon(3e-6).margin(1e-6));
    for (std::size_t j = 0; j < N; ++j) CHECK(static_cast<double>(std::get<7>(one)(0, j)) == Approx(p(0, j) - (j == N / 2)).epsilon(3e-6).margin(1e-6));
}
}  // namespace

TEST_CASE("one row: products with what follows, bit by bit as for any rows") {
    check_cell<1>();
    check_cell<16>();
    check_cell<23>();
    check_cell<64>();
}

TEST_CASE("one row: reductions, several passes, a loss and its gradient") {
    check_reductions<1>();
    check_reductions<16>();
    check_reductions<39>();
    check_reductions<64>();
}

TEST_CASE("a deep product of one row is summed as any other", "[kernel]") {
    const auto X = support::uniform<float>({1, 5000}, 1, -1, 1), W = support::uniform<float>({5000, 16}, 2, -1, 1);
    const auto of = [&](auto r) {
        const auto x = xg::input<"x">(r, 5000_c);
        const auto w = xg::input<"w">(5000_c, 16_c);
        return xg::compile(matmul(x, w))(x = X, w = W);
    };
    const auto one = of(1_c), any = of(rows);
    CHECK(one == any);
}
