// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto m_axis = xg::axis<"m">;
constexpr auto k_axis = xg::axis<"k">;
constexpr auto n_axis = xg::axis<"n">;
constexpr auto d_axis = xg::axis<"d">;

struct product_size {
    std::size_t m, k, n;
};
std::vector<product_size> products() {
    std::vector<product_size> made{{1, 1, 1}, {13, 129, 66}, {3, 1000, 5}, {5, 3, 1000}, {32, 32, 64}, {32, 64, 1}, {1, 64, 32}, {64, 32, 10}, {25, 200, 130}};
    for (std::size_t m : {1u, 2u, 7u, 12u, 13u})
        for (std::size_t k : {1u, 7u, 17u})
            for (std::size_t n : {1u, 7u, 16u, 17u, 64u, 65u}) made.push_back({m, k, n});
    return made;
}

/// The exact product of matrices read through strides, and the sizes of what was added.
struct exact_product {
    std::vector<real> value, size;
    template <class A, class B>
    exact_product(const A& a, std::size_t m, std::size_t k, const B& b, std::size_t n, bool a_transposed = false, bool b_transposed = false) : value(m * n, 0), size(m * n, 0) {
        for (std::size_t i = 0; i < m; ++i)
            for (std::size_t j = 0; j < n; ++j)
                for (std::size_t l = 0; l < k; ++l) {
                    const real term = static_cast<real>(a[a_transposed ? l * m + i : i * k + l]) * b[b_transposed ? j * k + l : l * n + j];
                    value[i * n + j] += term;
                    size[i * n + j] += std::abs(term);
                }
    }
    template <class A>
    double error(const A& got) const {
        if (got.size() != value.size()) return std::numeric_limits<double>::infinity();
        double worst = 0;
        for (std::size_t i = 0; i < value.size(); ++i) worst = std::max(worst, support::relative_error(got.data()[i], value[i], size[i]));
        return worst;
    }
};
}  // namespace

TEMPLATE_TEST_CASE("matmul in all four orientations, and both gradients", "[ops]", float, double) {
    using T = TestType;
    constexpr auto a = xg::input<"a">(m_axis, k_axis);
    constexpr auto b = xg::input<"b">(k_axis, n_axis);
    constexpr auto at = xg::input<"at">(k_axis, m_axis);
    constexpr auto bt = xg::input<"bt">(n_axis, k_axis);
    constexpr auto w = xg::input<"w">(m_axis, n_axis);
    constexpr auto loss = xg::sum(w * matmul(a, b));
    auto plain_program = xg::compile<T>(matmul(a, b), xg::gradient(loss, a, b)).prepare();
    auto turned = xg::compile<T>(matmul(xg::transpose(at), b), matmul(a, xg::transpose(bt)), matmul(xg::transpose(at), xg::transpose(bt)),
                                 xg::gradient(xg::sum(w * matmul(xg::transpose(at), xg::transpose(bt))), at, bt)).prepare();
    for (const auto [m, k, n] : products()) {
        CAPTURE(m, k, n);
        const auto A = support::uniform<T>({m, k}, 51), B = support::uniform<T>({k, n}, 52), W = support::uniform<T>({m, n}, 53);
        const auto AT = support::uniform<T>({k, m}, 54), BT = support::uniform<T>({n, k}, 55);
        const double tolerance = support::epsilon<T> * (4 + std::sqrt(static_cast<double>(k)));
        const auto [c, da, db] = plain_program(a = A, b = B, w = W);
        CHECK(exact_product(A.data(), m, k, B.data(), n).error(c) <= tolerance);
        const double along_n = support::epsilon<T> * (4 + std::sqrt(static_cast<double>(n))), along_m = support::epsilon<T> * (4 + std::sqrt(static_cast<double>(m)));
        CHECK(exact_product(W.data(), m, n, B.data(), k, false, true).error(da) <= along_n);
        CHECK(exact_product(A.data(), k, m, W.data(), n, true, false).error(db) <= along_m);
        const auto [c1, c2, c3, dat, dbt] = turned(a = A, b = B, at = AT, bt = BT, w = W);
        CHECK(exact_product(AT.data(), m, k, B.data(), n, true, false).error(c1) <= tolerance);
        CHECK(exact_product(A.data(), m, k, BT.data(), n, false, true).error(c2) <= tolerance);
        CHECK(exact_product(AT.data(), m, k, BT.data(), n, true, true).error(c3) <= tolerance);
        // d at = b w^T with b = bt^T: [k, n] [n, m]; d bt = w^T a with a = at^T: [n, m] [m, k].
        CHECK(exact_product(BT.data(), k, n, W.data(), m, true, true).error(dat) <= along_n);
        CHECK(exact_product(W.data(), n, m, AT.data(), k, true, true).error(dbt) <= along_m);
    }
}

TEST_CASE("batched matmul: [D, M, K] by [K, N] and by [D, K, N], with gradients", "[ops]") {
    constexpr auto a = xg::input<"a">(d_axis, m_axis, k_axis);
    constexpr auto b = xg::input<"b">(k_axis, n_axis);
    constexpr auto bb = xg::input<"bb">(d_axis, k_axis, n_axis);
    constexpr auto w = xg::input<"w">(d_axis, m_axis, n_axis);
    constexpr auto shared = xg::sum(w * matmul(a, b));
    constexpr auto each = xg::sum(w * matmul(a, bb));
    auto program = xg::compile<double>(matmul(a, b), matmul(a, bb), xg::gradient(shared, a, b), xg::gradient(each, a, bb)).prepare();
    for (const auto& [d, m, k, n] : std::vector<std::array<std::size_t, 4>>{{1, 1, 1, 1}, {2, 3, 5, 7}, {3, 13, 17, 1}, {3, 1, 17, 65}, {2, 12, 64, 16}, {5, 7, 1, 9}}) {
        CAPTURE(d, m, k, n);
        const auto A = support::uniform<double>({d, m, k}, 61), BB = support::uniform<double>({d, k, n}, 62), W = support::uniform<double>({d, m, n}, 63);
        const auto B = support::uniform<double>({k, n}, 64);
        const auto [c, cb, da, db, dae, dbb] = program(a = A, b = B, bb = BB, w = W);
        CHECK(exact_product(A.data(), d * m, k, B.data(), n).error(c) <= 1e-14);
        CHECK(exact_product(W.data(), d * m, n, B.data(), k, false, true).error(da) <= 1e-14);
        CHECK(exact_product(A.data(), k, d * m, W.data(), n, true, false).error(db) <= 1e-14);
        for (std::size_t i = 0; i < d; ++i) {
            const std::vector<double> got(cb.data() + i * m * n, cb.data() + (i + 1) * m * n), got_a(dae.data() + i * m * k, dae.data() + (i + 1) * m * k),
                got_b(dbb.data() + i * k * n, dbb.data() + (i + 1) * k * n);
            CHECK(exact_product(A.data() + i * m * k, m, k, BB.data() + i * k * n, n).error(got) <= 1e-14);
            CHECK(exact_product(W.data() + i * m * n, m, n, BB.data() + i * k * n, k, false, true).error(got_a) <= 1e-14);
            CHECK(exact_product(A.data() + i * m * k, k, m, W.data() + i * m * n, n, true, false).error(got_b) <= 1e-14);
        }
    }
}

TEST_CASE("jvp of a product is gradient's transpose", "[ops]") {
    constexpr auto a = xg::input<"a">(m_axis, k_axis);
    constexpr auto b = xg::input<"b">(k_axis, n_axis);
    constexpr auto ta = xg::input<"ta">(m_axis, k_axis);
    constexpr auto tb = xg::input<"tb">(k_axis, n_axis);
    constexpr auto f = matmul(a, b);
    const auto A = support::uniform<double>({5, 9}, 71), B = support::uniform<double>({9, 4}, 72), DA = support::uniform<double>({5, 9}, 73), DB = support::uniform<double>({9, 4}, 74);
    const auto moved = xg::compile<double>(xg::jvp(f, a, ta) + xg::jvp(f, b, tb))(a = A, b = B, ta = DA, tb = DB);
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
            real exact = 0;
            for (std::size_t k = 0; k < 9; ++k) exact += static_cast<real>(DA(i, k)) * B(k, j) + static_cast<real>(A(i, k)) * DB(k, j);
            CHECK(moved(i, j) == Approx(static_cast<double>(exact)).epsilon(1e-13));
        }
}
