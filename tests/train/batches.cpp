// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace {
/// Row r holds r in every column; its label is r too.
std::pair<support::array<float, 2>, support::array<std::int32_t, 1>> numbered(std::size_t rows) {
    auto X = support::shaped<float>({rows, 3});
    auto L = support::shaped<std::int32_t>({rows});
    for (std::size_t r = 0; r < rows; ++r) {
        L(r) = static_cast<std::int32_t>(r);
        for (std::size_t c = 0; c < 3; ++c) X(r, c) = static_cast<float>(r);
    }
    return {X, L};
}
std::vector<int> order_of(auto& range, std::vector<std::size_t>* sizes = nullptr) {
    std::vector<int> seen;
    for (auto [xb, lb] : range) {
        REQUIRE(xb.shape()[0] == lb.shape()[0]);
        if (sizes) sizes->push_back(lb.size());
        for (std::size_t r = 0; r < lb.size(); ++r) {
            for (std::size_t c = 0; c < 3; ++c) REQUIRE(xb(r, c) == static_cast<float>(lb(r)));  // rows stay whole
            seen.push_back(lb(r));
        }
    }
    return seen;
}
bool is_permutation(std::vector<int> seen, std::size_t rows) {
    std::sort(seen.begin(), seen.end());
    for (std::size_t r = 0; r < rows; ++r)
        if (seen.size() != rows || seen[r] != static_cast<int>(r)) return false;
    return true;
}
}  // namespace

TEST_CASE("a pass meets every row once, the last batch takes what is left", "[train]") {
    for (std::size_t rows : {1u, 2u, 31u, 32u, 33u, 64u, 100u, 1000u}) {
        CAPTURE(rows);
        const auto [X, L] = numbered(rows);
        auto range = xg::batches(32, X, L);
        std::vector<std::size_t> sizes;
        CHECK(is_permutation(order_of(range, &sizes), rows));
        REQUIRE(sizes.size() == (rows + 31) / 32);
        CHECK(sizes.size() == range.count());
        for (std::size_t i = 0; i + 1 < sizes.size(); ++i) CHECK(sizes[i] == 32);
        CHECK(sizes.back() == (rows % 32 ? rows % 32 : 32));
    }
}

TEST_CASE("shuffled anew each pass, the same for the same seed, in order when asked", "[train]") {
    const auto [X, L] = numbered(100);
    auto range = xg::batches(32, xg::seed{1}, X, L), again = xg::batches(32, xg::seed{1}, X, L), other = xg::batches(32, xg::seed{2}, X, L);
    const auto first = order_of(range), second = order_of(range);
    CHECK(first != second);
    CHECK((is_permutation(first, 100) && is_permutation(second, 100)));
    CHECK(order_of(again) == first);
    CHECK(order_of(again) == second);
    CHECK(order_of(other) != first);
    std::vector<int> sorted(100);
    std::iota(sorted.begin(), sorted.end(), 0);
    CHECK(first != sorted);
    auto plain = xg::batches(32, xg::in_order, X, L);
    CHECK(order_of(plain) == sorted);
    CHECK(order_of(plain) == sorted);
}

/// Every row is as likely at every place: the mean place of row 0 over many passes is the middle, within five deviations.
TEST_CASE("the shuffle is fair", "[train]") {
    const auto [X, L] = numbered(11);
    auto range = xg::batches(4, xg::seed{3}, X, L);
    const int passes = 4000;
    std::vector<std::vector<int>> at(11, std::vector<int>(11, 0));
    for (int i = 0; i < passes; ++i) {
        const auto order = order_of(range);
        for (std::size_t place = 0; place < 11; ++place) ++at[static_cast<std::size_t>(order[place])][place];
    }
    const double expected = passes / 11.0, deviation = std::sqrt(passes * (1 / 11.0) * (10 / 11.0));
    for (const auto& row : at)
        for (int count : row) CHECK(std::abs(count - expected) < 5 * deviation);
}

TEST_CASE("accuracy, predicted classes, confusion matrix", "[train]") {
    auto scores = support::shaped<float>({5, 3});
    const float given[5][3] = {{1, 2, 0}, {3, 3, 1}, {-1, -2, -3}, {0, 0, 9}, {0, 1, 1}};  // classes 1, 0 (first of a tie), 0, 2, 1
    for (std::size_t r = 0; r < 5; ++r)
        for (std::size_t c = 0; c < 3; ++c) scores(r, c) = given[r][c];
    const auto labels = support::vector_of(std::vector<std::int32_t>{1, 0, 2, 2, 2});
    const auto classes = xg::predicted_classes(scores);
    const int expected[] = {1, 0, 0, 2, 1};
    for (std::size_t r = 0; r < 5; ++r) CHECK(classes(r) == expected[r]);
    CHECK(xg::accuracy(scores, labels) == Approx(0.6));
    const auto counts = xg::confusion_matrix(scores, labels);
    const int table[3][3] = {{1, 0, 0}, {0, 1, 0}, {1, 1, 1}};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) CHECK(counts(i, j) == table[i][j]);
}

TEST_CASE("initialisers: bounds, variance, and the same numbers for the same seed", "[train]") {
    constexpr auto a = xg::parameter<"a", xg::glorot_uniform>(60_c, 40_c);
    constexpr auto b = xg::parameter<"b", xg::he_normal>(60_c, 40_c);
    constexpr auto c = xg::parameter<"c", xg::lecun_normal>(60_c, 40_c);
    constexpr auto d = xg::parameter<"d", xg::he_uniform>(60_c, 40_c);
    constexpr auto e = xg::parameter<"e", xg::glorot_normal>(60_c, 40_c);
    constexpr auto f = xg::sum(square(a) + square(b) + square(c) + square(d) + square(e));
    xg::trainer first{f, xg::sgd{}, xg::seed{1}}, again{f, xg::sgd{}, xg::seed{1}}, other{f, xg::sgd{}, xg::seed{2}};
    auto moments = [](const auto& values) {
        double mean = 0, variance = 0, most = 0;
        for (double v : values) {
            mean += v / 2400;
            variance += v * v / 2400;
            most = std::max(most, std::abs(v));
        }
        return std::array{mean, variance, most};
    };
    const auto p = first.parameters();
    // U(-r, r) has variance r^2 / 3; the mean of 2400 numbers lies within 5 deviations, the variance within 15 percent.
    const auto check = [&](const auto& values, double variance, double bound) {
        const auto [mean, got, most] = moments(values);
        CHECK(std::abs(mean) < 5 * std::sqrt(variance / 2400));
        CHECK(got == Approx(variance).epsilon(0.15));
        CHECK(most <= bound);
    };
    check(p["a"_p], 2.0 / 100, std::sqrt(6.0 / 100));
    check(p["d"_p], 2.0 / 60, std::sqrt(6.0 / 60));
    check(p["b"_p], 2.0 / 60, 1e9);
    check(p["c"_p], 1.0 / 60, 1e9);
    check(p["e"_p], 2.0 / 100, 1e9);
    const auto same = again.parameter("a"_p), different = other.parameter("a"_p);
    CHECK(std::equal(same.begin(), same.end(), p["a"_p].begin()));
    CHECK(!std::equal(different.begin(), different.end(), p["a"_p].begin()));
    CHECK(!std::equal(same.begin(), same.end(), p["b"_p].begin()));
}

TEST_CASE("rows drawn by weight come as often as it says, and never with weight 0", "[train]") {
    const auto [X, L] = numbered(4);
    const auto shown = [&](const xg::weighted& w, unsigned seed) {
        auto range = xg::batches(3, w, xg::seed{seed}, X, L);
        std::array<double, 4> counts{};
        for (int pass = 0; pass < 5000; ++pass)
            for (int row : order_of(range)) counts[static_cast<std::size_t>(row)] += 1.0 / 20000;
        return counts;
    };
    const auto counts = shown(xg::weighted({1, 0, 5, 2}), 1);
    // three standard deviations of a share of 20000 draws
    for (std::size_t i = 0; i < 4; ++i) CHECK(std::abs(counts[i] - std::array{0.125, 0.0, 0.625, 0.25}[i]) <= 3 * 0.5 / std::sqrt(20000.0));
    CHECK(counts[1] == 0);
    const auto one_row = shown(xg::weighted({0, 3, 0, 0}), 2);
    CHECK((one_row[0] == 0 && one_row[1] == Approx(1) && one_row[2] == 0 && one_row[3] == 0));
    const support::array<std::int32_t, 1> labels{7, 7, 7, 2};
    CHECK(xg::balancing_weights(labels) == std::vector<double>{1.0 / 3, 1.0 / 3, 1.0 / 3, 1});
    CHECK_THROWS_WITH(xg::batches(3, xg::weighted({1, 2}), X, L), Catch::Matchers::Contains("2 weights for 4 rows"));
    CHECK_THROWS_WITH(xg::batches(3, xg::weighted({0, 0, 0, 0}), X, L), Catch::Matchers::Contains("every weight is 0"));
    CHECK_THROWS_WITH(xg::batches(3, xg::weighted({1, -1, 0, 0}), X, L), Catch::Matchers::Contains("weight of row 1"));
}

TEST_CASE("weights given later replace those before, and the order", "[train]") {
    const auto [X, L] = numbered(8);
    const std::vector<double> two{0, 0, 0, 1, 0, 1, 0, 0};
    const auto rows_of = [](auto& range) {
        std::array<int, 8> counts{};
        for (int pass = 0; pass < 50; ++pass)
            for (int row : order_of(range)) ++counts[static_cast<std::size_t>(row)];
        return counts;
    };
    const auto only_two = [&](auto& range) {
        const auto counts = rows_of(range);
        CHECK(counts[3] + counts[5] == 400);
        CHECK((counts[3] > 100 && counts[5] > 100));
    };
    auto weighted = xg::batches(8, xg::weighted(std::vector<double>(8, 1)), X, L), plain = xg::batches(8, X, L), ordered = xg::batches(8, xg::in_order, X, L);
    weighted.draw_by(two);
    only_two(weighted);
    plain.draw_by(two);
    plain.draw_by(two);
    only_two(plain);
    ordered.draw_by(two);
    only_two(ordered);
    // what is refused leaves the weights as they were
    CHECK_THROWS_WITH(plain.draw_by({1, 1, 1, 1, 1, 1, 1, -1}), Catch::Matchers::Contains("weight of row 7"));
    CHECK_THROWS_WITH(plain.draw_by(std::vector<double>(8, 1e308)), Catch::Matchers::Contains("sum of the weights is not finite"));
    only_two(plain);
    plain.draw_by(std::vector<double>(8, 1));
    for (int count : rows_of(plain)) CHECK(count > 0);
}
