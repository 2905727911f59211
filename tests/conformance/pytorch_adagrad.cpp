// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "pytorch_others.hpp"

TEST_CASE("PyTorch's Adagrad", "[conformance]") { pytorch::follows(pytorch::adagrad, xgrad::adagrad{.learning_rate = 1}); }
TEST_CASE("PyTorch's Adagrad, weight decay", "[conformance]") { pytorch::follows(pytorch::adagrad_weight_decay, xgrad::adagrad{.learning_rate = 1, .weight_decay = 1e-2}); }
TEST_CASE("PyTorch's Adagrad, weight decay, rate decay", "[conformance]") { pytorch::follows(pytorch::adagrad_weight_decay_rate_decay, xgrad::adagrad{.learning_rate = 1, .rate_decay = 1e-3, .weight_decay = 1e-6}); }
