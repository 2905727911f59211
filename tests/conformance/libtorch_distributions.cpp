// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/beside_libtorch.hpp"

using namespace libtorch;

namespace {
constexpr auto z = xg::input<"z">(rows, columns);
constexpr auto q = xg::input<"q">(rows, columns);
constexpr auto w = xg::input<"w">(columns);
constexpr auto weights = xg::class_weight(w);
constexpr auto smoothing = xg::label_smoothing(0.1_c);
constexpr auto mean = xg::reduction<"mean">;
}  // namespace

TEST_CASE("libtorch: cross-entropy of distributions", "[conformance]") {
    equals<2>("cross_entropy, distribution, none", xg::cross_entropy(z, q), ragged(), of(z), probabilities(q));
    equals<2>("cross_entropy, distribution, mean", xg::cross_entropy(z, q, mean), ragged(), of(z), probabilities(q));
    equals<1>("cross_entropy, distribution, smoothing, none", xg::cross_entropy(z, q, smoothing), ragged(), of(z), probabilities(q));
    equals<2>("cross_entropy, distribution, weights, smoothing, none", xg::cross_entropy(z, q, weights, smoothing), ragged(), of(z), probabilities(q), column_weights(w));
    equals<2>("cross_entropy, distribution, weights, smoothing, mean", xg::cross_entropy(z, q, weights, smoothing, mean), ragged(), of(z), probabilities(q), column_weights(w));
}

TEST_CASE("libtorch: classes on the middle axis", "[conformance]") {
    constexpr auto plane = xg::input<"z">(rows, 10_c, columns);
    constexpr auto shares = xg::input<"q">(rows, 10_c, columns);
    constexpr auto t = xg::labels<"t">(rows, columns, xg::classes(10_c), xg::ignore_index<-100>);
    constexpr auto w10 = xg::input<"w">(10_c);
    constexpr auto axis = xg::class_axis<1>;
    equals<1>("cross_entropy, classes on axis 1, weights, smoothing, mean", xg::cross_entropy(plane, t, axis, xg::class_weight(w10), smoothing, mean), planes(10), of(plane),
              classes_of(t, 10, -100, 1), column_weights(w10));
    equals<1>("cross_entropy, distribution on axis 1, none", xg::cross_entropy(plane, shares, axis), planes(10), of(plane), of(shares, 0, 1));
}

TEST_CASE("libtorch: divergence, softmax", "[conformance]") {
    equals<2>("kl_div of log_softmax, none", xg::kl_divergence(z, q), ragged(), of(z), probabilities(q));
    equals<1>("kl_div of log_softmax, batchmean", xg::kl_divergence(z, q, xg::reduction<"batch_mean">), ragged(), of(z), probabilities(q));
    equals<1>("kl_div of log_softmax, log_target, none", xg::kl_divergence(z, q, xg::log_target), ragged(), of(z), of(q, -5, 0));
    equals<1>("softmax", xg::softmax(z), ragged().within(64), of(z, -1, 1));  // y (g - sum(g y)) cancels
    equals<1>("log_softmax", xg::log_softmax(z), ragged(), of(z, -9, 9));
    equals<1>("logsumexp", xg::logsumexp(z, xg::axes<-1>), ragged(), of(z, -9, 9));
}
