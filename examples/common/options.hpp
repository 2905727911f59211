// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

/// A whole number that the command line may set, such as `--epochs 3`.
struct option {
    std::string_view name;
    std::size_t& value;
};

/// Reads `--name N` pairs. Anything else ends the program with a list of what there is.
inline void read_options(int count, char** arguments, std::initializer_list<option> options) {
    auto refuse = [&](std::string_view what) {
        std::fprintf(stderr, "%s: not understood: '%.*s'. Usage: %s", arguments[0], static_cast<int>(what.size()), what.data(), arguments[0]);
        for (const option& o : options) std::fprintf(stderr, " [%.*s N, now %zu]", static_cast<int>(o.name.size()), o.name.data(), o.value);
        std::fputs("; N is 1 or more.\n", stderr);
        std::exit(2);
    };
    for (int i = 1; i < count; i += 2) {
        const std::string_view name = arguments[i], text = i + 1 < count ? arguments[i + 1] : "";
        bool known = false;
        for (const option& o : options) {
            if (o.name != name) continue;
            known = true;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), o.value);
            if (error != std::errc{} || end != text.data() + text.size() || o.value == 0) refuse(text.empty() ? name : text);
        }
        if (!known) refuse(name);
    }
}
