// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "losses.hpp"

namespace bench::losses {
namespace {

using table = of_extents<4096, 16>;
constexpr auto x = xg::input<"x">(rows, 16_c);
constexpr auto other = xg::input<"other">(rows, 16_c);
constexpr auto y = xg::input<"y">(rows, 16_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(16_c));
const argument scores{x, table::reals()};
const argument sides{y, table::signs()};
const argument labels{t, of_extents<4096>::labels<16>()};

const std::array<added, 2> all[]{
    both("hinge", xg::hinge(x, y), scores, sides),
    both("squared_hinge", xg::squared_hinge(x, y), scores, sides),
    both("perceptron", xg::perceptron(x, y), scores, sides),
    both("hinge_embedding", xg::hinge_embedding(x, y), scores, sides),
    both<2>("margin_ranking", xg::margin_ranking(x, other, y), scores, argument{other, table::reals(7)}, sides),
    both("multi_margin", xg::multi_margin(x, t), scores, labels),
    both("multiclass_hinge", xg::multiclass_hinge(x, t), scores, labels),
    both("multiclass_perceptron", xg::multiclass_perceptron(x, t), scores, labels),
    both("multilabel_margin", xg::multilabel_margin(x, y), scores, argument{y, table::bits()}),
};

}  // namespace
}  // namespace bench::losses
