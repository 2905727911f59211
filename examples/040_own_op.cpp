// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// An op of one's own, defined outside the library: a struct with a name, a value and its partial derivatives. It is then an op
// like any other: fused, differentiated, differentiated again, in float and in double.
#include <xgrad/xgrad.hpp>

#include "common/check.hpp"

#include <numbers>

namespace xg = xgrad;
using namespace xg::literals;

// In a namespace: the C library has a global erfc already.
namespace mine {

/// erfc(x) = 1 - erf(x), with its digits where erf(x) rounds to 1. No composition of the library's ops is as accurate, which is
/// the reason to make it an op; what can be composed, such as gelu below, needs none.
///
/// The struct stands at namespace scope, because its name is its identity.
struct erfc_op : xg::elementwise<1> {
    static constexpr std::string_view name = "erfc";
    static constexpr bool heavy = true;  // costs more than a load, so its result is kept for the backward pass

    // One body for float, double and SIMD vectors of both: argument-dependent lookup finds the vectors' own erfc.
    static constexpr auto value(auto x) {
        using std::erfc;
        return erfc(x);
    }
    // One derivative for each argument, as a formula: the compiler multiplies it into the chain rule and simplifies the whole.
    static constexpr auto partials(auto x) { return std::tuple{xg::number<-2 * std::numbers::inv_sqrtpi> * exp(-(x * x))}; }
};
inline constexpr xg::function<erfc_op> erfc{};

/// gelu(x) = x Phi(x), Phi the normal distribution function. Through erfc the left tail keeps its digits; 1 + erf(...) cancels there.
struct gelu_layer {
    constexpr auto operator()(auto x) const { return 0.5_c * x * erfc(-xg::number<1 / std::numbers::sqrt2> * x); }
};
inline constexpr gelu_layer gelu{};

}  // namespace mine

// A function of expressions is a layer: it stands in `sequential` beside the library's own.
constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto y = xg::input<"y">(batch, 1_c);
constexpr auto model = xg::sequential(xg::dense<"hidden">(4_c), mine::gelu, xg::dense<"out">(1_c));
constexpr auto loss = xg::mean(xg::square(model(x) - y));

// Naming a layer's weight a second time gives the same parameter: same name, same extents, same start.
constexpr auto weight = xg::parameter<"hidden.weight", xg::glorot_uniform>(3_c, 4_c);
constexpr auto bias = xg::parameter<"hidden.bias">(4_c);
constexpr auto out_weight = xg::parameter<"out.weight", xg::glorot_uniform>(4_c, 1_c);
constexpr auto out_bias = xg::parameter<"out.bias">(1_c);

namespace {

using matrix = xt::xtensor<double, 2>;
using vector = xt::xtensor<double, 1>;

void values(checked_table& table) {
    constexpr auto u = xg::input<"u">(xg::axis<"n">);
    constexpr auto slope = xg::gradient(xg::sum(mine::erfc(u)), u);
    const vector points = {-1, 0, 0.5, 2, 3};
    const auto [value, first, second] = xg::compile<double>(mine::erfc(u), slope, xg::gradient(xg::sum(slope), u))(u = points);

    table.section("erfc against the C library, its derivatives against -2/sqrt(pi) e^(-x^2) and 4x/sqrt(pi) e^(-x^2)");
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double at = points(i), bell = 2 * std::numbers::inv_sqrtpi * std::exp(-at * at);
        char what[64];
        std::snprintf(what, sizeof what, "erfc(%g)", at);
        table.line(what, value(i), std::erfc(at), 1e-11);  // as good as the vectors' erfc is
        std::snprintf(what, sizeof what, "erfc'(%g)", at);
        table.line(what, first(i), -bell, 1e-14);
        std::snprintf(what, sizeof what, "erfc''(%g), the derivative's derivative", at);
        table.line(what, second(i), 2 * at * bell, 1e-14);
    }
}

void gradients(checked_table& table) {
    const matrix X = {{0.3, -1.2, 0.7}, {1.5, 0.1, -0.4}, {-2.0, 0.8, 0.2}, {0.0, -0.5, 1.1}};
    const matrix Y = {{1}, {-1}, {0.5}, {0}};
    matrix W = {{0.5, -0.3, 0.8, 0.1}, {-0.6, 0.9, 0.2, -1.1}, {0.4, 0.7, -0.5, 0.3}};
    const vector B = {0.1, -0.2, 0, 0.3};
    const matrix V = {{0.7}, {-0.4}, {1.2}, {0.5}};
    const vector C = {0.05};

    // A prepared program owns its memory: nothing is allocated in the loop below.
    auto evaluate = xg::compile<double>(loss).prepare();
    auto loss_at = [&](const matrix& w) { return evaluate(x = X, y = Y, weight = w, bias = B, out_weight = V, out_bias = C); };
    const matrix gradient = xg::compile<double>(xg::gradient(loss, weight))(x = X, y = Y, weight = W, bias = B, out_weight = V, out_bias = C);

    // The cube root of the rounding error balances what rounding and what the step's own curvature cost.
    const double step = 6e-6;
    table.section("gradient(loss, hidden.weight) against central differences");
    for (std::size_t i = 0; i < W.shape(0); ++i)
        for (std::size_t j = 0; j < W.shape(1); ++j) {
            const double at = W(i, j);
            W(i, j) = at + step;
            const double above = loss_at(W);
            W(i, j) = at - step;
            const double below = loss_at(W);
            W(i, j) = at;
            char what[64];
            std::snprintf(what, sizeof what, "d loss / d weight(%zu, %zu)", i, j);
            table.line(what, gradient(i, j), (above - below) / (2 * step), 1e-7);
        }
}

}  // namespace

int main() {
    std::printf("%-60s %14s  %14s\n", "An op of one's own: erfc, and gelu made of it", "computed", "reference");
    checked_table table;
    values(table);
    gradients(table);
    return table.exit_code();
}
