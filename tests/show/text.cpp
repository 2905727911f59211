// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include <xgrad/show/text.hpp>

#include <catch2/catch.hpp>
#include <xgrad/graph/lower.hpp>
#include <xgrad/nn/attention.hpp>
#include <xgrad/nn/conv1d.hpp>
#include <xgrad/nn/loss.hpp>
#include <xgrad/rewrite/normal.hpp>

namespace xg = xgrad;
using namespace xgrad::literals;

namespace tests_show_text {
struct twice_op : xg::elementwise<1> {
    static constexpr std::string_view name = "twice";
    static constexpr auto value(auto x) { return x + x; }
    static constexpr auto partials(auto) { return std::tuple{2_c}; }
};
inline constexpr xg::function<twice_op> twice{};

constexpr auto batch = xg::axis<"batch">;
constexpr auto a = xg::input<"a">(batch, 4_c);
constexpr auto b = xg::input<"b">(batch, 4_c);
constexpr auto c = xg::input<"c">(batch, 4_c);
constexpr auto p = xg::probability_input<"p">(batch, 4_c);
constexpr auto w = xg::parameter<"hidden.weight">(4_c, 3_c);
}  // namespace tests_show_text
using namespace tests_show_text;

TEST_CASE("text: parentheses stand only where C++ needs them") {
    CHECK(to_string(a - b - c) == "a - b - c");
    CHECK(to_string(a - (b - c)) == "a - (b - c)");
    CHECK(to_string((a + b) * c) == "(a + b) * c");
    CHECK(to_string(a / (b * c)) == "a / (b * c)");
    CHECK(to_string(a * b / c) == "a * b / c");
    CHECK(to_string(-a * b) == "-a * b");
    CHECK(to_string(-(a * b)) == "-(a * b)");
    CHECK(to_string(-(-a)) == "-(-a)");
    CHECK(to_string(a + b < c) == "a + b < c");
    CHECK(to_string((a < b) == (b < c)) == "a < b == b < c");
    CHECK(to_string(0.5_c * a + 1e-30_c) == "0.5 * a + 1e-30");
}

TEST_CASE("text: a formula as it was written") {
    CHECK(to_string(mean(-b * log(p) - (1_c - b) * log(1_c - p))) == "mean(-b * log(p) - (1 - b) * log(1 - p))");
    CHECK(to_string(mean(a, batch)) == "mean(a, batch)");
    CHECK(to_string(sum(a, xg::axes<-1>)) == "sum(a, axes<-1>)");
    CHECK(to_string(xg::softmax(a)) == "softmax(a)");
    CHECK(to_string(xg::softmax(a, xg::axes<0>)) == "softmax(a, batch)");
    CHECK(to_string(select(a > 0_c, a, b)) == "select(a > 0, a, b)");
    CHECK(to_string(xg::gradient(sum(matmul(a, w)), w)) == "gradient(sum(matmul(a, hidden.weight)), hidden.weight)");
    CHECK(to_string(twice(a) * b) == "twice(a) * b");
}

TEST_CASE("text: movements by what they do") {
    CHECK(to_string(xg::transpose(w)) == "transpose(hidden.weight)");
    CHECK(to_string(xg::broadcast(xg::parameter<"bias">(4_c), batch, 4_c)) == "broadcast(bias, batch, 4)");
    CHECK(to_string(xg::transpose(xg::input<"i">(2_c, 3_c, 5_c), xg::axes<2, 0, 1>)) == "transpose(i, axes<2, 0, 1>)");
}

TEST_CASE("text: ops with a loop of their own as they are called") {
    constexpr auto i = xg::input<"i">(batch, 3_c, 4_c);
    CHECK(to_string(xg::slice<1, 3>(i)) == "slice<1, 3>(i)");
    CHECK(to_string(xg::slice<0, -1>(i, xg::axes<1>)) == "slice<0, 2>(i, axes<1>)");
    CHECK(to_string(xg::reshape(i, 4_c, batch, 3_c)) == "reshape(i, 4, batch, 3)");
    CHECK(to_string(xg::cumsum(i, xg::axes<0>)) == "cumsum(i, batch)");
    CHECK(to_string(xg::concat(i, xg::reverse(i))) == "concat(i, reverse(i))");
    CHECK(to_string(xg::scaled_dot_product_attention(i, i, i)) == "slice<0, 4>(attention(i / sqrt(4), i, i))");
    CHECK(to_string(xg::scaled_dot_product_attention(i, i, i, xg::heads(2_c), xg::causal, xg::softcap(30_c), xg::logit_scale(2_c))) ==
          "slice<0, 4>(attention(i * 2, i, i, heads(2), causal, softcap(30)))");
    CHECK(to_string(xg::conv1d<"c">(xg::axes<1>, 2_c, 3_c, xg::dilation(2_c), xg::causal)(xg::input<"i">(batch, 9_c, 4_c))).starts_with("matmul(windows(i, axes<1>, 3, dilation(2), causal), "));
}

TEST_CASE("text: a long formula names what it uses twice, with a letter that is free") {
    constexpr auto features = xg::input<"features">(batch, 4_c);
    constexpr auto q = sigmoid(matmul(features, xg::parameter<"classifier.weight">(4_c, 4_c)) + xg::parameter<"classifier.bias">(4_c));
    CHECK(to_string(q * log(q) + (1_c - q) * log(1_c - q)) ==
          "a * log(a) + (1 - a) * log(1 - a)\n"
          "  where a = sigmoid(matmul(features, classifier.weight) + classifier.bias)");
    CHECK(to_string(a * q * log(q) + (1_c - q) * log(1_c - q)) ==
          "a * b * log(b) + (1 - b) * log(1 - b)\n"
          "  where b = sigmoid(matmul(features, classifier.weight) + classifier.bias)");
}

template <int Depth>
constexpr auto doubled(auto x) {
    if constexpr (Depth == 0) {
        return x;
    } else {
        return doubled<Depth - 1>(tanh(x) * x);
    }
}
TEST_CASE("text: its length is that of the graph, not that of the paths through it") {
    const std::string text = to_string(doubled<60>(a));  // written out: 2^60 letters
    CHECK(text.size() < 2000);
    CHECK(text.find("where b = ") != std::string::npos);
}

TEST_CASE("text: a node of a graph, with the normal form undone") {
    xg::graph g;
    g.rewrite = xg::rewrite_stable;
    xg::lowering l{g};
    CHECK(xg::to_string(g, l.lower(xg::ast::node_traits<decltype(a - b)>::of())) == "a - b");
    CHECK(xg::to_string(g, l.lower(xg::ast::node_traits<decltype(-(exp(a) / b))>::of())) == "-exp(a) / b");
    CHECK(xg::to_string(g, l.lower(xg::ast::node_traits<decltype(log(1_c - sigmoid(a)))>::of())) == "-softplus(a)");
    CHECK(xg::to_string(g, l.lower(xg::ast::node_traits<decltype(twice(a))>::of())) == "twice(a)");
}
