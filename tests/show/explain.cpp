// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include <xgrad/show/explain.hpp>

#include <catch2/catch.hpp>
#include <sstream>
#include <xgrad/nn/attention.hpp>
#include <xgrad/nn/loss.hpp>

namespace xg = xgrad;
using namespace xgrad::literals;

namespace tests_show_explain {
struct cubed_op : xg::elementwise<1> {
    static constexpr std::string_view name = "cubed";
    static constexpr auto value(auto x) { return x * x * x; }
    static constexpr auto partials(auto x) { return std::tuple{3_c * x * x}; }
};
inline constexpr xg::function<cubed_op> cubed{};

std::string explained(auto e, std::initializer_list<xg::axis_size> sizes = {}) {
    std::ostringstream os;
    explain(os, e, sizes);
    return os.str();
}
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }
std::size_t longest_line(const std::string& text) {
    std::size_t longest = 0;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) longest = std::max(longest, line.size());
    return longest;
}
constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 4_c);
constexpr auto w = xg::parameter<"w">(4_c, 3_c);
}  // namespace tests_show_explain
using namespace tests_show_explain;

TEST_CASE("explain: a loss of one product, worked out by hand") {
    // d sum((x w)^2) / dw = x^T (2 x w): one product that makes the loss and 2 x w, and one for the gradient.
    const std::string text = explained(sum(square(matmul(x, w))), {{"batch", 5}});
    CHECK(has(text,
              "expression\n"
              "  sum(square(matmul(x, w)))\n"
              "\n"
              "  inputs      x [batch, 4]\n"
              "  parameters  w [4, 3]: 12 numbers\n"
              "\n"
              "loss and gradients after rewriting\n"
              "  loss        = sum(square(matmul(x, w)))\n"
              "  gradient(w) = matmul(transpose(x), 2 * matmul(x, w))\n"
              "\n"
              "kernels\n"
              "  1  contraction over [batch, 3], "));
    CHECK(has(text,
              "     reads  x, w\n"
              "     fuses  matmul + square + sum + multiply\n"
              "     writes loss = sum(square(matmul(x, w)))\n"
              "            t0 [batch, 3] = 2 * matmul(x, w)\n"
              "     costs  188 B, 165 flop\n"  // (5 * 4 + 4 * 3 + 5 * 3) * 4; 2 * 5 * 4 * 3, and a square, a sum, a factor for each of 15
              "  2  contraction over [4, 3], 1 instruction\n"
              "     reads  x, t0\n"
              "     fuses  matmul\n"
              "     writes gradient(w) [4, 3] = matmul(transpose(x), t0)\n"
              "     costs  188 B, 120 flop\n"));
    CHECK(has(explained(sum(square(matmul(x, w)))), "     costs  (batch * 7 + 12) * 4 bytes, batch * 33 flops\n"));
    CHECK(has(text, "  arena    batch * 3 * 4 bytes = 60 bytes for batch = 5\n"));
    CHECK_FALSE(has(text, "rules that fired"));
}

TEST_CASE("explain: rules with what they promise") {
    const std::string text = explained(log(xg::softmax(x)));
    CHECK(has(text,
              "rules that fired\n"
              "  log-of-softmax                1 time    the same in exact arithmetic, better in floating point\n"
              "      log(softmax(a))  ->  log_softmax(a)\n"));
    CHECK(has(text, "fuses  log_softmax\n"));
    CHECK(has(text, "writes result [batch, 4] = log_softmax(x)\n"));
    CHECK(has(text, "1  row over [batch, 4], "));
    CHECK(has(text, " passes over a row"));
    CHECK(has(text, "arena    0 bytes\n"));
}

TEST_CASE("explain: an op of the user's own by its name") {
    CHECK(has(explained(cubed(x)), "     reads  x\n     fuses  cubed\n     writes result [batch, 4] = cubed(x)\n"));
}

TEST_CASE("explain: an op with a loop of its own is a kernel of its own") {
    const std::string text = explained(sum(square(xg::cumsum(x))), {{"batch", 5}});
    CHECK(has(text, "own loop over [batch, 4], 1 instruction\n     reads  x\n     fuses  cumsum\n     writes t0 [batch, 4] = cumsum(x)\n     costs  160 B, 20 flop"));
}

TEST_CASE("explain: what loops that multiply matrices compute") {
    constexpr auto steps = xg::axis<"steps">;
    constexpr auto q = xg::input<"q">(batch, steps, 6_c);
    constexpr auto k = xg::input<"k">(batch, 7_c, 6_c);
    constexpr auto v = xg::input<"v">(batch, 7_c, 10_c);
    // 2 heads over 7 keys: products of 6 and 10 columns, an exponential a head.
    constexpr auto y = xg::scaled_dot_product_attention(q, k, v, xg::heads(2_c));
    CHECK(has(explained(y), "attention(t0, k, v, heads(2))\n"));
    CHECK(has(explained(y), ", batch * steps * 448 flops\n"));  // 7 (2 (6 + 10) + 2 * 16)
    // By q: the scores, their slopes, the gradient; by k and v: scores, slopes, two gradients; of each score an exponential and a tanh.
    const std::string slopes = explained(xg::sum(xg::scaled_dot_product_attention(matmul(q, xg::parameter<"u">(6_c, 6_c)), matmul(k, xg::parameter<"w">(6_c, 6_c)), v, xg::softcap(5_c))));
    CHECK(has(slopes, ", batch * steps * 532 flops\n"));  // 7 (2 (2 * 6 + 10) + 32)
    CHECK(has(slopes, ", batch * steps * 672 flops\n"));  // 7 (2 (2 * 6 + 2 * 10) + 32)
    // Of itself, causal: half of all scores.
    constexpr auto x8 = xg::input<"x8">(batch, 8_c, 6_c);
    CHECK(has(explained(xg::scaled_dot_product_attention(x8, x8, x8, xg::causal), {{"batch", 2}}), ", 2.56 kflop\n"));  // 2 * 8 * 8 / 2 * (2 * 12 + 16)
    // A product of 3 by 5 a row, exponentials of both sides, logarithms of the sums.
    CHECK(has(explained(xg::log_matmul_exp(xg::input<"p">(batch, 3_c), xg::input<"a">(3_c, 5_c)), {{"batch", 2}}), ", 556 flop\n"));  // 2 * 30 + 16 (6 + 15 + 10)
}

TEST_CASE("explain: no gradients of what is not a scalar, or has no parameters") {
    CHECK_FALSE(has(explained(matmul(x, w)), "gradient"));
    CHECK_FALSE(has(explained(sum(x)), "gradient"));
}

TEST_CASE("explain: 120 columns") {
    constexpr auto t = xg::labels<"t">(batch, xg::classes(3_c));
    const std::string text = explained(xg::mean(xg::cross_entropy(matmul(tanh(x * x + exp(x)), w), t)), {{"batch", 64}});
    CHECK(longest_line(text) <= 120);
    CHECK(has(text, "t [batch] of 3 classes"));
}

TEST_CASE("explain: a name declared twice is refused") {
    constexpr auto other = xg::input<"x">(batch, 5_c);
    std::ostringstream os;
    try {
        explain(os, sum(x) + sum(other));
        FAIL("nothing was thrown");
    } catch (const std::invalid_argument& e) {
        CHECK(has(e.what(), "'x' is declared twice"));
        CHECK(has(e.what(), "input [batch, 5]"));
    }
}
