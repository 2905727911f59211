// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/causal.hpp>
#include <xgrad/nn/layer.hpp>
#include <xgrad/nn/step_mask.hpp>
#include <xgrad/ops/windows.hpp>

namespace xgrad {

namespace named {
inline constexpr auto dilation = option_kind{1ull << 29};
inline constexpr auto stride = option_kind{1ull << 30};
inline constexpr auto valid = option_kind{1ull << 31};
}  // namespace named

/// dilation(2_c): of conv1d, how far apart the steps are that a window sees.
template <std::int64_t Steps>
struct dilation_option {
    static constexpr auto kind = named::dilation;
    static constexpr std::int64_t steps = Steps;
};
template <class N>
constexpr dilation_option<canonical_extent<N>::value> dilation(N) {
    return {};
}
/// stride(2_c): of conv1d, how far the next window is.
template <std::int64_t Steps>
struct stride_option {
    static constexpr auto kind = named::stride;
    static constexpr std::int64_t steps = Steps;
};
template <class N>
constexpr stride_option<canonical_extent<N>::value> stride(N) {
    return {};
}
/// Of conv1d: only windows that lie inside, so that there are fewer than steps.
inline constexpr struct valid_option {
    static constexpr auto kind = named::valid;
} valid{};

/// What the sentences of `conv1d` are kept by.
struct conv1d_rules {
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A >= B, "xgrad::conv1d(x): x does not have the axis it runs over, or has it last. "
                                  "Fix: steps before features, as in [batch, steps, 8_c]; name their axis in conv1d<\"name\">(steps, 16_c, 3_c).");
        } else if constexpr (Rule == 2) {
            static_assert(A == B, "xgrad::conv1d(x): the last extent of x must be a number. Fix: declare x as [batch, steps, 8_c], not with a named width.");
        } else if constexpr (Rule == 3) {
            static_assert(A == B, "xgrad::conv1d(x): step_mask(m): m must have the extents of x without the last.");
        } else if constexpr (Rule == 4) {
            static_assert(A == B, "xgrad::conv1d(x): valid and stride change the number of steps, so it must be one, not a name. "
                                  "Fix: leave them out (zeros keep the steps), or declare x as [batch, 100_c, 8_c] and say axes<1>.");
        } else if constexpr (Rule == 5) {
            static_assert(A >= B, "xgrad::conv1d(x): a window is longer than the steps. Fix: check the size and the dilation, or drop valid.");
        } else {
            static_assert(A < B, "xgrad::conv1d(x): size, dilation and stride must be below 4096.");
        }
    }
};

namespace detail {
/// What the options say, for an axis of so many steps (or with a name, -1).
template <std::int64_t Size, class... Options>
constexpr window_form window_form_of(std::int64_t steps) {
    using dilated = decltype(option_of<named::dilation>(std::declval<Options>()...));
    using strided = decltype(option_of<named::stride>(std::declval<Options>()...));
    window_form form;
    form.size = Size;
    if constexpr (is_given<dilated>) form.dilation = dilated::steps;
    if constexpr (is_given<strided>) form.stride = strided::steps;
    if constexpr (has_option<named::causal, Options...>) form.padding = window_padding::before;
    if constexpr (has_option<named::valid, Options...>) form.padding = window_padding::none;
    if (steps > 0) form.rest = form.rest_of(steps);
    return form;
}
}  // namespace detail

/// What conv1d<"name">(axis, n, size, options...) makes.
template <fixed_string Name, class Axis, class Filters, class Size, class... Options>
struct conv1d_layer : detail::called_alone<conv1d_layer<Name, Axis, Filters, Size, Options...>> {
    static_assert(detail::are_known<named::dilation | named::stride | named::causal | named::valid | named::step_mask, Options...>,
                  "xgrad::conv1d<\"name\">(axis, filters, size, options...): an option is none of its own. Fix: dilation(2_c), stride(2_c), causal, valid, step_mask(m).");
    static_assert(detail::are_distinct<Options...> && !(detail::has_option<named::causal, Options...> && detail::has_option<named::valid, Options...>),
                  "xgrad::conv1d<\"name\">(axis, filters, size, options...): one option twice, or causal beside valid.");
    static constexpr auto layer_name = Name;
    std::tuple<Options...> options;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        constexpr const shape& s = ast::node_traits<X>::of()->extents;
        constexpr int axis = detail::single_axis(s, Axis{});
        if constexpr (axis < 0 || axis + 1 >= s.rank) {
            return ast::bad<conv1d_rules, 1, s.rank - 2, axis < 0 ? s.rank : axis>{};
        } else if constexpr (s[s.rank - 1].is_dynamic()) {
            return ast::bad<conv1d_rules, 2, 0, 1>{};
        } else {
            constexpr window_form form = detail::window_form_of<Size::value, Options...>(s[axis].size);
            constexpr std::int64_t most = std::max({form.size, form.dilation, form.stride});
            if constexpr (most >= window_form::limit) {
                return ast::bad<conv1d_rules, 6, most, window_form::limit>{};
            } else if constexpr (s[axis].is_dynamic() && !form.keeps_steps()) {
                return ast::bad<conv1d_rules, 4, 0, 1>{};
            } else if constexpr (!s[axis].is_dynamic() && s[axis].size + form.padded() <= form.span()) {
                return ast::bad<conv1d_rules, 5, s[axis].size, form.span() + 1>{};
            } else {
                const auto mask = std::apply([](auto... o) { return detail::mask_of(o...); }, options);
                if constexpr (!detail::is_given<decltype(mask)>) {
                    return product<join(Prefix, Name), form, axis>(x);
                } else if constexpr (!detail::masks_all_steps(shape_of(mask), s)) {
                    return ast::bad<conv1d_rules, 3, 0, 1>{};
                } else {
                    return product<join(Prefix, Name), form, axis>(ast::select(mask, x, number<0.0>));
                }
            }
        }
    }

private:
    template <fixed_string Path, window_form Form, int Along, class X>
    static constexpr auto product(X x) {
        constexpr const shape& s = shape_of(X{});
        constexpr static_extent<s[s.rank - 1].size> in{};
        constexpr static_extent<Size::value * in.value> seen{};
        const auto weight = parameter<join(Path, fixed_string("weight")), glorot_uniform>(Size{}, in, Filters{});
        return ast::matmul(ast::apply<windows_op, attributes{.axes = 1u << Along, .number = Form.packed()}>(x), reshape(weight, seen, Filters{})) +
               parameter<join(Path, fixed_string("bias"))>(Filters{});
    }
};

/// conv1d<"name">(axis, n, size)(x): n filters slid along an axis of steps, each sees `size` of them with all their features.
///
/// Formula     y_s = b + sum_k x_(s + k - before) W_k, k = 0, ..., size - 1 (a correlation: W is not turned round); x is 0 outside its steps; before = (size - 1) / 2,
///             rounded down, so that there are as many steps as in x
/// Gradient    W: X^T g, X the windows of x side by side; x: for each step the sum of g W^T over the windows that see it; b: the sum of g over steps and batch
/// Shape       x [..., in] with the axis anywhere but last  ->  [..., n]
/// Options     dilation(d): windows see every d-th step; causal: all zeros before the first step, a step sees none after it; step_mask(m): m boolean, the extents of
///             x without the last: steps where it is false are 0. Where the number of steps is known to the compiler, conv1d<"name">(axes<1>, n, size, valid):
///             no zeros, (steps - 1 - (size - 1) d) / stride + 1 windows; stride(s): every s-th window
/// Parameters  name.weight [size, in, n], Glorot uniform with size in and size n as fans; name.bias [n], zeros
/// Errors      an axis that is not there, or last; valid or stride along a named axis (their result has another length than the name says); a window that
///             is longer than the steps
/// Method      windows side by side in memory, then one product
/// Source      Waibel et al., IEEE Trans. ASSP 1989; dilated and causal: van den Oord et al., arXiv 1609.03499, 2016; zeros as "same" and "causal" of Keras, whose
///             default is valid as is PyTorch's; weight as in Keras, [n, in, size] in PyTorch
/// Catalogue   layer
template <fixed_string Name, class Axis, class Filters, class Size, class... Options>
constexpr auto conv1d(Axis, Filters, Size, Options... options) {
    return conv1d_layer<Name, Axis, canonical_extent<Filters>, canonical_extent<Size>, Options...>{{}, {options...}};
}

}  // namespace xgrad
