// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "mlp_step_xgrad.hpp"

namespace bench::mlp_step {
namespace {

const added all[]{by<jobs[0]>("fused"), by<jobs[1]>("fused"), by<jobs[2]>("fused")};

}  // namespace
}  // namespace bench::mlp_step
