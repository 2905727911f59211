// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Ops with a loop of their own among other kernels: a user's own, operands that are views, results that several kernels read,
// memory that is used again, kernels in panels around them.
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace mine {

/// median(x): the middle of each row, the lower one of two; its derivative is shared by equal elements.
struct median_op : xg::whole<1> {
    static constexpr std::string_view name = "median";
    static constexpr int scratch = 1;  // a copy of a row, to be sorted

    static constexpr xg::shape_result shape_rule(const xg::attributes&, const xg::shape* operands, int) {
        xg::shape_result result{operands[0]};
        --result.value.rank;
        return result;
    }
    static constexpr unsigned cut_operands(const xg::attributes&, const xg::shape&) { return 1; }  // rows need nothing of each other
    static constexpr auto pullback(auto g, auto y, auto x) { return std::tuple{g.insert_axes(last(x), x) * share(y, x)}; }
    static constexpr auto tangent(auto y, auto x, auto t) { return (share(y, x) * t).sum(last(x)); }

    template <class T>
    static void run(const xg::whole_call<T, 1>& call) {
        const auto& x = call[0];
        const std::ptrdiff_t n = x.extent(x.rank - 1), middle = (n - 1) / 2;
        T* row = static_cast<T*>(call.scratch);
        for (std::ptrdiff_t r = 0; r < call.result.elements(); ++r) {
            std::copy_n(x.data + r * n, n, row);
            std::nth_element(row, row + middle, row + n);
            call.result.data[r] = row[middle];
        }
    }

private:
    static constexpr std::uint32_t last(auto x) { return 1u << (x.shape().rank - 1); }
    static constexpr auto share(auto y, auto x) {
        const auto hit = xg::ast::apply<xg::indicator_op>(x == y.insert_axes(last(x), x));
        return hit / hit.sum(last(x)).insert_axes(last(x), x);
    }
};
inline constexpr xg::function<median_op> median{};

}  // namespace mine

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 5_c);
constexpr auto v = xg::input<"v">(5_c);

double middle(std::vector<double> row) {
    std::sort(row.begin(), row.end());
    return row[(row.size() - 1) / 2];
}
template <class... X>
constexpr int own_loops(X... results) {
    int count = 0;
    for (const xg::step& s : decltype(xg::compile(results...))::plan.steps) count += s.kind == xg::step_kind::whole;
    return count;
}
}  // namespace

TEST_CASE("own loops: a user's op, fused work before and after it, on its own as well", "[plan]") {
    constexpr auto m = mine::median(xg::exp(x) * v);
    constexpr auto loss = xg::sum(xg::square(m - 1_c));
    static_assert(own_loops(m, loss, xg::gradient(loss, x)) == 1);
    const auto fused = xg::compile<double>(m, loss, xg::gradient(loss, x));
    const auto unfused = xg::compile<double>(m, loss, xg::gradient(loss, x), xg::unfused);
    for (std::size_t r : {1u, 3u, 70u}) {
        const auto X = support::uniform<double>({r, 5}, 1);
        const auto V = support::uniform<double>({5}, 2);
        const auto [got, total, slope] = fused(x = X, v = V);
        const auto [apart, total_apart, slope_apart] = unfused(x = X, v = V);
        double exact_total = 0;
        for (std::size_t i = 0; i < r; ++i) {
            std::vector<double> row;
            for (std::size_t j = 0; j < 5; ++j) row.push_back(std::exp(X(i, j)) * V(j));
            const double exact = middle(row);
            CHECK(got(i) == Approx(exact).epsilon(1e-14));
            CHECK(apart(i) == Approx(exact).epsilon(1e-14));
            exact_total += (exact - 1) * (exact - 1);
            for (std::size_t j = 0; j < 5; ++j) {
                const double wanted = row[j] == exact ? 2 * (exact - 1) * row[j] : 0;
                CHECK(slope(i, j) == Approx(wanted).epsilon(1e-12).margin(1e-300));
                CHECK(slope_apart(i, j) == Approx(wanted).epsilon(1e-12).margin(1e-300));
            }
        }
        CHECK(total == Approx(exact_total).epsilon(1e-12));
        CHECK(total_apart == Approx(exact_total).epsilon(1e-12));
    }
}

TEST_CASE("own loops: views are stored first, one array may come twice, a result may be an operand", "[plan]") {
    constexpr auto turned = xg::cumsum(xg::transpose(x));                     // [5, batch]
    constexpr auto wide = xg::cumsum(xg::broadcast(v, batch, 5_c));
    constexpr auto twice = xg::concat(x, x);
    constexpr auto again = xg::reverse(twice);
    auto program = xg::compile<double>(turned, wide, twice, again, xg::reverse(x), xg::reverse(xg::reverse(x))).prepare();
    const auto X = support::uniform<double>({4, 5}, 3);
    const auto V = support::uniform<double>({5}, 4);
    const auto [t, w, two, back, r, rr] = program(x = X, v = V);
    for (std::size_t i = 0; i < 4; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < 5; ++j) {
            double column = 0;
            for (std::size_t k = 0; k <= i; ++k) column += X(k, j);
            CHECK(t(j, i) == Approx(column).epsilon(1e-14));
            CHECK(w(i, j) == Approx(sum += V(j)).epsilon(1e-14));
            CHECK((two(i, j) == X(i, j) && two(i, j + 5) == X(i, j) && back(i, 4 - j) == X(i, j) && back(i, 9 - j) == X(i, j)));
            CHECK((r(i, 4 - j) == X(i, j) && rr(i, j) == X(i, j)));
        }
    }
}

TEST_CASE("own loops: a chain uses memory again and never its own operand's", "[plan]") {
    constexpr auto chain = xg::cumsum(xg::tanh(xg::cumsum(xg::tanh(xg::cumsum(xg::tanh(x))))));
    auto program = xg::compile<double>(xg::sum(chain)).prepare();
    const auto X = support::uniform<double>({64, 5}, 5);
    long double exact = 0;
    for (std::size_t i = 0; i < 64; ++i) {
        long double a[5];
        for (std::size_t j = 0; j < 5; ++j) a[j] = X(i, j);
        for (int pass = 0; pass < 3; ++pass) {
            long double sum = 0;
            for (long double& e : a) e = sum += std::tanh(e);
        }
        for (long double e : a) exact += e;
    }
    CHECK(program(x = X) == Approx(static_cast<double>(exact)).epsilon(1e-13));
    CHECK(program.arena_bytes() <= 3 * 64 * 5 * sizeof(double));
}

TEST_CASE("own loops: between products and row kernels that run in panels", "[plan]") {
    constexpr auto a = xg::input<"a">(batch, 8_c);
    constexpr auto w = xg::input<"w">(8_c, 64_c);
    constexpr auto h = xg::tanh(matmul(a, w));
    constexpr auto loss = xg::mean(xg::square(xg::cumsum(h)) + xg::relu(h));
    auto whole = xg::compile(loss, xg::gradient(loss, w)).prepare();
    constexpr auto fixed = xg::mean(xg::square(matmul(h, xg::input<"upper">(64_c, 64_c))) + xg::relu(h));  // the same sums as a product
    auto product = xg::compile(fixed, xg::gradient(fixed, w)).prepare();
    const std::size_t r = 120000;  // 31 MB an array of [batch, 64]: products are cut into panels
    const auto A = support::uniform<float>({r, 8}, 6, -0.1, 0.1), W = support::uniform<float>({8, 64}, 7, -0.5, 0.5);
    auto U = support::shaped<float>({64, 64});
    for (std::size_t i = 0; i < 64; ++i)
        for (std::size_t j = i; j < 64; ++j) U(i, j) = 1;
    constexpr auto upper = xg::input<"upper">(64_c, 64_c);
    const auto [l, g] = whole(a = A, w = W);
    const auto [l2, g2] = product(a = A, w = W, upper = U);
    CHECK(l == Approx(l2).epsilon(1e-5));
    double size = 0, worst = 0;
    for (std::size_t i = 0; i < g.size(); ++i) {
        size = std::max(size, static_cast<double>(std::abs(g2.data()[i])));
        worst = std::max(worst, static_cast<double>(std::abs(g.data()[i] - g2.data()[i])));
    }
    CHECK(worst <= 1e-4 * size);
}
