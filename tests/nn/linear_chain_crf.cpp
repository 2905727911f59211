// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// linear_chain_crf against its definition, every sequence of labels one by one.
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace {
using support::array;
using real = long double;

constexpr std::size_t K = 3;
constexpr auto steps = xg::axis<"time">;
constexpr auto batch = xg::axis<"batch">;
constexpr auto a = xg::parameter<"a">(3_c, 3_c);
constexpr auto s = xg::parameter<"s">(3_c);
constexpr auto e = xg::parameter<"e">(3_c);
constexpr auto w = xg::input<"w">(batch);

struct scores {
    std::vector<std::array<real, K>> z{};
    std::array<std::array<real, K>, K> a{};
    std::array<real, K> start{}, end{};

    real of(const std::vector<std::size_t>& labels) const {
        real total = 0;
        for (std::size_t i = 0; i < labels.size(); ++i) total += z[i][labels[i]] + (i == 0 ? start[labels[i]] : a[labels[i - 1]][labels[i]]);
        return labels.empty() ? 0 : total + end[labels.back()];
    }
    /// Adds so much for each time that a number of this occurs in the score of these labels.
    void add(const std::vector<std::size_t>& labels, real much) {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            z[i][labels[i]] += much;
            (i == 0 ? start[labels[i]] : a[labels[i - 1]][labels[i]]) += much;
        }
        if (!labels.empty()) end[labels.back()] += much;
    }
};
/// The loss of one sequence and its derivatives.
std::pair<real, scores> by_enumeration(const scores& x, const std::vector<std::size_t>& t) {
    std::vector<std::vector<std::size_t>> all{{}};
    for (std::size_t i = 0; i < t.size(); ++i) {
        std::vector<std::vector<std::size_t>> longer;
        for (const auto& labels : all)
            for (std::size_t k = 0; k < K; ++k) {
                longer.push_back(labels);
                longer.back().push_back(k);
            }
        all = longer;
    }
    real high = -support::infinity, total = 0;
    for (const auto& labels : all) high = std::max(high, x.of(labels));
    for (const auto& labels : all) total += std::exp(x.of(labels) - high);
    const real log_total = high + std::log(total);
    scores slope;
    slope.z.resize(x.z.size());
    for (const auto& labels : all) slope.add(labels, std::exp(x.of(labels) - log_total));
    slope.add(t, -1);
    return {log_total - x.of(t), slope};
}

struct given {
    array<double, 3> z;              ///< [time, batch, K]
    array<double, 2> a;
    array<double, 1> s, e, w;
    array<std::int32_t, 2> t;        ///< [time, batch]; -1 after the last step
};
given some(std::size_t time, std::size_t rows, unsigned seed, double size = 2) {
    given x{support::uniform<double>({time, rows, K}, seed, -size, size), support::uniform<double>({K, K}, seed + 1, -size, size), support::uniform<double>({K}, seed + 2),
            support::uniform<double>({K}, seed + 3), support::uniform<double>({rows}, seed + 4, 0.5, 2), support::random_labels({time, rows}, seed + 5, K)};
    return x;
}
void end_rows(given& x) {  // rows of 0, 1, ... steps, then whole ones
    for (std::size_t b = 0; b < x.t.shape()[1]; ++b)
        for (std::size_t i = b; i < x.t.shape()[0]; ++i) x.t(i, b) = -1;
}
given row_alone(const given& x, std::size_t b) {
    const std::size_t n = std::min(b, x.t.shape()[0]);
    given one{support::shaped<double>({n, 1, K}), x.a, x.s, x.e, support::shaped<double>({1}), support::shaped<std::int32_t>({n, 1})};
    for (std::size_t i = 0; i < n; ++i) {
        one.t(i, 0) = x.t(i, b);
        for (std::size_t k = 0; k < K; ++k) one.z(i, 0, k) = x.z(i, b, k);
    }
    one.w(0) = x.w(b);
    return one;
}
struct answer {
    std::vector<real> value, z, a, s, e;
};
answer exact(const given& x, bool with_ends) {
    const std::size_t time = x.t.shape()[0], rows = x.t.shape()[1];
    answer made{{}, std::vector<real>(time * rows * K, 0), std::vector<real>(K * K, 0), std::vector<real>(K, 0), std::vector<real>(K, 0)};
    for (std::size_t b = 0; b < rows; ++b) {
        scores of_row;
        std::vector<std::size_t> t;
        for (std::size_t i = 0; i < time && x.t(i, b) >= 0; ++i) {
            t.push_back(static_cast<std::size_t>(x.t(i, b)));
            of_row.z.push_back({x.z(i, b, 0), x.z(i, b, 1), x.z(i, b, 2)});
        }
        for (std::size_t j = 0; j < K; ++j) {
            for (std::size_t k = 0; k < K; ++k) of_row.a[j][k] = x.a(j, k);
            if (with_ends) of_row.start[j] = x.s(j);
            if (with_ends) of_row.end[j] = x.e(j);
        }
        const auto [value, slope] = by_enumeration(of_row, t);
        made.value.push_back(value);
        for (std::size_t k = 0; k < K; ++k) {
            for (std::size_t i = 0; i < t.size(); ++i) made.z[(i * rows + b) * K + k] = x.w(b) * slope.z[i][k];
            for (std::size_t j = 0; j < K; ++j) made.a[j * K + k] += x.w(b) * slope.a[j][k];
            made.s[k] += x.w(b) * slope.start[k];
            made.e[k] += x.w(b) * slope.end[k];
        }
    }
    return made;
}
bool close(const auto& got, const std::vector<real>& wanted, double bound = 1e-10) { return support::largest_error(got, wanted, 1) <= bound; }
}  // namespace

TEST_CASE("linear_chain_crf: every sequence of labels, of every length, with first and last scores", "[nn]") {
    constexpr auto z = xg::input<"z">(steps, batch, 3_c);
    constexpr auto t = xg::labels<"t">(steps, batch, xg::classes(3_c), xg::ignore_index<-1>);
    constexpr auto loss = xg::linear_chain_crf(steps, z, t, a, xg::start_scores(s), xg::end_scores(e));
    constexpr auto total = xg::sum(w * loss);
    for (std::size_t time : {1u, 2u, 6u}) {
        given x = some(time, 9, 1);
        end_rows(x);
        const answer wanted = exact(x, true);
        const auto check = [&](auto... options) {
            const auto program = xg::compile<double>(loss, xg::gradient(total, z, a, s, e), options...);
            const auto [value, dz, d_pairs, ds, de] = program(z = x.z, t = x.t, a = x.a, s = x.s, e = x.e, w = x.w);
            CAPTURE(time);
            for (std::size_t b = 1; b < 9; ++b) {  // a row gives what it gives alone, bit by bit
                const given one = row_alone(x, b);
                const auto [alone, dz_alone, d_pairs_alone, ds_alone, de_alone] = program(z = one.z, t = one.t, a = x.a, s = x.s, e = x.e, w = one.w);
                bool same = alone(0) == value(b);
                for (std::size_t i = 0; i < one.z.shape()[0]; ++i)
                    for (std::size_t k = 0; k < K; ++k) same = same && dz_alone(i, 0, k) == dz(i, b, k);
                CHECK(same);
            }
            CHECK(close(value, wanted.value));
            CHECK(close(dz, wanted.z));
            CHECK(close(d_pairs, wanted.a));
            CHECK(close(ds, wanted.s));
            CHECK(close(de, wanted.e));
        };
        check();
        check(xg::unfused);
    }
}

TEST_CASE("linear_chain_crf: the steps' axis second, no options; forbidden pairs", "[nn]") {
    constexpr auto z = xg::input<"z">(batch, steps, 3_c);
    constexpr auto t = xg::labels<"t">(batch, steps, xg::classes(3_c));
    constexpr auto loss = xg::linear_chain_crf(steps, z, t, a);
    auto program = xg::compile<double>(loss, xg::gradient(xg::sum(w * loss), z, a)).prepare();
    for (bool forbidden : {false, true})
        for (std::size_t rows : {1u, 8u, 19u}) {
            given x = some(5, rows, 7);
            if (forbidden) {  // never twice the same; from 0 to 1, from 1 to 2 or 0, from 2 to 0 or 1
                for (std::size_t k = 0; k < K; ++k) x.a(k, k) = -std::numeric_limits<double>::infinity();
                x.a(0, 2) = -std::numeric_limits<double>::infinity();
                for (std::size_t b = 0; b < rows; ++b)
                    for (std::size_t i = 0; i < 5; ++i) x.t(i, b) = static_cast<std::int32_t>((i + b) % 3);
            }
            auto Z = support::shaped<double>({rows, 5, K});
            auto labels = support::shaped<std::int32_t>({rows, 5});
            for (std::size_t b = 0; b < rows; ++b)
                for (std::size_t i = 0; i < 5; ++i) {
                    labels(b, i) = x.t(i, b);
                    for (std::size_t k = 0; k < K; ++k) Z(b, i, k) = x.z(i, b, k);
                }
            const answer wanted = exact(x, false);
            const auto [value, dz, d_pairs] = program(z = Z, t = labels, a = x.a, w = x.w);
            CAPTURE(rows, forbidden);
            CHECK(close(value, wanted.value));
            CHECK(close(d_pairs, wanted.a));
            std::vector<real> turned;
            for (std::size_t b = 0; b < rows; ++b)
                for (std::size_t i = 0; i < 5; ++i)
                    for (std::size_t k = 0; k < K; ++k) turned.push_back(wanted.z[(i * rows + b) * K + k]);
            CHECK(close(dz, turned));
        }
}

TEMPLATE_TEST_CASE("linear_chain_crf: long sequences and large scores stay finite", "[nn]", float, double) {
    using T = TestType;
    constexpr auto z = xg::input<"z">(steps, batch, 3_c);
    constexpr auto t = xg::labels<"t">(steps, batch, xg::classes(3_c));
    constexpr auto loss = xg::linear_chain_crf(steps, z, t, a);
    auto program = xg::compile<T>(loss, xg::gradient(xg::sum(loss), z, a)).prepare();
    for (double size : {1.0, 1e4}) {
        const std::size_t time = 10000, rows = 2;
        const auto Z = support::uniform<T>({time, rows, K}, 1, -size, size);
        const auto A = support::uniform<T>({K, K}, 2, -size, size);
        const auto L = support::random_labels({time, rows}, 3, K);
        const auto [value, dz, d_pairs] = program(z = Z, t = L, a = A);
        bool right = true;
        real pairs = 0;
        for (std::size_t b = 0; b < rows; ++b) {
            // The forward recursion on its own, in long double.
            std::array<real, K> alpha{Z(0, b, 0), Z(0, b, 1), Z(0, b, 2)};
            const auto log_of_sum = [](const std::array<real, K>& x) {
                const real high = std::max({x[0], x[1], x[2]});
                return high + std::log(std::exp(x[0] - high) + std::exp(x[1] - high) + std::exp(x[2] - high));
            };
            real score = Z(0, b, static_cast<std::size_t>(L(0, b)));
            for (std::size_t i = 1; i < time; ++i) {
                const auto label = static_cast<std::size_t>(L(i, b)), before = static_cast<std::size_t>(L(i - 1, b));
                score += static_cast<real>(Z(i, b, label)) + A(before, label);
                std::array<real, K> next;
                for (std::size_t k = 0; k < K; ++k) next[k] = Z(i, b, k) + log_of_sum({alpha[0] + A(0, k), alpha[1] + A(1, k), alpha[2] + A(2, k)});
                alpha = next;
            }
            const real wanted = log_of_sum(alpha) - score;
            right = right && std::abs(value(b) - wanted) <= (std::is_same_v<T, float> ? 1e-5L : 1e-12L) * wanted;
            for (std::size_t i = 0; i < time; ++i) {  // a marginal probability less 1 at the label: 0 in all
                real sum = 0;
                for (std::size_t k = 0; k < K; ++k) {
                    right = right && std::abs(dz(i, b, k)) <= 1.001;
                    sum += dz(i, b, k);
                }
                right = right && std::abs(sum) <= (std::is_same_v<T, float> ? 1e-2L : 1e-10L);
            }
        }
        for (T x : d_pairs) {
            right = right && std::isfinite(x);
            pairs += x;
        }
        CAPTURE(size);
        CHECK(right);
        CHECK(std::abs(pairs) <= (std::is_same_v<T, float> ? 20 : 1e-6));  // of 20,000 pairs as many are expected as there are
    }
}

TEST_CASE("linear_chain_crf: a second derivative is what the first one's differences say", "[nn]") {
    constexpr auto z = xg::input<"z">(steps, batch, 3_c);
    constexpr auto u = xg::input<"u">(steps, batch, 3_c);
    constexpr auto t = xg::labels<"t">(steps, batch, xg::classes(3_c));
    constexpr auto slope = xg::gradient(xg::sum(xg::linear_chain_crf(steps, z, t, a)), z);
    auto program = xg::compile<double>(slope, xg::gradient(xg::sum(u * slope), z), xg::gradient(xg::sum(u * slope), a)).prepare();
    const given x = some(4, 3, 11);
    const auto U = support::uniform<double>({4, 3, K}, 12);
    const auto [first, by_z, by_a] = program(z = x.z, t = x.t, a = x.a, u = U);
    const double h = 1e-5;
    auto along = [&](const auto& Z, const auto& A) {
        const auto g = std::get<0>(program(z = Z, t = x.t, a = A, u = U));
        real total = 0;
        for (std::size_t i = 0; i < g.size(); ++i) total += static_cast<real>(g.data()[i]) * U.data()[i];
        return total;
    };
    auto difference = [&](auto move) {
        auto up = x, down = x;
        move(up, h);
        move(down, -h);
        return static_cast<double>((along(up.z, up.a) - along(down.z, down.a)) / (2 * h));
    };
    for (std::size_t i = 0; i < by_z.size(); ++i) CHECK(by_z.data()[i] == Approx(difference([&](given& y, double d) { y.z.data()[i] += d; })).margin(1e-8).epsilon(1e-7));
    for (std::size_t i = 0; i < by_a.size(); ++i) CHECK(by_a.data()[i] == Approx(difference([&](given& y, double d) { y.a.data()[i] += d; })).margin(1e-8).epsilon(1e-7));
}

TEST_CASE("linear_chain_crf: what stands at steps that are not there reaches nothing", "[nn]") {
    constexpr auto z = xg::input<"z">(steps, batch, 3_c);
    constexpr auto t = xg::labels<"t">(steps, batch, xg::classes(3_c), xg::ignore_index<-1>);
    constexpr auto loss = xg::sum(xg::linear_chain_crf(steps, z, t, a));
    auto program = xg::compile<double>(loss, xg::gradient(loss, z, a)).prepare();
    given x = some(4, 2, 13);
    for (std::size_t i = 2; i < 4; ++i) x.t(i, 1) = -1;
    const auto [value, by_z, by_a] = program(z = x.z, t = x.t, a = x.a);
    for (const double filling : {std::nan(""), -std::numeric_limits<double>::infinity(), 1e300}) {
        for (std::size_t i = 2; i < 4; ++i)
            for (std::size_t k = 0; k < K; ++k) x.z(i, 1, k) = filling;
        const auto [same, same_z, same_a] = program(z = x.z, t = x.t, a = x.a);
        CHECK(same == value);
        CHECK(same_z == by_z);
        CHECK(same_a == by_a);
    }
}
