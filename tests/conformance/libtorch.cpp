// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

#include "conformance/libtorch.hpp"

#include <torch/nn/functional/activation.h>
#include <torch/nn/functional/loss.h>

#include <map>
#include <stdexcept>

namespace {

namespace F = torch::nn::functional;
using at::Tensor;
using tensors = std::vector<Tensor>;
constexpr std::int64_t none = at::Reduction::None, mean = at::Reduction::Mean, sum = at::Reduction::Sum;

Tensor whole(const Tensor& x) { return x.to(at::kLong); }
tensors rest(const tensors& x, std::ptrdiff_t first) { return {x.begin() + first, x.end()}; }
/// Logits, labels with -1 where there are none, and how many steps each row has, rounded up.
Tensor ctc(const tensors& x, std::int64_t blank, std::int64_t reduction, bool zero_infinity) {
    const Tensor labels = whole(x[1]), is_label = labels.ge(0);
    return at::ctc_loss(at::log_softmax(x[0], -1), labels.masked_select(is_label), whole(at::ceil(x[2])), is_label.sum(-1), blank, reduction, zero_infinity);
}

const std::map<std::string, Tensor (*)(const tensors&)> table{
    // --- softmax family
    {"cross_entropy", [](const tensors& x) { return at::cross_entropy_loss(x[0], whole(x[1]), {}, none); }},
    {"cross_entropy, mean", [](const tensors& x) { return at::cross_entropy_loss(x[0], whole(x[1]), {}, mean); }},
    {"cross_entropy, sum", [](const tensors& x) { return at::cross_entropy_loss(x[0], whole(x[1]), {}, sum); }},
    {"cross_entropy, ignored, weights, smoothing, none", [](const tensors& x) { return at::cross_entropy_loss(x[0], whole(x[1]), x[2], none, -100, 0.1); }},
    {"cross_entropy, ignored, weights, smoothing, mean", [](const tensors& x) { return at::cross_entropy_loss(x[0], whole(x[1]), x[2], mean, -100, 0.1); }},
    {"cross_entropy, ignored, weights, smoothing, sum", [](const tensors& x) { return at::cross_entropy_loss(x[0], whole(x[1]), x[2], sum, -100, 0.1); }},
    {"cross_entropy, ignored, weights, mean", [](const tensors& x) { return at::cross_entropy_loss(x[0], whole(x[1]), x[2], mean, -100); }},
    {"cross_entropy, ignored, smoothing, mean", [](const tensors& x) { return at::cross_entropy_loss(x[0], whole(x[1]), {}, mean, -100, 0.3); }},
    {"cross_entropy, class 2 ignored, mean", [](const tensors& x) { return at::cross_entropy_loss(x[0], whole(x[1]), {}, mean, 2); }},
    {"cross_entropy, distribution, none", [](const tensors& x) { return at::cross_entropy_loss(x[0], x[1], {}, none); }},
    {"cross_entropy, distribution, mean", [](const tensors& x) { return at::cross_entropy_loss(x[0], x[1], {}, mean); }},
    {"cross_entropy, distribution, weights, smoothing, none", [](const tensors& x) { return at::cross_entropy_loss(x[0], x[1], x[2], none, -100, 0.1); }},
    {"cross_entropy, distribution, weights, smoothing, mean", [](const tensors& x) { return at::cross_entropy_loss(x[0], x[1], x[2], mean, -100, 0.1); }},
    {"cross_entropy, distribution, smoothing, none", [](const tensors& x) { return at::cross_entropy_loss(x[0], x[1], {}, none, -100, 0.1); }},
    {"cross_entropy, classes on axis 1, weights, smoothing, mean", [](const tensors& x) { return at::cross_entropy_loss(x[0], whole(x[1]), x[2], mean, -100, 0.1); }},
    {"cross_entropy, distribution on axis 1, none", [](const tensors& x) { return at::cross_entropy_loss(x[0], x[1], {}, none); }},
    {"nll_loss, ignored, weights, none", [](const tensors& x) { return at::nll_loss(x[0], whole(x[1]), x[2], none); }},
    {"nll_loss, ignored, weights, mean", [](const tensors& x) { return at::nll_loss(x[0], whole(x[1]), x[2], mean); }},
    {"nll_loss of log_softmax, sum", [](const tensors& x) { return at::nll_loss(at::log_softmax(x[0], -1), whole(x[1]), {}, sum); }},
    {"kl_div of log_softmax, none", [](const tensors& x) { return at::kl_div(at::log_softmax(x[0], -1), x[1], none).sum(-1); }},
    {"kl_div of log_softmax, batchmean", [](const tensors& x) { return at::kl_div(at::log_softmax(x[0], -1), x[1], sum) / x[0].size(0); }},
    {"kl_div of log_softmax, log_target, none", [](const tensors& x) { return at::kl_div(at::log_softmax(x[0], -1), x[1], none, true).sum(-1); }},
    {"softmax", [](const tensors& x) { return at::softmax(x[0], -1); }},
    {"log_softmax", [](const tensors& x) { return at::log_softmax(x[0], -1); }},
    {"logsumexp", [](const tensors& x) { return at::logsumexp(x[0], -1); }},
    // --- sequences
    {"ctc_loss, the last class as blank, none", [](const tensors& x) { return ctc(x, x[0].size(-1) - 1, none, false); }},
    {"ctc_loss, the last class as blank, zero_infinity, mean", [](const tensors& x) { return ctc(x, x[0].size(-1) - 1, mean, true); }},
    // --- binary
    {"binary_cross_entropy", [](const tensors& x) { return at::binary_cross_entropy(x[0], x[1], {}, none); }},
    {"binary_cross_entropy, weight, mean", [](const tensors& x) { return at::binary_cross_entropy(x[0], x[1], x[2], mean); }},
    {"binary_cross_entropy of sigmoid", [](const tensors& x) { return at::binary_cross_entropy_with_logits(x[0], x[1], {}, {}, none); }},
    {"binary_cross_entropy_with_logits", [](const tensors& x) { return at::binary_cross_entropy_with_logits(x[0], x[1], {}, {}, none); }},
    {"binary_cross_entropy_with_logits, pos_weight, none", [](const tensors& x) { return at::binary_cross_entropy_with_logits(x[0], x[1], {}, x[2], none); }},
    {"binary_cross_entropy_with_logits, weight, pos_weight, mean", [](const tensors& x) { return at::binary_cross_entropy_with_logits(x[0], x[1], x[2], x[3], mean); }},
    {"soft_margin", [](const tensors& x) { return at::soft_margin_loss(x[0], x[1], none); }},
    {"multilabel_soft_margin", [](const tensors& x) { return F::multilabel_soft_margin_loss(x[0], x[1], F::MultilabelSoftMarginLossFuncOptions().reduction(torch::kNone)); }},
    {"multilabel_soft_margin, weight, mean", [](const tensors& x) { return F::multilabel_soft_margin_loss(x[0], x[1], F::MultilabelSoftMarginLossFuncOptions().weight(x[2])); }},
    // --- margin
    {"hinge_embedding", [](const tensors& x) { return at::hinge_embedding_loss(x[0], x[1], 1, none); }},
    {"hinge_embedding, margin 2.5, mean", [](const tensors& x) { return at::hinge_embedding_loss(x[0], x[1], 2.5, mean); }},
    {"margin_ranking, margin 0.5", [](const tensors& x) { return at::margin_ranking_loss(x[0], x[1], x[2], 0.5, none); }},
    {"margin_ranking, mean", [](const tensors& x) { return at::margin_ranking_loss(x[0], x[1], x[2], 0, mean); }},
    {"cosine_similarity", [](const tensors& x) { return at::cosine_similarity(x[0], x[1], -1); }},
    {"cosine_embedding", [](const tensors& x) { return at::cosine_embedding_loss(x[0], x[1], x[2], 0, none); }},
    {"cosine_embedding, margin 0.25, mean", [](const tensors& x) { return at::cosine_embedding_loss(x[0], x[1], x[2], 0.25, mean); }},
    {"triplet_margin", [](const tensors& x) { return at::triplet_margin_loss(x[0], x[1], x[2], 1, 2, 1e-6, false, none); }},
    {"triplet_margin, margin 2, swap, sum", [](const tensors& x) { return at::triplet_margin_loss(x[0], x[1], x[2], 2, 2, 1e-6, true, sum); }},
    {"triplet_margin, degree 1", [](const tensors& x) { return at::triplet_margin_loss(x[0], x[1], x[2], 1, 1, 1e-6, false, none); }},
    {"triplet_margin, degree 3", [](const tensors& x) { return at::triplet_margin_loss(x[0], x[1], x[2], 1, 3, 1e-6, false, none); }},
    {"multi_margin", [](const tensors& x) { return at::multi_margin_loss(x[0], whole(x[1]), 1, 1, {}, none); }},
    {"multi_margin, degree 2, margin 0.5, weights, mean", [](const tensors& x) { return at::multi_margin_loss(x[0], whole(x[1]), 2, 0.5, x[2], mean); }},
    // It takes a list of the classes that hold, ended by -1.
    {"multilabel_margin",
     [](const tensors& x) {
         const auto order = at::argsort(x[1], -1, true);
         return at::multilabel_margin_loss(x[0], at::where(x[1].gather(-1, order) > 0.5, order, -1), none);
     }},
    // --- regression
    {"mse_loss, mean", [](const tensors& x) { return at::mse_loss(x[0], x[1], mean); }},
    {"mse_loss of a row", [](const tensors& x) { return at::mse_loss(x[0], x[1], none).mean(-1); }},
    {"l1_loss", [](const tensors& x) { return at::l1_loss(x[0], x[1], none); }},
    {"l1_loss, mean", [](const tensors& x) { return at::l1_loss(x[0], x[1], mean); }},
    {"smooth_l1", [](const tensors& x) { return at::smooth_l1_loss(x[0], x[1], none); }},
    {"smooth_l1, beta 0.3, sum", [](const tensors& x) { return at::smooth_l1_loss(x[0], x[1], sum, 0.3); }},
    {"smooth_l1, beta 0", [](const tensors& x) { return at::smooth_l1_loss(x[0], x[1], none, 0); }},
    {"huber", [](const tensors& x) { return at::huber_loss(x[0], x[1], none); }},
    {"huber, delta 1.5, mean", [](const tensors& x) { return at::huber_loss(x[0], x[1], mean, 1.5); }},
    {"poisson_nll", [](const tensors& x) { return at::poisson_nll_loss(x[0], x[1], true, false, 1e-8, none); }},
    {"poisson_nll, full, mean", [](const tensors& x) { return at::poisson_nll_loss(x[0], x[1], true, true, 1e-8, mean); }},
    {"poisson_nll, rate, full", [](const tensors& x) { return at::poisson_nll_loss(x[0], x[1], false, true, 1e-4, none); }},
    // --- activations
    {"relu", [](const tensors& x) { return at::relu(x[0]); }},
    {"sigmoid", [](const tensors& x) { return at::sigmoid(x[0]); }},
    {"tanh", [](const tensors& x) { return at::tanh(x[0]); }},
    {"softplus, beta 2", [](const tensors& x) { return at::softplus(x[0], 2, 1e6); }},
    {"log_sigmoid", [](const tensors& x) { return at::log_sigmoid(x[0]); }},
    {"gelu", [](const tensors& x) { return at::gelu(x[0]); }},
    {"gelu, tanh", [](const tensors& x) { return at::gelu(x[0], "tanh"); }},
    {"elu", [](const tensors& x) { return at::elu(x[0]); }},
    {"elu, alpha 0.42", [](const tensors& x) { return at::elu(x[0], 0.42); }},
    {"selu", [](const tensors& x) { return at::selu(x[0]); }},
    {"celu, alpha 0.42", [](const tensors& x) { return at::celu(x[0], 0.42); }},
    {"silu", [](const tensors& x) { return at::silu(x[0]); }},
    {"mish", [](const tensors& x) { return at::mish(x[0]); }},
    {"leaky_relu", [](const tensors& x) { return at::leaky_relu(x[0]); }},
    {"leaky_relu, 0.42", [](const tensors& x) { return at::leaky_relu(x[0], 0.42); }},
    {"relu6", [](const tensors& x) { return at::relu6(x[0]); }},
    {"hardtanh", [](const tensors& x) { return at::hardtanh(x[0]); }},
    {"hardtanh, -2 to 0.5", [](const tensors& x) { return at::hardtanh(x[0], -2, 0.5); }},
    {"hardsigmoid", [](const tensors& x) { return at::hardsigmoid(x[0]); }},
    {"hardswish", [](const tensors& x) { return at::hardswish(x[0]); }},
    {"hardshrink", [](const tensors& x) { return at::hardshrink(x[0]); }},
    {"softshrink", [](const tensors& x) { return at::softshrink(x[0]); }},
    {"softsign", [](const tensors& x) { return F::softsign(x[0]); }},
    {"tanhshrink", [](const tensors& x) { return F::tanhshrink(x[0]); }},
    {"threshold, 0.5, -1", [](const tensors& x) { return at::threshold(x[0], 0.5, -1); }},
    {"glu", [](const tensors& x) { return at::glu(x[0], -1); }},
    // --- convolutions: x [batch, steps, in], weight [size, in, out], bias
    {"conv1d, same, dilation 2", [](const tensors& x) { return at::conv1d(x[0].transpose(1, 2), x[1].permute({2, 1, 0}), x[2], 1, "same", 2).transpose(1, 2); }},
    {"conv1d, stride 2", [](const tensors& x) { return at::conv1d(x[0].transpose(1, 2), x[1].permute({2, 1, 0}), x[2], 2).transpose(1, 2); }},
    // --- recurrent: x [steps, batch, in], initial states, then for each layer and direction the weights of the input and of the state and a bias for each
    {"rnn_tanh", [](const tensors& x) { return std::get<0>(at::rnn_tanh(x[0], x[1], rest(x, 2), true, 1, 0, false, false, false)); }},
    {"rnn_relu", [](const tensors& x) { return std::get<0>(at::rnn_relu(x[0], x[1], rest(x, 2), true, 1, 0, false, false, false)); }},
    {"gru", [](const tensors& x) { return std::get<0>(at::gru(x[0], x[1], rest(x, 2), true, 1, 0, false, false, false)); }},
    {"gru, bidirectional", [](const tensors& x) { return std::get<0>(at::gru(x[0], x[1], rest(x, 2), true, 1, 0, false, true, false)); }},
    {"lstm", [](const tensors& x) { return std::get<0>(at::lstm(x[0], {x[1], x[2]}, rest(x, 3), true, 1, 0, false, false, false)); }},
    {"lstm, two layers", [](const tensors& x) { return std::get<0>(at::lstm(x[0], {x[1], x[2]}, rest(x, 3), true, 2, 0, false, false, false)); }},
    {"softmin", [](const tensors& x) { return F::softmin(x[0], F::SoftminFuncOptions(-1)); }},
};

libtorch::tensor plain(const Tensor& x) {
    const Tensor flat = x.detach().contiguous();
    const double* first = flat.data_ptr<double>();
    return {x.sizes().vec(), std::vector<double>(first, first + flat.numel())};
}
}  // namespace

libtorch::answer libtorch::ask(const std::string& name, const std::vector<tensor>& inputs, std::size_t differentiated) {
    const auto found = table.find(name);
    if (found == table.end()) throw std::runtime_error("libtorch.cpp's table has no '" + name + "'");
    tensors given;
    for (const tensor& x : inputs) given.push_back(at::tensor(x.numbers, at::kDouble).reshape(x.extents));
    for (std::size_t i = 0; i < differentiated; ++i) given[i].set_requires_grad(true);
    const Tensor value = found->second(given);
    std::vector<double> weights(static_cast<std::size_t>(value.numel()));
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = value.dim() == 0 ? 1 : cotangent(i);
    (value * at::tensor(weights, at::kDouble).reshape(value.sizes())).sum().backward();
    answer made{plain(value), {}};
    for (std::size_t i = 0; i < differentiated; ++i) made.gradients.push_back(plain(given[i].grad()));
    return made;
}
