// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/ctc_options.hpp>

namespace xgrad {

/// ctc_loss(z, t) = connectionist temporal classification: labels t of a sequence whose steps have none, -log of their probability under softmax(z).
///
/// Formula     -log sum of prod_s softmax(z_s)[a_s] over all alignments a that are t once repeats are made one and blanks taken out
/// Gradient    softmax(z)_sk - P(a_s = k | t)
/// Shape       z [time, batch, C], t labels [batch, length] of C classes, the ignored label marking those that are not there  ->  [batch]
/// Options     those of every loss; blank<0>, zero_infinity, per_label, step_mask(m), input_lengths(n)
/// Limits      no labels: all steps are blank; no steps and no labels: 0; too few steps for the labels and the blanks between equal ones, or the blank among
///             the labels: inf, and a derivative of NaN; zero_infinity makes both 0. No second derivative
/// Method      forward and backward recursions in log space and in double, each step's occupancies divided by their sum
/// Source      Graves et al., ICML 2006; defaults as in PyTorch
/// Catalogue   loss, sequence
template <ast::symbolic Z, ast::symbolic T, class... Options>
constexpr auto ctc_loss(Z logits, T t, Options... options) {
    static_assert(!detail::is_probability<Z>(), "xgrad::ctc_loss(z, t): z must be logits. Fix: drop the softmax at the end of the model.");
    static_assert(detail::is_labels<T>(), "xgrad::ctc_loss(z, t): t must be labels. Fix: declare it as xg::labels<\"t\">(batch, length, xg::classes(30_c), xg::ignore_index<-1>).");
    constexpr int blank = detail::blank_of<decltype(detail::option_of<named::blank>(options...))>();
    constexpr std::int64_t width = detail::last_extent<Z>();
    if constexpr (is_bad<Z> || is_bad<T> || !detail::is_labels<T>()) {
        return logits;
    } else if constexpr (detail::rank_of<Z>() < 3) {
        return reported(ast::bad<ctc_op<false>, 1, detail::rank_of<Z>(), 3>{});
    } else {
        static_assert(width == static_cast<std::int64_t>(detail::class_count_of<T>()),
                      "xgrad::ctc_loss(z, t): the last extent of z must equal the class count of t, the blank among them. Fix: check the width of the last layer.");
        static_assert(blank >= 0 && blank < width, "xgrad::blank<i>: the blank is one of the classes, 0 to classes - 1.");
        const auto z = counted(detail::steps_behind_rows(logits), number<0.0>, options...);
        const auto rows = detail::ctc_adjusted(detail::ctc_rows<blank>(z, t, detail::steps_there(z, options...)), t, options...);
        return reduced<detail::ctc_options>(rows, nothing, nothing, options...);
    }
}

}  // namespace xgrad
