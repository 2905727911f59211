// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "cross_entropy_xgrad.hpp"

namespace bench::cross_entropy {
namespace {

template <std::size_t Size>
const std::array<added, 2> both{added{"cross_entropy/fused/" + sizes[Size].text(), [](benchmark::State& s) { by_program<Size>(s); }},
                                added{"cross_entropy/unfused/" + sizes[Size].text(), [](benchmark::State& s) { by_program<Size>(s, xgrad::unfused); }}};
template const std::array<added, 2> both<0>;
template const std::array<added, 2> both<1>;
template const std::array<added, 2> both<2>;
template const std::array<added, 2> both<3>;

}  // namespace
}  // namespace bench::cross_entropy
