// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "linear_cross_entropy.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

namespace bench::linear_cross_entropy {
namespace {

constexpr auto x = xg::input<"x">(xg::axis<"rows">, xg::static_extent<width>{});
constexpr auto weight = xg::parameter<"weight">(xg::static_extent<width>{}, xg::static_extent<classes>{});
constexpr auto t = xg::labels<"t">(xg::axis<"rows">, xg::classes(xg::static_extent<classes>{}));
constexpr auto loss = xg::mean(xg::cross_entropy(xg::matmul(x, weight), t));

class program {
    const data& given_;
    decltype(xg::compile(loss, xg::gradient(loss, x, weight)).prepare()) run_{};
    xg::tensor<float, 2> dx_, dweight_;
    float value_ = 0;

public:
    explicit program(const data& given) : given_(given) {}
    std::size_t arena_bytes() const { return run_.arena_bytes(); }
    outcome operator()() {
        run_.into(value_, dx_, dweight_)(x = xg::adapt(given_.x.data(), std::array{rows, width}), weight = xg::adapt(given_.weight.data(), std::array{width, classes}),
                                         t = xg::adapt(given_.labels.data(), std::array{rows}));
        return {value_, {{{dx_.data(), dx_.size()}, {dweight_.data(), dweight_.size()}}}};
    }
};
const auto all = variant("fused", [](const data& given) { return program(given); });

}  // namespace
}  // namespace bench::linear_cross_entropy
