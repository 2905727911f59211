// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

#include <cmath>

namespace xg = xgrad;
using namespace xg::literals;

/// In long rows no column but the label's is compared with the label.
namespace {

template <std::size_t Classes>
struct with_options {
    static constexpr xg::static_extent<Classes> classes{};
    static constexpr auto z = xg::input<"z">(xg::axis<"rows">, classes);
    static constexpr auto w = xg::input<"w">(classes);
    static constexpr auto t = xg::labels<"t">(xg::axis<"rows">, xg::classes(classes), xg::ignore_index<-100>);
    static constexpr auto loss = xg::cross_entropy(z, t, xg::reduction<"sum">, xg::class_weight(w), xg::label_smoothing(0.1_c), xg::z_loss(0.01_c), xg::temperature(2_c),
                                                   xg::focal(2_c), xg::poly(1_c));
    static constexpr auto program() { return xg::compile(loss, xg::gradient(loss, z)); }
};

template <class Plan>
constexpr bool looks_at_labels_in_columns(const Plan& plan) {
    for (const auto& b : plan.bodies)
        for (int k = 0; k < b.stores; ++k) {
            const xg::store& s = plan.stores[static_cast<std::size_t>(b.first_store + k)];
            const auto at = [&](int i) { return plan.code[static_cast<std::size_t>(b.first_instruction + i)]; };
            if (s.how != xg::storing::element) continue;
            const xg::instruction top = at(s.from);
            return b.across || at(top.a).what != xg::opcode::index || !at(top.b).per_row;
        }
    return false;
}
static_assert(!looks_at_labels_in_columns(decltype(with_options<1000>::program())::plan));
static_assert(looks_at_labels_in_columns(decltype(with_options<70>::program())::plan));  // so few columns do not pay for the label's

template <std::size_t Classes>
void value_and_gradient_are_those_of_the_formula() {
    using f = with_options<Classes>;
    constexpr std::size_t rows = 5;
    auto z = support::uniform<float>({rows, Classes}, 3, -12, 12);
    const auto w = support::uniform<float>({Classes}, 4, 0.5, 2);
    auto t = support::shaped<std::int32_t>({rows});
    for (std::size_t r = 0; r < rows; ++r) t(r) = static_cast<std::int32_t>(r * (Classes - 1) / (rows - 1));
    t(2) = -100;
    z(1, 7) = -std::numeric_limits<float>::infinity();
    const auto [value, gradient] = f::program()(f::z = z, f::t = t, f::w = w);
    const long double epsilon = 0.1L, k = 0.01L;
    long double total = 0;
    for (std::size_t r = 0; r < rows; ++r) {
        long double sum = 0, slopes = 0, largest = 0;
        std::vector<long double> p(Classes), c(Classes);
        for (std::size_t j = 0; j < Classes; ++j) sum += p[j] = std::exp(static_cast<long double>(z(r, j)) / 2);
        const long double lse = std::log(sum);
        const bool counts = t(r) >= 0;
        for (std::size_t j = 0; j < Classes; ++j) {
            p[j] /= sum;
            if (p[j] == 0) continue;
            const long double q = 1 - p[j], l = std::log(p[j]);
            const long double weight = counts ? epsilon / Classes * w(j) + (static_cast<std::size_t>(t(r)) == j ? (1 - epsilon) * w(j) : 0) : 0;
            if (counts) total += weight * (q - q * q * l);
            c[j] = weight * (2 * p[j] * q * l - q * q - p[j]);
            slopes += c[j];
        }
        if (counts) total += k * lse * lse;
        for (std::size_t j = 0; j < Classes; ++j) {
            const long double expected = counts ? (c[j] - p[j] * slopes + 2 * k * lse * p[j]) / 2 : 0;
            largest = std::max(largest, std::abs(expected));
            CAPTURE(Classes, r, j);
            CHECK(std::abs(gradient(r, j) - expected) <= 2e-6L * std::abs(expected) + 1e-9L);
        }
        CHECK((largest > 0.1L) == counts);
    }
    CHECK(std::abs(value - total) <= 1e-6L * total);
}

}  // namespace

TEST_CASE("the label's column is worked out apart in long rows", "[plan]") {
    value_and_gradient_are_those_of_the_formula<1000>();
    value_and_gradient_are_those_of_the_formula<517>();
    value_and_gradient_are_those_of_the_formula<70>();
}
