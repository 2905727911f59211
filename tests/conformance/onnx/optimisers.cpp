// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/onnx/hold.hpp"

using namespace onnx;

/// ONNX's optimisers: nodes that make one update of one or two tensors. Here a trainer whose loss has the given gradient makes it. The nodes'
/// attributes are written out: they are the formula's numbers.
namespace {
template <class T, class Window>
void fill(Window window, const xt::xtensor<T, 1>& from) {
    REQUIRE(window.size() == from.size());
    std::copy(from.begin(), from.end(), window.begin());
}
std::string input(std::size_t i) { return "input_" + std::to_string(i) + ".pb"; }
std::string output(std::size_t i) { return "output_" + std::to_string(i) + ".pb"; }

/// (Adagrad on one tensor has one number, so its case stands alone.) Inputs of such a node are rate, step, then all parameters, all gradients, and all of each state in turn; outputs parameters and states.
template <class Optimiser, class... State>
void one_tensor(const std::string& name, Optimiser optimiser, State... state) {
    constexpr auto w = xg::parameter<"w">(2_c);
    constexpr auto g = xg::input<"g">(2_c);
    optimiser.learning_rate = read_tensor(place_of(name) + input(0)).numbers.at(0);
    xg::trainer trainer{xg::sum(w * g), optimiser, xg::precision<double>};
    fill(trainer.parameter("w"_p), read<double, 1>(name, input(2).c_str()));
    std::size_t next = 4;
    (fill(trainer.states()[state], read<double, 1>(name, input(next++).c_str())), ...);
    trainer.step(g = read<double, 1>(name, input(3).c_str()));
    equals(trainer.parameter("w"_p), name, output(0).c_str());
    next = 1;
    (equals(trainer.states()[state], name, output(next++).c_str()), ...);
}
template <class Optimiser, class... State>
void two_tensors(const std::string& name, Optimiser optimiser, State... state) {
    constexpr auto w1 = xg::parameter<"w1">(1_c);
    constexpr auto w2 = xg::parameter<"w2">(2_c);
    constexpr auto g1 = xg::input<"g1">(1_c);
    constexpr auto g2 = xg::input<"g2">(2_c);
    optimiser.learning_rate = read_tensor(place_of(name) + input(0)).numbers.at(0);
    xg::trainer trainer{xg::sum(w1 * g1) + xg::sum(w2 * g2), optimiser, xg::precision<double>};
    fill(trainer.parameter("w1"_p), read<double, 1>(name, input(2).c_str()));
    fill(trainer.parameter("w2"_p), read<double, 1>(name, input(3).c_str()));
    std::size_t next = 6;
    (fill(trainer.states()[state], read<double, 1>(name, input(next++).c_str())), ...);
    trainer.step(g1 = read<double, 1>(name, input(4).c_str()), g2 = read<double, 1>(name, input(5).c_str()));
    equals(trainer.parameter("w1"_p), name, output(0).c_str());
    equals(trainer.parameter("w2"_p), name, output(1).c_str());
    next = 2;
    (equals(trainer.states()[state], name, output(next++).c_str()), ...);
}
}  // namespace

TEST_CASE("test_adagrad", "[Adagrad]") {
    constexpr auto w = xg::parameter<"w">(1_c);
    constexpr auto g = xg::input<"g">(1_c);
    const std::string name = "test_adagrad";
    xg::trainer trainer{xg::sum(w * g), xg::adagrad{.preset = xg::onnx, .learning_rate = 0.1, .rate_decay = 0.1, .epsilon = 1e-5, .weight_decay = 1e-3}, xg::precision<double>};
    fill(trainer.parameter("w"_p), read<double, 1>(name, "input_2.pb"));
    fill(trainer.states()["w.sum"_p], read<double, 1>(name, "input_4.pb"));
    trainer.step(g = read<double, 1>(name, "input_3.pb"));
    equals(trainer.parameter("w"_p), name, "output_0.pb");
    equals(trainer.states()["w.sum"_p], name, "output_1.pb");
}
TEST_CASE("test_adagrad_multiple", "[Adagrad]") {
    two_tensors("test_adagrad_multiple", xg::adagrad{.preset = xg::onnx, .rate_decay = 0.1, .epsilon = 1e-5, .weight_decay = 1e-3}, "w1.sum"_p, "w2.sum"_p);
}
TEST_CASE("test_adam", "[Adam]") {
    one_tensor("test_adam", xg::adam{.preset = xg::onnx, .beta1 = 0.95, .beta2 = 0.1, .epsilon = 1e-7, .weight_decay = 1e-3}, "w.mean"_p, "w.square"_p);
}
TEST_CASE("test_adam_multiple", "[Adam]") {
    // The results were made with epsilon 1e-2, which the node's attributes do not say.
    two_tensors("test_adam_multiple", xg::adam{.preset = xg::onnx, .beta1 = 0.95, .beta2 = 0.85, .epsilon = 1e-2, .weight_decay = 1e-3}, "w1.mean"_p, "w2.mean"_p, "w1.square"_p, "w2.square"_p);
}
TEST_CASE("test_momentum", "[Momentum]") {
    one_tensor("test_momentum", xg::sgd{.momentum = 0.95, .dampening = 0.9, .weight_decay = 1e-3}, "w.momentum"_p);
}
TEST_CASE("test_momentum_multiple", "[Momentum]") {
    two_tensors("test_momentum_multiple", xg::sgd{.momentum = 0.95, .dampening = 0.15, .weight_decay = 1e-3}, "w1.momentum"_p, "w2.momentum"_p);
}
TEST_CASE("test_nesterov_momentum", "[Momentum]") {
    one_tensor("test_nesterov_momentum", xg::sgd{.momentum = 0.95, .nesterov = xg::on, .weight_decay = 1e-2}, "w.momentum"_p);
}
