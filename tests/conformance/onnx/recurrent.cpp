// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/onnx/recurrent.hpp"

using namespace onnx;

namespace {
template <std::size_t In, std::size_t N, bool Batchwise = false>
void rnn(const std::string& name, bool has_bias, bool saturated = false) {
    constexpr auto x = sequence<Batchwise, In>();
    const node<N> given{.name = name, .has_bias = has_bias};
    holds<Batchwise>(name, x, xg::rnn<"a">(steps, xg::static_extent<N>{})(x), given.x, gate_parameters<"a", In, N>(), std::tuple{given.weight(0), given.recurrent(0), given.bias(0)}, saturated);
}
/// Gates in the order update, reset, candidate; the reset gate acts before the product.
template <std::size_t In, std::size_t N, bool Batchwise = false>
void gru(const std::string& name, bool has_bias, bool saturated = false) {
    constexpr auto x = sequence<Batchwise, In>();
    const node<N> given{.name = name, .has_bias = has_bias};
    holds<Batchwise>(name, x, xg::gru<"a">(steps, xg::static_extent<N>{}, xg::reset_before)(x), given.x,
                     std::tuple_cat(gate_parameters<"a.update", In, N>(), gate_parameters<"a.reset", In, N>(), gate_parameters<"a.candidate", In, N>()),
                     std::tuple{given.weight(0), given.recurrent(0), given.bias(0), given.weight(1), given.recurrent(1), given.bias(1), given.weight(2), given.recurrent(2), given.bias(2)},
                     saturated);
}
}  // namespace

TEST_CASE("test_simple_rnn_defaults", "[RNN]") { rnn<2, 4>("test_simple_rnn_defaults", false); }
TEST_CASE("test_simple_rnn_with_initial_bias", "[RNN]") { rnn<3, 5>("test_simple_rnn_with_initial_bias", true); }
TEST_CASE("test_rnn_seq_length", "[RNN]") { rnn<3, 5>("test_rnn_seq_length", true, true); }
TEST_CASE("test_simple_rnn_batchwise", "[RNN]") { rnn<2, 4, true>("test_simple_rnn_batchwise", false); }

TEST_CASE("test_gru_defaults", "[GRU]") { gru<2, 5>("test_gru_defaults", false); }
TEST_CASE("test_gru_with_initial_bias", "[GRU]") { gru<3, 3>("test_gru_with_initial_bias", true); }
TEST_CASE("test_gru_seq_length", "[GRU]") { gru<3, 5>("test_gru_seq_length", true, true); }
TEST_CASE("test_gru_batchwise", "[GRU]") { gru<2, 6, true>("test_gru_batchwise", false); }
