// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/whole.hpp>

namespace xgrad::detail {

/// A head's part of an array: rows of consecutive numbers, `step` apart.
template <class T>
struct head_rows {
    T* data = nullptr;
    std::ptrdiff_t step = 0;
    T* operator[](std::ptrdiff_t row) const { return data + row * step; }
    /// From a row on, as a side of a product; turned: rows become columns.
    auto from(std::ptrdiff_t row) const { return whole_matrix<T>{data + row * step, step, 1}; }
    auto turned(std::ptrdiff_t row) const { return whole_matrix<T>{data + row * step, 1, step}; }
};

/// What there is of a head, and what is known of its scores.
template <class T>
struct attention_case {
    std::ptrdiff_t queries, keys, features, values;  ///< rows of q, rows of k and v, columns of q and k, columns of v
    head_rows<const T> q{}, k{}, v{};
    const T* mask = nullptr;  ///< by key: 0 where there is none
    bool causal = false;
    double softcap = 0;       ///< none where 0
};

/// Scores of a block of queries by a block of keys at a time, so that there is never a matrix of all scores. L are lanes of T, M its products.
template <class T, class L, class M>
class attention_blocks {
    using V = typename L::vector;
    static constexpr std::ptrdiff_t most_keys = 512;  ///< with the queries beside them a block of scores that stays in the second cache
    /// A block of queries packs all keys anew; a causal one computes scores that nobody sees, up to half its square.
    static std::ptrdiff_t queries_of(const attention_case<T>& a) { return a.causal && a.keys <= most_keys ? 48 : 128; }
    /// From row to row of a block: rows do not fall into the same sets of the caches.
    static std::ptrdiff_t step_of(const attention_case<T>& a) { return (std::min(a.keys, most_keys) + 31) / 32 * 32 + 16; }
    static constexpr T none = -std::numeric_limits<T>::infinity();

public:
    /// Bytes of memory that a case needs, with one block of scores or with two.
    static std::ptrdiff_t bytes(const attention_case<T>& a, int blocks) {
        const std::ptrdiff_t queries = queries_of(a), step = step_of(a), deepest = std::max({a.features, a.values, queries, step});
        const whole_matrix<const T> lines{nullptr, deepest, 1}, turned{nullptr, 1, deepest};
        const std::ptrdiff_t room = std::max({M::workspace(lines, turned, queries, deepest, deepest), M::workspace(lines, lines, queries, deepest, deepest),
                                              M::workspace(turned, lines, step, queries, deepest)});
        return static_cast<std::ptrdiff_t>(sizeof(T)) * (blocks * queries * step + 2 * queries) + room;
    }
    attention_blocks(const attention_case<T>& a, void* memory, int blocks)
        : a_(a), most_queries_(queries_of(a)), step_(step_of(a)), scores_(static_cast<T*>(memory)), slopes_(scores_ + (blocks - 1) * most_queries_ * step_),
          largest_(scores_ + blocks * most_queries_ * step_), totals_(largest_ + most_queries_), workspace_(totals_ + most_queries_) {}

    /// Writes the values' means under softmax(q k^T) and, by query, the logarithm of its sum of exponentials.
    void forward(head_rows<T> to, head_rows<T> log_sums) {
        for (std::ptrdiff_t first = 0; first < a_.queries; first += most_queries_) {
            const std::ptrdiff_t rows = std::min(most_queries_, a_.queries - first), last = keys_for(first + rows);
            std::fill_n(largest_, rows, none);
            std::fill_n(totals_, rows, T{0});
            for (std::ptrdiff_t key = 0; key < last; key += most_keys) {
                const std::ptrdiff_t columns = std::min(most_keys, last - key);
                M::run(a_.q.from(first), a_.k.turned(key), rows, a_.features, columns, scores_, step_, false, workspace_);
                for (std::ptrdiff_t i = 0; i < rows; ++i) {
                    const T kept = exponentials(i, key, columns, visible(first + i, key, columns));
                    if (key > 0 && kept != 1) scale(to[first + i], kept);
                }
                M::run({scores_, step_, 1}, a_.v.from(key), rows, columns, a_.values, to[first], to.step, key > 0, workspace_);
            }
            for (std::ptrdiff_t i = 0; i < rows; ++i) {
                const bool empty = totals_[i] == 0;  // no key is there
                if (empty) std::fill_n(to[first + i], a_.values, T{0});
                else divide(to[first + i], totals_[i]);
                *log_sums[first + i] = empty ? T{0} : largest_[i] + L::first(lanes::log(L::broadcast(totals_[i])));
            }
        }
    }

    /// What the pullback needs of the forward way: its results y and their cotangents g.
    struct results {
        head_rows<const T> y, y_sums, g, g_sums;
    };
    /// Writes the cotangent of q, adds those of k and v; where `Queries` and `Keys` say so.
    template <bool Queries, bool Keys>
    void backward(const results& r, head_rows<T> dq, head_rows<T> dk, head_rows<T> dv) {
        for (std::ptrdiff_t first = 0; first < a_.queries; first += most_queries_) {
            const std::ptrdiff_t rows = std::min(most_queries_, a_.queries - first), last = keys_for(first + rows);
            for (std::ptrdiff_t i = 0; i < rows; ++i) totals_[i] = dot(r.g[first + i], r.y[first + i]) - *r.g_sums[first + i];
            for (std::ptrdiff_t key = 0; key < last; key += most_keys) {
                const std::ptrdiff_t columns = std::min(most_keys, last - key);
                M::run(a_.q.from(first), a_.k.turned(key), rows, a_.features, columns, scores_, step_, false, workspace_);
                M::run(r.g.from(first), a_.v.turned(key), rows, a_.values, columns, slopes_, step_, false, workspace_);
                for (std::ptrdiff_t i = 0; i < rows; ++i) slopes(i, key, columns, visible(first + i, key, columns), *r.y_sums[first + i]);
                if constexpr (Queries) M::run({slopes_, step_, 1}, a_.k.from(key), rows, columns, a_.features, dq[first], dq.step, key > 0, workspace_);
                if constexpr (Keys) {
                    M::run({scores_, 1, step_}, r.g.from(first), columns, rows, a_.values, dv[key], dv.step, true, workspace_);
                    M::run({slopes_, 1, step_}, a_.q.from(first), columns, rows, a_.features, dk[key], dk.step, true, workspace_);
                }
            }
        }
    }

private:
    const attention_case<T>& a_;
    const std::ptrdiff_t most_queries_, step_;
    T *scores_, *slopes_, *largest_, *totals_;
    void* workspace_;

    std::ptrdiff_t keys_for(std::ptrdiff_t queries) const { return a_.causal ? std::min(a_.keys, queries) : a_.keys; }
    /// How many of a block's keys a query sees: the first ones.
    std::ptrdiff_t visible(std::ptrdiff_t query, std::ptrdiff_t key, std::ptrdiff_t columns) const {
        return a_.causal ? std::clamp<std::ptrdiff_t>(query + 1 - key, 0, columns) : columns;
    }
    static V plus(V a, V b) { return a + b; }

    /// A vector of scores, -inf where there is no key; `slope` becomes that of the cap.
    XGRAD_INLINE V capped(V s, V* slope) const {
        if (a_.softcap == 0) return s;
        const V cap = L::broadcast(static_cast<T>(a_.softcap)), t = lanes::tanh(s / cap);
        if (slope) *slope = L::broadcast(1) - t * t;
        return cap * t;
    }
    XGRAD_INLINE V there(V s, std::ptrdiff_t key, std::ptrdiff_t j, std::ptrdiff_t seen) const {
        if (a_.mask) s = L::choose(L::load_first(a_.mask + key + j, std::min(L::width, seen - j)) == L::broadcast(0), L::broadcast(none), s);
        if (j + L::width > seen) s = L::choose(L::iota() < L::broadcast(static_cast<T>(seen - j)), s, L::broadcast(none));
        return s;
    }

    /// Row i of the scores becomes exponentials less the largest score so far; gives what earlier sums are to be multiplied by.
    T exponentials(std::ptrdiff_t i, std::ptrdiff_t key, std::ptrdiff_t columns, std::ptrdiff_t seen) {
        T* const row = scores_ + i * step_;
        V high = L::broadcast(none);
        std::ptrdiff_t j = 0;
        for (; j < seen; j += L::width) {
            const V s = there(capped(L::load(row + j), nullptr), key, j, seen);
            L::store(row + j, s);
            high = lanes::larger(high, s);
        }
        for (; j < columns; j += L::width) L::store(row + j, L::broadcast(0));
        if (seen == 0) return T{1};
        const T largest = lanes::larger(largest_[i], L::fold(high, [](auto a, auto b) { return lanes::larger(a, b); }));
        const V shift = L::broadcast(largest == none ? T{0} : largest);
        V total = L::broadcast(0);
        for (j = 0; j < seen; j += L::width) {
            const V e = lanes::exp(L::load(row + j) - shift);
            L::store(row + j, e);
            total = total + e;
        }
        const T kept = L::first(lanes::exp(L::broadcast(largest_[i]) - shift));
        totals_[i] = totals_[i] * kept + L::fold(total, [](auto a, auto b) { return a + b; });
        largest_[i] = largest;
        return kept;
    }
    /// Row i of the scores becomes probabilities, that of the slopes the cotangent of the scores.
    void slopes(std::ptrdiff_t i, std::ptrdiff_t key, std::ptrdiff_t columns, std::ptrdiff_t seen, T log_sum) {
        T *const row = scores_ + i * step_, *const slope = slopes_ + i * step_;
        const V sum = L::broadcast(log_sum), mean = L::broadcast(totals_[i]);
        std::ptrdiff_t j = 0;
        for (; j < seen; j += L::width) {
            V of_cap = L::broadcast(1);
            const V p = lanes::exp(there(capped(L::load(row + j), &of_cap), key, j, seen) - sum);
            L::store(row + j, p);
            L::store(slope + j, L::choose(p == L::broadcast(0), p, p * (L::load(slope + j) - mean) * of_cap));
        }
        for (; j < columns; j += L::width) {
            L::store(row + j, L::broadcast(0));
            L::store(slope + j, L::broadcast(0));
        }
    }
    void scale(T* x, T factor) const {
        for (std::ptrdiff_t c = 0; c < a_.values; ++c) x[c] *= factor;
    }
    void divide(T* x, T by) const {
        for (std::ptrdiff_t c = 0; c < a_.values; ++c) x[c] /= by;
    }
    T dot(const T* a, const T* b) const {
        V sum = L::broadcast(0);
        std::ptrdiff_t c = 0;
        for (; c + L::width <= a_.values; c += L::width) sum = lanes::multiply_add(L::load(a + c), L::load(b + c), sum);
        if (c < a_.values) sum = lanes::multiply_add(L::load_first(a + c, a_.values - c), L::load_first(b + c, a_.values - c), sum);
        return L::fold(sum, [](auto x, auto y) { return x + y; });
    }
};

}  // namespace xgrad::detail
