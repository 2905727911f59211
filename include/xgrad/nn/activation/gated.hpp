// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/all.hpp>

namespace xgrad {

namespace detail {
template <class Gate>
struct gated {
    template <ast::expression A, ast::expression B>
    constexpr auto operator()(A a, B b) const {
        return a * Gate::of(b);
    }
    /// The halves of the last axis: a layer.
    template <ast::symbolic X>
    constexpr auto operator()(X x) const {
        if constexpr (is_bad<X>) {
            return x;
        } else {
            constexpr const shape& s = ast::node_traits<X>::of()->extents;
            constexpr std::int64_t both = s.rank ? s[s.rank - 1].size : -1, half = both / 2;
            static_assert(both > 0 && both % 2 == 0, "xgrad::glu(x): the last extent of x must be an even number. Fix: give the layer before it twice the features.");
            if constexpr (both > 0 && both % 2 == 0) {
                return (*this)(slice<0, half>(x), slice<half, both>(x));
            } else {
                return x;
            }
        }
    }
};
struct sigmoid_gate {
    static constexpr auto of(auto b) { return ast::sigmoid(b); }
};
struct relu_gate {
    static constexpr auto of(auto b) { return ast::relu(b); }
};
struct gelu_gate {
    static constexpr auto of(auto b) { return ast::gelu(b); }
};
struct silu_gate {
    static constexpr auto of(auto b) { return ast::silu(b); }
};
struct linear_gate {
    static constexpr auto of(auto b) { return b; }
};
}  // namespace detail

/// glu(a, b) = a sigmoid(b): gated linear units of two expressions, such as two dense layers of one x; glu(x): of the halves of x's last axis.
/// So are all that follow.
///
/// Formula     a sigmoid(b)
/// Gradient    a: sigmoid(b); b: a sigmoid(b) sigmoid(-b)
/// Shape       [A...], [B...]  ->  their NumPy broadcast; x [S..., 2 D]  ->  [S..., D]
/// Errors      a last extent that is odd or has a name
/// Source      Dauphin et al., arXiv:1612.08083; halves as in PyTorch
/// Catalogue   activation
inline constexpr detail::gated<detail::sigmoid_gate> glu{};

/// reglu(a, b) = a relu(b).
///
/// Formula     a max(b, 0)
/// Gradient    a: max(b, 0); b: a where b > 0, else 0
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Source      Shazeer, arXiv:2002.05202
/// Catalogue   activation
inline constexpr detail::gated<detail::relu_gate> reglu{};

/// geglu(a, b) = a gelu(b).
///
/// Formula     a b Phi(b)
/// Gradient    a: gelu(b); b: a (Phi(b) + b e^(-b^2 / 2) / sqrt(2 pi))
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Source      Shazeer, arXiv:2002.05202
/// Catalogue   activation
inline constexpr detail::gated<detail::gelu_gate> geglu{};

/// swiglu(a, b) = a silu(b).
///
/// Formula     a b sigmoid(b)
/// Gradient    a: silu(b); b: a sigmoid(b) (1 + b sigmoid(-b))
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Source      Shazeer, arXiv:2002.05202
/// Catalogue   activation
inline constexpr detail::gated<detail::silu_gate> swiglu{};

/// bilinear(a, b) = a b: gated linear units without a nonlinear gate.
///
/// Formula     a b
/// Gradient    a: b; b: a
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Source      Dauphin et al., arXiv:1612.08083
/// Catalogue   activation
inline constexpr detail::gated<detail::linear_gate> bilinear{};

}  // namespace xgrad
