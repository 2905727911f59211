// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/io/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace xgrad::io {

/// Reads JSON token by token, strictly, and knows at which byte it is. What a header needs: objects, lists, strings, and whole
/// numbers that are not negative.
///
/// Errors  format_error with the offset in the file of the first byte that does not fit
class json_reader {
public:
    /// `offset` is where in the file the text begins.
    json_reader(std::string_view text, std::uint64_t offset) : text_(text), offset_(offset) {}

    std::uint64_t offset() const { return offset_ + at_; }
    [[noreturn]] void fail(const std::string& what) const { throw format_error("byte " + std::to_string(offset()) + ": " + what); }

    /// Takes this character, or complains; `take` only where it is next.
    void expect(char c) {
        if (!take(c)) fail(std::string("'") + c + "' expected");
    }
    bool take(char c) {
        skip_blanks();
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    /// A string without its quotes, escapes resolved to UTF-8.
    std::string string() {
        expect('"');
        std::string made;
        while (true) {
            const auto c = static_cast<unsigned char>(next());
            if (c == '"') return made;
            if (c < 0x20) fail_before("a control character in a string");
            if (c == '\\') {
                escape(made);
            } else {
                made += static_cast<char>(c);
            }
        }
    }
    std::uint64_t whole_number() {
        skip_blanks();
        const std::size_t start = at_;
        std::uint64_t value = 0;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
            const auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
            if (value > (UINT64_MAX - digit) / 10) fail("a number above 2^64");
            value = value * 10 + digit;
            ++at_;
        }
        if (at_ == start) fail("a whole number expected");
        if (text_[start] == '0' && at_ - start > 1) fail("a number with a leading 0");
        return value;
    }
    /// The text is at its end but for blanks.
    void end() {
        skip_blanks();
        if (at_ != text_.size()) fail("text after the end of the header");
    }

private:
    std::string_view text_;
    std::uint64_t offset_;
    std::size_t at_ = 0;

    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
    }
    [[noreturn]] void fail_before(const std::string& what) {
        --at_;
        fail(what);
    }
    char next() {
        if (at_ >= text_.size()) fail("the header ends inside a string");
        return text_[at_++];
    }
    std::uint32_t code_unit() {
        std::uint32_t value = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = next();
            const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0) fail_before("four hexadecimal digits expected");
            value = value * 16 + static_cast<std::uint32_t>(digit);
        }
        return value;
    }
    void escape(std::string& to) {
        constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        const char c = next();
        if (const std::size_t place = letters.find(c); place != std::string_view::npos) {
            to += meanings[place];
            return;
        }
        if (c != 'u') fail_before("an escape that JSON does not have");
        std::uint32_t code = code_unit();
        if (code >= 0xd800 && code < 0xdc00) {
            if (next() != '\\' || next() != 'u') fail_before("half a surrogate pair");
            const std::uint32_t low = code_unit();
            if (low < 0xdc00 || low > 0xdfff) fail("half a surrogate pair");
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        } else if (code >= 0xdc00 && code < 0xe000) {
            fail("half a surrogate pair");
        }
        const auto byte = [&](std::uint32_t bits) { to += static_cast<char>(static_cast<unsigned char>(bits)); };
        const auto tail = [&](int shift) { byte(0x80u | (code >> shift & 0x3fu)); };
        if (code < 0x80) {
            byte(code);
        } else if (code < 0x800) {
            byte(0xc0u | code >> 6), tail(0);
        } else if (code < 0x10000) {
            byte(0xe0u | code >> 12), tail(6), tail(0);
        } else {
            byte(0xf0u | code >> 18), tail(12), tail(6), tail(0);
        }
    }
};

/// A string as JSON, with quotes.
inline std::string json_text(std::string_view s) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string made = "\"";
    for (const char c : s) {
        const auto u = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            made += '\\';
            made += c;
        } else if (u < 0x20) {
            made += "\\u00";
            made += digits[u >> 4];
            made += digits[u & 15u];
        } else {
            made += c;
        }
    }
    return made + '"';
}

}  // namespace xgrad::io
