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

TEST_CASE("panels: a product whose result would be far larger than the panels it is cut into") {
    constexpr std::size_t n = 2500, depth = 24, classes = 9000;
    constexpr auto x = xg::input<"x">(rows, 24_c);
    constexpr auto w = xg::parameter<"w">(24_c, 9000_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(9000_c));
    constexpr auto loss = xg::mean(xg::cross_entropy(matmul(x, w), t));
    const auto X = support::uniform<float>({n, depth}, 1, -1, 1);
    const auto W = support::uniform<float>({depth, classes}, 2, -1, 1);
    const auto labels = support::random_labels({n}, 3, classes);

    double exact = 0;
    std::vector<double> dx(n * depth, 0), dw(depth * classes, 0), p(classes);
    for (std::size_t i = 0; i < n; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < classes; ++j) {
            double z = 0;
            for (std::size_t k = 0; k < depth; ++k) z += static_cast<double>(X(i, k)) * static_cast<double>(W(k, j));
            p[j] = std::exp(z);
            sum += p[j];
        }
        const auto target = static_cast<std::size_t>(labels(i));
        exact -= std::log(p[target] / sum) / n;
        for (std::size_t j = 0; j < classes; ++j) {
            const double dz = (p[j] / sum - (j == target)) / n;
            for (std::size_t k = 0; k < depth; ++k) {
                dx[i * depth + k] += dz * static_cast<double>(W(k, j));
                dw[k * classes + j] += dz * static_cast<double>(X(i, k));
            }
        }
    }
    auto check = [&](auto& program) {
        for (int again = 0; again < 2; ++again) {
            const auto [value, got_dx, got_dw] = program(x = X, w = W, t = labels);
            CHECK(static_cast<double>(value) == Approx(exact).epsilon(1e-6));
            double error_x = 0, error_w = 0;
            for (std::size_t i = 0; i < dx.size(); ++i) error_x = std::max(error_x, std::abs(static_cast<double>(got_dx.data()[i]) - dx[i]));
            for (std::size_t i = 0; i < dw.size(); ++i) error_w = std::max(error_w, std::abs(static_cast<double>(got_dw.data()[i]) - dw[i]));
            CHECK(error_x < 1e-8);
            CHECK(error_w < 1e-8);
        }
    };
    auto fused = xg::compile(loss, xg::gradient(loss, x), xg::gradient(loss, w)).prepare();
    check(fused);
    CHECK(fused.arena_bytes() < 30u << 20);
    auto apart = xg::compile(loss, xg::gradient(loss, x), xg::gradient(loss, w), xg::unfused).prepare();
    check(apart);

    // A training step writes the parameter where the last panel has finished its gradient.
    xg::trainer trainer{loss, xg::sgd{.learning_rate = 1e-2}, xg::seed{0}};
    auto parameters = trainer.parameters();
    auto& held = parameters["w"_p];
    std::copy(W.begin(), W.end(), held.begin());
    CHECK(trainer.step(x = X, t = labels) == Approx(exact).epsilon(1e-6));
    double error = 0;
    for (std::size_t i = 0; i < dw.size(); ++i) error = std::max(error, std::abs(static_cast<double>(held.data()[i]) - (static_cast<double>(W.data()[i]) - 1e-2 * dw[i])));
    CHECK(error < 1e-7);
    CHECK(trainer.arena_bytes() < 30u << 20);
}
