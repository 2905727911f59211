// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

/// Losses give one value a row (or element), unless a reduction is asked for. All are compositions: the textbook formula
/// compiles to the same kernel.
#include <xgrad/nn/loss/binary_cross_entropy.hpp>
#include <xgrad/nn/loss/cross_entropy.hpp>
#include <xgrad/nn/loss/cross_entropy_of.hpp>
#include <xgrad/nn/loss/lovasz_hinge.hpp>
#include <xgrad/nn/loss/lovasz_softmax.hpp>
#include <xgrad/nn/loss/mean_squared_error.hpp>
#include <xgrad/nn/loss/sparsemax_loss.hpp>
