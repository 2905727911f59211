// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

namespace xgrad {

/// An option of layers over sequences: a step sees itself and those before it, none after.
inline constexpr struct causal_option {
} causal{};

}  // namespace xgrad
