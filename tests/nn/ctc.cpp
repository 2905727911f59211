// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// ctc_loss against its definition, every alignment one by one.
#include "support/alignments.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace {
using namespace alignments;
using support::array;

constexpr auto steps = xg::axis<"time">;
constexpr auto batch = xg::axis<"batch">;
constexpr auto length = xg::axis<"length">;
constexpr auto z = xg::input<"z">(steps, batch, 3_c);
constexpr auto t = xg::labels<"t">(batch, length, xg::classes(3_c), xg::ignore_index<-1>);
constexpr auto n = xg::input<"n">(batch);
constexpr auto m = xg::input<"m">(steps, batch);
constexpr auto d = xg::input<"d">(steps, batch, 3_c);
constexpr auto w = xg::input<"w">(batch);

struct answer {
    real value = support::infinity;
    std::vector<std::vector<real>> gradient;  ///< probability minus occupancy, by step
};
answer by_enumeration(const std::vector<std::vector<real>>& p, const sequence& labels, std::int64_t blank) {
    real total = 0;
    auto occupied = p;
    for (auto& step : occupied) std::fill(step.begin(), step.end(), 0);
    over_alignments(p, [&](const sequence& a, real probability) {
        if (collapsed(a, blank) != labels) return;
        total += probability;
        for (std::size_t s = 0; s < a.size(); ++s) occupied[s][static_cast<std::size_t>(a[s])] += probability;
    });
    answer made{-std::log(total), p};
    for (std::size_t s = 0; s < p.size(); ++s)
        for (std::size_t c = 0; c < p[s].size(); ++c) made.gradient[s][c] -= occupied[s][c] / total;
    return made;
}
/// Every sequence of up to `most` labels out of `alphabet`.
std::vector<sequence> all_sequences(std::size_t most, const sequence& alphabet) {
    std::vector<sequence> made{{}};
    for (std::size_t i = 0; i < made.size(); ++i)
        if (made[i].size() < most)
            for (std::int64_t c : alphabet) {
                sequence longer = made[i];
                longer.push_back(c);
                made.push_back(longer);
            }
    return made;
}
}  // namespace

TEMPLATE_TEST_CASE("ctc_loss: every sequence of labels, every length", "[nn]", float, double) {
    using T = TestType;
    constexpr auto loss = xg::ctc_loss(z, t, xg::input_lengths(n));
    auto program = xg::compile<T>(loss, xg::gradient(xg::sum(w * loss), z), xg::jvp(loss, z, d)).prepare();
    const auto sequences = all_sequences(4, {1, 2});
    std::vector<sequence> rows;
    for (std::size_t k = 0; k <= 5; ++k) rows.insert(rows.end(), sequences.begin(), sequences.end());
    const std::size_t count = rows.size();
    auto Z = support::uniform<T>({5, count, 3}, 1, -3, 3), D = support::uniform<T>({5, count, 3}, 2, -1, 1);
    auto N = support::shaped<T>({count}), W = support::uniform<T>({count}, 3, 0.5, 2);
    for (std::size_t r = 0; r < count; ++r) {
        N(r) = static_cast<T>(r / sequences.size());
        for (std::size_t s = r / sequences.size(); s < 5; ++s) Z(s, r, 1) = std::numeric_limits<T>::quiet_NaN();  // what is not there may hold anything
    }
    const auto [value, g, along] = program(z = Z, t = padded(rows, 4), n = N, d = D, w = W);
    const double bound = std::is_same_v<T, double> ? 1e-13 : 2e-6;
    for (std::size_t r = 0; r < count; ++r) {
        CAPTURE(r);
        const std::size_t there = r / sequences.size();
        const answer wanted = by_enumeration(probabilities(Z, r, [&](std::size_t s) { return s < there; }), rows[r], 0);
        CHECK(support::relative_error(value(r), wanted.value, 1) < bound);
        real slope = 0;
        for (std::size_t s = 0; s < 5; ++s)
            for (std::size_t c = 0; c < 3; ++c) {
                const real exact = s < there ? wanted.gradient[s][c] : 0;
                CHECK(support::relative_error(g(s, r, c), static_cast<real>(W(r)) * exact, 1) < bound);  // NaN where the value is inf
                slope += exact * (s < there ? static_cast<real>(D(s, r, c)) : 0);
            }
        CHECK(support::relative_error(along(r), slope, 1) < 4 * bound);
    }
}

TEST_CASE("ctc_loss: another blank, steps left out, rows left out, zero_infinity, PyTorch's mean", "[nn]") {
    constexpr auto there = m > 0_c;
    constexpr auto last = xg::ctc_loss(z, t, xg::blank<2>, xg::step_mask(there), xg::zero_infinity);
    constexpr auto middle = xg::ctc_loss(z, t, xg::blank<1>, xg::zero_infinity, xg::per_label, xg::reduction<"mean">, xg::row_mask(w > 0_c));
    auto program = xg::compile<double>(last, xg::gradient(xg::sum(last), z), middle, xg::gradient(middle, z)).prepare();
    const auto rows = all_sequences(5, {0, 1, 2});  // with both blanks among the labels: those rows have no alignment
    const std::size_t count = rows.size();
    const auto Z = support::uniform<double>({5, count, 3}, 1, -3, 3);
    const auto M = support::uniform<double>({5, count}, 2, -1, 2);
    auto W = support::shaped<double>({count});
    for (std::size_t r = 0; r < count; ++r) W(r) = r % 3 != 1;
    const auto [value, g, mean, g_mean] = program(z = Z, t = padded(rows, 5), m = M, w = W);
    real total = 0, counted = 0;
    for (std::size_t r = 0; r < count; ++r) counted += r % 3 != 1;
    for (std::size_t r = 0; r < count; ++r) {
        CAPTURE(r);
        const answer masked = by_enumeration(probabilities(Z, r, [&](std::size_t s) { return M(s, r) > 0; }), rows[r], 2);
        const answer whole = by_enumeration(probabilities(Z, r, [](std::size_t) { return true; }), rows[r], 1);
        CHECK(support::relative_error(value(r), std::isinf(masked.value) ? 0 : masked.value, 1) < 1e-13);
        const real share = r % 3 == 1 || std::isinf(whole.value) ? 0 : 1 / (counted * static_cast<real>(std::max<std::size_t>(rows[r].size(), 1)));
        if (share > 0) total += whole.value * share;
        for (std::size_t s = 0, k = 0; s < 5; k += M(s, r) > 0, ++s)
            for (std::size_t c = 0; c < 3; ++c) {
                CHECK(support::relative_error(g(s, r, c), M(s, r) > 0 && !std::isinf(masked.value) ? masked.gradient[k][c] : 0, 1) < 1e-13);
                CHECK(support::relative_error(g_mean(s, r, c), share > 0 ? share * whole.gradient[s][c] : 0, 1) < 1e-13);
            }
    }
    CHECK(support::relative_error(mean, total, total) < 1e-13);
}
