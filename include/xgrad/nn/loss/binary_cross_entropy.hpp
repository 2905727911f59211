// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>
#include <xgrad/nn/loss/softmax_options.hpp>

namespace xgrad {

namespace detail {
/// The share of one of two classes, y or 1 - y, after label smoothing.
template <class Y, class... Options>
constexpr auto share_of(Y y, Options... options) {
    if constexpr (has_option<option_kind::label_smoothing, Options...>) {
        const auto e = value_among<option_kind::label_smoothing>(options...);
        return (number<1.0> - e) * y + number<0.5> * e;
    } else {
        return y;
    }
}
/// p where its class has a share. Where it has none a P that is data may be exactly 0, and 0 times infinity: there `safe`, whose logarithm is 0.
template <class P, class W, class X, class Safe>
constexpr auto where_shared(W share, X p, Safe safe) {
    if constexpr (is_bad<P> || is_bad<W>) {
        return p;
    } else if constexpr (ast::node_traits<P>::of()->arity == 0) {
        return select(share == number<0.0>, safe, p);
    } else {
        return p;
    }
}
}  // namespace detail

/// binary_cross_entropy(p, y) = -y log p - (1 - y) log(1 - p), both terms.
///
/// Formula     -y log p - (1 - y) log(1 - p)
/// Gradient    (p - y) / (p (1 - p))
/// Shape       p, y [S...]  ->  [S...]
/// Domain      p a probability (a sigmoid, or an input declared as one); y in [0, 1]
/// Method      where p is a sigmoid the logarithms become softplus: exact on both sides. Otherwise log p and log1p(-p)
/// Options     label_smoothing(e); those of every loss
/// Limits      p = 0 or 1 that is data: 0 where the label is the same, infinity where it is the other (PyTorch has 100 there)
/// Source      Good, JRSS B 1952
/// Catalogue   loss, binary
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto binary_cross_entropy(P given, Y target, Options... options) {
    static_assert(is_bad<P> || detail::is_probability<P>(),
                  "xgrad::binary_cross_entropy(p, y): p must be a probability. "
                  "Fix: pass logits to binary_cross_entropy_with_logits(z, y), or end the model with a sigmoid.");
    const auto p = counted(given, number<0.5>, options...);
    const auto y = counted(target_for(given, target), number<0.5>, options...);
    const auto positive = detail::share_of(y, options...);
    const auto negative = detail::share_of(number<1.0> - y, options...);
    const auto of_positive = -positive * log(detail::where_shared<P>(positive, p, number<1.0>));
    const auto rows = of_positive - negative * log(number<1.0> - detail::where_shared<P>(negative, p, number<0.0>));
    return reduced<option_kind::label_smoothing>(rows, nothing, nothing, options...);
}

}  // namespace xgrad
