// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

/// Activations that are compositions, a file each. Those that need an op are in xgrad/ops: relu, sigmoid, gelu, sparsemax, ...
#include <xgrad/nn/activation/glu.hpp>
#include <xgrad/nn/activation/rrelu.hpp>
