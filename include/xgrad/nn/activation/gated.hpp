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

/// glu(a, b) = a sigmoid(b): gated linear units. The two halves are two expressions, such as two dense layers of one x.
///
/// Formula     a sigmoid(b)
/// Gradient    a: sigmoid(b); b: a sigmoid(b) sigmoid(-b)
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Source      Dauphin et al., arXiv:1612.08083
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
