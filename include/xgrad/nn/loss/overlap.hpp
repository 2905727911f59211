// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

/// Which axes an overlap is summed over; the last if nothing is said. `over(axes<0, 2>)` with p [N, C, D] gives one value a class.
template <class Axes>
struct over_option {
    static constexpr auto kind = named::over;
    Axes value;
};
template <class Axes>
constexpr over_option<Axes> over(Axes which) {
    return {which};
}

namespace detail {
inline constexpr auto overlap_options = named::over | named::pixel_mask | named::from_logits | named::smooth | named::epsilon | named::log_loss | named::present_only;

template <class X, class... Options>
constexpr auto in_pixels(X x, Options... options) {
    if constexpr (has_option<named::pixel_mask, Options...>) {
        return select(option_of<named::pixel_mask>(options...).value, x, number<0.0>);
    } else {
        return x;
    }
}
/// The prediction as a probability.
template <class P, class... Options>
constexpr auto probability_of(P given, Options... options) {
    constexpr bool logits = has_option<named::from_logits, Options...>;
    static_assert(is_bad<P> || is_probability<P>() != logits,
                  "xgrad: a loss of overlap (dice, jaccard, tversky, ...) takes probabilities, or logits with the option from_logits. "
                  "Fix: pass sigmoid(z), or say from_logits; declare an input of probabilities with probability_input.");
    const auto x = in_pixels(counted(given, number<0.0>, options...), options...);
    if constexpr (logits) {
        return sigmoid(x);
    } else {
        return x;
    }
}

/// What a prediction p and a target y have in common, and what one of them has alone: the sums of p y, p (1 - y), (1 - p) y, and of y.
template <class Both, class Predicted, class Missed, class Wanted>
struct overlap {
    Both both;
    Predicted false_positives;
    Missed false_negatives;
    Wanted wanted;
};
template <class P, class Y, class... Options>
constexpr auto overlap_of(P given, Y target, Options... options) {
    const auto which = number_or<named::over>(axes<-1>, options...);
    const auto p = probability_of(given, options...);
    const auto label = counted(target_for(given, target), number<0.0>, options...);
    const auto y = in_pixels(label, options...);
    const auto total = [&](auto x) { return sum(x, which); };
    const auto both = total(p * y);
    const auto false_positives = total(p * in_pixels(number<1.0> - label, options...));
    const auto false_negatives = total((number<1.0> - p) * y);
    const auto wanted = total(y);
    return overlap{both, false_positives, false_negatives, wanted};
}

/// 1 - hits / (hits + errors), or minus its logarithm; 0 where both are 0. Written so that value and gradient have digits on both sides:
/// a quotient of what is small, and neither a difference of nearly equal numbers nor the derivative of one.
template <class Hits, class Errors, class... Options>
constexpr auto one_minus_share(Hits found, Errors errors, Options... options) {
    const auto hits = select(found + errors == number<0.0>, number<1.0>, found);
    const auto total = hits + errors;
    if constexpr (has_option<named::log_loss, Options...>) {
        const auto least = number_or<named::epsilon>(number<1e-7>, options...);
        const auto counts = hits > least * total;
        return select(counts, log1p(errors / select(counts, hits, number<1.0>)), -log(least));
    } else {
        return select(errors < hits, errors / total, number<1.0> - hits / total);
    }
}
/// The last step of these losses: with present_only, rows without a positive target do not count.
template <option_kind Allowed, class Rows, class Wanted, class... Options>
constexpr auto reduced_overlap(Rows rows, Wanted wanted, Options... options) {
    if constexpr (has_option<named::present_only, Options...>) {
        return reduced<Allowed>(rows, nothing, wanted > number<0.0>, options...);
    } else {
        return reduced<Allowed>(rows, nothing, nothing, options...);
    }
}
}  // namespace detail

}  // namespace xgrad
