// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "math.hpp"

#include <xgrad/xgrad.hpp>

#include <numbers>

namespace xg = xgrad;

namespace bench::math {
namespace {

constexpr auto u = xg::input<"u">(xg::axis<"count">);

/// The library's function, as users get it: a compiled formula.
template <class Formula>
added fused(const std::string& function, Formula formula) {
    return variant("fused", function, [formula](const float* x, float* y) {
        using prepared = decltype(xg::compile(formula).prepare());
        auto in = xg::adapt(x, std::array{count});
        auto out = xg::adapt(y, std::array{count});
        return [run = prepared{}, in, out]() mutable { run.into(out)(u = in); };
    });
}
const added ours[]{fused("exp", exp(u)), fused("expm1", expm1(u)), fused("log", log(u)), fused("log1p", log1p(u)), fused("tanh", tanh(u)),
                   fused("erf", erf(u)), fused("erfc", erfc(u)), fused("normal_cdf", normal_cdf(u)), fused("sigmoid", sigmoid(u))};

using batch = xsimd::batch<float>;

template <class F>
added peer(const std::string& function, F f) {
    return of_vectors<batch::size>("xsimd", function, [f](const float* x, float* y) { f(batch::load_aligned(x)).store_aligned(y); });
}
const batch one(1.0f), half(0.5f), scale(-1 / std::numbers::sqrt2_v<float>);
const added xsimds[]{peer("exp", [](batch x) { return xsimd::exp(x); }),
                     peer("expm1", [](batch x) { return xsimd::expm1(x); }),
                     peer("log", [](batch x) { return xsimd::log(x); }),
                     peer("log1p", [](batch x) { return xsimd::log1p(x); }),
                     peer("tanh", [](batch x) { return xsimd::tanh(x); }),
                     peer("erf", [](batch x) { return xsimd::erf(x); }),
                     peer("erfc", [](batch x) { return xsimd::erfc(x); }),
                     peer("normal_cdf", [](batch x) { return half * xsimd::erfc(scale * x); }),
                     peer("sigmoid", [](batch x) { return one / (one + xsimd::exp(-x)); })};

template <class F>
added standard(const std::string& function, F f) {
    return of_vectors<1>("std", function, [f](const float* x, float* y) { *y = f(*x); });
}
const added standards[]{standard("exp", [](float x) { return std::exp(x); }),
                        standard("expm1", [](float x) { return std::expm1(x); }),
                        standard("log", [](float x) { return std::log(x); }),
                        standard("log1p", [](float x) { return std::log1p(x); }),
                        standard("tanh", [](float x) { return std::tanh(x); }),
                        standard("erf", [](float x) { return std::erf(x); }),
                        standard("erfc", [](float x) { return std::erfc(x); }),
                        standard("normal_cdf", [](float x) { return 0.5f * std::erfc(-x / std::numbers::sqrt2_v<float>); }),
                        standard("sigmoid", [](float x) { return 1 / (1 + std::exp(-x)); })};

}  // namespace
}  // namespace bench::math
