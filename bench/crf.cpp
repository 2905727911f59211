// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "crf.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

namespace bench::crf {
namespace {

constexpr xg::static_extent<labels> classes{};
constexpr auto time = xg::axis<"time">;
constexpr auto z = xg::input<"z">(time, xg::axis<"batch">, classes);
constexpr auto t = xg::labels<"t">(time, xg::axis<"batch">, xg::classes(classes));
constexpr auto pairs = xg::parameter<"pairs">(classes, classes);
constexpr auto loss = xg::mean(xg::linear_chain_crf(time, z, t, pairs));

template <class... Options>
class program {
    const data& given_;
    decltype(xg::compile(loss, xg::gradient(loss, z, pairs), Options{}...).prepare()) run_{};
    xg::tensor<float, 3> dz_;
    xg::tensor<float, 2> dpairs_;
    float value_ = 0;

public:
    explicit program(const data& given) : given_(given) {}
    outcome operator()() {
        run_.into(value_, dz_, dpairs_)(z = xg::adapt(given_.z.data(), std::array{steps, batch, labels}), t = xg::adapt(given_.t.data(), std::array{steps, batch}),
                                        pairs = xg::adapt(given_.pairs.data(), std::array{labels, labels}));
        return {value_, {{std::span<const float>(dz_.data(), dz_.size()), std::span<const float>(dpairs_.data(), dpairs_.size())}}};
    }
};
const added all[]{variant("fused", [](const data& given) { return program<>(given); }), variant("unfused", [](const data& given) { return program<xg::unfused_t>(given); })};

}  // namespace
}  // namespace bench::crf
