// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/recurrent.hpp>

namespace xgrad {

struct lstm_cell {
    static constexpr std::size_t states = 2;
    static constexpr auto options = named::peepholes;

    template <fixed_string Path, std::int64_t Width, class... Options>
    static constexpr auto step(auto h, auto c, auto x) {
        const auto input = ast::sigmoid(peep<join(Path, fixed_string("input")), Width, Options...>(detail::gate<join(Path, fixed_string("input")), Width>(x, h), c));
        const auto forget = ast::sigmoid(peep<join(Path, fixed_string("forget")), Width, Options...>(detail::gate<join(Path, fixed_string("forget")), Width, ones>(x, h), c));
        const auto cell = forget * c + input * ast::tanh(detail::gate<join(Path, fixed_string("cell")), Width>(x, h));
        const auto output = ast::sigmoid(peep<join(Path, fixed_string("output")), Width, Options...>(detail::gate<join(Path, fixed_string("output")), Width>(x, h), cell));
        return std::tuple{output * ast::tanh(cell), cell};
    }

private:
    template <fixed_string Path, std::int64_t Width, class... Options>
    static constexpr auto peep(auto gate, [[maybe_unused]] auto c) {
        if constexpr (detail::has_option<named::peepholes, Options...>) {
            return gate + c * detail::cell_parameter<Path, "peephole", zeros>(static_extent<Width>{});
        } else {
            return gate;
        }
    }
};

/// lstm<"name">(axis, n)(x): a state with a memory that gates write, keep and read; gives the state h at every step.
///
/// Formula     i, f, o = sigmoid(x W + h U + b), each with its own; c' = f c + i tanh(x W_c + h U_c + b_c); h' = o tanh(c'), from h = c = 0 or `initial`
/// Gradient    through all steps, backwards in time
/// Shape       x [..., in] with the axis and a batch  ->  [..., n]
/// Options     step_mask(m), initial(h, c), backwards; peepholes: + c p in i and f, + c' p in o
/// Parameters  name.{input, forget, cell, output}.{weight [in, n], recurrent [n, n], bias [n]}, Glorot uniform and zeros, the forget gate's bias ones;
///             with peepholes name.{input, forget, output}.peephole [n], zeros
/// Source      Hochreiter and Schmidhuber, Neural Computation 1997, with Gers's forget gate; PyTorch (i, f, g, o), Keras (i, f, c, o) and ONNX (i, o, f, c)
///             keep the gates in one matrix, in these orders; forget bias as in Keras
/// Catalogue   layer
template <fixed_string Name, class Axis, class Width, class... Options>
constexpr auto lstm(Axis, Width, Options... options) {
    return recurrent_layer<Name, lstm_cell, Axis, canonical_extent<Width>, Options...>{{}, {options...}};
}

}  // namespace xgrad
