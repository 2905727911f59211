// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/whole.hpp>

#include <utility>

namespace xgrad::detail {

/// sum_j e^(p_j + a_jk) for several rows p at a time, as a product of exponentials: those of a are made once, less the largest of each column,
/// those of a row less its own largest. Where what is then left of a sum is so small that exponentials that are gone could have been seen in
/// it, the sum is made of the exponents themselves. What a row gives does not depend on the rows beside it.
template <class T, class L>
class exponential_product {
    using V = typename L::vector;
    static constexpr T none = -std::numeric_limits<T>::infinity();
    static constexpr T lowest_exponent = sizeof(T) == 4 ? T(-87) : T(-708);   ///< below it e^x is not a normal number
    static constexpr T smallest_sum = sizeof(T) == 4 ? T(4e-18) : T(5e-131);  ///< e^-40, e^-300: what is gone is below e^-47 of it, e^-408

public:
    static constexpr std::ptrdiff_t side_by_side = 8;

    const std::ptrdiff_t inner, columns;                 ///< J and K
    const std::ptrdiff_t inner_padded, columns_padded;   ///< up to the width of a vector

    static constexpr std::ptrdiff_t padded(std::ptrdiff_t n) { return (n + L::width - 1) / L::width * L::width; }
    static constexpr std::ptrdiff_t numbers(std::ptrdiff_t inner, std::ptrdiff_t columns) {
        return 2 * inner * padded(columns) + 2 * padded(columns) + side_by_side * padded(inner);
    }

    /// `is_made`: the memory holds what an earlier one made of the same numbers.
    exponential_product(const T* a, std::ptrdiff_t inner_, std::ptrdiff_t columns_, T* memory, bool is_made)
        : inner(inner_), columns(columns_), inner_padded(padded(inner_)), columns_padded(padded(columns_)), exponents_(memory),
          exponentials_(exponents_ + inner_ * columns_padded), largest_(exponentials_ + inner_ * columns_padded), least_(largest_ + columns_padded), left_(least_ + columns_padded) {
        if (is_made) return;
        for (std::ptrdiff_t j = 0; j < inner; ++j) copy_padded(a + j * columns, columns, columns_padded, T{0}, exponents_ + j * columns_padded);
        for (std::ptrdiff_t k = 0; k < columns_padded; k += L::width) {
            V high = L::load(exponents_ + k);
            for (std::ptrdiff_t j = 1; j < inner; ++j) high = lanes::larger(high, L::load(exponents_ + j * columns_padded + k));
            const V off = finite_or_zero(high);
            L::store(largest_ + k, off);
            L::store(least_ + k, L::choose(high == L::broadcast(none), L::broadcast(0), L::broadcast(smallest_sum)));  // a column of -inf: the sum is 0 and right
            for (std::ptrdiff_t j = 0; j < inner; ++j) L::store(exponentials_ + j * columns_padded + k, exponential(L::load(exponents_ + j * columns_padded + k) - off));
        }
    }

    /// e^(a_jk - the largest of column k), [J, K padded]; e^(p_j - the largest of the row), [side_by_side, J padded].
    const T* of_pairs() const { return exponentials_; }
    const T* of_row(std::ptrdiff_t r) const { return left_ + r * inner_padded; }
    /// What was taken off the exponents of a sum.
    V taken_off(std::ptrdiff_t r, std::ptrdiff_t k) const { return L::broadcast(shifts_[r]) + L::load(largest_ + k); }

    /// Takes up to `side_by_side` rows.
    void take(const T* p, std::ptrdiff_t count) {
        rows_ = p;
        count_ = count;
        for (std::ptrdiff_t r = 0; r < side_by_side; ++r) {
            T* const row = left_ + r * inner_padded;
            if (r >= count) {
                std::fill_n(row, inner_padded, T{1});
                continue;
            }
            const T* const given = p + r * inner;
            V high = load_part(given, inner, none);
            for (std::ptrdiff_t j = L::width; j < inner_padded; j += L::width) high = lanes::larger(high, load_part(given + j, inner - j, none));
            const T largest = L::fold(high, [](auto a, auto b) { return lanes::larger(a, b); });
            shifts_[r] = largest > none ? largest : T{0};
            for (std::ptrdiff_t j = 0; j < inner_padded; j += L::width) L::store(row + j, exponential(load_part(given + j, inner - j, none) - L::broadcast(shifts_[r])));
        }
    }
    /// use(r, k, sums) for each row and vector of columns; where some of those sums are too small, more(r, k, which) next, `which` being 1 in their lanes
    /// and 0 in others.
    template <class Use, class More>
    void sums(Use use, More more) const {
        for (std::ptrdiff_t k = 0; k < columns_padded; k += L::width) {
            std::array<V, side_by_side> total;
            total.fill(L::broadcast(0));
            multiply(exponentials_ + k, columns_padded, inner, left_, inner_padded, total);
            const V least = L::load(least_ + k), zero = L::broadcast(0), one = L::broadcast(1);
            V some = zero;
            for (std::ptrdiff_t r = 0; r < side_by_side; ++r) some = L::choose(total[static_cast<std::size_t>(r)] >= least, some, one);
            const bool too_small = any(some);
            for (std::ptrdiff_t r = 0; r < count_; ++r) {
                const V s = total[static_cast<std::size_t>(r)];
                use(r, k, s);
                if (!too_small) continue;
                const V which = L::choose(s >= least, zero, one);
                if (any(which)) more(r, k, which);
            }
        }
    }
    /// The largest exponent of each sum, 0 where all are -inf; and the sum less that.
    std::pair<V, V> exact_sums(std::ptrdiff_t r, std::ptrdiff_t k) const {
        V high = L::broadcast(none), total = L::broadcast(0);
        for (std::ptrdiff_t j = 0; j < inner; ++j) high = lanes::larger(high, exponent(r, j, k));
        high = finite_or_zero(high);
        for (std::ptrdiff_t j = 0; j < inner; ++j) total = total + lanes::exp(exponent(r, j, k) - high);
        return {high, total};
    }
    /// p_j + a_jk
    V exponent(std::ptrdiff_t r, std::ptrdiff_t j, std::ptrdiff_t k) const { return L::broadcast(rows_[r * inner + j]) + L::load(exponents_ + j * columns_padded + k); }

    /// sum[r] += sum_i x[r, i] y[i, ...]
    static void multiply(const T* y, std::ptrdiff_t y_stride, std::ptrdiff_t n, const T* x, std::ptrdiff_t x_stride, std::array<V, side_by_side>& total) {
        [&]<std::size_t... R>(std::index_sequence<R...>) {
            std::array<V, side_by_side> s{total[R]...};
            for (std::ptrdiff_t i = 0; i < n; ++i) {
                const V of_y = L::load(y + i * y_stride);
                ((s[R] = lanes::multiply_add(L::broadcast(x[static_cast<std::ptrdiff_t>(R) * x_stride + i]), of_y, s[R])), ...);
            }
            ((total[R] = s[R]), ...);
        }(std::make_index_sequence<static_cast<std::size_t>(side_by_side)>{});
    }
    static void copy_padded(const T* from, std::ptrdiff_t n, std::ptrdiff_t padded_to, T with, T* to) {
        for (std::ptrdiff_t j = 0; j < padded_to; j += L::width) L::store(to + j, load_part(from + j, n - j, with));
    }
    /// A vector of numbers of which so many are there. (Rows are short: calls that copy them take as long as the work.)
    static XGRAD_INLINE V load_part(const T* from, std::ptrdiff_t left, T with) {
        if constexpr (L::width > 1)
            if (left < L::width) return L::choose(L::iota() < L::broadcast(static_cast<T>(left)), L::load_first(from, left), L::broadcast(with));
        return L::load(from);
    }
    /// The numbers of a padded row that are there.
    static XGRAD_INLINE void store_part(T* to, V v, std::ptrdiff_t left) {
        if (left >= L::width) L::store(to, v);
        else L::store_first(to, v, left);
    }

private:
    T *exponents_, *exponentials_, *largest_, *least_, *left_;
    const T* rows_ = nullptr;
    std::ptrdiff_t count_ = 0;
    T shifts_[side_by_side]{};

    static XGRAD_INLINE V exponential(V x) { return L::choose(x < L::broadcast(lowest_exponent), L::broadcast(0), lanes::exp(x)); }
    static XGRAD_INLINE V finite_or_zero(V high) { return L::choose(high == L::broadcast(none), L::broadcast(0), high); }
    static XGRAD_INLINE bool any(V which) {
        return L::fold(which, [](auto a, auto b) { return a + b; }) != 0;
    }
};

/// g_k over the sums of the rows that x has taken, [side_by_side, K padded]: what the exponentials of a share are multiplied with. 0 where the sum is 0 or too
/// small; in the latter case more(r, j, k, terms) is called with g_k times the shares themselves.
template <class T, class L, class More>
void share_weights(const exponential_product<T, L>& x, const T* g, std::ptrdiff_t count, T* weights, More more) {
    using V = typename L::vector;
    const V zero = L::broadcast(0);
    for (std::ptrdiff_t r = 0; r < x.side_by_side; ++r) {
        if (r < count) x.copy_padded(g + r * x.columns, x.columns, x.columns_padded, T{0}, weights + r * x.columns_padded);
        else std::fill_n(weights + r * x.columns_padded, x.columns_padded, T{0});
    }
    auto at = [&](std::ptrdiff_t r, std::ptrdiff_t k) { return weights + r * x.columns_padded + k; };
    auto divided = [&](V of, V total) { return L::choose(total == zero, zero, of / total); };
    x.sums(
        [&](std::ptrdiff_t r, std::ptrdiff_t k, V total) {
            L::store(at(r, k), divided(L::load(at(r, k)), total));
        },
        [&](std::ptrdiff_t r, std::ptrdiff_t k, V which) {
            const auto few = which > zero;
            L::store(at(r, k), L::choose(few, zero, L::load(at(r, k))));
            alignas(64) T given[L::width]{};
            std::copy_n(g + r * x.columns + k, std::min(L::width, x.columns - k), given);
            const auto [high, total] = x.exact_sums(r, k);
            const V weight = L::choose(few, divided(L::load(given), total), zero);
            // A weight of 0 is that of a sum of nothing, or of one that is not meant here.
            for (std::ptrdiff_t j = 0; j < x.inner; ++j) more(r, j, k, L::choose(weight == zero, zero, weight * lanes::exp(x.exponent(r, j, k) - high)));
        });
}

}  // namespace xgrad::detail
