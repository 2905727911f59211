// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/bind.hpp>

namespace xgrad {

/// A parameter or a state of a trainer as an xtensor expression: reading it reads the trainer's memory, and what is assigned to it is copied there, also
/// another window. A copy of a window looks at the same memory; an xgrad::tensor made of it has its own.
///
/// Throws      shape_error where what is assigned has other extents; nothing is changed then
template <class Adaptor>
class window : public Adaptor {
public:
    window(Adaptor at, const declaration& named) : Adaptor(std::move(at)), declared_(&named) {}
    window(const window&) = default;
    window& operator=(const window& from) { return *this = static_cast<const xt::xexpression<Adaptor>&>(from); }
    template <class E>
    window& operator=(const xt::xexpression<E>& from) {
        kernel::axis_sizes none;
        kernel::check_extents(*declared_, from.derived_cast(), none);
        Adaptor::operator=(from);
        return *this;
    }

private:
    const declaration* declared_;
};

}  // namespace xgrad
