// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/beside_libtorch.hpp"

using namespace libtorch;

namespace {
constexpr auto z = xg::input<"z">(rows, columns);
constexpr auto p = xg::probability_input<"p">(rows, columns);
constexpr auto y = xg::input<"y">(rows, columns);
constexpr auto w = xg::input<"w">(rows, columns);
constexpr auto c = xg::input<"c">(columns);
constexpr auto mean = xg::reduction<"mean">;
}  // namespace

TEST_CASE("libtorch: binary cross-entropy of probabilities and of logits, with weights", "[conformance]") {
    equals<1>("binary_cross_entropy", xg::binary_cross_entropy(p, y), ragged(), of(p, 0.001, 0.999), of(y, 0, 1));
    equals<1>("binary_cross_entropy, weight, mean", xg::binary_cross_entropy(p, y, xg::row_weight(w), mean), ragged(), of(p, 0.001, 0.999), of(y, 0, 1), of(w, 0, 2));
    equals<2>("binary_cross_entropy of sigmoid", xg::binary_cross_entropy(xg::sigmoid(z), y), ragged(), of(z, -20, 20), of(y, 0, 1));
    equals<2>("binary_cross_entropy_with_logits", xg::binary_cross_entropy_with_logits(z, y), ragged(), of(z, -20, 20), of(y, 0, 1));
    equals<1>("binary_cross_entropy_with_logits, pos_weight, none", xg::binary_cross_entropy_with_logits(z, y, xg::pos_weight(c)), ragged(), of(z), of(y, 0, 1),
              column_weights(c));
    equals<1>("binary_cross_entropy_with_logits, weight, pos_weight, mean", xg::binary_cross_entropy_with_logits(z, y, xg::pos_weight(c), xg::row_weight(w), mean),
              ragged(), of(z), flags(y), of(w, 0, 2), column_weights(c));
}

TEST_CASE("libtorch: labels of -1 and 1, several labels a row", "[conformance]") {
    equals<1>("soft_margin", xg::soft_margin(z, y), ragged(), of(z), signs(y));
    equals<1>("multilabel_soft_margin", xg::multilabel_soft_margin(z, y), ragged(), of(z), flags(y));
    equals<1>("multilabel_soft_margin, weight, mean", xg::multilabel_soft_margin(z, y, xg::weight(c), mean), ragged(), of(z), flags(y), column_weights(c));
}
