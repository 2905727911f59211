// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "logsumexp.hpp"

#include <algorithm>

namespace bench::logsumexp {
namespace {

/// Plain loops, the standard library's exp, one exponential a number.
struct program {
    std::vector<double> x, gradient = std::vector<double>(x.size());
    outcome operator()() {
        const double peak = *std::max_element(x.begin(), x.end());
        double sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i) sum += gradient[i] = std::exp(x[i] - peak);
        for (double& g : gradient) g /= sum;
        return {peak + std::log(sum), {{gradient}}};
    }
};
const auto all = variant("handwritten", [](std::vector<double> given) { return program{std::move(given)}; });

}  // namespace
}  // namespace bench::logsumexp
