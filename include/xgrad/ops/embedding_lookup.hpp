// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/one_hot.hpp>
#include <xgrad/ops/select.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad {

/// The label whose row of a table stays as it is: `embedding<"word">(64_c, padding_index(0_c))`. It is read like others; no gradient reaches it.
template <std::int64_t Label>
struct padding_label {
    static constexpr std::int64_t value = Label;
};
template <ast::symbolic N>
constexpr auto padding_index(N) {
    static_assert(is_constant<N>, "xgrad::padding_index(n): n is a label known to the compiler. Fix: write padding_index(0_c).");
    constexpr double given = ast::node_traits<N>::of()->attr.number;
    static_assert(given >= 0 && given < 67108863 && given == static_cast<double>(static_cast<std::int64_t>(given)), "xgrad::padding_index(n): n is a label, a whole number from 0 on.");
    return padding_label<static_cast<std::int64_t>(given)>{};
}

struct embedding_lookup_op;

/// The derivative of a table's rows: rows of g, added where their labels say.
///
/// Shape       g [S..., D], t [S...]  ->  [V, D]
/// Method      one row of g after the other, in the order in which they lie: the same bits with any number of threads
struct add_at_labels_op : whole<2> {
    static constexpr std::string_view name = "add_at_labels";

    /// attributes::number: the classes.
    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        shape_result result;
        result.value.push_back({static_cast<std::int64_t>(a.number), nullptr});
        result.value.push_back(operands[0][operands[0].rank - 1]);
        return result;
    }
    static constexpr auto pullback(auto g, auto y, auto, auto t) { return std::tuple{ast::apply_with<embedding_lookup_op>(y.attr(), g, t), constant(g, 0)}; }
    static constexpr auto tangent(auto y, auto, auto t, auto tx, auto) { return ast::apply_with<add_at_labels_op>(y.attr(), tx, t); }

    template <class T>
    static void run(const whole_call<T, 2>& call) {
        const std::ptrdiff_t rows = call[1].elements(), width = call.result.extent(1);
        std::fill_n(call.result.data, call.result.elements(), T{0});
        for (std::ptrdiff_t r = 0; r < rows; ++r) {
            const auto label = static_cast<std::ptrdiff_t>(call[1].data[r]);
            if (label < 0) continue;
            const T* from = call[0].data + r * width;
            T* to = call.result.data + label * width;
            for (std::ptrdiff_t i = 0; i < width; ++i) to[i] += from[i];
        }
    }
};

/// embedding_lookup(table, t): the table's row at each label; zeros at the ignored label, which has no derivative.
/// embedding_lookup(table, t, padding_index(0_c)): there the row of label 0 has none either, and keeps what it starts with.
///
/// Shape       table [V, D], t labels [S...] of V classes  ->  [S..., D]
/// Derivative  table: rows of g added up by label, in the order of the labels
/// Errors      a table of another height than the classes; labels out of range are reported when bound
struct embedding_lookup_op : whole<2> {
    static constexpr std::string_view name = "embedding_lookup";
    static constexpr bool exact = true;

    /// attributes::number: the label of the padding + 1, or 0, and the classes.
    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        const shape &table = operands[0], &t = operands[1];
        const std::int64_t classes = detail::second_of_pair(a.number);
        if (table.rank != 2) return {{}, 1, table.rank, 2};
        if (table[0].size != classes) return {{}, 2, table[0].size, classes};
        if (t.rank < 1) return {{}, 3, t.rank, 1};
        shape_result result{t};
        result.value.push_back(table[1]);
        return result;
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A == B, "xgrad::embedding_lookup(table, t): rank(table) must be 2, [classes, width].");
        } else if constexpr (Rule == 2) {
            static_assert(A == B, "xgrad::embedding_lookup(table, t): the first extent of table must equal the class count of t. Fix: check classes(...) of the labels.");
        } else {
            static_assert(A >= B, "xgrad::embedding_lookup(table, t): t needs an axis. Fix: a single label is a batch of one.");
        }
    }
    static constexpr unsigned cut_operands(const attributes&, const shape&) { return 0b10; }
    static constexpr auto pullback(auto g, auto y, auto, auto t) { return std::tuple{ast::apply_with<add_at_labels_op>(classes(y), g, learnt(y, t)), constant(g, 0)}; }
    static constexpr auto tangent(auto y, auto, auto t, auto tx, auto) { return ast::apply_with<embedding_lookup_op>(classes(y), tx, learnt(y, t)); }

    template <class T>
    static void run(const whole_call<T, 2>& call) {
        const std::ptrdiff_t rows = call[1].elements(), width = call[0].extent(1);
        for (std::ptrdiff_t r = 0; r < rows; ++r) {
            const auto label = static_cast<std::ptrdiff_t>(call[1].data[r]);
            T* to = call.result.data + r * width;
            if (label < 0) {
                std::fill_n(to, width, T{0});
            } else {
                std::copy_n(call[0].data + label * width, width, to);
            }
        }
    }

private:
    static constexpr attributes classes(auto y) { return {.number = static_cast<double>(detail::second_of_pair(y.attr().number))}; }
    /// The labels, those of the padding ignored.
    static constexpr auto learnt(auto y, auto t) {
        const std::int64_t padding = detail::first_of_pair(y.attr().number) - 1;
        return padding < 0 ? t : select(t == constant(t, static_cast<double>(padding)), constant(t, -1), t);
    }
};
inline constexpr struct {
    template <ast::symbolic Table, ast::symbolic T, std::int64_t Padding = -1>
    constexpr auto operator()(Table table, T t, padding_label<Padding> = {}) const {
        static_assert(detail::is_labels<T>(),
                      "xgrad::embedding_lookup(table, t): t must be labels. Fix: declare it as xg::labels<\"t\">(batch, xg::classes(10_c)).");
        constexpr auto classes = static_cast<std::int64_t>(detail::class_count_of<T>());
        static_assert(Padding < classes, "xgrad::padding_index(n): n is not among the classes of the labels.");
        return ast::apply<embedding_lookup_op, attributes{.number = detail::packed_pair(Padding + 1, classes)}>(table, t);
    }
} embedding_lookup{};

}  // namespace xgrad
