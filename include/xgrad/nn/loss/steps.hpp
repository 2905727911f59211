// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/arguments.hpp>
#include <xgrad/nn/step_mask.hpp>
#include <xgrad/ops/position.hpp>

namespace xgrad::detail {

/// x [time, S..., C] as [S..., time, C], or a mask [time, S...] as [S..., time]. Costs no pass.
template <int Kept = 1, class X>
constexpr auto steps_behind_rows(X x) {
    return with_axis_moved<0, rank_of<X>() - 1 - Kept>(x);
}
/// Which steps there are, [S..., time] for z [S..., time, C]: what step_mask says, or input_lengths.
template <class Z, class... Options>
constexpr auto steps_there(Z, Options... options) {
    const auto mask = option_of<named::step_mask>(options...);
    const auto lengths = value_among<option_kind{1ull << 25}>(options...);
    static_assert(!is_given<decltype(mask)> || !is_given<decltype(lengths)>, "xgrad: a loss is given step_mask and input_lengths; one of them says which steps there are.");
    if constexpr (is_given<decltype(mask)>) {
        return steps_behind_rows<0>(mask.mask);
    } else if constexpr (is_given<decltype(lengths)>) {
        constexpr const record* z = ast::node_traits<Z>::of();
        return ast::apply<position_op, attributes{.target = interned_shape<axis_alone<z, z->extents.rank - 2>>}>() < column(lengths);
    } else {
        return nothing;
    }
}

}  // namespace xgrad::detail
