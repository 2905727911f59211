// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// `auto` keeps what xtensor would compute, not an array.
// error: one of these is an expression, not an array that holds its numbers. Fix: declare it as xt::xtensor
// within: 8

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

std::size_t count(const xt::xtensor<float, 2>& Y) {
#ifdef TWIN
    const xt::xtensor<float, 2> X = Y * 2.0f;
#else
    const auto X = Y * 2.0f;
#endif
    return xg::batches(32, X, Y).count();
}
