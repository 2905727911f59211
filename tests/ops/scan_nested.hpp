// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/scan.hpp>

#include "support/catch.hpp"
#include "support/dual.hpp"

namespace xg = xgrad;
using namespace xg::literals;
using support::far, support::flat, support::slope;

/// Sentences of words, what loops over both begin with, and the weights of their steps.
namespace nested {
constexpr auto batch = xg::axis<"batch">;
constexpr auto sentences = xg::axis<"sentences">;
constexpr auto words = xg::axis<"words">;
constexpr auto x = xg::input<"x">(batch, sentences, words, 2_c);
constexpr auto s0 = xg::input<"s0">(batch, 3_c);
constexpr auto v = xg::input<"v">(batch, sentences, 3_c);
constexpr auto W = xg::parameter<"W">(2_c, 3_c);
constexpr auto U = xg::parameter<"U">(3_c, 3_c);
}  // namespace nested
using namespace nested;
