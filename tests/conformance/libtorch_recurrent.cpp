// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/beside_libtorch.hpp"

using namespace libtorch;

namespace {
constexpr auto steps = xg::axis<"steps">;
constexpr auto batch = xg::axis<"batch">;
constexpr std::size_t in = 3, width = 4;

/// The parameters of a gate of ours.
template <xg::fixed_string Path, std::size_t In = in, auto Bias = xg::zeros>
struct gate {
    static constexpr xg::static_extent<In> inputs{};
    static constexpr auto weight = xg::detail::cell_parameter<Path, "weight", xg::glorot_uniform>(inputs, 4_c);
    static constexpr auto recurrent = xg::detail::cell_parameter<Path, "recurrent", xg::glorot_uniform>(4_c, 4_c);
    static constexpr auto bias = xg::detail::cell_parameter<Path, "bias", Bias>(4_c);
};
/// Where libtorch keeps one of our parameters: rows of a tensor, turned; a bias is the sum of two.
struct piece {
    std::size_t tensor, block, also = 0;
};
tensor cut(const tensor& whole, const piece& p) {
    const std::size_t columns = whole.extents.size() == 1 ? 1 : static_cast<std::size_t>(whole.extents[1]);
    tensor made;
    if (columns > 1) made.extents.push_back(static_cast<std::int64_t>(columns));
    made.extents.push_back(width);
    for (std::size_t c = 0; c < columns; ++c)
        for (std::size_t r = 0; r < width; ++r) made.numbers.push_back(whole.numbers[(p.block * width + r) * columns + c]);
    return made;
}
tensor cut(const std::vector<tensor>& all, const piece& p) {
    tensor made = cut(all[p.tensor], p);
    if (p.also)
        for (std::size_t i = 0; i < made.numbers.size(); ++i) made.numbers[i] += cut(all[p.also], p).numbers[i];
    return made;
}
/// Weight, recurrent and bias of each block, where the four tensors begin at `first`.
std::vector<piece> blocks(std::size_t first, std::size_t count) {
    std::vector<piece> made;
    for (std::size_t k = 0; k < count; ++k) made.insert(made.end(), {{first, k, 0}, {first + 1, k, 0}, {first + 2, k, first + 3}});
    return made;
}
template <class... Gate>
constexpr auto parameters_of(Gate...) {
    return std::tuple_cat(std::tuple{Gate::weight, Gate::recurrent, Gate::bias}...);
}

/// One layer's four tensors for so many gates.
void add_layer(std::vector<tensor>& to, std::size_t gates, std::size_t inputs) {
    const auto seed = static_cast<unsigned>(to.size());
    to.insert(to.end(), {uniform({gates * width, inputs}, seed), uniform({gates * width, width}, seed + 1), uniform({gates * width}, seed + 2), uniform({gates * width}, seed + 3)});
}

/// Ours beside libtorch's: values, gradients by x and initial states, and by every parameter. `layers`: the width of each layer's input.
template <class Output, class... Direct, class... Leaf>
void beside(const char* name, Output output, std::size_t gates, std::vector<std::size_t> layers, std::size_t initials, std::tuple<Direct...> direct, std::tuple<Leaf...> leaves,
            const std::vector<piece>& pieces) {
    REQUIRE(pieces.size() == sizeof...(Leaf));
    constexpr xg::static_extent<xg::shape_of(Output{})[2].size> last{};
    constexpr auto cotangents = xg::input<"cotangents">(steps, batch, last);
    const auto total = xg::sum(output * cotangents);
    const auto program = xg::compile<double>(output, xg::gradient(total, Direct{})..., xg::gradient(total, Leaf{})...);
    for (const auto& [t, b] : {std::pair<std::size_t, std::size_t>{1, 1}, {2, 3}, {7, 5}, {6, 17}}) {
        std::vector<tensor> given{uniform({t, b, in}, 101)};
        for (unsigned k = 0; k < initials; ++k) given.push_back(uniform({sizeof...(Direct) > 1 ? 1 : layers.size(), b, width}, 102 + k));
        if (sizeof...(Direct) == 1)
            for (std::size_t k = 1; k < given.size(); ++k) std::fill(given[k].numbers.begin(), given[k].numbers.end(), 0.0);
        for (const std::size_t inputs : layers) add_layer(given, gates, inputs);
        const answer wanted = ask(name, given, given.size());
        tensor weights = wanted.value;
        for (std::size_t i = 0; i < weights.numbers.size(); ++i) weights.numbers[i] = cotangent(i);
        const auto direct_array = [&]<std::size_t K>() {
            if constexpr (K == 0) {
                return array_of<double, 3>(given[0]);
            } else {
                return array_of<double, 2>({{static_cast<std::int64_t>(b), width}, given[K].numbers});
            }
        };
        INFO(name << ", " << t << " steps, " << b << " rows");
        [&]<std::size_t... D, std::size_t... L>(std::index_sequence<D...>, std::index_sequence<L...>) {
            const auto got = program((std::get<D>(direct) = direct_array.template operator()<D>())...,
                                     (std::get<L>(leaves) = array_of<double, xg::detail::rank_of<Leaf>()>(cut(given, pieces[L])))..., cotangents = array_of<double, 3>(weights));
            constexpr double close = 1e-12 / support::epsilon<float>;
            CHECK(distance(std::get<0>(got), wanted.value) < close);
            (
                [&] {
                    INFO("gradient " << D);
                    CHECK(distance(std::get<1 + D>(got), wanted.gradients[D]) < close);
                }(),
                ...);
            (
                [&] {
                    INFO("parameter " << L);
                    CHECK(distance(std::get<1 + sizeof...(D) + L>(got), cut(wanted.gradients[pieces[L].tensor], pieces[L])) < close);
                }(),
                ...);
        }(std::index_sequence_for<Direct...>{}, std::index_sequence_for<Leaf...>{});
    }
}

constexpr auto x = xg::input<"x">(steps, batch, 3_c);
constexpr auto h0 = xg::input<"h0">(batch, 4_c);
constexpr auto c0 = xg::input<"c0">(batch, 4_c);

template <xg::fixed_string Path, std::size_t In>
constexpr auto lstm_parameters() {
    using xg::join, xg::fixed_string;
    return parameters_of(gate<join(Path, fixed_string("input")), In>{}, gate<join(Path, fixed_string("forget")), In, xg::ones>{}, gate<join(Path, fixed_string("cell")), In>{},
                         gate<join(Path, fixed_string("output")), In>{});
}
/// libtorch's gru keeps both biases of its candidate.
template <xg::fixed_string Path>
constexpr auto gru_parameters() {
    using xg::join, xg::fixed_string;
    constexpr auto candidate = join(Path, fixed_string("candidate"));
    return std::tuple_cat(parameters_of(gate<join(Path, fixed_string("reset"))>{}, gate<join(Path, fixed_string("update"))>{}, gate<candidate>{}),
                          std::tuple{xg::detail::cell_parameter<candidate, "recurrent_bias", xg::zeros>(4_c)});
}
std::vector<piece> gru_pieces(std::size_t first) {
    std::vector<piece> made = blocks(first, 3);
    made.back().also = 0;
    made.push_back({first + 3, 2});
    return made;
}
std::vector<piece> joined(std::vector<piece> a, const std::vector<piece>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}
}  // namespace

TEST_CASE("libtorch: rnn of tanh and of relu, from a state", "[conformance]") {
    beside("rnn_tanh", xg::rnn<"a">(steps, 4_c, xg::initial(h0))(x), 1, {in}, 1, std::tuple{x, h0}, parameters_of(gate<"a">{}), blocks(2, 1));
    beside("rnn_relu", xg::rnn<"a">(steps, 4_c, xg::relu, xg::initial(h0))(x), 1, {in}, 1, std::tuple{x, h0}, parameters_of(gate<"a">{}), blocks(2, 1));
}

TEST_CASE("libtorch: lstm, from states and stacked", "[conformance]") {
    beside("lstm", xg::lstm<"a">(steps, 4_c, xg::initial(h0, c0))(x), 4, {in}, 2, std::tuple{x, h0, c0}, lstm_parameters<"a", in>(), blocks(3, 4));
    beside("lstm, two layers", xg::sequential(xg::lstm<"a">(steps, 4_c), xg::lstm<"b">(steps, 4_c))(x), 4, {in, width}, 2, std::tuple{x},
           std::tuple_cat(lstm_parameters<"a", in>(), lstm_parameters<"b", width>()), joined(blocks(3, 4), blocks(7, 4)));
}

TEST_CASE("libtorch: gru, from a state and in both directions", "[conformance]") {
    beside("gru", xg::gru<"a">(steps, 4_c, xg::initial(h0))(x), 3, {in}, 1, std::tuple{x, h0}, gru_parameters<"a">(), gru_pieces(2));
    beside("gru, bidirectional", xg::bidirectional(xg::gru<"a">(steps, 4_c))(x), 3, {in, in}, 1, std::tuple{x},
           std::tuple_cat(gru_parameters<"a.forward">(), gru_parameters<"a.backward">()), joined(gru_pieces(2), gru_pieces(6)));
}
