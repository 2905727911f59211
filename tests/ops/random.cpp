// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, columns);
constexpr auto narrow = xg::input<"narrow">(rows, 5_c);
constexpr auto deep = xg::input<"deep">(rows, 3_c, columns);
constexpr auto one = xg::random_uniform<"one">(x);
constexpr auto two = xg::random_uniform<"two">(x);

real correlation(const std::vector<real>& a, const std::vector<real>& b) {
    real sab = 0, saa = 0, sbb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const real u = a[i] - 0.5L, v = b[i] - 0.5L;
        sab += u * v, saa += u * u, sbb += v * v;
    }
    return sab / std::sqrt(saa * sbb);
}
std::vector<real> list(const auto& a) { return {a.begin(), a.end()}; }
}  // namespace

TEST_CASE("random numbers: uniform, and independent of neighbours, sites and seeds", "[ops]") {
    auto program = xg::compile(one, two).prepare();
    const auto X = support::shaped<float>({300, 700});
    const auto [a, b] = program(x = X, xg::random_seed = 1);
    const auto next = std::get<0>(program(x = X, xg::random_seed = 2));
    const auto n = static_cast<double>(a.size());
    std::vector<double> bins(64, 0), low_bits(64, 0);
    for (float u : a) {
        REQUIRE((u >= 0 && u < 1));
        ++bins[static_cast<std::size_t>(u * 64)];
        ++low_bits[static_cast<std::size_t>(std::ldexp(u, 24)) % 64];
    }
    // Chi squared of 63 degrees of freedom: 63 on average, above 120 or below 25 once in 10^5.
    for (const auto& counts : {bins, low_bits}) {
        double chi = 0;
        for (double k : counts) chi += (k - n / 64) * (k - n / 64) / (n / 64);
        CHECK((chi > 25 && chi < 120));
    }
    // Correlations of so many pairs are within 5 / sqrt(n) of 0 but once in 10^6.
    const double bound = 5 / std::sqrt(n - 701);
    const std::vector<real> u = list(a), v = list(b), w = list(next);
    CHECK(std::abs(correlation(u, v)) < bound);
    CHECK(std::abs(correlation(u, w)) < bound);
    for (std::size_t shift : {1u, 2u, 8u, 16u, 700u, 701u, 1400u})
        CHECK(std::abs(correlation({u.begin(), u.end() - static_cast<std::ptrdiff_t>(shift)}, {u.begin() + static_cast<std::ptrdiff_t>(shift), u.end()})) < bound);
    // No two rows, and no two columns, are alike.
    double worst = 0;
    for (std::size_t r = 0; r < 20; ++r)
        for (std::size_t s = 0; s < r; ++s) worst = std::max(worst, static_cast<double>(std::abs(correlation({u.begin() + static_cast<std::ptrdiff_t>(700 * r), u.begin() + static_cast<std::ptrdiff_t>(700 * (r + 1))},
                                                                                                             {u.begin() + static_cast<std::ptrdiff_t>(700 * s), u.begin() + static_cast<std::ptrdiff_t>(700 * (s + 1))}))));
    CHECK(worst < 5 / std::sqrt(700.0));
}

TEST_CASE("a random number is a function of seed, site and place alone", "[ops]") {
    // The whole matrix, its first rows and columns, in float and double, in kernels of short and long rows: the same numbers.
    const auto large = std::get<0>(xg::compile(one, two)(x = support::shaped<float>({130, 90}), xg::random_seed = 123456789012));
    const auto small = xg::compile<double>(one)(x = support::shaped<double>({7, 19}), xg::random_seed = 123456789012);
    const auto five = xg::compile(xg::random_uniform<"one">(narrow))(narrow = support::shaped<float>({130, 5}), xg::random_seed = 123456789012);
    for (std::size_t r = 0; r < 7; ++r)
        for (std::size_t c = 0; c < 19; ++c) CHECK(static_cast<double>(large(r, c)) == small(r, c));
    for (std::size_t r = 0; r < 130; ++r)
        for (std::size_t c = 0; c < 5; ++c) CHECK(large(r, c) == five(r, c));
    // By hand: the seed and the site make a pair, each axis but the last makes the next.
    const std::uint64_t site = xg::digest_of(std::string_view("deep"));
    const auto first = static_cast<std::uint32_t>(site & 0xffffff), second = static_cast<std::uint32_t>(site >> 24 & 0xffffff);
    const auto cube = xg::compile(xg::random_uniform<"deep">(deep))(deep = support::shaped<float>({2, 3, 17}), xg::random_seed = 99);
    for (std::uint32_t i = 0; i < 2; ++i)
        for (std::uint32_t j = 0; j < 3; ++j)
            for (std::uint32_t k = 0; k < 17; ++k) {
                std::uint32_t p = xg::lanes::random_bits_of(99, first, second), q = xg::lanes::random_bits_of(99, second, first);
                for (std::uint32_t axis : {i, j}) {
                    const std::uint32_t next = xg::lanes::random_bits_of(p, q, axis);
                    q = xg::lanes::random_bits_of(q, p, axis);
                    p = next;
                }
                CHECK(cube(i, j, k) == std::ldexp(static_cast<float>(xg::lanes::random_bits_of(p, q, k)), -24));
            }
}

TEST_CASE("normal numbers: the moments and tails of a standard normal number, independent of neighbours and of the uniform ones", "[ops]") {
    constexpr auto normal = xg::random_normal<"one">(x);
    STATIC_REQUIRE(xg::same(xg::gradient(sum(x * normal), x), normal));
    const auto X = support::shaped<float>({300, 700});
    const auto [z, u, wide] = xg::compile(normal, one, xg::random_normal<"two">(x))(x = X, xg::random_seed = 1);
    const auto n = static_cast<double>(z.size());
    double first = 0, second = 0, fourth = 0, beyond_two = 0, beyond_three = 0;
    for (float v : z) {
        const double d = v;
        REQUIRE(std::abs(d) <= 5.89);
        first += d / n, second += d * d / n, fourth += d * d * d * d / n, beyond_two += std::abs(d) > 2, beyond_three += std::abs(d) > 3;
    }
    // Within 5 standard deviations.
    CHECK(std::abs(first) < 5 / std::sqrt(n));
    CHECK(std::abs(second - 1) < 5 * std::sqrt(2 / n));
    CHECK(std::abs(fourth - 3) < 5 * std::sqrt(96 / n));
    for (const auto& [count, share] : {std::pair{beyond_two, 0.0455002639}, std::pair{beyond_three, 0.0026997961}}) CHECK(std::abs(count - share * n) < 5 * std::sqrt(share * n));
    const double bound = 5 / std::sqrt(n - 701);
    const auto related = [](const auto& a, const auto& b, std::size_t shift) {
        double sab = 0, saa = 0, sbb = 0;
        for (std::size_t i = 0; i + shift < a.size(); ++i) {
            const double p = a.data()[i], q = b.data()[i + shift];
            sab += p * q, saa += p * p, sbb += q * q;
        }
        return std::abs(sab / std::sqrt(saa * sbb));
    };
    for (std::size_t shift : {1u, 8u, 16u, 700u, 701u}) CHECK(related(z, z, shift) < bound);
    CHECK(related(z, wide, 0) < bound);
    CHECK(related(z, xt::eval(u - 0.5f), 0) < bound);
    CHECK(related(xt::eval(z * z - 1.0f), xt::eval(wide * wide - 1.0f), 0) < bound);
    // The radius comes from the numbers that the site itself has.
    for (std::size_t i = 0; i < 700; ++i) CHECK(std::abs(z(0, i)) <= std::sqrt(-2 * std::log(static_cast<double>(u(0, i)) + 0x1p-25)) * (1 + 1e-6));
}

TEST_CASE("positions count along an axis", "[ops]") {
    const auto X = support::uniform<float>({9, 33}, 1);
    const auto got = xg::compile(x * (xg::positions(columns) > 3_c))(x = X);
    for (std::size_t r = 0; r < 9; ++r)
        for (std::size_t c = 0; c < 33; ++c) CHECK(got(r, c) == (c > 3 ? X(r, c) : 0));
}
