// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "tagger.hpp"

#include <xgrad/xgrad.hpp>

namespace bench::tagger {

namespace xg = xgrad;

inline constexpr xg::static_extent<inputs> in{};
inline constexpr xg::static_extent<width> n{};
inline constexpr xg::static_extent<labels> classes{};
inline constexpr auto time = xg::axis<"time">;
inline constexpr auto x = xg::input<"x">(time, xg::axis<"batch">, in);
inline constexpr auto t = xg::labels<"t">(time, xg::axis<"batch">, xg::classes(classes));

/// The loss of a layer named "cell", and a gate's weight, recurrent and bias there.
template <class Layer>
constexpr auto loss_of(Layer layer) {
    return xg::mean(xg::cross_entropy(xg::sequential(layer, xg::dense<"score">(classes))(x), t));
}
template <xg::fixed_string Gate>
constexpr auto of_gate() {
    constexpr auto path = xg::join(xg::fixed_string("cell"), Gate);
    constexpr xg::initialiser bias = std::string_view(Gate) == "forget" ? xg::ones : xg::zeros;
    return std::tuple{xg::parameter<xg::join(path, xg::fixed_string("weight")), xg::glorot_uniform>(in, n),
                      xg::parameter<xg::join(path, xg::fixed_string("recurrent")), xg::glorot_uniform>(n, n), xg::parameter<xg::join(path, xg::fixed_string("bias")), bias>(n)};
}
inline constexpr std::tuple of_score{xg::parameter<"score.weight", xg::glorot_uniform>(n, classes), xg::parameter<"score.bias">(classes)};

/// Loss and gradients of all parameters: those of the gates, the state's bias where there is one, those of the score.
template <class Cell, class Loss, class Parameters, class... Options>
class program {
    static constexpr Parameters parameters{};
    static constexpr auto make() {
        return std::apply([](auto... p) { return xg::compile(Loss{}, xg::gradient(Loss{}, p...), Options{}...).prepare(); }, parameters);
    }
    static constexpr auto make_slopes() {
        return std::apply([](auto... p) { return std::tuple<xg::tensor<float, static_cast<std::size_t>(xg::shape_of(decltype(p){}).rank)>...>{}; }, parameters);
    }
    static constexpr std::size_t count = std::tuple_size_v<Parameters>;
    const data<Cell>& given_;
    decltype(make()) run_ = make();
    decltype(make_slopes()) slopes_{};
    float value_ = 0;

    static auto matrix(const std::vector<float>& from, std::size_t part, std::size_t height, std::size_t columns) {
        return xg::adapt(from.data() + part * height * columns, std::array{height, columns});
    }
    static auto row(const std::vector<float>& from, std::size_t part, std::size_t length) { return xg::adapt(from.data() + part * length, std::array{length}); }
    auto arrays() const {
        const auto of_gates = [&]<std::size_t... G>(std::index_sequence<G...>) {
            return std::tuple_cat(std::tuple{matrix(given_.weight, G, inputs, width), matrix(given_.recurrent, G, width, width), row(given_.bias, G, width)}...);
        }(std::make_index_sequence<Cell::gates>{});
        const std::tuple score{matrix(given_.score_weight, 0, width, labels), row(given_.score_bias, 0, labels)};
        if constexpr (Cell::state_bias) {
            return std::tuple_cat(of_gates, std::tuple{row(given_.state_bias, 0, width)}, score);
        } else {
            return std::tuple_cat(of_gates, score);
        }
    }
    template <std::size_t K>
    std::span<const float> slope() const {
        return {std::get<K>(slopes_).data(), std::get<K>(slopes_).size()};
    }

public:
    explicit program(const data<Cell>& given) : given_(given) {}
    outcome operator()() {
        const auto all = arrays();
        const auto xs = xg::adapt(given_.x.data(), std::array{steps, batch, inputs});
        const auto ts = xg::adapt(given_.t.data(), std::array{steps, batch});
        [&]<std::size_t... K>(std::index_sequence<K...>) { run_.into(value_, std::get<K>(slopes_)...)(x = xs, t = ts, (std::get<K>(parameters) = std::get<K>(all))...); }(std::make_index_sequence<count>{});
        return {value_, {{slope<0>(), slope<1>(), slope<2>(), slope<count - 2>(), slope<count - 1>()}}};
    }
};
template <class Cell, class Loss, class Parameters>
std::array<added, 2> variants(Loss, Parameters) {
    return {variant<Cell>("fused", [](const data<Cell>& given) { return program<Cell, Loss, Parameters>(given); }),
            variant<Cell>("unfused", [](const data<Cell>& given) { return program<Cell, Loss, Parameters, xg::unfused_t>(given); })};
}

}  // namespace bench::tagger
