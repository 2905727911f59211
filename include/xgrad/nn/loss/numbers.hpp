// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/arguments.hpp>

namespace xgrad {

/// Numbers that losses take by name, as constants or as expressions: `huber(p, y, delta(2_c))`, `huber(p, y, delta(scalar<"delta">))`.
template <option_kind Kind, class X>
using number_option = value_option<Kind, X>;
/// Switches that losses take by name: `triplet_margin(a, p, n, distance_swap)`.
template <option_kind Kind>
struct switch_option {
    static constexpr auto kind = Kind;
};

/// The bits of these options. Functions, not objects, make them: a local variable may then have the same name.
namespace named {
inline constexpr auto margin = option_kind{1ull << 32};
inline constexpr auto epsilon = option_kind{1ull << 33};
inline constexpr auto gamma = option_kind{1ull << 34};
inline constexpr auto gamma_positive = option_kind{1ull << 35};
inline constexpr auto gamma_negative = option_kind{1ull << 36};
inline constexpr auto clip = option_kind{1ull << 37};
inline constexpr auto alpha = option_kind{1ull << 38};
inline constexpr auto beta = option_kind{1ull << 39};
inline constexpr auto delta = option_kind{1ull << 40};
inline constexpr auto smooth = option_kind{1ull << 41};
inline constexpr auto pos_weight = option_kind{1ull << 42};
inline constexpr auto norm_degree = option_kind{1ull << 43};
inline constexpr auto width = option_kind{1ull << 44};
inline constexpr auto curvature = option_kind{1ull << 45};
inline constexpr auto quantile = option_kind{1ull << 46};
inline constexpr auto reduced_threshold = option_kind{1ull << 47};
inline constexpr auto distance_swap = option_kind{1ull << 48};
inline constexpr auto full_likelihood = option_kind{1ull << 49};
inline constexpr auto rate_input = option_kind{1ull << 50};
inline constexpr auto from_logits = option_kind{1ull << 51};
inline constexpr auto log_loss = option_kind{1ull << 52};
inline constexpr auto normalised = option_kind{1ull << 53};
inline constexpr auto present_only = option_kind{1ull << 54};
inline constexpr auto weight = option_kind{1ull << 55};
inline constexpr auto pixel_mask = option_kind{1ull << 56};
inline constexpr auto over = option_kind{1ull << 57};
}  // namespace named

/// margin(k): how far apart two sides must be.
template <ast::symbolic X>
constexpr number_option<named::margin, X> margin(X k) {
    return {k};
}
/// epsilon(k): what keeps a divisor or a logarithm away from 0.
template <ast::symbolic X>
constexpr number_option<named::epsilon, X> epsilon(X k) {
    return {k};
}
/// gamma(k): how strongly easy examples are turned down.
template <ast::symbolic X>
constexpr number_option<named::gamma, X> gamma(X k) {
    return {k};
}
/// gamma_positive(k): gamma of the examples whose label is 1.
template <ast::symbolic X>
constexpr number_option<named::gamma_positive, X> gamma_positive(X k) {
    return {k};
}
/// gamma_negative(k): gamma of the examples whose label is 0.
template <ast::symbolic X>
constexpr number_option<named::gamma_negative, X> gamma_negative(X k) {
    return {k};
}
/// clip(k): how far the probability of a negative is shifted down.
template <ast::symbolic X>
constexpr number_option<named::clip, X> clip(X k) {
    return {k};
}
/// alpha(k): the weight of the positives, or of false positives.
template <ast::symbolic X>
constexpr number_option<named::alpha, X> alpha(X k) {
    return {k};
}
/// beta(k): where a curve turns into a line, or the weight of false negatives.
template <ast::symbolic X>
constexpr number_option<named::beta, X> beta(X k) {
    return {k};
}
/// delta(k): where a curve turns into a line.
template <ast::symbolic X>
constexpr number_option<named::delta, X> delta(X k) {
    return {k};
}
/// smooth(k): what is added to both sides of a quotient.
template <ast::symbolic X>
constexpr number_option<named::smooth, X> smooth(X k) {
    return {k};
}
/// pos_weight(k): the weight of the positives, [] or [C].
template <ast::symbolic X>
constexpr number_option<named::pos_weight, X> pos_weight(X k) {
    return {k};
}
/// weight(k): the weight of each class, [C].
template <ast::symbolic X>
constexpr number_option<named::weight, X> weight(X k) {
    return {k};
}
/// pixel_mask(k): which pixels count, boolean, of the target's shape: pixel_mask(y != 255_c).
template <ast::symbolic X>
constexpr number_option<named::pixel_mask, X> pixel_mask(X k) {
    return {k};
}
/// norm_degree(k): the p of a p-norm.
template <ast::symbolic X>
constexpr number_option<named::norm_degree, X> norm_degree(X k) {
    return {k};
}
/// width(k): how far a curve reaches.
template <ast::symbolic X>
constexpr number_option<named::width, X> width(X k) {
    return {k};
}
/// curvature(k): how sharply it bends.
template <ast::symbolic X>
constexpr number_option<named::curvature, X> curvature(X k) {
    return {k};
}
/// quantile(k): which part of the targets lies below the prediction.
template <ast::symbolic X>
constexpr number_option<named::quantile, X> quantile(X k) {
    return {k};
}
/// reduced_threshold(k): the probability below which a focal factor stays 1.
template <ast::symbolic X>
constexpr number_option<named::reduced_threshold, X> reduced_threshold(X k) {
    return {k};
}
/// distance_swap: the negative is compared with the nearer of anchor and positive.
inline constexpr switch_option<named::distance_swap> distance_swap{};
/// full_likelihood: terms that do not depend on the prediction are counted as well.
inline constexpr switch_option<named::full_likelihood> full_likelihood{};
/// rate_input: the prediction is the rate itself, not its logarithm.
inline constexpr switch_option<named::rate_input> rate_input{};
/// from_logits: the prediction is a logit: a sigmoid comes first.
inline constexpr switch_option<named::from_logits> from_logits{};
/// log_loss: -log(score) instead of 1 - score.
inline constexpr switch_option<named::log_loss> log_loss{};
/// normalised: divided by the sum of the focal factors.
inline constexpr switch_option<named::normalised> normalised{};
/// present_only: rows whose target is empty count 0.
inline constexpr switch_option<named::present_only> present_only{};

namespace detail {
/// The number given by name, or the one that stands if it is not.
template <option_kind Kind, class Otherwise, class... Options>
constexpr auto number_or(Otherwise otherwise, Options... options) {
    if constexpr (has_option<Kind, Options...>) {
        return option_of<Kind>(options...).value;
    } else {
        return otherwise;
    }
}
/// Whether an expression is this number and known to be; -1_c is the negative of a number.
template <class X>
constexpr bool is_number(double value) {
    if constexpr (is_bad<X>) {
        return false;
    } else {
        constexpr const record* r = ast::node_traits<std::remove_cv_t<X>>::of();
        if constexpr (r->op->digest == type_digest<negate_op>()) return r->operands[0]->op == &info<constant_op> && r->operands[0]->attr.number == -value;
        return r->op == &info<constant_op> && r->attr.number == value;
    }
}
}  // namespace detail

}  // namespace xgrad
