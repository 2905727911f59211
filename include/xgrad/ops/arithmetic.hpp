// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/add.hpp>
#include <xgrad/ops/divide.hpp>
#include <xgrad/ops/multiply.hpp>
#include <xgrad/ops/negate.hpp>
#include <xgrad/ops/subtract.hpp>

namespace xgrad::ast {

/// A plain number beside an expression is refused with a sentence: its value is not part of any type, so no rule could see it.
template <class A, class B>
concept plain_number_beside = (expression<A> && std::is_arithmetic_v<B>) || (std::is_arithmetic_v<A> && expression<B>);

template <class... T>
constexpr void refuse_plain_number() {
    static_assert(sizeof...(T) == 0,
                  "xgrad: a plain number cannot stand in a formula. "
                  "Fix: write 1_c - y instead of 1 - y (using namespace xgrad::literals), or bind an xg::scalar<\"name\">.");
}

template <class A, class B>
    requires plain_number_beside<A, B>
constexpr auto operator+(A a, B) {
    refuse_plain_number<A, B>();
    return a;
}
template <class A, class B>
    requires plain_number_beside<A, B>
constexpr auto operator-(A a, B) {
    refuse_plain_number<A, B>();
    return a;
}
template <class A, class B>
    requires plain_number_beside<A, B>
constexpr auto operator*(A a, B) {
    refuse_plain_number<A, B>();
    return a;
}
template <class A, class B>
    requires plain_number_beside<A, B>
constexpr auto operator/(A a, B) {
    refuse_plain_number<A, B>();
    return a;
}

}  // namespace xgrad::ast
