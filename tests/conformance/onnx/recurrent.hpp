// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "conformance/onnx/hold.hpp"

/// ONNX's RNN, GRU and LSTM. A node keeps all gates in one matrix for the input and one for the state, transposed and in an order of its own; a layer of
/// ours has parameters for each gate. Results and their gradients by the input and by every parameter hold.
namespace onnx {

inline constexpr auto steps = xg::axis<"steps">;
inline constexpr auto batch = xg::axis<"batch">;

inline std::string input(std::size_t i) { return "input_" + std::to_string(i) + ".pb"; }

/// Rows [block n, block n + n) of the matrix that a node keeps for one direction, as columns.
template <std::size_t N>
xt::xtensor<double, 2> turned(const xt::xtensor<double, 3>& all, std::size_t block) {
    xt::xtensor<double, 2> made = support::shaped<double>({all.shape()[2], N});
    for (std::size_t i = 0; i < made.shape()[0]; ++i)
        for (std::size_t j = 0; j < N; ++j) made(i, j) = all(0, block * N + j, i);
    return made;
}
/// What the files of a node say; biases are zero where a node has none.
template <std::size_t N>
struct node {
    std::string name;
    xt::xtensor<double, 3> x = read<double, 3>(name, "input_0.pb"), w = read<double, 3>(name, "input_1.pb"), r = read<double, 3>(name, "input_2.pb");
    bool has_bias = false;

    std::size_t gates() const { return r.shape()[1] / N; }
    xt::xtensor<double, 1> half(std::size_t block) const {
        xt::xtensor<double, 1> made = support::shaped<double>({N});
        if (!has_bias) return made;
        const auto b = read<double, 2>(name, "input_3.pb");
        for (std::size_t j = 0; j < N; ++j) made(j) = b(0, block * N + j);
        return made;
    }
    auto weight(std::size_t block) const { return turned<N>(w, block); }
    auto recurrent(std::size_t block) const { return turned<N>(r, block); }
    xt::xtensor<double, 1> bias(std::size_t block) const { return half(block) + half(gates() + block); }
};

/// h is ours over x, with arrays for x and the leaves. The last state is output 0, or with `Batchwise` output 1 after all of them. Where tanh is
/// saturated 1 - y * y has no digits left in float: there gradients are those in double.
template <bool Batchwise, class X, class H, class A, class... Leaf, class... Array>
void holds(const std::string& name, X x, H h, A x_data, std::tuple<Leaf...> leaves, std::tuple<Array...> arrays, bool saturated = false) {
    const auto last = xg::last_of(h, steps);
    const auto total = xg::sum(last * (0.5_c + xg::square(last))) + xg::sum(h * h);
    const auto run = [&]<class T>(T) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            return xg::compile<T>(h, last, total, xg::gradient(total, x), xg::gradient(total, Leaf{})...)(x = support::converted<T>(x_data),
                                                                                                          (std::get<K>(leaves) = support::converted<T>(std::get<K>(arrays)))...);
        }(std::index_sequence_for<Leaf...>{});
    };
    const auto made = run(float{});
    const auto& state = std::get<1>(made);
    // A node's results have an axis for directions: first, or where batches are outermost before the last.
    if constexpr (Batchwise) {
        const auto& all = std::get<0>(made);
        equals(xt::xtensor<float, 4>(xt::reshape_view(all, std::array<std::size_t, 4>{all.shape()[0], all.shape()[1], 1, all.shape()[2]})), name, "output_0.pb");
        equals(xt::xtensor<float, 3>(xt::reshape_view(state, std::array<std::size_t, 3>{state.shape()[0], 1, state.shape()[1]})), name, "output_1.pb");
    } else {
        equals(xt::xtensor<float, 3>(xt::reshape_view(state, std::array<std::size_t, 3>{1, state.shape()[0], state.shape()[1]})), name, "output_0.pb");
    }
    std::apply([&](auto&... array) {
        if (saturated) gradients_hold<2>(name, run, run(double{}), std::tie(x_data, array...));
        else gradients_hold<2>(name, run, made, std::tie(x_data, array...));
    }, arrays);
}
template <bool Batchwise, std::size_t In>
constexpr auto sequence() {
    if constexpr (Batchwise) {
        return xg::input<"x">(batch, steps, xg::static_extent<In>{});
    } else {
        return xg::input<"x">(steps, batch, xg::static_extent<In>{});
    }
}
template <xg::fixed_string Path, std::size_t In, std::size_t N, auto Bias = xg::zeros>
constexpr auto gate_parameters() {
    constexpr xg::static_extent<N> n{};
    return std::tuple{xg::detail::cell_parameter<Path, "weight", xg::glorot_uniform>(xg::static_extent<In>{}, n), xg::detail::cell_parameter<Path, "recurrent", xg::glorot_uniform>(n, n),
                      xg::detail::cell_parameter<Path, "bias", Bias>(n)};
}

}  // namespace onnx
