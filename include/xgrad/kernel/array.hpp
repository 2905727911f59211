// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/config.hpp>

#if __has_include(<xtensor/containers/xtensor.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xtensor.hpp>
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace xgrad {

/// The one place that names xtensor. A row-major tensor of N axes.
template <class T, std::size_t N>
using tensor = xt::xtensor<T, N, xt::layout_type::row_major>;

/// A window on memory of this library as an xtensor expression: parameters, batches.
template <std::size_t N, class T>
auto adapt(T* data, const std::array<std::size_t, N>& extents) {
    std::size_t count = 1;
    for (std::size_t e : extents) count *= e;
    return xt::adapt(data, count, xt::no_ownership(), extents);
}

/// What the binder must know of an array: type, extents, strides in elements, and where it lies.
template <class A>
concept array_like = requires(const A& a) {
    typename A::value_type;
    a.shape();
    a.dimension();
};

template <class A>
concept array_in_memory = array_like<A> && requires(const A& a) {
    a.data();
    a.strides();
};

namespace kernel {
/// Row-major without gaps: readable through one pointer.
template <class A>
bool is_contiguous(const A& a) {
    std::ptrdiff_t wanted = 1;
    for (std::size_t i = a.dimension(); i-- > 0;) {
        const auto n = static_cast<std::ptrdiff_t>(a.shape()[i]);
        if (n != 1 && static_cast<std::ptrdiff_t>(a.strides()[i]) != wanted) return false;
        wanted *= n;
    }
    return true;
}
}  // namespace kernel

}  // namespace xgrad
