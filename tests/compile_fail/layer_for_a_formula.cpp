// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A layer that was never applied, and one applied to data.
// error: xgrad::trainer: the first argument, the loss, is no formula. Fix: apply layers to inputs
// error: xgrad::predictor: it is made of formulas, and options such as .*; one of what is given is neither, or there is no formula
// error: xgrad::trainer: compile is given formulas, and one of these is none. Fix:
// error: xgrad: a layer makes formulas of formulas, and is applied here to something else. Fix: apply it to an input, model\(x\)
// bytes GNU: 16000, Clang: 16000

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
constexpr auto model = xg::sequential(xg::dense<"hidden">(3_c), xg::relu, xg::dense<"score">(1_c));

void mistakes([[maybe_unused]] const xg::tensor<float, 2>& X) {
#ifdef TWIN
    xg::trainer trainer{xg::mean(model(x)), xg::adam{}};
    xg::predictor predict{model(x)};
    predict(x = X);
    trainer.compile(model(x));
#else
    xg::trainer trainer{model, xg::adam{}};
    xg::predictor predict{model};
    xg::trainer{xg::mean(model(x)), xg::adam{}}.compile(model);
    model(X);
    xg::dense<"alone">(3_c)(X);
#endif
}
