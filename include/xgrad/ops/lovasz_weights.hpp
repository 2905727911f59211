// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/whole.hpp>

#include <bit>
#include <cstdint>

namespace xgrad {

/// lovasz_weights(errors, targets): the derivative of the Lovász extension of the Jaccard loss, at each error.
///
/// Formula     errors in descending order; J_k = 1 - (P - p_k) / (P + k - p_k), p_k the targets among the first k, P all;
///             the weight of the k-th is J_k - J_(k-1), J_0 = 0
/// Shape       errors, targets [S..., N]  ->  [S..., N], along the last axis
/// Domain      targets 0 or 1
/// Derivative  none: the weights are constant between two orders
/// Limits      no target at all: the largest error has weight 1; a NaN among the errors gives a row of NaN
/// Method      equal errors stand in the order in which they lie; long rows are sorted by the bytes of their errors' bits; differences
///             of J in closed form, so that nothing cancels
/// Source      Berman, Triki and Blaschko, CVPR 2018
struct lovasz_weights_op : whole<2> {
    static constexpr std::string_view name = "lovasz_weights";
    static constexpr int scratch = 2;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        if (operands[0].rank < 1) return {{}, 1, operands[0].rank, 1};
        if (!(operands[0] == operands[1])) return {{}, 2, operands[0].rank, operands[1].rank};
        return {operands[0]};
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A >= B, "xgrad::lovasz_weights(errors, targets): errors need an axis to sort along, their last.");
        } else {
            static_assert(A == B && Rule != 2, "xgrad::lovasz_weights(errors, targets): both must have the same extents.");
        }
    }
    static constexpr unsigned cut_operands(const attributes&, const shape& result) { return result.rank > 1 ? 0b11 : 0; }
    static constexpr auto pullback(auto g, auto, auto, auto) { return std::tuple{constant(g, 0), constant(g, 0)}; }
    static constexpr auto tangent(auto y, auto, auto, auto, auto) { return constant(y, 0); }

    template <class T>
    static void run(const whole_call<T, 2>& call) {
        static_assert(sizeof(T) >= sizeof(std::uint32_t));
        const std::ptrdiff_t n = call[0].extent(call[0].rank - 1), rows = call[0].elements() / n;
        for (std::ptrdiff_t r = 0; r < rows; ++r)
            row(call[0].data + r * n, call[1].data + r * n, call.result.data + r * n, static_cast<std::uint32_t>(n), static_cast<std::uint32_t*>(call.scratch));
    }

private:
    static constexpr std::uint32_t worth_counting = 128;

    /// Larger errors have smaller keys; equal ones, 0 and -0 too, have one.
    template <class T>
    static auto key_of(T error) {
        using bits = std::conditional_t<sizeof(T) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;
        constexpr bits top = bits{1} << (8 * sizeof(T) - 1);
        const bits b = std::bit_cast<bits>(error + T{0});
        return (b & top) != 0 ? b : ~(b | top);
    }
    /// Byte by byte, the lowest first; each pass leaves equal bytes in the order in which they stood. Returns which of the two is in order.
    template <class T>
    static std::uint32_t* sorted_by_bytes(const T* errors, std::uint32_t n, std::uint32_t* order, std::uint32_t* other) {
        std::uint32_t places[sizeof(T)][256] = {};
        for (std::uint32_t i = 0; i < n; ++i)
            for (std::size_t byte = 0; byte < sizeof(T); ++byte) ++places[byte][key_of(errors[i]) >> (8 * byte) & 255];
        for (std::size_t byte = 0; byte < sizeof(T); ++byte) {
            auto digit = [errors, byte](std::uint32_t i) { return key_of(errors[i]) >> (8 * byte) & 255; };
            if (places[byte][digit(0)] == n) continue;
            std::uint32_t begin = 0;
            for (std::uint32_t& place : places[byte]) begin += std::exchange(place, begin);
            for (std::uint32_t i = 0; i < n; ++i) other[places[byte][digit(order[i])]++] = order[i];
            std::swap(order, other);
        }
        return order;
    }
    template <class T>
    static void row(const T* errors, const T* targets, T* weights, std::uint32_t n, std::uint32_t* order) {
        double all = 0;
        bool is_number = true;
        for (std::uint32_t i = 0; i < n; ++i) {
            order[i] = i;
            all += static_cast<double>(targets[i]);
            is_number = is_number && errors[i] == errors[i];
        }
        if (!is_number) {
            std::fill_n(weights, n, std::numeric_limits<T>::quiet_NaN());
            return;
        }
        if (n < worth_counting) {
            std::sort(order, order + n, [errors](std::uint32_t a, std::uint32_t b) { return errors[a] != errors[b] ? errors[a] > errors[b] : a < b; });
        } else {
            order = sorted_by_bytes(errors, n, order, order + n);
        }
        double common = all, joint = all;  // of what is left after the first k: intersection and union
        for (std::uint32_t k = 0; k < n; ++k) {
            const auto target = static_cast<double>(targets[order[k]]);
            const double before = joint;
            joint += 1 - target;
            // common / before - (common - target) / joint, without the difference of the two; 0 / 0, nothing to find, counts as 1.
            weights[order[k]] = static_cast<T>(before == 0 ? 1.0 : (common * (1 - target) + target * before) / (before * joint));
            common -= target;
        }
    }
};
inline constexpr function<lovasz_weights_op> lovasz_weights{};

}  // namespace xgrad
