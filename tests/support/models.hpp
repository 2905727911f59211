// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/xgrad.hpp>

/// The models that several tests share.
namespace models {

namespace xg = xgrad;
using namespace xg::literals;

inline constexpr auto batch = xg::axis<"batch">;

/// The article's classifier, 32-64-1, as example 020 has it.
namespace article {
inline constexpr auto x = xg::input<"x">(batch, 32_c);
inline constexpr auto y = xg::input<"y">(batch, 1_c);
inline constexpr auto logit = xg::sequential(xg::dense<"hidden">(64_c), xg::relu, xg::dense<"score">(1_c))(x);
inline constexpr auto p = sigmoid(logit);
inline constexpr auto loss = xg::mean(-y * log(p) - (1_c - y) * log(1_c - p));
}  // namespace article

/// A perceptron of so many layers; widths and activations cycle, so that kernels are shared but not all alike.
namespace deep {
template <int I>
constexpr auto name = [] {
    xg::fixed_string<5> made;
    made.text[0] = 'l';
    made.text[1] = static_cast<char>('0' + I / 100);
    made.text[2] = static_cast<char>('0' + I / 10 % 10);
    made.text[3] = static_cast<char>('0' + I % 10);
    return made;
}();
template <int I>
constexpr auto width() {
    if constexpr (I % 3 == 0) {
        return 32_c;
    } else if constexpr (I % 3 == 1) {
        return 48_c;
    } else {
        return 24_c;
    }
}
template <int I>
struct layer {
    template <xg::fixed_string Prefix>
    constexpr auto apply(auto h) const {
        const auto affine = xg::dense<name<I>>(width<I>()).template apply<Prefix>(h);
        if constexpr (I % 3 == 0) {
            return relu(affine);
        } else if constexpr (I % 3 == 1) {
            return tanh(affine);
        } else {
            return sigmoid(affine);
        }
    }
};
inline constexpr auto x = xg::input<"x">(batch, 32_c);
inline constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
template <int Layers>
constexpr auto logits() {
    return [&]<int... I>(std::integer_sequence<int, I...>) { return xg::sequential(layer<I>{}..., xg::dense<"last">(10_c))(x); }(std::make_integer_sequence<int, Layers>{});
}
template <int Layers>
constexpr auto loss() {
    return xg::mean(xg::cross_entropy(logits<Layers>(), t));
}
}  // namespace deep

}  // namespace models
