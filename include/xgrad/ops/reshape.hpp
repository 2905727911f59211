// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/whole.hpp>

namespace xgrad {

/// reshape(x, extents...): the same elements in the same order under other extents.
///
/// Shape       [S...]  ->  [extents...]; named axes stay as they are, the product of the numbers is the same
/// Derivative  g under the extents of x
/// Errors      another number of elements, a named axis that comes or goes
struct reshape_op : whole<1> {
    static constexpr std::string_view name = "reshape";
    static constexpr bool exact = true;

    /// attributes::target: the first of two shapes, the wanted one and that of x; with attributes::number 1 the second, with the
    /// first for the way back.
    static constexpr shape_result shape_rule(const attributes& a, const shape*, int) { return {*a.target}; }
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
/// The outermost axis, and the product of the others.
template <const record* R>
inline constexpr shape flat_extents = [] {
    shape s{};
    s.push_back(R->extents[0]);
    std::int64_t rest = 1;
    for (int i = 1; i < R->extents.rank; ++i) rest *= R->extents[i].size;
    s.push_back({rest, nullptr});
    return s;
}();
}  // namespace detail

inline constexpr struct {
    template <ast::symbolic X, class... E>
    constexpr auto operator()(X x, E...) const {
        return detail::reshaped<detail::wanted_extents<canonical_extent<E>{}...>>(x);
    }
} reshape{};

/// flatten(x): one row for each step along the outermost axis, as a layer before `dense`.
///
/// Formula     y_nk = x_n..., k the place of the element in its row
/// Gradient    g under the extents of x
/// Shape       x [N, S...]  ->  [N, product of S]
/// Domain      every extent but the first is a number
/// Source      Keras Flatten
/// Catalogue   layer
inline constexpr struct {
    template <ast::symbolic X>
    constexpr auto operator()(X x) const {
        if constexpr (is_bad<X>) {
            return x;
        } else {
            constexpr const record* r = ast::node_traits<X>::of();
            constexpr bool has_numbers = [] {
                for (int i = 1; i < r->extents.rank; ++i)
                    if (r->extents[i].is_dynamic()) return false;
                return r->extents.rank > 0;
            }();
            static_assert(has_numbers, "xgrad::flatten(x): every extent of x but the first must be a number. Fix: declare x as [batch, 28_c, 28_c].");
            if constexpr (has_numbers) {
                return detail::reshaped<detail::flat_extents<r>>(x);
            } else {
                return x;
            }
        }
    }
} flatten{};

}  // namespace xgrad
