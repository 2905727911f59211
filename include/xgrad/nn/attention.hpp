// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/causal.hpp>
#include <xgrad/nn/layer.hpp>
#include <xgrad/nn/loss/softmax_options.hpp>
#include <xgrad/nn/step_mask.hpp>
#include <xgrad/ops/attention.hpp>

namespace xgrad {

namespace named {
inline constexpr auto heads = option_kind{1ull << 26};
inline constexpr auto attend_to = option_kind{1ull << 28};
}  // namespace named

/// What attention takes:
///
///   heads(n)                           the features of q, k and v are those of n heads, side by side; 1 if nothing is said
///   causal                             a step sees itself and the steps before it
///   step_mask(m)                       m boolean, k's extents without the last: keys where it is false are not there, whatever they hold
///   logit_scale(s), temperature(T)     the scores are multiplied by s, or divided by T; if nothing is said, by the square root of a head's features
///   softcap(c)                         a scaled score z becomes c tanh(z / c), c a number such as 30_c
///   attend_to(axis, y)                 of a layer: keys and values are made of y, along its axis of steps
template <class N>
struct heads_option {
    static constexpr auto kind = named::heads;
    static constexpr std::int64_t count = detail::to_extent(N{}).size;
    static_assert(count > 0 && count < 65536, "xgrad::heads(n): n is a number from 1 to 65535. Fix: write heads(8_c).");
};
template <class N>
constexpr heads_option<N> heads(N) {
    return {};
}
template <class Axis, ast::symbolic Y>
struct attend_to_option {
    static constexpr auto kind = named::attend_to;
    using axis = Axis;
    Y value;
};
template <fixed_string Name, ast::symbolic Y>
constexpr attend_to_option<dynamic_axis<Name>, Y> attend_to(dynamic_axis<Name>, Y y) {
    return {y};
}

namespace detail {
inline constexpr auto attention_options = named::heads | named::causal | named::step_mask | option_kind::logit_scale | option_kind::softcap;

template <class... Options>
constexpr std::int64_t head_count() {
    using found = decltype(option_of<named::heads>(std::declval<Options>()...));
    if constexpr (is_given<found>) {
        return found::count;
    } else {
        return 1;
    }
}
template <class... Options>
constexpr double cap_of_scores() {
    using found = decltype(value_among<option_kind::softcap>(std::declval<Options>()...));
    if constexpr (is_given<found>) {
        static_assert(is_constant<found>, "xgrad::softcap(c): in attention c is a number. Fix: write softcap(30_c).");
        return literal_value<found>();
    } else {
        return 0;
    }
}
/// Options without those of one kind, as a tuple.
template <option_kind Kind, class... Options>
constexpr auto without(std::tuple<Options...> options) {
    return std::apply([](auto... o) { return std::tuple_cat([&] {
        if constexpr (kind_of<decltype(o)>() == Kind) return std::tuple<>{};
        else return std::tuple{o};
    }()...); }, options);
}
/// q times what the scores are multiplied by.
template <std::int64_t Features, class Q, class... Options>
constexpr auto scaled_queries(Q q, Options... options) {
    const auto scale = value_among<option_kind::logit_scale>(options...);
    if constexpr (is_given<decltype(scale)>) {
        return q * scale;
    } else {
        return q / ast::apply<sqrt_op>(number<static_cast<double>(Features)>);
    }
}
/// x with 0 at the steps that a mask leaves out: what stands there reaches nothing, not even as NaN. (A mask of other extents is attention's to report.)
template <class X, class... Options>
constexpr auto where_there(X x, Options... options) {
    const auto mask = mask_of(options...);
    if constexpr (!is_given<decltype(mask)> || is_bad<X>) {
        return x;
    } else if constexpr (is_bad<decltype(mask)>) {
        return mask;
    } else if constexpr (!masks_all_steps(shape_of(mask), shape_of(x))) {
        return x;
    } else {
        return select(mask, x, number<0.0>);
    }
}
/// The means of v; what is behind them in attention's result is left out.
template <class Q, class K, class V, class... Options>
constexpr auto attention_means(Q q, K k, V v, Options... options) {
    constexpr std::int64_t count = head_count<Options...>(), width = rank_of<Q>() > 0 ? last_extent<Q>() : 0, values = rank_of<V>() > 0 ? last_extent<V>() : 0;
    constexpr attributes how{.axes = attention_axes(count, has_option<named::causal, Options...>), .number = cap_of_scores<Options...>()};
    const auto scaled = scaled_queries<std::max<std::int64_t>(1, width / count)>(q, options...);
    const auto mask = option_of<named::step_mask>(options...);
    const auto means = [&](auto all) {
        if constexpr (is_bad<decltype(all)>) {
            return all;
        } else {
            return ast::apply<slice_op, attributes{.axes = 1u << (rank_of<Q>() - 1), .number = packed_pair(0, values)}>(all);
        }
    };
    if constexpr (is_given<decltype(mask)>) {
        return means(ast::apply<attention_op<true>, how>(scaled, k, v, ast::apply<indicator_op>(mask.mask)));
    } else {
        return means(ast::apply<attention_op<false>, how>(scaled, k, v));
    }
}
}  // namespace detail

/// scaled_dot_product_attention(q, k, v) = softmax(q k^T / sqrt(F)) v: for each query a mean of the values, those of similar keys most.
///
/// Formula     P v, P = softmax over the keys of q k^T / sqrt(F); head by head, F and G the features of one head
/// Gradient    v: P^T g; of the scores s: P (g v^T - sum(g P v)), from there k: ds^T q, q: ds k
/// Shape       q [S..., T, H F], k [S..., K, H F], v [S..., K, H G]  ->  [S..., T, H G]
/// Options     heads(n), causal, step_mask(m), logit_scale(s), temperature(T), softcap(c)
/// Errors      other extents than these, heads that do not divide the features, causal where q and k have different steps
/// Limits      a query that sees no key gives zeros; an infinite score NaN. One derivative, in reverse; for more write the formula
/// Method      blocks of queries and keys with a running maximum and sum, forward and backward: the scores are never stored
/// Source      Vaswani et al., NIPS 2017; blocks as in Dao et al., NeurIPS 2022; causal as in PyTorch
/// Catalogue   layer
template <ast::symbolic Q, ast::symbolic K, ast::symbolic V, class... Options>
constexpr auto scaled_dot_product_attention(Q q, K k, V v, Options... options) {
    static_assert(detail::are_known<detail::attention_options, Options...>,
                  "xgrad::scaled_dot_product_attention(q, k, v, options...): an option is none of its own. Fix: heads(n), causal, step_mask(m), logit_scale(s), temperature(T), softcap(c).");
    static_assert(detail::are_distinct<Options...>, "xgrad::scaled_dot_product_attention(q, k, v, options...): one option is given twice (temperature and logit_scale are one).");
    if constexpr (is_bad<Q> || is_bad<K> || is_bad<V>) {
        return typename ast::first_bad<Q, K, V>::type{};
    } else {
        return reported(detail::attention_means(ast::quiet(q), detail::where_there(ast::quiet(k), options...), detail::where_there(ast::quiet(v), options...), options...));
    }
}

/// What the sentences of multi_head_attention are kept by.
struct attention_rules {
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A == B, "xgrad::multi_head_attention: the input does not have the axis of steps before its last. Fix: name it, as in multi_head_attention<\"name\">(steps, 64_c).");
        } else if constexpr (Rule == 2) {
            static_assert(A == B, "xgrad::multi_head_attention: the input's last extent must be a number. Fix: declare x as [batch, steps, 32_c], not with a named width.");
        } else {
            static_assert(A % B == 0, "xgrad::multi_head_attention<\"name\">(axis, n, heads(h)): n must be a multiple of h.");
        }
    }
};

/// multi_head_attention<"name">(axis, n)(x): every step of x sees the others through n features in heads of attention.
///
/// Formula     concat over heads of attention(x W_q + b_q, x W_k + b_k, x W_v + b_v), times W_o, plus b_o
/// Gradient    as scaled_dot_product_attention and dense
/// Shape       x [..., in] with the axis anywhere but last  ->  [..., n]
/// Options     heads(h), causal, step_mask(m) with m as x without the last axis (as queries such steps are 0), logit_scale(s), temperature(T), softcap(c);
///             attend_to(axis, y): keys and values from y, whose other axes are x's; step_mask is then y's
/// Parameters  name.{query, key, value}.weight [in, n], name.output.weight [n, n], Glorot uniform; a bias [n] with each, zeros
/// Source      Vaswani et al., NIPS 2017; PyTorch MultiheadAttention without dropout, its in_proj_weight is these three, transposed, one below the other
/// Catalogue   layer
template <fixed_string Name, class Axis, class Width, class... Options>
struct multi_head_attention_layer : detail::called_alone<multi_head_attention_layer<Name, Axis, Width, Options...>> {
    static_assert(detail::are_known<detail::attention_options | named::attend_to, Options...>,
                  "xgrad::multi_head_attention<\"name\">(axis, n, options...): an option is none of its own. "
                  "Fix: heads(n), causal, step_mask(m), logit_scale(s), temperature(T), softcap(c), attend_to(axis, y).");
    static_assert(detail::are_distinct<Options...>, "xgrad::multi_head_attention<\"name\">(axis, n, options...): one option is given twice (temperature and logit_scale are one).");
    static_assert(requires { Axis::name; }, "xgrad::multi_head_attention: the axis of the steps must have a name. Fix: declare it as axis<\"steps\">.");
    static constexpr auto layer_name = Name;
    static constexpr std::int64_t width = detail::to_extent(Width{}).size;
    std::tuple<Options...> options;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        return std::apply([&](auto... all) { return with_keys<join(Prefix, Name)>(x, detail::option_of<named::attend_to>(all...)); }, options);
    }

private:
    template <class A, class X>
    static constexpr int place = detail::place_of_axis<A, X>();
    template <class A, class X>
    static constexpr bool has_steps = place<A, X> >= 0 && place<A, X> + 1 < detail::rank_of<X>();

    template <fixed_string Path, class X, class Memory>
    constexpr auto with_keys(X x, Memory memory) const {
        if constexpr (detail::is_given<Memory>) {
            return run<Path, typename Memory::axis, false>(x, ast::quiet(memory.value));
        } else {
            return run<Path, Axis, true>(x, x);
        }
    }
    /// x with its steps before the features.
    template <class A, class X>
    static constexpr auto steps_near(X x) {
        return detail::with_axis_moved<place<A, X>, detail::rank_of<X>() - 2>(x);
    }
    template <fixed_string Path, class X>
    static constexpr auto projected(X x) {
        constexpr static_extent<detail::last_extent<X>()> in{};
        return ast::matmul(x, parameter<join(Path, fixed_string("weight")), glorot_uniform>(in, Width{})) + parameter<join(Path, fixed_string("bias"))>(Width{});
    }
    template <fixed_string Path, class KeyAxis, bool Itself, class X, class Y>
    constexpr auto run(X x, Y y) const {
        if constexpr (is_bad<Y>) {
            return y;
        } else if constexpr (!has_steps<Axis, X> || !has_steps<KeyAxis, Y>) {
            return ast::bad<attention_rules, 1, 0, 1>{};
        } else if constexpr (shape_of(X{})[detail::rank_of<X>() - 1].is_dynamic() || shape_of(Y{})[detail::rank_of<Y>() - 1].is_dynamic()) {
            return ast::bad<attention_rules, 2, 0, 1>{};
        } else if constexpr (width % detail::head_count<Options...>() != 0) {
            return ast::bad<attention_rules, 3, width, detail::head_count<Options...>()>{};
        } else {
            const auto near = std::apply([](auto... all) { return std::tuple{near_mask<KeyAxis>(all)...}; }, detail::without<named::attend_to>(options));
            const auto keys = std::apply([&](auto... all) { return detail::where_there(steps_near<KeyAxis>(y), all...); }, near);
            const auto queries = [&] {
                if constexpr (Itself) return keys;
                else return steps_near<Axis>(x);
            }();
            const auto means = std::apply(
                [&](auto... all) {
                    return detail::attention_means(projected<join(Path, fixed_string("query"))>(queries), projected<join(Path, fixed_string("key"))>(keys),
                                                   projected<join(Path, fixed_string("value"))>(keys), all...);
                },
                near);
            if constexpr (is_bad<decltype(means)>) {
                return means;
            } else {
                return detail::with_axis_moved<detail::rank_of<X>() - 2, place<Axis, X>>(projected<join(Path, fixed_string("output"))>(means));
            }
        }
    }
    /// A mask with its steps last.
    template <class KeyAxis, class O>
    static constexpr auto near_mask(O option) {
        if constexpr (detail::kind_of<O>() == named::step_mask) {
            constexpr int at = place<KeyAxis, decltype(option.mask)>;
            return step_mask(detail::with_axis_moved<(at < 0 ? detail::rank_of<decltype(option.mask)>() - 1 : at), detail::rank_of<decltype(option.mask)>() - 1>(option.mask));
        } else {
            return option;
        }
    }
};
template <fixed_string Name, class Axis, class Width, class... Options>
constexpr auto multi_head_attention(Axis, Width, Options... options) {
    return multi_head_attention_layer<Name, Axis, canonical_extent<Width>, Options...>{{}, {options...}};
}

}  // namespace xgrad
