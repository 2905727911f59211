// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Matrix products of every orientation and of sizes around those of tiles, vectors and blocks, with and without work on the
// tile, against sums in double.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto m = xg::axis<"m">;
constexpr auto n = xg::axis<"n">;
constexpr auto k = xg::axis<"k">;

struct sizes {
    std::size_t m, n, k;
};
constexpr sizes all[] = {{1, 1, 1},    {1, 64, 32},  {3, 5, 7},     {4, 33, 100},  {12, 64, 16},  {13, 65, 17},  {24, 128, 33},
                         {50, 200, 3}, {97, 31, 64}, {64, 300, 70}, {130, 140, 9}, {40, 1030, 140}, {260, 70, 520}};

template <class T, class Program>
void check(Program program, bool left_turned, bool right_turned, double tolerance) {
    for (const sizes& s : all) {
        const auto A = left_turned ? support::uniform<T>({s.k, s.m}, 1, -1, 1) : support::uniform<T>({s.m, s.k}, 1, -1, 1);
        const auto B = right_turned ? support::uniform<T>({s.n, s.k}, 2, -1, 1) : support::uniform<T>({s.k, s.n}, 2, -1, 1);
        const auto [plain, worked] = program(A, B);
        for (std::size_t i = 0; i < s.m; ++i)
            for (std::size_t j = 0; j < s.n; ++j) {
                double sum = 0;
                for (std::size_t d = 0; d < s.k; ++d)
                    sum += static_cast<double>(left_turned ? A(d, i) : A(i, d)) * static_cast<double>(right_turned ? B(j, d) : B(d, j));
                if (std::abs(static_cast<double>(plain(i, j)) - sum) > tolerance * static_cast<double>(s.k))
                    FAIL("at " << i << ", " << j << " of " << s.m << " x " << s.n << " x " << s.k << ": " << plain(i, j) << ", exact " << sum);
                if (std::abs(static_cast<double>(worked(i, j)) - (sum * sum + 1)) > 4 * tolerance * static_cast<double>(s.k) * (1 + std::abs(sum))) FAIL("square at " << i << ", " << j);
            }
    }
    SUCCEED();
}
template <class T>
void check_orientations(double tolerance) {
    constexpr auto a = xg::input<"a">(m, k);
    constexpr auto at = xg::input<"a">(k, m);
    constexpr auto b = xg::input<"b">(k, n);
    constexpr auto bt = xg::input<"b">(n, k);
    constexpr auto both = [](auto x) { return xg::compile<T>(x, square(x) + 1_c); };
    check<T>([&](const auto& A, const auto& B) { return both(matmul(a, b))(a = A, b = B); }, false, false, tolerance);
    check<T>([&](const auto& A, const auto& B) { return both(matmul(a, xg::transpose(bt)))(a = A, bt = B); }, false, true, tolerance);
    check<T>([&](const auto& A, const auto& B) { return both(matmul(xg::transpose(at), b))(at = A, b = B); }, true, false, tolerance);
    check<T>([&](const auto& A, const auto& B) { return both(matmul(xg::transpose(at), xg::transpose(bt)))(at = A, bt = B); }, true, true, tolerance);
}
/// The product alone goes straight to memory.
template <class T>
void check_plain(double tolerance) {
    constexpr auto a = xg::input<"a">(m, k);
    constexpr auto b = xg::input<"b">(k, n);
    check<T>([&](const auto& A, const auto& B) { return std::pair{xg::compile<T>(matmul(a, b))(a = A, b = B), xg::compile<T>(square(matmul(a, b)) + 1_c)(a = A, b = B)}; },
             false, false, tolerance);
}
}  // namespace

TEST_CASE("products in float") {
    check_orientations<float>(1e-7);
    check_plain<float>(1e-7);
}
TEST_CASE("products in double") {
    check_orientations<double>(1e-15);
    check_plain<double>(1e-15);
}
