// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "focal_loss.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

namespace bench::focal_loss {
namespace {

constexpr auto z = xg::input<"z">(xg::axis<"rows">, xg::static_extent<classes>{});
constexpr auto t = xg::labels<"t">(xg::axis<"rows">, xg::classes(xg::static_extent<classes>{}));
constexpr auto entropy = xg::cross_entropy(z, t);
constexpr auto loss = xg::mean(square(1_c - exp(-entropy)) * entropy);

template <class... Options>
struct program {
    xg::tensor<float, 2> logits, gradient;
    xg::tensor<std::int64_t, 1> labels;
    decltype(xg::compile(loss, xg::gradient(loss, z), Options{}...).prepare()) run{};
    float value = 0;
    outcome operator()() {
        run.into(value, gradient)(z = logits, t = labels);
        return {value, {{{gradient.data(), gradient.size()}}}};
    }
};
template <class... Options>
auto make(const data& given) {
    return program<Options...>{xg::adapt(given.logits.data(), std::array{rows, classes}), {}, xg::adapt(given.labels.data(), std::array{rows})};
}
const added all[]{variant("fused", make<>), variant("unfused", make<xg::unfused_t>)};

}  // namespace
}  // namespace bench::focal_loss
