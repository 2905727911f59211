// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "mlp_step.hpp"

#include <xgrad/xgrad.hpp>

namespace bench::mlp_step {

template <std::size_t Outputs>
constexpr auto target() {
    constexpr auto batch = xgrad::axis<"batch">;
    if constexpr (Outputs == 1) {
        return xgrad::input<"y">(batch, xgrad::static_extent<1>{});
    } else {
        return xgrad::labels<"y">(batch, xgrad::classes(xgrad::static_extent<Outputs>{}));
    }
}
template <std::size_t Outputs, class Z, class Y>
constexpr auto row_losses(Z z, Y y) {
    if constexpr (Outputs == 1) {
        return xgrad::binary_cross_entropy_with_logits(z, y);
    } else {
        return xgrad::cross_entropy(z, y);
    }
}

/// The step by xgrad::trainer, with options such as xgrad::unfused.
template <std::size_t Inputs, std::size_t Hidden, std::size_t Outputs, class... Options>
class by_trainer {
    static constexpr auto x = xgrad::input<"x">(xgrad::axis<"batch">, xgrad::static_extent<Inputs>{});
    static constexpr auto y = target<Outputs>();
    static constexpr auto model = xgrad::sequential(xgrad::dense<"hidden">(xgrad::static_extent<Hidden>{}), xgrad::relu, xgrad::dense<"score">(xgrad::static_extent<Outputs>{}));
    static constexpr auto loss = xgrad::mean(row_losses<Outputs>(model(x), y));

    xgrad::trainer<std::remove_const_t<decltype(loss)>, xgrad::adam<>, Options...> trainer_;
    xgrad::tensor<float, 2> x_;
    std::conditional_t<Outputs == 1, xgrad::tensor<float, 2>, xgrad::tensor<std::int64_t, 1>> y_;

public:
    by_trainer(job j, const start& given, double rate) : trainer_(loss, xgrad::adam{.learning_rate = rate}, Options{}...), x_(xgrad::adapt(given.x.data(), std::array{j.batch, Inputs})) {
        using namespace xgrad::literals;
        if constexpr (Outputs == 1) {
            y_ = xgrad::adapt(given.y.data(), std::array{j.batch, std::size_t{1}});
        } else {
            y_ = xgrad::adapt(given.labels.data(), std::array{j.batch});
        }
        auto parameters = trainer_.parameters();
        auto set = [](auto&& to, const std::vector<float>& from) { std::copy(from.begin(), from.end(), to.begin()); };
        set(parameters["hidden.weight"_p], given.hidden_weight);
        set(parameters["score.weight"_p], given.score_weight);
    }
    double step() { return trainer_.step(x = x_, y = y_); }
};

template <job J, class... Options>
added by(const std::string& name) {
    return variant<by_trainer<J.model.inputs, J.model.hidden, J.model.outputs, Options...>>(name, J);
}

}  // namespace bench::mlp_step
