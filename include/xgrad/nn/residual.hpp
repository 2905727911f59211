// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/sequential.hpp>

namespace xgrad {

/// residual(a, b, c): what its layers make of x, one after the other, added to x. residual<"block">(...) puts its name before those
/// of its layers.
///
/// Formula     x + c(b(a(x)))
/// Gradient    g + the derivative of the layers
/// Shape       x [S...]  ->  [S...]; the layers give x's extents back, or what broadcasts to them
/// Errors      as `sequential`
/// Source      He et al., CVPR 2016
/// Catalogue   layer
template <fixed_string Name, class... Layers>
class residual_layer {
public:
    static constexpr auto layer_name = Name;
    constexpr explicit residual_layer(sequential_layer<Name, Layers...> layers) : layers_(layers) {}

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        return x + layers_.template apply<Prefix>(x);
    }
    template <ast::symbolic X, class Result = typename detail::quiet_result<residual_layer, X>::type>
    constexpr auto operator()(X) const {
        if constexpr (detail::inner_extents<Result>::broken) {
            static_assert(detail::inner_extents<Result>::columns == detail::inner_extents<Result>::rows, XGRAD_INNER_EXTENT_SENTENCE);
            return Result{};
        } else {
            return reported(Result{});
        }
    }

private:
    sequential_layer<Name, Layers...> layers_;
};
template <fixed_string Name = "", class... Layers>
constexpr residual_layer<Name, Layers...> residual(Layers... layers) {
    return residual_layer<Name, Layers...>(sequential<Name>(layers...));
}

}  // namespace xgrad
