// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <xgrad/xgrad.hpp>

#include <tuple>

/// Every loss of the catalogue: the value of its mean and the gradient by what is predicted, fused and with one kernel an op.
namespace bench::losses {

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto rows = xg::axis<"rows">;

/// Numbers for one array.
template <class T, std::size_t Rank>
struct numbers {
    std::array<std::size_t, Rank> extents;
    T (*next)(random_numbers&);
    std::uint64_t seed;

    xg::tensor<T, Rank> made() const {
        random_numbers random(seed);
        auto array = xg::tensor<T, Rank>::from_shape(extents);
        for (T& x : array) x = next(random);
        return array;
    }
};
template <std::size_t... Extents>
struct of_extents {
    static constexpr std::array<std::size_t, sizeof...(Extents)> extents{Extents...};
    using floats = numbers<float, sizeof...(Extents)>;
    using integers = numbers<std::int64_t, sizeof...(Extents)>;

    static floats reals(std::uint64_t seed = 1) { return {extents, [](random_numbers& r) { return r.uniform(-3, 3); }, seed}; }
    static floats positives(std::uint64_t seed = 2) { return {extents, [](random_numbers& r) { return r.uniform(0.1f, 3); }, seed}; }
    static floats probabilities(std::uint64_t seed = 3) { return {extents, [](random_numbers& r) { return r.uniform(0.01f, 0.99f); }, seed}; }
    static floats shares(std::uint64_t seed = 3) { return {extents, [](random_numbers& r) { return r.uniform(0.01f, 0.12f); }, seed}; }
    static floats cosines() { return {extents, [](random_numbers& r) { return r.uniform(-1, 1); }, 1}; }
    static floats bits() { return {extents, [](random_numbers& r) { return static_cast<float>(r.next() % 2); }, 4}; }
    static floats signs() { return {extents, [](random_numbers& r) { return static_cast<float>(r.next() % 2) * 2 - 1; }, 5}; }
    template <std::size_t Classes>
    static integers labels() {
        return {extents, [](random_numbers& r) { return static_cast<std::int64_t>(r.next() % Classes); }, 6};
    }
};

/// A leaf and the numbers it is bound to.
template <class Leaf, class Numbers>
struct argument {
    Leaf leaf;
    Numbers numbers;
};
template <class Leaf, class Numbers>
argument(Leaf, Numbers) -> argument<Leaf, Numbers>;

/// Times one program of a loss. The targets of the gradient are the first arguments.
template <std::size_t... Target, class Loss, class... Arguments, class... Options>
void time_loss(benchmark::State& state, std::index_sequence<Target...>, Loss loss, std::tuple<Arguments...> arguments, Options... options) {
    const auto arrays = std::apply([](auto... each) { return std::tuple{each.numbers.made()...}; }, arguments);
    auto run = xg::compile(xg::mean(loss), xg::gradient(xg::mean(loss), std::get<Target>(arguments).leaf...), options...).prepare();
    float value = 0;
    std::tuple gradients{std::get<Target>(arrays)...};
    auto step = run.into(value, std::get<Target>(gradients)...);
    time_results(state, [&] {
        std::apply([&](const auto&... array) { step((decltype(Arguments::leaf){} = array)...); }, arrays);
        return results<float, sizeof...(Target)>{value, {{{std::get<Target>(gradients).data(), std::get<Target>(gradients).size()}...}}};
    });
    count_items(state, std::get<0>(gradients).size());
}
/// Registers `loss/fused/NAME/EXTENTS` and `loss/unfused/NAME/EXTENTS`.
template <std::size_t Targets = 1, class Loss, class... Arguments>
std::array<added, 2> both(std::string name, Loss loss, Arguments... given) {
    constexpr std::make_index_sequence<Targets> targets{};
    const std::tuple arguments{given...};
    std::string between = "/";
    for (std::size_t extent : std::get<0>(arguments).numbers.extents) name += std::exchange(between, "x") + std::to_string(extent);
    return {added{"loss/fused/" + name, [=](benchmark::State& state) { time_loss(state, targets, loss, arguments); }},
            added{"loss/unfused/" + name, [=](benchmark::State& state) { time_loss(state, targets, loss, arguments, xg::unfused); }}};
}

}  // namespace bench::losses
