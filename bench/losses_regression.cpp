// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "losses.hpp"

namespace bench::losses {
namespace {

using table = of_extents<4096, 16>;
constexpr auto p = xg::input<"p">(rows, 16_c);
constexpr auto y = xg::input<"y">(rows, 16_c);
const argument predicted{p, table::reals()};
const argument wanted{y, table::reals(7)};

const std::array<added, 2> all[]{
    both("l1", xg::l1(p, y), predicted, wanted),
    both("mean_absolute_error", xg::mean_absolute_error(p, y), predicted, wanted),
    both("l2", xg::l2(p, y), predicted, wanted),
    both("mean_squared_error", xg::mean_squared_error(p, y), predicted, wanted),
    both("mean_absolute_percentage_error", xg::mean_absolute_percentage_error(p, y), predicted, wanted),
    both("mean_squared_logarithmic_error", xg::mean_squared_logarithmic_error(p, y), argument{p, table::positives()}, argument{y, table::positives(8)}),
    both("huber", xg::huber(p, y), predicted, wanted),
    both("smooth_l1", xg::smooth_l1(p, y), predicted, wanted),
    both("log_cosh", xg::log_cosh(p, y), predicted, wanted),
    both("wing", xg::wing(p, y), predicted, wanted),
    both("pinball", xg::pinball(p, y, xg::quantile(0.9_c)), predicted, wanted),
};

}  // namespace
}  // namespace bench::losses
