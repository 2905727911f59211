// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/recurrent.hpp>

namespace xgrad {

struct gru_cell {
    static constexpr std::size_t states = 1;
    static constexpr auto options = named::reset_before;

    template <fixed_string Path, std::int64_t Width, class... Options>
    static constexpr auto step(auto h, auto x) {
        constexpr static_extent<Width> n{};
        constexpr static_extent<shape_of(decltype(x){})[shape_of(decltype(x){}).rank - 1].size> in{};
        constexpr auto path = join(Path, fixed_string("candidate"));
        const auto reset = ast::sigmoid(detail::gate<join(Path, fixed_string("reset")), Width>(x, h));
        const auto update = ast::sigmoid(detail::gate<join(Path, fixed_string("update")), Width>(x, h));
        const auto seen = ast::matmul(x, detail::cell_parameter<path, "weight", glorot_uniform>(in, n)) + detail::cell_parameter<path, "bias", zeros>(n);
        const auto recurrent = detail::cell_parameter<path, "recurrent", glorot_uniform>(n, n);
        const auto remembered = [&] {
            if constexpr (detail::has_option<named::reset_before, Options...>) {
                return ast::matmul(reset * h, recurrent);
            } else {
                return reset * (ast::matmul(h, recurrent) + detail::cell_parameter<path, "recurrent_bias", zeros>(n));
            }
        }();
        const auto candidate = ast::tanh(seen + remembered);
        return std::tuple{candidate + update * (h - candidate)};
    }
};

/// gru<"name">(axis, n)(x): a state that gates mix with a candidate; gives it at every step.
///
/// Formula     r, z = sigmoid(x W + h U + b), each with its own; k = tanh(x W_k + b_k + r (h U_k + d_k)); h' = (1 - z) k + z h, from h = 0 or `initial`
/// Gradient    through all steps, backwards in time
/// Shape       x [..., in] with the axis and a batch  ->  [..., n]
/// Options     reset_before: k = tanh(x W_k + b_k + (r h) U_k); step_mask(m), initial(h), backwards
/// Parameters  name.{reset, update, candidate}.{weight [in, n], recurrent [n, n], bias [n]}, Glorot uniform and zeros; name.candidate.recurrent_bias [n],
///             zeros, unless reset_before
/// Source      Cho et al., EMNLP 2014; PyTorch and Keras reset after the product as here, ONNX before unless linear_before_reset is 1; gates in one
///             matrix there, PyTorch r, z, k, Keras and ONNX z, r, k
/// Catalogue   layer
template <fixed_string Name, class Axis, class Width, class... Options>
constexpr auto gru(Axis, Width, Options... options) {
    return recurrent_layer<Name, gru_cell, Axis, canonical_extent<Width>, Options...>{{}, {options...}};
}

}  // namespace xgrad
