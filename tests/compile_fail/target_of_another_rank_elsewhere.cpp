// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Losses that are no difference say so too. (Each has an axis of its name.)
// error: a prediction and its target must have equal ranks
// error: "\[batch, 1\]".*"\[poisson_nll\]"
// error: "\[batch, 1\]".*"\[hinge\]"
// error: "\[batch, 1\]".*"\[squared_hinge\]"
// error: "\[batch, 1\]".*"\[perceptron\]"
// error: "\[batch, 1\]".*"\[soft_margin\]"
// error: "\[batch, 1\]".*"\[hinge_embedding\]"
// error: "\[batch, 1\]".*"\[binary_cross_entropy_with_logits\]"
// error: "\[batch, 1\]".*"\[binary_poly\]"
// error: "\[batch, 1\]".*"\[sigmoid_focal\]"
// error: "\[batch, 1\]".*"\[asymmetric\]"
// error: "\[batch, 1\]".*"\[segmentation_focal\]"
// error: "\[batch, 1\]".*"\[generalised_kl\]"
// error: "\[batch, 1\]".*"\[multilabel_soft_margin\]"
// error: "\[batch, 1\]".*"\[circle\]"
// error: "\[batch, 1\]".*"\[gaussian_nll\]"
// error: "\[batch, 1\]".*"\[margin_ranking\]"
// error: "\[batch, 1\]".*"\[binary_cross_entropy\]"
// error: "\[batch, 1\]".*"\[dice\]"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto z = xg::dense<"line">(1_c)(xg::input<"x">(xg::axis<"batch">, 3_c));
template <xg::fixed_string Loss>
#ifdef TWIN
constexpr auto y = xg::input<Loss>(xg::axis<Loss>, 1_c);
#else
constexpr auto y = xg::input<Loss>(xg::axis<Loss>);
#endif
constexpr auto loss_0 = xg::poisson_nll(z, y<"poisson_nll">);
constexpr auto loss_1 = xg::hinge(z, y<"hinge">);
constexpr auto loss_2 = xg::squared_hinge(z, y<"squared_hinge">);
constexpr auto loss_3 = xg::perceptron(z, y<"perceptron">);
constexpr auto loss_4 = xg::soft_margin(z, y<"soft_margin">);
constexpr auto loss_5 = xg::hinge_embedding(z, y<"hinge_embedding">);
constexpr auto loss_6 = xg::binary_cross_entropy_with_logits(z, y<"binary_cross_entropy_with_logits">);
constexpr auto loss_7 = xg::binary_poly(z, y<"binary_poly">);
constexpr auto loss_8 = xg::sigmoid_focal(z, y<"sigmoid_focal">);
constexpr auto loss_9 = xg::asymmetric(z, y<"asymmetric">);
constexpr auto loss_10 = xg::segmentation_focal(z, y<"segmentation_focal">);
constexpr auto loss_11 = xg::generalised_kl(z, y<"generalised_kl">);
constexpr auto loss_12 = xg::multilabel_soft_margin(z, y<"multilabel_soft_margin">);
constexpr auto loss_13 = xg::circle(z, y<"circle">);
constexpr auto loss_14 = xg::gaussian_nll(z, y<"gaussian_nll">, xg::scalar<"variance">);
constexpr auto loss_15 = xg::margin_ranking(z, z, y<"margin_ranking">);
constexpr auto loss_16 = xg::binary_cross_entropy(sigmoid(z), y<"binary_cross_entropy">);
constexpr auto loss_17 = xg::dice(sigmoid(z), y<"dice">);
