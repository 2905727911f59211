// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "conformance/libtorch.hpp"
#include "support/arrays.hpp"
#include "support/catch.hpp"

/// A loss or activation of ours, compiled once for float, beside libtorch's of that name in double: value and gradients over several shapes.
namespace libtorch {

namespace xg = xgrad;
using namespace xg::literals;

inline constexpr auto rows = xg::axis<"rows">;
inline constexpr auto columns = xg::axis<"columns">;

/// The extents of one run; a leaf takes as many as it has axes.
using extents = std::vector<std::size_t>;
struct runs {
    std::vector<extents> shapes;
    double tolerance = 16;  ///< in epsilons of float, relative to the number plus a sixteenth of the largest in its array
    runs within(double epsilons) const { return {shapes, epsilons}; }
};
/// Around the vector width, around the tile, and long.
inline runs ragged() { return {{{1, 1}, {3, 7}, {5, 16}, {2, 65}, {13, 33}, {67, 8}, {2, 1000}}}; }
/// Without rows of one number, where formulas of directions are 0 or 0 / 0.
inline runs wide() { return {{{3, 7}, {5, 16}, {2, 65}, {13, 33}, {67, 8}, {2, 1000}}}; }
/// With a number of columns that the formula fixes.
inline runs ragged(std::size_t width) { return {{{2, width}, {3, width}, {16, width}, {67, width}, {500, width}}}; }
/// The same on the middle axis.
inline runs planes(std::size_t width) { return {{{2, width, 1}, {3, width, 5}, {2, width, 64}, {5, width, 33}}}; }

/// What a leaf of the formula is bound to.
template <class Leaf>
struct operand {
    Leaf leaf;
    double low, high;
    enum { uniform, signs, flags, classes, rows_of_probabilities } kind = uniform;
    int ignored = 0;           ///< classes: this label stands in every third row, if it is not 0
    bool last_extent = false;  ///< one number a column
    int without = -1;          ///< an axis of the shape that it does not have
    static constexpr int rank = xg::detail::rank_of<Leaf>();
};
template <class Leaf>
operand<Leaf> of(Leaf leaf, double low = -3, double high = 3) {
    return {leaf, low, high};
}
template <class Leaf>
operand<Leaf> column_weights(Leaf leaf) {
    return {leaf, 0.25, 2, operand<Leaf>::uniform, 0, true};
}
/// -1 or 1.
template <class Leaf>
operand<Leaf> signs(Leaf leaf) {
    return {leaf, -1, 1, operand<Leaf>::signs};
}
/// 0 or 1.
template <class Leaf>
operand<Leaf> flags(Leaf leaf) {
    return {leaf, 0, 1, operand<Leaf>::flags};
}
template <class Leaf>
operand<Leaf> classes_of(Leaf leaf, int count, int ignored = 0, int without = -1) {
    return {leaf, 0, static_cast<double>(count), operand<Leaf>::classes, ignored, false, without};
}
template <class Leaf>
operand<Leaf> probabilities(Leaf leaf) {
    return {leaf, 0.01, 1, operand<Leaf>::rows_of_probabilities};
}

/// The numbers of an operand in double, every one of them a float.
template <class Leaf>
tensor made(const operand<Leaf>& x, const extents& shape, unsigned seed) {
    tensor t;
    if (x.last_extent) t.extents = {static_cast<std::int64_t>(shape[1])};
    else
        for (int i = 0; static_cast<int>(t.extents.size()) < x.rank; ++i)
            if (i != x.without) t.extents.push_back(static_cast<std::int64_t>(shape[static_cast<std::size_t>(i)]));
    std::size_t size = 1;
    for (std::int64_t n : t.extents) size *= static_cast<std::size_t>(n);
    const auto numbers = support::uniform<float>({size}, seed, x.low, x.high);
    t.numbers.assign(numbers.begin(), numbers.end());
    const std::size_t width = t.extents.empty() ? 1 : static_cast<std::size_t>(t.extents.back());
    for (std::size_t i = 0; i < size; ++i) {
        double& one = t.numbers[i];
        if (x.kind == x.signs) one = one < 0 ? -1 : 1;
        if (x.kind == x.flags) one = one < 0.5 ? 0 : 1;
        if (x.kind == x.classes) one = x.ignored != 0 && i % 3 == 1 ? x.ignored : std::floor(one);
        if (x.kind == x.rows_of_probabilities && i % width == width - 1) {
            double total = 0;
            for (std::size_t j = i + 1 - width; j <= i; ++j) total += t.numbers[j];
            for (std::size_t j = i + 1 - width; j <= i; ++j) t.numbers[j] = static_cast<float>(t.numbers[j] / total);
        }
    }
    return t;
}
/// Uniform in [-1, 1).
inline tensor uniform(const extents& shape, unsigned seed) {
    tensor made;
    std::size_t size = 1;
    for (std::size_t n : shape) {
        made.extents.push_back(static_cast<std::int64_t>(n));
        size *= n;
    }
    const auto numbers = support::uniform<double>({size}, seed, -1, 1);
    made.numbers.assign(numbers.begin(), numbers.end());
    return made;
}
template <class T, std::size_t Rank>
xt::xtensor<T, Rank> array_of(const tensor& t) {
    std::array<std::size_t, Rank> shape{};
    std::copy(t.extents.begin(), t.extents.end(), shape.begin());
    auto made = xt::xtensor<T, Rank>::from_shape(shape);
    std::transform(t.numbers.begin(), t.numbers.end(), made.begin(), [](double x) { return static_cast<T>(x); });
    return made;
}
template <class Leaf>
auto bound(const operand<Leaf>&, const tensor& t) {
    if constexpr (xg::detail::is_labels<Leaf>()) {
        return array_of<std::int32_t, static_cast<std::size_t>(operand<Leaf>::rank)>(t);
    } else {
        return array_of<float, static_cast<std::size_t>(operand<Leaf>::rank)>(t);
    }
}

/// The largest difference, relative to the number plus a sixteenth of the largest in its array, in epsilons of float.
template <class Result>
double distance(const Result& got, const tensor& wanted) {
    const auto far = [](double a, double b, double largest) {
        if (a == b || (std::isnan(a) && std::isnan(b))) return 0.0;
        const double error = std::abs(a - b) / (std::abs(b) + largest / 16 + 1e-30) / support::epsilon<float>;
        return std::isnan(error) ? 1e30 : error;
    };
    if constexpr (std::is_arithmetic_v<Result>) {
        return wanted.numbers.size() == 1 ? far(static_cast<double>(got), wanted.numbers[0], 0) : 1e30;
    } else {
        if (got.size() != wanted.numbers.size()) return 1e30;
        double largest = 0, worst = 0;
        for (double x : wanted.numbers) largest = std::max(largest, std::abs(x));
        for (std::size_t i = 0; i < got.size(); ++i) worst = std::max(worst, far(static_cast<double>(got.data()[i]), wanted.numbers[i], largest));
        return worst;
    }
}

namespace detail {
template <std::size_t Differentiated, class Loss, std::size_t... D, class... Leaf>
void compare(const char* name, Loss loss, const runs& over, std::index_sequence<D...>, operand<Leaf>... x) {
    constexpr int rank = xg::detail::rank_of<Loss>();
    const auto leaves = std::tuple{x.leaf...};
    // The cotangent is an input too, of the loss's shape.
    constexpr auto v = [] {
        if constexpr (rank == 1) return xg::input<"cotangent">(rows);
        else if constexpr (rank == 2) return xg::input<"cotangent">(rows, columns);
        else return 1_c;
    }();
    const auto total = [&] {
        if constexpr (rank == 0) return loss;
        else return xg::sum(loss * v);
    }();
    auto program = xg::compile<float>(loss, xg::gradient(total, std::get<D>(leaves))...);
    unsigned seed = 1;
    for (const extents& shape : over.shapes) {
        std::vector<tensor> given;
        (given.push_back(made(x, shape, seed++)), ...);
        const answer wanted = ask(name, given, Differentiated);
        const auto results = [&]<std::size_t... I>(std::index_sequence<I...>) {
            if constexpr (rank == 0) {
                return program((x.leaf = bound(x, given[I]))...);
            } else {
                tensor weights = wanted.value;
                for (std::size_t i = 0; i < weights.numbers.size(); ++i) weights.numbers[i] = cotangent(i);
                return program((x.leaf = bound(x, given[I]))..., v = array_of<float, static_cast<std::size_t>(rank)>(weights));
            }
        }(std::index_sequence_for<Leaf...>{});
        INFO(name << ", shape " << shape[0] << " x " << shape[1]);
        CHECK(distance(std::get<0>(results), wanted.value) <= over.tolerance);
        (
            [&] {
                INFO("gradient " << D);
                CHECK(distance(std::get<D + 1>(results), wanted.gradients[D]) <= over.tolerance);
            }(),
            ...);
    }
}
}  // namespace detail

/// Ours equals libtorch's of this name, whose inputs are these operands in order; differentiated by the first ones.
template <std::size_t Differentiated, class Loss, class... Leaf>
void equals(const char* name, Loss loss, const runs& over, operand<Leaf>... x) {
    detail::compare<Differentiated>(name, loss, over, std::make_index_sequence<Differentiated>{}, x...);
}

}  // namespace libtorch
