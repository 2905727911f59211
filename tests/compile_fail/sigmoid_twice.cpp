// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The mistake of the article: a loss on logits that is given a probability.
// error: xgrad::binary_cross_entropy_with_logits\(z, y\): z is a probability already
// error: Fix: drop the sigmoid at the end of the model, or call binary_cross_entropy\(p, y\)
// bytes GNU: 2048, Clang: 2560

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 32_c);
constexpr auto y = xg::input<"y">(batch, 1_c);
constexpr auto z = xg::sequential(xg::dense<"hidden">(64_c), xg::relu, xg::dense<"score">(1_c))(x);
#ifdef TWIN
constexpr auto loss = xg::mean(xg::binary_cross_entropy_with_logits(z, y));
#else
constexpr auto loss = xg::mean(xg::binary_cross_entropy_with_logits(sigmoid(z), y));
#endif
