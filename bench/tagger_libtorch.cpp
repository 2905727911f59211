// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "libtorch.hpp"
#include "tagger.hpp"

namespace bench::tagger {
namespace {

template <class Cell, class Layer, class LayerOptions>
class program {
    torch::Tensor x_, t_;
    Layer layer_{LayerOptions(static_cast<std::int64_t>(inputs), static_cast<std::int64_t>(width))};
    torch::nn::Linear score_{static_cast<std::int64_t>(width), static_cast<std::int64_t>(labels)};

    /// [gates, in, out] as [gates out, in], as torch keeps them; the gates' order is the same.
    static torch::Tensor turned(const std::vector<float>& from, std::size_t parts, std::size_t in, std::size_t out) {
        return copy(from, parts * in, out).reshape({static_cast<std::int64_t>(parts), static_cast<std::int64_t>(in), -1}).transpose(1, 2).reshape({-1, static_cast<std::int64_t>(in)}).contiguous();
    }
    /// Back to [in, out], the first part.
    static torch::Tensor first_part(const torch::Tensor& gradient, std::size_t out) { return gradient.slice(0, 0, static_cast<std::int64_t>(out)).t().contiguous(); }

public:
    explicit program(const data<Cell>& given)
        : x_(copy(given.x, steps * batch, inputs).reshape({static_cast<std::int64_t>(steps), static_cast<std::int64_t>(batch), -1})), t_(torch::tensor(given.t)) {
        const torch::NoGradGuard guard;
        auto of_layer = layer_->named_parameters();
        of_layer["weight_ih_l0"].copy_(turned(given.weight, Cell::gates, inputs, width));
        of_layer["weight_hh_l0"].copy_(turned(given.recurrent, Cell::gates, width, width));
        of_layer["bias_ih_l0"].copy_(torch::tensor(given.bias));
        of_layer["bias_hh_l0"].zero_();
        if (Cell::state_bias) of_layer["bias_hh_l0"].slice(0, -static_cast<std::int64_t>(width)).copy_(torch::tensor(given.state_bias));
        score_->weight.copy_(turned(given.score_weight, 1, width, labels));
        score_->bias.copy_(torch::tensor(given.score_bias));
    }
    outcome operator()() {
        layer_->zero_grad();
        score_->zero_grad();
        const torch::Tensor h = std::get<0>(layer_->forward(x_));
        const torch::Tensor value = torch::nn::functional::cross_entropy(score_->forward(h).reshape({-1, static_cast<std::int64_t>(labels)}), t_);
        value.backward();
        auto of_layer = layer_->named_parameters();
        made_ = {first_part(of_layer["weight_ih_l0"].grad(), width), first_part(of_layer["weight_hh_l0"].grad(), width),
                 of_layer["bias_ih_l0"].grad().slice(0, 0, static_cast<std::int64_t>(width)).contiguous(), first_part(score_->weight.grad(), labels), score_->bias.grad()};
        outcome result{static_cast<double>(value.item<float>()), {}};
        for (std::size_t i = 0; i < made_.size(); ++i) result.arrays[i] = numbers_of(made_[i]);
        return result;
    }

private:
    std::array<torch::Tensor, 5> made_;
};
const added all[]{variant<lstm>("libtorch", [](const data<lstm>& given) { return program<lstm, torch::nn::LSTM, torch::nn::LSTMOptions>(given); }),
                  variant<gru>("libtorch", [](const data<gru>& given) { return program<gru, torch::nn::GRU, torch::nn::GRUOptions>(given); })};

}  // namespace
}  // namespace bench::tagger
