// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/error.hpp>

#include <fstream>
#include <string>
#include <vector>

/// Texts with a label, as Weka's ARFF files keep them: after a line `@data`, one line a text: 'quoted, with \' and \n', 0.
namespace arff {

struct text {
    std::string words;
    int label = 0;  ///< 0 or 1
};

/// Errors  binding_error that names the file, the line and what is wrong there
inline std::vector<text> read_texts(const std::string& path, const std::string& fix) {
    std::ifstream in(path);
    if (!in) throw xgrad::binding_error("'" + path + "' cannot be opened. Fix: " + fix);
    std::vector<text> made;
    std::string line;
    bool data = false;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        const auto refuse = [&](const std::string& what) { throw xgrad::binding_error("'" + path + "', line " + std::to_string(number) + ": " + what + "."); };
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (!data) {
            data = line == "@data";
            continue;
        }
        if (line.empty() || line[0] == '%') continue;
        if (line[0] != '\'') refuse("a text begins with a quotation mark");
        text t;
        std::size_t at = 1;
        for (; at < line.size() && line[at] != '\''; ++at) {
            if (line[at] == '\\' && at + 1 < line.size()) {
                ++at;
                t.words += line[at] == 'n' || line[at] == 't' || line[at] == 'r' ? ' ' : line[at];
            } else {
                t.words += line[at];
            }
        }
        if (at >= line.size()) refuse("the text has no end");
        const std::string rest = line.substr(at + 1);
        if (rest != ",0" && rest != ",1") refuse("',0' or ',1' wanted after the text, not '" + rest.substr(0, 20) + "'");
        t.label = rest[1] - '0';
        made.push_back(std::move(t));
    }
    if (made.empty()) throw xgrad::binding_error("'" + path + "' has no data.");
    return made;
}

}  // namespace arff
