// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// French spelling as letters without accents and an accent for each.
namespace french {

inline constexpr std::array accents{"none", "acute", "grave", "circumflex", "diaeresis", "cedilla"};
inline constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz-'.";

struct accented {
    std::string_view utf8;
    char letter;
    std::int64_t accent;
};
inline constexpr std::array<accented, 17> accented_letters{{{"é", 'e', 1}, {"ú", 'u', 1}, {"à", 'a', 2}, {"è", 'e', 2}, {"ù", 'u', 2}, {"â", 'a', 3}, {"ê", 'e', 3}, {"î", 'i', 3}, {"ô", 'o', 3},
                                                            {"û", 'u', 3}, {"ä", 'a', 4}, {"ë", 'e', 4}, {"ï", 'i', 4}, {"ö", 'o', 4}, {"ü", 'u', 4}, {"ÿ", 'y', 4}, {"ç", 'c', 5}}};

struct word {
    std::string letters;  ///< of the alphabet, without accents
    std::vector<std::int64_t> accents;
};

/// A word of UTF-8; letters that are none of the alphabet, with or without an accent, make it empty.
inline word read(std::string_view text) {
    word made;
    while (!text.empty()) {
        accented next{text.substr(0, 1), text[0], 0};
        for (const accented& a : accented_letters)
            if (text.starts_with(a.utf8)) next = a;
        if (alphabet.find(next.letter) == std::string_view::npos) return {};
        made.letters += next.letter;
        made.accents.push_back(next.accent);
        text.remove_prefix(next.utf8.size());
    }
    return made;
}

/// Letters with accents as UTF-8; a letter keeps none that it never has.
inline std::string write(std::string_view letters, const std::vector<std::int64_t>& wanted) {
    std::string made;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        std::string_view spelling = letters.substr(i, 1);
        for (const accented& a : accented_letters)
            if (a.letter == letters[i] && a.accent == wanted[i]) spelling = a.utf8;
        made += spelling;
    }
    return made;
}

}  // namespace french
