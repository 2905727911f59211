// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include <xgrad/xgrad.hpp>

#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

namespace xg = xgrad;
using namespace xg::literals;

/// z = a x + b is made where it is used: for the largest of a row, and again for e^(z - largest). Where the compiler rounds one of the two once
/// and the other twice, z - largest is above 0. Compiled with contraction on and off, by every compiler: no entry may exceed the largest,
/// probabilities are at most 1 and sum to 1, no loss is below 0, and loss and gradient belong to the same probabilities.
namespace {

int failures = 0;
void check(bool holds, const char* what, double scale, std::size_t row, double got) {
    if (holds) return;
    if (++failures <= 20) std::printf("%s: scale %g, row %zu: %.9g\n", what, scale, row, got);
}

constexpr std::size_t rows = 96;
using matrix = xt::xtensor<float, 2>;

struct affine {
    matrix a, x, b;
    xt::xtensor<std::int32_t, 1> labels;
};
/// Rows whose entries a x + b are nearly one number of size `scale`, written as different products and remainders; in every third row one entry leads.
affine near_ties(std::size_t classes, bool shifted, float scale, unsigned seed) {
    std::mt19937 random(seed);
    const auto uniform = [&](double low, double high) { return low + (high - low) * static_cast<double>(random()) / 4294967296.0; };
    affine made{matrix::from_shape({rows, classes}), matrix::from_shape({rows, classes}), matrix::from_shape({rows, classes}),
                xt::xtensor<std::int32_t, 1>::from_shape({rows})};
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < classes; ++c) {
            made.a(r, c) = static_cast<float>(uniform(0.5, 3) * (random() & 1 ? 1 : -1));
            made.x(r, c) = static_cast<float>(uniform(0.5, 3) * scale);
            const double product = static_cast<double>(made.a(r, c)) * made.x(r, c);
            made.b(r, c) = static_cast<float>(shifted ? scale - product : scale / product);
        }
        made.labels(r) = static_cast<std::int32_t>(random() % classes);
        if (r % 3 == 0 && shifted) made.b(r, random() % classes) += 30 + std::abs(scale) / 1024;
    }
    return made;
}

template <int Classes, bool Shifted>
void run(float scale, unsigned seed) {
    constexpr auto batch = xg::axis<"batch">;
    constexpr auto classes = xg::number<static_cast<double>(Classes)>;
    constexpr auto a = xg::input<"a">(batch, classes);
    constexpr auto x = xg::input<"x">(batch, classes);
    constexpr auto b = xg::input<"b">(batch, classes);
    constexpr auto t = xg::labels<"t">(batch, xg::classes(classes));
    constexpr auto z = [=] {
        if constexpr (Shifted) {
            return a * x + b;
        } else {
            return a * x * b;  // a product: what is subtracted next could be rounded with it
        }
    }();
    constexpr auto loss = xg::cross_entropy(z, t);
    const affine given = near_ties(Classes, Shifted, scale, seed);
    const auto forward = xg::compile(loss, xg::softmax(z), xg::log_softmax(z))(a = given.a, x = given.x, b = given.b, t = given.labels);
    const auto backward = xg::compile(loss, xg::gradient(xg::sum(loss), z))(a = given.a, x = given.x, b = given.b, t = given.labels);
    const auto& [value, p, logarithm] = forward;
    const auto& [same_value, slope] = backward;
    const double epsilon = std::numeric_limits<float>::epsilon();
    for (std::size_t r = 0; r < rows; ++r) {
        double total = 0, slopes = 0;
        const auto label = static_cast<std::size_t>(given.labels(r));
        for (std::size_t c = 0; c < Classes; ++c) {
            total += p(r, c);
            slopes += slope(r, c);
            check(p(r, c) >= 0 && p(r, c) <= 1, "a probability", scale, r, p(r, c));
            check(logarithm(r, c) <= 0, "the logarithm of a probability", scale, r, logarithm(r, c));
            const double expected = c == label ? p(r, c) - 1.0 : p(r, c);
            check(std::abs(slope(r, c) - expected) <= 8 * epsilon, "a slope beside its probability", scale, r, slope(r, c) - expected);
        }
        check(std::abs(total - 1) <= 4 * epsilon + Classes * epsilon / 8, "the sum of probabilities", scale, r, total - 1);
        check(std::abs(slopes) <= 4 * epsilon + Classes * epsilon / 8, "the sum of slopes", scale, r, slopes);
        check(value(r) >= 0, "a loss", scale, r, value(r));
        check(value(r) == same_value(r), "a loss alone and beside its gradient", scale, r, value(r) - same_value(r));
        check(std::abs(value(r) + logarithm(r, label)) <= 4 * epsilon * (1 + value(r)), "a loss beside its logarithm", scale, r, value(r) + logarithm(r, label));
        check(std::abs(std::exp(-static_cast<double>(value(r))) - p(r, label)) <= 8 * epsilon * (1 + value(r)), "a loss beside its probability", scale, r, value(r));
    }
}

}  // namespace

int main() {
    for (unsigned seed = 0; seed < 4; ++seed)
        for (float scale : {1.0f, 1e2f, -1e4f, 1e6f, 1e8f}) {
            run<10, true>(scale, seed);
            run<67, true>(scale, seed);
            run<67, false>(scale, seed);
        }
    std::printf("%d failures\n", failures);
    return failures != 0;
}
