// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "lstm_tagger.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

namespace bench::lstm_tagger {
namespace {

constexpr xg::static_extent<inputs> in{};
constexpr xg::static_extent<width> n{};
constexpr xg::static_extent<labels> classes{};
constexpr auto time = xg::axis<"time">;
constexpr auto rows = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(time, rows, in);
constexpr auto t = xg::labels<"t">(time, rows, xg::classes(classes));
constexpr auto model = xg::sequential(xg::lstm<"lstm">(time, n), xg::dense<"score">(classes));
constexpr auto loss = xg::mean(xg::cross_entropy(model(x), t));

/// By gates: weight, recurrent, bias; then the score's weight and bias.
template <xg::fixed_string Gate>
constexpr auto of_gate() {
    constexpr auto path = xg::join(xg::fixed_string("lstm"), Gate);
    constexpr xg::initialiser bias = std::string_view(Gate) == "forget" ? xg::ones : xg::zeros;
    return std::tuple{xg::parameter<xg::join(path, xg::fixed_string("weight")), xg::glorot_uniform>(in, n),
                      xg::parameter<xg::join(path, xg::fixed_string("recurrent")), xg::glorot_uniform>(n, n), xg::parameter<xg::join(path, xg::fixed_string("bias")), bias>(n)};
}
constexpr auto parameters = std::tuple_cat(of_gate<"input">(), of_gate<"forget">(), of_gate<"cell">(), of_gate<"output">(),
                                           std::tuple{xg::parameter<"score.weight", xg::glorot_uniform>(n, classes), xg::parameter<"score.bias">(classes)});

template <class... Options>
class program {
    static constexpr auto make() {
        return std::apply([](auto... p) { return xg::compile(loss, xg::gradient(loss, p...), Options{}...).prepare(); }, parameters);
    }
    const data& given_;
    decltype(make()) run_ = make();
    std::tuple<xg::tensor<float, 2>, xg::tensor<float, 2>, xg::tensor<float, 1>> input_, forget_, cell_, output_;
    xg::tensor<float, 2> score_weight_;
    xg::tensor<float, 1> score_bias_;
    float value_ = 0;

    static auto matrix(const std::vector<float>& from, std::size_t part, std::size_t height, std::size_t columns) {
        return xg::adapt(from.data() + part * height * columns, std::array{height, columns});
    }
    static auto row(const std::vector<float>& from, std::size_t part, std::size_t length) { return xg::adapt(from.data() + part * length, std::array{length}); }
    template <class Array>
    static std::span<const float> numbers(const Array& a) {
        return {a.data(), a.size()};
    }

public:
    explicit program(const data& given) : given_(given) {}
    outcome operator()() {
        const auto xs = xg::adapt(given_.x.data(), std::array{steps, batch, inputs});
        const auto ts = xg::adapt(given_.t.data(), std::array{steps, batch});
        auto of = [&]<std::size_t G>() { return std::tuple{matrix(given_.weight, G, inputs, width), matrix(given_.recurrent, G, width, width), row(given_.bias, G, width)}; };
        const auto arrays = std::tuple_cat(of.template operator()<0>(), of.template operator()<1>(), of.template operator()<2>(), of.template operator()<3>(),
                                           std::tuple{matrix(given_.score_weight, 0, width, labels), row(given_.score_bias, 0, labels)});
        auto into = std::apply([&](auto&... g) { return run_.into(value_, g...); },
                               std::tuple_cat(std::apply([](auto&... g) { return std::tie(g...); }, input_), std::apply([](auto&... g) { return std::tie(g...); }, forget_),
                                              std::apply([](auto&... g) { return std::tie(g...); }, cell_), std::apply([](auto&... g) { return std::tie(g...); }, output_),
                                              std::tie(score_weight_, score_bias_)));
        [&]<std::size_t... K>(std::index_sequence<K...>) {
            into(x = xs, t = ts, (std::get<K>(parameters) = std::get<K>(arrays))...);
        }(std::make_index_sequence<std::tuple_size_v<std::remove_const_t<decltype(parameters)>>>{});
        return {value_, {{numbers(std::get<0>(input_)), numbers(std::get<1>(input_)), numbers(std::get<2>(input_)), numbers(score_weight_), numbers(score_bias_)}}};
    }
};
const added all[]{variant("fused", [](const data& given) { return program<>(given); }), variant("unfused", [](const data& given) { return program<xg::unfused_t>(given); })};

}  // namespace
}  // namespace bench::lstm_tagger
