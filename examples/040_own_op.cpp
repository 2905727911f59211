// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// An op of one's own, defined outside the library: a struct with a name, a value and its partial derivatives. It is then an op
// like any other: fused, differentiated, differentiated again, in float and in double.
#include <xgrad/xgrad.hpp>

#include "common/check.hpp"

#include <numbers>

namespace xg = xgrad;
using namespace xg::literals;

// In a namespace: the C library has a global atan already.
namespace mine {

/// atan(x), the arc tangent. No composition of the library's ops makes it, which is the reason for an op; what can be composed,
/// such as gate below, needs none.
///
/// The struct stands at namespace scope, because its name is its identity.
struct atan_op : xg::elementwise<1> {
    static constexpr std::string_view name = "atan";
    static constexpr bool heavy = true;  // costs more than a load, so its result is kept for the backward pass

    // One body for float, double and SIMD vectors of both: argument-dependent lookup finds the vectors' own atan.
    static constexpr auto value(auto x) {
        using std::atan;
        return atan(x);
    }
    // One derivative for each argument, as a formula: the compiler multiplies it into the chain rule and simplifies the whole.
    static constexpr auto partials(auto x) { return std::tuple{1_c / (1_c + x * x)}; }
};
inline constexpr xg::function<atan_op> atan{};

/// gate(x) = x C(x), C the distribution function of Cauchy: like a GELU, with a left tail that never quite closes.
struct gate_layer {
    constexpr auto operator()(auto x) const { return x * (0.5_c + xg::number<std::numbers::inv_pi> * atan(x)); }
};
inline constexpr gate_layer gate{};

}  // namespace mine

// A function of expressions is a layer: it stands in `sequential` beside the library's own.
constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto y = xg::input<"y">(batch, 1_c);
constexpr auto model = xg::sequential(xg::dense<"hidden">(4_c), mine::gate, xg::dense<"out">(1_c));
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
    constexpr auto slope = xg::gradient(xg::sum(mine::atan(u)), u);
    const vector points = {-1, 0, 0.5, 2, 3};
    const auto [value, first, second] = xg::compile<double>(mine::atan(u), slope, xg::gradient(xg::sum(slope), u))(u = points);

    table.section("atan against the C library, its derivatives against 1 / (1 + x^2) and -2 x / (1 + x^2)^2");
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double at = points(i), bell = 1 / (1 + at * at);
        char what[64];
        std::snprintf(what, sizeof what, "atan(%g)", at);
        table.line(what, value(i), std::atan(at), 1e-15);
        std::snprintf(what, sizeof what, "atan'(%g)", at);
        table.line(what, first(i), bell, 1e-15);
        std::snprintf(what, sizeof what, "atan''(%g), the derivative's derivative", at);
        table.line(what, second(i), -2 * at * bell * bell, 1e-15);
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
    std::printf("%-60s %14s  %14s\n", "An op of one's own: atan, and a layer made of it", "computed", "reference");
    checked_table table;
    values(table);
    gradients(table);
    return table.exit_code();
}
