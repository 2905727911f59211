// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A call uses the predictor's working memory.
// error: xgrad: what is called here is const, and a call uses its working memory. Fix: declare it without const, as a member mutable
// bytes GNU: 3000, Clang: 4000

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
constexpr auto p = xg::softmax(xg::dense<"score">(3_c)(x));

struct model {
#ifdef TWIN
    mutable xg::predictor<decltype(p)> predict{p};
#else
    xg::predictor<decltype(p)> predict{p};
#endif
    void answer(const xg::tensor<float, 2>& X) const { predict(x = X); }
};
