// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/onnx/recurrent.hpp"

using namespace onnx;

namespace {
/// Gates in the order input, output, forget, cell.
template <std::size_t In, std::size_t N, class... Peephole>
constexpr auto lstm_parameters(Peephole... peepholes) {
    return std::tuple_cat(gate_parameters<"a.input", In, N>(), gate_parameters<"a.output", In, N>(), gate_parameters<"a.forget", In, N, xg::ones>(), gate_parameters<"a.cell", In, N>(),
                          std::tuple{peepholes...});
}
template <std::size_t N, class... Peephole>
auto lstm_arrays(const node<N>& given, Peephole... peepholes) {
    return std::tuple{given.weight(0), given.recurrent(0), given.bias(0), given.weight(1), given.recurrent(1), given.bias(1), given.weight(2), given.recurrent(2), given.bias(2),
                      given.weight(3), given.recurrent(3), given.bias(3), peepholes...};
}
template <std::size_t In, std::size_t N, bool Batchwise = false>
void lstm(const std::string& name, bool has_bias) {
    constexpr auto x = sequence<Batchwise, In>();
    const node<N> given{.name = name, .has_bias = has_bias};
    holds<Batchwise>(name, x, xg::lstm<"a">(steps, xg::static_extent<N>{})(x), given.x, lstm_parameters<In, N>(), lstm_arrays(given));
}
}  // namespace

TEST_CASE("test_lstm_defaults", "[LSTM]") { lstm<2, 3>("test_lstm_defaults", false); }
TEST_CASE("test_lstm_with_initial_bias", "[LSTM]") { lstm<3, 4>("test_lstm_with_initial_bias", true); }
TEST_CASE("test_lstm_batchwise", "[LSTM]") { lstm<2, 7, true>("test_lstm_batchwise", false); }

/// Initial states, and the lengths of the sequences as a mask, are inputs here.
TEST_CASE("test_lstm_with_peepholes", "[LSTM]") {
    const std::string name = "test_lstm_with_peepholes";
    constexpr std::size_t n = 3;
    constexpr auto x = sequence<false, 4>();
    constexpr auto h0 = xg::input<"h0">(batch, 3_c);
    constexpr auto c0 = xg::input<"c0">(batch, 3_c);
    constexpr auto there = xg::mask<"there">(steps, batch);
    constexpr auto input_peephole = xg::detail::cell_parameter<"a.input", "peephole", xg::zeros>(3_c);
    constexpr auto output_peephole = xg::detail::cell_parameter<"a.output", "peephole", xg::zeros>(3_c);
    constexpr auto forget_peephole = xg::detail::cell_parameter<"a.forget", "peephole", xg::zeros>(3_c);
    const node<n> given{.name = name, .has_bias = true};
    const auto p = read<double, 2>(name, "input_7.pb");
    const auto peephole = [&](std::size_t block) {
        auto made = support::shaped<double>({n});
        std::copy_n(p.data() + block * n, n, made.begin());
        return made;
    };
    const auto lengths = read<double, 1>(name, "input_4.pb");
    xt::xtensor<bool, 2> mask = support::shaped<bool>({given.x.shape()[0], given.x.shape()[1]});
    for (std::size_t k = 0; k < mask.shape()[0]; ++k)
        for (std::size_t i = 0; i < mask.shape()[1]; ++i) mask(k, i) = static_cast<double>(k) < lengths(i);
    const auto state = [&](std::size_t which) {
        const auto from = read<double, 3>(name, input(which).c_str());
        xt::xtensor<double, 2> made = support::shaped<double>({from.shape()[1], n});
        std::copy(from.begin(), from.end(), made.begin());
        return made;
    };
    constexpr auto h = xg::lstm<"a">(steps, 3_c, xg::peepholes, xg::initial(h0, c0), xg::step_mask(there))(x);
    constexpr auto last = xg::last_of(h, steps);
    constexpr auto total = xg::sum(last * (0.5_c + xg::square(last)));
    constexpr auto leaves = lstm_parameters<4, n>(input_peephole, output_peephole, forget_peephole);
    auto arrays = std::tuple_cat(std::tuple{given.x, state(5), state(6)}, lstm_arrays(given, peephole(0), peephole(1), peephole(2)));
    const auto all = std::tuple_cat(std::tuple{x, h0, c0}, leaves);
    const auto run = [&]<class T>(T) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            return xg::compile<T>(last, total, xg::gradient(total, std::get<K>(all))...)(there = mask, (std::get<K>(all) = support::converted<T>(std::get<K>(arrays)))...);
        }(std::make_index_sequence<std::tuple_size_v<decltype(arrays)>>{});
    };
    const auto made = run(float{});
    const auto& got = std::get<0>(made);
    equals(xt::xtensor<float, 3>(xt::reshape_view(got, std::array<std::size_t, 3>{1, got.shape()[0], got.shape()[1]})), name, "output_0.pb");
    std::apply([&](auto&... array) { gradients_hold<1>(name, run, made, std::tie(array...)); }, arrays);
}
