// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Rows that take several passes: in pairs and alone, whole vectors and rests; sums of choices, NaN in a row, and results larger
// than the caches, which are written past them from wherever they are aligned; against plain loops in double.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto rows = xg::axis<"rows">;
constexpr auto columns = xg::axis<"columns">;
constexpr auto z = xg::input<"z">(rows, columns);

/// e^(z - m), and its sum; m is the largest.
double exponentials(const xg::tensor<float, 2>& Z, std::size_t row, std::vector<double>& e) {
    double m = -1e30, sum = 0;
    for (std::size_t j = 0; j < Z.shape(1); ++j) m = std::max(m, static_cast<double>(Z(row, j)));
    e.resize(Z.shape(1));
    for (std::size_t j = 0; j < e.size(); ++j) sum += e[j] = std::exp(static_cast<double>(Z(row, j)) - m);
    return sum;
}
}  // namespace

TEST_CASE("rows of several passes: every number of rows, widths around vectors and blocks") {
    constexpr auto f = xg::compile(xg::softmax(z), xg::logsumexp(z, xg::axes<1>), xg::sum(xg::max(z, xg::axes<1>)), xg::sum(xg::softmax(z), xg::axes<0>));
    std::vector<double> e;
    for (std::size_t count : {1u, 2u, 3u, 4u, 7u})
        for (std::size_t n : {1u, 3u, 15u, 16u, 17u, 63u, 65u, 100u, 1000u, 1023u, 1024u, 1025u, 2100u}) {
            const auto Z = support::uniform<float>({count, n}, 1, -4, 4);
            const auto [p, logs, largest, sums] = f(z = Z);
            double most = 0;
            std::vector<double> expected(n, 0.0);
            for (std::size_t i = 0; i < count; ++i) {
                const double sum = exponentials(Z, i, e);
                double m = -1e30;
                for (std::size_t j = 0; j < n; ++j) m = std::max(m, static_cast<double>(Z(i, j)));
                most += m;
                CHECK(static_cast<double>(logs(i)) == Approx(m + std::log(sum)).epsilon(1e-6));
                for (std::size_t j = 0; j < n; ++j) {
                    expected[j] += e[j] / sum;
                    if (std::abs(static_cast<double>(p(i, j)) - e[j] / sum) > 1e-6 * e[j] / sum) FAIL("p at " << i << ", " << j << " of " << count << " x " << n);
                }
            }
            CHECK(static_cast<double>(largest) == Approx(most).epsilon(1e-6));
            for (std::size_t j = 0; j < n; ++j)
                if (std::abs(static_cast<double>(sums(j)) - expected[j]) > 1e-5) FAIL("sum at " << j << " of " << count << " x " << n);
        }
}

TEST_CASE("rows of several passes: what is kept stands in the result's row, and that may be the operand's") {
    constexpr auto p = xg::softmax(z);
    auto run = xg::compile(p * p / xg::sum(p * p, xg::axes<1>, xg::keep_axes)).prepare();
    std::vector<double> e;
    for (std::size_t count : {1u, 3u})
        for (std::size_t n : {70u, 1000u, 1030u}) {
            const auto Z = support::uniform<float>({count, n}, 1, -4, 4);
            std::vector<float> memory(count * n + 32, 7.0f);
            std::copy(Z.begin(), Z.end(), memory.begin());
            auto there = xg::adapt(memory.data(), std::array{count, n});
            run.into(there)(z = there);
            for (std::size_t i = 0; i < count; ++i) {
                exponentials(Z, i, e);
                double sum = 0;
                for (double x : e) sum += x * x;
                for (std::size_t j = 0; j < n; ++j)
                    if (std::abs(static_cast<double>(memory[i * n + j]) - e[j] * e[j] / sum) > 2e-6 * e[j] * e[j] / sum) FAIL("at " << i << ", " << j << " of " << count << " x " << n);
            }
            CHECK(std::count(memory.begin() + static_cast<std::ptrdiff_t>(count * n), memory.end(), 7.0f) == 32);
        }
}

TEST_CASE("rows of several passes: what is kept does not stand where an operand is still to be read") {
    // The exponential comes before the row that is taken from it; both the caller's array and an intermediate may share the result's memory.
    constexpr std::size_t count = 3, n = 100;
    const auto Z = support::uniform<float>({count, n}, 1, -1, 1), B = support::uniform<float>({count, n}, 2, -1, 1);
    const auto expected = [&](std::size_t i, std::size_t j) {
        double sum = 0;
        for (std::size_t k = 0; k < n; ++k) sum += std::pow(std::exp(static_cast<double>(Z(i, k))) - static_cast<double>(B(i, k)), 2);
        return std::exp(static_cast<double>(Z(i, j))) / sum;
    };
    const auto formula = [](auto other) {
        const auto p = xg::exp(z);
        return p / xg::sum(xg::square(p - other), xg::axes<1>, xg::keep_axes);
    };
    constexpr auto b = xg::input<"b">(rows, columns);
    constexpr auto unit = xg::input<"unit">(columns, xg::axis<"inner">);
    auto made = B;
    xg::compile(formula(b)).prepare().into(made)(z = Z, b = made);
    xg::tensor<float, 2> one = xt::zeros<float>({n, n});
    for (std::size_t j = 0; j < n; ++j) one(j, j) = 1;
    constexpr auto inner = xg::input<"z">(rows, xg::axis<"inner">);
    const auto from_product = [&] {
        const auto p = xg::exp(inner);
        const auto y = p / xg::sum(xg::square(p - xg::matmul(b, unit)), xg::axes<1>, xg::keep_axes);
        return xg::compile(xg::matmul(y, xg::transpose(unit)))(inner = Z, b = B, unit = one);
    }();
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            CHECK(static_cast<double>(made(i, j)) == Approx(expected(i, j)).epsilon(1e-5));
            CHECK(static_cast<double>(from_product(i, j)) == Approx(expected(i, j)).epsilon(1e-5));
        }
}

TEST_CASE("rows of several passes: NaN stays in its row") {
    constexpr auto f = xg::compile(xg::max(z, xg::axes<1>), xg::softmax(z));
    for (std::size_t n : {5u, 100u, 200u})
        for (std::size_t at = 0; at < n; ++at) {
            auto Z = support::uniform<float>({4, n}, 1, -4, 4);
            Z(1, at) = std::numeric_limits<float>::quiet_NaN();
            const auto [largest, p] = f(z = Z);
            for (std::size_t i = 0; i < 4; ++i) CHECK(std::isnan(largest(i)) == (i == 1));
            for (std::size_t j = 0; j < n; ++j)
                if (std::isnan(p(0, j)) || !std::isnan(p(1, j)) || std::isnan(p(2, j))) FAIL("p in column " << j << ", NaN at " << at << " of " << n);
        }
}

TEST_CASE("a sum of chosen values, and a count, of rows") {
    constexpr auto below = xg::select(z < 0_c, z, 0_c);
    constexpr auto others = xg::select(z < 0_c, 0_c, 1_c);
    constexpr auto f = xg::compile(xg::sum(below, xg::axes<1>), xg::sum(others, xg::axes<1>), xg::softmax(z));
    for (std::size_t n : {1u, 16u, 50u, 333u}) {
        const auto Z = support::uniform<float>({3, n}, 5, -1, 1);
        const auto [sums, counts, p] = f(z = Z);
        for (std::size_t i = 0; i < 3; ++i) {
            double sum = 0, count = 0;
            for (std::size_t j = 0; j < n; ++j) (Z(i, j) < 0 ? sum : count) += Z(i, j) < 0 ? static_cast<double>(Z(i, j)) : 1;
            CHECK(static_cast<double>(sums(i)) == Approx(sum).epsilon(1e-5));
            CHECK(static_cast<double>(counts(i)) == count);
        }
    }
}

TEST_CASE("results larger than the caches") {
    constexpr auto f = xg::compile(xg::softmax(z));
    constexpr auto g = xg::compile(2_c * z + 1_c, z * z);
    std::vector<double> e;
    for (std::size_t n : {2000000u, 2000003u}) {  // odd: every row starts elsewhere in a vector
        const auto Z = support::uniform<float>({5, n}, 1, -4, 4);
        const auto p = f(z = Z);
        for (std::size_t i = 0; i < 5; ++i) {
            const double sum = exponentials(Z, i, e);
            std::size_t wrong = 0;
            for (std::size_t j = 0; j < n; ++j) wrong += std::abs(static_cast<double>(p(i, j)) - e[j] / sum) > 2e-6 * e[j] / sum;
            CHECK(wrong == 0);
        }
        const auto [line, square] = g(z = Z);
        std::size_t wrong = 0;
        for (std::size_t k = 0; k < 5 * n; ++k) wrong += line.data()[k] != 2 * Z.data()[k] + 1 || square.data()[k] != Z.data()[k] * Z.data()[k];
        CHECK(wrong == 0);
    }
}

TEST_CASE("results larger than the caches, from every alignment") {
    constexpr auto f = xg::compile(xg::softmax(z));
    constexpr std::size_t count = 3, n = 3000001;
    const auto Z = support::uniform<float>({count, n}, 1, -4, 4);
    const auto whole = f(z = Z);
    std::vector<float> memory(count * n + 64, 7.0f);
    for (std::size_t shift : {0u, 1u, 5u, 15u}) {
        std::fill(memory.begin(), memory.end(), 7.0f);
        auto to = xg::adapt(memory.data() + 16 + shift, std::array{count, n});
        auto program = f.prepare();
        program.into(to)(z = Z);
        CHECK(std::equal(whole.data(), whole.data() + count * n, memory.data() + 16 + shift));
        CHECK(memory[15 + shift] == 7.0f);
        CHECK(memory[16 + shift + count * n] == 7.0f);
    }
}
