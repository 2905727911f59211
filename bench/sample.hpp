// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <tuple>

/// A network for a signal, one sample a call, as effects in sound have them (the widths of RTNeural's comparison): 1 input, a layer of `width` units, a dense layer to 1 output.
/// A recurrent layer's states go from call to call.
namespace bench::sample {

/// Gates in the order input, forget, cell, output; reset, update, candidate, whose product with the state has a bias too.
struct dense {
    static constexpr const char* name = "dense";
    static constexpr std::size_t gates = 1, states = 0;
};
struct gru {
    static constexpr const char* name = "gru";
    static constexpr std::size_t gates = 3, states = 1;
};
struct lstm {
    static constexpr const char* name = "lstm";
    static constexpr std::size_t gates = 4, states = 2;
};

/// Each gate's matrix [in, out] by rows, the gates one after the other.
template <class Layer, std::size_t Width>
struct data {
    static constexpr std::size_t units = Layer::gates * Width;
    std::vector<float> weight = uniform(units, 51, -0.5f, 0.5f), recurrent = uniform(Layer::states > 0 ? units * Width : 1, 52, -1 / std::sqrt(float{Width}), 1 / std::sqrt(float{Width}));
    std::vector<float> bias = uniform(units, 53, -0.1f, 0.1f), state_bias = uniform(Width, 54, -0.1f, 0.1f);
    std::vector<float> out = uniform(Width, 55, -0.5f, 0.5f), out_bias = uniform(1, 56, -0.1f, 0.1f);
    std::vector<float> signal = uniform(1024, 57, -1, 1);
};

/// `make(given)` is a network at rest: a function of a sample.
template <class Layer, std::size_t Width, class Make>
added variant(const std::string& name, Make make) {
    return {"sample/" + name + "/" + Layer::name + "-" + std::to_string(Width), [make](benchmark::State& state) {
                const data<Layer, Width> given;
                auto network = make(given);
                double sum = 0;
                for (const float x : given.signal) sum += std::abs(static_cast<double>(network(x)));
                agree_on(state, sum);
                std::size_t i = 0;
                for (auto _ : state) benchmark::DoNotOptimize(network(given.signal[i++ % 1024]));
                count_items(state, 1);
            }};
}
/// One of each layer and width: `make` is given the data and gives the network.
template <class Make>
std::vector<added> variants(const std::string& name, Make make) {
    std::vector<added> all;
    const auto of_layer = [&]<class Layer, std::size_t... Width>(Layer, std::index_sequence<Width...>) { (all.push_back(variant<Layer, Width>(name, make)), ...); };
    constexpr std::index_sequence<4, 8, 16, 32, 64> widths;
    of_layer(dense{}, widths);
    of_layer(gru{}, widths);
    of_layer(lstm{}, widths);
    return all;
}

}  // namespace bench::sample
