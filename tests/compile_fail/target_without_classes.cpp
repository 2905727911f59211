// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Class numbers as a plain input: taken as a distribution, they would be repeated for each class.
// error: the target of a loss over classes is a distribution without the axis of the classes, and would be repeated for each of them. Fix: of class numbers declare labels
// bytes GNU: 5000, Clang: 5000

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 3_c);
#ifdef TWIN
constexpr auto t = xg::input<"t">(batch, 3_c);
constexpr auto prior = xg::input<"prior">(3_c);
constexpr auto named = xg::input<"named">(batch, xg::axis<"classes">);
constexpr auto loss = xg::mean(xg::cross_entropy(z, t) + xg::kl_divergence(z, prior) + xg::total_variation(z, named));
#else
constexpr auto t = xg::input<"t">(batch, 1_c);
constexpr auto flat = xg::input<"t">(batch);
constexpr auto loss = xg::mean(xg::cross_entropy(z, t) + xg::kl_divergence(z, flat));
#endif
