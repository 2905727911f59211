// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

/// xgrad: losses, models and optimisers as textbook formulas, compiled to fused kernels for value and gradient.
/// What prints formulas and plans is apart: <xgrad/show/explain.hpp>, text.hpp, latex.hpp, dot.hpp.
#include <xgrad/version.hpp>

#include <xgrad/config.hpp>

// First and from here: a compiler lists how it came to the file of an error, and these hold most sentences.
#include <xgrad/expr/literal.hpp>
#include <xgrad/nn/sequential.hpp>

#include <xgrad/expr/op.hpp>
#include <xgrad/ops/matmul.hpp>

#include <xgrad/nn/activation.hpp>
#include <xgrad/nn/attention.hpp>
#include <xgrad/nn/batch_norm.hpp>
#include <xgrad/nn/conv1d.hpp>
#include <xgrad/nn/dense.hpp>
#include <xgrad/nn/dropout.hpp>
#include <xgrad/nn/embedding.hpp>
#include <xgrad/nn/flatten.hpp>
#include <xgrad/nn/group_norm.hpp>
#include <xgrad/nn/gru.hpp>
#include <xgrad/nn/layer_norm.hpp>
#include <xgrad/nn/loss.hpp>
#include <xgrad/nn/lstm.hpp>
#include <xgrad/nn/penalty.hpp>
#include <xgrad/nn/residual.hpp>
#include <xgrad/nn/rms_norm.hpp>
#include <xgrad/nn/rnn.hpp>
#include <xgrad/ops/all.hpp>
#include <xgrad/optim/adabelief.hpp>
#include <xgrad/optim/adadelta.hpp>
#include <xgrad/optim/adagrad.hpp>
#include <xgrad/optim/adam.hpp>
#include <xgrad/optim/adamax.hpp>
#include <xgrad/optim/adamw.hpp>
#include <xgrad/optim/lamb.hpp>
#include <xgrad/optim/lion.hpp>
#include <xgrad/optim/nadam.hpp>
#include <xgrad/optim/radam.hpp>
#include <xgrad/optim/rmsprop.hpp>
#include <xgrad/optim/rprop.hpp>
#include <xgrad/optim/sgd.hpp>
#include <xgrad/optim/sign_sgd.hpp>
#include <xgrad/optim/yogi.hpp>
#include <xgrad/program.hpp>
#include <xgrad/train/batches.hpp>
#include <xgrad/train/ctc.hpp>
#include <xgrad/train/metrics.hpp>
#include <xgrad/train/predictor.hpp>
#include <xgrad/train/progress.hpp>
#include <xgrad/train/schedule.hpp>
#include <xgrad/train/schedule_warm_up.hpp>
#include <xgrad/train/trainer.hpp>
#include <xgrad/train/viterbi.hpp>
