// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/beside_libtorch.hpp"

using namespace libtorch;

namespace {
constexpr auto a = xg::input<"a">(rows, columns);
constexpr auto b = xg::input<"b">(rows, columns);
constexpr auto n = xg::input<"n">(rows, columns);
constexpr auto y = xg::input<"y">(rows, columns);
constexpr auto side = xg::input<"side">(rows);
constexpr auto x = xg::input<"x">(rows, 10_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(10_c));
constexpr auto w = xg::input<"w">(10_c);
constexpr auto mean = xg::reduction<"mean">;
}  // namespace

TEST_CASE("libtorch: margins of distances and of rankings", "[conformance]") {
    equals<1>("hinge_embedding", xg::hinge_embedding(a, y), ragged(), of(a), signs(y));
    equals<1>("hinge_embedding, margin 2.5, mean", xg::hinge_embedding(a, y, xg::margin(2.5_c), mean), ragged(), of(a), signs(y));
    equals<2>("margin_ranking, margin 0.5", xg::margin_ranking(a, b, y, xg::margin(0.5_c)), ragged(), of(a), of(b), signs(y));
    equals<2>("margin_ranking, mean", xg::margin_ranking(a, b, y, mean), ragged(), of(a), of(b), signs(y));
}

TEST_CASE("libtorch: cosines and triplets", "[conformance]") {
    // Differences of distances: where these are alike, their digits cancel in float.
    const runs near = wide().within(256);
    equals<2>("cosine_similarity", xg::cosine_similarity(a, b), wide(), of(a), of(b));
    equals<2>("cosine_embedding", xg::cosine_embedding(a, b, side), wide().within(64), of(a), of(b), signs(side));
    equals<2>("cosine_embedding, margin 0.25, mean", xg::cosine_embedding(a, b, side, xg::margin(0.25_c), mean), wide().within(64), of(a), of(b), signs(side));
    equals<3>("triplet_margin", xg::triplet_margin(a, b, n), near, of(a), of(b), of(n));
    equals<3>("triplet_margin, margin 2, swap, sum", xg::triplet_margin(a, b, n, xg::margin(2_c), xg::distance_swap, xg::reduction<"sum">), near, of(a), of(b), of(n));
    equals<3>("triplet_margin, degree 1", xg::triplet_margin(a, b, n, xg::norm_degree(1_c)), near, of(a), of(b), of(n));
    equals<3>("triplet_margin, degree 3", xg::triplet_margin(a, b, n, xg::norm_degree(3_c)), near, of(a), of(b), of(n));
}

TEST_CASE("libtorch: margins between classes", "[conformance]") {
    equals<1>("multi_margin", xg::multi_margin(x, t), ragged(10), of(x), classes_of(t, 10));
    equals<1>("multi_margin, degree 2, margin 0.5, weights, mean", xg::multi_margin(x, t, xg::norm_degree(2_c), xg::margin(0.5_c), xg::class_weight(w), mean), ragged(10), of(x),
              classes_of(t, 10), column_weights(w));
    equals<1>("multilabel_margin", xg::multilabel_margin(a, y), {{{1, 2}, {3, 7}, {5, 16}, {7, 40}}}, of(a), flags(y));
}
