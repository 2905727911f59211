// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ctc.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

namespace bench::ctc {
namespace {

constexpr auto rows = xg::axis<"batch">;
constexpr xg::static_extent<classes> width{};
constexpr auto z = xg::input<"z">(xg::axis<"time">, rows, width);
constexpr auto t = xg::labels<"t">(rows, xg::axis<"length">, xg::classes(width), xg::ignore_index<-1>);
constexpr auto loss = xg::ctc_loss(z, t, xg::per_label, xg::reduction<"mean">);

template <class... Options>
class program {
    static constexpr auto make() { return xg::compile(loss, xg::gradient(loss, z), Options{}...).prepare(); }
    const data& given_;
    decltype(make()) run_ = make();
    xg::tensor<float, 3> slope_;
    float value_ = 0;

public:
    explicit program(const data& given) : given_(given) {}
    outcome operator()() {
        run_.into(value_, slope_)(z = xg::adapt(given_.z.data(), std::array{steps, batch, classes}), t = xg::adapt(given_.t.data(), std::array{batch, length}));
        return {value_, {{{slope_.data(), slope_.size()}}}};
    }
};
const added all[]{variant("fused", [](const data& given) { return program<>(given); }), variant("unfused", [](const data& given) { return program<xg::unfused_t>(given); })};

}  // namespace
}  // namespace bench::ctc
