// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/onnx/hold.hpp"

using namespace onnx;

/// ONNX's RNN, GRU and LSTM. A node keeps all gates in one matrix for the input and one for the state, transposed and in an order of its own; a layer of
/// ours has parameters for each gate. Results and their gradients by the input and by every parameter hold.
namespace {
constexpr auto steps = xg::axis<"steps">;
constexpr auto batch = xg::axis<"batch">;

std::string input(std::size_t i) { return "input_" + std::to_string(i) + ".pb"; }

/// Rows [block n, block n + n) of the matrix that a node keeps for one direction, as columns.
template <std::size_t N>
xt::xtensor<double, 2> turned(const xt::xtensor<double, 3>& all, std::size_t block) {
    xt::xtensor<double, 2> made = support::shaped<double>({all.shape()[2], N});
    for (std::size_t i = 0; i < made.shape()[0]; ++i)
        for (std::size_t j = 0; j < N; ++j) made(i, j) = all(0, block * N + j, i);
    return made;
}
/// What the files of a node say; biases are zero where a node has none.
template <std::size_t N>
struct node {
    std::string name;
    xt::xtensor<double, 3> x = read<double, 3>(name, "input_0.pb"), w = read<double, 3>(name, "input_1.pb"), r = read<double, 3>(name, "input_2.pb");
    bool has_bias = false;

    std::size_t gates() const { return r.shape()[1] / N; }
    xt::xtensor<double, 1> half(std::size_t block) const {
        xt::xtensor<double, 1> made = support::shaped<double>({N});
        if (!has_bias) return made;
        const auto b = read<double, 2>(name, "input_3.pb");
        for (std::size_t j = 0; j < N; ++j) made(j) = b(0, block * N + j);
        return made;
    }
    auto weight(std::size_t block) const { return turned<N>(w, block); }
    auto recurrent(std::size_t block) const { return turned<N>(r, block); }
    xt::xtensor<double, 1> bias(std::size_t block) const { return half(block) + half(gates() + block); }
};

/// `layer` is ours over x; `bound` pairs of a parameter and its array. The last state is output 0, or with `batchwise` output 1 after all of them.
template <bool Batchwise, class X, class H, class A, class... Leaf, class... Array>
void holds(const std::string& name, X x, H h, A x_data, std::tuple<Leaf...> leaves, std::tuple<Array...> arrays) {
    const auto last = xg::last_of(h, steps);
    const auto total = xg::sum(last * (0.5_c + xg::square(last))) + xg::sum(h * h);
    const auto run = [&]<class T>(T) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            return xg::compile<T>(h, last, total, xg::gradient(total, x), xg::gradient(total, Leaf{})...)(x = support::converted<T>(x_data),
                                                                                                          (std::get<K>(leaves) = support::converted<T>(std::get<K>(arrays)))...);
        }(std::index_sequence_for<Leaf...>{});
    };
    const auto made = run(float{});
    const auto& state = std::get<1>(made);
    // A node's results have an axis for directions: first, or where batches are outermost before the last.
    if constexpr (Batchwise) {
        const auto& all = std::get<0>(made);
        equals(xt::xtensor<float, 4>(xt::reshape_view(all, std::array<std::size_t, 4>{all.shape()[0], all.shape()[1], 1, all.shape()[2]})), name, "output_0.pb");
        equals(xt::xtensor<float, 3>(xt::reshape_view(state, std::array<std::size_t, 3>{state.shape()[0], 1, state.shape()[1]})), name, "output_1.pb");
    } else {
        equals(xt::xtensor<float, 3>(xt::reshape_view(state, std::array<std::size_t, 3>{1, state.shape()[0], state.shape()[1]})), name, "output_0.pb");
    }
    std::apply([&](auto&... array) { gradients_hold<2>(name, run, made, std::tie(x_data, array...)); }, arrays);
}
template <bool Batchwise, std::size_t In>
constexpr auto sequence() {
    if constexpr (Batchwise) {
        return xg::input<"x">(batch, steps, xg::static_extent<In>{});
    } else {
        return xg::input<"x">(steps, batch, xg::static_extent<In>{});
    }
}
template <xg::fixed_string Path, std::size_t In, std::size_t N, auto Bias = xg::zeros>
constexpr auto gate_parameters() {
    constexpr xg::static_extent<N> n{};
    return std::tuple{xg::detail::cell_parameter<Path, "weight", xg::glorot_uniform>(xg::static_extent<In>{}, n), xg::detail::cell_parameter<Path, "recurrent", xg::glorot_uniform>(n, n),
                      xg::detail::cell_parameter<Path, "bias", Bias>(n)};
}

template <std::size_t In, std::size_t N, bool Batchwise = false>
void rnn(const std::string& name, bool has_bias) {
    constexpr auto x = sequence<Batchwise, In>();
    const node<N> given{.name = name, .has_bias = has_bias};
    holds<Batchwise>(name, x, xg::rnn<"a">(steps, xg::static_extent<N>{})(x), given.x, gate_parameters<"a", In, N>(), std::tuple{given.weight(0), given.recurrent(0), given.bias(0)});
}
/// Gates in the order update, reset, candidate; the reset gate acts before the product.
template <std::size_t In, std::size_t N, bool Batchwise = false>
void gru(const std::string& name, bool has_bias) {
    constexpr auto x = sequence<Batchwise, In>();
    const node<N> given{.name = name, .has_bias = has_bias};
    holds<Batchwise>(name, x, xg::gru<"a">(steps, xg::static_extent<N>{}, xg::reset_before)(x), given.x,
                     std::tuple_cat(gate_parameters<"a.update", In, N>(), gate_parameters<"a.reset", In, N>(), gate_parameters<"a.candidate", In, N>()),
                     std::tuple{given.weight(0), given.recurrent(0), given.bias(0), given.weight(1), given.recurrent(1), given.bias(1), given.weight(2), given.recurrent(2), given.bias(2)});
}
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

TEST_CASE("test_simple_rnn_defaults", "[RNN]") { rnn<2, 4>("test_simple_rnn_defaults", false); }
TEST_CASE("test_simple_rnn_with_initial_bias", "[RNN]") { rnn<3, 5>("test_simple_rnn_with_initial_bias", true); }
TEST_CASE("test_rnn_seq_length", "[RNN]") { rnn<3, 5>("test_rnn_seq_length", true); }
TEST_CASE("test_simple_rnn_batchwise", "[RNN]") { rnn<2, 4, true>("test_simple_rnn_batchwise", false); }

TEST_CASE("test_gru_defaults", "[GRU]") { gru<2, 5>("test_gru_defaults", false); }
TEST_CASE("test_gru_with_initial_bias", "[GRU]") { gru<3, 3>("test_gru_with_initial_bias", true); }
TEST_CASE("test_gru_seq_length", "[GRU]") { gru<3, 5>("test_gru_seq_length", true); }
TEST_CASE("test_gru_batchwise", "[GRU]") { gru<2, 6, true>("test_gru_batchwise", false); }

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
