// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "crf.hpp"
#include "libtorch.hpp"

namespace bench::crf {
namespace {

/// As one writes it with tensors: a step of the forward recursion is a sum, a logsumexp, a sum.
class program {
    torch::Tensor z_, pairs_, t_;

public:
    explicit program(const data& given)
        : z_(copy(given.z, steps * batch, labels).reshape({static_cast<std::int64_t>(steps), static_cast<std::int64_t>(batch), -1}).requires_grad_()),
          pairs_(copy(given.pairs, labels, labels).requires_grad_()), t_(torch::tensor(given.t).reshape({static_cast<std::int64_t>(steps), -1})) {}
    outcome operator()() {
        for (torch::Tensor* wanted : {&z_, &pairs_}) wanted->mutable_grad().reset();
        torch::Tensor alpha = z_[0];
        for (std::int64_t s = 1; s < static_cast<std::int64_t>(steps); ++s) alpha = torch::logsumexp(alpha.unsqueeze(2) + pairs_, 1) + z_[s];
        const torch::Tensor at_labels = z_.gather(2, t_.unsqueeze(2)).sum(std::vector<std::int64_t>{0, 2});
        const torch::Tensor neighbours = pairs_.index({t_.slice(0, 0, -1), t_.slice(0, 1)}).sum(0);
        const torch::Tensor value = (torch::logsumexp(alpha, 1) - at_labels - neighbours).mean();
        value.backward();
        return {static_cast<double>(value.item<float>()), {{numbers_of(z_.grad()), numbers_of(pairs_.grad())}}};
    }
};
const auto all = variant("libtorch", [](const data& given) { return program(given); });

}  // namespace
}  // namespace bench::crf
