// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Plans whose kernels run panel by panel give what one kernel after the other gives: sums over all panels, intermediates that
// live for one panel, a last panel that is shorter, and sizes that change from call to call.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto rows = xg::axis<"rows">;
constexpr auto columns = xg::axis<"columns">;

template <class A, class B>
double largest_difference(const A& a, const B& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, static_cast<double>(std::abs(a.data()[i] - b.data()[i])));
    return largest;
}
}  // namespace

TEST_CASE("panels: a chain of elementwise kernels over one long axis") {
    constexpr auto x = xg::input<"x">(rows);
    constexpr auto loss = xg::sum(xg::sigmoid(x) * xg::tanh(x) + 0.5_c * square(x));
    auto apart = xg::compile(loss, xg::gradient(loss, x), xg::unfused).prepare();
    for (std::size_t n : {10u, 100003u, 4096u, 262144u, 100003u}) {
        const auto X = support::uniform<float>({n}, 7, -3, 3);
        const auto [value, gradient] = apart(x = X);
        double exact = 0, error = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const double v = static_cast<double>(X(i)), s = 1 / (1 + std::exp(-v)), h = std::tanh(v);
            exact += s * h + 0.5 * v * v;
            error = std::max(error, std::abs(static_cast<double>(gradient(i)) - (s * (1 - s) * h + s * (1 - h * h) + v)));
        }
        CHECK(static_cast<double>(value) == Approx(exact).epsilon(1e-5));
        CHECK(error < 2e-6);
    }
}

TEST_CASE("panels: rows, sums over rows and a mean, fused and apart") {
    constexpr auto z = xg::input<"z">(rows, columns);
    constexpr auto b = xg::input<"b">(columns);
    constexpr auto loss = xg::mean(square(xg::softmax(z + b) - xg::tanh(z)));
    auto fused = xg::compile(loss, xg::gradient(loss, z), xg::gradient(loss, b)).prepare();
    auto apart = xg::compile(loss, xg::gradient(loss, z), xg::gradient(loss, b), xg::unfused).prepare();
    for (std::size_t n : {3u, 701u, 129u}) {
        const auto Z = support::uniform<float>({n, 300}, 8);
        const auto B = support::uniform<float>({300}, 9);
        const auto [value, dz, db] = fused(z = Z, b = B);
        const auto [other, other_dz, other_db] = apart(z = Z, b = B);
        CHECK(other == Approx(value).epsilon(1e-5));
        CHECK(largest_difference(dz, other_dz) < 1e-8);
        CHECK(largest_difference(db, other_db) < 1e-6);
    }
}
