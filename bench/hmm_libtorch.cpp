// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "hmm.hpp"
#include "libtorch.hpp"

namespace bench::hmm {
namespace {

/// As one writes it with tensors: a step is a sum, a logsumexp, a sum.
torch::Tensor likelihood(const torch::Tensor& seen, const torch::Tensor& moves) {
    torch::Tensor alpha = seen[0] - std::log(static_cast<double>(seen.size(2)));
    for (std::int64_t s = 1; s < seen.size(0); ++s) alpha = torch::logsumexp(alpha.unsqueeze(2) + moves, 1) + seen[s];
    return torch::logsumexp(alpha, 1).sum();
}
torch::Tensor seen_of(const data& given) {
    return copy(given.seen, given.e.steps * given.e.sequences, given.e.states).reshape({static_cast<std::int64_t>(given.e.steps), static_cast<std::int64_t>(given.e.sequences), -1});
}

class alone {
    torch::Tensor seen_, moves_;

public:
    explicit alone(const data& given) : seen_(seen_of(given)), moves_(copy(given.moves, given.e.states, given.e.states)) {}
    value_alone operator()() {
        const torch::NoGradGuard none;
        return {static_cast<double>(likelihood(seen_, moves_).item<float>()), {}};
    }
};
class differentiated {
    torch::Tensor seen_, moves_;

public:
    explicit differentiated(const data& given) : seen_(seen_of(given).requires_grad_()), moves_(copy(given.moves, given.e.states, given.e.states).requires_grad_()) {}
    with_gradients operator()() {
        for (torch::Tensor* wanted : {&seen_, &moves_}) wanted->mutable_grad().reset();
        const torch::Tensor value = likelihood(seen_, moves_);
        value.backward();
        return with(static_cast<double>(value.item<float>()), numbers_of(seen_.grad()).data(), numbers_of(moves_.grad()).data(), static_cast<std::size_t>(moves_.size(0)));
    }
};
const std::vector<added> all[]{variant("libtorch", [](const data& given, auto) { return alone(given); }), variant("libtorch", [](const data& given, auto) { return differentiated(given); })};

}  // namespace
}  // namespace bench::hmm
