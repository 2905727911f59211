// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The Lovász extension of the Jaccard loss is linear between its corners: the weights are differences of the loss of sets, each
// counted here anew from the set itself.
#include "ops/structural.hpp"

#include <numeric>

using namespace plain;

namespace {
/// Intersection and union of the targets and what is left of them when the elements of `wrong` are mispredicted; nothing is all of nothing.
std::pair<real, real> overlap(const std::vector<bool>& target, const std::vector<bool>& wrong) {
    int intersection = 0, joint = 0;
    for (std::size_t i = 0; i < target.size(); ++i) {
        const bool predicted = target[i] != wrong[i];
        intersection += target[i] && predicted;
        joint += target[i] || predicted;
    }
    return joint == 0 ? std::pair{1.0L, 1.0L} : std::pair{static_cast<real>(intersection), static_cast<real>(joint)};
}
/// How much the loss 1 - intersection / union grows with each error, the largest first: in whole numbers, so that nothing cancels.
std::vector<real> weights_of(const std::vector<real>& errors, const std::vector<bool>& target) {
    std::vector<std::size_t> order(errors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return errors[a] != errors[b] ? errors[a] > errors[b] : a < b; });
    std::vector<bool> wrong(errors.size(), false);
    std::vector<real> made(errors.size());
    auto before = overlap(target, wrong);
    for (std::size_t i : order) {
        wrong[i] = true;
        const auto now = overlap(target, wrong);
        made[i] = (before.first * now.second - now.first * before.second) / (before.second * now.second);
        before = now;
    }
    return made;
}
}  // namespace

TEMPLATE_TEST_CASE("lovasz_weights: the derivative of the Lovász extension", "[ops]", float, double) {
    using T = TestType;
    constexpr auto e = xg::input<"e">(rows, columns);
    constexpr auto y = xg::input<"y">(rows, columns);
    constexpr auto d = xg::input<"d">(rows, columns);
    constexpr auto weights = xg::lovasz_weights(e, y);
    auto program = xg::compile<T>(weights, xg::gradient(xg::sum(e * weights), e), xg::jvp(weights, e, d)).prepare();
    for (const auto [r, c] : std::vector<extents>{{1, 1}, {4, 2}, {6, 9}, {3, 100}, {3, 200}}) {
        CAPTURE(r, c);
        auto E = support::uniform<T>({r, c}, 1), Y = support::uniform<T>({r, c}, 2);
        for (T& v : E) v = std::round(v * 8) / 8;  // some are equal
        for (T& v : Y) v = v > 0.5 ? T{1} : T{0};
        for (std::size_t j = 0; j < c; ++j) Y(0, j) = 0;  // nothing to find
        const auto [got, slope, moved] = program(e = E, y = Y, d = E);
        for (std::size_t i = 0; i < r; ++i) {
            std::vector<real> errors;
            std::vector<bool> target;
            for (std::size_t j = 0; j < c; ++j) {
                errors.push_back(E(i, j));
                target.push_back(Y(i, j) == 1);
            }
            const std::vector<real> exact = weights_of(errors, target);
            for (std::size_t j = 0; j < c; ++j) {
                CHECK(support::relative_error(got(i, j), exact[j], std::abs(exact[j])) <= 2 * support::epsilon<T>);
                CHECK(slope(i, j) == got(i, j));
                CHECK(moved(i, j) == 0);
            }
        }
    }
}
