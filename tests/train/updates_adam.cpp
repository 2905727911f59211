// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "updates.hpp"

namespace {
using namespace updates;
constexpr double beta1 = 0.8, beta2 = 0.95, rate = 0.05, epsilon = 1e-3;

void averages(number& n) {
    n.a = beta1 * n.a + (1 - beta1) * n.g;
    n.b = beta2 * n.b + (1 - beta2) * n.g * n.g;
}
double corrected(double beta, double t) { return 1 - std::pow(beta, t); }
}  // namespace

TEST_CASE("adam: weight decay and AMSGrad", "[train]") {
    follows(xg::adam{.learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon, .weight_decay = 0.1, .amsgrad = xg::on}, each([](number& n, double t) {
                n.g += 0.1 * n.p;
                averages(n);
                n.c = std::max(n.c, n.b);
                n.p -= rate * n.a / corrected(beta1, t) / (std::sqrt(n.c / corrected(beta2, t)) + epsilon);
            }));
}
TEST_CASE("adam as Keras has it: epsilon beside the root of the uncorrected average, decay of the parameter", "[train]") {
    follows(xg::adam{.preset = xg::keras, .learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon, .weight_decay = 0.1, .amsgrad = xg::on},
            each([](number& n, double t) {
                n.p -= rate * 0.1 * n.p;
                averages(n);
                n.c = std::max(n.c, n.b);
                n.p -= rate * std::sqrt(corrected(beta2, t)) / corrected(beta1, t) * n.a / (std::sqrt(n.c) + epsilon);
            }));
    has_golden_values(xg::adam{.preset = xg::keras, .weight_decay = 0.0, .amsgrad = xg::on}, tiled({0.999, 0.9982, 0.9974, 0.9965, 0.9955}));
    has_first_step(xg::adam{.preset = xg::keras, .learning_rate = 0.5, .weight_decay = 0.0, .amsgrad = xg::on}, {0.5, 1.5, 2.5, 3.5});
}
TEST_CASE("adam as Optax has it: AMSGrad of the corrected average", "[train]") {
    follows(xg::adam{.preset = xg::optax, .learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon, .amsgrad = xg::on}, each([](number& n, double t) {
                averages(n);
                n.c = std::max(n.c, n.b / corrected(beta2, t));
                n.p -= rate * n.a / corrected(beta1, t) / (std::sqrt(n.c) + epsilon);
            }));
}
TEST_CASE("adam as ONNX has it: steps from 0, no correction in the first", "[train]") {
    follows(xg::adam{.preset = xg::onnx, .learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon, .weight_decay = 0.1}, each([](number& n, double t) {
                n.g += 0.1 * n.p;
                averages(n);
                const double adjusted = t > 1 ? rate * std::sqrt(corrected(beta2, t - 1)) / corrected(beta1, t - 1) : rate;
                n.p -= adjusted * n.a / (std::sqrt(n.b) + epsilon);
            }));
}
TEST_CASE("adamw as Keras has it", "[train]") {
    follows(xg::adamw{.preset = xg::keras, .learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .weight_decay = 0.1}, each([](number& n, double t) {
                n.p *= 1 - rate * 0.1;
                averages(n);
                n.p -= rate * std::sqrt(corrected(beta2, t)) / corrected(beta1, t) * n.a / (std::sqrt(n.b) + 1e-7);
            }));
    CHECK(xg::adamw{.preset = xg::keras}.weight_decay == 4e-3);
    CHECK(xg::adamw{.preset = xg::optax}.weight_decay == 1e-4);
    CHECK(xg::adamw{}.weight_decay == 1e-2);
}
TEST_CASE("radam: momentum first, then divided by the root", "[train]") {
    const auto formula = [](bool optax) {
        return each([=](number& n, double t) {
            averages(n);
            const double limit = 2 / (1 - beta2) - 1, length = limit - 2 * t * std::pow(beta2, t) / corrected(beta2, t);
            double step = rate * n.a / corrected(beta1, t);
            if (length > 5) {
                step *= std::sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
                step *= optax ? 1 / (std::sqrt(n.b / corrected(beta2, t)) + epsilon) : std::sqrt(corrected(beta2, t)) / (std::sqrt(n.b) + epsilon);
            }
            n.p -= step;
        });
    };
    follows(xg::radam{.learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon}, formula(false));
    follows(xg::radam{.preset = xg::optax, .learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon}, formula(true));
}
TEST_CASE("nadam", "[train]") {
    const auto formula = [](double momentum_decay) {
        return [=, product = 1.0](std::array<number, 10>& all, double t) mutable {
            const auto coefficient = [&](double step) { return beta1 * (momentum_decay < 0 ? 1 : 1 - 0.5 * std::pow(0.96, step * momentum_decay)); };
            product *= coefficient(t);
            for (number& n : all) {
                averages(n);
                const double ahead = coefficient(t + 1) * n.a / (1 - product * coefficient(t + 1)) + (1 - coefficient(t)) * n.g / (1 - product);
                n.p -= rate * ahead / (std::sqrt(n.b / corrected(beta2, t)) + epsilon);
            }
        };
    };
    follows(xg::nadam{.learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon, .momentum_decay = 0.3}, formula(0.3));
    follows(xg::nadam{.preset = xg::keras, .learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon}, formula(1));
    follows(xg::nadam{.preset = xg::optax, .learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon}, formula(-1));
    has_golden_values(xg::nadam{.preset = xg::keras, .learning_rate = 0.5, .beta1 = 0.5, .beta2 = 0.67, .epsilon = 1e-5},
                      golden{{{0.4281, 0.4281, 0.4281, 0.4281, 0.4281, 0.4281, 0.4281, 0.4281, 0.4281, 0.4281},
                              {-0.1738, -0.1731, -0.1726, -0.1723, -0.1721, -0.172, -0.1719, -0.1718, -0.1718, -0.1717},
                              {-0.7115, -0.7103, -0.7096, -0.7092, -0.709, -0.7088, -0.7086, -0.7085, -0.7085, -0.7084},
                              {-1.2335, -1.2322, -1.2313, -1.2309, -1.2306, -1.2304, -1.2302, -1.2301, -1.23, -1.2299},
                              {-1.7492, -1.7478, -1.7469, -1.7464, -1.7461, -1.7459, -1.7457, -1.7456, -1.7455, -1.7454}}});
    has_first_step(xg::nadam{.preset = xg::keras, .learning_rate = 0.5}, {0.4686, 1.4686, 2.4686, 3.4686});
}
