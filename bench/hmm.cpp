// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "hmm.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

namespace bench::hmm {
namespace {

constexpr auto time = xg::axis<"time">;
constexpr auto batch = xg::axis<"batch">;

/// As one writes it: m is the probability of what was seen before, together with the state that comes next.
template <std::size_t States>
struct model {
    static constexpr xg::static_extent<States> states{};
    static constexpr auto seen = xg::input<"seen">(time, batch, states);
    static constexpr auto moves = xg::parameter<"moves">(states, states);
    static constexpr auto start = xg::broadcast(-log(xg::number<static_cast<double>(States)>), batch, states);
    struct step {
        constexpr auto operator()(auto m, auto, auto s) const { return std::tuple{xg::log_matmul_exp(m + s, moves), m + s}; }
    };
    static constexpr auto forward = xg::scan(time, step{}, std::tuple{start, start}, seen);
    static constexpr auto likelihood = xg::sum(xg::logsumexp(xg::last_of(std::get<1>(forward), time), xg::axes<-1>));
};

template <std::size_t States, class... Options>
class alone {
    using of = model<States>;
    const data& given_;
    decltype(xg::compile(of::likelihood, Options{}...).prepare()) run_{};
    float value_ = 0;

public:
    explicit alone(const data& given) : given_(given) {}
    value_alone operator()() {
        const extents& e = given_.e;
        run_.into(value_)(of::seen = xg::adapt(given_.seen.data(), std::array{e.steps, e.sequences, States}), of::moves = xg::adapt(given_.moves.data(), std::array{States, States}));
        return {value_, {}};
    }
};
template <std::size_t States, class... Options>
class differentiated {
    using of = model<States>;
    const data& given_;
    decltype(xg::compile(of::likelihood, xg::gradient(of::likelihood, of::seen, of::moves), Options{}...).prepare()) run_{};
    xg::tensor<float, 3> states_;
    xg::tensor<float, 2> counts_;
    float value_ = 0;

public:
    explicit differentiated(const data& given) : given_(given) {}
    with_gradients operator()() {
        const extents& e = given_.e;
        run_.into(value_, states_, counts_)(of::seen = xg::adapt(given_.seen.data(), std::array{e.steps, e.sequences, States}),
                                            of::moves = xg::adapt(given_.moves.data(), std::array{States, States}));
        return with(value_, states_.data(), counts_.data(), States);
    }
};
const std::vector<added> all[]{
    variant("fused", [](const data& given, auto states) { return alone<states>(given); }),
    variant("unfused", [](const data& given, auto states) { return alone<states, xg::unfused_t>(given); }),
    variant("fused", [](const data& given, auto states) { return differentiated<states>(given); }),
    variant("unfused", [](const data& given, auto states) { return differentiated<states, xg::unfused_t>(given); }),
};

}  // namespace
}  // namespace bench::hmm
