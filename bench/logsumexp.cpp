// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "logsumexp.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

namespace bench::logsumexp {
namespace {

constexpr auto x = xg::input<"x">(xg::axis<"count">);
constexpr auto value = xg::logsumexp(x);

template <class... Options>
struct program {
    xg::tensor<double, 1> numbers, gradient;
    decltype(xg::compile<double>(value, xg::gradient(value, x), Options{}...).prepare()) run{};
    double result = 0;
    outcome operator()() {
        run.into(result, gradient)(x = numbers);
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
}  // namespace bench::logsumexp
