// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/all.hpp>

namespace xgrad {

/// softmin(x) = softmax(-x), over the last axis or those given.
///
/// Formula     e^-x / sum(e^-x)
/// Gradient    y (sum(g y) - g) for a cotangent g
/// Shape       [S...]  ->  [S...]
/// Limits      those of softmax(-x)
/// Source      PyTorch
/// Catalogue   activation
inline constexpr struct {
    template <ast::symbolic X, class... Axes>
    constexpr auto operator()(X x, Axes... which) const {
        return xgrad::softmax(-x, which...);
    }
} softmin{};

/// tempered_softmax(x, t) = softmax(x / t), over the last axis or those given after t.
///
/// Formula     e^(x / t) / sum(e^(x / t))
/// Gradient    y (g - sum(g y)) / t for a cotangent g
/// Shape       x [S...], t a number  ->  [S...]
/// Source      Hinton et al., arXiv:1503.02531
/// Catalogue   activation
inline constexpr struct {
    template <ast::symbolic X, ast::symbolic T, class... Axes>
    constexpr auto operator()(X x, T t, Axes... which) const {
        return xgrad::softmax(x / t, which...);
    }
} tempered_softmax{};

/// tempered_log_softmax(x, t) = log_softmax(x / t).
///
/// Formula     x / t - log(sum(e^(x / t)))
/// Gradient    (g - e^y sum(g)) / t for a cotangent g
/// Shape       x [S...], t a number  ->  [S...]
/// Source      Hinton et al., arXiv:1503.02531
/// Catalogue   activation
inline constexpr struct {
    template <ast::symbolic X, ast::symbolic T, class... Axes>
    constexpr auto operator()(X x, T t, Axes... which) const {
        return xgrad::log_softmax(x / t, which...);
    }
} tempered_log_softmax{};

namespace detail {
template <class X, class M>
constexpr auto shown(X x, M mask) {
    return ast::select(mask, x, number<-std::numeric_limits<double>::infinity()>);
}
}  // namespace detail

/// masked_softmax(x, m) = softmax over the elements where m holds, 0 elsewhere.
///
/// Formula     m ? e^x / sum(m ? e^x : 0) : 0
/// Gradient    y (g - sum(g y)) where m holds, else 0, for a cotangent g
/// Shape       x [S...], m boolean, broadcast to [S...]  ->  [S...]
/// Limits      a row without any element that holds is 0, and so is its gradient, also where x is NaN
/// Source      PyTorch (_safe_softmax)
/// Catalogue   activation
inline constexpr struct {
    template <ast::symbolic X, ast::symbolic M, class... Axes>
    constexpr auto operator()(X x, M mask, Axes... which) const {
        return ast::select(mask, xgrad::softmax(detail::shown(x, mask), which...), number<0.0>);
    }
} masked_softmax{};

/// masked_log_softmax(x, m) = log_softmax over the elements where m holds, -inf elsewhere.
///
/// Formula     m ? x - log(sum(m ? e^x : 0)) : -inf
/// Gradient    g - e^y sum(g) where m holds, else 0, for a cotangent g
/// Shape       x [S...], m boolean, broadcast to [S...]  ->  [S...]
/// Limits      a row without any element that holds is -inf, and its gradient 0
/// Source      PyTorch
/// Catalogue   activation
inline constexpr struct {
    template <ast::symbolic X, ast::symbolic M, class... Axes>
    constexpr auto operator()(X x, M mask, Axes... which) const {
        return detail::shown(xgrad::log_softmax(detail::shown(x, mask), which...), mask);
    }
} masked_log_softmax{};

namespace detail {
/// 1 at the first of the places where `hits` is 1, 0 elsewhere: the one that comes first along axis `Axis`, then along the axes after it.
template <const record* R, std::uint32_t Mask, int Axis, class Hits, class... Axes>
constexpr auto first_of(Hits hits, Axes... which) {
    if constexpr (Axis == R->extents.rank) {
        return hits;
    } else if constexpr (!(Mask >> Axis & 1u)) {
        return first_of<R, Mask, Axis + 1>(hits, which...);
    } else {
        const auto before = -positions_along<R, Axis>();
        const auto first = ast::max(shown(before, hits > number<0.0>), which..., keep_axes);
        return first_of<R, Mask, Axis + 1>(hits * ast::indicator(before == first), which...);
    }
}
}  // namespace detail

/// hardmax(x) = 1 at the largest element along the last axis or those given, 0 elsewhere.
///
/// Formula     1 where x = max(x) for the first time, else 0
/// Gradient    0
/// Shape       [S...]  ->  [S...]
/// Limits      of equal largest elements the first is 1, in the order of the axes; a row with NaN is 0
/// Source      ONNX
/// Catalogue   activation
inline constexpr struct {
    template <ast::symbolic X, class... Axes>
    constexpr auto operator()(X x, Axes... which) const {
        if constexpr (sizeof...(Axes) == 0) {
            return (*this)(x, axes<-1>);
        } else {
            const auto still = ast::stop_gradient(x);
            constexpr const record* r = ast::node_traits<X>::of();
            return detail::first_of<r, (detail::axes_mask(r->extents, Axes{}) | ...), 0>(ast::indicator(still == ast::max(still, which..., keep_axes)), which...);
        }
    }
} hardmax{};

}  // namespace xgrad
