// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "ops/structural.hpp"

namespace plain {

template <auto C>
struct with_classes {
    static constexpr auto width = xg::static_extent<C>{};
    static constexpr auto z = xg::input<"z">(rows, width);
    static constexpr auto w = xg::input<"w">(rows, width);
    static constexpr auto u = xg::input<"u">(rows);
    static constexpr auto t = xg::labels<"t">(rows, xg::classes(width));
    static constexpr auto td = xg::input<"td">(rows, width);

    template <class T>
    static void hold() {
        constexpr auto picked = xg::pick(z, t);
        auto program = xg::compile<T>(picked, xg::one_hot(t), xg::gradient(xg::sum(u * xg::pick(z * z, t)), z), xg::sum(w * xg::one_hot(t)), xg::jvp(picked, z, td)).prepare();
        for (std::size_t r : {1u, 2u, 5u, 13u}) {
            CAPTURE(C, r);
            const auto Z = support::uniform<T>({r, C}, 41), W = support::uniform<T>({r, C}, 42), D = support::uniform<T>({r, C}, 44);
            const auto U = support::uniform<T>({r}, 43);
            const auto L = support::random_labels({r}, 45, C);
            const auto [p, hot, slope, chosen, moved] = program(z = Z, w = W, u = U, t = L, td = D);
            real total = 0, size = 0;
            for (std::size_t i = 0; i < r; ++i) {
                const auto label = static_cast<std::size_t>(L(i));
                CHECK(p(i) == Z(i, label));
                CHECK(moved(i) == D(i, label));
                total += W(i, label);
                size += std::abs(W(i, label));
                for (std::size_t c = 0; c < C; ++c) {
                    CHECK(hot(i, c) == (c == label ? 1 : 0));
                    CHECK(support::relative_error(slope(i, c), c == label ? 2 * static_cast<real>(U(i)) * Z(i, c) : 0, 1) < 4 * support::epsilon<T>);
                }
            }
            CHECK(support::relative_error(chosen, total, size) < 4 * support::epsilon<T>);
        }
    }
};

}  // namespace plain
