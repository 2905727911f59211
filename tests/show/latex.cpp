// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include <xgrad/show/latex.hpp>

#include <catch2/catch.hpp>
#include <xgrad/nn/loss.hpp>

namespace xg = xgrad;
using namespace xgrad::literals;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 4_c);
constexpr auto y = xg::input<"y_train">(batch, 4_c);
constexpr auto w = xg::parameter<"hidden.weight">(4_c, 3_c);
constexpr auto b = xg::parameter<"hidden.bias">(3_c);
constexpr auto v = xg::parameter<"v12">(4_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(4_c));
constexpr auto rate = xg::scalar<"rate_%">;
}  // namespace

TEST_CASE("latex: names") {
    CHECK(to_latex(x) == "x");
    CHECK(to_latex(y) == "y_{\\mathrm{train}}");
    CHECK(to_latex(v) == "v_{12}");
    CHECK(to_latex(w) == "W_{\\mathrm{hidden}}");
    CHECK(to_latex(rate) == "\\mathrm{rate}_{\\%}");
}

TEST_CASE("latex: operators, fractions and products") {
    CHECK(to_latex(x / (x + y)) == "\\frac{x}{x + y_{\\mathrm{train}}}");
    CHECK(to_latex(rate * x) == "\\mathrm{rate}_{\\%} \\, x");
    CHECK(to_latex(x * (x - y)) == "x \\odot \\left(x - y_{\\mathrm{train}}\\right)");
    CHECK(to_latex(x - (x - v)) == "x - \\left(x - v_{12}\\right)");
    CHECK(to_latex(x <= 1e-30_c) == "x \\le 10^{-30}");
    CHECK(to_latex(sigmoid(matmul(x, w) + b)) == "\\sigma\\left(x \\, W_{\\mathrm{hidden}} + b_{\\mathrm{hidden}}\\right)");
    CHECK(to_latex(xg::transpose(w)) == "{W_{\\mathrm{hidden}}}^{\\top}");
    CHECK(to_latex(square(x + v)) == "{\\left(x + v_{12}\\right)}^{2}");
    CHECK(to_latex(exp(-x)) == "e^{-x}");
    CHECK(to_latex(log_normal_cdf(x)) == "\\log \\Phi\\left(x\\right)");
    CHECK(to_latex(x * normal_cdf(x)) == "x \\odot \\Phi\\left(x\\right)");
    CHECK(to_latex(gelu(x)) == "\\operatorname{gelu}\\left(x\\right)");
    CHECK(to_latex(erf(x) + erfc(x)) == "\\operatorname{erf}\\left(x\\right) + \\operatorname{erfc}\\left(x\\right)");
    CHECK(to_latex(sqrt(abs(x))) == "\\sqrt{\\left|x\\right|}");
}

TEST_CASE("latex: reductions, labels and gradients") {
    CHECK(to_latex(sum(x)) == "\\sum x");
    CHECK(to_latex(sum(x, batch)) == "\\sum_{\\mathrm{batch}} x");
    CHECK(to_latex(mean(square(x))) == "\\frac{1}{\\mathrm{batch} \\cdot 4} \\sum {x}^{2}");
    CHECK(to_latex(-pick(log(x), t)) == "-{\\log\\left(x\\right)}_{t}");
    CHECK(to_latex(xg::log_softmax(x)) == "\\operatorname{log\\_softmax}\\left(x\\right)");
    CHECK(to_latex(xg::gradient(sum(x * v), v)) == "\\nabla_{v_{12}} \\left(\\sum x \\odot v_{12}\\right)");
    CHECK(to_latex(select(x > 0_c, x, v)) == "\\begin{cases} x & x > 0 \\\\ v_{12} & \\text{otherwise} \\end{cases}");
}
