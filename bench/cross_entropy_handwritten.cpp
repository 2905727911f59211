// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "cross_entropy.hpp"

#include <xsimd/xsimd.hpp>

namespace bench::cross_entropy {
namespace {

using batch = xsimd::batch<float>;
constexpr std::size_t width = batch::size;

/// What a specialist writes by hand for one row: the maximum; exp, stored and summed; scaled. The rest of a row goes by scalars.
float row_loss(const float* z, float* out, std::size_t classes, std::size_t target, float scale) {
    const std::size_t whole = classes / width * width;
    batch peaks(z[0]);
    for (std::size_t j = 0; j < whole; j += width) peaks = xsimd::max(peaks, batch::load_unaligned(z + j));
    float lanes[width];
    peaks.store_unaligned(lanes);
    float peak = lanes[0];
    for (float lane : lanes) peak = std::max(peak, lane);
    for (std::size_t j = whole; j < classes; ++j) peak = std::max(peak, z[j]);

    batch sums(0.0f);
    for (std::size_t j = 0; j < whole; j += width) {
        const batch e = xsimd::exp(batch::load_unaligned(z + j) - batch(peak));
        e.store_unaligned(out + j);
        sums += e;
    }
    sums.store_unaligned(lanes);
    float sum = 0;
    for (float lane : lanes) sum += lane;
    for (std::size_t j = whole; j < classes; ++j) sum += out[j] = std::exp(z[j] - peak);

    const float factor = scale / sum;
    for (std::size_t j = 0; j < whole; j += width) (batch::load_unaligned(out + j) * batch(factor)).store_unaligned(out + j);
    for (std::size_t j = whole; j < classes; ++j) out[j] *= factor;
    out[target] -= scale;
    return std::log(sum) + peak - z[target];
}

void run(benchmark::State& state, extents e) {
    const auto z = logits(e);
    const auto target = targets(e);
    std::vector<float> gradient(e.logits());
    const auto rows = static_cast<float>(e.rows);
    double value = 0;
    auto step = [&] {
        value = 0;
        for (std::size_t i = 0; i < e.rows; ++i)
            value += static_cast<double>(row_loss(z.data() + i * e.classes, gradient.data() + i * e.classes, e.classes, static_cast<std::size_t>(target[i]), 1 / rows));
        value /= static_cast<double>(rows);
    };
    time_steps(state, e, step, value, [&] { return gradient.data(); });
}

const std::vector<added> all = [] {
    std::vector<added> made;
    for (extents e : sizes) made.push_back({"cross_entropy/handwritten/" + e.text(), [e](benchmark::State& s) { run(s, e); }});
    return made;
}();

}  // namespace
}  // namespace bench::cross_entropy
