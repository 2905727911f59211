// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "attention.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

namespace bench::attention {
namespace {

constexpr auto sequences = xg::axis<"sequences">;
constexpr auto time = xg::axis<"time">;

/// By blocks.
template <std::size_t Features, bool Causal>
struct blocks {
    static constexpr xg::static_extent<Features> n{};
    static constexpr auto q = xg::input<"q">(sequences, time, n);
    static constexpr auto k = xg::input<"k">(sequences, time, n);
    static constexpr auto v = xg::input<"v">(sequences, time, n);
    static constexpr auto w = xg::input<"w">(sequences, time, n);

    static constexpr auto means() {
        if constexpr (Causal) {
            return xg::scaled_dot_product_attention(q, k, v, xg::causal);
        } else {
            return xg::scaled_dot_product_attention(q, k, v);
        }
    }
};
/// All scores in one matrix, as in the paper.
template <std::size_t Features, bool Causal>
struct stored : blocks<Features, Causal> {
    using base = blocks<Features, Causal>;
    static constexpr auto keys = xg::axis<"keys">;  // a step meets all steps
    static constexpr auto k = xg::input<"k">(sequences, keys, base::n);
    static constexpr auto v = xg::input<"v">(sequences, keys, base::n);
    static constexpr auto seen = xg::input<"seen">(time, keys);

    static constexpr auto means() {
        constexpr auto scores = xg::matmul(base::q, xg::transpose(k)) / xg::sqrt(xg::number<static_cast<double>(Features)>);
        if constexpr (Causal) {
            return xg::matmul(xg::softmax(xg::select(seen > 0_c, scores, xg::number<-1e30>)), v);
        } else {
            return xg::matmul(xg::softmax(scores), v);
        }
    }
};

template <class Formula, bool NeedsMask, class... Options>
class program {
    static constexpr auto make() {
        constexpr auto value = xg::sum(Formula::means() * Formula::w);
        return xg::compile(value, xg::gradient(value, Formula::q), xg::gradient(value, Formula::k), xg::gradient(value, Formula::v), Options{}...).prepare();
    }
    const data& given_;
    decltype(make()) run_ = make();
    xg::tensor<float, 2> seen_;
    xg::tensor<float, 3> dq_, dk_, dv_;
    float value_ = 0;

public:
    explicit program(const data& given) : given_(given), seen_(xg::tensor<float, 2>::from_shape({given.s.steps, given.s.steps})) {
        for (std::size_t i = 0; i < given.s.steps; ++i)
            for (std::size_t j = 0; j < given.s.steps; ++j) seen_(i, j) = j <= i ? 1.0f : 0.0f;
    }
    outcome operator()() {
        const auto view = [&](const std::vector<float>& from) { return xg::adapt(from.data(), std::array{given_.s.sequences, given_.s.steps, given_.s.features}); };
        auto into = run_.into(value_, dq_, dk_, dv_);
        if constexpr (NeedsMask) {
            into(Formula::q = view(given_.q), Formula::k = view(given_.k), Formula::v = view(given_.v), Formula::w = view(given_.w), Formula::seen = seen_);
        } else {
            into(Formula::q = view(given_.q), Formula::k = view(given_.k), Formula::v = view(given_.v), Formula::w = view(given_.w));
        }
        return {value_, {{{dq_.data(), dq_.size()}, {dk_.data(), dk_.size()}, {dv_.data(), dv_.size()}}}};
    }
};
template <std::size_t Features, bool Causal>
struct variants {
    added fused, apart, all_scores;
    explicit variants(sizes s)
        : fused(variant("fused", s, [](const data& given) { return program<blocks<Features, Causal>, false>(given); })),
          apart(variant("unfused", s, [](const data& given) { return program<blocks<Features, Causal>, false, xg::unfused_t>(given); })),
          all_scores(variant("all_scores", s, [](const data& given) { return program<stored<Features, Causal>, Causal>(given); })) {}
};
const variants<64, false> many(all_sizes[0]);
const variants<64, true> many_causal(all_sizes[1]);
const variants<32, true> sentences(all_sizes[2]);

}  // namespace
}  // namespace bench::attention
