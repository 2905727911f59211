// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/whole.hpp>

namespace xgrad {

/// Where zeros are added to an axis: nowhere, as many before it as behind (an odd one behind), or all before.
enum class window_padding { none, around, before };

/// Windows along an axis: `size` steps, `dilation` apart, the next window `stride` steps on. Packed into attributes::number.
struct window_form {
    std::int64_t size = 1, dilation = 1, stride = 1;
    window_padding padding = window_padding::around;
    std::int64_t rest = 0;  ///< steps behind the last window, which no window sees

    static constexpr std::int64_t limit = 4096;  ///< of each number
    constexpr double packed() const {
        return static_cast<double>((((size * limit + dilation) * limit + stride) * limit + rest) * 4 + static_cast<std::int64_t>(padding));
    }
    static constexpr window_form from(double number) {
        std::int64_t n = static_cast<std::int64_t>(number);
        window_form f;
        f.padding = static_cast<window_padding>(n & 3);
        f.rest = (n >>= 2) % limit;
        f.stride = (n /= limit) % limit;
        f.dilation = (n /= limit) % limit;
        f.size = n / limit;
        return f;
    }
    constexpr std::int64_t span() const { return (size - 1) * dilation; }
    /// Zeros before the first step; behind the last there are `padded() - before()`.
    constexpr std::int64_t before() const { return padding == window_padding::none ? 0 : padding == window_padding::before ? span() : span() / 2; }
    constexpr std::int64_t padded() const { return padding == window_padding::none ? 0 : span(); }
    constexpr std::int64_t windows_in(std::int64_t steps) const { return (steps + padded() - span() - 1) / stride + 1; }
    constexpr std::int64_t rest_of(std::int64_t steps) const { return (steps + padded() - span() - 1) % stride; }
    constexpr std::int64_t steps_under(std::int64_t windows) const { return (windows - 1) * stride + span() + 1 - padded() + rest; }
    /// As many windows as steps.
    constexpr bool keeps_steps() const { return stride == 1 && padding != window_padding::none; }
};

struct windows_op;

/// The cotangent of what windows were taken of: each step has the sum of what all windows have at it, in the order of their places.
struct window_sums_op : whole<1> {
    static constexpr std::string_view name = "window_sums";

    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        const window_form form = window_form::from(a.number);
        shape_result result{operands[0]};
        extent &steps = result.value[detail::axis_of(a)], &features = result.value[operands[0].rank - 1];
        if (!steps.is_dynamic()) steps.size = form.steps_under(steps.size);
        features.size /= form.size;
        return result;
    }
    static constexpr unsigned cut_operands(const attributes& a, const shape&) { return detail::all_unless_outermost(a, 1); }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{ast::apply_with<windows_op>(y.attr(), g)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return ast::apply_with<window_sums_op>(y.attr(), t); }

    static constexpr bool lanes_of_double = false;
    template <class T, class L>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 1>&, L) {
        return 0;
    }
    template <class T, class L>
    static void run(const whole_call<T, 1>& call, L) {
        const window_form form = window_form::from(call.number);
        const whole_array<T>& to = call.result;
        const std::ptrdiff_t n = to.extent(call.axis()), windows = call[0].extent(call.axis()), features = to.extent(to.rank - 1);
        const std::ptrdiff_t rows = to.stride(call.axis()) / features, outer = to.outer(call.axis()), length = form.size * features;
        T* all = to.data;
        for (std::ptrdiff_t o = 0; o < outer; ++o)
            for (std::ptrdiff_t s = 0; s < n; ++s)
                for (std::ptrdiff_t r = 0; r < rows; ++r, all += features) {
                    std::fill_n(all, features, T{0});
                    for (std::ptrdiff_t k = 0; k < form.size; ++k) {
                        const std::ptrdiff_t start = s + form.before() - k * form.dilation, w = start / form.stride;
                        if (start < 0 || w >= windows || start % form.stride != 0) continue;
                        const T* from = call[0].data + ((o * windows + w) * rows + r) * length + k * features;
                        std::ptrdiff_t i = 0;
                        for (; i + L::width <= features; i += L::width) L::store(all + i, L::load(all + i) + L::load(from + i));
                        for (; i < features; ++i) all[i] += from[i];
                    }
                }
    }
};

/// What the steps of an axis see through a window, side by side, zeros outside: y[s, k D + i] = x[s stride + k dilation - before, i].
///
/// Shape       [..., steps, ..., D] with the axis anywhere but last  ->  [..., windows, ..., size D]
/// Derivative  sums of g over the windows that see a step
struct windows_op : whole<1> {
    static constexpr std::string_view name = "windows";
    static constexpr bool exact = true;

    /// attributes::number: a window_form.
    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        const window_form form = window_form::from(a.number);
        shape_result result{operands[0]};
        extent &steps = result.value[detail::axis_of(a)], &features = result.value[operands[0].rank - 1];
        if (!steps.is_dynamic()) steps.size = form.windows_in(steps.size);
        features.size *= form.size;
        return result;
    }
    static constexpr unsigned cut_operands(const attributes& a, const shape&) { return detail::all_unless_outermost(a, 1); }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{ast::apply_with<window_sums_op>(y.attr(), g)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return ast::apply_with<windows_op>(y.attr(), t); }

    template <class T>
    static void run(const whole_call<T, 1>& call) {
        const window_form form = window_form::from(call.number);
        const whole_array<const T>& x = call[0];
        const std::ptrdiff_t n = x.extent(call.axis()), windows = call.result.extent(call.axis()), features = x.extent(x.rank - 1);
        const std::ptrdiff_t rows = x.stride(call.axis()) / features, outer = x.outer(call.axis());
        T* to = call.result.data;
        for (std::ptrdiff_t o = 0; o < outer; ++o)
            for (std::ptrdiff_t w = 0; w < windows; ++w)
                for (std::ptrdiff_t r = 0; r < rows; ++r)
                    for (std::ptrdiff_t k = 0; k < form.size; ++k) {
                        const std::ptrdiff_t s = w * form.stride + k * form.dilation - form.before();
                        const bool is_inside = s >= 0 && s < n;
                        to = is_inside ? std::copy_n(x.data + ((o * n + s) * rows + r) * features, features, to) : std::fill_n(to, features, T{0});
                    }
    }
};

}  // namespace xgrad
