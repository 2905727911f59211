// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "ops/laws.hpp"
#include "support/catch.hpp"

/// The laws of one op: value on the grid in float and double, gradient against closed form and central differences, jvp
/// against gradient, second derivative.
namespace laws {

namespace xg = xgrad;
using namespace xg::literals;

inline constexpr auto n = xg::axis<"n">;
inline constexpr auto a = xg::input<"a">(n);
inline constexpr auto b = xg::input<"b">(n);
inline constexpr auto c = xg::mask<"c">(n);
inline constexpr auto w = xg::input<"w">(n);
inline constexpr auto ta = xg::input<"ta">(n);
inline constexpr auto tb = xg::input<"tb">(n);

template <class Op>
constexpr auto applied() {
    if constexpr (Op::arity == 3) {
        return xg::ast::apply<Op>(c, a, b);
    } else if constexpr (Op::arity == 2) {
        return xg::ast::apply<Op>(a, b);
    } else if constexpr (Op::boolean_operands) {
        return xg::ast::apply<Op>(c);
    } else {
        return xg::ast::apply<Op>(a);
    }
}
template <class Op, class A>
auto called(auto program, const A& x, const A& y, const support::array<bool, 1>& m) {
    if constexpr (Op::arity == 3) {
        return program(c = m, a = x, b = y);
    } else if constexpr (Op::arity == 2) {
        return program(a = x, b = y);
    } else if constexpr (Op::boolean_operands) {
        return program(c = m);
    } else {
        return program(a = x);
    }
}
template <class Op>
real expected(real m, real x, real y) {
    if constexpr (Op::arity == 3) {
        return law<Op>::value(m, x, y);
    } else if constexpr (Op::arity == 2) {
        return law<Op>::value(x, y);
    } else if constexpr (Op::boolean_operands) {
        return law<Op>::value(m);
    } else {
        return law<Op>::value(x);
    }
}
/// The bound an op states; correctly rounded where it states none.
template <class Op, class T>
constexpr xgrad::error_bound bound_of() {
    if constexpr (requires { Op::error; }) {
        xgrad::error_bound stated = Op::error;
        if (sizeof(T) == 8) stated.ulp = stated.in_double;
        return stated;
    } else {
        return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(), Op::exact ? 0.0 : 0.5001};
    }
}

/// The worst finite value in units in the last place; infinity where a limit is wrong.
template <class Op, class T>
void values_hold() {
    std::vector<T> left, right;
    std::vector<char> mask;
    for (T x : grid<T>())
        for (T y : grid<T>()) {
            left.push_back(x);
            right.push_back(y);
            mask.push_back(left.size() % 3 == 0);
            if (Op::arity == 1 && !Op::boolean_operands) break;
        }
    auto m = support::shaped<bool>({left.size()});
    std::copy(mask.begin(), mask.end(), m.begin());
    const auto x = support::vector_of(left), y = support::vector_of(right);
    const auto got = called<Op>(xg::compile<T>(applied<Op>()), x, y, m);
    REQUIRE(got.size() == left.size());
    constexpr xgrad::error_bound bound = bound_of<Op, T>();
    double worst = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const real exact = expected<Op>(mask[i], left[i], right[i]);
        // Outside the stated range only limits are promised: what is exactly 0, infinite or NaN.
        const bool inside = left[i] >= bound.from && left[i] <= bound.to;
        if (!inside && (requires { law<Op>::only_inside; } || (std::isfinite(static_cast<T>(exact)) && exact != 0))) continue;
        if (static_cast<T>(exact) == 0 && std::abs(exact) > 0) continue;  // underflow: 0 or a subnormal number, both will do
        const double error = support::ulps(got(i), exact);
        worst = std::max(worst, error);
        if (error > bound.ulp) {
            INFO(Op::name << (sizeof(T) == 4 ? " float(" : " double(") << left[i] << ", " << right[i] << ", mask " << int{mask[i]} << ") = " << got(i) << ", exactly "
                          << static_cast<double>(exact));
            CHECK(error <= bound.ulp);
        }
    }
    CHECK(worst <= bound.ulp);
}

/// sum(w f(...)) by each operand, and the directional derivative. (`names` keeps every name in the plan: a constant derivative
/// would lose some.)
template <class Op>
void gradients_hold() {
    const law<Op> tried{};
    const auto left = points(tried.low, tried.high, 0.0), right = points(tried.low, tried.high, 0.33);
    const std::size_t count = left.size();
    auto x = support::vector_of(left), y = support::vector_of(right);
    std::rotate(y.begin(), y.begin() + 17, y.end());  // both orders of the two operands occur
    const auto weight = support::uniform<double>({count}, 1), tx = support::uniform<double>({count}, 2), ty = support::uniform<double>({count}, 3);
    constexpr auto f = applied<Op>();
    constexpr auto loss = xg::sum(w * f);
    const double step = 1e-5;
    if constexpr (Op::arity == 1) {
        const auto [value, slope, moved, names] = xg::compile<double>(f, xg::gradient(loss, a), xg::jvp(f, a, ta), a + w + ta)(a = x, w = weight, ta = tx);
        const support::array<double, 1> above = x + step, below = x - step;
        const auto high = xg::compile<double>(f)(a = above), low = xg::compile<double>(f)(a = below);
        double dot = 0, directional = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const double exact = static_cast<double>(law<Op>::partials(x(i))[0]);
            INFO(Op::name << " at " << x(i));
            CHECK(slope(i) == Approx(weight(i) * exact).epsilon(1e-13).margin(1e-15));
            CHECK(moved(i) == Approx(tx(i) * exact).epsilon(1e-13).margin(1e-15));
            CHECK((high(i) - low(i)) / (2 * step) == Approx(exact).epsilon(1e-5).margin(1e-9));
            dot += slope(i) * tx(i);
            directional += weight(i) * moved(i);
        }
        CHECK(dot == Approx(directional).epsilon(1e-12));
    } else if constexpr (Op::arity == 2) {
        const auto [value, da, db, moved, names] = xg::compile<double>(f, xg::gradient(loss, a, b), xg::jvp(f, a, ta) + xg::jvp(f, b, tb), a + b + w + ta + tb)(
            a = x, b = y, w = weight, ta = tx, tb = ty);
        const support::array<double, 1> x1 = x + step, x0 = x - step, y1 = y + step, y0 = y - step;
        constexpr auto program = xg::compile<double>(f);
        const auto ahigh = program(a = x1, b = y), alow = program(a = x0, b = y), bhigh = program(a = x, b = y1), blow = program(a = x, b = y0);
        double dot = 0, directional = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto exact = law<Op>::partials(x(i), y(i));
            const double ea = static_cast<double>(exact[0]), eb = static_cast<double>(exact[1]);
            INFO(Op::name << " at " << x(i) << ", " << y(i));
            CHECK(da(i) == Approx(weight(i) * ea).epsilon(1e-13).margin(1e-15));
            CHECK(db(i) == Approx(weight(i) * eb).epsilon(1e-13).margin(1e-15));
            CHECK((ahigh(i) - alow(i)) / (2 * step) == Approx(ea).epsilon(1e-5).margin(1e-9));
            CHECK((bhigh(i) - blow(i)) / (2 * step) == Approx(eb).epsilon(1e-5).margin(1e-9));
            dot += da(i) * tx(i) + db(i) * ty(i);
            directional += weight(i) * moved(i);
        }
        CHECK(dot == Approx(directional).epsilon(1e-12).margin(1e-14));
    } else {
        auto m = support::shaped<bool>({count});
        for (std::size_t i = 0; i < count; ++i) m(i) = i % 3 == 0;
        const auto [da, db, ja, jb, names] =
            xg::compile<double>(xg::gradient(loss, a, b), xg::jvp(f, a, ta), xg::jvp(f, b, tb), a + b + w + ta + tb)(c = m, a = x, b = y, w = weight, ta = tx, tb = ty);
        for (std::size_t i = 0; i < count; ++i) {
            INFO(Op::name << ", mask " << m(i));
            CHECK(da(i) == (m(i) ? weight(i) : 0));
            CHECK(db(i) == (m(i) ? 0 : weight(i)));
            CHECK(ja(i) == (m(i) ? tx(i) : 0));
            CHECK(jb(i) == (m(i) ? 0 : ty(i)));
        }
    }
}

/// The gradient of the gradient, and the jvp of the gradient (forward over reverse), on the diagonal.
template <class Op>
void second_derivatives_hold() {
    const law<Op> tried{};
    const auto x = support::vector_of(points(tried.low, tried.high, 0.0));
    const auto tx = support::uniform<double>({x.size()}, 4), weight = support::uniform<double>({x.size()}, 5);
    constexpr auto slope = xg::gradient(xg::sum(applied<Op>()), a);
    const auto [twice, forward, names] = xg::compile<double>(xg::gradient(xg::sum(w * slope), a), xg::jvp(slope, a, ta), a + w + ta)(a = x, w = weight, ta = tx);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double exact = static_cast<double>(law<Op>::second(x(i)));
        INFO(Op::name << " at " << x(i));
        CHECK(twice(i) == Approx(weight(i) * exact).epsilon(1e-12).margin(1e-14));
        CHECK(forward(i) == Approx(tx(i) * exact).epsilon(1e-12).margin(1e-14));
    }
}

template <class Op>
void all_hold() {
    values_hold<Op, float>();
    values_hold<Op, double>();
    if constexpr (!Op::boolean_operands) gradients_hold<Op>();
    if constexpr (requires { law<Op>::second(real{}); }) second_derivatives_hold<Op>();
}

/// Every op of the library, in parts that compile side by side.
inline constexpr std::size_t parts = 5;
template <std::size_t Part>
using ops_of_part = decltype([]<std::size_t... I>(std::index_sequence<I...>) {
    return std::tuple_cat([] {
        if constexpr (I % parts == Part) {
            return std::tuple<std::tuple_element_t<I, xg::elementwise_ops>>{};
        } else {
            return std::tuple<>{};
        }
    }()...);
}(std::make_index_sequence<std::tuple_size_v<xg::elementwise_ops>>{}));

}  // namespace laws
