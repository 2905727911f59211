// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "losses.hpp"

namespace bench::losses {
namespace {

using table = of_extents<4096, 16>;
constexpr auto z = xg::input<"z">(rows, 16_c);
constexpr auto p = xg::probability_input<"p">(rows, 16_c);
constexpr auto y = xg::input<"y">(rows, 16_c);
const argument logits{z, table::reals()};
const argument labels{y, table::bits()};

const std::array<added, 2> all[]{
    both("binary_cross_entropy", xg::binary_cross_entropy(p, y), argument{p, table::probabilities()}, labels),
    both("binary_cross_entropy_with_logits", xg::binary_cross_entropy_with_logits(z, y), logits, labels),
    both("binary_poly", xg::binary_poly(z, y), logits, labels),
    both("multilabel_soft_margin", xg::multilabel_soft_margin(z, y), logits, labels),
    both("sigmoid_focal", xg::sigmoid_focal(z, y), logits, labels),
    both("asymmetric", xg::asymmetric(z, y), logits, labels),
    both("soft_margin", xg::soft_margin(z, y), logits, argument{y, table::signs()}),
};

}  // namespace
}  // namespace bench::losses
