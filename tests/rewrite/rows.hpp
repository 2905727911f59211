// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "ops/laws.hpp"
#include "support/catch.hpp"

/// How a row of the table is tested: that it fires, and that what it makes has the value of the formula, worked out in long double,
/// on zeros, infinities, NaN, huge and tiny numbers.
namespace rows {

namespace xg = xgrad;
using namespace xg::literals;
using laws::real;

inline constexpr auto n = xg::axis<"n">;
inline constexpr auto a = xg::input<"a">(n);
inline constexpr auto b = xg::input<"b">(n);

/// How often a rule fires while a formula becomes a graph; no plan is made.
template <class F>
consteval int fired(F, std::string_view rule) {
    xg::graph g;
    g.rewrite = xg::rewrite_refined;
    xg::lowering l{g, &xg::derive_record};
    l.lower(xg::ast::node_traits<F>::of());
    for (std::size_t i = 0; i < g.fired.size(); ++i)
        if (xg::rewrite_rules[i].name == rule) return g.fired[i];
    return 0;
}
template <class F>
consteval int fired_at_all(F) {
    xg::graph g;
    g.rewrite = xg::rewrite_refined;
    xg::lowering l{g, &xg::derive_record};
    l.lower(xg::ast::node_traits<F>::of());
    int count = 0;
    for (int k : g.fired) count += k;
    return count;
}

inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// What a formula of a, or of a and b, is exactly, where that is promised, and within how many units in the last place.
struct unary {
    real (*value)(real);
    double bound = 2, low = -infinity, high = infinity;
};
struct binary {
    real (*value)(real, real);
    double bound = 2, low = -infinity, high = infinity;
    bool beside = false;  ///< units of the larger of the two arguments and the result: what a sum of both can promise
};

template <class T>
void number_is(T got, real wanted, double bound, real beside = 0) {
    CAPTURE(got, static_cast<double>(wanted), sizeof(T));
    if (std::abs(wanted) < std::numeric_limits<T>::min() && wanted != 0) {
        CHECK(std::abs(got) <= std::numeric_limits<T>::min());  // a subnormal result may be 0
    } else if (beside != 0 && std::isfinite(wanted)) {
        CHECK(std::abs(got - wanted) <= bound * support::unit_in_last_place<T>(std::max(beside, std::abs(wanted))));
    } else {
        CHECK(support::ulps(got, wanted) <= bound);
    }
}

/// Formulas of a, each against its exact value on the grid: one program for all of them.
template <class T, std::size_t N, class... F>
void values_are(const unary (&exact)[N], F... formulas) {
    static_assert(N == sizeof...(F));
    const auto points = laws::grid<T>();
    const auto x = support::vector_of(points);
    const auto results = xg::compile<T>(formulas...)(a = x);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        auto one = [&](std::size_t k, const auto& got) {
            for (std::size_t i = 0; i < points.size(); ++i) {
                if (points[i] < exact[k].low || points[i] > exact[k].high) continue;
                CAPTURE(k, points[i]);
                number_is(got(i), exact[k].value(points[i]), exact[k].bound);
            }
        };
        (one(I, std::get<I>(results)), ...);
    }(std::make_index_sequence<N>{});
}
/// Formulas of a and b on pairs from the grid.
template <class T, std::size_t N, class... F>
void values_of_two_are(const binary (&exact)[N], F... formulas) {
    static_assert(N == sizeof...(F));
    std::vector<T> left, right;
    for (T x : laws::grid<T>())
        for (T y : laws::grid<T>()) left.push_back(x), right.push_back(y);
    const auto x = support::vector_of(left), y = support::vector_of(right);
    const auto results = xg::compile<T>(formulas...)(a = x, b = y);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        auto one = [&](std::size_t k, const auto& got) {
            for (std::size_t i = 0; i < left.size(); ++i) {
                if (left[i] < exact[k].low || left[i] > exact[k].high || right[i] < exact[k].low || right[i] > exact[k].high) continue;
                CAPTURE(k, left[i], right[i]);
                const real beside = exact[k].beside ? std::max({std::abs(static_cast<real>(left[i])), std::abs(static_cast<real>(right[i])), 1.0L}) : 0;
                number_is(got(i), exact[k].value(left[i], right[i]), exact[k].bound, beside);
            }
        };
        (one(I, std::get<I>(results)), ...);
    }(std::make_index_sequence<N>{});
}

}  // namespace rows
