// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Losses that sort: sparsemax_loss, lovasz_hinge, lovasz_softmax, against their papers' formulas in long double.
#include "ops/structural.hpp"

#include <numeric>

using namespace plain;

namespace {
constexpr auto z = xg::input<"z">(rows, 6_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(6_c), xg::ignore_index<-1>);
constexpr auto q = xg::input<"q">(rows, 6_c);

/// The threshold of sparsemax, from the sorted row (Martins and Astudillo, algorithm 1).
real threshold(std::vector<real> row) {
    std::sort(row.begin(), row.end(), [](real a, real b) { return a > b; });
    real total = 0, tau = 0;
    for (std::size_t k = 0; k < row.size(); ++k) {
        total += row[k];
        if (1 + static_cast<real>(k + 1) * row[k] > total) tau = (total - 1) / static_cast<real>(k + 1);
    }
    return tau;
}
/// The Lovász extension of the Jaccard loss: errors in descending order against the growth of the loss (Berman et al., equation 9).
/// Returns the weight of each error.
std::vector<real> weights_of(const std::vector<real>& errors, const std::vector<int>& target) {
    std::vector<std::size_t> order(errors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return errors[a] != errors[b] ? errors[a] > errors[b] : a < b; });
    std::vector<real> made(errors.size());
    const real all = std::accumulate(target.begin(), target.end(), 0);
    real found = 0, other = 0, before = 0;
    for (std::size_t i : order) {
        found += target[i];
        other += 1 - target[i];
        const real now = 1 - (all - found) / (all + other);
        made[i] = now - before;
        before = now;
    }
    return made;
}
}  // namespace

TEMPLATE_TEST_CASE("sparsemax_loss: labels and distributions", "[nn]", float, double) {
    using T = TestType;
    constexpr auto rows_of_it = xg::sparsemax_loss(z, t);
    constexpr auto soft = xg::sparsemax_loss(z, q);
    constexpr auto slope = xg::gradient(xg::sum(rows_of_it), z);
    auto program = xg::compile<T>(rows_of_it, slope, soft, xg::gradient(xg::sum(soft), z), xg::gradient(xg::sum(q * slope), z), xg::sparsemax_loss(z, t, xg::reduction<"mean">)).prepare();
    auto Z = support::uniform<T>({40, 6}, 1, -2, 2), Q = support::uniform<T>({40, 6}, 2, 0, 1);
    auto L = support::random_labels({40}, 3, 6);
    L(5) = -1;
    for (std::size_t c = 0; c < 6; ++c) Z(5, c) = std::numeric_limits<T>::quiet_NaN();  // a skipped row may hold anything
    for (std::size_t c = 0; c < 6; ++c) Z(6, c) = c == 2 ? T{9} : -std::numeric_limits<T>::infinity(), Q(6, c) = c == 2;
    L(6) = 2;
    for (std::size_t c = 0; c < 6; ++c) Z(7, c) += 4096;  // far from 0
    for (std::size_t i = 0; i < 40; ++i) {
        T mass = 0;
        for (std::size_t c = 0; c < 6; ++c) mass += Q(i, c);
        for (std::size_t c = 0; c < 6; ++c) Q(i, c) /= mass;
    }
    const auto [value, g, value_q, g_q, hessian, mean] = program(z = Z, t = L, q = Q);
    const double bound = 8 * support::epsilon<T>;
    real total = 0;
    for (std::size_t i = 0; i < 40; ++i) {
        CAPTURE(i);
        if (i == 5) {
            CHECK(value(i) == 0);
            for (std::size_t c = 0; c < 6; ++c) CHECK((g(i, c) == 0 && hessian(i, c) == 0));
            continue;
        }
        std::vector<real> row;
        for (std::size_t c = 0; c < 6; ++c) row.push_back(Z(i, c));
        const real tau = threshold(row), target = row[static_cast<std::size_t>(L(i))];
        real sum_of_squares = 0, q_z = 0, q_q = 0, support_size = 0, weight = 0;
        for (std::size_t c = 0; c < 6; ++c) {
            if (row[c] > tau) sum_of_squares += (row[c] - tau) * (row[c] + tau), support_size += 1, weight += Q(i, c);
            if (Q(i, c) != 0) q_z += Q(i, c) * (row[c] - largest(row));
            q_q += static_cast<real>(Q(i, c)) * Q(i, c);
        }
        const real exact = -target + (sum_of_squares + 1) / 2;
        total += exact;
        CHECK(support::relative_error(value(i), exact, 4) <= bound);
        CHECK(support::relative_error(value_q(i), sum_of_squares / 2 - largest(row) - q_z + q_q / 2, 4) <= bound);
        for (std::size_t c = 0; c < 6; ++c) {
            const real p = std::max(row[c] - tau, 0.0L);
            CHECK(support::relative_error(g(i, c), p - (static_cast<int>(c) == L(i)), 1) <= bound);
            CHECK(support::relative_error(g_q(i, c), p - Q(i, c), 1) <= bound);
            CHECK(support::relative_error(hessian(i, c), p > 0 ? Q(i, c) - weight / support_size : 0, 1) <= bound);
        }
    }
    CHECK(value(6) == 0);
    CHECK(support::relative_error(mean, total / 39, 4) <= bound);
}

TEMPLATE_TEST_CASE("lovasz_hinge: one value an image, its gradient, pixels that do not count", "[nn]", float, double) {
    using T = TestType;
    constexpr auto y = xg::labels<"y">(rows, columns, xg::classes(2_c), xg::ignore_index<255>);
    constexpr auto logits = xg::input<"logits">(rows, columns);
    constexpr auto loss = xg::lovasz_hinge(logits, y);
    auto program = xg::compile<T>(loss, xg::gradient(xg::sum(loss), logits)).prepare();
    const std::size_t r = 6, c = 50;
    auto Z = support::uniform<T>({r, c}, 4);
    auto Y = support::random_labels({r, c}, 5, 2);
    for (std::size_t j = 0; j < c; ++j) Y(1, j) = 0;           // nothing to find
    for (std::size_t j = 0; j < c; ++j) Y(2, j) = 255;         // nothing counts
    for (std::size_t j = 0; j < c; j += 3) Y(3, j) = 255, Z(3, j) = std::numeric_limits<T>::quiet_NaN();
    const auto [value, slope] = program(logits = Z, y = Y);
    for (std::size_t i = 0; i < r; ++i) {
        CAPTURE(i);
        std::vector<real> errors;
        std::vector<int> target;
        std::vector<std::size_t> place;
        for (std::size_t j = 0; j < c; ++j) {
            if (Y(i, j) == 255) continue;
            target.push_back(Y(i, j));
            place.push_back(j);
            errors.push_back(static_cast<real>(T{1} - Z(i, j) * static_cast<T>(2 * Y(i, j) - 1)));  // as rounded, so that the order is the same
        }
        const auto weights = weights_of(errors, target);
        real exact = 0;
        std::vector<real> ds(c, 0);
        for (std::size_t k = 0; k < errors.size(); ++k) {
            exact += std::max(errors[k], 0.0L) * weights[k];
            ds[place[k]] = errors[k] > 0 ? -(2 * target[k] - 1) * weights[k] : 0;
        }
        CHECK(support::relative_error(value(i), exact, 3) <= 8 * support::epsilon<T>);
        for (std::size_t j = 0; j < c; ++j) CHECK(support::relative_error(slope(i, j), ds[j], 1) <= 8 * support::epsilon<T>);
    }
    CHECK(value(2) == 0);
}

TEST_CASE("lovasz_softmax: present or all classes, images apart, pixels that do not count", "[nn]") {
    constexpr auto scores = xg::input<"scores">(rows, columns, 4_c);
    constexpr auto u = xg::labels<"u">(rows, columns, xg::classes(4_c), xg::ignore_index<-1>);
    constexpr auto present = xg::lovasz_softmax(scores, u);
    constexpr auto all = xg::lovasz_softmax(scores, u, xg::lovasz_classes<"all">, xg::reduction<"sum">);
    auto program = xg::compile<double>(present, all, xg::gradient(xg::sum(present), scores), xg::gradient(all, scores)).prepare();
    const std::size_t r = 4, c = 30;
    const auto Z = support::uniform<double>({r, c, 4}, 6);
    auto L = support::random_labels({r, c}, 7, 3);             // class 3 never stands in an image
    for (std::size_t j = 0; j < c; ++j) L(1, j) = -1;          // nothing counts
    for (std::size_t j = 0; j < c; j += 4) L(2, j) = -1;
    const auto [value, total, slope, slope_all] = program(scores = Z, u = L);
    real exact_total = 0;
    for (std::size_t i = 0; i < r; ++i) {
        CAPTURE(i);
        std::vector<std::size_t> place;
        for (std::size_t j = 0; j < c; ++j)
            if (L(i, j) >= 0) place.push_back(j);
        std::vector<std::vector<real>> p;
        for (std::size_t j : place) {
            std::vector<real> row;
            for (std::size_t k = 0; k < 4; ++k) row.push_back(Z(i, j, k));
            const real lse = logsumexp(row);
            for (real& v : row) v = std::exp(v - lse);
            p.push_back(row);
        }
        real sum_present = 0, sum_all = 0, classes = 0;
        std::vector<real> by_p_present(place.size() * 4, 0), by_p_all(place.size() * 4, 0);
        for (std::size_t k = 0; k < 4; ++k) {
            std::vector<real> errors;
            std::vector<int> target;
            for (std::size_t n = 0; n < place.size(); ++n) {
                target.push_back(L(i, place[n]) == static_cast<int>(k));
                errors.push_back(std::abs(target.back() - p[n][k]));
            }
            const auto weights = weights_of(errors, target);
            const bool is_there = std::accumulate(target.begin(), target.end(), 0) > 0;
            classes += is_there;
            for (std::size_t n = 0; n < place.size(); ++n) {
                sum_all += errors[n] * weights[n] / 4;
                by_p_all[n * 4 + k] = (target[n] ? -1 : 1) * weights[n] / 4;
                if (!is_there) continue;
                sum_present += errors[n] * weights[n];
                by_p_present[n * 4 + k] = (target[n] ? -1 : 1) * weights[n];
            }
        }
        exact_total += sum_all;
        const real divisor = std::max(classes, 1.0L);
        CHECK(support::relative_error(value(i), sum_present / divisor, 1) <= 1e-14);
        std::vector<real> ds(c * 4, 0), ds_all(c * 4, 0);
        for (std::size_t n = 0; n < place.size(); ++n) {
            real mean_present = 0, mean_all = 0;
            for (std::size_t k = 0; k < 4; ++k) mean_present += p[n][k] * by_p_present[n * 4 + k] / divisor, mean_all += p[n][k] * by_p_all[n * 4 + k];
            for (std::size_t k = 0; k < 4; ++k) {
                ds[place[n] * 4 + k] = p[n][k] * (by_p_present[n * 4 + k] / divisor - mean_present);
                ds_all[place[n] * 4 + k] = p[n][k] * (by_p_all[n * 4 + k] - mean_all);
            }
        }
        for (std::size_t j = 0; j < c * 4; ++j) {
            CHECK(support::relative_error(slope.data()[i * c * 4 + j], ds[j], 1) <= 1e-14);
            CHECK(support::relative_error(slope_all.data()[i * c * 4 + j], ds_all[j], 1) <= 1e-14);
        }
    }
    CHECK(value(1) == 0);
    CHECK(support::relative_error(total, exact_total, 1) <= 1e-14);
}
