// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/whole.hpp>

namespace xgrad {

/// reshape(x, extents...): the same elements in the same order under other extents.
///
/// Formula     y_k = x_k, k the place in memory
/// Gradient    g under the extents of x
/// Shape       [S...]  ->  [extents...]; named axes stay as they are, the product of the numbers is the same
/// Errors      another number of elements, a named axis that comes or goes
/// Source      NumPy reshape, row by row
/// Catalogue   layer
struct reshape_op : whole<1> {
    static constexpr std::string_view name = "reshape";
    static constexpr bool exact = true;

    /// attributes::target: the first of two shapes, the wanted one and that of x; with attributes::number 1 the second, with the
    /// first for the way back.
    static constexpr shape_result shape_rule(const attributes& a, const shape*, int) { return {*a.target}; }
    /// A first axis that stays where it is, as a loop's steps, parts both alike.
    static constexpr unsigned cut_operands(const attributes& a, const shape& result) { return a.target[a.number == 0 ? 1 : -1][0] == result[0] ? 1u : 0u; }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{back(y.attr(), g)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return ast::apply_with<reshape_op>(y.attr(), t); }

    template <class T>
    static void run(const whole_call<T, 1>& call) {
        std::copy_n(call[0].data, call[0].elements(), call.result.data);
    }

private:
    static constexpr auto back(attributes a, auto g) {
        a.target += a.number == 0 ? 1 : -1;
        a.number = 1 - a.number;
        return ast::apply_with<reshape_op>(a, g);
    }
};

namespace detail {
/// The wanted extents, and those there are.
template <const record* R, const shape& Wanted>
inline constexpr std::array<shape, 2> there_and_back{Wanted, R->extents};
template <auto... E>
inline constexpr shape wanted_extents = to_shape(E...);

/// The product of the extents that are numbers.
constexpr std::int64_t count_of(const shape& s) {
    std::int64_t n = 1;
    for (int i = 0; i < s.rank; ++i) n *= s[i].is_dynamic() ? 1 : s[i].size;
    return n;
}
/// Whether each name stands as often in one as in the other.
constexpr bool same_names(const shape& a, const shape& b) {
    auto times = [](const shape& s, const axis_name* name) {
        int n = 0;
        for (int i = 0; i < s.rank; ++i) n += s[i].name == name;
        return n;
    };
    for (const shape* s : {&a, &b})
        for (int i = 0; i < s->rank; ++i)
            if ((*s)[i].is_dynamic() && times(a, (*s)[i].name) != times(b, (*s)[i].name)) return false;
    return true;
}
template <const shape& Wanted, class X>
constexpr auto reshaped(X x) {
    if constexpr (is_bad<X>) {
        return x;
    } else {
        constexpr const record* r = ast::node_traits<X>::of();
        constexpr std::int64_t have = count_of(r->extents), want = count_of(Wanted);
        static_assert(have == want, "xgrad::reshape(x, extents...): the number of elements must stay the same. Fix: check the product of the extents.");
        static_assert(same_names(r->extents, Wanted), "xgrad::reshape(x, extents...): named axes must stay as they are. Fix: list every named axis of x once.");
        static_assert(r->extents.rank > 0 && Wanted.rank > 0, "xgrad::reshape(x, extents...): both need an axis. Fix: a number is broadcast(x, 1_c).");
        if constexpr (r->extents == Wanted) {
            return x;
        } else {
            return ast::apply<reshape_op, attributes{.target = &there_and_back<r, Wanted>[0]}>(x);
        }
    }
}
}  // namespace detail

inline constexpr struct {
    template <ast::symbolic X, class... E>
    constexpr auto operator()(X x, E...) const {
        return detail::reshaped<detail::wanted_extents<canonical_extent<E>{}...>>(x);
    }
} reshape{};

}  // namespace xgrad
