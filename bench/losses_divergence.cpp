// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "losses.hpp"

namespace bench::losses {
namespace {

using table = of_extents<4096, 16>;
constexpr auto z = xg::input<"z">(rows, 16_c);
constexpr auto z2 = xg::input<"z2">(rows, 16_c);
constexpr auto z3 = xg::input<"z3">(rows, 16_c);
constexpr auto q = xg::probability_input<"q">(rows, 16_c);
constexpr auto p = xg::probability_input<"p">(rows, 16_c);
const argument logits{z, table::reals()};
const argument target{q, table::shares()};

const std::array<added, 2> all[]{
    both("entropy", xg::entropy(z), logits),
    both("kl_divergence", xg::kl_divergence(z, q), logits, target),
    both("reverse_kl", xg::reverse_kl(z, q), logits, target),
    both("jensen_shannon", xg::jensen_shannon(z, q, 0.5_c), logits, target),
    both<3>("js_consistency", xg::js_consistency(z, z2, z3), logits, argument{z2, table::reals(7)}, argument{z3, table::reals(8)}),
    both("total_variation", xg::total_variation(z, q), logits, target),
    both("cross_entropy_of", xg::cross_entropy_of(q, p), argument{p, table::shares(9)}, target),
};

}  // namespace
}  // namespace bench::losses
