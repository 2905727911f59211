// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A range of batches refers to its arrays; one that nobody else holds would be gone.
// error: one of the arrays is a temporary, and the range only refers to its arrays. Fix: name the array first
// within: 6
// bytes GNU: 1500, Clang: 1500

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

xt::xtensor<float, 2> read();

double sum(const xt::xtensor<float, 2>& Y) {
    double total = 0;
#ifdef TWIN
    const auto X = read();
    auto range = xg::batches(32, xg::seed{1}, X, Y);
#else
    auto range = xg::batches(32, xg::seed{1}, read(), Y);
#endif
    for (auto [xb, yb] : range) total += static_cast<double>(xb(0, 0) + yb(0, 0));
    return total;
}
