// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ctc.hpp"
#include "libtorch.hpp"

namespace bench::ctc {
namespace {

class program {
    torch::Tensor z_, t_;
    torch::Tensor all_steps_ = torch::full({static_cast<std::int64_t>(batch)}, static_cast<std::int64_t>(steps), torch::kLong);
    torch::Tensor lengths_ = torch::full({static_cast<std::int64_t>(batch)}, static_cast<std::int64_t>(length), torch::kLong);

public:
    explicit program(const data& given)
        : z_(copy(given.z, steps * batch, classes).reshape({static_cast<std::int64_t>(steps), static_cast<std::int64_t>(batch), -1}).set_requires_grad(true)),
          t_(torch::tensor(given.t).reshape({static_cast<std::int64_t>(batch), -1})) {}
    outcome operator()() {
        z_.mutable_grad() = torch::Tensor();
        const torch::Tensor value = torch::ctc_loss(torch::log_softmax(z_, -1), t_, all_steps_, lengths_);
        value.backward();
        return {static_cast<double>(value.item<float>()), {{numbers_of(z_.grad())}}};
    }
};
const auto all = variant("libtorch", [](const data& given) { return program(given); });

}  // namespace
}  // namespace bench::ctc
