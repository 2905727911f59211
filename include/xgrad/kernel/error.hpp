// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/config.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace xgrad {

/// An array whose rank or extents do not fit the name it is bound to.
struct shape_error : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};
/// A binding that cannot be: labels out of range, a file or data set that is missing or broken.
struct binding_error : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};
/// A training step whose loss is not finite; no parameter has changed.
struct non_finite_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

namespace kernel {
/// Part of a message: text, or a whole number.
struct word {
    std::string_view text{};
    std::int64_t number = 0;
    bool is_number = false;

    word(const char* t) : text(t) {}
    word(std::string_view t) : text(t) {}
    word(std::integral auto n) : number(static_cast<std::int64_t>(n)), is_number(true) {}
};
/// A message. (One function for all: sums of strings, with what undoes each, are much code for what never runs.)
XGRAD_RARELY inline std::string sentence(std::initializer_list<word> words) {
    std::string made;
    for (const word& w : words) {
        if (w.is_number) {
            made += std::to_string(w.number);
        } else {
            made.append(w.text.data(), w.text.size());
        }
    }
    return made;
}
[[noreturn]] XGRAD_RARELY inline void refuse_shape(std::initializer_list<word> words) { throw shape_error(sentence(words)); }
[[noreturn]] XGRAD_RARELY inline void refuse_binding(std::initializer_list<word> words) { throw binding_error(sentence(words)); }
}  // namespace kernel

}  // namespace xgrad
