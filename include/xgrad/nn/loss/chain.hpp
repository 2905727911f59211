// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/arguments.hpp>
#include <xgrad/nn/loss/options.hpp>

namespace xgrad::detail {

template <class Z, class T, class A>
constexpr bool is_chain() {
    if constexpr (is_bad<Z> || is_bad<T> || is_bad<A>) {
        return true;
    } else {
        const shape &z = ast::node_traits<Z>::of()->extents, &t = ast::node_traits<T>::of()->extents, &a = ast::node_traits<A>::of()->extents;
        if (z.rank < 2 || t.rank + 1 != z.rank || a.rank != 2 || !(a[0] == a[1]) || !(a[0] == z[z.rank - 1])) return false;
        for (int i = 0; i < t.rank; ++i)
            if (!(t[i] == z[i])) return false;
        return labels_behind(ast::node_traits<T>::of())->classes == a[0].size;
    }
}

/// z's extents without the steps, and without the labels as well.
template <class Axis, const record* Z>
inline constexpr std::array<shape, 2> chain_extents = [] {
    std::array<shape, 2> made{};
    for (int i = 0; i < Z->extents.rank; ++i) {
        if (Z->extents[i].name == Axis::name) continue;
        made[0].push_back(Z->extents[i]);
        if (i + 1 < Z->extents.rank) made[1].push_back(Z->extents[i]);
    }
    return made;
}();
/// What a chain's loops begin with: a value for each label in each row, zeros for each row.
template <class Z, class Axis>
struct chain {
    static constexpr const record* z = ast::node_traits<Z>::of();
    static constexpr auto state(auto x) { return spread_over<interned_shape<chain_extents<Axis, z>[0]>>(x); }
    static constexpr auto number_of_rows() { return spread_over<interned_shape<chain_extents<Axis, z>[1]>>(number<0.0>); }
};

/// The element before, at every step: f(before, shown, now) = (now, before).
struct step_behind : named_step {
    constexpr auto operator()(auto before, auto, auto now) const { return std::tuple{now, before}; }
};
/// The scores of a step's labels that its neighbour before it gives, [S..., K]: `start` at the first, then the row of that one's label.
template <class Axis, class Start, class Rows>
constexpr auto pair_scores(Axis steps, Start start, Rows rows) {
    return std::get<1>(scan(steps, step_behind{}, std::tuple{start, start}, rows));
}

/// One step of the forward recursion over messages m (the log probabilities of what came before, through the pairs' scores), the labels' log probabilities so far
/// and the step's normaliser.
template <class A>
struct forward_step : named_step {
    static constexpr auto next(auto m, auto z) {
        const auto alpha = z + m;
        const auto c = logsumexp(alpha, axes<-1>);
        const auto p = alpha - column(c);
        return std::tuple{log_matmul_exp(p, A{}), p, c};
    }
    constexpr auto operator()(auto m, auto, auto, auto z) const { return next(m, z); }
    constexpr auto operator()(auto m, auto p, auto, auto z, auto there) const {
        const auto [m_next, p_next, c] = next(m, z);
        return std::tuple{select(column(there), m_next, m), select(column(there), p_next, p), c};
    }
};
template <class Axis, class Start, class Zero, class A, class Z, class There>
constexpr auto normalisers(Axis steps, Start start, Zero zero, A, Z z, There there) {
    if constexpr (is_given<There>) {
        return scan(steps, forward_step<A>{}, std::tuple{start, start, zero}, z, there);
    } else {
        return scan(steps, forward_step<A>{}, std::tuple{start, start, zero}, z);
    }
}

/// One-hot of the last label there is.
struct keep_last : named_step {
    constexpr auto operator()(auto before, auto now, auto there) const { return select(column(there), now, before); }
};
template <class Axis, class Zero, class Labels, class There>
constexpr auto last_label(Axis steps, Zero zero, Labels labels, There there) {
    const auto now = number<1.0> * labels;
    if constexpr (is_given<There>) {
        return last_of(scan(steps, keep_last{}, zero, now, there), steps);
    } else {
        return last_of(now + number<0.0>, steps);
    }
}

/// x of the sequences that have a last label, 0 of those without steps.
template <class Last, class There, class X>
constexpr auto where_it_ends(Last last, There, X x) {
    if constexpr (is_given<There>) {
        return select(sum(last, axes<-1>) > number<0.0>, x, number<0.0>);
    } else {
        return x;
    }
}

}  // namespace xgrad::detail
