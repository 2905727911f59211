// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "pytorch_others.hpp"

TEST_CASE("PyTorch's SGD", "[conformance]") { pytorch::follows(pytorch::sgd, xgrad::sgd{.learning_rate = 0.1}); }
TEST_CASE("PyTorch's SGD, weight decay", "[conformance]") { pytorch::follows(pytorch::sgd_weight_decay, xgrad::sgd{.learning_rate = 0.1, .weight_decay = 1e-2}); }
TEST_CASE("PyTorch's SGD, weight decay, momentum", "[conformance]") { pytorch::follows(pytorch::sgd_weight_decay_momentum, xgrad::sgd{.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 1e-2}); }
TEST_CASE("PyTorch's SGD, weight decay, Nesterov", "[conformance]") { pytorch::follows(pytorch::sgd_weight_decay_nesterov, xgrad::sgd{.learning_rate = 0.1, .momentum = 0.9, .nesterov = xgrad::on, .weight_decay = 1e-6}); }
