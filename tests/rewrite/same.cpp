// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

/// What the compiler proves. A line that is wrong does not compile.
namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
constexpr auto a = xg::input<"a">(batch, 10_c);
constexpr auto b = xg::input<"b">(batch, 10_c);
constexpr auto c = xg::input<"c">(10_c);
constexpr auto q = xg::probability_input<"q">(batch, 10_c);
constexpr auto square_z = xg::input<"s">(10_c, 10_c);
constexpr auto square_t = xg::labels<"st">(10_c, xg::classes(10_c));

// the promise of the library, and its textbook form
constexpr auto slope = xg::gradient(xg::sum(xg::cross_entropy(z, t)), z);
static_assert(xg::same(slope, xg::softmax(z) - xg::one_hot(t)));
static_assert(xg::same(xg::gradient(xg::sum(-xg::pick(log(xg::softmax(z)), t)), z), xg::softmax(z) - xg::one_hot(t)));
static_assert(xg::same(xg::gradient(xg::sum(xg::logsumexp(z, xg::axes<-1>) - xg::pick(z, t)), z), xg::softmax(z) - xg::one_hot(t)));
static_assert(!xg::same(slope, xg::one_hot(t) - xg::softmax(z)));
static_assert(!xg::same(slope, xg::softmax(z)));
static_assert(!xg::same(slope, 2_c * xg::softmax(z) - xg::one_hot(t)));
static_assert(!xg::same(xg::gradient(xg::sum(xg::cross_entropy(square_z, square_t)), square_z), xg::softmax(square_z, xg::axes<0>) - xg::one_hot(square_t)));
static_assert(!xg::same(xg::softmax(square_z), xg::softmax(square_z, xg::axes<0>)));

// of the mean: divided by the number of rows
static_assert(xg::same(xg::gradient(xg::mean(xg::cross_entropy(z, t)), z) * xg::sum(xg::gradient(xg::sum(a), a), xg::axes<0>), xg::softmax(z) - xg::one_hot(t)));

// the logistic loss, textbook and library
constexpr auto y = xg::input<"y">(batch, 10_c);
constexpr auto textbook = -y * log(sigmoid(z)) - (1_c - y) * log(1_c - sigmoid(z));
static_assert(xg::same(textbook, xg::binary_cross_entropy_with_logits(z, y)));
static_assert(xg::same(xg::binary_cross_entropy(sigmoid(z), y), xg::binary_cross_entropy_with_logits(z, y)));
static_assert(xg::same(xg::gradient(xg::sum(textbook), z), sigmoid(z) * (1_c - y) - y * sigmoid(-z)));
static_assert(!xg::same(textbook, -textbook));

// derivatives
static_assert(xg::same(xg::gradient(xg::sum(xg::softplus(a)), a), sigmoid(a)));
static_assert(xg::same(xg::gradient(xg::sum(xg::tanh(a)), a), 1_c - square(tanh(a))));
static_assert(xg::same(xg::gradient(xg::sum(exp(a)), a), exp(a)));
static_assert(xg::same(xg::gradient(xg::sum(log(a)), a), 1_c / a));
static_assert(xg::same(xg::gradient(xg::sum(a * a * a), a), 3_c * a * a));
static_assert(xg::same(xg::gradient(xg::sum(xg::gradient(xg::sum(a * a * a), a)), a), 6_c * a));
static_assert(xg::same(xg::gradient(xg::sum(a / b), b), -a / (b * b)));
static_assert(xg::same(xg::jvp(xg::sum(a * a), a, b), 2_c * xg::sum(a * b)));
static_assert(xg::same(xg::gradient(xg::sum(xg::stop_gradient(a) * a), a), xg::stop_gradient(a)));

// algebra: order, signs, numbers, broadcasts
static_assert(xg::same(a + b, b + a));
static_assert(xg::same((a + b) + c, a + (b + c)));
static_assert(xg::same(a * b * c, c * (b * a)));
static_assert(xg::same(a - b, -(b - a)));
static_assert(xg::same(a * (b + c), a * b + a * c));
static_assert(xg::same((a - b) * (a + b), square(a) - square(b)));
static_assert(xg::same(a + a, 2_c * a));
static_assert(xg::same(a / 4_c, 0.25_c * a));
static_assert(xg::same(0.5_c * a + 0.5_c * a, a));
static_assert(xg::same(xg::sum(3_c * a), 3_c * xg::sum(a)));
static_assert(xg::same(xg::abs(-a), xg::abs(a)));
static_assert(!xg::same(a - b, b - a));
static_assert(!xg::same(a * b, a + b));
static_assert(!xg::same(a, a + 1e-12_c));
static_assert(!xg::same(xg::exp(a), xg::exp(b)));
static_assert(!xg::same(xg::sum(a, xg::axes<0>), xg::sum(a, xg::axes<1>)));
static_assert(!xg::same(a, xg::sum(a)));
static_assert(!xg::same(c, xg::broadcast(c, batch, 10_c)));

// domains survive what keeps them
static_assert(xg::domain_of(xg::softmax(z)) == xg::domain::probability);
static_assert(xg::domain_of(xg::transpose(sigmoid(z))) == xg::domain::probability);
static_assert(xg::domain_of(z) == xg::domain::real);
static_assert(xg::domain_of(a < b) == xg::domain::boolean);
}  // namespace

TEST_CASE("the compiler has proved it", "[rewrite]") { SUCCEED(); }
