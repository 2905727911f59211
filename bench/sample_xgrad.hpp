// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "sample.hpp"

#include <xgrad/xgrad.hpp>

namespace bench::sample {

namespace xg = xgrad;
using namespace xg::literals;

inline constexpr auto x = xg::input<"x">(1_c, 1_c);
inline constexpr auto steps = xg::axis<"steps">;

/// A gate's weight, recurrent and bias in a layer named "cell".
template <std::size_t Width, xg::fixed_string Gate>
constexpr auto of_gate() {
    constexpr auto path = xg::join(xg::fixed_string("cell"), Gate);
    constexpr xg::initialiser start = std::string_view(Gate) == "forget" ? xg::ones : xg::zeros;
    constexpr xg::static_extent<Width> n{};
    return std::tuple{xg::parameter<xg::join(path, xg::fixed_string("weight")), xg::glorot_uniform>(1_c, n), xg::parameter<xg::join(path, xg::fixed_string("bias")), start>(n),
                      xg::parameter<xg::join(path, xg::fixed_string("recurrent")), xg::glorot_uniform>(n, n)};
}

/// States and parameters of a network, and its next output and states.
template <class Layer, std::size_t Width>
struct formula;
template <std::size_t Width>
struct formula<dense, Width> {
    static constexpr std::tuple<> states{};
    static constexpr std::tuple parameters{xg::parameter<"cell.weight", xg::glorot_uniform>(1_c, xg::static_extent<Width>{}), xg::parameter<"cell.bias">(xg::static_extent<Width>{})};
    static constexpr auto next() { return std::tuple{xg::tanh(xg::dense<"cell">(xg::static_extent<Width>{})(x))}; }
};
template <std::size_t Width>
struct formula<gru, Width> {
    static constexpr std::tuple states{xg::input<"h">(1_c, xg::static_extent<Width>{})};
    static constexpr auto parameters =
        std::tuple_cat(of_gate<Width, "reset">(), of_gate<Width, "update">(), of_gate<Width, "candidate">(), std::tuple{xg::parameter<"cell.candidate.recurrent_bias">(xg::static_extent<Width>{})});
    static constexpr auto next() { return xg::gru<"cell">(steps, xg::static_extent<Width>{}).step(std::get<0>(states), x); }
};
template <std::size_t Width>
struct formula<lstm, Width> {
    static constexpr std::tuple states{xg::input<"h">(1_c, xg::static_extent<Width>{}), xg::input<"c">(1_c, xg::static_extent<Width>{})};
    static constexpr auto parameters = std::tuple_cat(of_gate<Width, "input">(), of_gate<Width, "forget">(), of_gate<Width, "cell">(), of_gate<Width, "output">());
    static constexpr auto next() { return xg::lstm<"cell">(steps, xg::static_extent<Width>{}).step(std::get<0>(states), std::get<1>(states), x); }
};

template <class Layer, std::size_t Width, class... Options>
class network {
    using formula = sample::formula<Layer, Width>;
    static constexpr std::tuple of_output{xg::parameter<"out.weight", xg::glorot_uniform>(xg::static_extent<Width>{}, 1_c), xg::parameter<"out.bias">(1_c)};
    using state = xg::tensor<float, 2>;

    static auto prepared(const data<Layer, Width>& given) {
        constexpr auto parameters = std::tuple_cat(formula::parameters, of_output);
        constexpr auto compiled = [] {
            constexpr auto next = formula::next();
            if constexpr (Layer::states == 0) {
                return xg::compile(xg::dense<"out">(1_c)(std::get<0>(next)), Options{}...);
            } else {
                return xg::compile(xg::dense<"out">(1_c)(std::get<0>(next)), next, Options{}...);
            }
        }();
        auto of_unit = [&](const auto& from, std::size_t gate) { return xg::adapt(from.data() + gate * Width, std::array{Width}); };
        auto of_gates = [&]<std::size_t... G>(std::index_sequence<G...>) {
            return std::tuple_cat([&](std::size_t g) {
                const auto weight = xg::adapt(given.weight.data() + g * Width, std::array<std::size_t, 2>{1, Width});
                if constexpr (Layer::states == 0) {
                    return std::tuple{weight, of_unit(given.bias, g)};
                } else {
                    return std::tuple{weight, of_unit(given.bias, g), xg::adapt(given.recurrent.data() + g * Width * Width, std::array{Width, Width})};
                }
            }(G)...);
        }(std::make_index_sequence<Layer::gates>{});
        const std::tuple out{xg::adapt(given.out.data(), std::array<std::size_t, 2>{Width, 1}), xg::adapt(given.out_bias.data(), std::array<std::size_t, 1>{1})};
        const auto arrays = [&] {
            if constexpr (std::is_same_v<Layer, gru>) {
                return std::tuple_cat(of_gates, std::tuple{of_unit(given.state_bias, 0)}, out);
            } else {
                return std::tuple_cat(of_gates, out);
            }
        }();
        return [&]<std::size_t... K>(std::index_sequence<K...>) { return compiled.prepare((std::get<K>(parameters) = std::get<K>(arrays))...); }(
            std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(arrays)>>>{});
    }

    decltype(prepared(std::declval<data<Layer, Width>>())) run_;
    state x_ = state::from_shape({1, 1}), y_ = state::from_shape({1, 1});
    std::array<std::array<state, Layer::states>, 2> states_;  ///< the last and the next, in turn
    std::size_t now_ = 0;

public:
    explicit network(const data<Layer, Width>& given) : run_(prepared(given)) {
        for (auto& both : states_)
            for (state& one : both) one = xt::zeros<float>({std::size_t{1}, Width});
    }
    float operator()(float sample) {
        x_(0, 0) = sample;
        auto &last = states_[now_], &next = states_[1 - now_];
        [&]<std::size_t... S>(std::index_sequence<S...>) { run_.into(y_, next[S]...)(x = x_, (std::get<S>(formula::states) = last[S])...); }(std::make_index_sequence<Layer::states>{});
        now_ = 1 - now_;
        return y_(0, 0);
    }
};

}  // namespace bench::sample
