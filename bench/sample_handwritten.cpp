// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "sample.hpp"

/// Loops of a fixed length and the standard library's functions.
namespace bench::sample {
namespace {

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

/// What a gate has before its activation: the bias, the input, the state.
template <class Layer, std::size_t Width>
struct gates {
    float weight[Layer::gates * Width], recurrent[Layer::gates][Width][Width], bias[Layer::gates * Width], state_bias[Width];
    float out[Width], out_bias;

    explicit gates(const data<Layer, Width>& given) : out_bias(given.out_bias[0]) {
        std::copy(given.weight.begin(), given.weight.end(), weight);
        std::copy(given.recurrent.begin(), given.recurrent.end(), &recurrent[0][0][0]);
        std::copy(given.bias.begin(), given.bias.end(), bias);
        std::copy(given.state_bias.begin(), given.state_bias.end(), state_bias);
        std::copy(given.out.begin(), given.out.end(), out);
    }
    void of_input(std::size_t gate, float x, float* to) const {
        for (std::size_t j = 0; j < Width; ++j) to[j] = bias[gate * Width + j] + x * weight[gate * Width + j];
    }
    void add_state(std::size_t gate, const float* h, float* to) const {
        for (std::size_t i = 0; i < Width; ++i)
            for (std::size_t j = 0; j < Width; ++j) to[j] += h[i] * recurrent[gate][i][j];
    }
    float output(const float* h) const {
        float y = out_bias;
        for (std::size_t j = 0; j < Width; ++j) y += h[j] * out[j];
        return y;
    }
};

template <class Layer, std::size_t Width>
struct network;
template <std::size_t Width>
struct network<dense, Width> : gates<dense, Width> {
    using gates<dense, Width>::gates;
    float operator()(float x) const {
        float h[Width];
        this->of_input(0, x, h);
        for (float& one : h) one = std::tanh(one);
        return this->output(h);
    }
};
template <std::size_t Width>
struct network<gru, Width> : gates<gru, Width> {
    float h[Width]{};
    using gates<gru, Width>::gates;
    float operator()(float x) {
        float reset[Width], update[Width], candidate[Width], remembered[Width];
        this->of_input(0, x, reset);
        this->of_input(1, x, update);
        this->of_input(2, x, candidate);
        std::copy_n(this->state_bias, Width, remembered);
        this->add_state(0, h, reset);
        this->add_state(1, h, update);
        this->add_state(2, h, remembered);
        for (std::size_t j = 0; j < Width; ++j) {
            const float k = std::tanh(candidate[j] + sigmoid(reset[j]) * remembered[j]);
            h[j] = k + sigmoid(update[j]) * (h[j] - k);
        }
        return this->output(h);
    }
};
template <std::size_t Width>
struct network<lstm, Width> : gates<lstm, Width> {
    float h[Width]{}, c[Width]{};
    using gates<lstm, Width>::gates;
    float operator()(float x) {
        float before[4][Width];
        for (std::size_t g = 0; g < 4; ++g) {
            this->of_input(g, x, before[g]);
            this->add_state(g, h, before[g]);
        }
        for (std::size_t j = 0; j < Width; ++j) {
            c[j] = sigmoid(before[1][j]) * c[j] + sigmoid(before[0][j]) * std::tanh(before[2][j]);
            h[j] = sigmoid(before[3][j]) * std::tanh(c[j]);
        }
        return this->output(h);
    }
};
const auto all = variants("handwritten", []<class Layer, std::size_t Width>(const data<Layer, Width>& given) { return network<Layer, Width>(given); });

}  // namespace
}  // namespace bench::sample
