// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

/// Textbook losses are accurate where the textbook is not. (That they have the library's kernels: tests/compiles/equal_bodies.cpp.)
namespace {

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
constexpr auto y = xg::input<"y">(batch, 10_c);

template <class L>
constexpr auto with_gradient(L rows) {
    return xg::compile(xg::mean(rows), xg::gradient(xg::mean(rows), z));
}
constexpr auto textbook_entropy = -xg::pick(log(xg::softmax(z)), t);
constexpr auto library_entropy = xg::cross_entropy(z, t);
constexpr auto textbook_logistic = -y * log(sigmoid(z)) - (1_c - y) * log(1_c - sigmoid(z));

// One kernel for softmax, loss and gradient: beside it only the number 1 / batch may be a step of its own.
static_assert([] {
    int kernels = 0;
    for (const xg::step& s : decltype(with_gradient(library_entropy))::plan.steps) kernels += s.space.rank > 0;
    return kernels;
}() == 1);

// What passes over long rows keep, and whether one of it stands in the result's row.
template <class Formula>
constexpr std::pair<int, bool> kept_by(Formula) {
    constexpr const auto& plan = decltype(xg::compile(Formula{}))::plan;
    std::pair<int, bool> made{0, false};
    for (const auto& body : plan.bodies) made.first = std::max<int>(made.first, body.saves);
    for (const xg::store& s : plan.stores) made.second = made.second || s.lends;
    return made;
}
constexpr auto wide = xg::input<"wide">(batch, xg::axis<"columns">);
constexpr auto other = xg::input<"other">(batch, xg::axis<"columns">);
constexpr auto row_sum(auto x) { return xg::sum(x, xg::axes<1>, xg::keep_axes); }
static_assert(kept_by(xg::softmax(wide)) == std::pair{1, true});                                                      // the exponentials
static_assert(kept_by(xg::exp(wide) / row_sum(xg::square(xg::exp(wide) - other))) == std::pair{1, false});            // `other` is read after the first is made
static_assert(kept_by(xg::tanh(xg::exp(wide) / row_sum(xg::exp(wide))) / row_sum(xg::tanh(xg::exp(wide) / row_sum(xg::exp(wide))))).first == 1);  // one after the other

}  // namespace

TEST_CASE("finite, correct cross-entropy at |z| = 1e4", "[plan]") {
    auto Z = support::shaped<float>({4, 10});
    auto L = support::shaped<std::int32_t>({4});
    for (std::size_t r = 0; r < 4; ++r)
        for (std::size_t c = 0; c < 10; ++c) Z(r, c) = r % 2 ? -1e4f : 0.0f;
    Z(0, 3) = Z(2, 3) = 1e4f;  // rows 0, 2: class 3 is 1e4 ahead; rows 1, 3: class 5 is 1e4 ahead of -1e4
    Z(1, 5) = Z(3, 5) = 0.0f;
    L(0) = 3, L(1) = 5, L(2) = 0, L(3) = 1;
    constexpr auto total = xg::sum(textbook_entropy);
    const auto [rows, slope] = xg::compile(textbook_entropy, xg::gradient(total, z))(z = Z, t = L);
    CHECK(rows(0) == 0);
    CHECK(rows(1) == 0);
    CHECK(rows(2) == 1e4f);
    CHECK(rows(3) == 1e4f);
    for (std::size_t c = 0; c < 10; ++c) {
        CHECK(slope(0, c) == 0);
        CHECK(slope(1, c) == 0);
        CHECK(slope(2, c) == (c == 3 ? 1 : c == 0 ? -1 : 0));
        CHECK(slope(3, c) == (c == 5 ? 1 : c == 1 ? -1 : 0));
    }
}

TEST_CASE("finite, correct logistic loss at |z| = 1e4, and digits where the model is sure", "[plan]") {
    auto Z = support::shaped<float>({2, 10}), Y = support::shaped<float>({2, 10});
    const float logits[] = {1e4f, -1e4f, 20, -20, 80};
    for (std::size_t c = 0; c < 5; ++c)
        for (std::size_t r = 0; r < 2; ++r) {
            Z(r, c) = logits[c];
            Y(r, c) = static_cast<float>(r);
        }
    const auto [rows, slope] = xg::compile(textbook_logistic, xg::gradient(xg::sum(textbook_logistic), z))(z = Z, y = Y);
    for (std::size_t c = 0; c < 5; ++c)
        for (std::size_t r = 0; r < 2; ++r) {
            const long double x = logits[c], s = r ? -x : x;  // loss softplus(s), derivative +-sigmoid(s)
            const long double loss = std::fmax(s, 0.0L) + std::log1p(std::exp(-std::fabs(x)));
            const long double p = s < 0 ? std::exp(s) / (1 + std::exp(s)) : 1 / (1 + std::exp(-s));
            CAPTURE(logits[c], r);
            if (loss < std::numeric_limits<float>::min()) {
                CHECK(rows(r, c) == 0);
                CHECK(slope(r, c) == 0);
            } else {
                CHECK(support::ulps(rows(r, c), loss) <= 8);
                CHECK(support::ulps(slope(r, c), r ? -p : p) <= 8);
            }
        }
}

/// Published: with a gap of 80 the exact entry is -1.62437e-34 for nine others, where p - 1 is 0.
TEMPLATE_TEST_CASE("the target's entry is minus the sum of the others", "[plan]", float, double) {
    using T = TestType;
    constexpr auto users = xg::softmax(z) - xg::one_hot(t);
    auto program = xg::compile<T>(xg::gradient(xg::sum(library_entropy), z), users).prepare();
    auto Z = support::uniform<T>({16, 10}, 3, -4, 4);
    const auto L = support::random_labels({16}, 4, 10);
    for (std::size_t r = 0; r < 16; ++r) Z(r, static_cast<std::size_t>(L(r))) += static_cast<T>(r == 15 ? 80 : 3 * r);
    for (std::size_t c = 0; c < 10; ++c) Z(15, c) = static_cast<T>(static_cast<std::int32_t>(c) == L(15) ? 80 : 0);
    const auto [derived, written] = program(z = Z, t = L);
    for (std::size_t r = 0; r < 16; ++r) {
        const auto target = static_cast<std::size_t>(L(r));
        long double others = 0, top = Z(r, 0);
        for (std::size_t c = 0; c < 10; ++c) top = std::max(top, static_cast<long double>(Z(r, c)));
        long double total = 0;
        for (std::size_t c = 0; c < 10; ++c) {
            const long double e = std::exp(Z(r, c) - top);
            total += e;
            if (c != target) others += e;
        }
        CAPTURE(r);
        CHECK(support::relative_error(derived(r, target), -others / total, others / total) <= 64 * support::epsilon<T>);
        CHECK(support::relative_error(written(r, target), -others / total, others / total) <= 64 * support::epsilon<T>);
        // exactly: adding the row up in any order leaves what rounding of ten numbers leaves
        long double sum = 0, size = 0;
        for (std::size_t c = 0; c < 10; ++c) {
            sum += derived(r, c);
            size += std::abs(static_cast<long double>(derived(r, c)));
        }
        CHECK(static_cast<double>(std::abs(sum)) <= 4 * support::epsilon<T> * static_cast<double>(size));
    }
    CHECK(static_cast<double>(derived(15, static_cast<std::size_t>(L(15)))) == Approx(-1.62437e-34).epsilon(1e-5));
    CHECK(static_cast<double>(written(15, static_cast<std::size_t>(L(15)))) == Approx(-1.62437e-34).epsilon(1e-5));
}
