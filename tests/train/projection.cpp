// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

TEST_CASE("max_norm: units beyond the limit are scaled to it after the update, others stay", "[train]") {
    constexpr auto w = xg::parameter<"layer.weight", xg::ones>(2_c, 3_c);
    constexpr auto b = xg::parameter<"layer.bias", xg::ones>(3_c);
    constexpr auto slope = xg::input<"slope">(2_c, 3_c);
    xg::trainer trainer{sum(w * slope) + 5_c * sum(b), xg::sgd{.learning_rate = 1}, xg::precision<double>, xg::max_norm<"*.weight">{2.0}};
    // From ones: columns (4, 3), (1, 0.5), (0, 0).
    trainer.step(slope = support::array<double, 2>{{-3, 0, 1}, {-2, 0.5, 1}});
    const support::array<double, 2> wanted{{2 * 0.8, 1, 0}, {2 * 0.6, 0.5, 0}}, got = trainer.parameter("layer.weight"_p);
    for (std::size_t i = 0; i < 6; ++i) CHECK(got.data()[i] == Approx(wanted.data()[i]).epsilon(1e-14));
    const support::array<double, 1> bias = trainer.parameter("layer.bias"_p);
    for (double v : bias) CHECK(v == -4);
}
