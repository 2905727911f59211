// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// An option of gru's, given to lstm.
// error: xgrad: a recurrent layer is given an option that it does not take\. Fix: step_mask\(m\), initial\(h\), backwards; of gru reset_before, of lstm peepholes

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(steps, xg::axis<"batch">, 4_c);
#ifdef TWIN
constexpr auto h = xg::lstm<"a">(steps, 8_c, xg::peepholes)(x);
#else
constexpr auto h = xg::lstm<"a">(steps, 8_c, xg::reset_before)(x);
#endif
