// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "hmm.hpp"
#include "xtensor.hpp"

namespace bench::hmm {
namespace {

/// As one writes it with views and broadcasting: for each step a table of all sums, [sequences, from, to], its largest along `from`, its exponentials' sum.
struct program {
    xt::xtensor<float, 3> seen, table = xt::empty<float>({seen.shape(1), seen.shape(2), seen.shape(2)});
    xt::xtensor<float, 2> moves, alpha = xt::empty<float>({seen.shape(1), seen.shape(2)}), peak = alpha;

    explicit program(const data& given)
        : seen(xt::adapt(given.seen, std::array{given.e.steps, given.e.sequences, given.e.states})), moves(xt::adapt(given.moves, std::array{given.e.states, given.e.states})) {}
    value_alone operator()() {
        constexpr auto now = xt::evaluation_strategy::immediate;
        const auto states = static_cast<float>(seen.shape(2));
        xt::noalias(alpha) = xt::view(seen, 0) - std::log(states);
        for (std::size_t s = 1; s < seen.shape(0); ++s) {
            xt::noalias(table) = xt::view(alpha, xt::all(), xt::all(), xt::newaxis()) + moves;
            xt::noalias(peak) = xt::amax(table, {1}, now);
            xt::noalias(table) = xt::exp(table - xt::view(peak, xt::all(), xt::newaxis(), xt::all()));
            xt::noalias(alpha) = xt::sum(table, {1}, now);
            xt::noalias(alpha) = xt::log(alpha) + peak + xt::view(seen, s);
        }
        const xt::xtensor<float, 1> top = xt::amax(alpha, {1}, now), rest = xt::sum(xt::exp(alpha - xt::view(top, xt::all(), xt::newaxis())), {1}, now);
        return {xt::sum<double>(top + xt::log(rest), now)(), {}};
    }
};
const auto all = variant("xtensor", [](const data& given, auto) { return program(given); });

}  // namespace
}  // namespace bench::hmm
