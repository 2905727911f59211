// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "libtorch.hpp"
#include "mlp_step.hpp"

namespace bench::mlp_step {
namespace {

class by_torch {
    torch::Tensor x_, y_;
    torch::nn::Linear hidden_, score_;
    torch::optim::Adam optimiser_;
    bool logistic_;

    static torch::nn::Linear linear(std::size_t in, std::size_t out) { return torch::nn::Linear(static_cast<std::int64_t>(in), static_cast<std::int64_t>(out)); }
    std::vector<torch::Tensor> parameters() { return {hidden_->weight, hidden_->bias, score_->weight, score_->bias}; }

public:
    by_torch(job j, const start& given, double rate)
        : x_(copy(given.x, j.batch, j.model.inputs)), y_(j.model.logistic() ? copy(given.y, j.batch, 1) : torch::tensor(given.labels)),
          hidden_(linear(j.model.inputs, j.model.hidden)), score_(linear(j.model.hidden, j.model.outputs)),
          optimiser_(parameters(), torch::optim::AdamOptions(rate)), logistic_(j.model.logistic()) {
        const torch::NoGradGuard setting;
        hidden_->weight.copy_(copy(given.hidden_weight, j.model.inputs, j.model.hidden).t());
        score_->weight.copy_(copy(given.score_weight, j.model.hidden, j.model.outputs).t());
        hidden_->bias.zero_();
        score_->bias.zero_();
    }
    double step() {
        optimiser_.zero_grad();
        const torch::Tensor z = score_(torch::relu(hidden_(x_)));
        const torch::Tensor loss = logistic_ ? torch::nn::functional::binary_cross_entropy_with_logits(z, y_) : torch::nn::functional::cross_entropy(z, y_);
        loss.backward();
        optimiser_.step();
        return static_cast<double>(loss.item<float>());
    }
};

const std::vector<added> all = [] {
    std::vector<added> made;
    for (job j : jobs) made.push_back(variant<by_torch>("libtorch", j));
    return made;
}();

}  // namespace
}  // namespace bench::mlp_step
