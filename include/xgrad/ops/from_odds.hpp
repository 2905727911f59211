// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/square.hpp>

namespace xgrad {

/// from_odds(o) = o / (1 + o), for o from 0 to 1: the probability that has these odds.
///
/// Shape       [S...]  ->  [S...]
/// Domain      0 <= o <= 1, where it comes from: odds e^-|x|
/// Derivative  1 / (1 + o)^2
/// Method      what rounding 1 + o loses is exact, and put back into the quotient: 1 ulp beside that of o
struct from_odds_op : elementwise<1> {
    static constexpr std::string_view name = "from_odds";
    static constexpr bool heavy = true;
    static constexpr domain range = domain::probability;
    static constexpr error_bound error{.from = 0, .to = 1, .ulp = 1.5};

    static constexpr auto value(auto o) {
        const auto one = constant(o, 1), whole = one + o, lost = o - (whole - one), quotient = o / whole;
        return quotient - quotient * (lost * (one - quotient));
    }
    static constexpr auto partials(auto o) { return std::tuple{number<1.0> / ast::apply<square_op>(number<1.0> + o)}; }
};

namespace ast {
template <expression X>
constexpr made<from_odds_op, X> from_odds(X x) {
    return apply<from_odds_op>(x);
}
}  // namespace ast

}  // namespace xgrad
