// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Cross-entropy from its definition to its gradient, with numbers that can be checked by hand: every probability is a power of
// two or a small fraction. Each line prints what xgrad computes and what the formula gives on paper.
#include <xgrad/xgrad.hpp>

#include "common/check.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace xg = xgrad;
using namespace xg::literals;

namespace {

constexpr double ln2 = std::numbers::ln2;
constexpr double infinity = std::numeric_limits<double>::infinity();
using vector = xt::xtensor<float, 1>;
using matrix = xt::xtensor<float, 2>;

// 1. Two distributions P and Q. The entropy of P is its cross-entropy with itself; the divergence is what is left.
constexpr auto P = xg::probability_input<"P">(3_c);
constexpr auto Q = xg::probability_input<"Q">(3_c);
constexpr auto H_PQ = xg::cross_entropy_of(P, Q);
constexpr auto H_P = xg::cross_entropy_of(P, P);
constexpr auto KL = H_PQ - H_P;

void distributions(checked_table& table) {
    constexpr auto f = xg::compile(H_PQ, H_P, KL);
    const vector p = {0.5f, 0.25f, 0.25f}, q = {0.25f, 0.25f, 0.5f}, one_hot = {0, 1, 0};

    table.section("Two distributions, P = (1/2, 1/4, 1/4) and Q = (1/4, 1/4, 1/2), in nats");
    const auto [cross, entropy, divergence] = f(P = p, Q = q);
    table.line("H(P, Q) = 1/2 ln 4 + 1/4 ln 4 + 1/4 ln 2 = 7/4 ln 2", cross, 1.75 * ln2);
    table.line("H(P) = 1/2 ln 2 + 1/4 ln 4 + 1/4 ln 4 = 3/2 ln 2", entropy, 1.5 * ln2);
    table.line("KL(P, Q) = H(P, Q) - H(P) = 1/4 ln 2", divergence, 0.25 * ln2);

    // "The loss is 0 when the distributions are equal" holds for KL, and for H(P, P) only where P is one-hot.
    const auto [H_PP, entropy_of_P, KL_PP] = f(P = p, Q = p);
    table.line("H(P, P) is the entropy of P, not 0", H_PP, 1.5 * ln2);
    table.line("KL(P, P) is 0", KL_PP, 0);
    const auto [H_sure, entropy_of_sure, KL_sure] = f(P = one_hot, Q = one_hot);
    table.line("H(one-hot, one-hot) is 0", H_sure, 0);
    const auto [H_picked, entropy_of_one_hot, KL_picked] = f(P = one_hot, Q = p);
    table.line("H(one-hot at 1, P) = -ln P[1] = ln 4", H_picked, 2 * ln2);
}

// 2. The loss of a classifier works on logits: numbers before the softmax, so that nothing is rounded to 0 or 1 on the way.
constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 3_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(3_c));
constexpr auto rows = xg::cross_entropy(z, t);
constexpr auto dz = xg::gradient(xg::sum(rows), z);

// The gradient from the textbook, proved by the compiler for every z and t.
static_assert(xg::same(dz, xg::softmax(z) - xg::one_hot(t)));
// The textbook formula is the same expression: the logarithm of a softmax, picked at the label.
static_assert(xg::same(rows, -xg::pick(log(xg::softmax(z)), t)));

void classifier(checked_table& table) {
    const auto ln = [](double x) { return static_cast<float>(std::log(x)); };
    const matrix logits = {{0, ln(2), 0}, {0, ln(2), 0}};  // softmax (1/4, 1/2, 1/4) in both rows
    const xt::xtensor<int, 1> labels = {1, 0};
    const auto [loss, gradient] = xg::compile(rows, dz)(z = logits, t = labels);

    table.section("Logits (0, ln 2, 0): softmax is (1/4, 1/2, 1/4)");
    table.line("label 1: -ln 1/2", loss(0), ln2);
    table.line("label 0: -ln 1/4", loss(1), 2 * ln2);
    table.line("gradient = softmax - one_hot, label 1: at 0", gradient(0, 0), 0.25);
    table.line("                                       at 1", gradient(0, 1), -0.5);
    table.line("                                       at 2", gradient(0, 2), 0.25);
}

// 3. Two classes need one logit. Both terms count: without the second, nothing is penalised where y = 0.
constexpr auto s = xg::input<"s">(batch);
constexpr auto y = xg::input<"y">(batch);
constexpr auto p = xg::sigmoid(s);
constexpr auto textbook = -y * log(p) - (1_c - y) * log(1_c - p);
constexpr auto ds = xg::gradient(xg::sum(textbook), s);

static_assert(xg::same(textbook, xg::binary_cross_entropy(p, y)));
static_assert(xg::same(ds, (1_c - y) * p - y * xg::sigmoid(-s)));  // p - y, as p = 1 - sigmoid(-s)

void two_classes(checked_table& table) {
    constexpr auto first_term_only = -y * log(p);
    const float a_quarter = -static_cast<float>(std::log(3.0));  // sigmoid(-ln 3) = 1/4
    const vector logits = {a_quarter, a_quarter}, targets = {1, 0};
    const auto [loss, mean, half, gradient] = xg::compile(textbook, xg::mean(textbook), first_term_only, ds)(s = logits, y = targets);

    table.section("Two classes, p = 1/4");
    table.line("y = 1: -ln 1/4", loss(0), 2 * ln2);
    table.line("y = 0: -ln 3/4", loss(1), std::log(4.0 / 3));
    table.line("log loss, the mean of the two: 1/2 ln 16/3", mean, 0.5 * std::log(16.0 / 3));
    table.line("y = 0 without the second term: nothing is penalised", half(1), 0);
    table.line("gradient = p - y, y = 1", gradient(0), -0.75);
    table.line("                  y = 0", gradient(1), 0.25);
}

// 4. The loss has no upper bound, and large logits are where naive code breaks: e^80 swallows a 1, e^10000 overflows.
void extremes(checked_table& table) {
    constexpr auto f = xg::compile(textbook, ds);
    const vector logits = {-1e4f, -100, 80, 80, 1e4f}, targets = {1, 1, 0, 1, 1};
    const auto [loss, gradient] = f(s = logits, y = targets);

    table.section("Two classes, large logits: the textbook formula, as xgrad compiles it");
    table.line("s = -100, y = 1: the loss is not in [0, 1]", loss(1), 100);
    table.line("s = -1e4, y = 1: it is unbounded", loss(0), 1e4);
    table.line("s = 80, y = 0", loss(2), 80);
    table.line("s = 80, y = 1: ln(1 + e^-80)", loss(3), std::log1p(std::exp(-80.0)));
    table.line("s = 80, y = 1: gradient -1 / (1 + e^80)", gradient(3), -1 / (1 + std::exp(80.0)));
    table.line("s = 1e4, y = 1: e^-10000 is 0 in any float", loss(4), 0);

    // The same formula as plain float code: each step rounds, so the probability is exactly 0 or 1 before the logarithm sees it.
    const auto naive = [](float logit, float target) {
        const float probability = 1 / (1 + std::exp(-logit));
        return target == 1 ? -std::log(probability) : -std::log(1 - probability);
    };
    table.section("The same, one float operation after the other");
    table.line("s = 80, y = 0: -log(1 - 1), where 80 is right", naive(80, 0), infinity);
    table.line("s = 80, y = 1: -log(1), where 1.8e-35 is right", naive(80, 1), 0);
    table.line("s = -1e4, y = 1: -log(0), where 10000 is right", naive(-1e4f, 1), infinity);

    const matrix class_logits = {{1e4f, 0, -1e4f}, {1e4f, 0, -1e4f}, {80, 0, 0}, {80, 0, 0}};
    const xt::xtensor<int, 1> labels = {0, 1, 0, 1};
    const auto [class_loss, class_gradient] = xg::compile(rows, dz)(z = class_logits, t = labels);
    table.section("Three classes, large logits");
    table.line("z = (1e4, 0, -1e4), label 0", class_loss(0), 0);
    table.line("z = (1e4, 0, -1e4), label 1", class_loss(1), 1e4);
    table.line("z = (80, 0, 0), label 1: 80 + ln(1 + 2 e^-80)", class_loss(3), 80);
    table.line("z = (80, 0, 0), label 0: ln(1 + 2 e^-80)", class_loss(2), std::log1p(2 * std::exp(-80.0)));
    table.line("                gradient at the label, minus the others", class_gradient(2, 0), -2 / (std::exp(80.0) + 2));
}

// 5. A sigmoid in the model and another in the loss: the mistake that still trains, badly. `binary_cross_entropy_with_logits(p, y)`
// does not compile and says which of the two to drop; written out by hand, this is what it would do.
void sigmoid_twice(checked_table& table) {
    constexpr auto twice = y * softplus(-p) + (1_c - y) * softplus(p);
    const vector logits = {100, -100, -20}, targets = {1, 0, 1};
    const auto [loss, gradient] = xg::compile(twice, xg::gradient(xg::sum(twice), s))(s = logits, y = targets);

    table.section("The sigmoid applied twice");
    table.line("y = 1 and surely right: the loss stays at ln(1 + 1/e)", loss(0), std::log1p(std::exp(-1.0)));
    table.line("y = 0 and surely right: at ln 2", loss(1), ln2);
    table.line("y = 1 and surely wrong, s = -20: gradient, not -1", gradient(2), -0.5 * std::exp(-20.0));
}

}  // namespace

int main() {
    std::printf("%-60s %14s  %14s\n", "Cross-entropy", "computed", "by hand");
    checked_table table;
    distributions(table);
    classifier(table);
    two_classes(table);
    extremes(table);
    sigmoid_twice(table);
    return table.exit_code();
}
