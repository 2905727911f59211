// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/leaf.hpp>

#include <cmath>
#include <limits>
#include <tuple>
#include <type_traits>

namespace xgrad {

/// A number of the same kind as x: a float, a batch of floats, a graph node.
template <class X>
constexpr X constant(const X& x, double value) {
    if constexpr (std::is_arithmetic_v<X>) {
        return static_cast<X>(value);
    } else if constexpr (ast::reference<X>) {
        return x.constant(value);
    } else {
        return X(static_cast<typename X::value_type>(value));
    }
}

/// The scalar spellings of what batches bring themselves; `using lanes::select;` lets one body serve both.
namespace lanes {
template <class T>
    requires std::is_arithmetic_v<T>
constexpr T select(bool condition, T yes, T no) {
    return condition ? yes : no;
}
}  // namespace lanes

}  // namespace xgrad
