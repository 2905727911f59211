// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

namespace update_terms {
/// What Adam and AdamW share: m and v are the new averages of g and g^2. AMSGrad divides by the largest v so far, which it keeps as the third state.
template <class Preset, class AMSGrad>
constexpr updated<is_given<AMSGrad> ? 3 : 2> adam_step(ref p, ref m, ref v, ref t, ref rate, ref beta1, ref beta2, ref epsilon, const auto& s) {
    auto made = [&](ref parameter, ref largest) -> updated<is_given<AMSGrad> ? 3 : 2> {
        if constexpr (is_given<AMSGrad>) {
            return {parameter, {m, v, largest}};
        } else {
            return {parameter, {m, v}};
        }
    };
    ref largest = v;
    if constexpr (is_any_of<Preset, keras_t, onnx_t>) {  // the corrections in the rate: epsilon is added to the root of v as it is
        if constexpr (is_given<AMSGrad>) largest = maximum(s[2], v);
        ref corrected = rate * sqrt(correction(beta2, t)) / correction(beta1, t);
        if constexpr (is_any_of<Preset, onnx_t>) {  // counts from 0, and has no correction there
            const ref before = t - one;
            corrected = select(before > zero, rate * sqrt(correction(beta2, before)) / correction(beta1, before), rate);
        }
        return made(p - corrected * m / (sqrt(largest) + epsilon), largest);
    } else {
        const ref corrected = rate / correction(beta1, t);
        const ref scale = one / correction(beta2, t);
        if constexpr (is_given<AMSGrad> && is_any_of<Preset, optax_t>) {  // the largest of the corrected ones
            largest = maximum(s[2], scale * v);
            return made(p - corrected * m / (sqrt(largest) + epsilon), largest);
        }
        if constexpr (is_given<AMSGrad>) largest = maximum(s[2], v);
        return made(p - corrected * m / (sqrt(scale * largest) + epsilon), largest);
    }
}
}  // namespace update_terms

/// adam{.learning_rate = 1e-3} = steps of one size for every parameter: the mean gradient divided by its root mean square.
///
/// Update      m = beta1 m + (1 - beta1) g,  v = beta2 v + (1 - beta2) g^2,
///             p - rate m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// Options     preset torch, optax: as above; keras, onnx: p - rate sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon), and onnx counts t from 0
///             without a correction at 0. epsilon 1e-8, keras 1e-7, onnx 1e-6. weight_decay: part of the gradient, keras and optax: p - rate decay p first.
///             amsgrad (xg::on): divides by the largest v so far (torch, keras: of v; optax: of v / (1 - beta2^t))
/// Source      Kingma and Ba, ICLR 2015; Reddi, Kale and Kumar, ICLR 2018 (amsgrad); defaults of PyTorch, Keras 3, Optax, ONNX 1.16
/// Catalogue   optimiser
template <class Preset = torch_t, class WeightDecay = absent, class AMSGrad = absent>
struct adam {
    Preset preset{};
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = update_terms::by_preset<Preset>(1e-8, 1e-7, 1e-8, 1e-6);
    WeightDecay weight_decay{};
    AMSGrad amsgrad{};

    using undecayed = adam<Preset, absent, AMSGrad>;
    static constexpr std::size_t states = is_given<AMSGrad> ? 3 : 2;
    static constexpr std::array<std::string_view, 3> state_names{"mean", "square", "largest_square"};
    static constexpr std::array<std::string_view, 5> hyperparameters{"learning_rate", "beta1", "beta2", "epsilon", "weight_decay"};
    constexpr std::array<double, 5> values() const { return {learning_rate, beta1, beta2, epsilon, update_terms::value_or_zero(weight_decay)}; }

    static constexpr updated<states> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        using namespace update_terms;
        const auto [rate, beta1, beta2, epsilon, decay] = h;
        g = decayed_gradient<Preset, WeightDecay>(p, g, decay);
        p = decayed_parameter<Preset, WeightDecay>(p, rate, decay);
        return adam_step<Preset, AMSGrad>(p, average(beta1, s[0], g), average(beta2, s[1], square(g)), t, rate, beta1, beta2, epsilon, s);
    }
};

}  // namespace xgrad
