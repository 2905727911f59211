// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/show/kernels.hpp>

#include <map>

namespace xgrad {
namespace show {

inline std::string quoted(std::string_view text) {
    std::string made = "\"";
    for (const char c : text) made += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    return made + "\"";
}

/// Kernels as clusters; arrays between them are boxes, the work inside is ellipses. An array in the arena is drawn once for
/// each kernel that writes it, though two may share a slot.
inline std::string dot_of(const std::vector<kernel_text>& kernels) {
    std::string nodes, edges;
    std::map<std::string, std::string> holder;  // the box that holds a name now
    int boxes = 0;
    auto box = [&](const std::string& name, const std::string& label) {
        const std::string id = "b" + std::to_string(boxes++);
        nodes += "  " + id + " [shape=box, label=" + quoted(label) + "];\n";
        holder[name] = id;
        return id;
    };
    auto holder_of = [&](const term& t) {
        const auto found = holder.find(t.name);
        return found != holder.end() ? found->second : box(t.name, t.name + (t.extents.rank ? " " + shape_text(t.extents) : ""));
    };
    for (std::size_t k = 0; k < kernels.size(); ++k) {
        const kernel_text& one = kernels[k];
        const std::string prefix = "k" + std::to_string(k) + "_";
        const growing_array<int> uses = detail::uses_of(one.formulas);
        std::string inside;
        std::vector<std::pair<std::string, int>> inner;  // edges from what this kernel writes itself
        for (int i = 0; i < one.formulas.size(); ++i) {
            const term& t = one.formulas[i];
            if (!uses[static_cast<std::size_t>(i)] || !t.name.empty()) continue;
            const std::string id = prefix + std::to_string(i);
            const std::string label = t.op == &info<constant_op> ? number_text(t.attr.number) : t.op->kind == op_kind::movement ? "view" : std::string(t.op->name);
            inside += "    " + id + " [label=" + quoted(label) + "];\n";
            for (int j = 0; j < t.arity; ++j) {
                const term& x = one.formulas.operand(t, j);
                std::string from = prefix + std::to_string(t.operands[static_cast<std::size_t>(j)]);
                if (!x.name.empty()) {
                    const auto own = std::find(one.writes.begin(), one.writes.end(), x.name);
                    if (own != one.writes.end() && !detail::contains(one.reads, x.name)) {
                        from = prefix + std::to_string(one.formulas.roots[static_cast<std::size_t>(own - one.writes.begin())]);
                    } else {
                        from = holder_of(x);
                    }
                }
                edges += "  " + from + " -> " + id + ";\n";
            }
        }
        nodes += "  subgraph cluster_" + std::to_string(k) + " {\n    label=" + quoted(one.kind + (one.space.rank ? " over " + shape_text(one.space) : "")) + ";\n" + inside + "  }\n";
        for (std::size_t w = 0; w < one.writes.size(); ++w) {
            const int root = one.formulas.roots[w];
            const std::string from = one.formulas[root].name.empty() ? prefix + std::to_string(root) : holder_of(one.formulas[root]);
            edges += "  " + from + " -> " + box(one.writes[w], one.writes[w] + (one.written[w].rank ? " " + shape_text(one.written[w]) : "")) + ";\n";
        }
    }
    return "digraph xgrad {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n" + nodes + edges + "}\n";
}

}  // namespace show

/// to_dot(expr): the plan for Graphviz (`dot -Tsvg`), value and gradients as in `explain`: a cluster for each kernel.
inline std::string to_dot(const record* r) {
    const show::stages s = show::run_stages(r);
    show::op_names ops;
    ops.add(s.refined);
    ops.add(s.opened);
    return show::dot_of(show::kernels_of(s.plan, ops, show::buffer_names(s.plan, s.results), &s));
}

namespace ast {
template <symbolic X>
std::string to_dot(X) {
    return xgrad::to_dot(node_traits<X>::of());
}
}  // namespace ast
using ast::to_dot;

}  // namespace xgrad
