// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

/// Every op of the library: one line each. The op laws in tests/ run over `all_ops`.
#include <xgrad/ops/abs.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/broadcast.hpp>
#include <xgrad/ops/compare.hpp>
#include <xgrad/ops/concat.hpp>
#include <xgrad/ops/count.hpp>
#include <xgrad/ops/cumsum.hpp>
#include <xgrad/ops/edge.hpp>
#include <xgrad/ops/decay.hpp>
#include <xgrad/ops/embedding_lookup.hpp>
#include <xgrad/ops/entmax15.hpp>
#include <xgrad/ops/erf.hpp>
#include <xgrad/ops/erfc.hpp>
#include <xgrad/ops/exp.hpp>
#include <xgrad/ops/expm1.hpp>
#include <xgrad/ops/from_odds.hpp>
#include <xgrad/ops/gelu.hpp>
#include <xgrad/ops/gradient.hpp>
#include <xgrad/ops/indicator.hpp>
#include <xgrad/ops/log.hpp>
#include <xgrad/ops/log1mexp.hpp>
#include <xgrad/ops/log1p.hpp>
#include <xgrad/ops/log_cosh.hpp>
#include <xgrad/ops/log_matmul_exp.hpp>
#include <xgrad/ops/log_normal_cdf.hpp>
#include <xgrad/ops/log_softmax.hpp>
#include <xgrad/ops/logaddexp.hpp>
#include <xgrad/ops/logdiffexp.hpp>
#include <xgrad/ops/logsumexp.hpp>
#include <xgrad/ops/lovasz_weights.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/max.hpp>
#include <xgrad/ops/mean.hpp>
#include <xgrad/ops/minimum.hpp>
#include <xgrad/ops/mish.hpp>
#include <xgrad/ops/mode.hpp>
#include <xgrad/ops/normal_cdf.hpp>
#include <xgrad/ops/one_hot.hpp>
#include <xgrad/ops/others_probability.hpp>
#include <xgrad/ops/pick.hpp>
#include <xgrad/ops/pow.hpp>
#include <xgrad/ops/random.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/reverse.hpp>
#include <xgrad/ops/scan.hpp>
#include <xgrad/ops/select.hpp>
#include <xgrad/ops/sigmoid.hpp>
#include <xgrad/ops/sign.hpp>
#include <xgrad/ops/silu.hpp>
#include <xgrad/ops/sin.hpp>
#include <xgrad/ops/slice.hpp>
#include <xgrad/ops/smoothing_terms.hpp>
#include <xgrad/ops/softmax.hpp>
#include <xgrad/ops/softplus.hpp>
#include <xgrad/ops/sparsemax.hpp>
#include <xgrad/ops/sqrt.hpp>
#include <xgrad/ops/sqrt1pm1.hpp>
#include <xgrad/ops/square.hpp>
#include <xgrad/ops/stop_gradient.hpp>
#include <xgrad/ops/sum.hpp>
#include <xgrad/ops/tanh.hpp>
#include <xgrad/ops/tanhshrink.hpp>
#include <xgrad/ops/touched_rows.hpp>
#include <xgrad/ops/transpose.hpp>
#include <xgrad/ops/windows.hpp>
#include <xgrad/ops/xlogy.hpp>

namespace xgrad {

/// The ops that work element by element, for tests that run over every one of them.
using elementwise_ops =
    std::tuple<abs_op, add_op, cos_op, decay_op, divide_op, equal_op, erf_op, erfc_op, exp_op, expm1_op, from_odds_op, gelu_op,
               gelu_slope_op, greater_op, greater_equal_op, indicator_op, inverse_mills_op, less_op, less_equal_op, log_op, log_cosh_op, log_normal_cdf_op, log1mexp_op, log1p_op,
               maximum_op, minimum_op, mish_op, multiply_op, negate_op, normal_cdf_op, not_equal_op, pow_op, relu_op, select_op, sigmoid_op, sign_op, silu_op, sin_op,
               softplus_op, sqrt_op, sqrt1pm1_op, square_op, subtract_op, tanh_op, tanhshrink_op, xlogy_op>;

/// The other ops: those that move, reduce, contract or choose.
using structural_ops = std::tuple<contract_rows_op, count_op, log_softmax_op, logsumexp_op, matmul_op, max_op, movement_op, one_hot_op,
                                  others_probability_op, pick_op, smoothing_terms_op, softmax_moment_op, softmax_op, stop_gradient_op, sum_op>;

/// Those with a loop of their own.
using whole_ops = std::tuple<add_at_labels_op, add_at_rows_op, concat_op<2>, concat_op<3>, concat_op<4>, cumsum_op, edge_op, embedding_lookup_op, entmax15_op,
                             log_matmul_exp_left_op, log_matmul_exp_op, log_matmul_exp_right_op, lovasz_weights_op, pad_edge_op, pad_op, reshape_op, reverse_op, rows_without_op,
                             set_rows_op, slice_op, sparsemax_op, touched_rows_op, window_sums_op, windows_op>;

}  // namespace xgrad
