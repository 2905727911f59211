// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/published.hpp"

using namespace published;

/// keras/src/losses/losses_test.py. Its sample weights are row_weight; "sum_over_batch_size" is a mean, "mean_with_sample_weight" one that
/// divides by the weights. Time steps [2, 3, 1] are six rows here.
namespace {
constexpr auto p = xg::input<"p">(rows, columns);
constexpr auto y = xg::input<"y">(rows, columns);
constexpr auto w = xg::input<"w">(rows);
constexpr auto weight_of_row = xg::row_weight(w);
constexpr auto column = xg::input<"column">(rows, 1_c);
constexpr auto weight_of_elements = xg::row_weight(column);  // for losses that give one value an element

const matrix Y{{1, 9, 2}, {-5, -2, 6}}, P{{4, 8, 12}, {8, 1, 3}};
const matrix Y6{{1}, {9}, {2}, {-5}, {-2}, {6}}, P6{{4}, {8}, {12}, {8}, {1}, {3}};
const vector once{1, 1}, twice{2.3, 2.3}, own{1.2, 3.4}, never{0, 0}, steps{3, 6, 5, 0, 4, 2};
const matrix once_each{{1}, {1}}, twice_each{{2.3}, {2.3}}, own_each{{1.2}, {3.4}}, steps_each{{3}, {6}, {5}, {0}, {4}, {2}};

/// One program of all reductions.
constexpr auto reductions = [](auto loss) {
    return xg::compile<double>(loss(weight_of_row), loss(weight_of_row, mean), loss(weight_of_row, sum), loss(weight_of_row, mean, by_weights));
};
}  // namespace

TEST_CASE("Keras: mean squared error", "[conformance]") {
    auto program = reductions([](auto... o) { return xg::mean_squared_error(p, y, o...); });
    const auto run = [&](const matrix& a, const matrix& b, const vector& c) { return program(p = a, y = b, w = c); };
    near(std::get<1>(run(P, Y, once)), 49.5);
    near(std::get<1>(run(P, Y, twice)), 113.85);
    near(std::get<1>(run(P, Y, own)), 767.8 / 6);
    near(std::get<1>(run(P6, Y6, steps)), 97.833336);
    near(std::get<1>(run(P, Y, never)), 0);
    near(std::get<0>(run(P, Y, twice)), {84.3333, 143.3666});
    near(std::get<2>(run(P, Y, twice)), 227.69998);
    near(std::get<3>(run(P, Y, own)), (110.0 / 3 * 1.2 + 187.0 / 3 * 3.4) / (1.2 + 3.4));
}

TEST_CASE("Keras: mean absolute error, also in percent", "[conformance]") {
    auto absolute = reductions([](auto... o) { return xg::mean_absolute_error(p, y, o...); });
    near(std::get<1>(absolute(p = P, y = Y, w = once)), 5.5);
    near(std::get<1>(absolute(p = P, y = Y, w = twice)), 12.65);
    near(std::get<1>(absolute(p = P, y = Y, w = own)), 81.4 / 6);
    near(std::get<1>(absolute(p = P6, y = Y6, w = steps)), 83.0 / 6);
    near(std::get<0>(absolute(p = P, y = Y, w = twice)), {10.7333, 14.5666});
    near(std::get<2>(absolute(p = P, y = Y, w = twice)), 25.29999);
    near(std::get<3>(absolute(p = P, y = Y, w = own)), (14.0 / 3 * 1.2 + 19.0 / 3 * 3.4) / (1.2 + 3.4));

    auto percent = reductions([](auto... o) { return xg::mean_absolute_percentage_error(p, y, o...); });
    near(std::get<1>(percent(p = P, y = Y, w = once)), 211.8518);
    near(std::get<1>(percent(p = P, y = Y, w = twice)), 487.259, 1e-3);
    near(std::get<1>(percent(p = P, y = Y, w = own)), 422.8888);
    near(std::get<1>(percent(p = P6, y = Y6, w = steps)), 694.4444);
    near(std::get<0>(percent(p = P, y = Y, w = twice)), {621.8518, 352.6666});
    near(std::get<3>(percent(p = P, y = Y, w = own)), 183.865, 1e-3);
}

TEST_CASE("Keras: mean squared logarithmic error", "[conformance]") {
    // Keras takes a target below 1e-7, -5 and -2 here, as 1e-7. Ours would be NaN; the bound is written out.
    auto program = reductions([](auto... o) { return xg::mean_squared_logarithmic_error(xg::maximum(p, 1e-7_c), xg::maximum(y, 1e-7_c), o...); });
    near(std::get<1>(program(p = P, y = Y, w = once)), 1.4370);
    near(std::get<1>(program(p = P, y = Y, w = twice)), 3.3051);
    near(std::get<1>(program(p = P, y = Y, w = own)), 3.7856);
    near(std::get<1>(program(p = P6, y = Y6, w = steps)), 2.647374);
    near(std::get<3>(program(p = P, y = Y, w = own)), 1.646, 1e-3);
}

TEST_CASE("Keras: Huber, log cosh, Poisson: losses of an element", "[conformance]") {
    const matrix q{{0.9, 0.2, 0.2}, {0.8, 0.4, 0.6}}, t{{1, 0, 1}, {1, 0, 0}};
    const matrix q6{{0.9}, {0.2}, {0.2}, {0.8}, {0.4}, {0.6}}, t6{{1}, {0}, {1}, {1}, {0}, {0}};
    constexpr auto delta = xg::scalar<"delta">;
    auto huber = xg::compile<double>(xg::huber(p, y, xg::delta(delta), weight_of_elements, mean));
    near(huber(p = q, y = t, column = once_each, delta = 1.0), 1.25 / 12, 1e-6);
    near(huber(p = q, y = t, column = twice_each, delta = 1.0), 2.3 * 1.25 / 12, 1e-6);
    near(huber(p = q, y = t, column = own_each, delta = 1.0), (1.2 * 0.69 + 3.4 * 0.56) / 12, 1e-6);
    near(huber(p = q6, y = t6, column = steps_each, delta = 1.0), (3 * 0.01 + 6 * 0.04 + 5 * 0.64 + 4 * 0.16 + 2 * 0.36) / 12, 1e-6);
    near(huber(p = q, y = t, column = twice_each, delta = 0.8), 2.3 * 1.25 / 12, 1e-6);

    const auto log_cosh = [](double e) { return std::log((std::exp(e) + std::exp(-e)) / 2); };
    const double first = log_cosh(3) + log_cosh(-1) + log_cosh(10), second = log_cosh(13) + log_cosh(3) + log_cosh(-3);
    auto cosh = xg::compile<double>(xg::log_cosh(p, y, weight_of_elements, mean));
    near(cosh(p = P, y = Y, column = once_each), (first + second) / 6, 1e-6);
    near(cosh(p = P, y = Y, column = own_each), (1.2 * first + 3.4 * second) / 6, 1e-6);
    near(cosh(p = P6, y = Y6, column = steps_each), (3 * log_cosh(3) + 6 * log_cosh(1) + 5 * log_cosh(10) + 4 * log_cosh(3) + 2 * log_cosh(3)) / 6, 1e-6);

    const matrix rate{{1, 9, 2}, {5, 2, 6}}, count{{4, 8, 12}, {8, 1, 3}};
    const auto loss = [](double r, double k) { return r - k * std::log(r); };
    const double one = loss(1, 4) + loss(9, 8) + loss(2, 12), two = loss(5, 8) + loss(2, 1) + loss(6, 3);
    auto poisson = xg::compile<double>(xg::poisson_nll(p, y, xg::rate_input, weight_of_elements, mean));
    near(poisson(p = rate, y = count, column = once_each), (one + two) / 6, 1e-6);
    near(poisson(p = rate, y = count, column = twice_each), 2.3 * (one + two) / 6, 1e-6);
    near(poisson(p = rate, y = count, column = own_each), (1.2 * one + 3.4 * two) / 6, 1e-6);
}

TEST_CASE("Keras: divergence and cosine of a row", "[conformance]") {
    // Keras' rows need not sum to 1: its divergence lacks the terms - y + p of measures.
    const matrix q{{0.4, 0.9, 0.12}, {0.36, 0.3, 0.4}}, t{{0.5, 0.8, 0.12}, {0.7, 0.43, 0.8}};
    const auto term = [](double a, double b) { return a * std::log(a / b); };
    const double one = term(0.5, 0.4) + term(0.8, 0.9), two = term(0.7, 0.36) + term(0.43, 0.3) + term(0.8, 0.4);
    auto divergence = xg::compile<double>(xg::mean(w * (xg::generalised_kl(p, y) + xg::sum(y - p, xg::axes<-1>))));
    near(divergence(p = q, y = t, w = once), (one + two) / 2, 1e-6);
    near(divergence(p = q, y = t, w = own), (1.2 * one + 3.4 * two) / 2, 1e-6);

    const double cosines[] = {(4 + 72 + 24) / std::sqrt(86.0 * 224.0), (-40 - 2 + 18) / std::sqrt(65.0 * 74.0)};
    auto cosine = xg::compile<double>(-xg::cosine_similarity(p, y, weight_of_row, mean));
    near(cosine(p = P, y = Y, w = once), -(cosines[0] + cosines[1]) / 2, 1e-6);
    near(cosine(p = P, y = Y, w = twice), -2.3 * (cosines[0] + cosines[1]) / 2, 1e-6);
    near(cosine(p = P, y = Y, w = own), -(1.2 * cosines[0] + 3.4 * cosines[1]) / 2, 1e-6);
    near(cosine(p = P6, y = Y6, w = steps), -(3.0 + 6 + 5 - 0 - 4 + 2) / 6, 1e-6);
}

TEST_CASE("Keras: hinges", "[conformance]") {
    // Keras makes -1 of a label 0.
    const matrix x{{0.6, 0.4}, {0.4, 0.6}}, sides{{-1, 1}, {-1, -1}}, first{{1}, {0}};
    auto hinge = xg::compile<double>(xg::mean(xg::hinge(p, y, weight_of_elements), xg::axes<-1>), xg::hinge(p, y, weight_of_elements, mean));
    near(std::get<0>(hinge(p = x, y = sides, column = once_each)), {1.1, 1.5}, 1e-9);
    near(std::get<1>(hinge(p = x, y = sides, column = once_each)), 1.3, 1e-9);
    near(std::get<0>(hinge(p = x, y = sides, column = first)), {1.1, 0}, 1e-9);
    near(std::get<1>(hinge(p = x, y = sides, column = first)), 0.55, 1e-9);
    auto squared = xg::compile<double>(xg::mean(xg::squared_hinge(p, y, weight_of_elements), xg::axes<-1>), xg::squared_hinge(p, y, weight_of_elements, mean));
    near(std::get<0>(squared(p = x, y = sides, column = once_each)), {1.46, 2.26}, 1e-9);
    near(std::get<1>(squared(p = x, y = sides, column = once_each)), 1.86, 1e-9);
    near(std::get<1>(squared(p = x, y = sides, column = first)), 0.73, 1e-9);

    // Its second row has no class at all (1.6 there); a label is a class, so that row has weight 0 as in Keras' weighted case.
    constexpr auto z = xg::input<"z">(rows, 2_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(2_c));
    auto classes = xg::compile<double>(xg::multiclass_hinge(z, t, weight_of_row), xg::multiclass_hinge(z, t, weight_of_row, mean), xg::multiclass_hinge(z, t, weight_of_row, sum));
    const auto made = classes(z = x, t = indices{1, 0}, w = vector{1, 0});
    near(std::get<0>(made), {1.2, 0}, 1e-9);
    near(std::get<1>(made), 0.6, 1e-9);
    near(std::get<2>(made), 1.2, 1e-9);
}
