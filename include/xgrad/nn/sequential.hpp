// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>

namespace xgrad {

namespace detail {
/// The two extents that a product somewhere inside a composite could not join.
template <class Result>
struct inner_extents {
    static constexpr bool broken = false;
};
template <std::int64_t Columns, std::int64_t Rows>
struct inner_extents<ast::bad<matmul_op, 1, Columns, Rows>> {
    static constexpr bool broken = true;
    static constexpr std::int64_t columns = Columns, rows = Rows;
};
/// What a layer makes of x, errors unreported.
template <class Layer, class X>
struct quiet_result {
    using type = decltype(std::declval<const Layer&>().template apply<"">(ast::quiet(X{})));
};
}  // namespace detail

/// sequential(a, b, c)(x) = c(b(a(x))). sequential<"encoder">(...) puts its name before those of its layers.
///
/// Errors      two layers of one name, unless wrapped in `shared`; a shape error inside is reported once, here
template <fixed_string Name, class... Layers>
class sequential_layer {
public:
    static constexpr auto layer_name = Name;
    constexpr explicit sequential_layer(Layers... layers) : layers_(layers...) {}

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        return step<join(Prefix, Name), 0>(x);
    }
    /// (Result is a parameter so that compilers name it, with the two extents of a broken product, in the first lines.)
    template <ast::symbolic X, class Result = typename detail::quiet_result<sequential_layer, X>::type>
    constexpr auto operator()(X) const {
        if constexpr (detail::inner_extents<Result>::broken) {
            static_assert(detail::inner_extents<Result>::columns == detail::inner_extents<Result>::rows, XGRAD_INNER_EXTENT_SENTENCE);
            return Result{};
        } else {
            return reported(Result{});
        }
    }
    template <class X>
        requires(!ast::symbolic<X>)
    constexpr auto operator()(const X& x) const {
        return detail::refuse_for_layer(x);
    }

private:
    std::tuple<Layers...> layers_;

    template <fixed_string Path, std::size_t I, class X>
    constexpr auto step(X x) const {
        if constexpr (I == sizeof...(Layers) || is_bad<X>) {
            return x;
        } else {
            return step<Path, I + 1>(detail::apply_layer<Path>(std::get<I>(layers_), x));
        }
    }
};

namespace detail {
template <std::size_t I, class... Layers>
constexpr bool name_is_new() {
    using All = std::tuple<Layers...>;
    return []<std::size_t... K>(std::index_sequence<K...>) {
        return !((share_a_name<std::tuple_element_t<K, All>, std::tuple_element_t<I, All>>()) || ... || false);
    }(std::make_index_sequence<I>{});
}
template <class... Layers>
constexpr bool names_differ() {
    return []<std::size_t... I>(std::index_sequence<I...>) { return (name_is_new<I, Layers...>() && ... && true); }(std::index_sequence_for<Layers...>{});
}
}  // namespace detail

template <fixed_string Name = "", class... Layers>
constexpr sequential_layer<Name, Layers...> sequential(Layers... layers) {
    static_assert(detail::names_differ<Layers...>(),
                  "xgrad::sequential(...): two layers have the same name, and would share their weights. "
                  "Fix: rename one, or wrap them in shared(...) if that is meant.");
    return sequential_layer<Name, Layers...>(layers...);
}

}  // namespace xgrad
