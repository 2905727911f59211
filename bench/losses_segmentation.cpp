// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "losses.hpp"

namespace bench::losses {
namespace {

using masks = of_extents<64, 4096>;
using images = of_extents<16, 4, 4096>;
using pixels = of_extents<16, 4096, 4>;
constexpr auto space = xg::axis<"pixels">;
constexpr auto z = xg::input<"z">(rows, space);
constexpr auto y = xg::input<"y">(rows, space);
constexpr auto z_of_class = xg::input<"z_of_class">(rows, 4_c, space);
constexpr auto y_of_class = xg::input<"y_of_class">(rows, 4_c, space);
constexpr auto z_of_pixel = xg::input<"z_of_pixel">(rows, space, 4_c);
constexpr auto t = xg::labels<"t">(rows, space, xg::classes(4_c));
const argument logits{z, masks::reals()};
const argument wanted{y, masks::bits()};

const std::array<added, 2> all[]{
    both("segmentation_focal", xg::segmentation_focal(z, y), logits, wanted),
    both("segmentation_focal_normalised", xg::segmentation_focal(z, y, xg::normalised), logits, wanted),
    both("generalised_dice", xg::generalised_dice(z_of_class, y_of_class, xg::from_logits), argument{z_of_class, images::reals()}, argument{y_of_class, images::bits()}),
    both("lovasz_hinge", xg::lovasz_hinge(z, y), logits, wanted),
    both("lovasz_softmax", xg::lovasz_softmax(z_of_pixel, t), argument{z_of_pixel, pixels::reals()}, argument{t, of_extents<16, 4096>::labels<4>()}),
};

}  // namespace
}  // namespace bench::losses
