// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/beside_libtorch.hpp"

using namespace libtorch;

namespace {
constexpr auto steps = xg::axis<"steps">;
constexpr auto z = xg::input<"z">(steps, rows, 7_c);
constexpr auto t = xg::labels<"t">(rows, 7_c, xg::classes(7_c), xg::ignore_index<-1>);
constexpr auto n = xg::input<"n">(rows);
}  // namespace

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
