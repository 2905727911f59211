// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include <xgrad/train/metrics.hpp>

#include "support/arrays.hpp"
#include "support/catch.hpp"

#if __has_include(<xtensor/views/xview.hpp>)
#include <xtensor/containers/xarray.hpp>
#include <xtensor/misc/xmanipulation.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xarray.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xview.hpp>
#endif

namespace xg = xgrad;
using Catch::Matchers::Contains;

TEST_CASE("top-k accuracy: the label among the k largest, the first of equal ones first", "[train]") {
    const xg::tensor<float, 2> scores{{0.1f, 0.5f, 0.4f}, {0.6f, 0.3f, 0.1f}, {0.2f, 0.2f, 0.6f}, {0.3f, 0.3f, 0.4f}};
    const xg::tensor<std::int32_t, 1> labels{2, 0, 1, 0};
    CHECK(xg::top_k_accuracy(scores, labels, 1) == xg::accuracy(scores, labels));
    CHECK(xg::top_k_accuracy(scores, labels, 1) == 0.25);
    CHECK(xg::top_k_accuracy(scores, labels, 2) == 0.75);  // row 2: class 0 has the same score and stands before
    CHECK(xg::top_k_accuracy(scores, labels, 3) == 1);
}

TEST_CASE("precision, recall and F1 of a confusion matrix", "[train]") {
    const xg::tensor<std::int64_t, 2> counts{{5, 1, 0}, {2, 2, 0}, {0, 0, 0}};
    const xg::class_scores s = xg::precision_recall_f1(counts);
    CHECK(s.precision[0] == Approx(5.0 / 7));
    CHECK(s.recall[0] == Approx(5.0 / 6));
    CHECK(s.f1[0] == Approx(10.0 / 13));
    CHECK(s.precision[1] == Approx(2.0 / 3));
    CHECK(s.recall[1] == Approx(0.5));
    CHECK(s.f1[1] == Approx(4.0 / 7));
    CHECK(s.precision[2] == 0);  // never predicted, never there
    CHECK(s.recall[2] == 0);
    CHECK(s.support == std::vector<std::int64_t>{6, 4, 0});
    CHECK(s.macro_f1 == Approx((10.0 / 13 + 4.0 / 7) / 3));
    CHECK(s.weighted_f1 == Approx(0.6 * 10 / 13 + 0.4 * 4 / 7));
    CHECK(s.micro_f1 == Approx(0.7));
}

TEST_CASE("ranking: four rows worked out by hand", "[train]") {
    const xg::tensor<double, 1> scores{0.1, 0.4, 0.35, 0.8};
    const xg::tensor<std::int32_t, 1> labels{0, 0, 1, 1};
    CHECK(xg::roc_auc(scores, labels) == Approx(0.75));                            // 3 of 4 pairs
    CHECK(xg::average_precision(scores, labels) == Approx(0.5 * (1 + 2.0 / 3)));   // hits at places 1 and 3
    CHECK(xg::binary_accuracy(scores, labels) == Approx(0.75));
    const auto curve = xg::precision_recall_curve(scores, labels);
    CHECK(curve.threshold == std::vector<double>{0.8, 0.4, 0.35, 0.1});
    CHECK(curve.precision == std::vector<double>{1, 0.5, 2.0 / 3, 0.5});
    CHECK(curve.recall == std::vector<double>{0.5, 0.5, 1, 1});
}

TEST_CASE("the area under the curve is the share of pairs in order, ties half", "[train]") {
    const auto raw = support::uniform<double>({300}, 1, 0, 20);
    const auto labels = support::random_labels({300}, 2, 2);
    xg::tensor<float, 2> column = xg::tensor<float, 2>::from_shape({300, 1});
    for (std::size_t r = 0; r < 300; ++r) column(r, 0) = static_cast<float>(std::floor(raw(r)) + 2 * labels(r));  // many ties
    double in_order = 0, pairs = 0;
    for (std::size_t a = 0; a < 300; ++a)
        for (std::size_t b = 0; b < 300; ++b) {
            if (labels(a) != 1 || labels(b) != 0) continue;
            pairs += 1;
            in_order += column(a, 0) > column(b, 0) ? 1 : column(a, 0) == column(b, 0) ? 0.5 : 0;
        }
    CHECK(xg::roc_auc(column, labels) == Approx(in_order / pairs).epsilon(1e-14));
    const xg::tensor<float, 1> equal{1, 1, 1, 1};
    const xg::tensor<std::int32_t, 1> some{0, 1, 1, 1}, none{0, 0, 0, 0};
    CHECK(xg::roc_auc(equal, some) == 0.5);
    CHECK(xg::average_precision(equal, some) == 0.75);  // the share of positives
    CHECK(xg::average_precision(equal, none) == 0);
    CHECK(std::isnan(xg::roc_auc(equal, none)));
}

TEST_CASE("calibration error and perplexity", "[train]") {
    const xg::tensor<float, 2> p{{0.875f, 0.125f}, {0.875f, 0.125f}, {0.75f, 0.25f}, {0.375f, 0.625f}};
    const xg::tensor<std::int32_t, 1> labels{0, 1, 0, 1};
    // bins of a half: one, with mean confidence 3.125 / 4 and 3 of 4 right
    CHECK(xg::calibration_error(p, labels, 2) == Approx(0.03125));
    // quarters: {0.875, 0.875} with 1 of 2 right, {0.75, 0.625} with both
    CHECK(xg::calibration_error(p, labels, 4) == Approx((0.75 + 0.625) / 4));
    CHECK(xg::perplexity(std::log(8.0)) == Approx(8));
}

TEST_CASE("metrics read labels in a column, and arrays of any layout, as they are", "[train]") {
    // Classes 0, 0, 1, 2: the labels.
    const xg::tensor<float, 2> scores{{0.75f, 0.25f, 0}, {1, 0, 0}, {0, 1, 0}, {0.25f, 0, 0.75f}};
    const xg::tensor<std::int32_t, 1> labels{0, 0, 1, 2};
    const int counts[3][3] = {{2, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    const auto check = [&](const auto& s, const auto& l) {
        CHECK(xg::accuracy(s, l) == 1);
        CHECK(xg::top_k_accuracy(s, l, 1) == 1);
        CHECK(xg::calibration_error(s, l, 1) == 0.125);  // the mean of 0.75, 1, 1, 0.75 against all right
        const auto classes = xg::predicted_classes(s);
        for (std::size_t r = 0; r < 4; ++r) CHECK(classes(r) == labels(r));
        const auto got = xg::confusion_matrix(s, l);
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j) CHECK(got(i, j) == counts[i][j]);
    };
    const xt::xtensor<float, 2, xt::layout_type::column_major> columns = scores;
    const xt::xarray<float> any_rank = scores;
    const xt::xarray<std::int32_t> any_labels = labels;
    xg::tensor<float, 2> framed({6, 5}, 9);  // the scores with a row and a column of other numbers around them
    xg::tensor<std::int64_t, 2> column({4, 1}), wide({6, 2}, 7);
    auto real = xg::tensor<double, 1>::from_shape({4});
    for (std::size_t r = 0; r < 4; ++r) {
        column(r, 0) = wide(r + 1, 1) = labels(r);
        real(r) = labels(r);
        for (std::size_t c = 0; c < 3; ++c) framed(r + 1, c + 1) = scores(r, c);
    }
    const auto inside = xt::view(framed, xt::range(1, 5), xt::range(1, 4));
    check(scores, labels);
    check(scores, column);
    check(scores, real);
    check(columns, labels);
    check(inside, xt::view(wide, xt::range(1, 5), 1));
    check(inside, xt::view(wide, xt::range(1, 5), xt::range(1, 2)));
    check(any_rank, any_labels);
    check(any_rank, xt::xarray<std::int32_t>(column));
    check(xt::transpose(xt::xtensor<float, 2>(xt::transpose(scores))), labels);
    check(scores * 1.0f, labels + 0);
}

TEST_CASE("binary metrics read columns of any array", "[train]") {
    xg::tensor<double, 2> table{{9, 0.1, 0}, {9, 0.4, 0}, {9, 0.35, 1}, {9, 0.8, 1}};  // the scores worked out above, and their labels
    const xt::xarray<double> any_rank = xt::view(table, xt::all(), 1), any_labels = xt::view(table, xt::all(), xt::range(2, 3));
    const auto check = [](const auto& scores, const auto& labels) {
        CHECK(xg::roc_auc(scores, labels) == Approx(0.75));
        CHECK(xg::average_precision(scores, labels) == Approx(0.5 * (1 + 2.0 / 3)));
        CHECK(xg::binary_accuracy(scores, labels) == 0.75);
        CHECK(xg::precision_recall_curve(scores, labels).threshold == std::vector<double>{0.8, 0.4, 0.35, 0.1});
        CHECK(xg::precision_recall_f1(scores, labels, 0.37).f1 == std::vector<double>{0.5});  // predicted 0.4 and 0.8: 1 of 2 right, 1 of 2 found
    };
    check(any_rank, any_labels);
    check(xt::view(table, xt::all(), 1), xt::view(table, xt::all(), 2));
    check(xt::view(table, xt::all(), xt::range(1, 2)), any_labels);
}

TEST_CASE("precision, recall and F1 of several labels a row", "[train]") {
    const xg::tensor<float, 2> scores{{0.9f, 0.6f, 0.1f}, {0.8f, 0.4f, 0.2f}, {0.3f, 0.7f, 0.5f}};
    const xg::tensor<std::int32_t, 2> labels{{1, 1, 0}, {0, 1, 0}, {1, 1, 0}};
    // predicted 2, 2, 0 (0.5 is not above 0.5); right 1, 2, 0; there 2, 3, 0
    const xg::class_scores s = xg::precision_recall_f1(scores, labels);
    CHECK(s.precision == std::vector<double>{0.5, 1, 0});
    CHECK(s.recall == std::vector<double>{0.5, 2.0 / 3, 0});
    CHECK(s.f1 == std::vector<double>{0.5, 0.8, 0});
    CHECK(s.support == std::vector<std::int64_t>{2, 3, 0});
    CHECK(s.macro_f1 == Approx(1.3 / 3));
    CHECK(s.weighted_f1 == Approx((2 * 0.5 + 3 * 0.8) / 5));
    CHECK(s.micro_f1 == Approx(6.0 / 9));  // 3 right of 4 predicted and 5 there
    const xg::tensor<std::int32_t, 1> classes{0, 1, 2};
    CHECK_THROWS_WITH(xg::precision_recall_f1(scores, classes), Contains("axis 1 of scores has 3, of labels 1") && Contains("confusion_matrix"));
    CHECK_THROWS_WITH(xg::precision_recall_f1(xg::tensor<float, 2>({3, 2})), Contains("not [C, C]"));
}

TEST_CASE("metrics refuse what they cannot rank", "[train]") {
    const xg::tensor<float, 1> scores{0.5f, std::numeric_limits<float>::quiet_NaN()};
    const xg::tensor<std::int32_t, 1> labels{0, 1}, three{0, 1, 1}, wrong{0, 2};
    const xg::tensor<float, 2> wide{{1, 2}, {3, 4}};
    CHECK_THROWS_WITH(xg::roc_auc(scores, labels), Contains("row 1 is NaN"));
    CHECK_THROWS_WITH(xg::roc_auc(scores, three), Contains("axis 0 of scores has 2, of labels 3"));
    CHECK_THROWS_WITH(xg::average_precision(scores, wrong), Contains("label of row 1 is 2"));
    CHECK_THROWS_WITH(xg::precision_recall_curve(wide, labels), Contains("scores, axis 1 has 2, wanted 1") && Contains("one score and one label a row"));
    CHECK_THROWS_WITH(xg::calibration_error(wide, labels), Contains("not a probability"));
    const xg::tensor<float, 2> column{{1}, {2}}, undefined{{1, 2}, {0, std::numeric_limits<float>::quiet_NaN()}};
    const xg::tensor<float, 3> cube({2, 2, 2}, 1);
    const xg::tensor<double, 1> halves{0, 0.5};
    CHECK_THROWS_WITH(xg::accuracy(wide, wide), Contains("accuracy(scores, labels): labels, axis 1 has 2, wanted 1"));
    CHECK_THROWS_WITH(xg::top_k_accuracy(wide, three, 1), Contains("axis 0 of scores has 2, of labels 3"));
    CHECK_THROWS_WITH(xg::confusion_matrix(cube, labels), Contains("confusion_matrix(scores, labels): labels: rank 1, wanted 2, the axes of scores but the last"));
    CHECK_THROWS_WITH(xg::accuracy(wide, cube), Contains("labels: rank 3, wanted [N] or [N, 1]"));
    CHECK_THROWS_WITH(xg::accuracy(column, labels), Contains("axis 1 has 1, wanted at least 2") && Contains("binary_accuracy"));
    CHECK_THROWS_WITH(xg::accuracy(scores, labels), Contains("scores: rank 1"));
    CHECK_THROWS_WITH(xg::roc_auc(cube, labels), Contains("scores: rank 3"));
    CHECK_THROWS_WITH(xg::accuracy(wide, halves), Contains("label of row 1 is 0.5"));
    // a row with NaN has no prediction
    CHECK_THROWS_WITH(xg::predicted_classes(undefined), Contains("predicted_classes") && Contains("score of row 1 is NaN"));
    CHECK_THROWS_WITH(xg::accuracy(undefined, labels), Contains("score of row 1 is NaN"));
    CHECK_THROWS_WITH(xg::top_k_accuracy(undefined, labels, 2), Contains("score of row 1 is NaN"));
    CHECK_THROWS_WITH(xg::confusion_matrix(undefined, labels), Contains("score of row 1 is NaN"));
}

TEST_CASE("metrics of sequences: any leading axes, labels to ignore and what stands beside them", "[train]") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    // 2 words of 3 letters, 2 classes; the last letter of the second word is filling.
    const xg::tensor<float, 3> scores{{{0.75f, 0.25f}, {0.25f, 0.75f}, {0.75f, 0.25f}}, {{0.25f, 0.75f}, {0.75f, 0.25f}, {nan, 7}}};
    const xg::tensor<std::int64_t, 2> labels{{0, 1, 1}, {0, 0, -1}};
    const auto check = [&](const auto& s, const auto& l) {
        CHECK(xg::accuracy(s, l, xg::ignore_index<-1>) == Approx(3.0 / 5));
        CHECK(xg::top_k_accuracy(s, l, 2, xg::ignore_index<-1>) == 1);
        CHECK(xg::calibration_error(s, l, xg::ignore_index<-1>) == Approx(0.15));  // 0.75 each, 3 of 5 right
        CHECK(xg::calibration_error(s, l, 4, xg::ignore_index<-1>) == Approx(0.15));
        const auto counts = xg::confusion_matrix(s, l, xg::ignore_index<-1>);
        CHECK(counts(0, 0) == 2);
        CHECK(counts(0, 1) == 1);
        CHECK(counts(1, 0) == 1);
        CHECK(counts(1, 1) == 1);
    };
    check(scores, labels);
    check(xt::xtensor<float, 3, xt::layout_type::column_major>(scores), xt::xtensor<std::int64_t, 2, xt::layout_type::column_major>(labels));
    check(xt::xarray<float>(scores), xt::xtensor<double, 2>(labels));
    xg::tensor<std::int64_t, 3> column({2, 3, 1});
    std::copy(labels.begin(), labels.end(), column.begin());
    check(scores, column);

    CHECK_THROWS_WITH(xg::accuracy(scores, labels), Contains("the score of row 5 is NaN"));
    CHECK_THROWS_WITH(xg::confusion_matrix(xg::tensor<float, 2>{{0, 1}}, xg::tensor<int, 1>{-1}), Contains("row 0 has label -1 of 2 classes") && Contains("xg::ignore_index<-1>"));
    CHECK_THROWS_WITH(xg::accuracy(scores, xg::tensor<int, 2>::from_shape({2, 4})), Contains("axis 1 of scores has 3, of labels 4"));
    CHECK_THROWS_WITH(xg::accuracy(scores, xg::tensor<int, 1>::from_shape({6})), Contains("labels: rank 1, wanted 2, the axes of scores but the last"));
    const auto classes = xg::predicted_classes(xt::view(scores, xt::range(0, 1)));
    CHECK((classes == xg::tensor<std::int32_t, 2>{{0, 1, 0}}));
    CHECK(std::isnan(xg::accuracy(scores, xg::tensor<int, 2>{{-1, -1, -1}, {-1, -1, -1}}, xg::ignore_index<-1>)));
}
