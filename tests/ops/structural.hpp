// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "support/arrays.hpp"
#include "support/catch.hpp"

/// Plain loops that the structural ops are compared with, in long double.
namespace plain {

namespace xg = xgrad;
using namespace xg::literals;
using real = long double;
using support::array;

inline constexpr auto rows = xg::axis<"rows">;
inline constexpr auto columns = xg::axis<"columns">;

struct extents {
    std::size_t r, c;
};
/// Around the vector width (4, 8, 16), around the tile (64), and long; rows around the register tile (12).
inline std::vector<extents> ragged() {
    std::vector<extents> made;
    for (std::size_t c : {1u, 7u, 16u, 17u, 64u, 65u, 1000u})
        for (std::size_t r : {1u, 2u, 3u, 7u, 12u, 13u}) made.push_back({r, c});
    return made;
}

/// One result per row or per column of x.
template <class T, class F>
std::vector<real> by_row(const array<T, 2>& x, F f) {
    std::vector<real> made;
    for (std::size_t r = 0; r < x.shape()[0]; ++r) {
        std::vector<real> row;
        for (std::size_t c = 0; c < x.shape()[1]; ++c) row.push_back(x(r, c));
        made.push_back(f(row));
    }
    return made;
}
template <class T, class F>
std::vector<real> by_column(const array<T, 2>& x, F f) {
    std::vector<real> made;
    for (std::size_t c = 0; c < x.shape()[1]; ++c) {
        std::vector<real> column;
        for (std::size_t r = 0; r < x.shape()[0]; ++r) column.push_back(x(r, c));
        made.push_back(f(column));
    }
    return made;
}
template <class A, class F>
std::vector<real> by_element(const A& x, F f) {
    std::vector<real> made;
    for (std::size_t r = 0; r < x.shape()[0]; ++r)
        for (std::size_t c = 0; c < x.shape()[1]; ++c) made.push_back(f(r, c));
    return made;
}

inline real sum(const std::vector<real>& x) {
    real total = 0;
    for (real v : x) total += v;
    return total;
}
inline real largest(const std::vector<real>& x) {
    real m = x[0];
    for (real v : x) m = std::isnan(v) || v > m ? v : m;
    return m;
}
inline real logsumexp(const std::vector<real>& x) {
    const real m = largest(x);
    real total = 0;
    for (real v : x) total += std::exp(v - m);
    return m + std::log(total);
}
inline real size(const std::vector<real>& x) {
    real total = 0;
    for (real v : x) total += std::abs(v);
    return total;
}
/// softmax of a matrix along its rows (axis 1) or columns (axis 0), element by element.
template <class T>
std::vector<real> softmax(const array<T, 2>& x, int axis) {
    const std::vector<real> lse = axis ? by_row(x, logsumexp) : by_column(x, logsumexp);
    return by_element(x, [&](std::size_t r, std::size_t c) { return std::exp(static_cast<real>(x(r, c)) - lse[axis ? r : c]); });
}

}  // namespace plain
