// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "hmm.hpp"

namespace bench::hmm {
namespace {

/// Plain loops over logarithms, the standard library's functions, an exponential for each pair of states.
class logarithms {
    const data& given_;
    std::vector<float> alpha_, next_, peak_;

public:
    explicit logarithms(const data& given) : given_(given), alpha_(given.e.states), next_(given.e.states), peak_(given.e.states) {}
    value_alone operator()() {
        const auto [sequences, steps, states] = given_.e;
        double value = 0;
        for (std::size_t b = 0; b < sequences; ++b) {
            for (std::size_t k = 0; k < states; ++k) alpha_[k] = given_.seen[b * states + k] - std::log(static_cast<float>(states));
            for (std::size_t s = 1; s < steps; ++s) {
                const float* const seen = given_.seen.data() + (s * sequences + b) * states;
                std::fill(peak_.begin(), peak_.end(), -INFINITY);
                std::fill(next_.begin(), next_.end(), 0.0f);
                for (std::size_t j = 0; j < states; ++j)
                    for (std::size_t k = 0; k < states; ++k) peak_[k] = std::max(peak_[k], alpha_[j] + given_.moves[j * states + k]);
                for (std::size_t j = 0; j < states; ++j)
                    for (std::size_t k = 0; k < states; ++k) next_[k] += std::exp(alpha_[j] + given_.moves[j * states + k] - peak_[k]);
                for (std::size_t k = 0; k < states; ++k) alpha_[k] = std::log(next_[k]) + peak_[k] + seen[k];
            }
            const float top = *std::max_element(alpha_.begin(), alpha_.end());
            float sum = 0;
            for (const float a : alpha_) sum += std::exp(a - top);
            value += static_cast<double>(top + std::log(sum));
        }
        return {value, {}};
    }
};

/// Rabiner's: probabilities scaled at each step, forwards and backwards. Fewer functions, and wrong where a state is likelier than another by more than a float holds.
template <bool WithGradients>
class scaled {
    const data& given_;
    std::vector<float> moves_, seen_, before_, beta_, states_, counts_;

public:
    explicit scaled(const data& given) : given_(given), moves_(given.moves.size()), seen_(given.seen.size()), before_(given.seen.size()), beta_(3 * given.e.states), states_(given.seen.size()), counts_(given.moves.size()) {}
    auto operator()() {
        const auto [sequences, steps, states] = given_.e;
        double value = 0;
        for (std::size_t i = 0; i < moves_.size(); ++i) moves_[i] = std::exp(given_.moves[i]);
        std::fill(counts_.begin(), counts_.end(), 0.0f);
        for (std::size_t b = 0; b < sequences; ++b) {
            // before_: the states' probabilities before a step is seen; states_: after it.
            for (std::size_t s = 0; s < steps; ++s) {
                const std::size_t at = (s * sequences + b) * states;
                float* const before = before_.data() + at;
                if (s == 0) {
                    std::fill_n(before, states, 1 / static_cast<float>(states));
                } else {
                    std::fill_n(before, states, 0.0f);
                    const float* const last = states_.data() + at - sequences * states;
                    for (std::size_t j = 0; j < states; ++j)
                        for (std::size_t k = 0; k < states; ++k) before[k] += last[j] * moves_[j * states + k];
                }
                const float* const given = given_.seen.data() + at;
                const float top = *std::max_element(given, given + states);
                float sum = 0;
                for (std::size_t k = 0; k < states; ++k) seen_[at + k] = std::exp(given[k] - top);
                for (std::size_t k = 0; k < states; ++k) sum += states_[at + k] = before[k] * seen_[at + k];
                for (std::size_t k = 0; k < states; ++k) states_[at + k] /= sum;
                value += static_cast<double>(top + std::log(sum));
            }
            if constexpr (WithGradients) backwards(b);
        }
        if constexpr (WithGradients) {
            for (std::size_t i = 0; i < moves_.size(); ++i) counts_[i] *= moves_[i];
            return with(value, states_.data(), counts_.data(), states);
        } else {
            return value_alone{value, {}};
        }
    }

private:
    void backwards(std::size_t b) {
        const auto [sequences, steps, states] = given_.e;
        float *const after = beta_.data(), *const weight = after + states, *const next = weight + states;
        // A state's probability by all that is seen is that by what was seen up to it times `after`.
        std::fill_n(after, states, 1.0f);
        for (std::size_t s = steps; s-- > 1;) {
            const std::size_t at = (s * sequences + b) * states, last = at - sequences * states;
            // The probability of the next step's state over that before it was seen.
            for (std::size_t k = 0; k < states; ++k) {
                states_[at + k] *= after[k];
                weight[k] = states_[at + k] / before_[at + k];
            }
            for (std::size_t j = 0; j < states; ++j) {
                float sum = 0;
                for (std::size_t k = 0; k < states; ++k) {
                    sum += moves_[j * states + k] * weight[k];
                    counts_[j * states + k] += states_[last + j] * weight[k];
                }
                next[j] = sum;
            }
            std::copy_n(next, states, after);
        }
        for (std::size_t k = 0; k < states; ++k) states_[b * states + k] *= after[k];
    }
};
const std::vector<added> all[]{
    variant("handwritten", [](const data& given, auto) { return logarithms(given); }),
    variant("scaled", [](const data& given, auto) { return scaled<false>(given); }),
    variant("scaled", [](const data& given, auto) { return scaled<true>(given); }),
};

}  // namespace
}  // namespace bench::hmm
