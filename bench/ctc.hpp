// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// Connectionist temporal classification as speech has it: logits of letters, transcripts; the mean over the batch and its gradient by the logits.
namespace bench::ctc {

inline constexpr std::size_t steps = 200, batch = 16, classes = 40, length = 30;

struct data {
    std::vector<float> z = uniform(steps * batch * classes, 51, -2, 2);
    std::vector<std::int64_t> t = labels_without_blank();

    static std::vector<std::int64_t> labels_without_blank() {
        std::vector<std::int64_t> made = bench::labels(batch * length, 52, classes - 1);
        for (std::int64_t& label : made) ++label;
        return made;
    }
};
using outcome = results<float, 1>;  ///< the gradient by z

template <class Make>
added variant(const std::string& name, Make make) {
    const std::string sizes = std::to_string(steps) + "x" + std::to_string(batch) + "x" + std::to_string(classes) + "x" + std::to_string(length);
    return {"ctc/" + name + "/" + sizes, [make](benchmark::State& state) {
                const data given;
                time_results(state, make(given));
                count_items(state, batch);
                // Forward and backward over labels and blanks: two logarithms and three exponentials a pair and direction, two for the occupancies.
                constexpr auto pairs = static_cast<double>(steps * batch * length);
                least_work(state, (12 * pairs + 2 * static_cast<double>(steps * batch * classes)) * function_flops, 8 * static_cast<double>(steps * batch * classes));
            }};
}

}  // namespace bench::ctc
