// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/bind.hpp>

#include <algorithm>
#include <tuple>
#include <type_traits>

namespace xgrad {

namespace detail {
/// An array with memory of its own.
template <class E>
inline constexpr bool is_container = false;
template <class Storage, std::size_t Rank, xt::layout_type Layout, class Tag>
inline constexpr bool is_container<xt::xtensor_container<Storage, Rank, Layout, Tag>> = true;
}  // namespace detail

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
            if constexpr (detail::is_container<E> || std::is_same_v<E, Adaptor>) {  // nothing that is read has been written: no array in between
                const auto& values = from.derived_cast();
                std::transform(values.template begin<xt::layout_type::row_major>(), values.template end<xt::layout_type::row_major>(), this->template begin<xt::layout_type::row_major>(),
                               [](auto v) { return static_cast<typename Adaptor::value_type>(v); });
            } else {
                Adaptor::operator=(from);
            }
        }
        return *this;
    }
    /// Of a parameter without axes.
    template <class Number>
        requires std::is_arithmetic_v<Number>
    window& operator=(Number value) {
        static_assert(rank == 0, "xgrad: a number is assigned to a parameter that has axes. Fix: to set all of its elements, parameter.fill(value).");
        if constexpr (rank == 0) (*this)() = static_cast<typename Adaptor::value_type>(value);
        return *this;
    }

private:
    const declaration* declared_;
};

}  // namespace xgrad
