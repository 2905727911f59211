// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "cross_entropy.hpp"

#include <xgrad/xgrad.hpp>

namespace bench::cross_entropy {

/// The loss and its gradient by a prepared program, with options such as xgrad::unfused.
template <std::size_t Size, class... Options>
void by_program(benchmark::State& state, Options... options) {
    namespace xg = xgrad;
    constexpr extents e = sizes[Size];
    constexpr auto rows = xg::axis<"rows">;
    constexpr xg::static_extent<e.classes> classes{};
    constexpr auto z = xg::input<"z">(rows, classes);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(classes));
    constexpr auto loss = xg::mean(xg::cross_entropy(z, t));

    const auto given = logits(e);
    const auto labels = targets(e);
    const auto logits = xg::adapt(given.data(), std::array{e.rows, e.classes});
    const auto target = xg::adapt(labels.data(), std::array{e.rows});
    float value = 0;
    xg::tensor<float, 2> gradient;
    auto program = xg::compile(loss, xg::gradient(loss, z), options...).prepare();
    auto step = program.into(value, gradient);
    time_steps(state, e, [&] { step(z = logits, t = target); }, value, [&] { return gradient.data(); });
}

}  // namespace bench::cross_entropy
