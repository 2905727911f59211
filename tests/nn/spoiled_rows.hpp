// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "nn/closed_form.hpp"

/// What every loss promises: rows that a mask skips count 0 and pass no NaN on, to the value or to the gradient; others are as without it.
namespace spoiled_rows {

using namespace plain;

inline constexpr std::size_t n = 19;
inline constexpr auto a = xg::input<"a">(rows, 5_c);
inline constexpr auto b = xg::input<"b">(rows, 5_c);
inline constexpr auto c = xg::input<"c">(rows, 5_c);
inline constexpr auto s = xg::input<"s">(rows);
inline constexpr auto t = xg::input<"t">(rows);
inline constexpr auto keep = xg::mask<"keep">(rows);
constexpr auto by_a(auto loss) { return xg::gradient(xg::sum(loss), a); }
constexpr auto by_s(auto loss) { return xg::gradient(xg::sum(loss), s); }

struct data {
    array<double, 2> A = support::uniform<double>({n, 5}, 1, 0.1, 2), B = support::shaped<double>({n, 5}), C = support::uniform<double>({n, 5}, 3);
    array<double, 1> S = support::uniform<double>({n}, 4), T = support::shaped<double>({n});
    array<bool, 1> K = support::shaped<bool>({n}), all = support::shaped<bool>({n});
    data(bool spoiled) {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        for (std::size_t i = 0; i < n; ++i) {
            all(i) = true;
            K(i) = i % 3 != 1;
            T(i) = i % 2 ? -1 : 1;
            for (std::size_t k = 0; k < 5; ++k) B(i, k) = (i + k) % 2 ? 1 : 0;
            if (!spoiled || K(i)) continue;
            S(i) = T(i) = i % 2 ? nan : INFINITY;
            for (std::size_t k = 0; k < 5; ++k) A(i, k) = B(i, k) = C(i, k) = k % 2 ? nan : -INFINITY;
        }
    }
};
template <class X>
bool skips(const X& masked, const X& plain_one, const array<bool, 1>& kept) {
    const std::size_t width = masked.size() / n;
    bool good = true;
    for (std::size_t i = 0; i < masked.size(); ++i) {
        const double wanted = kept(i / width) ? plain_one.data()[i] : 0;
        if (!(std::abs(masked.data()[i] - wanted) <= 1e-14 * (1 + std::abs(wanted)))) {
            UNSCOPED_INFO("element " << i << ": " << masked.data()[i] << " instead of " << wanted);
            good = false;
        }
    }
    return good;
}
/// One program's results with the mask, on spoiled data, and with a mask that keeps all, on data that are whole.
template <class Results>
void check(const Results& masked, const Results& whole, const array<bool, 1>& kept) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        const auto one = [&](std::size_t i, const auto& x, const auto& y) {
            CAPTURE(i);
            CHECK(skips(x, y, kept));
        };
        (one(I, std::get<I>(masked), std::get<I>(whole)), ...);
    }(std::make_index_sequence<std::tuple_size_v<Results>>{});
}
}  // namespace spoiled_rows
