// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>

namespace xgrad {

/// What embedding<"name">(n) makes.
template <fixed_string Name, initialiser Start, class Width, std::int64_t Padding>
struct embedding_layer : detail::called_alone<embedding_layer<Name, Start, Width, Padding>> {
    static constexpr auto layer_name = Name;
    static constexpr initialiser start{Start.kind, Start.value, Padding < 0 ? Start.zero_row : Padding};

    template <fixed_string Prefix, ast::symbolic T>
    constexpr auto apply(T t) const {
        static_assert(detail::is_labels<T>(), "xgrad::embedding(t): t must be labels. Fix: declare it as xg::labels<\"t\">(batch, xg::classes(10_c)).");
        if constexpr (detail::is_labels<T>()) {
            constexpr auto path = join(Prefix, Name);
            constexpr static_extent<detail::labels_behind(ast::node_traits<T>::of())->classes> rows{};
            return embedding_lookup(parameter<join(path, fixed_string("weight")), start>(rows, Width{}), t, padding_label<Padding>{});
        } else {
            return t;
        }
    }
};
/// embedding<"name">(n)(t): a row of a table for each label.
///
/// Formula     W_t; 0 for the ignored label, which has no row
/// Gradient    rows of g added up by label, in the order of the labels; nothing from the ignored label and the padding
/// Shape       t labels [S...]  ->  [S..., n]
/// Parameters  name.weight [classes, n], normal with variance 1 unless said otherwise: embedding<"name", xg::glorot_uniform>(n)
/// Options     padding_index(0_c): a label that serves as padding; its row starts as zeros and no gradient reaches it. For large tables there is
///             sparse_updates<"name"> of the trainer: a step then updates the rows that its batch reads, and no others
/// Errors      t is not labels, a padding that is not among them
/// Source      PyTorch Embedding, whose padding_idx is padding_index
/// Catalogue   layer
template <fixed_string Name, initialiser Start = standard_normal, class Width, std::int64_t Padding = -1>
constexpr embedding_layer<Name, Start, canonical_extent<Width>, Padding> embedding(Width, padding_label<Padding> = {}) {
    return {};
}

}  // namespace xgrad
