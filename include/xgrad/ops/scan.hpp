// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/digest_map.hpp>
#include <xgrad/expr/span.hpp>
#include <xgrad/ops/movement.hpp>

namespace xgrad {

/// A state of a loop before each step, all steps side by side: [steps, S...]. Its operand is the state before the first one.
/// attributes::number tells states apart, attributes::target is the shape.
struct carry_op : op_defaults {
    static constexpr std::string_view name = "carry";
    static constexpr op_kind kind = op_kind::leaf;
    static constexpr int arity = 1;
    static constexpr shape_result shape_rule(const attributes& a, const shape*, int) { return {*a.target}; }
};
/// What a loop makes, and the carry that it is at the next step; attributes::number is 1 where the loop runs backwards.
struct closed_op : op_defaults {
    static constexpr std::string_view name = "scan";
    static constexpr op_kind kind = op_kind::recurrence;
    static constexpr int arity = 2;
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[0]}; }
};
/// The first operand; the second stands in the same loop.
struct beside_op : closed_op {
    static constexpr std::string_view name = "beside";
};

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

/// Whether each step of `root` is made of the same step of the carries: the steps' axis stays the first all the way, and nothing is
/// taken along it.
constexpr bool keeps_steps(const record* root, const axis_name* steps, span<const record* const> carries) {
    digest_map depends;
    for (const record* c : carries) depends.insert(c->digest, 1);
    growing_array<const record*> stack{root};
    while (!stack.empty()) {
        const record* r = stack.back();
        if (depends.find(r->digest)) {
            stack.pop_back();
            continue;
        }
        bool ready = true;
        int follows = 0;
        for (int k = 0; k < r->arity; ++k) {
            const record* operand = r->operands[static_cast<std::size_t>(k)];
            const int* known = depends.find(operand->digest);
            if (!known) stack.push_back(operand);
            ready = ready && known;
            if (!known || !*known) continue;
            follows = 1;
            if (r->op->kind == op_kind::elementwise && operand->extents.rank != r->extents.rank) return false;
            if (r->op->kind == op_kind::movement && r->attr.source[0] != 0) return false;
            if (r->op->kind == op_kind::contraction && k > 0 && operand->extents.rank == 2) return false;  // all steps of it in each
            if (r->op->kind == op_kind::whole && !(r->op->cut_operands(r->attr, r->extents) >> k & 1u)) return false;
        }
        if (!ready) continue;
        if (r->op->kind == op_kind::generate && r->extents.rank == 0 && !(r->attr.axes & 1u)) follows = 0;  // a count of elements in one step
        if (follows && (r->op->kind == op_kind::derivative || r->op->kind == op_kind::recurrence || r->extents.rank == 0 || r->extents[0].name != steps)) return false;
        if (follows && r->op->kind != op_kind::movement && (r->attr.axes & 1u)) return false;
        depends.insert(r->digest, follows);
        stack.pop_back();
    }
    return true;
}

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
template <class Axis, class X>
constexpr int place_of_axis() {
    const shape& s = ast::node_traits<X>::of()->extents;
    for (int i = 0; i < s.rank; ++i)
        if (s[i].name == Axis::name) return i;
    return -1;
}
template <class Axis, class X>
constexpr auto steps_first(X x) {
    constexpr int place = place_of_axis<Axis, X>();
    static_assert(place >= 0, "xgrad::scan(axis, f, initial, elements...): each of the elements must have the axis. Fix: what is the same in every step needs no mention, f may use it.");
    return with_axis_moved<place < 0 ? 0 : place, 0>(x);
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
    static constexpr std::uint64_t digest = digest_of_body(made<0>{});

    template <class... C>
    static constexpr std::array<const record*, states> records_of{ast::node_traits<C>::of()...};

    template <class... N, class... C>
    static constexpr auto close(std::tuple<N...>, std::tuple<C...>) {
        static_assert(((ast::node_traits<N>::of()->extents == carry_shape<Axis, ast::node_traits<I>::of()>) && ...),
                      "xgrad::scan(axis, f, initial, elements...): f must return states of the initial ones' extents. Fix: give the initial state its full extents, as "
                      "broadcast(0_c, batch, 64_c).");
        static_assert((keeps_steps(ast::node_traits<N>::of(), Axis::name, records_of<C...>) && ...),
                      "xgrad::scan(axis, f, initial, elements...): f must work on one step. Fix: name the axes it sums over (a sum of all axes would take in the steps), no "
                      "gradient and no scan of a state inside f.");
        return std::tuple{ast::apply<closed_op, attributes{.number = Backwards}>(N{}, C{})...};
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
    /// Where the steps' axis is in the first of the elements it is in the states as well, or as near as they have axes.
    template <class Result, class... Original>
    static constexpr auto moved_back(Result result) {
        constexpr int rank = ast::node_traits<Result>::of()->extents.rank;
        constexpr std::array<int, sizeof...(Original) + 1> places{place_of_axis<Axis, Original>()..., 0};
        return with_axis_moved<0, (places[0] < rank ? places[0] : rank - 1)>(result);
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
        } else if constexpr (!is_callable(carried<0>{})) {
            static_assert(is_callable(carried<0>{}), "xgrad::scan(axis, f, initial, elements...): f must take the states and the elements, as many as there are.");
            return std::tuple<I...>{};
        } else if constexpr (!as_many_expressions(made<0>{})) {
            static_assert(as_many_expressions(made<0>{}), "xgrad::scan(axis, f, initial, elements...): f must return an expression for each initial state, several in a std::tuple.");
            return std::tuple<I...>{};
        } else if constexpr (!std::is_void_v<bad_of<made<0>>>) {
            return for_all(bad_of<made<0>>{});
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
    constexpr auto operator()(dynamic_axis<Name>, F, Initial, X... x) const {
        using initials = in_tuple<Initial>;
        using bad = bad_of<typename initials::type, X...>;
        if constexpr (!std::is_void_v<bad>) {
            return only_or_all<initials::single>(scan_maker<dynamic_axis<Name>, Backwards, F, typename initials::type, std::tuple<X...>>::for_all(bad{}));
        } else {
            using maker = scan_maker<dynamic_axis<Name>, Backwards, F, typename initials::type, std::tuple<decltype(steps_first<dynamic_axis<Name>>(x))...>>;
            return only_or_all<initials::single>(maker::template make<X...>());
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
/// Shape       initial [S...], elements with the axis anywhere  ->  [S... and the axis]
/// Derivative  a loop the other way, with all that need not wait (products with the elements, gradients of weights) outside, over all steps at once
/// Errors      elements without the axis, states of other extents, an f that sums over the steps. Inside f name axes or count them from the last, as axes<-1>:
///             the steps stand in front
/// Method      f is written for one step and seen by the compiler with the axis in front of all that has steps. What does not depend on a state
///             is computed for all steps before the loop, what no state needs after it
inline constexpr detail::scan_function<false> scan{};
inline constexpr detail::scan_function<true> scan_back{};

}  // namespace xgrad
