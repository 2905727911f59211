// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A matrix assigned to a parameter that is a vector.
// error: what is assigned to a parameter has another number of axes

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto w = xg::parameter<"w">(3_c);

void fill() {
    xg::trainer trainer{xg::mean(square(w)), xg::sgd{}};
#ifdef TWIN
    trainer.parameter("w"_p) = xg::tensor<float, 1>{1, 2, 3};
#else
    trainer.parameter("w"_p) = xg::tensor<float, 2>{{1, 2, 3}};
#endif
}
