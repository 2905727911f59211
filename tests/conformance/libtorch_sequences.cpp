// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/beside_libtorch.hpp"

using namespace libtorch;

namespace {
constexpr auto steps = xg::axis<"steps">;
constexpr auto z = xg::input<"z">(steps, rows, 7_c);
constexpr auto t = xg::labels<"t">(rows, 7_c, xg::classes(7_c), xg::ignore_index<-1>);
constexpr auto n = xg::input<"n">(rows);

/// Filters of ours beside libtorch's, in double: value and gradients by x, weight and bias.
template <class X, class Y>
void equals_conv1d(const char* name, X x, Y y, std::size_t length) {
    constexpr auto v = [] {
        if constexpr (xg::shape_of(Y{})[1].is_dynamic()) return xg::input<"v">(rows, steps, 5_c);
        else return xg::input<"v">(rows, xg::static_extent<xg::shape_of(Y{})[1].size>{}, 5_c);
    }();
    constexpr auto weight = xg::parameter<"a.weight", xg::glorot_uniform>(4_c, 3_c, 5_c);
    constexpr auto bias = xg::parameter<"a.bias">(5_c);
    const auto program = xg::compile<double>(y, xg::gradient(xg::sum(y * v), x, weight, bias));
    for (const std::size_t b : {1u, 6u}) {
        const std::vector<tensor> given{uniform({b, length, 3}, 1), uniform({4, 3, 5}, 2), uniform({5}, 3)};
        const answer wanted = ask(name, given, 3);
        tensor weights = wanted.value;
        for (std::size_t i = 0; i < weights.numbers.size(); ++i) weights.numbers[i] = cotangent(i);
        const auto [value, dx, dw, db] = program(x = array_of<double, 3>(given[0]), v = array_of<double, 3>(weights), weight = array_of<double, 3>(given[1]), bias = array_of<double, 1>(given[2]));
        constexpr double close = 1e-13 / support::epsilon<float>;
        INFO(name << ", " << b << " rows");
        CHECK(distance(value, wanted.value) < close);
        CHECK(distance(dx, wanted.gradients[0]) < close);
        CHECK(distance(dw, wanted.gradients[1]) < close);
        CHECK(distance(db, wanted.gradients[2]) < close);
    }
}
}  // namespace

TEST_CASE("libtorch: conv1d", "[conformance]") {
    constexpr auto x = xg::input<"x">(rows, steps, 3_c);
    equals_conv1d("conv1d, same, dilation 2", x, xg::conv1d<"a">(steps, 5_c, 4_c, xg::dilation(2_c))(x), 11);
    constexpr auto of_ten = xg::input<"x">(rows, 10_c, 3_c);
    equals_conv1d("conv1d, stride 2", of_ten, xg::conv1d<"a">(xg::axes<1>, 5_c, 4_c, xg::valid, xg::stride(2_c))(of_ten), 10);
}

TEST_CASE("libtorch: ctc_loss", "[conformance]") {
    // Up to seven labels of six classes, a third of them not there; rows of few steps have no alignment.
    const runs sequences{{{4, 3, 7}, {7, 6, 7}, {12, 40, 7}, {90, 5, 7}}};
    const auto lengths = [](double low, double high) {
        auto made = of(n, low, high);
        made.without = 0;
        return made;
    };
    equals<1>("ctc_loss, the last class as blank, none", xg::ctc_loss(z, t, xg::blank<6>, xg::input_lengths(n)), sequences, of(z), classes_of(t, 6, -1, 0), lengths(0.5, 4));
    equals<1>("ctc_loss, the last class as blank, none", xg::ctc_loss(z, t, xg::blank<6>, xg::input_lengths(n)), {{{13, 40, 7}, {90, 5, 7}, {300, 3, 7}}}, of(z), classes_of(t, 6, -1, 0), lengths(10, 12));
    equals<1>("ctc_loss, the last class as blank, zero_infinity, mean",
              xg::ctc_loss(z, t, xg::blank<6>, xg::input_lengths(n), xg::zero_infinity, xg::per_label, xg::reduction<"mean">), sequences, of(z), classes_of(t, 6, -1, 0), lengths(2, 4));
}
