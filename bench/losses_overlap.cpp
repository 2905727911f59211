// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "losses.hpp"

namespace bench::losses {
namespace {

using masks = of_extents<64, 4096>;
constexpr auto space = xg::axis<"pixels">;
constexpr auto z = xg::input<"z">(rows, space);
constexpr auto y = xg::input<"y">(rows, space);
const argument logits{z, masks::reals()};
const argument wanted{y, masks::bits()};

const std::array<added, 2> all[]{
    both("dice", xg::dice(z, y, xg::from_logits), logits, wanted),
    both("jaccard", xg::jaccard(z, y, xg::from_logits), logits, wanted),
    both("tversky", xg::tversky(z, y, xg::from_logits, xg::alpha(0.3_c), xg::beta(0.7_c)), logits, wanted),
    both("focal_tversky", xg::focal_tversky(z, y, xg::from_logits), logits, wanted),
    both("mcc", xg::mcc(z, y, xg::from_logits), logits, wanted),
};

}  // namespace
}  // namespace bench::losses
