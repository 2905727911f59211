// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/bind.hpp>

#include <tuple>

namespace xgrad {

/// A parameter or a state of a trainer as an xtensor expression: reading it reads the trainer's memory, and what is assigned to it is copied there, also
/// another window. A copy of a window looks at the same memory; an xgrad::tensor made of it has its own.
///
/// Errors      shape_error where what is assigned has other extents; nothing is changed then
template <class Adaptor>
class window : public Adaptor {
    static constexpr std::size_t rank = std::tuple_size_v<typename Adaptor::shape_type>;

    template <class E>
    static constexpr bool may_fit() {
        if constexpr (requires { std::tuple_size<typename E::shape_type>::value; }) {
            return std::tuple_size_v<typename E::shape_type> == rank;
        } else {
            return true;  // it has its rank when the program runs
        }
    }

public:
    window(Adaptor at, const declaration& named) : Adaptor(std::move(at)), declared_(&named) {}
    window(const window&) = default;
    window& operator=(const window& from) { return *this = static_cast<const xt::xexpression<Adaptor>&>(from); }
    template <class E>
    window& operator=(const xt::xexpression<E>& from) {
        static_assert(may_fit<E>(), "xgrad: what is assigned to a parameter has another number of axes. Fix: an array of the parameter's extents; xt::view and xt::reshape_view change the axes of one.");
        if constexpr (may_fit<E>()) {
            kernel::axis_sizes none;
            kernel::check_extents(*declared_, from.derived_cast(), none);
            Adaptor::operator=(from);
        }
        return *this;
    }

private:
    const declaration* declared_;
};

}  // namespace xgrad
