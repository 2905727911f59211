// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>

namespace xgrad {

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
    template <ast::symbolic X>
    constexpr auto operator()(X x) const {
        return reported(step<Name, 0>(ast::quiet(x)));
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
