// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "support/arrays.hpp"

/// Connectionist temporal classification as it is defined: every alignment, one by one, in long double.
namespace alignments {

using real = long double;
using sequence = std::vector<std::int64_t>;

/// What is left of an alignment.
inline sequence collapsed(const sequence& alignment, std::int64_t blank) {
    sequence made;
    for (std::size_t s = 0; s < alignment.size(); ++s)
        if (alignment[s] != blank && (s == 0 || alignment[s] != alignment[s - 1])) made.push_back(alignment[s]);
    return made;
}
/// Calls f(alignment, probability) for all alignments over rows of probabilities.
template <class F>
void over_alignments(const std::vector<std::vector<real>>& p, F f) {
    sequence a(p.size(), 0);
    const auto classes = p.empty() ? 1 : static_cast<std::int64_t>(p[0].size());
    for (;;) {
        real product = 1;
        for (std::size_t s = 0; s < a.size(); ++s) product *= p[s][static_cast<std::size_t>(a[s])];
        f(a, product);
        std::size_t s = 0;
        while (s < a.size() && ++a[s] == classes) a[s++] = 0;
        if (s == a.size()) return;
    }
}
/// The rows of softmax(z) at those steps of a sequence that are there.
template <class A, class There>
std::vector<std::vector<real>> probabilities(const A& Z, std::size_t row, There there) {
    std::vector<std::vector<real>> made;
    for (std::size_t s = 0; s < Z.shape()[0]; ++s) {
        if (!there(s)) continue;
        std::vector<real> e;
        real total = 0;
        for (std::size_t c = 0; c < Z.shape()[2]; ++c) total += e.emplace_back(std::exp(static_cast<real>(Z(s, row, c))));
        for (real& x : e) x /= total;
        made.push_back(e);
    }
    return made;
}
/// Labels with -1 after their ends.
inline support::array<std::int32_t, 2> padded(const std::vector<sequence>& rows, std::size_t width) {
    auto made = support::shaped<std::int32_t>({rows.size(), width});
    std::fill(made.begin(), made.end(), -1);
    for (std::size_t r = 0; r < rows.size(); ++r) std::copy(rows[r].begin(), rows[r].end(), &made(r, 0));
    return made;
}
}  // namespace alignments
