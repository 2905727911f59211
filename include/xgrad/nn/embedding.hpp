// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>

namespace xgrad {

/// embedding<"name">(n)(t): a row of a table for each label.
///
/// Formula     W_t; 0 for the ignored label, which serves as padding
/// Gradient    rows of g added up by label, in the order of the labels; nothing from the ignored label
/// Shape       t labels [S...]  ->  [S..., n]
/// Parameters  name.weight [classes, n], normal with variance 1 unless said otherwise
/// Errors      t is not labels
/// Source      PyTorch Embedding; the ignored label is its padding_idx, but takes no row of the table
/// Catalogue   layer
template <fixed_string Name, initialiser Start, class Width>
struct embedding_layer {
    static constexpr auto layer_name = Name;

    template <fixed_string Prefix, ast::symbolic T>
    constexpr auto apply(T t) const {
        static_assert(detail::is_labels<T>(), "xgrad::embedding(t): t must be labels. Fix: declare it as xg::labels<\"t\">(batch, xg::classes(10_c)).");
        if constexpr (detail::is_labels<T>()) {
            constexpr auto path = join(Prefix, Name);
            constexpr static_extent<detail::labels_behind(ast::node_traits<T>::of())->classes> rows{};
            return embedding_lookup(parameter<join(path, fixed_string("weight")), Start>(rows, Width{}), t);
        } else {
            return t;
        }
    }
    template <ast::symbolic T>
    constexpr auto operator()(T t) const {
        if constexpr (is_bad<T>) {
            return t;
        } else {
            return apply<fixed_string("")>(t);
        }
    }
};
template <fixed_string Name, initialiser Start = standard_normal, class Width>
constexpr embedding_layer<Name, Start, canonical_extent<Width>> embedding(Width) {
    return {};
}

}  // namespace xgrad
