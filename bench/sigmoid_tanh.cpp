// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "sigmoid_tanh.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

namespace bench::sigmoid_tanh {
namespace {

constexpr auto x = xg::input<"x">(xg::axis<"count">);
constexpr auto loss = xg::sum(xg::sigmoid(x) * xg::tanh(x) + 0.5_c * square(x));

template <class... Options>
auto make(Options... options) {
    return [=](const std::vector<float>& given) {
        using prepared = decltype(xg::compile(loss, xg::gradient(loss, x), options...).prepare());
        struct program {
            prepared run;
            xg::tensor<float, 1> numbers, gradient;
            float value = 0;
            auto operator()() {
                run.into(value, gradient)(x = numbers);
                return std::pair<double, const float*>{static_cast<double>(value), gradient.data()};
            }
        };
        return program{{}, xg::adapt(given.data(), std::array{given.size()}), {}};
    };
}
const auto fused = variant("fused", make());
const auto unfused = variant("unfused", make(xg::unfused));

}  // namespace
}  // namespace bench::sigmoid_tanh
