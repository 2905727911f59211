// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Textbook formulas and the library's losses become the same kernels.
#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

namespace {

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
constexpr auto y = xg::input<"y">(batch, 10_c);

template <class A, class B>
constexpr bool equal_bodies(A, B) {
    constexpr const auto& p = A::plan;
    constexpr const auto& q = B::plan;
    if (p.code.size() != q.code.size() || p.stores.size() != q.stores.size() || p.bodies.size() != q.bodies.size() || p.steps.size() != q.steps.size()) return false;
    for (std::size_t i = 0; i < p.code.size(); ++i)
        if (!(p.code[i] == q.code[i])) return false;
    for (std::size_t i = 0; i < p.stores.size(); ++i)
        if (!(p.stores[i] == q.stores[i])) return false;
    for (std::size_t i = 0; i < p.bodies.size(); ++i) {
        const xg::body_range &a = p.bodies[i], &b = q.bodies[i];
        if (a.first_instruction != b.first_instruction || a.instructions != b.instructions || a.first_store != b.first_store || a.stores != b.stores || a.phases != b.phases ||
            a.saves != b.saves || a.scalar != b.scalar)
            return false;
    }
    for (std::size_t i = 0; i < p.steps.size(); ++i)
        if (p.steps[i].body != q.steps[i].body || p.steps[i].kind != q.steps[i].kind) return false;
    return true;
}
template <class L>
constexpr auto with_gradient(L rows) {
    return xg::compile(xg::mean(rows), xg::gradient(xg::mean(rows), z));
}

constexpr auto textbook_entropy = -xg::pick(log(xg::softmax(z)), t);
constexpr auto library_entropy = xg::cross_entropy(z, t);
static_assert(equal_bodies(with_gradient(textbook_entropy), with_gradient(library_entropy)));
static_assert(equal_bodies(xg::compile(textbook_entropy), xg::compile(library_entropy)));

constexpr auto textbook_logistic = -y * log(sigmoid(z)) - (1_c - y) * log(1_c - sigmoid(z));
constexpr auto library_logistic = xg::binary_cross_entropy_with_logits(z, y);
static_assert(equal_bodies(with_gradient(textbook_logistic), with_gradient(library_logistic)));
static_assert(equal_bodies(xg::compile(textbook_logistic), xg::compile(library_logistic)));
static_assert(equal_bodies(with_gradient(xg::binary_cross_entropy(sigmoid(z), y)), with_gradient(library_logistic)));

// A comparison that can fail: other formulas have other bodies.
static_assert(!equal_bodies(with_gradient(textbook_logistic), with_gradient(xg::square(z - y))));
static_assert(!equal_bodies(xg::compile(textbook_entropy), xg::compile(2_c * library_entropy)));

}  // namespace
