// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "normal_log_density.hpp"

#include <xgrad/xgrad.hpp>

#include <numbers>

namespace xg = xgrad;
using namespace xg::literals;

namespace bench::normal_log_density {
namespace {

constexpr auto x = xg::input<"x">(xg::axis<"count">);
constexpr auto m = xg::scalar<"mean">;
constexpr auto s = xg::scalar<"deviation">;
constexpr auto value = xg::sum(-0.5_c * square((x - m) / s) - log(s) - 0.5_c * log(2_c * xg::number<std::numbers::pi>));

template <class... Options>
struct program {
    xg::tensor<double, 1> numbers, gradient;
    decltype(xg::compile<double>(value, xg::gradient(value, x), Options{}...).prepare()) run{};
    double result = 0;
    outcome operator()() {
        run.into(result, gradient)(x = numbers, m = mean, s = deviation);
        return {result, {{{gradient.data(), gradient.size()}}}};
    }
};
template <class... Options>
auto make(const std::vector<double>& given) {
    return program<Options...>{xg::adapt(given.data(), std::array{given.size()}), {}};
}
const auto fused = variant("fused", make<>);
const auto unfused = variant("unfused", make<xg::unfused_t>);

}  // namespace
}  // namespace bench::normal_log_density
