// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/xgrad.hpp>

#include "conformance/onnx/tensor.hpp"
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace onnx {

namespace xg = xgrad;
using namespace xg::literals;

/// Where a case keeps its data: <folder>/<name>/test_data_set_0/input_0.pb, ...
inline std::string place_of(const std::string& name) { return std::string(ONNX_NODE_TESTS) + "/" + name + "/test_data_set_0/"; }

/// A tensor of a case as an array of T with the wanted rank.
template <class T, std::size_t Rank>
xt::xtensor<T, Rank> read(const std::string& name, const char* file) {
    const stored_tensor from = read_tensor(place_of(name) + file);
    std::array<std::size_t, Rank> extents{};
    REQUIRE(from.extents.size() == Rank);
    if constexpr (Rank > 0) std::copy(from.extents.begin(), from.extents.end(), extents.begin());
    xt::xtensor<T, Rank> made = xt::xtensor<T, Rank>::from_shape(extents);
    REQUIRE(made.size() == from.numbers.size());
    for (std::size_t i = 0; i < made.size(); ++i) made.data()[i] = static_cast<T>(from.numbers[i]);
    return made;
}

/// ONNX's tolerance for float results: |a - b| <= 1e-7 + 1e-3 |b|.
template <class Result>
void equals(const Result& made, const std::string& name, const char* file) {
    const stored_tensor wanted = read_tensor(place_of(name) + file);
    const auto one = [&](double a, double b, std::size_t i) {
        if ((std::isnan(a) && std::isnan(b)) || a == b) return;
        INFO(name << ", " << file << ", element " << i << ": " << a << ", wanted " << b);
        CHECK(std::abs(a - b) <= 1e-7 + 1e-3 * std::abs(b));
    };
    if constexpr (std::is_arithmetic_v<Result>) {
        REQUIRE(wanted.numbers.size() == 1);
        one(static_cast<double>(made), wanted.numbers[0], 0);
    } else {
        REQUIRE(std::vector<std::size_t>(made.shape().begin(), made.shape().end()) == wanted.extents);
        for (std::size_t i = 0; i < made.size(); ++i) one(static_cast<double>(made.data()[i]), wanted.numbers[i], i);
    }
}

template <class X>
std::tuple<X> as_tuple(X x) {
    return {std::move(x)};
}
template <class... X>
std::tuple<X...> as_tuple(std::tuple<X...> x) {
    return x;
}
/// Adds `step` times a fixed direction.
template <class Array>
void move_along(Array& x, double step, unsigned seed) {
    const auto direction = support::uniform<double>({x.size()}, seed, -1, 1);
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] += step * direction(i);
}

/// Gradients in float against those in double, and these together against central differences of the weighted sum in double.
/// `run(T{})` gives the results, the sum, and a gradient for each array in `at`, which it reads.
template <std::size_t Sum, class Run, class Made, class... Array>
void gradients_hold(const std::string& name, Run&& run, const Made& made, std::tuple<Array&...> at) {
    INFO(name);
    const auto exact = run(double{});
    double directional = 0, scale = 0;
    const auto each = [&](auto&& f) {
        [&]<std::size_t... K>(std::index_sequence<K...>) { (f(std::get<K>(at), std::get<Sum + 1 + K>(made), std::get<Sum + 1 + K>(exact), static_cast<unsigned>(K) + 1), ...); }(std::index_sequence_for<Array...>{});
    };
    each([&](const auto& x, const auto& in_float, const auto& in_double, unsigned seed) {
        REQUIRE(in_float.size() == x.size());
        const auto direction = support::uniform<double>({x.size()}, seed, -1, 1);
        double largest = 0;
        for (std::size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(in_double.data()[i]));
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double d = in_double.data()[i];
            INFO("gradient " << seed << ", element " << i);
            CHECK(std::abs(static_cast<double>(in_float.data()[i]) - d) <= 1e-5 * largest + 1e-4 * std::abs(d));
            directional += d * direction(i);
            scale += std::abs(d * direction(i));
        }
    });
    const double step = 1e-6;
    const auto move = [&](double by) { each([&](auto& x, const auto&, const auto&, unsigned seed) { move_along(x, by, seed); }); };
    move(step);
    const double up = std::get<Sum>(run(double{}));
    move(-2 * step);
    const double down = std::get<Sum>(run(double{}));
    CHECK(std::abs((up - down) / (2 * step) - directional) <= 1e-7 * (1 + std::abs(up)) + 1e-5 * scale);
}

}  // namespace onnx
