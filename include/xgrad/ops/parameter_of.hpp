// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/digest_map.hpp>
#include <xgrad/expr/leaf.hpp>

namespace xgrad {

namespace detail {
/// What a formula declares under a name, or null.
constexpr const declaration* declared_in(const record* formula, std::string_view name) {
    digest_map seen;
    growing_array<const record*> open{formula};
    while (!open.empty()) {
        const record* r = open.back();
        open.pop_back();
        if (r->attr.leaf && r->attr.leaf->name == name) return r->attr.leaf;
        if (r->arity == 0 || seen.find(r->digest)) continue;
        seen.insert(r->digest, 1);
        for (int k = 0; k < r->arity; ++k) open.push_back(r->operands[static_cast<std::size_t>(k)]);
    }
    return nullptr;
}
template <class Key, class X>
constexpr auto leaf_under(X x) {
    if constexpr (is_bad<X>) {
        return x;
    } else {
        constexpr const declaration* found = declared_in(ast::node_traits<X>::of(), Key::name);
        static_assert(found != nullptr, "xgrad::parameter_of<name>(e), gradient(e, \"name\"_p): the formula has no parameter of this name. Fix: check its spelling; layers put their names before it, as in \"hidden.weight\".");
        if constexpr (found == nullptr) {
            return x;
        } else {
            return leaf_node<found>{};
        }
    }
}
}  // namespace detail

/// parameter_of<"hidden.weight">(e): the parameter, or input, that stands under this name in a formula, for one that a layer has declared:
/// `gradient(loss, parameter_of<"hidden.weight">(loss))`, also written gradient(loss, "hidden.weight"_p).
///
/// Shape       that of its declaration
/// Errors      a name that the formula does not have is refused
template <fixed_string Name, ast::symbolic X>
constexpr auto parameter_of(X x) {
    return detail::leaf_under<parameter_key<Name>>(x);
}

}  // namespace xgrad
