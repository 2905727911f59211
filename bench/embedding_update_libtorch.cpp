// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "embedding_update.hpp"
#include "libtorch.hpp"

namespace bench::embedding_update {
namespace {

class by_torch {
    torch::Tensor t_, y_;
    torch::nn::Embedding words_;
    torch::optim::Adagrad optimiser_;

public:
    by_torch(job j, const start& given, double rate)
        : t_(torch::tensor(given.t)), y_(copy(given.y, batch, width)),
          words_(torch::nn::EmbeddingOptions(static_cast<std::int64_t>(j.rows), static_cast<std::int64_t>(width)).sparse(j.sparse)),
          optimiser_(words_->parameters(), torch::optim::AdagradOptions(rate)) {
        const torch::NoGradGuard setting;
        words_->weight.copy_(copy(given.table, j.rows, width));
    }
    double step() {
        optimiser_.zero_grad();
        const torch::Tensor loss = torch::nn::functional::mse_loss(words_(t_), y_);
        loss.backward();
        optimiser_.step();
        return static_cast<double>(loss.item<float>());
    }
};
const added all[]{variant<by_torch>("libtorch", large_dense), variant<by_torch>("libtorch", large_sparse), variant<by_torch>("libtorch", small_sparse)};

}  // namespace
}  // namespace bench::embedding_update
