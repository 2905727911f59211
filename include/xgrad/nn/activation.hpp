// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

/// The activations that are compositions, and layers of them. Those with a kernel of their own are ops: relu, sigmoid, tanh, softplus, gelu, silu, mish,
/// tanhshrink, sin.
#include <xgrad/nn/activation/celu.hpp>
#include <xgrad/nn/activation/dyt.hpp>
#include <xgrad/nn/activation/elu.hpp>
#include <xgrad/nn/activation/exponential.hpp>
#include <xgrad/nn/activation/gated.hpp>
#include <xgrad/nn/activation/gumbel_softmax.hpp>
#include <xgrad/nn/activation/hard_sigmoid.hpp>
#include <xgrad/nn/activation/hard_silu.hpp>
#include <xgrad/nn/activation/hard_tanh.hpp>
#include <xgrad/nn/activation/hardshrink.hpp>
#include <xgrad/nn/activation/leaky_relu.hpp>
#include <xgrad/nn/activation/linear.hpp>
#include <xgrad/nn/activation/log_sigmoid.hpp>
#include <xgrad/nn/activation/prelu.hpp>
#include <xgrad/nn/activation/quick_gelu.hpp>
#include <xgrad/nn/activation/relu6.hpp>
#include <xgrad/nn/activation/relu_squared.hpp>
#include <xgrad/nn/activation/rrelu.hpp>
#include <xgrad/nn/activation/selu.hpp>
#include <xgrad/nn/activation/softmin.hpp>
#include <xgrad/nn/activation/softshrink.hpp>
#include <xgrad/nn/activation/softsign.hpp>
#include <xgrad/nn/activation/sparse_plus.hpp>
#include <xgrad/nn/activation/sparse_sigmoid.hpp>
#include <xgrad/nn/activation/squareplus.hpp>
#include <xgrad/nn/activation/swish.hpp>
#include <xgrad/nn/activation/threshold.hpp>
#include <xgrad/nn/activation/thresholded_relu.hpp>
