// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include <xgrad/show/dot.hpp>

#include <catch2/catch.hpp>

namespace xg = xgrad;
using namespace xgrad::literals;

TEST_CASE("dot: one kernel is one cluster between the arrays it reads and writes") {
    constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
    CHECK(to_dot(xg::relu(x) * x) ==
          "digraph xgrad {\n"
          "  rankdir=LR;\n"
          "  node [fontname=\"sans-serif\"];\n"
          "  b0 [shape=box, label=\"x [batch, 4]\"];\n"
          "  subgraph cluster_0 {\n"
          "    label=\"elementwise over [batch, 4]\";\n"
          "    k0_1 [label=\"relu\"];\n"
          "    k0_2 [label=\"multiply\"];\n"
          "  }\n"
          "  b1 [shape=box, label=\"result [batch, 4]\"];\n"
          "  b0 -> k0_1;\n"
          "  b0 -> k0_2;\n"
          "  k0_1 -> k0_2;\n"
          "  k0_2 -> b1;\n"
          "}\n");
}

TEST_CASE("dot: an array that two kernels share is drawn once") {
    constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
    constexpr auto w = xg::parameter<"w">(4_c, 3_c);
    const std::string text = to_dot(sum(square(matmul(x, w))));
    const std::string box = "label=\"t0 [batch, 3]\"";
    REQUIRE(text.find(box) != std::string::npos);
    CHECK(text.find(box, text.find(box) + 1) == std::string::npos);
    CHECK(text.find("subgraph cluster_1") != std::string::npos);
    CHECK(text.find("subgraph cluster_2") == std::string::npos);
}
