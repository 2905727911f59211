// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

namespace named {
inline constexpr auto causal = option_kind{1ull << 27};
}

/// An option of layers over sequences: a step sees itself and those before it, none after.
inline constexpr struct causal_option {
    static constexpr auto kind = named::causal;
} causal{};

}  // namespace xgrad
