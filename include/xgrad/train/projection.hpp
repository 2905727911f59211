// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/clip.hpp>

namespace xgrad {

/// A projection is an option of the trainer that brings a new parameter back to where it may be: numbers as an optimiser has them,
/// whether it `concerns` a path, and one formula, `project(p, h)`.
struct projection : training_option {};

/// max_norm<"*.weight">{2} = after each update every unit's weights (a column: all axes but the last; the whole array where there is one
/// axis) scaled down to at most this norm, for parameters under these paths (Srebro and Shraibman, COLT 2005; Keras MaxNorm).
template <fixed_string... Path>
struct max_norm : projection {
    double largest;
    constexpr explicit max_norm(double l) : largest(l) {}

    static constexpr std::array<std::string_view, 1> hyperparameters{detail::number_of_paths<"largest_unit_norm", Path...>};
    constexpr std::array<double, 1> values() const { return {largest}; }
    static constexpr bool concerns(std::string_view path) { return (detail::matches_path(Path, path) || ...); }
    static constexpr ast::ref project(ast::ref p, auto h) {
        const int rank = p.shape().rank;
        const std::uint32_t within = rank < 2 ? (1u << rank) - 1 : (1u << (rank - 1)) - 1;
        return p * (h[0] / maximum(sqrt(square(p).sum(within)), h[0]));
    }
};

}  // namespace xgrad
