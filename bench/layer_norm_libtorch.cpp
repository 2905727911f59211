// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "layer_norm.hpp"
#include "libtorch.hpp"

namespace bench::layer_norm {
namespace {

struct program {
    torch::Tensor x, upstream, gain, bias;
    outcome operator()() {
        for (torch::Tensor* t : {&x, &gain, &bias}) t->mutable_grad().reset();
        const torch::Tensor value = torch::sum(upstream * torch::layer_norm(x, gain.sizes(), gain, bias, epsilon));
        value.backward();
        return {static_cast<double>(value.item<float>()), {{numbers_of(x.grad()), numbers_of(gain.grad()), numbers_of(bias.grad())}}};
    }
};
auto make(extents e, const data& given) {
    return program{copy(given.x, e.rows, e.columns).requires_grad_(), copy(given.upstream, e.rows, e.columns), torch::tensor(given.gain).requires_grad_(),
                   torch::tensor(given.bias).requires_grad_()};
}
const added all[]{variant("libtorch", sizes[0], make), variant("libtorch", sizes[1], make)};

}  // namespace
}  // namespace bench::layer_norm
