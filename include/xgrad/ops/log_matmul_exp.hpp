// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/exp.hpp>
#include <xgrad/ops/exponential_product.hpp>
#include <xgrad/ops/select.hpp>

namespace xgrad {

struct log_matmul_exp_op;
struct log_matmul_exp_left_op;
struct log_matmul_exp_right_op;

namespace detail {
/// p [..., J], a [J, K], and what has the extents of the result.
constexpr shape_result log_matmul_exp_shapes(const shape* operands, bool slope, const shape* result) {
    const shape &p = operands[0], &a = operands[1];
    if (p.rank < 1) return {{}, 1, p.rank, 1};
    if (a.rank != 2) return {{}, 2, a.rank, 2};
    if (!(p[p.rank - 1] == a[0])) return {{}, 3, p[p.rank - 1].size, a[0].size};
    shape made = p;
    made[p.rank - 1] = a[1];
    if (slope && !(operands[2] == made)) return {{}, 3, operands[2].rank, made.rank};
    return {result ? *result : made};
}

/// The shares e^(p_j + a_jk - m_k) that the terms of each sum have, [..., J, K], as nodes of a graph; 0 where m_k is -inf.
template <class X>
struct log_matmul_exp_shares {
    X shares;
    int rank;  ///< of p

    constexpr log_matmul_exp_shares(X p, X a) : shares(p), rank(p.shape().rank) {
        shape cube = p.shape();
        cube.push_back(a.shape()[1]);
        const X m = ast::apply<log_matmul_exp_op>(p, a), like = constant(p, 0).spread_to(cube);
        const X finite = ast::apply<select_op>(m > constant(m, -std::numeric_limits<double>::infinity()), m, constant(m, 0));
        shares = ast::apply<exp_op>(p.insert_axes(of_columns(), like) + a.spread_to(cube) - finite.insert_axes(of_terms(), like));
    }
    constexpr std::uint32_t of_columns() const { return 1u << rank; }
    constexpr std::uint32_t of_terms() const { return 1u << (rank - 1); }
    constexpr std::uint32_t of_rows() const { return of_terms() - 1; }
    constexpr X left(X p) const { return p.insert_axes(of_columns(), shares); }
    constexpr X right(X a) const { return a.spread_to(shares.shape()); }
    constexpr X result(X m) const { return m.insert_axes(of_terms(), shares); }
    constexpr X over_rows(X x) const { return rank > 1 ? x.sum(of_rows()) : x; }
    /// The mean of x with these weights.
    constexpr X mean(X x) const { return (shares * x).sum(of_terms()); }
    /// What the derivative of sum g x shares by the exponents is.
    constexpr X slope(X g, X x) const { return result(g) * shares * (x - result(mean(x))); }
    /// The cotangents of p, a and g, where x is that of all terms.
    constexpr auto cotangents(X g, X x) const {
        const X by_exponent = slope(g, x);
        return std::tuple{by_exponent.sum(of_columns()), over_rows(by_exponent), mean(x)};
    }
};
template <class X>
log_matmul_exp_shares(X, X) -> log_matmul_exp_shares<X>;
}  // namespace detail

/// log_matmul_exp(p, a): m_k = log sum_j e^(p_j + a_jk), a matrix product of probabilities of which the logarithms are known.
///
/// Shape       p [..., J], a [J, K]  ->  [..., K]
/// Derivative  the shares s_jk = e^(p_j + a_jk - m_k) of the terms: by p sum_k g_k s_jk, by a sum g_k s_jk over all rows
/// Domain      numbers of any size; -inf is a probability of 0, of single terms or of whole rows and columns
/// Limits      -inf where all terms are; there the derivative is 0. +inf gives NaN
/// Error       a few roundings of 1 and of the largest of p, a and m
/// Method      a product of exponentials less the largest of each row of p and of each column of a; of the exponents, with a largest one for each sum,
///             where that leaves too little
struct log_matmul_exp_op : whole<2> {
    static constexpr std::string_view name = "log_matmul_exp";
    static constexpr bool lanes_of_double = false;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return detail::log_matmul_exp_shapes(operands, false, nullptr); }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A >= B, "xgrad::log_matmul_exp(p, a): p needs an axis.");
        } else if constexpr (Rule == 2) {
            static_assert(A == B, "xgrad::log_matmul_exp(p, a): rank(a) must be 2, [from, to].");
        } else {
            static_assert(A == B && Rule != 3, "xgrad::log_matmul_exp(p, a): columns(p) must equal rows(a). Fix: transpose a, or check the labels of both.");
        }
    }
    static constexpr unsigned cut_operands(const attributes&, const shape& result) { return result.rank > 1 ? 0b1 : 0; }
    static constexpr auto pullback(auto g, auto y, auto p, auto a) {
        const auto full = g.spread_to(y.shape());
        return std::tuple{ast::apply<log_matmul_exp_left_op>(p, a, full), ast::apply<log_matmul_exp_right_op>(p, a, full)};
    }
    static constexpr auto tangent(auto, auto p, auto a, auto tp, auto ta) {
        const detail::log_matmul_exp_shares s(p, a);
        return s.mean(s.left(tp) + s.right(ta));
    }

    template <class T, class L>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 2>& call, L) {
        return static_cast<std::ptrdiff_t>(sizeof(T)) * detail::exponential_product<T, L>::numbers(call[1].extent(0), call[1].extent(1));
    }
    template <class T, class L>
    static void run(const whole_call<T, 2>& call, L) {
        using product = detail::exponential_product<T, L>;
        using V = typename L::vector;
        product x(call[1].data, call[1].extent(0), call[1].extent(1), static_cast<T*>(call.scratch), call.goes_on);
        const std::ptrdiff_t rows = call.result.elements() / x.columns;
        for (std::ptrdiff_t first = 0; first < rows; first += product::side_by_side) {
            x.take(call[0].data + first * x.inner, std::min(product::side_by_side, rows - first));
            auto to = [&](std::ptrdiff_t r, std::ptrdiff_t k) { return call.result.data + (first + r) * x.columns + k; };
            x.sums([&](std::ptrdiff_t r, std::ptrdiff_t k, V total) { x.store_part(to(r, k), x.taken_off(r, k) + lanes::log(total), x.columns - k); },
                   [&](std::ptrdiff_t r, std::ptrdiff_t k, V which) {
                       const auto [high, total] = x.exact_sums(r, k);
                       alignas(64) T exact[L::width], wanted[L::width];
                       L::store(exact, high + lanes::log(total));
                       L::store(wanted, which);
                       for (std::ptrdiff_t i = 0; i < std::min(L::width, x.columns - k); ++i)
                           if (wanted[i] != 0) to(r, k)[i] = exact[i];
                   });
        }
    }
};
inline constexpr function<log_matmul_exp_op> log_matmul_exp{};

/// The derivative of log_matmul_exp by p: sum_k g_k e^(p_j + a_jk - m_k).
///
/// Shape       p [..., J], a [J, K], g [..., K]  ->  [..., J]
/// Method      as log_matmul_exp; shares below e^-47 (in double e^-408) may be 0
struct log_matmul_exp_left_op : whole<3> {
    static constexpr std::string_view name = "log_matmul_exp_left";
    static constexpr bool lanes_of_double = false;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return detail::log_matmul_exp_shapes(operands, true, &operands[0]); }
    static constexpr unsigned cut_operands(const attributes&, const shape& result) { return result.rank > 1 ? 0b101 : 0; }
    static constexpr auto pullback(auto h, auto y, auto p, auto a, auto g) {
        const detail::log_matmul_exp_shares s(p, a);
        return s.cotangents(g, s.left(h.spread_to(y.shape())));
    }
    static constexpr auto tangent(auto, auto p, auto a, auto g, auto tp, auto ta, auto tg) {
        const detail::log_matmul_exp_shares s(p, a);
        return (s.result(tg) * s.shares + s.slope(g, s.left(tp) + s.right(ta))).sum(s.of_columns());
    }

    template <class T, class L>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 3>& call, L) {
        using product = detail::exponential_product<T, L>;
        const std::ptrdiff_t inner = call[1].extent(0), columns = call[1].extent(1);
        return static_cast<std::ptrdiff_t>(sizeof(T)) * (product::numbers(inner, columns) + columns * product::padded(inner) + product::side_by_side * (product::padded(inner) + product::padded(columns)));
    }
    template <class T, class L>
    static void run(const whole_call<T, 3>& call, L) {
        using product = detail::exponential_product<T, L>;
        using V = typename L::vector;
        auto* const memory = static_cast<T*>(call.scratch);
        product x(call[1].data, call[1].extent(0), call[1].extent(1), memory, call.goes_on);
        T* const turned = memory + product::numbers(x.inner, x.columns);
        T* const rest = turned + x.columns * x.inner_padded;
        T* const weights = rest + product::side_by_side * x.inner_padded;
        for (std::ptrdiff_t k = 0; k < x.columns && !call.goes_on; ++k) {
            for (std::ptrdiff_t j = 0; j < x.inner; ++j) turned[k * x.inner_padded + j] = x.of_pairs()[j * x.columns_padded + k];
            std::fill(turned + k * x.inner_padded + x.inner, turned + (k + 1) * x.inner_padded, T{0});
        }
        std::fill_n(weights, product::side_by_side * x.columns_padded, T{0});
        const std::ptrdiff_t rows = call.result.elements() / x.inner;
        for (std::ptrdiff_t first = 0; first < rows; first += product::side_by_side) {
            const std::ptrdiff_t count = std::min(product::side_by_side, rows - first);
            x.take(call[0].data + first * x.inner, count);
            bool has_rest = false;
            detail::share_weights<T, L>(x, call[2].data + first * x.columns, count, weights, [&](std::ptrdiff_t r, std::ptrdiff_t j, std::ptrdiff_t, V term) {
                if (!has_rest) std::fill_n(rest, product::side_by_side * x.inner_padded, T{0});
                has_rest = true;
                rest[r * x.inner_padded + j] += L::fold(term, [](auto u, auto v) { return u + v; });
            });
            for (std::ptrdiff_t j = 0; j < x.inner_padded; j += L::width) {
                std::array<V, product::side_by_side> total;
                total.fill(L::broadcast(0));
                product::multiply(turned + j, x.inner_padded, x.columns, weights, x.columns_padded, total);
                for (std::ptrdiff_t r = 0; r < count; ++r) {
                    V made = total[static_cast<std::size_t>(r)] * L::load(x.of_row(r) + j);
                    if (has_rest) made = made + L::load(rest + r * x.inner_padded + j);
                    product::store_part(call.result.data + (first + r) * x.inner + j, made, x.inner - j);
                }
            }
        }
    }
};

/// The derivative of log_matmul_exp by a: e^(p_j + a_jk - m_k) g_k, added up over all rows in the order in which they lie.
///
/// Shape       p [..., J], a [J, K], g [..., K]  ->  [J, K]
/// Method      as log_matmul_exp; rows are added up in parts of 256, then the parts: the same bits with any number of threads
struct log_matmul_exp_right_op : whole<3> {
    static constexpr std::string_view name = "log_matmul_exp_right";
    static constexpr bool lanes_of_double = false;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return detail::log_matmul_exp_shapes(operands, true, &operands[1]); }
    static constexpr auto pullback(auto h, auto y, auto p, auto a, auto g) {
        const detail::log_matmul_exp_shares s(p, a);
        return s.cotangents(g, s.right(h.spread_to(y.shape())));
    }
    static constexpr auto tangent(auto, auto p, auto a, auto g, auto tp, auto ta, auto tg) {
        const detail::log_matmul_exp_shares s(p, a);
        return s.over_rows(s.result(tg) * s.shares + s.slope(g, s.left(tp) + s.right(ta)));
    }

    template <class T, class L>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 3>& call, L) {
        using product = detail::exponential_product<T, L>;
        const std::ptrdiff_t inner = call[1].extent(0), columns = call[1].extent(1);
        return static_cast<std::ptrdiff_t>(sizeof(T)) * (product::numbers(inner, columns) + (3 * inner + product::side_by_side) * product::padded(columns));
    }
    template <class T, class L>
    static void run(const whole_call<T, 3>& call, L) {
        using product = detail::exponential_product<T, L>;
        using V = typename L::vector;
        auto* const memory = static_cast<T*>(call.scratch);
        product x(call[1].data, call[1].extent(0), call[1].extent(1), memory, call.goes_on);
        const std::ptrdiff_t pairs = x.inner * x.columns_padded;
        T* const part = memory + product::numbers(x.inner, x.columns);
        T *const total = part + pairs, *const rest = total + pairs, *const weights = rest + pairs;
        std::fill_n(part, 3 * pairs + product::side_by_side * x.columns_padded, T{0});
        const std::ptrdiff_t rows = call[0].elements() / x.inner;
        for (std::ptrdiff_t first = 0; first < rows; first += product::side_by_side) {
            const std::ptrdiff_t count = std::min(product::side_by_side, rows - first);
            x.take(call[0].data + first * x.inner, count);
            detail::share_weights<T, L>(x, call[2].data + first * x.columns, count, weights, [&](std::ptrdiff_t, std::ptrdiff_t j, std::ptrdiff_t k, V term) {
                T* const at = rest + j * x.columns_padded + k;
                L::store(at, L::load(at) + term);
            });
            [&]<std::size_t... R>(std::index_sequence<R...>) {
                for (std::ptrdiff_t k = 0; k < x.columns_padded; k += L::width) {
                    const std::array<V, product::side_by_side> weight{L::load(weights + static_cast<std::ptrdiff_t>(R) * x.columns_padded + k)...};
                    for (std::ptrdiff_t j = 0; j < x.inner; ++j) {
                        V added = L::load(part + j * x.columns_padded + k);
                        ((added = lanes::multiply_add(L::broadcast(x.of_row(static_cast<std::ptrdiff_t>(R))[j]), weight[R], added)), ...);
                        L::store(part + j * x.columns_padded + k, added);
                    }
                }
            }(std::make_index_sequence<static_cast<std::size_t>(product::side_by_side)>{});
            if ((first + product::side_by_side) % 256 != 0 && first + product::side_by_side < rows) continue;
            for (std::ptrdiff_t i = 0; i < pairs; i += L::width) L::store(total + i, L::load(total + i) + L::load(part + i));
            std::fill_n(part, pairs, T{0});
        }
        for (std::ptrdiff_t j = 0; j < x.inner; ++j)
            for (std::ptrdiff_t k = 0; k < x.columns_padded; k += L::width) {
                const std::ptrdiff_t at = j * x.columns_padded + k;
                product::store_part(call.result.data + j * x.columns + k, lanes::multiply_add(L::load(total + at), L::load(x.of_pairs() + at), L::load(rest + at)), x.columns - k);
            }
    }
};

namespace ast {
template <expression P, expression A>
constexpr made<log_matmul_exp_op, P, A> log_matmul_exp(P p, A a) {
    return apply<log_matmul_exp_op>(p, a);
}
}  // namespace ast

}  // namespace xgrad
