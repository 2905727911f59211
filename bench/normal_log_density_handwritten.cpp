// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "normal_log_density.hpp"

#include <numbers>

namespace bench::normal_log_density {
namespace {

/// Plain loops. The sum stays a chain of additions, as the standard asks; the gradient is left to the compiler's vectors.
struct program {
    std::vector<double> x, gradient = std::vector<double>(x.size());
    double mean, deviation;
    outcome operator()() {
        const double scale = 1 / deviation;
        double squares = 0;
        for (double number : x) squares += (number - mean) * scale * ((number - mean) * scale);
        for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = (mean - x[i]) * (scale * scale);
        return {-0.5 * squares - static_cast<double>(x.size()) * std::log(deviation * std::sqrt(2 * std::numbers::pi)), {{gradient}}};
    }
};
const auto all = variant("handwritten", [](std::vector<double> given) { return program{.x = std::move(given), .mean = mean, .deviation = deviation}; });

}  // namespace
}  // namespace bench::normal_log_density
