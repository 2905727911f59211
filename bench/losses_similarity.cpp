// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "losses.hpp"

namespace bench::losses {
namespace {

using vectors = of_extents<512, 64>;
using pairs = of_extents<512, 512>;
constexpr auto a = xg::input<"a">(rows, 64_c);
constexpr auto b = xg::input<"b">(rows, 64_c);
constexpr auto c = xg::input<"c">(rows, 64_c);
constexpr auto side = xg::input<"side">(rows);
constexpr auto s = xg::input<"s">(rows, 512_c);
constexpr auto y = xg::input<"y">(rows, 512_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(512_c));
const argument first{a, vectors::reals()};
const argument second{b, vectors::reals(7)};
const argument similarities{s, pairs::cosines()};

const std::array<added, 2> all[]{
    both("cosine_similarity", xg::cosine_similarity(a, b), first, second),
    both("cosine_embedding", xg::cosine_embedding(a, b, side), first, second, argument{side, of_extents<512>::signs()}),
    both<3>("triplet_margin", xg::triplet_margin(a, b, c), first, second, argument{c, vectors::reals(8)}),
    both("circle", xg::circle(s, y), similarities, argument{y, pairs::bits()}),
    both("info_nce", xg::info_nce(s, t), similarities, argument{t, of_extents<512>::labels<512>()}),
    both<2>("nt_xent", xg::nt_xent(a, b), first, second),
    both("ranking_softmax", xg::ranking_softmax(s, y), similarities, argument{y, pairs::bits()}),
};

}  // namespace
}  // namespace bench::losses
