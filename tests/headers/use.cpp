// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Templates warn only where they are used, so this uses what a training program uses, with our include path not a SYSTEM one.
#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 5_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(3_c));
constexpr auto z = xg::sequential(xg::dense<"hidden">(4_c), xg::relu, xg::dense<"score">(3_c))(x);
constexpr auto loss = xg::mean(xg::cross_entropy(z, t));
}  // namespace

double headers_use(const xt::xtensor<float, 2>& samples, const xt::xtensor<std::int32_t, 1>& labels) {
    xg::trainer trainer{loss, xg::adam{.learning_rate = 1e-3}, xg::seed{0}, xg::clip_global_norm{1.0}};
    double total = 0;
    for (auto [xb, tb] : xg::batches(2, samples, labels)) total += trainer.step(x = xb, t = tb);
    total += xg::accuracy(trainer.compile(z)(x = samples), labels);
    constexpr auto f = xg::compile<double>(loss, xg::gradient(loss, x), xg::unfused);
    return total + static_cast<double>(sizeof(f));
}
