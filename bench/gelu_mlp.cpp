// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "gelu_mlp.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

namespace bench::gelu_mlp {
namespace {

constexpr xg::static_extent<width> outer{};
constexpr xg::static_extent<hidden> inner{};
constexpr auto x = xg::input<"x">(xg::axis<"batch">, outer);
constexpr auto upstream = xg::input<"upstream">(xg::axis<"batch">, outer);
constexpr auto rise_weight = xg::parameter<"rise.weight">(outer, inner);
constexpr auto rise_bias = xg::parameter<"rise.bias">(inner);
constexpr auto fall_weight = xg::parameter<"fall.weight">(inner, outer);
constexpr auto fall_bias = xg::parameter<"fall.bias">(outer);
constexpr auto value = xg::sum(upstream * (xg::matmul(xg::gelu(xg::matmul(x, rise_weight) + rise_bias), fall_weight) + fall_bias));

template <class... Options>
class program {
    const data& given_;
    decltype(xg::compile(value, xg::gradient(value, x, rise_weight, rise_bias, fall_weight, fall_bias), Options{}...).prepare()) run_{};
    xg::tensor<float, 2> dx_, drise_weight_, dfall_weight_;
    xg::tensor<float, 1> drise_bias_, dfall_bias_;
    float value_ = 0;

    template <class Array>
    static std::span<const float> numbers(const Array& a) {
        return {a.data(), a.size()};
    }

public:
    explicit program(const data& given) : given_(given) {}
    outcome operator()() {
        auto matrix = [](const std::vector<float>& from, std::size_t rows) { return xg::adapt(from.data(), std::array{rows, from.size() / rows}); };
        auto row = [](const std::vector<float>& from) { return xg::adapt(from.data(), std::array{from.size()}); };
        run_.into(value_, dx_, drise_weight_, drise_bias_, dfall_weight_, dfall_bias_)(
            x = matrix(given_.x, batch), upstream = matrix(given_.upstream, batch), rise_weight = matrix(given_.rise_weight, width), rise_bias = row(given_.rise_bias),
            fall_weight = matrix(given_.fall_weight, hidden), fall_bias = row(given_.fall_bias));
        return {value_, {{numbers(dx_), numbers(drise_weight_), numbers(drise_bias_), numbers(dfall_weight_), numbers(dfall_bias_)}}};
    }
};
const added all[]{variant("fused", [](const data& given) { return program<>(given); }), variant("unfused", [](const data& given) { return program<xg::unfused_t>(given); })};

}  // namespace
}  // namespace bench::gelu_mlp
