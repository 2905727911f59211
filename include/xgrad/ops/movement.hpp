// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/axes.hpp>

namespace xgrad {

/// The same elements at other places: result axis i is operand axis attributes::source[i], or a new one where that is -1.
/// Costs no pass: its readers use other strides. `transpose` and `broadcast` are made of it.
struct movement_op : op_defaults {
    static constexpr std::string_view name = "movement";
    static constexpr op_kind kind = op_kind::movement;
    static constexpr int arity = 1;
    static constexpr bool exact = true;

    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        if (!a.target) {
            shape_result result;
            for (int i = 0; i < operands[0].rank; ++i)
                result.value.push_back(operands[0][a.source[static_cast<std::size_t>(i)]]);
            return result;
        }
        if (operands[0].rank > a.target->rank) return {{}, 2, operands[0].rank, a.target->rank};
        for (int i = 0; i < a.target->rank; ++i) {
            const std::int8_t from = a.source[static_cast<std::size_t>(i)];
            if (from >= 0 && !(operands[0][from] == (*a.target)[i])) return {{}, 1, operands[0][from].size, (*a.target)[i].size};
        }
        return {*a.target};
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A == B, "xgrad::broadcast(x, extents...): each extent of x must be 1 or the wanted one, counted from the last.");
        } else {
            static_assert(A == B, "xgrad::broadcast(x, extents...): the wanted shape has fewer axes than x. Fix: list every extent.");
        }
    }
    static constexpr auto pullback(auto g, auto y, auto x) { return std::tuple{g.moved_back(y, x)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return t.moved_like(y); }
};

namespace detail {
/// One object a shape, wherever the shape comes from: equal records must have equal attributes. (By its extents one by one: g++ 12
/// takes equal arrays for different template arguments where their ends were filled in another way.)
template <std::int64_t Size, const axis_name* Name>
struct single_extent {};
template <class... E>
inline constexpr shape shape_made_of{};
template <std::int64_t... Size, const axis_name*... Name>
inline constexpr shape shape_made_of<single_extent<Size, Name>...> = [] {
    shape made{};
    (made.push_back({Size, Name}), ...);
    return made;
}();
template <const shape& S>
inline constexpr const shape* interned_shape = []<std::size_t... I>(std::index_sequence<I...>) {
    return &shape_made_of<single_extent<S.extents[I].size, S.extents[I].name>...>;
}(std::make_index_sequence<static_cast<std::size_t>(S.rank)>{});
}  // namespace detail

}  // namespace xgrad
