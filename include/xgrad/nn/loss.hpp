// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/all.hpp>

namespace xgrad {

/// Losses give one value a row (or element); `mean` or `sum` make them scalars. All are compositions: the textbook formula
/// compiles to the same kernel.

namespace detail {
template <class X>
constexpr bool is_probability() {
    if constexpr (is_bad<X>) {
        return false;
    } else {
        return ast::node_traits<X>::of()->range == domain::probability;
    }
}
/// The shape of a row's value beside the row: [S..., 1].
template <const record* Rows>
inline constexpr shape column_shape = [] {
    shape s = Rows->extents;
    s.push_back(one_extent);
    return s;
}();
template <class X>
constexpr std::int64_t last_extent() {
    if constexpr (is_bad<X>) {
        return 0;
    } else {
        constexpr const record* r = ast::node_traits<X>::of();
        return r->extents.rank ? r->extents[r->extents.rank - 1].size : 0;
    }
}
/// The class count of labels; of anything else (a distribution, a mistake reported elsewhere) what it stands beside.
template <class T>
constexpr std::int64_t width_for(std::int64_t width) {
    if constexpr (is_labels<T>()) {
        return width == 0 ? 0 : ast::node_traits<T>::of()->attr.leaf->classes;
    } else {
        return width;
    }
}
template <class X>
constexpr int rank_of() {
    if constexpr (is_bad<X>) {
        return 0;
    } else {
        return ast::node_traits<X>::of()->extents.rank;
    }
}
}  // namespace detail

/// mean_squared_error(p, y) = mean((p - y)^2) over the last axis.
///
/// Shape       p, y [S..., D]  ->  [S...]
template <ast::symbolic P, ast::symbolic Y>
constexpr auto mean_squared_error(P p, Y y) {
    static_assert(detail::rank_of<P>() >= 1, "xgrad::mean_squared_error(p, y): p needs an axis to average over. Fix: use square(p - y).");
    return mean(square(p - y), axes<-1>);
}

/// binary_cross_entropy(p, y) = -y log p - (1 - y) log(1 - p), both terms.
///
/// Shape       p, y [S...]  ->  [S...]
/// Domain      p a probability (a sigmoid, or an input declared as one); y in [0, 1]
/// Method      where p is a sigmoid the logarithms become softplus: exact on both sides. Otherwise log p and log1p(-p)
template <ast::symbolic P, ast::symbolic Y>
constexpr auto binary_cross_entropy(P p, Y y) {
    static_assert(is_bad<P> || detail::is_probability<P>(),
                  "xgrad::binary_cross_entropy(p, y): p must be a probability. "
                  "Fix: pass logits to binary_cross_entropy_with_logits(z, y), or end the model with a sigmoid.");
    return -y * log(p) - (number<1.0> - y) * log(number<1.0> - p);
}

/// binary_cross_entropy_with_logits(z, y) = y softplus(-z) + (1 - y) softplus(z).
///
/// Shape       z, y [S...]  ->  [S...]
/// Domain      z real: the number before the sigmoid; y in [0, 1]
template <ast::symbolic Z, ast::symbolic Y>
constexpr auto binary_cross_entropy_with_logits(Z z, Y y) {
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::binary_cross_entropy_with_logits(z, y): z is a probability already, and the sigmoid would be applied twice. "
                  "Fix: drop the sigmoid at the end of the model, or call binary_cross_entropy(p, y).");
    return y * softplus(-z) + (number<1.0> - y) * softplus(z);
}

/// Options of cross_entropy.
template <class W>
struct class_weight_option {
    W weight;
};
/// One weight a class, [C]; a row's loss is multiplied by its target's.
template <ast::symbolic W>
constexpr class_weight_option<W> class_weight(W w) {
    return {w};
}
template <class M>
struct row_mask_option {
    M mask;
};
/// Rows to count, boolean [S...]; where false the loss and its gradient are 0, whatever the logits.
template <ast::symbolic M>
constexpr row_mask_option<M> row_mask(M m) {
    return {m};
}

/// row_weights(z, t, w): the class weight of each row's target, [S...]; for `weighted_mean`.
template <ast::symbolic Z, ast::symbolic T, ast::symbolic W>
constexpr auto row_weights(Z z, T t, W w) {
    return pick(w + number<0.0> * z, t);  // w spread to the shape of z; the product is never computed
}

/// weighted_mean(loss, w) = sum(loss w) / sum(w), PyTorch's mean under class weights.
template <ast::symbolic L, ast::symbolic W>
constexpr auto weighted_mean(L loss, W w) {
    return sum(loss * w) / sum(w);
}

namespace detail {
/// Rows of x where `counts` holds, 0 in the others: what a skipped row holds, NaN included, reaches neither loss nor gradient.
template <class X, class M>
constexpr auto counted_rows(X x, M counts) {
    if constexpr (is_bad<X> || is_bad<M>) {
        return x;
    } else {
        constexpr const record* rows = ast::node_traits<M>::of();
        constexpr std::uint32_t last = 1u << rows->extents.rank;
        const auto column = ast::apply<movement_op, attributes{.source = kept_source(column_shape<rows>, last), .target = &column_shape<rows>}>(counts);
        return select(column, x, number<0.0>);
    }
}

/// The options, one after the other: what they make of the logits, and then of the loss of each row.
template <class T>
constexpr bool has_ignored_label() {
    if constexpr (is_bad<T>) {
        return false;
    } else {
        const declaration* d = ast::node_traits<T>::of()->attr.leaf;
        return d && d->kind == leaf_kind::labels && d->has_ignored;
    }
}
template <class Z, class M>
constexpr auto before(Z z, row_mask_option<M> o) {
    return counted_rows(z, o.mask);
}
template <class Z, class Option>
constexpr auto before(Z z, Option) {
    return z;
}
template <class Z, class T, class L, class W>
constexpr auto after(Z z, T t, L loss, class_weight_option<W> o) {
    static_assert(is_labels<T>(), "xgrad::cross_entropy(z, t, class_weight(w)): t must be labels. Fix: multiply a distribution by w itself.");
    return loss * row_weights(z, t, o.weight);
}
template <class Z, class T, class L, class M>
constexpr auto after(Z, T, L loss, row_mask_option<M> o) {
    return select(o.mask, loss, number<0.0>);
}

template <class Z, class T>
constexpr auto cross_entropy_rows(Z z, T t) {
    if constexpr (is_bad<Z> || is_bad<T>) {
        return z;
    } else if constexpr (has_ignored_label<T>()) {
        const auto counts = t >= number<0.0>;
        return select(counts, -pick(log_softmax(counted_rows(z, counts)), t), number<0.0>);
    } else if constexpr (is_labels<T>()) {
        return -pick(log_softmax(z), t);
    } else {
        return -sum(select(t == number<0.0>, number<0.0>, t * log_softmax(z)), axes<-1>);
    }
}
template <class Z>
constexpr auto before_all(Z z) {
    return z;
}
template <class Z, class First, class... Rest>
constexpr auto before_all(Z z, First first, Rest... rest) {
    return before_all(before(z, first), rest...);
}
template <class Z, class T, class L>
constexpr auto after_all(Z, T, L loss) {
    return loss;
}
template <class Z, class T, class L, class First, class... Rest>
constexpr auto after_all(Z z, T t, L loss, First first, Rest... rest) {
    return after_all(z, t, after(z, t, loss, first), rest...);
}
}  // namespace detail

/// cross_entropy(z, t) = -log softmax(z)[t] for labels t, -sum(q log softmax(z)) for a distribution q, over the last axis.
///
/// Shape       z [S..., C]; t labels [S...] or a distribution [S..., C]  ->  [S...]
/// Options     class_weight(w), w [C]; row_mask(m), m boolean [S...]; rows with the ignored label count 0
/// Method      (max - z_t) + log1p(sum of the others): six digits even where the model is sure
template <ast::symbolic Z, ast::symbolic T, class... Options>
constexpr auto cross_entropy(Z z, T t, Options... options) {
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::cross_entropy(z, t): z is a probability already, and the softmax would be applied twice. "
                  "Fix: drop the softmax at the end of the model, or call cross_entropy_of(target, predicted).");
    constexpr std::int64_t width = detail::last_extent<Z>(), classes = detail::width_for<T>(width);
    static_assert(width == classes,
                  "xgrad::cross_entropy(z, t): the last extent of z must equal the class count of t. "
                  "Fix: check the width of the last layer and classes(...) of the labels.");
    if constexpr (!is_bad<Z> && width != classes) {
        return ast::bad<pick_op, 2, width, classes>{};
    } else {
        return detail::after_all(z, t, detail::cross_entropy_rows(detail::before_all(z, options...), t), options...);
    }
}

/// cross_entropy_of(target, predicted) = -sum(target log predicted) over the last axis: H(P, Q) of two distributions.
/// A target of 0 counts nothing. On logits use cross_entropy, which is exact.
///
/// Shape       target, predicted [S..., C]  ->  [S...]
/// Domain      both probabilities
template <ast::symbolic P, ast::symbolic Q>
constexpr auto cross_entropy_of(P target, Q predicted) {
    static_assert(is_bad<Q> || detail::is_probability<Q>(),
                  "xgrad::cross_entropy_of(target, predicted): predicted must be a probability. "
                  "Fix: pass logits to cross_entropy(z, target), or declare the input with probability_input.");
    return -sum(select(target == number<0.0>, number<0.0>, target * log(predicted)), axes<-1>);
}

namespace detail {
/// The parameters of rank 2 and more below an expression: digests of the weights, biases left out.
template <const record* Root>
constexpr auto weight_digests() {
    std::array<std::uint64_t, 256> found{};
    std::size_t count = 0;
    std::array<const record*, 1024> stack{Root};
    std::size_t depth = 1;
    std::array<std::uint64_t, 4096> seen{};
    std::size_t seen_count = 0;
    while (depth > 0) {
        const record* r = stack[--depth];
        bool known = false;
        for (std::size_t i = 0; i < seen_count; ++i) known = known || seen[i] == r->digest;
        if (known) continue;
        seen[seen_count++] = r->digest;
        if (r->attr.leaf && r->attr.leaf->kind == leaf_kind::parameter && r->extents.rank >= 2) found[count++] = r->digest;
        for (int i = r->arity; i-- > 0;) stack[depth++] = r->operands[static_cast<std::size_t>(i)];
    }
    return std::pair{found, count};
}
}  // namespace detail

/// l2_penalty(k, e) = k times the sum of squares of every weight (parameter of rank 2 or more) in the expression e.
/// The derivative is 2 k w. Biases are not penalised.
template <ast::symbolic K, ast::symbolic E>
constexpr auto l2_penalty(K k, E) {
    constexpr auto found = detail::weight_digests<ast::node_traits<E>::of()>();
    static_assert(found.second > 0, "xgrad::l2_penalty(k, e): e has no weights. Fix: pass the model's output, or sum(square(w)) of one weight.");
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return k * (sum(square(ast::node<found.first[I]>{})) + ...);
    }(std::make_index_sequence<found.second>{});
}

}  // namespace xgrad
