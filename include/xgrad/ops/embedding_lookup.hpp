// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/one_hot.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad {

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
///
/// Shape       table [V, D], t labels [S...] of V classes  ->  [S..., D]
/// Derivative  table: rows of g added up by label, in the order of the labels
/// Errors      a table of another height than the classes; labels out of range are reported when bound
struct embedding_lookup_op : whole<2> {
    static constexpr std::string_view name = "embedding_lookup";
    static constexpr bool exact = true;

    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        const shape &table = operands[0], &t = operands[1];
        if (table.rank != 2) return {{}, 1, table.rank, 2};
        if (table[0].size != static_cast<std::int64_t>(a.number)) return {{}, 2, table[0].size, static_cast<std::int64_t>(a.number)};
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
    static constexpr auto pullback(auto g, auto y, auto, auto t) { return std::tuple{ast::apply_with<add_at_labels_op>(y.attr(), g, t), constant(g, 0)}; }
    static constexpr auto tangent(auto y, auto, auto t, auto tx, auto) { return ast::apply_with<embedding_lookup_op>(y.attr(), tx, t); }

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
};
inline constexpr struct {
    template <ast::symbolic Table, ast::symbolic T>
    constexpr auto operator()(Table table, T t) const {
        static_assert(detail::is_labels<T>(),
                      "xgrad::embedding_lookup(table, t): t must be labels. Fix: declare it as xg::labels<\"t\">(batch, xg::classes(10_c)).");
        return ast::apply<embedding_lookup_op, attributes{.number = detail::class_count_of<T>()}>(table, t);
    }
} embedding_lookup{};

}  // namespace xgrad
