// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Batches of what is no array.
// error: xgrad::batches: rows are taken from xtensor arrays
// error: xt::adapt\(v, \{rows, columns\}\)
// bytes GNU: 2560, Clang: 2048

#include <xgrad/xgrad.hpp>

#include <vector>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"rows">(xg::axis<"batch">, 3_c);

double run(const std::vector<float>& v) {
    xg::trainer trainer{xg::mean(xg::dense<"line">(1_c)(x)), xg::sgd{}};
    double last = 0;
#ifdef TWIN
    const auto X = xt::adapt(v, {v.size() / 3, std::size_t{3}});
    auto batches = xg::batches(32, X);
#else
    auto batches = xg::batches(32, v);
#endif
    for (auto [xb] : batches) last = trainer.step(x = xb);
    return last;
}
