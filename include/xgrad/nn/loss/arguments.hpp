// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

/// What losses ask of their arguments.
namespace detail {
template <class X>
constexpr bool is_probability() {
    if constexpr (is_bad<X>) {
        return false;
    } else {
        return ast::node_traits<X>::of()->range == domain::probability;
    }
}
template <class X>
constexpr std::int64_t last_extent() {
    if constexpr (is_bad<X>) {
        return 0;
    } else {
        constexpr const record* r = ast::node_traits<X>::of();
        return r->extents.rank ? r->extents[r->extents.rank - 1].size : 0;
    }
}
/// The class count of labels; of anything else (a distribution, a mistake reported elsewhere) what it stands beside.
template <class T>
constexpr std::int64_t width_for(std::int64_t width) {
    if constexpr (is_labels<T>()) {
        return width == 0 ? 0 : labels_behind(ast::node_traits<T>::of())->classes;
    } else {
        return width;
    }
}
/// Whether labels declare a label that marks rows to skip.
template <class T>
constexpr bool has_ignored_label() {
    if constexpr (is_bad<T>) {
        return false;
    } else {
        const declaration* d = labels_behind(ast::node_traits<T>::of());
        return d && d->has_ignored;
    }
}
/// Whether q may be a distribution over the classes that are z's last axis: it has that axis, unless it is one number for all.
template <class Z, class Q>
constexpr bool has_classes_of() {
    if constexpr (is_bad<Z> || is_bad<Q>) {
        return true;
    } else {
        constexpr const record *z = ast::node_traits<Z>::of(), *q = ast::node_traits<Q>::of();
        if (z->extents.rank == 0 || q->extents.rank == 0) return true;
        constexpr auto last = [](const record* r) { return r->extents[r->extents.rank - 1]; };
        const bool is_one = last(q).size == 1 && !last(q).is_dynamic();
        return last(q) == last(z) || (!is_one && q->extents.rank >= z->extents.rank);
    }
}
/// q, the distribution that logits z are compared with.
template <class Z, class Q>
constexpr auto distribution_for(Z z, Q q) {
    static_assert(is_labels<Q>() || has_classes_of<Z, Q>(),
                  "xgrad: the target of a loss over classes is a distribution without the axis of the classes, and would be repeated for each of them. "
                  "Fix: of class numbers declare labels, xg::labels<\"t\">(batch, xg::classes(10_c)); of one-hot rows or probabilities an input [batch, 10_c].");
    if constexpr (is_labels<Q>() || has_classes_of<Z, Q>()) {
        return q;
    } else {
        return z;
    }
}
/// Which rows have a label that counts.
template <class T>
constexpr auto rows_with_label(T t) {
    if constexpr (has_ignored_label<T>()) {
        return t >= number<0.0>;
    } else {
        return nothing;
    }
}
}  // namespace detail

}  // namespace xgrad
