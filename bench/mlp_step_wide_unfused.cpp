// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "mlp_step_xgrad.hpp"

namespace bench::mlp_step {
namespace {

const added all[]{by<jobs[3], xgrad::unfused_t>("unfused"), by<jobs[4], xgrad::unfused_t>("unfused"), by<jobs[5], xgrad::unfused_t>("unfused")};

}  // namespace
}  // namespace bench::mlp_step
