// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

/// What the six comparisons share: a boolean result, no derivative, false where an operand is NaN (`!=`: true).
///
/// Shape       [A...], [B...]  ->  their NumPy broadcast
struct comparison : elementwise<2> {
    static constexpr bool exact = true;
    static constexpr domain range = domain::boolean;

    static constexpr auto pullback(auto g, auto, auto, auto) {
        return std::tuple{constant(g, 0), constant(g, 0)};
    }
};

struct less_op : comparison {
    static constexpr std::string_view name = "less", symbol = "<";
    static constexpr auto value(auto a, auto b) { return a < b; }
};
struct less_equal_op : comparison {
    static constexpr std::string_view name = "less_equal", symbol = "<=";
    static constexpr auto value(auto a, auto b) { return a <= b; }
};
struct greater_op : comparison {
    static constexpr std::string_view name = "greater", symbol = ">";
    static constexpr auto value(auto a, auto b) { return a > b; }
};
struct greater_equal_op : comparison {
    static constexpr std::string_view name = "greater_equal", symbol = ">=";
    static constexpr auto value(auto a, auto b) { return a >= b; }
};
struct equal_op : comparison {
    static constexpr std::string_view name = "equal", symbol = "==";
    static constexpr bool commutative = true;
    static constexpr auto value(auto a, auto b) { return a == b; }
};
struct not_equal_op : comparison {
    static constexpr std::string_view name = "not_equal", symbol = "!=";
    static constexpr bool commutative = true;
    static constexpr auto value(auto a, auto b) { return !(a == b); }  // some vector units' own != is false for NaN
};

inline constexpr function<less_op> less{};
inline constexpr function<less_equal_op> less_equal{};
inline constexpr function<greater_op> greater{};
inline constexpr function<greater_equal_op> greater_equal{};
inline constexpr function<equal_op> equal{};
inline constexpr function<not_equal_op> not_equal{};

namespace ast {
template <expression A, expression B>
constexpr made<less_op, A, B> operator<(A a, B b) {
    return apply<less_op>(a, b);
}
template <expression A, expression B>
constexpr made<less_equal_op, A, B> operator<=(A a, B b) {
    return apply<less_equal_op>(a, b);
}
template <expression A, expression B>
constexpr made<greater_op, A, B> operator>(A a, B b) {
    return apply<greater_op>(a, b);
}
template <expression A, expression B>
constexpr made<greater_equal_op, A, B> operator>=(A a, B b) {
    return apply<greater_equal_op>(a, b);
}
template <expression A, expression B>
constexpr made<equal_op, A, B> operator==(A a, B b) {
    return apply<equal_op>(a, b);
}
template <expression A, expression B>
constexpr made<not_equal_op, A, B> operator!=(A a, B b) {
    return apply<not_equal_op>(a, b);
}
}  // namespace ast

}  // namespace xgrad
