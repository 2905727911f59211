// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "losses.hpp"

namespace bench::losses {
namespace {

using table = of_extents<4096, 16>;
constexpr auto z = xg::input<"z">(rows, 16_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(16_c));
const argument logits{z, table::reals()};
const argument labels{t, of_extents<4096>::labels<16>()};

const std::array<added, 2> all[]{
    both("cross_entropy", xg::cross_entropy(z, t), logits, labels),
    both("nll_loss", xg::nll_loss(z, t), logits, labels),
    both("focal_cross_entropy", xg::focal_cross_entropy(z, t, 2_c), logits, labels),
    both("poly_cross_entropy", xg::poly_cross_entropy(z, t, 2_c), logits, labels),
    both("generalised_cross_entropy", xg::generalised_cross_entropy(z, t, 0.5_c), logits, labels),
    both("symmetric_cross_entropy", xg::symmetric_cross_entropy(z, t), logits, labels),
    both("confidence_penalty", xg::confidence_penalty(z, t, 0.1_c), logits, labels),
    both("sparsemax_loss", xg::sparsemax_loss(z, t), logits, labels),
};

}  // namespace
}  // namespace bench::losses
