// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "pytorch_adam.hpp"

TEST_CASE("PyTorch's AdamW", "[conformance]") { pytorch::follows(pytorch::adamw, xgrad::adamw{.learning_rate = 1}); }
TEST_CASE("PyTorch's AdamW without weight decay", "[conformance]") { pytorch::follows(pytorch::adamw_without_weight_decay, xgrad::adamw{.learning_rate = 1, .weight_decay = 0}); }
TEST_CASE("PyTorch's AdamW, AMSGrad", "[conformance]") { pytorch::follows(pytorch::adamw_amsgrad, xgrad::adamw{.learning_rate = 1, .amsgrad = xgrad::on}); }
