// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/loop_steps.hpp>
#include <xgrad/ops/movement.hpp>

namespace xgrad {

namespace detail {
/// The steps' axis in front of a state's shape.
constexpr shape with_steps(const extent& steps, const shape& state) {
    shape made{};
    made.push_back(steps);
    for (int i = 0; i < state.rank; ++i) made.push_back(state[i]);
    return made;
}
template <class Axis, const record* State>
inline constexpr shape carry_shape = with_steps({-1, Axis::name}, State->extents);

/// x with axis `From` moved to place `To`.
template <int From, int To, class X>
constexpr auto with_axis_moved(X x) {
    if constexpr (From == To) {
        return x;
    } else {
        constexpr axis_map source = [] {
            axis_map made{};
            constexpr int rank = ast::node_traits<X>::of()->extents.rank;
            for (int i = 0, from = 0; i < rank; ++i) {
                if (i == To) {
                    made[static_cast<std::size_t>(i)] = From;
                    continue;
                }
                if (from == From) ++from;
                made[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(from++);
            }
            return made;
        }();
        return ast::apply<movement_op, attributes{.source = source}>(x);
    }
}
constexpr int place_of_name(const shape& s, const axis_name* name) {
    for (int i = 0; i < s.rank; ++i)
        if (s[i].name == name) return i;
    return -1;
}
template <class Axis, class X>
constexpr int place_of_axis() {
    return place_of_name(ast::node_traits<X>::of()->extents, Axis::name);
}
/// Where the axes of an element come from that has the steps of loops around a loop after its own steps; of extent 1 where it is the same in each.
/// `Fills`: and then axes of extent 1 before its own, up to the rank of the states.
struct element_axes {
    axis_map source{};
    shape extents{};
    bool is_new = false;

    constexpr element_axes(const shape& element, const record* initial, bool fills) {
        bool lacks = false;
        for (int i = 0; i < initial->extents.rank && initial->extents[i].is_dynamic(); ++i) lacks = lacks || place_of_name(element, initial->extents[i].name) < 0;
        const int around = lacks ? loops_around(initial) : 0;
        unsigned taken = 0;
        auto take = [&](int from, const extent& e) {
            source[static_cast<std::size_t>(extents.rank)] = static_cast<std::int8_t>(from);
            extents.push_back(e);
            if (from >= 0) taken |= 1u << from;
            is_new = is_new || from < 0;
        };
        take(0, element[0]);
        for (int i = 0; i < around; ++i) {
            const int from = place_of_name(element, initial->extents[i].name);
            take(from, from < 0 ? extent{1, nullptr} : element[from]);
        }
        shape own{};
        for (int i = 1; i < element.rank; ++i)
            if (!(taken >> i & 1u)) own.push_back(element[i]);
        for (int missing = fills && meets_last(own, initial->extents) ? initial->extents.rank - around - own.rank : 0; missing > 0; --missing) take(-1, extent{1, nullptr});
        for (int i = 1; i < element.rank; ++i)
            if (!(taken >> i & 1u)) take(i, element[i]);
    }

private:
    /// The axes are the state's last ones, or of extent 1.
    static constexpr bool meets_last(const shape& own, const shape& state) {
        for (int i = 0; i < own.rank; ++i) {
            const int there = state.rank - own.rank + i;
            if (there < 0 || !(own[i] == state[there] || own[i] == extent{1, nullptr})) return false;
        }
        return true;
    }
};
template <class... I>
constexpr bool have_one_rank() {
    int least = max_rank, most = 0;
    ((least = std::min(least, ast::node_traits<I>::of()->extents.rank), most = std::max(most, ast::node_traits<I>::of()->extents.rank)), ...);
    return least == most;
}
template <bool Fills, class X, class First, class... Others>
inline constexpr element_axes element_axes_of{ast::node_traits<X>::of()->extents, ast::node_traits<First>::of(), Fills && have_one_rank<First, Others...>()};
template <bool Fills, class X, class... I>
inline constexpr shape shape_beside = element_axes_of<Fills, X, I...>.extents;
template <bool Fills, class... I, class X>
constexpr auto beside_states(X x, std::tuple<I...>*) {
    if constexpr (!(ast::symbolic<I> && ...)) {
        return x;
    } else if constexpr (!element_axes_of<Fills, X, I...>.is_new) {
        return x;
    } else {
        return ast::apply<movement_op, attributes{.source = element_axes_of<Fills, X, I...>.source, .target = interned_shape<shape_beside<Fills, X, I...>>}>(x);
    }
}
template <class Axis, class Initials, bool Fills, class X>
constexpr auto steps_first(X x) {
    constexpr int place = place_of_axis<Axis, X>();
    static_assert(Fills || place >= 0, "xgrad::scan(axis, f, initial, elements...): each of the elements must have the axis. Fix: what is the same in every step needs no mention, f may use it.");
    return beside_states<Fills>(with_axis_moved<place < 0 ? 0 : place, 0>(x), static_cast<Initials*>(nullptr));
}

template <class X>
struct in_tuple {
    using type = std::tuple<X>;
    static constexpr bool single = true;
};
template <class... X>
struct in_tuple<std::tuple<X...>> {
    using type = std::tuple<X...>;
    static constexpr bool single = false;
};
/// The first requirement that one of them broke, or void.
template <class... X, class... I>
auto first_bad_of(std::tuple<I...>) -> typename ast::first_bad<X..., I...>::type;
template <class Tuple, class... X>
using bad_of = decltype(first_bad_of<X...>(std::declval<Tuple>()));

/// The base of an f that has a name at namespace scope, in whose type all stands that it does: loops are told apart by it. Closures can share a name.
struct named_step {};

template <class Axis, bool Backwards, class F, class Initials, class Elements>
struct scan_maker;
template <class Axis, bool Backwards, class F, class... I, class... X>
struct scan_maker<Axis, Backwards, F, std::tuple<I...>, std::tuple<X...>> {
    static constexpr std::size_t states = sizeof...(I);
    static_assert((ast::symbolic<I> && ...), "xgrad::scan(axis, f, initial, elements...): initial is an expression, or a tuple of them. Fix: write broadcast(0_c, batch, 64_c) or 0_c instead of 0.");
    static_assert(states > 0 && states <= 16, "xgrad::scan(axis, f, initial, elements...): a loop has 1 to 16 states.");

    /// States are told apart by what is done with them: two loops that start alike and do different things are different loops.
    template <std::uint64_t Body>
    static constexpr auto carries() {
        return []<std::size_t... K>(std::index_sequence<K...>) {
            return std::tuple{ast::apply<carry_op, attributes{.number = static_cast<double>(Body % (std::uint64_t{1} << 36) * 16 + K),
                                                              .target = interned_shape<carry_shape<Axis, ast::node_traits<I>::of()>>}>(I{})...};
        }(std::index_sequence_for<I...>{});
    }
    template <std::uint64_t Body>
    using carried = decltype(carries<Body>());
    template <class... C>
    static constexpr bool is_callable(std::tuple<C...>) {
        return requires { std::declval<F>()(C{}..., X{}...); };
    }
    template <class... C>
    static auto body(std::tuple<C...>) -> typename in_tuple<decltype(std::declval<F>()(C{}..., X{}...))>::type;
    template <std::uint64_t Body>
    using made = decltype(body(carried<Body>{}));

    template <class... N>
    static constexpr std::uint64_t digest_of_body(std::tuple<N...>) {
        std::uint64_t h = Backwards ? 3 : 2;
        ((h = mix(h, N::digest)), ...);
        return h;
    }
    /// Read off the name of f where that is f's own; off what f makes of other carries where it is not: a second body for the compiler.
    static constexpr bool is_named = std::is_base_of_v<named_step, F>;
    static constexpr std::uint64_t digest_of_name() {
        std::uint64_t h = mix(Backwards ? 3 : 2, type_digest<F>());
        ((h = mix(h, I::digest)), ...);
        ((h = mix(h, X::digest)), ...);
        return h;
    }
    static constexpr std::uint64_t probe = [] {
        if constexpr (is_named) {
            return digest_of_name();
        } else {
            return 0;
        }
    }();
    static constexpr std::uint64_t digest = [] {
        if constexpr (is_named) {
            return probe;
        } else {
            return digest_of_body(made<probe>{});
        }
    }();

    template <class... C>
    static constexpr std::array<const record*, states> records_of{ast::node_traits<C>::of()...};
    /// How many loops run in each step, one in the other; -1 where a step is not made of the same step of the carries.
    template <class... N>
    static constexpr int loops_in_step(span<const record* const> carries) {
        constexpr std::array<const record*, sizeof...(X)> elements{ast::node_traits<X>::of()...};
        step_search search(Axis::name, carries, elements);
        return (search.keeps_steps(ast::node_traits<N>::of()) && ...) ? search.inside : -1;
    }

    /// Whether f makes states of the same step of what it is given; asked with expressions that report nothing, so that others can be given to it.
    static constexpr bool is_of_one_step() {
        return []<class... C>(std::tuple<C...>) {
            if constexpr (requires { std::declval<F>()(ast::quiet(C{})..., ast::quiet(X{})...); }) {
                return makes_states(records_of<C...>, static_cast<typename in_tuple<decltype(std::declval<F>()(ast::quiet(C{})..., ast::quiet(X{})...))>::type*>(nullptr));
            } else {
                return true;  // which is reported
            }
        }(carried<probe>{});
    }
    template <class... N>
    static constexpr bool makes_states(span<const record* const> carries, std::tuple<N...>*) {
        if constexpr (!(ast::symbolic<N> && ...)) {
            return true;  // which is reported
        } else if constexpr ((is_bad<N> || ...)) {
            return false;
        } else {
            return loops_in_step<N...>(carries) >= 0;
        }
    }

    template <class... N, class... C>
    static constexpr auto close(std::tuple<N...>, std::tuple<C...>) {
        static_assert(((ast::node_traits<N>::of()->extents == carry_shape<Axis, ast::node_traits<I>::of()>) && ...),
                      "xgrad::scan(axis, f, initial, elements...): f must return states of the initial ones' extents. Fix: give the initial state its full extents, as "
                      "broadcast(0_c, batch, 64_c), and inside another loop's step the steps of that one, as 0_c * state.");
        constexpr int inside = loops_in_step<N...>(records_of<C...>);
        static_assert(inside >= 0,
                      "xgrad::scan(axis, f, initial, elements...): f must work on one step. Fix: name the axes it sums over (a sum of all axes would take in the steps), no "
                      "gradient inside f, elements with the states' axes, or the last of them.");
        return std::tuple{ast::apply<closed_op, attributes{.number = loop_number(Backwards, inside < 0 ? 0 : inside)}>(N{}, C{})...};
    }
    /// The first, and with it all others.
    template <class First, class... Others>
    static constexpr auto beside(First first, Others... others) {
        if constexpr (sizeof...(others) == 0) {
            return first;
        } else {
            return [&](auto second, auto... rest) { return beside(ast::apply<beside_op>(first, second), rest...); }(others...);
        }
    }
    static constexpr int around() {
        int most = 0;
        ((most = std::max(most, loops_around(ast::node_traits<I>::of()))), ...);
        return most;
    }
    /// Where the steps' axis is in the first of the elements it is in the states as well, or as near as they have axes; after the steps of loops around.
    template <class Result, class... Original>
    static constexpr auto moved_back(Result result) {
        constexpr int rank = ast::node_traits<Result>::of()->extents.rank;
        constexpr std::array<int, sizeof...(Original) + 1> places{place_of_axis<Axis, Original>()..., 0};
        constexpr int place = places[0] > 0 ? places[0] : around();
        return with_axis_moved<0, (place < rank ? place : rank - 1)>(result);
    }
    /// The same for each state, where there is no loop to make: nothing else is reported then.
    template <class Same>
    static constexpr auto for_all(Same same) {
        return []<std::size_t... K>(Same s, std::index_sequence<K...>) { return std::tuple{(static_cast<void>(K), s)...}; }(same, std::index_sequence_for<I...>{});
    }
    template <class... N>
    static constexpr bool as_many_expressions(std::tuple<N...>) {
        return sizeof...(N) == states && (ast::symbolic<N> && ...);
    }
    template <class... Original>
    static constexpr auto make() {
        if constexpr (!(ast::symbolic<I> && ...)) {
            return std::tuple<I...>{};
        } else if constexpr (!is_callable(carried<probe>{})) {
            static_assert(is_callable(carried<probe>{}), "xgrad::scan(axis, f, initial, elements...): f must take the states and the elements, as many as there are.");
            return std::tuple<I...>{};
        } else if constexpr (!as_many_expressions(made<probe>{})) {
            static_assert(as_many_expressions(made<probe>{}), "xgrad::scan(axis, f, initial, elements...): f must return an expression for each initial state, several in a std::tuple.");
            return std::tuple<I...>{};
        } else if constexpr (!std::is_void_v<bad_of<made<probe>>>) {
            return for_all(bad_of<made<probe>>{});
        } else {
            return loop<Original...>();
        }
    }

private:
    template <class... Original>
    static constexpr auto loop() {
        constexpr auto closed = close(made<digest>{}, carried<digest>{});
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            // Turned so that state k comes first.
            auto with_others = [&]<std::size_t First>() { return moved_back<decltype(beside(std::get<(First + K) % states>(closed)...)), Original...>(beside(std::get<(First + K) % states>(closed)...)); };
            return std::tuple{with_others.template operator()<K>()...};
        }(std::index_sequence_for<I...>{});
    }
};

template <bool Fills, class Axis, bool Backwards, class F, class Initials, class... X>
using maker_of = scan_maker<Axis, Backwards, F, Initials, std::tuple<decltype(steps_first<Axis, Initials, Fills>(std::declval<X>()))...>>;
/// The elements as they are, or with axes of extent 1 before their own: what f makes a step of.
template <class Plain, class Filled>
constexpr auto fitting() {
    if constexpr (std::is_same_v<Plain, Filled>) {
        return Plain{};
    } else if constexpr (!Plain::is_of_one_step() && Filled::is_of_one_step()) {
        return Filled{};
    } else {
        return Plain{};
    }
}

template <bool Only, class... X>
constexpr auto only_or_all(std::tuple<X...> states) {
    if constexpr (Only) {
        return std::get<0>(states);
    } else {
        return states;
    }
}

template <bool Backwards>
struct scan_function {
    template <fixed_string Name, class F, class Initial, ast::symbolic... X>
    constexpr auto operator()(dynamic_axis<Name>, F, Initial, X...) const {
        using initials = in_tuple<Initial>;
        using bad = bad_of<typename initials::type, X...>;
        if constexpr (!std::is_void_v<bad>) {
            return only_or_all<initials::single>(scan_maker<dynamic_axis<Name>, Backwards, F, typename initials::type, std::tuple<X...>>::for_all(bad{}));
        } else {
            using plain = maker_of<false, dynamic_axis<Name>, Backwards, F, typename initials::type, X...>;
            using filled = maker_of<true, dynamic_axis<Name>, Backwards, F, typename initials::type, X...>;
            return only_or_all<initials::single>(decltype(fitting<plain, filled>())::template make<X...>());
        }
    }
};
}  // namespace detail

/// scan(axis, f, initial, elements...): a loop over the steps of a named axis. state = f(state, element...) at each step.
///
///     auto h = scan(time, [](auto h, auto x) { return tanh(matmul(x, W) + matmul(h, U) + b); }, broadcast(0_c, batch, 64_c), x);
///
/// Gives the states after each step, with the axis where the first of the elements has it; its last is `last_of(h, time)`. Several states are a tuple:
/// f(state..., element...) returns a tuple, and so does scan. `scan_back` begins at the last step.
///
/// Shape       initial [S...], elements with the axis anywhere, else S or its last axes: one number a step, one for each feature  ->  [S... and the axis]
/// Derivative  a loop the other way, with all that need not wait (products with the elements, gradients of weights) outside, over all steps at once
/// Loops       f may hold loops of its own that need its states; they begin with something made of these, `0_c * h` for zeros
/// Errors      elements without the axis, states of other extents, an f that sums over the steps. Inside f name axes or count them from the last, as axes<-1>:
///             the steps stand in front
/// Method      f is written for one step and seen by the compiler with the axis in front of all that has steps. What does not depend on a state
///             is computed for all steps before the loop, what no state needs after it
inline constexpr detail::scan_function<false> scan{};
inline constexpr detail::scan_function<true> scan_back{};

}  // namespace xgrad
