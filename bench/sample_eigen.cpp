// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "eigen.hpp"
#include "sample.hpp"

/// Matrices of fixed extents, the gates' one below the other: one product a sample.
namespace bench::sample {
namespace {

template <int Rows, int Columns>
using fixed = Eigen::Matrix<float, Rows, Columns>;

template <class Layer, std::size_t Width>
struct gates {
    static constexpr int width = static_cast<int>(Width), units = static_cast<int>(Layer::gates) * width;
    using column = fixed<units, 1>;
    using state = fixed<width, 1>;
    column weight, bias;
    fixed<units, width> recurrent;
    state state_bias;
    fixed<1, width> out;
    float out_bias;

    explicit gates(const data<Layer, Width>& given)
        : weight(given.weight.data()), bias(given.bias.data()), state_bias(given.state_bias.data()), out(given.out.data()), out_bias(given.out_bias[0]) {
        // [in, out] by rows is [out, in] by columns.
        for (int g = 0; Layer::states > 0 && g < static_cast<int>(Layer::gates); ++g)
            recurrent.template middleRows<width>(g * width) = Eigen::Map<const fixed<width, width>>(given.recurrent.data() + g * width * width);
    }
    float output(const state& h) const { return (out * h).value() + out_bias; }
};
template <class Layer, std::size_t Width>
struct network;
template <std::size_t Width>
struct network<dense, Width> : gates<dense, Width> {
    using gates<dense, Width>::gates;
    float operator()(float x) const { return this->output((this->bias + x * this->weight).array().tanh().matrix()); }
};
template <std::size_t Width>
struct network<gru, Width> : gates<gru, Width> {
    using typename gates<gru, Width>::state;
    static constexpr int width = static_cast<int>(Width);
    state h = state::Zero();
    using gates<gru, Width>::gates;
    float operator()(float x) {
        const fixed<3 * width, 1> of_state = this->recurrent * h, of_input = this->bias + x * this->weight;
        const fixed<2 * width, 1> gate = (of_state.template head<2 * width>() + of_input.template head<2 * width>()).array().logistic();
        const state remembered = of_state.template tail<width>() + this->state_bias;
        const state k = (of_input.template tail<width>().array() + gate.template head<width>().array() * remembered.array()).tanh();
        h = (k.array() + gate.template tail<width>().array() * (h - k).array()).matrix();
        return this->output(h);
    }
};
template <std::size_t Width>
struct network<lstm, Width> : gates<lstm, Width> {
    using typename gates<lstm, Width>::state;
    static constexpr int width = static_cast<int>(Width);
    state h = state::Zero(), c = state::Zero();
    using gates<lstm, Width>::gates;
    float operator()(float x) {
        const fixed<4 * width, 1> before = this->recurrent * h + (this->bias + x * this->weight);
        const fixed<2 * width, 1> first = before.template head<2 * width>().array().logistic();
        const state made = before.template segment<width>(2 * width).array().tanh();
        const state output = before.template tail<width>().array().logistic();
        c = (first.template tail<width>().array() * c.array() + first.template head<width>().array() * made.array()).matrix();
        h = (output.array() * c.array().tanh()).matrix();
        return this->output(h);
    }
};
const auto all = variants("eigen", []<class Layer, std::size_t Width>(const data<Layer, Width>& given) { return network<Layer, Width>(given); });

}  // namespace
}  // namespace bench::sample
