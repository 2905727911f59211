// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Nesterov needs a momentum.
// error: xgrad::sgd: nesterov needs a momentum
// error: Fix: add .momentum = 0.9

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
#ifdef TWIN
constexpr auto o = xg::sgd{.learning_rate = 0.1, .momentum = 0.9, .nesterov = xg::on};
#else
constexpr auto o = xg::sgd{.learning_rate = 0.1, .nesterov = xg::on};
#endif
