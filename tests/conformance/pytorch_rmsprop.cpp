// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "pytorch_others.hpp"

TEST_CASE("PyTorch's RMSprop", "[conformance]") { pytorch::follows(pytorch::rmsprop, xgrad::rmsprop{.learning_rate = 0.1}); }
TEST_CASE("PyTorch's RMSprop, weight decay", "[conformance]") { pytorch::follows(pytorch::rmsprop_weight_decay, xgrad::rmsprop{.learning_rate = 0.1, .weight_decay = 1e-2}); }
TEST_CASE("PyTorch's RMSprop, weight decay, centred", "[conformance]") { pytorch::follows(pytorch::rmsprop_weight_decay_centered, xgrad::rmsprop{.learning_rate = 0.1, .centered = xgrad::on, .weight_decay = 1e-6}); }
TEST_CASE("PyTorch's RMSprop, weight decay, centred, momentum", "[conformance]") { pytorch::follows(pytorch::rmsprop_weight_decay_centered_momentum, xgrad::rmsprop{.learning_rate = 0.1, .centered = xgrad::on, .momentum = 0.9, .weight_decay = 1e-6}); }
