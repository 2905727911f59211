// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "layer_norm.hpp"

#include <xsimd/xsimd.hpp>

#include <algorithm>

namespace bench::layer_norm {
namespace {

using batch = xsimd::batch<float>;
constexpr std::size_t width = batch::size;
static_assert(sizes[0].columns % width == 0 && sizes[1].columns % width == 0);

float total(batch x) {
    std::array<float, width> lanes;
    x.store_unaligned(lanes.data());
    float sum = 0;
    for (float lane : lanes) sum += lane;
    return sum;
}

/// What a specialist writes by hand for one row: mean and variance; y with all of its sums; dx.
float row(const float* x, const float* upstream, const float* gain, const float* bias, std::size_t columns, float* dx, float* dgain, float* dbias) {
    const float count = static_cast<float>(columns);
    batch sum(0.0f), squares(0.0f);
    for (std::size_t j = 0; j < columns; j += width) sum += batch::load_unaligned(x + j);
    const batch mean(total(sum) / count);
    for (std::size_t j = 0; j < columns; j += width) {
        const batch centred = batch::load_unaligned(x + j) - mean;
        squares = xsimd::fma(centred, centred, squares);
    }
    const batch scale(1 / std::sqrt(total(squares) / count + epsilon));

    batch value(0.0f), g_sum(0.0f), g_normal(0.0f);
    for (std::size_t j = 0; j < columns; j += width) {
        const batch normal = (batch::load_unaligned(x + j) - mean) * scale;
        const batch u = batch::load_unaligned(upstream + j), a = batch::load_unaligned(gain + j);
        value = xsimd::fma(u, xsimd::fma(normal, a, batch::load_unaligned(bias + j)), value);
        const batch g = u * a;
        g_sum += g;
        g_normal = xsimd::fma(g, normal, g_normal);
        xsimd::fma(u, normal, batch::load_unaligned(dgain + j)).store_unaligned(dgain + j);
        (batch::load_unaligned(dbias + j) + u).store_unaligned(dbias + j);
    }
    const batch mean_g(total(g_sum) / count), mean_g_normal(total(g_normal) / count);
    for (std::size_t j = 0; j < columns; j += width) {
        const batch normal = (batch::load_unaligned(x + j) - mean) * scale;
        const batch g = batch::load_unaligned(upstream + j) * batch::load_unaligned(gain + j);
        ((g - mean_g - normal * mean_g_normal) * scale).store_unaligned(dx + j);
    }
    return total(value);
}

struct program {
    extents size;
    data given;
    std::vector<float> dx, dgain, dbias;
    outcome operator()() {
        std::fill(dgain.begin(), dgain.end(), 0.0f);
        std::fill(dbias.begin(), dbias.end(), 0.0f);
        double value = 0;
        for (std::size_t i = 0; i < size.rows; ++i) {
            const std::size_t at = i * size.columns;
            value += static_cast<double>(row(given.x.data() + at, given.upstream.data() + at, given.gain.data(), given.bias.data(), size.columns, dx.data() + at, dgain.data(), dbias.data()));
        }
        return {value, {{dx, dgain, dbias}}};
    }
};
auto make(extents e, const data& given) { return program{e, given, std::vector<float>(e.elements()), std::vector<float>(e.columns), std::vector<float>(e.columns)}; }
const added all[]{variant("handwritten", sizes[0], make), variant("handwritten", sizes[1], make)};

}  // namespace
}  // namespace bench::layer_norm
