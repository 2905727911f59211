// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/beside_libtorch.hpp"

using namespace libtorch;

/// Labels: how ignored rows, class weights and smoothing meet in each reduction.
namespace {
constexpr auto z = xg::input<"z">(rows, 10_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(10_c), xg::ignore_index<-100>);
constexpr auto w = xg::input<"w">(10_c);
constexpr auto weights = xg::class_weight(w);
constexpr auto smoothing = xg::label_smoothing(0.1_c);
constexpr auto mean = xg::reduction<"mean">;
constexpr auto sum = xg::reduction<"sum">;
}  // namespace

TEST_CASE("libtorch: cross-entropy of labels", "[conformance]") {
    constexpr auto wide = xg::input<"z">(rows, 33_c);
    constexpr auto of_wide = xg::labels<"t">(rows, xg::classes(33_c));
    equals<1>("cross_entropy", xg::cross_entropy(wide, of_wide), ragged(33), of(wide, -9, 9), classes_of(of_wide, 33));
    equals<1>("cross_entropy, mean", xg::cross_entropy(wide, of_wide, mean), ragged(33), of(wide, -9, 9), classes_of(of_wide, 33));
    equals<1>("cross_entropy, sum", xg::cross_entropy(z, t, sum), ragged(10), of(z), classes_of(t, 10, -100));
    constexpr auto two = xg::labels<"t">(rows, xg::classes(10_c), xg::ignore_index<2>);
    equals<1>("cross_entropy, class 2 ignored, mean", xg::cross_entropy(z, two, mean), ragged(10), of(z), classes_of(two, 10, 2));
}

TEST_CASE("libtorch: cross-entropy of labels, some ignored, with class weights and smoothing", "[conformance]") {
    const runs shapes = ragged(10);
    equals<1>("cross_entropy, ignored, weights, mean", xg::cross_entropy(z, t, weights, mean), shapes, of(z), classes_of(t, 10, -100), column_weights(w));
    equals<1>("cross_entropy, ignored, smoothing, mean", xg::cross_entropy(z, t, xg::label_smoothing(0.3_c), mean), shapes, of(z), classes_of(t, 10, -100));
    equals<1>("cross_entropy, ignored, weights, smoothing, none", xg::cross_entropy(z, t, weights, smoothing), shapes, of(z), classes_of(t, 10, -100), column_weights(w));
    equals<1>("cross_entropy, ignored, weights, smoothing, mean", xg::cross_entropy(z, t, weights, smoothing, mean), shapes, of(z), classes_of(t, 10, -100), column_weights(w));
    equals<1>("cross_entropy, ignored, weights, smoothing, sum", xg::cross_entropy(z, t, weights, smoothing, sum), shapes, of(z), classes_of(t, 10, -100), column_weights(w));
}

TEST_CASE("libtorch: likelihood of given logarithms", "[conformance]") {
    equals<1>("nll_loss, ignored, weights, none", xg::nll_loss(z, t, weights), ragged(10), of(z, -9, 0), classes_of(t, 10, -100), column_weights(w));
    equals<1>("nll_loss, ignored, weights, mean", xg::nll_loss(z, t, weights, mean), ragged(10), of(z, -9, 0), classes_of(t, 10, -100), column_weights(w));
    equals<1>("nll_loss of log_softmax, sum", xg::nll_loss(xg::log_softmax(z), t, sum), ragged(10), of(z), classes_of(t, 10, -100));
}
