// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/record.hpp>

namespace xgrad {

namespace detail {
template <class Append>
constexpr void append_number(std::int64_t n, Append append) {
    if (n < 0) append("-");
    const std::int64_t size = n < 0 ? -n : n;
    if (size > 9) append_number(size / 10, append);
    append(std::string_view("0123456789").substr(static_cast<std::size_t>(size % 10), 1));
}
}  // namespace detail

/// Hands the extents of a shape to `append`, word by word: "[batch, 3]".
template <class Append>
constexpr void describe(const shape& s, Append append) {
    append("[");
    for (int i = 0; i < s.rank; ++i) {
        if (i) append(", ");
        if (s[i].is_dynamic()) {
            append(s[i].name->text);
        } else {
            detail::append_number(s[i].size, append);
        }
    }
    append("]");
}
/// Hands the words of a declaration to `append`, one after the other: "input [batch, 3]", "labels [batch] of 10 classes", "parameter [3, 1], ones".
template <class Append>
constexpr void describe(const declaration& d, Append append) {
    constexpr std::string_view kinds[] = {"input", "labels", "parameter", "statistic", "scalar", "hole"};
    constexpr std::string_view starts[] = {"zeros", "ones", "constant", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal", "standard_normal"};
    append(d.range == domain::probability ? "probability_input" : d.range == domain::boolean ? "mask" : kinds[static_cast<std::size_t>(d.kind)]);
    if (d.extents.rank) {
        append(" ");
        describe(d.extents, append);
    }
    if (d.kind == leaf_kind::labels) {
        append(" of ");
        detail::append_number(d.classes, append);
        append(" classes");
    }
    if (d.has_ignored) {
        append(", ignored ");
        detail::append_number(d.ignored, append);
    }
    if (is_of_model(d.kind)) {
        append(", ");
        append(starts[static_cast<std::size_t>(d.initialiser)]);
    }
}

namespace detail {
/// The words of a declaration, or of a shape, as a template argument.
template <const auto& D>
constexpr auto text_of() {
    constexpr std::size_t size = [] {
        std::size_t n = 0;
        describe(D, [&n](std::string_view word) { n += word.size(); });
        return n;
    }();
    fixed_string<size + 1> made;
    std::size_t n = 0;
    describe(D, [&](std::string_view word) {
        for (char c : word) made.text[n++] = c;
    });
    made.text[n] = '\0';
    return made;
}
}  // namespace detail

}  // namespace xgrad
