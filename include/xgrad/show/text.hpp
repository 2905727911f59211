// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/show/render.hpp>

namespace xgrad {
namespace show {

inline std::string in_parentheses_below(const piece& p, binding needed) { return p.tightness < needed ? "(" + p.text + ")" : p.text; }

inline std::string movement_text(const terms& t, const term& one, const piece& x) {
    auto sources = [&] {
        std::string listed;
        for (int i = 0; i < one.extents.rank; ++i) {
            const int source = one.attr.source[static_cast<std::size_t>(i)];
            listed += (i ? ", " : "") + (source < 0 ? std::string("new") : std::to_string(source));
        }
        return listed;
    };
    switch (motion_of(t, one)) {
        case motion::none: return x.text;
        case motion::transpose: return "transpose(" + x.text + ")";
        case motion::permute: return "transpose(" + x.text + ", axes<" + sources() + ">)";
        case motion::squeeze: return "squeeze(" + x.text + ")";
        case motion::broadcast: {
            std::string made = "broadcast(" + x.text;
            for (int i = 0; i < one.extents.rank; ++i) made += ", " + extent_text(one.extents[i]);
            return made + ")";
        }
        case motion::spread: {
            std::string axes;
            for (int i = 0; i < one.extents.rank; ++i)
                if (one.attr.source[static_cast<std::size_t>(i)] < 0) axes += (axes.empty() ? "" : ", ") + std::to_string(i);
            return "spread(" + x.text + ", axes<" + axes + ">)";
        }
        default: return "move(" + x.text + ", axes<" + sources() + ">)";
    }
}

/// What a call begins with: the name, and what stands between < and >.
inline std::string call_text(const term& one) {
    std::string made(one.op->name);
    if (one.op == &info<slice_op>) {
        const std::int64_t from = xgrad::detail::first_of_pair(one.attr.number);
        made += "<" + std::to_string(from) + ", " + std::to_string(from + xgrad::detail::second_of_pair(one.attr.number)) + ">";
    }
    if (one.op == &info<cumsum_op> && one.attr.number == 1) made += "_from_the_end";
    return made + "(";
}

/// What stands behind operands and axes: the options of an op with a loop of its own, as those of the call that makes it.
inline std::string options_text(const term& one) {
    std::string made;
    if (one.op == &info<embedding_lookup_op>) {
        if (const std::int64_t padding = xgrad::detail::first_of_pair(one.attr.number) - 1; padding >= 0) made += ", padding_index(" + std::to_string(padding) + ")";
    } else if (is_attention(one.op)) {
        if (const std::int64_t heads = xgrad::detail::heads_of(one.attr.axes); heads != 1) made += ", heads(" + std::to_string(heads) + ")";
        if (xgrad::detail::is_causal(one.attr.axes)) made += ", causal";
        if (one.attr.number != 0) made += ", softcap(" + number_text(one.attr.number) + ")";
    } else if (one.op == &info<windows_op> || one.op == &info<window_sums_op>) {
        const window_form form = window_form::from(one.attr.number);
        made += ", " + std::to_string(form.size);
        if (form.dilation != 1) made += ", dilation(" + std::to_string(form.dilation) + ")";
        if (form.stride != 1) made += ", stride(" + std::to_string(form.stride) + ")";
        if (form.padding != window_padding::around) made += form.padding == window_padding::before ? ", causal" : ", valid";
    }
    return made;
}

/// The writer of plain text: C++ operators with its precedence, everything else a call.
inline piece write_text(const terms& t, const term& one, const piece* x) {
    if (!one.name.empty()) return {one.name};
    const op_info& op = *one.op;
    if (&op == &info<constant_op>) return {number_text(one.attr.number), one.attr.number < 0 ? binding::prefix : binding::atom};
    if (op.kind == op_kind::movement) {
        const bool bare = motion_of(t, one) == motion::none;
        return {movement_text(t, one, x[0]), bare ? x[0].tightness : binding::atom};
    }
    if (!op.symbol.empty() && one.arity == 1) return {std::string(op.symbol) + in_parentheses_below(x[0], binding::atom), binding::prefix};
    if (!op.symbol.empty() && one.arity == 2) {
        const char first = op.symbol.front();
        const binding own = first == '*' || first == '/'                 ? binding::product
                            : first == '+' || first == '-'               ? binding::sum
                            : op.symbol == "==" || op.symbol == "!="     ? binding::equality
                                                                         : binding::comparison;
        const auto tighter = static_cast<binding>(static_cast<int>(own) + 1);
        return {in_parentheses_below(x[0], own) + " " + std::string(op.symbol) + " " + in_parentheses_below(x[1], tighter), own};
    }
    std::string made = call_text(one);
    for (int k = 0; k < one.arity; ++k) made += (k ? ", " : "") + x[k].text;
    if (one.arity > 0) {
        const std::string axes = axes_text(t, one);
        if (!axes.empty()) made += ", " + axes;
    }
    for (int i = 0; &op == &info<reshape_op> && i < one.extents.rank; ++i) made += ", " + extent_text(one.extents[i]);
    return {made + options_text(one) + ")"};
}

/// A rendering as lines: the formula, then `where a = ...`, each name before it is used.
inline std::string as_lines(const rendering& r) {
    std::string made;
    for (const std::string& root : r.roots) made += (made.empty() ? "" : "\n") + root;
    for (std::size_t i = 0; i < r.definitions.size(); ++i)
        made += (i ? "\n        " : "\n  where ") + r.definitions[i].first + " = " + r.definitions[i].second;
    if (r.left_out) made += "\n        and " + std::to_string(r.left_out) + " more";
    return made;
}

}  // namespace show

/// to_string(expr): what the user wrote, with as few parentheses as C++ needs: `mean(-y * log(p))`. A text of more than 100
/// characters names the parts it uses twice, in lines `where a = ...`, so that its length is that of the graph.
inline std::string to_string(const record* r) { return show::as_lines(show::render(show::terms_of(r), &show::write_text)); }
/// to_string(graph, node): a node of the value graph in the same words. The normal form is undone: a + (-1) b prints as a - b.
inline std::string to_string(const graph& g, int node) { return show::as_lines(show::render(show::terms_of(g, {node}), &show::write_text)); }

namespace ast {
template <symbolic X>
std::string to_string(X) {
    return xgrad::to_string(node_traits<X>::of());
}
}  // namespace ast
using ast::to_string;

}  // namespace xgrad
