// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "pytorch_adam.hpp"

TEST_CASE("PyTorch's Adam", "[conformance]") { pytorch::follows(pytorch::adam, xgrad::adam{.learning_rate = 1}); }
TEST_CASE("PyTorch's Adam, weight decay", "[conformance]") { pytorch::follows(pytorch::adam_weight_decay, xgrad::adam{.learning_rate = 1, .weight_decay = 1e-2}); }
TEST_CASE("PyTorch's Adam, weight decay, AMSGrad", "[conformance]") { pytorch::follows(pytorch::adam_weight_decay_amsgrad, xgrad::adam{.learning_rate = 1, .weight_decay = 1e-6, .amsgrad = xgrad::on}); }
