// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "updates.hpp"

namespace {
using namespace updates;
constexpr double rate = 0.05;
double sign_of(double x) { return (x > 0) - (x < 0); }
}  // namespace

TEST_CASE("sgd: dampening from the second step on, maximize", "[train]") {
    follows(xg::sgd{.learning_rate = rate, .momentum = 0.9, .dampening = 0.3, .weight_decay = 0.1, .maximize = xg::on}, each([](number& n, double t) {
                const double g = -n.g + 0.1 * n.p;
                n.a = t > 1 ? 0.9 * n.a + 0.7 * g : g;
                n.p -= rate * n.a;
            }));
}
TEST_CASE("sgd as Keras has it: the rate is in the momentum", "[train]") {
    follows(xg::sgd{.preset = xg::keras, .learning_rate = rate, .momentum = 0.9, .nesterov = xg::on, .weight_decay = 0.1}, each([](number& n, double) {
                n.p -= rate * 0.1 * n.p;
                n.a = 0.9 * n.a - rate * n.g;
                n.p += 0.9 * n.a - rate * n.g;
            }));
    // Weight decay alone, three times, as in Keras's test: 2 (1 - 0.004)^3.
    xg::trainer trainer{loss, xg::sgd{.preset = xg::keras, .learning_rate = 1, .momentum = 0.0, .nesterov = xg::on, .weight_decay = 0.004}, xg::precision<double>};
    auto values = trainer.parameter("w"_p);
    values(0) = 2;
    for (int i = 0; i < 3; ++i) trainer.step(slope = support::shaped<double>({10}));
    CHECK(values(0) == Approx(1.9760959).epsilon(1e-7));
    golden expected{};
    for (std::size_t r = 0; r < 5; ++r)
        for (std::size_t i = 0; i < 10; ++i) expected[r][i] = 0.9999 - 0.001 * static_cast<double>(r * (i + 1));  // what Keras's test lists
    has_golden_values(xg::sgd{.preset = xg::keras, .momentum = 0.0, .nesterov = xg::on, .weight_decay = 0.0}, expected);
}
TEST_CASE("rmsprop as Keras and Optax have it: epsilon in the root, the rate in the momentum", "[train]") {
    follows(xg::rmsprop{.preset = xg::keras, .learning_rate = rate, .decay = 0.8, .epsilon = 1e-3, .centered = xg::on, .momentum = 0.7}, each([](number& n, double) {
                n.a = 0.8 * n.a + 0.2 * n.g * n.g;
                n.b = 0.8 * n.b + 0.2 * n.g;
                n.c = 0.7 * n.c + rate * n.g / std::sqrt(n.a - n.b * n.b + 1e-3);
                n.p -= n.c;
            }));
    has_golden_values(xg::rmsprop{.preset = xg::keras, .centered = xg::on, .momentum = 0.0}, tiled({0.9967, 0.9933, 0.9908, 0.9885, 0.9864}));
    follows(xg::rmsprop{.preset = xg::optax, .learning_rate = rate, .epsilon = 1e-3}, each([](number& n, double) {
                n.a = 0.9 * n.a + 0.1 * n.g * n.g;
                n.p -= rate * n.g / std::sqrt(n.a + 1e-3);
            }));
}
TEST_CASE("adagrad: Keras's and ONNX's", "[train]") {
    follows(xg::adagrad{.preset = xg::keras, .learning_rate = rate, .initial_accumulator = 0.2}, each([](number& n, double) {
                n.a += n.g * n.g;
                n.p -= rate * n.g / std::sqrt(n.a + 1e-7);
            }),
            {.a = 0.2});
    has_golden_values(xg::adagrad{.preset = xg::keras, .learning_rate = 0.2, .initial_accumulator = 0.3, .epsilon = 1e-6},
                      golden{{{0.9963, 0.9963, 0.9963, 0.9963, 0.9963, 0.9963, 0.9963, 0.9963, 0.9963, 0.9963},
                              {0.9604, 0.9278, 0.9003, 0.8784, 0.8615, 0.8487, 0.8388, 0.8313, 0.8255, 0.8209},
                              {0.9251, 0.8629, 0.8137, 0.7768, 0.7497, 0.7298, 0.7151, 0.704, 0.6956, 0.6891},
                              {0.8903, 0.8012, 0.7342, 0.6862, 0.6521, 0.6277, 0.6099, 0.5967, 0.5867, 0.579},
                              {0.856, 0.7422, 0.6604, 0.6037, 0.5644, 0.5367, 0.5168, 0.5021, 0.491, 0.4825}}});
    has_first_step(xg::adagrad{.preset = xg::keras, .learning_rate = 0.5}, {0.5233, 1.5007, 2.5005, 3.5061});
    follows(xg::adagrad{.preset = xg::onnx, .learning_rate = rate, .rate_decay = 0.1, .weight_decay = 0.1}, each([](number& n, double t) {
                n.g += 0.1 * n.p;
                n.a += n.g * n.g;
                n.p -= rate / (1 + (t - 1) * 0.1) * n.g / (std::sqrt(n.a) + 1e-6);
            }));
}
TEST_CASE("adadelta", "[train]") {
    follows(xg::adadelta{.preset = xg::keras, .learning_rate = 0.5, .decay = 0.8, .epsilon = 1e-3}, each([](number& n, double) {
                n.a = 0.8 * n.a + 0.2 * n.g * n.g;
                const double step = std::sqrt(n.b + 1e-3) / std::sqrt(n.a + 1e-3) * n.g;
                n.b = 0.8 * n.b + 0.2 * step * step;
                n.p -= 0.5 * step;
            }));
    has_golden_values(xg::adadelta{.preset = xg::keras, .learning_rate = 1, .decay = 0.8, .epsilon = 1e-6}, tiled({0.9978, 0.9947, 0.9915, 0.9882, 0.9849}));
    has_first_step(xg::adadelta{.preset = xg::keras, .learning_rate = 0.5}, {0.9993, 1.9993, 2.9993, 3.9993});
}
TEST_CASE("adamax: PyTorch's and Keras's place of epsilon", "[train]") {
    follows(xg::adamax{.learning_rate = rate, .beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-3, .weight_decay = 0.1}, each([](number& n, double t) {
                n.g += 0.1 * n.p;
                n.a = 0.8 * n.a + 0.2 * n.g;
                n.b = std::max(0.9 * n.b, std::abs(n.g) + 1e-3);
                n.p -= rate / (1 - std::pow(0.8, t)) * n.a / n.b;
            }));
    follows(xg::adamax{.preset = xg::keras, .learning_rate = rate, .beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-3}, each([](number& n, double t) {
                n.a = 0.8 * n.a + 0.2 * n.g;
                n.b = std::max(0.9 * n.b, std::abs(n.g));
                n.p -= rate * n.a / ((1 - std::pow(0.8, t)) * (n.b + 1e-3));
            }));
    has_golden_values(xg::adamax{.preset = xg::keras, .learning_rate = 0.2, .beta1 = 0.85, .beta2 = 0.95, .epsilon = 1e-6},
                      golden{{{0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8},
                              {0.6827, 0.6873, 0.6888, 0.6896, 0.6901, 0.6904, 0.6906, 0.6908, 0.6909, 0.691},
                              {0.5333, 0.5407, 0.5431, 0.5444, 0.5451, 0.5456, 0.546, 0.5462, 0.5464, 0.5466},
                              {0.368, 0.3773, 0.3804, 0.382, 0.3829, 0.3835, 0.384, 0.3843, 0.3846, 0.3848},
                              {0.1933, 0.204, 0.2076, 0.2094, 0.2105, 0.2112, 0.2117, 0.2121, 0.2124, 0.2126}}});
}
TEST_CASE("lion: the sign of a mean, decay of the parameter", "[train]") {
    follows(xg::lion{.learning_rate = rate, .beta1 = 0.8, .beta2 = 0.9, .weight_decay = 0.1}, each([](number& n, double) {
                n.p -= rate * (sign_of(0.8 * n.a + 0.2 * n.g) + 0.1 * n.p);
                n.a = 0.9 * n.a + 0.1 * n.g;
            }));
    has_golden_values(xg::lion{.learning_rate = 1e-3, .weight_decay = 0.0}, tiled({0.999, 0.998, 0.997, 0.996, 0.995}));  // Keras's defaults
}
TEST_CASE("sign_sgd, Signum, rprop", "[train]") {
    follows(xg::sign_sgd{.learning_rate = rate}, each([](number& n, double) { n.p -= rate * sign_of(n.g); }));
    follows(xg::sign_sgd{.learning_rate = rate, .momentum = 0.8}, each([](number& n, double) {
                n.a = 0.8 * n.a + 0.2 * n.g;
                n.p -= rate * sign_of(n.a);
            }));
    follows(xg::rprop{.learning_rate = rate, .shortest = 0.03, .longest = 0.1}, each([](number& n, double) {
                if (n.g * n.a > 0) n.b = std::min(n.b * 1.2, 0.1);
                if (n.g * n.a < 0) {
                    n.b = std::max(n.b * 0.5, 0.03);
                    n.g = 0;
                }
                n.p -= sign_of(n.g) * n.b;
                n.a = n.g;
            }),
            {.b = rate});
}
TEST_CASE("adabelief and yogi", "[train]") {
    follows(xg::adabelief{.learning_rate = rate, .beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-3, .weight_decay = 0.1}, each([](number& n, double t) {
                n.p -= rate * 0.1 * n.p;
                n.a = 0.8 * n.a + 0.2 * n.g;
                n.b = 0.9 * n.b + 0.1 * (n.g - n.a) * (n.g - n.a) + 1e-3;
                n.p -= rate * n.a / (1 - std::pow(0.8, t)) / (std::sqrt(n.b / (1 - std::pow(0.9, t))) + 1e-3);
            }));
    follows(xg::adabelief{.preset = xg::optax, .learning_rate = rate, .beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-3}, each([](number& n, double t) {
                n.a = 0.8 * n.a + 0.2 * n.g;
                n.b = 0.9 * n.b + 0.1 * (n.g - n.a) * (n.g - n.a);
                n.p -= rate * n.a / (1 - std::pow(0.8, t)) / (std::sqrt(n.b / (1 - std::pow(0.9, t)) + 1e-3) + 1e-3);
            }));
    follows(xg::yogi{.learning_rate = rate, .beta1 = 0.8, .beta2 = 0.9, .initial_accumulator = 1e-2}, each([](number& n, double t) {
                n.a = 0.8 * n.a + 0.2 * n.g;
                n.b -= 0.1 * sign_of(n.b - n.g * n.g) * n.g * n.g;
                n.p -= rate * n.a / (1 - std::pow(0.8, t)) / (std::sqrt(n.b / (1 - std::pow(0.9, t))) + 1e-3);
            }),
            {.a = 1e-2, .b = 1e-2});
}
TEST_CASE("lamb: norms of the whole parameter inside the update", "[train]") {
    const auto formula = [](bool keras, double decay, double epsilon) {
        return [=](std::array<number, 10>& all, double t) {
            double of_parameter = 0, of_step = 0;
            for (number& n : all) {
                if (keras) n.p -= rate * decay * n.p;
                n.a = 0.8 * n.a + 0.2 * n.g;
                n.b = 0.9 * n.b + 0.1 * n.g * n.g;
                n.c = n.a / (1 - std::pow(0.8, t)) / (std::sqrt(n.b / (1 - std::pow(0.9, t))) + epsilon) + (keras ? 0 : decay * n.p);
                of_parameter += n.p * n.p;
                of_step += n.c * n.c;
            }
            for (number& n : all) n.p -= rate * std::sqrt(of_parameter) / std::sqrt(of_step) * n.c;
        };
    };
    follows(xg::lamb{.learning_rate = rate, .beta1 = 0.8, .beta2 = 0.9, .weight_decay = 0.1}, formula(false, 0.1, 1e-6));
    follows(xg::lamb{.preset = xg::keras, .learning_rate = rate, .beta1 = 0.8, .beta2 = 0.9, .weight_decay = 0.1}, formula(true, 0.1, 1e-7));
    has_golden_values(xg::lamb{.preset = xg::keras, .weight_decay = 0.0}, tiled({0.999, 0.9982, 0.9974, 0.9965, 0.9955}));
}
