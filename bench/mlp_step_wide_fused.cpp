// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "mlp_step_xgrad.hpp"

namespace bench::mlp_step {
namespace {

const added all[]{by<jobs[3]>("fused"), by<jobs[4]>("fused"), by<jobs[5]>("fused")};

}  // namespace
}  // namespace bench::mlp_step
