// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

#include <functional>

namespace xg = xgrad;
using namespace xg::literals;

/// Every optimiser against its published formula in plain loops, on a linear model y = x W + b with squared error.
namespace {

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto y = xg::input<"y">(batch, 2_c);
constexpr auto loss = xg::mean(xg::mean_squared_error(xg::dense<"line">(2_c)(x), y));

/// W [3, 2] and b [2] behind each other, their gradient, and what an optimiser keeps.
struct plain_model {
    std::vector<double> p = std::vector<double>(8), g = std::vector<double>(8), s = std::vector<double>(8), v = std::vector<double>(8);
    int t = 0;

    double differentiate(const support::array<double, 2>& X, const support::array<double, 2>& Y) {
        std::fill(g.begin(), g.end(), 0);
        const std::size_t rows = X.shape()[0];
        double total = 0;
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < 2; ++c) {
                double e = p[6 + c] - Y(r, c);
                for (std::size_t k = 0; k < 3; ++k) e += X(r, k) * p[2 * k + c];
                total += e * e;
                const double d = 2 * e / static_cast<double>(2 * rows);
                g[6 + c] += d;
                for (std::size_t k = 0; k < 3; ++k) g[2 * k + c] += d * X(r, k);
            }
        ++t;
        return total / static_cast<double>(2 * rows);
    }
    double norm() const {
        double n = 0;
        for (double e : g) n += e * e;
        return std::sqrt(n);
    }
};
using rule = std::function<void(plain_model&)>;

template <class Optimiser, class... Options>
void follows(Optimiser optimiser, const rule& update, Options... options) {
    xg::trainer trainer{loss, optimiser, xg::precision<double>, xg::seed{1}, options...};
    const auto W = trainer.parameter("line.weight"_p);
    const auto B = trainer.parameter("line.bias"_p);
    plain_model plain;
    std::copy(W.begin(), W.end(), plain.p.begin());
    std::copy(B.begin(), B.end(), plain.p.begin() + 6);
    for (unsigned step = 0; step < 40; ++step) {
        const std::size_t rows = step % 3 == 2 ? 3 : 8;
        const auto X = support::uniform<double>({rows, 3}, 100 + step), Y = support::uniform<double>({rows, 2}, 200 + step);
        const double expected = plain.differentiate(X, Y);
        update(plain);
        CHECK(trainer.step(x = X, y = Y) == Approx(expected).epsilon(1e-12));
        for (std::size_t i = 0; i < 6; ++i) CHECK(W.data()[i] == Approx(plain.p[i]).epsilon(1e-11).margin(1e-13));
        for (std::size_t i = 0; i < 2; ++i) CHECK(B.data()[i] == Approx(plain.p[6 + i]).epsilon(1e-11).margin(1e-13));
    }
}
/// The same formula for each number.
rule each(auto formula) {
    return [=](plain_model& m) {
        for (std::size_t i = 0; i < m.p.size(); ++i) formula(m.p[i], m.g[i], m.s[i], m.v[i], m.t);
    };
}
rule clipped(double most, rule then) {
    return [=](plain_model& m) {
        const double factor = std::min(1.0, most / (m.norm() + 1e-6));
        for (double& g : m.g) g *= factor;
        then(m);
    };
}

const rule plain_sgd = each([](double& p, double g, double&, double&, int) { p -= 0.1 * g; });
const rule adam_rule = each([](double& p, double g, double& s, double& v, int t) {
    s = 0.8 * s + 0.2 * g;
    v = 0.95 * v + 0.05 * g * g;
    p -= 0.05 * (s / (1 - std::pow(0.8, t))) / (std::sqrt(v / (1 - std::pow(0.95, t))) + 1e-6);
});

}  // namespace

TEST_CASE("sgd, momentum, Nesterov", "[train]") {
    follows(xg::sgd{.learning_rate = 0.1}, plain_sgd);
    follows(xg::sgd{.learning_rate = 0.1, .momentum = 0.9}, each([](double& p, double g, double& s, double&, int) {
                s = 0.9 * s + g;
                p -= 0.1 * s;
            }));
    follows(xg::sgd{.learning_rate = 0.1, .momentum = 0.9, .nesterov = xg::on}, each([](double& p, double g, double& s, double&, int) {
                s = 0.9 * s + g;
                p -= 0.1 * (g + 0.9 * s);
            }));
}

TEST_CASE("rmsprop", "[train]") {
    follows(xg::rmsprop{.learning_rate = 0.02, .decay = 0.9, .epsilon = 1e-5}, each([](double& p, double g, double&, double& v, int) {
                v = 0.9 * v + 0.1 * g * g;
                p -= 0.02 * g / (std::sqrt(v) + 1e-5);
            }));
}

TEST_CASE("adam", "[train]") { follows(xg::adam{.learning_rate = 0.05, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-6}, adam_rule); }

TEST_CASE("clipping by the global norm: of all gradients together, and only when it is larger", "[train]") {
    follows(xg::sgd{.learning_rate = 0.1}, clipped(0.3, plain_sgd), xg::clip_global_norm{0.3});
    follows(xg::sgd{.learning_rate = 0.1}, plain_sgd, xg::clip_global_norm{1e6});
    follows(xg::adam{.learning_rate = 0.05, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-6}, clipped(0.2, adam_rule), xg::clip_global_norm{0.2});
    follows(xg::sgd{.learning_rate = 0.1}, clipped(0.3, plain_sgd), xg::clip_global_norm{0.3}, xg::unfused);
}

TEST_CASE("a schedule sets new numbers between steps", "[train]") {
    xg::trainer trainer{loss, xg::sgd{.learning_rate = 0.1}, xg::precision<double>};
    const auto B = trainer.parameter("line.bias"_p);
    const auto X = support::shaped<double>({4, 3});
    auto Y = support::shaped<double>({4, 2});
    Y.fill(1);  // with x = 0 the bias alone learns: b <- b - rate (b - 1)
    double b = 0;
    for (double rate : {0.1, 0.5, 0.01}) {
        trainer.set(xg::sgd{.learning_rate = rate});
        trainer.step(x = X, y = Y);
        b -= rate * (b - 1);
        CHECK(B(0) == Approx(b).epsilon(1e-14));
    }
}

TEST_CASE("parameters that no gradient reaches stay as they are", "[train]") {
    constexpr auto used = xg::parameter<"used", xg::ones>(2_c);
    constexpr auto idle = xg::parameter<"idle", xg::ones>(2_c);
    constexpr auto f = xg::sum(xg::square(used) + xg::stop_gradient(xg::square(idle)));
    xg::trainer trainer{f, xg::sgd{.learning_rate = 0.25}, xg::precision<double>};
    CHECK(trainer.step() == Approx(4));
    const auto U = trainer.parameter("used"_p);
    const auto I = trainer.parameter("idle"_p);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(U(i) == 0.5);
        CHECK(I(i) == 1);
    }
}
