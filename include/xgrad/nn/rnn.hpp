// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/recurrent.hpp>

namespace xgrad {

template <class Activation>
struct rnn_cell {
    static constexpr std::size_t states = 1;
    static constexpr auto options = option_kind::none;

    template <fixed_string Path, std::int64_t Width, class... Options>
    static constexpr auto step(auto h, auto x) {
        return std::tuple{Activation{}(detail::gate<Path, Width>(x, h))};
    }
};

/// rnn<"name">(axis, n)(x): a state that each step makes from the step's input and the state before; gives it at every step.
///
/// Formula     h' = tanh(x W + h U + b), from h = 0 or `initial`
/// Gradient    through all steps, backwards in time
/// Shape       x [..., in] with the axis and a batch  ->  [..., n]
/// Options     an activation in place of tanh, rnn<"name">(axis, n, relu); step_mask(m), initial(h), backwards
/// Parameters  name.weight [in, n], name.recurrent [n, n], Glorot uniform; name.bias [n], zeros
/// Source      Elman, Cognitive Science 1990; PyTorch keeps two biases, whose sum is this one
/// Catalogue   layer
template <fixed_string Name, class Axis, class Width, class... Options>
constexpr auto rnn(Axis, Width, Options... options) {
    return recurrent_layer<Name, rnn_cell<std::remove_const_t<decltype(tanh)>>, Axis, canonical_extent<Width>, Options...>{{}, {options...}};
}
template <fixed_string Name, class Axis, class Width, class Activation, class... Options>
    requires requires(Activation f) { f(number<0.0>); }
constexpr auto rnn(Axis, Width, Activation, Options... options) {
    return recurrent_layer<Name, rnn_cell<Activation>, Axis, canonical_extent<Width>, Options...>{{}, {options...}};
}

}  // namespace xgrad
