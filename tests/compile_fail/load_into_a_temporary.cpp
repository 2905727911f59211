// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Arrays that the map itself holds would be filled and thrown away.
// error: the map holds arrays of its own and is a temporary or constant, so that what is loaded would be lost
// bytes GNU: 6000, Clang: 6000

#include <xgrad/io/parameters.hpp>
#include <xgrad/xgrad.hpp>

#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>

namespace hana = boost::hana;
namespace xg = xgrad;
using namespace xg::literals;

float first(const xt::xtensor<float, 1>& A) {
#ifdef TWIN
    auto arrays = hana::make_map(hana::make_pair("a"_p, A));
    xg::load("model.safetensors", arrays);
    return arrays["a"_p](0);
#else
    xg::load("model.safetensors", hana::make_map(hana::make_pair("a"_p, A)));
    return A(0);
#endif
}
