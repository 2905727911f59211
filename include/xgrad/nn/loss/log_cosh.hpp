// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

/// log_cosh(p, y) = log(cosh(p - y)): a square near 0, |p - y| - log 2 far away, smooth between.
///
/// Formula     |e| + log1p(e^(-2 |e|)) - log 2, e = p - y
/// Gradient    tanh(p - y)
/// Shape       p, y [S...]  ->  [S...]
/// Options     those of every loss
/// Error       2 ulp of the op in ops/log_cosh.hpp, also where p is close to y and the formula has no digits left
/// Source      Green, IEEE Trans. Med. Imaging 1990; Keras LogCosh
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto log_cosh(P p, Y y, Options... options) {
    return reduced(ast::apply<log_cosh_op>(counted(difference(p, y), number<0.0>, options...)), nothing, nothing, options...);
}

}  // namespace xgrad
