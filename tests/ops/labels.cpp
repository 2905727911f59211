// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/labels.hpp"

using namespace plain;

TEMPLATE_TEST_CASE("pick and one_hot at ragged widths", "[ops]", float, double) {
    plain::with_classes<7>::hold<TestType>();
    plain::with_classes<16>::hold<TestType>();
    plain::with_classes<17>::hold<TestType>();
    plain::with_classes<65>::hold<TestType>();
}

TEST_CASE("labels of 64 bits, of two axes, and rows to ignore", "[ops]") {
    constexpr auto steps = xg::axis<"steps">;
    constexpr auto z = xg::input<"z">(rows, steps, 5_c);
    constexpr auto t = xg::labels<"t">(rows, steps, xg::classes(5_c), xg::ignore_index<-100>);
    const auto Z = support::uniform<float>({3, 4, 5}, 46);
    auto L = support::shaped<std::int64_t>({3, 4});
    for (std::size_t i = 0; i < 12; ++i) L.data()[i] = i % 4 == 3 ? -100 : static_cast<std::int64_t>(i % 5);
    constexpr auto loss = xg::cross_entropy(z, t);
    const auto [hot, rows_loss, slope] = xg::compile(xg::one_hot(t), loss, xg::gradient(xg::sum(loss), z))(z = Z, t = L);
    for (std::size_t i = 0; i < 12; ++i) {
        const bool ignored = L.data()[i] == -100;
        std::vector<real> row;
        for (std::size_t c = 0; c < 5; ++c) row.push_back(Z.data()[i * 5 + c]);
        const real lse = logsumexp(row);
        for (std::size_t c = 0; c < 5; ++c) {
            const bool target = !ignored && static_cast<std::int64_t>(c) == L.data()[i];
            CHECK(hot.data()[i * 5 + c] == (target ? 1 : 0));
            const real exact = ignored ? 0 : std::exp(row[c] - lse) - (target ? 1 : 0);
            CHECK(slope.data()[i * 5 + c] == Approx(static_cast<double>(exact)).epsilon(1e-5).margin(1e-30));
        }
        const real exact = ignored ? 0 : lse - row[static_cast<std::size_t>(L.data()[i])];
        CHECK(rows_loss.data()[i] == Approx(static_cast<double>(exact)).epsilon(1e-5));
    }
}

/// What a label chooses from is computed in place, and stands on other axes than the labels.
TEST_CASE("pick out of a product whose axes have changed places", "[ops]") {
    constexpr auto steps = xg::axis<"steps">;
    constexpr auto x = xg::input<"x">(rows, 3_c, steps);
    constexpr auto y = xg::input<"y">(rows, 3_c, steps);
    constexpr auto t = xg::labels<"t">(steps, rows, xg::classes(3_c));
    const auto X = support::uniform<double>({2, 3, 4}, 1), Y = support::uniform<double>({2, 3, 4}, 2);
    const auto L = support::random_labels({4, 2}, 7, 3);
    const auto chosen = xg::compile<double>(xg::pick(xg::transpose(x * y, xg::axes<2, 0, 1>), t))(x = X, y = Y, t = L);
    for (std::size_t k = 0; k < 4; ++k)
        for (std::size_t i = 0; i < 2; ++i) CHECK(chosen(k, i) == X(i, static_cast<std::size_t>(L(k, i)), k) * Y(i, static_cast<std::size_t>(L(k, i)), k));
}

/// An ignored row has no influence, whatever its logits.
TEST_CASE("an ignored row of infinities leaves loss and gradient finite", "[ops]") {
    constexpr auto z = xg::input<"z">(rows, 3_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(3_c), xg::ignore_index<-1>);
    auto Z = support::uniform<float>({2, 3}, 47);
    const auto L = support::vector_of(std::vector<std::int32_t>{-1, 2});
    for (std::size_t c = 0; c < 3; ++c) Z(0, c) = c ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
    constexpr auto loss = xg::cross_entropy(z, t);
    const auto [value, slope] = xg::compile(loss, xg::gradient(xg::sum(loss), z))(z = Z, t = L);
    CHECK(value(0) == 0);
    for (std::size_t c = 0; c < 3; ++c) CHECK(slope(0, c) == 0);
    for (std::size_t c = 0; c < 3; ++c) CHECK(std::isfinite(slope(1, c)));
}
