// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// What is saved are the parameters of a trainer.
// error: xgrad::save\(path, parameters\): the second argument is a map from names to arrays. Fix: of a trainer or predictor, pass its parameters\(\)
// error: xgrad::load\(path, parameters\): the second argument is a map from names to arrays. Fix: of a trainer or predictor, pass its parameters\(\)
// within: 16
// bytes GNU: 5000, Clang: 5000

#include <xgrad/io/parameters.hpp>
#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto w = xg::parameter<"w">(3_c);
constexpr auto loss = xg::sum(square(w));

void keep() {
    xg::trainer trainer{loss, xg::sgd{}};
#ifdef TWIN
    xg::save("model.safetensors", trainer.parameters());
    xg::load("model.safetensors", trainer.parameters());
#else
    xg::save("model.safetensors", trainer);
    xg::load("model.safetensors", trainer);
#endif
}
