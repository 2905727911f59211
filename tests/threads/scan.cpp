// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Loops over steps whose kernels are worth several threads: the same bits for any number of them.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

#include <omp.h>

namespace {
namespace xg = xgrad;
using namespace xg::literals;
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
}  // namespace

TEST_CASE("threads: an lstm, and a loop whose rows need each other") {
    constexpr auto x = xg::input<"x">(batch, steps, 48_c);
    constexpr auto h = xg::lstm<"a">(steps, 96_c)(x);
    constexpr auto s = xg::scan(steps, [](auto state, auto e) {
        const auto sum = state + e;
        return sum / (1_c + xg::sum(xg::square(sum), batch, xg::keep_axes));  // over the batch, which threads cut
    }, xg::broadcast(0_c, batch, 96_c), h);
    constexpr auto loss = xg::mean(xg::square(s)) + xg::mean(h);
    constexpr auto weight = xg::detail::cell_parameter<"a.input", "weight", xg::glorot_uniform>(48_c, 96_c);
    constexpr auto recurrent = xg::detail::cell_parameter<"a.cell", "recurrent", xg::glorot_uniform>(96_c, 96_c);
    auto program = xg::compile(s, xg::gradient(loss, x), xg::gradient(loss, weight), xg::gradient(loss, recurrent));
    const auto gate = []<xg::fixed_string Path, auto Bias>() {
        return std::tuple{xg::detail::cell_parameter<Path, "weight", xg::glorot_uniform>(48_c, 96_c), xg::detail::cell_parameter<Path, "recurrent", xg::glorot_uniform>(96_c, 96_c),
                          xg::detail::cell_parameter<Path, "bias", Bias>(96_c)};
    };
    const auto leaves = std::tuple_cat(gate.operator()<"a.input", xg::zeros>(), gate.operator()<"a.forget", xg::ones>(), gate.operator()<"a.cell", xg::zeros>(), gate.operator()<"a.output", xg::zeros>());
    const auto W = support::uniform<float>({48, 96}, 1, -0.2, 0.2), U = support::uniform<float>({96, 96}, 2, -0.2, 0.2);
    const auto B = support::uniform<float>({96}, 3);
    const auto X = support::uniform<float>({300, 6, 48}, 4);
    auto prepared = program.prepare();
    const auto run = [&] {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            const auto one = [&]<std::size_t J>() -> const auto& {
                if constexpr (J % 3 == 0) return W;
                else if constexpr (J % 3 == 1) return U;
                else return B;
            };
            return prepared(x = X, (std::get<K>(leaves) = one.template operator()<K>())...);
        }(std::make_index_sequence<12>{});
    };
    omp_set_dynamic(0);
    omp_set_num_threads(1);
    const auto expected = run();
    for (const int threads : {2, 3}) {
        omp_set_num_threads(threads);
        const auto got = run();
        INFO("threads " << threads);
        CHECK(support::same_bits(std::get<0>(got), std::get<0>(expected)));
        CHECK(support::same_bits(std::get<1>(got), std::get<1>(expected)));
        CHECK(support::same_bits(std::get<2>(got), std::get<2>(expected)));
        CHECK(support::same_bits(std::get<3>(got), std::get<3>(expected)));
    }
    omp_set_num_threads(1);
}

TEST_CASE("threads: a loop inside a loop's step") {
    constexpr auto outer = xg::axis<"outer">;
    constexpr auto x = xg::input<"x">(outer, steps, batch, 256_c);
    constexpr auto U = xg::parameter<"U">(256_c, 256_c);
    constexpr auto h = xg::scan(outer, [](auto state, auto elements) {
        return xg::last_of(xg::scan(steps, [](auto h_, auto e) { return tanh(matmul(h_, U) + e); }, state, elements), steps);
    }, xg::broadcast(0_c, batch, 256_c), x);
    constexpr auto loss = xg::mean(xg::square(h));
    auto prepared = xg::compile(h, xg::gradient(loss, x), xg::gradient(loss, U)).prepare();
    const auto X = support::uniform<float>({2, 3, 40, 256}, 1);
    const auto weight = support::uniform<float>({256, 256}, 2, -0.1, 0.1);
    omp_set_dynamic(0);
    omp_set_num_threads(1);
    const auto expected = prepared(x = X, U = weight);
    for (const int threads : {2, 3}) {
        omp_set_num_threads(threads);
        const auto got = prepared(x = X, U = weight);
        INFO("threads " << threads);
        CHECK(support::same_bits(std::get<0>(got), std::get<0>(expected)));
        CHECK(support::same_bits(std::get<1>(got), std::get<1>(expected)));
        CHECK(support::same_bits(std::get<2>(got), std::get<2>(expected)));
    }
    omp_set_num_threads(1);
}

TEST_CASE("threads: a loop that keeps every fourth state") {
    constexpr auto x = xg::input<"x">(steps, batch, 64_c);
    constexpr auto W = xg::parameter<"W">(64_c, 96_c);
    constexpr auto U = xg::parameter<"U">(96_c, 96_c);
    constexpr auto h = xg::scan(steps, [](auto state, auto e) { return tanh(matmul(e, W) + matmul(state, U)); }, xg::broadcast(0_c, batch, 96_c), x);
    constexpr auto loss = xg::mean(xg::square(h));
    auto prepared = xg::compile(loss, xg::gradient(loss, x), xg::gradient(loss, W), xg::gradient(loss, U), xg::checkpoint_every<4>).prepare();
    const auto X = support::uniform<float>({10, 300, 64}, 1);
    const auto W_data = support::uniform<float>({64, 96}, 2, -0.2, 0.2), U_data = support::uniform<float>({96, 96}, 3, -0.1, 0.1);
    omp_set_dynamic(0);
    omp_set_num_threads(1);
    const auto expected = prepared(x = X, W = W_data, U = U_data);
    for (const int threads : {2, 3}) {
        omp_set_num_threads(threads);
        const auto got = prepared(x = X, W = W_data, U = U_data);
        INFO("threads " << threads);
        CHECK(std::get<0>(got) == std::get<0>(expected));
        CHECK(support::same_bits(std::get<1>(got), std::get<1>(expected)));
        CHECK(support::same_bits(std::get<2>(got), std::get<2>(expected)));
        CHECK(support::same_bits(std::get<3>(got), std::get<3>(expected)));
    }
    omp_set_num_threads(1);
}
