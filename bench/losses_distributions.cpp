// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "losses.hpp"

namespace bench::losses {
namespace {

using table = of_extents<4096, 16>;
using vectors = of_extents<512, 64>;
constexpr auto p = xg::input<"p">(rows, 16_c);
constexpr auto y = xg::input<"y">(rows, 16_c);
constexpr auto v = xg::input<"v">(rows, 16_c);
constexpr auto a = xg::input<"a">(rows, 64_c);
constexpr auto b = xg::input<"b">(rows, 64_c);
const argument counts{y, table::positives(8)};

const std::array<added, 2> all[]{
    both<2>("gaussian_nll", xg::gaussian_nll(p, y, v), argument{p, table::reals()}, argument{v, table::positives()}, argument{y, table::reals(7)}),
    both("poisson_nll", xg::poisson_nll(p, y), argument{p, table::reals()}, counts),
    both("generalised_kl", xg::generalised_kl(p, y), argument{p, table::positives()}, counts),
    both("cosine_distance", xg::cosine_distance(a, b), argument{a, vectors::reals()}, argument{b, vectors::reals(7)}),
};

}  // namespace
}  // namespace bench::losses
