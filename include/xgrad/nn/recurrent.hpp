// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>
#include <xgrad/nn/step_mask.hpp>

namespace xgrad {

namespace named {
inline constexpr auto initial = option_kind{1ull << 17};
inline constexpr auto backwards = option_kind{1ull << 18};
inline constexpr auto reset_before = option_kind{1ull << 19};
inline constexpr auto peepholes = option_kind{1ull << 20};
}  // namespace named

/// What may follow the width of a recurrent layer:
///
///   step_mask(m)     m boolean, x's extents without the last: steps where it is false leave the states as they are, as if they were not there
///   initial(h)       the state before the first step, x's extents without the steps and with the layer's width; lstm: initial(h, c). Zeros without it
///   backwards        from the last step to the first
///   reset_before     gru: the reset gate acts before the product with the state (ONNX's default), not after it (PyTorch, Keras)
///   peepholes        lstm: gates see the cell's state through weights of their own
template <ast::symbolic... H>
struct initial_option {
    static constexpr auto kind = named::initial;
    std::tuple<H...> states;
};
template <ast::symbolic... H>
constexpr initial_option<H...> initial(H... states) {
    return {{states...}};
}
inline constexpr struct backwards_option {
    static constexpr auto kind = named::backwards;
} backwards{};
inline constexpr struct reset_before_option {
    static constexpr auto kind = named::reset_before;
} reset_before{};
inline constexpr struct peepholes_option {
    static constexpr auto kind = named::peepholes;
} peepholes{};

/// What the sentences of recurrent layers are kept by.
struct recurrent_rules {
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A >= B, "xgrad: a recurrent layer's input needs rank 3, with an axis of steps, a batch and features. Fix: a single sequence is a batch of one.");
        } else if constexpr (Rule == 2) {
            static_assert(A == B, "xgrad: a recurrent layer's last extent must be a number. Fix: declare x as [steps, batch, 32_c], not with a named width.");
        } else if constexpr (Rule == 3) {
            static_assert(A == B, "xgrad: a recurrent layer's input does not have the axis it runs over. Fix: name the axis of the steps, as in lstm<\"name\">(letters, 64_c).");
        } else if constexpr (Rule == 4) {
            static_assert(A == B, "xgrad: step_mask(m): m must have the input's extents without the last.");
        } else if constexpr (Rule == 5) {
            static_assert(A == B, "xgrad: initial(states...): a layer needs as many as it has. Fix: initial(h) for rnn and gru, initial(h, c) for lstm.");
        } else {
            static_assert(A == B, "xgrad: initial(states...): each must have the input's extents without the steps, and the layer's width. Fix: declare it as [batch, 64_c].");
        }
    }
};

namespace detail {
/// x's extents without the axis of the steps and with another width.
template <class Axis, const record* X, std::int64_t Width>
inline constexpr shape state_extents = [] {
    shape s{};
    for (int i = 0; i < X->extents.rank; ++i)
        if (X->extents[i].name != Axis::name) s.push_back(i + 1 == X->extents.rank ? extent{Width, nullptr} : X->extents[i]);
    return s;
}();
/// The states that the options begin with, or `otherwise`.
template <class Otherwise, class... Options>
constexpr auto initial_of(Otherwise otherwise, Options... options) {
    const auto given = option_of<named::initial>(options...);
    if constexpr (is_given<decltype(given)>) {
        return given.states;
    } else {
        return otherwise;
    }
}
template <class... H>
constexpr bool all_have(const shape& wanted, std::tuple<H...>) {
    return ((shape_of(H{}) == wanted) && ...);
}

/// A parameter of a cell: its path, then what it is.
template <fixed_string Path, fixed_string Part, initialiser Start, class... E>
constexpr auto cell_parameter(E... extents) {
    return parameter<join(Path, Part), Start>(extents...);
}
/// x W + h U + b: what a gate has before its activation. A product with x needs no state, so it is made for all steps at once.
template <fixed_string Path, std::int64_t Width, initialiser Bias = zeros, class X, class H>
constexpr auto gate(X x, H h) {
    constexpr static_extent<shape_of(X{})[shape_of(X{}).rank - 1].size> in{};
    constexpr static_extent<Width> n{};
    return ast::matmul(x, cell_parameter<Path, "weight", glorot_uniform>(in, n)) + ast::matmul(h, cell_parameter<Path, "recurrent", glorot_uniform>(n, n)) +
           cell_parameter<Path, "bias", Bias>(n);
}
/// A cell's step as what `scan` takes: f(states..., x).
template <class Cell, fixed_string Path, std::int64_t Width, class... Options>
struct cell_step : named_step {
    static constexpr std::size_t states = Cell::states;
    constexpr auto operator()(auto... states_and_x) const { return Cell::template step<Path, Width, Options...>(states_and_x...); }
};
/// The same where a mask says which steps there are: f(states..., x, mask). (What stands in x where there is no step has no influence, not even as NaN.)
template <class Step>
struct masked_step : named_step {
    constexpr auto operator()(auto... all) const {
        const std::tuple given{all...};
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            const auto mask = std::get<Step::states + 1>(given);
            const auto made = Step{}(std::get<K>(given)..., ast::select(mask, std::get<Step::states>(given), number<0.0>));
            return std::tuple{ast::select(mask, std::get<K>(made), std::get<K>(given))...};
        }(std::make_index_sequence<Step::states>{});
    }
};
}  // namespace detail

/// What rnn, lstm and gru share: a cell at every step of an axis. `Cell::step<Path, Width, Options...>(states..., x)` gives the next
/// states as a tuple, the output first; `Cell::options` are those that this cell knows beside those of all.
template <fixed_string Name, class Cell, class Axis, class Width, class... Options>
struct recurrent_layer : detail::called_alone<recurrent_layer<Name, Cell, Axis, Width, Options...>> {
    static_assert(detail::are_known<named::step_mask | named::initial | named::backwards | Cell::options, Options...>,
                  "xgrad: a recurrent layer is given an option that it does not take. Fix: step_mask(m), initial(h), backwards; of gru reset_before, of lstm peepholes and initial(h, c).");
    static_assert(detail::are_distinct<Options...>, "xgrad: a recurrent layer is given one option twice.");
    static_assert(requires { Axis::name; }, "xgrad: a recurrent layer runs over an axis with a name, as in lstm<\"name\">(letters, 64_c). Fix: declare the steps as axis<\"letters\">.");
    static constexpr auto layer_name = Name;
    static constexpr bool is_backwards = detail::has_option<named::backwards, Options...>;
    std::tuple<Options...> options;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        return run<join(Prefix, Name), is_backwards>(x);
    }
    /// One step by itself, for who keeps the states: step(h, x), lstm: step(h, c, x), gives the next states as a tuple, the output first.
    template <ast::symbolic... S>
    constexpr auto step(S... states_and_x) const {
        static_assert(sizeof...(S) == Cell::states + 1, "xgrad: step(states..., x): a layer needs all its states, then x. Fix: step(h, x) for rnn and gru, step(h, c, x) for lstm.");
        return Cell::template step<Name, detail::to_extent(Width{}).size, Options...>(states_and_x...);
    }
    /// The output at every step, in one direction.
    template <fixed_string Path, bool Backwards, ast::symbolic X>
    constexpr auto run(X x) const {
        constexpr const record* r = ast::node_traits<X>::of();
        constexpr const shape& s = r->extents;
        constexpr std::int64_t width = detail::to_extent(Width{}).size;
        if constexpr (s.rank < 3) {
            return ast::bad<recurrent_rules, 1, s.rank, 3>{};
        } else if constexpr (s[s.rank - 1].is_dynamic()) {
            return ast::bad<recurrent_rules, 2, 0, 1>{};
        } else if constexpr (detail::place_of_axis<Axis, X>() < 0) {
            return ast::bad<recurrent_rules, 3, 0, 1>{};
        } else {
            constexpr const shape* state = detail::interned_shape<detail::state_extents<Axis, r, width>>;
            const auto zero = detail::spread_over<state>(number<0.0>);
            const auto mask = std::apply([](auto... o) { return detail::mask_of(o...); }, options);
            constexpr detail::scan_function<Backwards> along{};
            using cell = detail::cell_step<Cell, Path, width, Options...>;
            const auto zeros_of_all = [&]<std::size_t... K>(std::index_sequence<K...>) { return std::tuple{((void)K, zero)...}; }(std::make_index_sequence<Cell::states>{});
            const auto initial = std::apply([&](auto... o) { return detail::initial_of(zeros_of_all, o...); }, options);
            using states = std::remove_cv_t<decltype(initial)>;
            if constexpr (std::tuple_size_v<states> != Cell::states) {
                return ast::bad<recurrent_rules, 5, 0, 1>{};
            } else if constexpr (!detail::all_have(*state, states{})) {
                return ast::bad<recurrent_rules, 6, 0, 1>{};
            } else if constexpr (!detail::is_given<decltype(mask)>) {
                return std::get<0>(along(Axis{}, cell{}, initial, x));
            } else if constexpr (!detail::masks_all_steps(shape_of(mask), s)) {
                return ast::bad<recurrent_rules, 4, 0, 1>{};
            } else {
                return std::get<0>(along(Axis{}, detail::masked_step<cell>{}, initial, x, mask));
            }
        }
    }
};

/// bidirectional(layer)(x): the layer from the first step on and another of its kind from the last on, side by side, with the same options; both begin
/// with the states of `initial`.
///
/// Formula     [forward(x), backward(x)] along the last axis
/// Gradient    the halves of g to each
/// Shape       x [..., in]  ->  [..., 2 n]
/// Parameters  the layer's, under name.forward and name.backward
/// Source      Schuster and Paliwal, IEEE Trans. Signal Processing 1997; joined as in PyTorch and Keras
/// Catalogue   layer
template <class Layer>
struct bidirectional_layer : detail::called_alone<bidirectional_layer<Layer>> {
    static constexpr auto layer_name = Layer::layer_name;
    Layer layer;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        static_assert(!Layer::is_backwards, "xgrad::bidirectional(layer): the layer runs both ways already. Fix: drop backwards.");
        constexpr auto path = join(Prefix, Layer::layer_name);
        const auto forward = layer.template run<join(path, fixed_string("forward")), false>(x);
        if constexpr (is_bad<decltype(forward)>) {
            return forward;
        } else {
            return concat(forward, layer.template run<join(path, fixed_string("backward")), true>(x));
        }
    }
};
template <class Layer>
constexpr bidirectional_layer<Layer> bidirectional(Layer layer) {
    return {{}, layer};
}

}  // namespace xgrad
