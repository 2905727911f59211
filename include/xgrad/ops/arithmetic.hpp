// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/add.hpp>
#include <xgrad/ops/divide.hpp>
#include <xgrad/ops/multiply.hpp>
#include <xgrad/ops/negate.hpp>
#include <xgrad/ops/subtract.hpp>

namespace xgrad::ast {

template <class A, class B>
    requires plain_number_among<A, B>
constexpr auto operator+(A a, B b) {
    return refuse_plain_number(a, b);
}
template <class A, class B>
    requires plain_number_among<A, B>
constexpr auto operator-(A a, B b) {
    return refuse_plain_number(a, b);
}
template <class A, class B>
    requires plain_number_among<A, B>
constexpr auto operator*(A a, B b) {
    return refuse_plain_number(a, b);
}
template <class A, class B>
    requires plain_number_among<A, B>
constexpr auto operator/(A a, B b) {
    return refuse_plain_number(a, b);
}

}  // namespace xgrad::ast
