// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/show/terms.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace xgrad::show {

/// How tightly a printed piece holds together; a looser one inside a tighter one takes parentheses.
enum class binding : std::uint8_t { equality, comparison, sum, product, prefix, atom };

struct piece {
    std::string text{};
    binding tightness = binding::atom;
};

/// One term over its operands' pieces: text.hpp and latex.hpp each bring one.
using writer = piece (*)(const terms&, const term&, const piece*);

/// When names are given to parts of a formula.
struct limits {
    std::size_t whole = 100;      ///< a text of at most so many characters stays in one piece
    std::size_t named = 12;       ///< beyond that, what is used twice and is longer than this is named
    std::size_t longest = 300;    ///< and what is longer than this, used twice or not
    std::size_t definitions = 64;  ///< so many names, and then a count of those left out
};

/// The texts of the roots, and what the names in them stand for, each before it is used.
struct rendering {
    std::vector<std::string> roots{};
    std::vector<std::pair<std::string, std::string>> definitions{};
    std::size_t left_out = 0;
};

namespace detail {
/// a, b, c, ... without those that the formula, or another one beside it, uses itself.
class fresh_names {
public:
    fresh_names(const terms& t, const std::vector<std::string>& beside) : taken_(beside) {
        for (const term& one : t.list)
            if (!one.name.empty()) taken_.push_back(one.name);
    }
    std::string next() {
        for (;;) {
            std::string made(1, static_cast<char>('a' + count_ % 26));
            if (count_ >= 26) made += std::to_string(count_ / 26);
            ++count_;
            bool is_free = true;
            for (const std::string& t : taken_) is_free = is_free && t != made;
            if (is_free) return made;
        }
    }

private:
    std::vector<std::string> taken_;
    int count_ = 0;
};

inline growing_array<int> uses_of(const terms& t) {
    growing_array<int> uses(t.list.size(), 0);
    for (const int root : t.roots) ++uses[static_cast<std::size_t>(root)];
    for (int i = t.size(); i-- > 0;)
        if (uses[static_cast<std::size_t>(i)])
            for (int k = 0; k < t[i].arity; ++k) ++uses[static_cast<std::size_t>(t[i].operands[static_cast<std::size_t>(k)])];
    return uses;
}

/// Every term from its operands, in order. Without names it gives up as soon as a text is too long: a graph in which every
/// node is used twice has a text of exponential length.
inline bool render_all(const terms& t, writer write, const limits& bounds, const std::vector<std::string>& beside, bool with_names, rendering& out) {
    const growing_array<int> uses = uses_of(t);
    std::vector<piece> made(t.list.size());
    fresh_names names(t, beside);
    for (int i = 0; i < t.size(); ++i) {
        if (!uses[static_cast<std::size_t>(i)]) continue;
        std::array<piece, max_arity> x;
        for (int k = 0; k < t[i].arity; ++k) x[static_cast<std::size_t>(k)] = made[static_cast<std::size_t>(t[i].operands[static_cast<std::size_t>(k)])];
        piece& here = made[static_cast<std::size_t>(i)];
        here = write(t, t[i], x.data());
        if (!with_names && here.text.size() > bounds.whole) return false;
        const bool is_root = std::find(t.roots.begin(), t.roots.end(), i) != t.roots.end();
        const bool shared = uses[static_cast<std::size_t>(i)] > 1 && here.text.size() > bounds.named;
        const bool is_long = !is_root && here.text.size() > bounds.longest;
        if (!with_names || t[i].arity == 0 || (!shared && !is_long)) continue;
        std::string name = names.next();
        if (out.definitions.size() < bounds.definitions) {
            out.definitions.emplace_back(name, std::move(here.text));
        } else {
            ++out.left_out;
        }
        here = {std::move(name), binding::atom};
    }
    for (const int root : t.roots) out.roots.push_back(made[static_cast<std::size_t>(root)].text);
    return true;
}
}  // namespace detail

/// Terms as text. Its length grows with the number of terms and not with the number of paths through them. `beside` are names that mean something
/// to the reader already.
inline rendering render(const terms& t, writer write, const limits& bounds = {}, const std::vector<std::string>& beside = {}) {
    rendering out;
    if (detail::render_all(t, write, bounds, beside, false, out)) return out;
    out = {};
    detail::render_all(t, write, bounds, beside, true, out);
    return out;
}

inline std::string number_text(double value) {
    std::array<char, 32> digits{};
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}
inline std::string extent_text(const extent& e) { return e.name ? std::string(e.name->text) : std::to_string(e.size); }

/// [batch, 64]
inline std::string shape_text(const shape& s) {
    std::string made = "[";
    for (int i = 0; i < s.rank; ++i) made += (i ? ", " : "") + extent_text(s[i]);
    return made + "]";
}

/// Which axes an op that has some was given, or nothing where it is those it takes by itself.
inline std::string axes_text(const terms& t, const term& one) {
    if (is_attention(one.op)) return {};
    if (one.attr.axis) return std::string(one.attr.axis->text);
    const shape& from = t.operand(one, 0).extents;
    const std::uint32_t all = (1u << from.rank) - 1, last = from.rank ? 1u << (from.rank - 1) : 0;
    const bool keeps_shape = one.op->kind == op_kind::whole || (one.op->kind == op_kind::composite && one.extents == from);
    if (one.attr.axes == 0 || one.attr.axes == any_axes || one.attr.axes == (keeps_shape ? last : all)) return {};
    int count = 0, single = 0;
    std::string listed;
    for (int i = 0; i < from.rank; ++i)
        if (one.attr.axes >> i & 1u) {
            listed += (count++ ? ", " : "") + std::to_string(i);
            single = i;
        }
    if (count == 1 && from[single].is_dynamic()) return extent_text(from[single]);
    return one.attr.axes == last ? "axes<-1>" : "axes<" + listed + ">";
}

/// What a movement does, in the words of the ops it is made by.
enum class motion : std::uint8_t { none, transpose, permute, broadcast, spread, squeeze, general };
inline motion motion_of(const terms& t, const term& one) {
    if (one.attr.axes == any_axes) return motion::none;
    const shape& from = t.operand(one, 0).extents;
    const int rank = one.extents.rank;
    bool has_new = false, ascends = true;
    int before = -1;
    for (int i = 0; i < rank; ++i) {
        const int source = one.attr.source[static_cast<std::size_t>(i)];
        has_new = has_new || source < 0;
        if (source >= 0) {
            ascends = ascends && source > before;
            before = source;
        }
    }
    if (!has_new && rank == from.rank) {
        bool swap = rank >= 2;
        for (int i = 0; i < rank; ++i) swap = swap && one.attr.source[static_cast<std::size_t>(i)] == (i == rank - 1 ? rank - 2 : i == rank - 2 ? rank - 1 : i);
        return swap ? motion::transpose : ascends ? motion::none : motion::permute;
    }
    if (t.is_numpy_broadcast(one)) return motion::broadcast;
    if (!ascends) return motion::general;
    if (!has_new) return motion::squeeze;
    return rank > from.rank ? motion::spread : motion::general;
}

}  // namespace xgrad::show
