// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Rows of few columns are computed side by side: every width around that of a vector, row counts that fill no whole group,
// operands that vary by row, by column, by both or not at all, against plain loops in double.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;

template <int Columns>
void check(std::size_t rows) {
    constexpr xg::static_extent<Columns> columns{};
    constexpr auto z = xg::input<"z">(batch, columns);
    constexpr auto t = xg::labels<"t">(batch, xg::classes(columns));
    constexpr auto a = xg::input<"a">(columns);
    constexpr auto r = xg::input<"r">(batch);
    constexpr auto loss = xg::mean(xg::cross_entropy(z * a, t) * r);
    constexpr auto f = xg::compile(loss, xg::gradient(loss, z), xg::gradient(loss, a), xg::gradient(loss, r), xg::max(z, xg::axes<1>), xg::softmax(z));

    const auto Z = support::uniform<float>({rows, std::size_t{Columns}}, 1, -4, 4);
    const auto A = support::uniform<float>({std::size_t{Columns}}, 2, 0.5, 1.5);
    const auto R = support::uniform<float>({rows}, 3, 0, 1);
    const auto T = support::random_labels({rows}, 4, Columns);
    const auto [value, dz, da, dr, largest, p] = f(z = Z, t = T, a = A, r = R);

    double expected = 0;
    std::vector<double> expected_da(Columns, 0.0);
    for (std::size_t i = 0; i < rows; ++i) {
        double m = -1e30, sum = 0, most = -1e30, plain_sum = 0;
        std::vector<double> x(Columns);
        for (std::size_t j = 0; j < Columns; ++j) {
            x[j] = static_cast<double>(Z(i, j)) * static_cast<double>(A(j));
            m = std::max(m, x[j]);
            most = std::max(most, static_cast<double>(Z(i, j)));
        }
        for (std::size_t j = 0; j < Columns; ++j) sum += std::exp(x[j] - m);
        for (std::size_t j = 0; j < Columns; ++j) plain_sum += std::exp(static_cast<double>(Z(i, j)) - most);
        const auto label = static_cast<std::size_t>(T(i));
        const double row = m + std::log(sum) - x[label];
        expected += row * static_cast<double>(R(i)) / static_cast<double>(rows);
        CHECK(static_cast<double>(dr(i)) == Approx(row / static_cast<double>(rows)).epsilon(1e-5).margin(1e-7));
        CHECK(static_cast<double>(largest(i)) == most);
        for (std::size_t j = 0; j < Columns; ++j) {
            const double d = (std::exp(x[j] - m) / sum - (j == label)) * static_cast<double>(R(i)) / static_cast<double>(rows);
            expected_da[j] += d * static_cast<double>(Z(i, j));
            if (std::abs(static_cast<double>(dz(i, j)) - d * static_cast<double>(A(j))) > 1e-6) FAIL("dz at " << i << ", " << j << " of " << rows << " x " << Columns);
            if (std::abs(static_cast<double>(p(i, j)) - std::exp(static_cast<double>(Z(i, j)) - most) / plain_sum) > 1e-6) FAIL("p at " << i << ", " << j);
        }
    }
    CHECK(static_cast<double>(value) == Approx(expected).epsilon(1e-5));
    for (std::size_t j = 0; j < Columns; ++j) CHECK(static_cast<double>(da(j)) == Approx(expected_da[j]).epsilon(1e-4).margin(1e-5));
}
}  // namespace

TEST_CASE("short rows: every remainder of rows and columns") {
    for (std::size_t rows : {1u, 2u, 7u, 15u, 16u, 17u, 33u, 100u}) {
        check<2>(rows);
        check<10>(rows);
        check<17>(rows);
        check<64>(rows);
    }
}

TEST_CASE("short rows: leading axes that are walked apart") {
    constexpr auto time = xg::axis<"time">;
    constexpr auto z = xg::input<"z">(batch, time, 5_c);
    constexpr auto w = xg::input<"w">(time);
    constexpr auto u = xg::input<"u">(time, batch);
    constexpr auto by_row = xg::sum(xg::softmax(z) * z, xg::axes<2>);
    constexpr auto f = xg::compile(by_row * w, by_row * xg::transpose(u), xg::sum(by_row, xg::axes<0>), xg::max(by_row, xg::axes<0>));
    // Lanes within one run of the inner axis, runs that begin and end inside a vector, and vectors of many runs.
    for (const auto& [n, steps] : std::vector<std::pair<std::size_t, std::size_t>>{{3, 7}, {3, 16}, {2, 40}, {5, 33}, {1, 5}, {20, 1}, {4, 24}}) {
        CAPTURE(n, steps);
        const auto Z = support::uniform<float>({n, steps, 5}, 1);
        const auto W = support::uniform<float>({steps}, 2);
        const auto U = support::uniform<float>({steps, n}, 3);
        const auto [times_w, times_u, total, largest] = f(z = Z, w = W, u = U);
        for (std::size_t k = 0; k < steps; ++k) {
            double all = 0, most = -1e9;
            for (std::size_t i = 0; i < n; ++i) {
                double sum = 0, weighted = 0;
                for (std::size_t j = 0; j < 5; ++j) {
                    sum += std::exp(static_cast<double>(Z(i, k, j)));
                    weighted += std::exp(static_cast<double>(Z(i, k, j))) * static_cast<double>(Z(i, k, j));
                }
                CHECK(static_cast<double>(times_w(i, k)) == Approx(weighted / sum * static_cast<double>(W(k))).epsilon(1e-5).margin(1e-6));
                CHECK(static_cast<double>(times_u(i, k)) == Approx(weighted / sum * static_cast<double>(U(k, i))).epsilon(1e-5).margin(1e-6));
                all += weighted / sum;
                most = std::max(most, weighted / sum);
            }
            CHECK(static_cast<double>(total(k)) == Approx(all).epsilon(1e-5).margin(1e-5));
            CHECK(static_cast<double>(largest(k)) == Approx(most).epsilon(1e-5).margin(1e-5));
        }
    }
}

TEST_CASE("short rows: sums along an inner one of several axes of rows") {
    constexpr auto time = xg::axis<"time">;
    constexpr auto z = xg::input<"z">(batch, time, 5_c);
    constexpr auto f = xg::compile(xg::sum(xg::softmax(z), xg::axes<1>), xg::max(xg::softmax(z), xg::axes<1>));
    // Sums that fill whole vectors, that begin and end inside one, and of which a vector holds many.
    for (const auto& [n, steps] : std::vector<std::pair<std::size_t, std::size_t>>{{1, 1}, {3, 16}, {5, 10}, {2, 40}, {9, 3}, {40, 1}, {7, 7}}) {
        CAPTURE(n, steps);
        const auto Z = support::uniform<float>({n, steps, 5}, 3);
        const auto [total, largest] = f(z = Z);
        for (std::size_t i = 0; i < n; ++i) {
            double sums[5] = {}, most[5] = {};
            for (std::size_t k = 0; k < steps; ++k) {
                double all = 0;
                for (std::size_t j = 0; j < 5; ++j) all += std::exp(static_cast<double>(Z(i, k, j)));
                for (std::size_t j = 0; j < 5; ++j) {
                    const double p = std::exp(static_cast<double>(Z(i, k, j))) / all;
                    sums[j] += p;
                    most[j] = std::max(most[j], p);
                }
            }
            for (std::size_t j = 0; j < 5; ++j) {
                CHECK(static_cast<double>(total(i, j)) == Approx(sums[j]).epsilon(1e-5));
                CHECK(static_cast<double>(largest(i, j)) == Approx(most[j]).epsilon(1e-5));
            }
        }
    }
}
