// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// What planning a trainer of eight layers takes of the compiler's memory, headers included. g++ frees nothing while it reads
// a file, so this grows with the depth of a model, by about 20 MB a layer.
// memory GNU: 560 MB, Clang: 340 MB
#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 32_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
constexpr auto model = xg::sequential(xg::dense<"layer_0">(32_c), xg::relu, xg::dense<"layer_1">(48_c), xg::tanh, xg::dense<"layer_2">(64_c), xg::sigmoid,
                                      xg::dense<"layer_3">(32_c), xg::relu, xg::dense<"layer_4">(48_c), xg::tanh, xg::dense<"layer_5">(64_c), xg::sigmoid,
                                      xg::dense<"layer_6">(32_c), xg::relu, xg::dense<"score">(10_c));
constexpr auto loss = xg::mean(xg::cross_entropy(model(x), t));
static_assert(decltype(xg::trainer{loss, xg::adam{}})::plan.steps.size() > 8);
