// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "layer_norm.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

namespace bench::layer_norm {
namespace {

template <std::size_t Columns, class... Options>
class program {
    static constexpr auto rows = xg::axis<"rows">;
    static constexpr xg::static_extent<Columns> columns{};
    static constexpr auto x = xg::input<"x">(rows, columns);
    static constexpr auto upstream = xg::input<"upstream">(rows, columns);
    static constexpr auto gain = xg::input<"gain">(columns);
    static constexpr auto bias = xg::input<"bias">(columns);

    static constexpr auto centred = x - xg::mean(x, xg::axes<-1>, xg::keep_axes);
    static constexpr auto variance = xg::mean(square(centred), xg::axes<-1>, xg::keep_axes);
    static constexpr auto y = centred / sqrt(variance + 1e-5_c) * gain + bias;
    static constexpr auto value = xg::sum(upstream * y);

    decltype(xg::compile(value, xg::gradient(value, x, gain, bias), Options{}...).prepare()) run_{};
    xg::tensor<float, 2> x_, upstream_, dx_;
    xg::tensor<float, 1> gain_, bias_, dgain_, dbias_;
    float value_ = 0;

public:
    program(extents e, const data& given)
        : x_(xg::adapt(given.x.data(), std::array{e.rows, e.columns})), upstream_(xg::adapt(given.upstream.data(), std::array{e.rows, e.columns})),
          gain_(xg::adapt(given.gain.data(), std::array{e.columns})), bias_(xg::adapt(given.bias.data(), std::array{e.columns})) {}
    outcome operator()() {
        run_.into(value_, dx_, dgain_, dbias_)(x = x_, upstream = upstream_, gain = gain_, bias = bias_);
        return {value_, {{{dx_.data(), dx_.size()}, {dgain_.data(), dgain_.size()}, {dbias_.data(), dbias_.size()}}}};
    }
};

template <std::size_t Size, class... Options>
added by(const std::string& name) {
    return variant(name, sizes[Size], [](extents e, const data& given) { return program<sizes[Size].columns, Options...>(e, given); });
}
const added all[]{by<0>("fused"), by<1>("fused"), by<0, xg::unfused_t>("unfused"), by<1, xg::unfused_t>("unfused")};

}  // namespace
}  // namespace bench::layer_norm
