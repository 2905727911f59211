// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

/// Losses give one value a row (or element), unless a reduction is asked for. All are compositions: the textbook formula
/// compiles to the same kernel.
#include <xgrad/nn/loss/absolute_error.hpp>
#include <xgrad/nn/loss/asymmetric.hpp>
#include <xgrad/nn/loss/binary_cross_entropy.hpp>
#include <xgrad/nn/loss/binary_poly.hpp>
#include <xgrad/nn/loss/circle.hpp>
#include <xgrad/nn/loss/cosine.hpp>
#include <xgrad/nn/loss/cosine_embedding.hpp>
#include <xgrad/nn/loss/cross_entropy.hpp>
#include <xgrad/nn/loss/cross_entropy_of.hpp>
#include <xgrad/nn/loss/dice.hpp>
#include <xgrad/nn/loss/entropy.hpp>
#include <xgrad/nn/loss/focal_cross_entropy.hpp>
#include <xgrad/nn/loss/gaussian_nll.hpp>
#include <xgrad/nn/loss/generalised_cross_entropy.hpp>
#include <xgrad/nn/loss/generalised_dice.hpp>
#include <xgrad/nn/loss/generalised_kl.hpp>
#include <xgrad/nn/loss/hinge.hpp>
#include <xgrad/nn/loss/hinge_embedding.hpp>
#include <xgrad/nn/loss/huber.hpp>
#include <xgrad/nn/loss/info_nce.hpp>
#include <xgrad/nn/loss/jaccard.hpp>
#include <xgrad/nn/loss/jensen_shannon.hpp>
#include <xgrad/nn/loss/js_consistency.hpp>
#include <xgrad/nn/loss/kl_divergence.hpp>
#include <xgrad/nn/loss/l2.hpp>
#include <xgrad/nn/loss/log_cosh.hpp>
#include <xgrad/nn/loss/margin_ranking.hpp>
#include <xgrad/nn/loss/mcc.hpp>
#include <xgrad/nn/loss/mean_absolute_percentage_error.hpp>
#include <xgrad/nn/loss/mean_squared_error.hpp>
#include <xgrad/nn/loss/mean_squared_logarithmic_error.hpp>
#include <xgrad/nn/loss/multi_margin.hpp>
#include <xgrad/nn/loss/multiclass_hinge.hpp>
#include <xgrad/nn/loss/multilabel_margin.hpp>
#include <xgrad/nn/loss/multilabel_soft_margin.hpp>
#include <xgrad/nn/loss/nll_loss.hpp>
#include <xgrad/nn/loss/perceptron.hpp>
#include <xgrad/nn/loss/pinball.hpp>
#include <xgrad/nn/loss/poisson_nll.hpp>
#include <xgrad/nn/loss/poly_cross_entropy.hpp>
#include <xgrad/nn/loss/ranking_softmax.hpp>
#include <xgrad/nn/loss/reverse_kl.hpp>
#include <xgrad/nn/loss/segmentation_focal.hpp>
#include <xgrad/nn/loss/sigmoid_focal.hpp>
#include <xgrad/nn/loss/soft_margin.hpp>
#include <xgrad/nn/loss/symmetric_cross_entropy.hpp>
#include <xgrad/nn/loss/total_variation.hpp>
#include <xgrad/nn/loss/triplet_margin.hpp>
#include <xgrad/nn/loss/tversky.hpp>
#include <xgrad/nn/loss/wing.hpp>
