// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/show/render.hpp>

namespace xgrad {
namespace show {

namespace detail {
inline std::string escaped(std::string_view text) {
    std::string made;
    for (const char c : text) {
        if (c == '\\' || c == '~' || c == '^') {
            made += c == '\\' ? "\\backslash " : c == '~' ? "\\sim " : "\\wedge ";
        } else {
            if (std::string_view("_&%$#{}").find(c) != std::string_view::npos) made += '\\';
            made += c;
        }
    }
    return made;
}
inline std::string upright(std::string_view text) { return text.size() == 1 ? escaped(text) : "\\mathrm{" + escaped(text) + "}"; }

/// x, \mathrm{rate}, w_{1}, x_{\mathrm{train}}, and for a layer's parameters W_{\mathrm{hidden}}, b_{\mathrm{hidden}}.
inline std::string latex_name(std::string_view name) {
    std::string below;
    if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos && dot > 0 && dot + 1 < name.size()) {
        below = "\\mathrm{" + escaped(name.substr(0, dot)) + "}";
        name = name.substr(dot + 1);
    }
    std::string_view index;
    if (const std::size_t bar = name.find('_'); bar != std::string_view::npos && bar > 0 && bar + 1 < name.size()) {
        index = name.substr(bar + 1);
        name = name.substr(0, bar);
    } else if (const std::size_t digit = name.find_first_of("0123456789"); digit == 1 && name.find_first_not_of("0123456789", 1) == std::string_view::npos) {
        index = name.substr(1);
        name = name.substr(0, 1);
    }
    const bool is_number = index.find_first_not_of("0123456789") == std::string_view::npos;
    if (!index.empty()) below = (is_number ? std::string(index) : upright(index)) + (below.empty() ? "" : ", " + below);
    const std::string base = name == "weight" ? "W" : name == "bias" ? "b" : upright(name);
    return below.empty() ? base : base + "_{" + below + "}";
}
inline std::string bracketed(const std::string& text) { return "\\left(" + text + "\\right)"; }
inline std::string grouped(const piece& p, binding needed) { return p.tightness < needed ? bracketed(p.text) : p.text; }
/// As the base of a power or an index.
inline std::string base_of(const piece& p) { return "{" + grouped(p, binding::atom) + "}"; }
inline std::string called(std::string_view name, const piece* x, int arity) {
    std::string inside;
    for (int k = 0; k < arity; ++k) inside += (k ? ", " : "") + x[k].text;
    return std::string(name) + bracketed(inside);
}
inline std::string extent_latex(const extent& e) { return e.name ? latex_name(e.name->text) : std::to_string(e.size); }

/// Under a sum: the names of the axes, or their numbers; nothing for all of them.
inline std::string axes_below(const terms& t, const term& one) {
    if (axes_text(t, one).empty()) return {};
    const shape& from = t.operand(one, 0).extents;
    std::string made;
    for (int i = 0; i < from.rank; ++i)
        if (one.attr.axes >> i & 1u) made += (made.empty() ? "" : ", ") + (from[i].name ? extent_latex(from[i]) : "\\text{axis " + std::to_string(i) + "}");
    return "_{" + made + "}";
}
/// How many elements a mean takes in.
inline std::string count_latex(const terms& t, const term& one) {
    const shape& from = t.operand(one, 0).extents;
    std::string made;
    for (int i = 0; i < from.rank; ++i)
        if ((one.attr.axes >> i & 1u) && !from[i].is_one()) made += (made.empty() ? "" : " \\cdot ") + extent_latex(from[i]);
    return made.empty() ? "1" : made;
}
inline std::string latex_number(double value) {
    const std::string text = number_text(value);
    const std::size_t e = text.find('e');
    if (e == std::string::npos) return text == "inf" ? "\\infty" : text == "-inf" ? "-\\infty" : text;
    std::string exponent = text.substr(e + 1);
    const bool minus = exponent.front() == '-';
    exponent.erase(0, exponent.find_first_not_of("+-0"));
    const std::string power = "10^{" + std::string(minus ? "-" : "") + exponent + "}";
    const std::string mantissa = text.substr(0, e);
    return mantissa == "1" ? power : mantissa + " \\cdot " + power;
}

inline piece latex_infix(const terms& t, const term& one, const piece* x) {
    const std::string_view symbol = one.op->symbol;
    const auto joined = [&](binding own, std::string_view between, binding right) {
        return piece{grouped(x[0], own) + std::string(between) + grouped(x[1], right), own};
    };
    if (symbol == "/") return {"\\frac{" + x[0].text + "}{" + x[1].text + "}"};
    if (symbol == "+") return joined(binding::sum, " + ", binding::sum);
    if (symbol == "-") return joined(binding::sum, " - ", binding::product);
    if (symbol == "*") {
        const bool both_numbers = t.operand(one, 0).op == &info<constant_op> && t.operand(one, 1).op == &info<constant_op>;
        const bool arrays = t.operand(one, 0).extents.rank > 0 && t.operand(one, 1).extents.rank > 0;
        return joined(binding::product, both_numbers ? " \\cdot " : arrays ? " \\odot " : " \\, ", binding::product);
    }
    const std::string_view sign = symbol == "<=" ? " \\le " : symbol == ">=" ? " \\ge " : symbol == "==" ? " = " : symbol == "!=" ? " \\ne " : symbol;
    return joined(binding::comparison, sign == symbol ? " " + std::string(symbol) + " " : std::string(sign), binding::sum);
}
}  // namespace detail

/// The writer of LaTeX: mathematics as it stands in a paper; broadcasts are understood.
inline piece write_latex(const terms& t, const term& one, const piece* x) {
    using namespace detail;
    if (!one.name.empty()) return {latex_name(one.name)};
    const op_info* op = one.op;
    const std::string_view name = op->name;
    if (op == &info<constant_op>) return {latex_number(one.attr.number), one.attr.number < 0 ? binding::prefix : binding::atom};
    if (op->kind == op_kind::movement) {
        const motion m = motion_of(t, one);
        if (m == motion::transpose || m == motion::permute) return {base_of(x[0]) + "^{\\top}"};
        return x[0];
    }
    if (op == &info<negate_op>) return {"-" + grouped(x[0], binding::product), binding::product};
    if (!op->symbol.empty() && one.arity == 2) return latex_infix(t, one, x);
    if (op == &info<matmul_op>) return {grouped(x[0], binding::product) + " \\, " + grouped(x[1], binding::prefix), binding::product};
    if (op == &info<exp_op>) return {"e^{" + x[0].text + "}"};
    if (op == &info<square_op>) return {base_of(x[0]) + "^{2}"};
    if (op == &info<sqrt_op>) return {"\\sqrt{" + x[0].text + "}"};
    if (op == &info<abs_op>) return {"\\left|" + x[0].text + "\\right|"};
    if (op == &info<sigmoid_op>) return {called("\\sigma", x, 1)};
    if (op == &info<normal_cdf_op>) return {called("\\Phi", x, 1)};
    if (op == &info<log_normal_cdf_op>) return {"\\log " + called("\\Phi", x, 1)};
    if (op == &info<sum_op>) return {"\\sum" + axes_below(t, one) + " " + grouped(x[0], binding::product), binding::comparison};
    if (op == &mean_view) return {"\\frac{1}{" + count_latex(t, one) + "} \\sum" + axes_below(t, one) + " " + grouped(x[0], binding::product), binding::comparison};
    if (op == &info<select_op>) return {"\\begin{cases} " + x[1].text + " & " + x[0].text + " \\\\ " + x[2].text + " & \\text{otherwise} \\end{cases}"};
    if (op == &info<indicator_op>) return {"\\mathbb{1}\\left[" + x[0].text + "\\right]"};
    if (op == &info<one_hot_op>) return {"\\mathbb{1}_{" + x[0].text + "}"};
    if (op == &info<pick_op>) return {base_of(x[0]) + "_{" + x[1].text + "}"};
    if (op == &info<gradient_op>) return {"\\nabla_{" + x[1].text + "} " + bracketed(x[0].text), binding::product};
    const bool known = name == "log" || name == "tanh" || name == "max";
    const std::string function = known ? "\\" + std::string(name) : name == "maximum" ? "\\max" : name == "minimum" ? "\\min" : "\\operatorname{" + escaped(name) + "}";
    return {called(one.arity > 0 ? function + axes_below(t, one) : function, x, one.arity)};
}

inline std::string latex_of(const terms& t) {
    const rendering r = render(t, &write_latex, {.whole = 240, .named = 24, .longest = 600});
    std::string made = r.roots[0];
    for (std::size_t i = 0; i < r.definitions.size(); ++i) made += (i ? ", \\quad " : " \\quad \\text{where } ") + r.definitions[i].first + " = " + r.definitions[i].second;
    if (r.left_out) made += ", \\quad \\ldots";
    return made;
}

}  // namespace show

/// to_latex(expr): the formula for a paper, to stand between $ and $. `sigmoid` is \sigma, `normal_cdf` \Phi, `hidden.weight` W_{\mathrm{hidden}},
/// products of arrays element by element are \odot.
inline std::string to_latex(const record* r) { return show::latex_of(show::terms_of(r)); }
/// to_latex(graph, node): a node of the value graph.
inline std::string to_latex(const graph& g, int node) { return show::latex_of(show::terms_of(g, {node})); }

namespace ast {
template <symbolic X>
std::string to_latex(X) {
    return xgrad::to_latex(node_traits<X>::of());
}
}  // namespace ast
using ast::to_latex;

}  // namespace xgrad
