// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Ops with a loop of their own that are shared along the outermost axis: the same bits for any number of threads.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

#include <omp.h>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

/// Runs with one thread, then with several; the results of the former.
template <class Run>
auto same_with_any_threads(Run run) {
    omp_set_dynamic(0);
    omp_set_num_threads(1);
    const auto expected = run();
    for (int threads : {2, 3, 7}) {
        omp_set_num_threads(threads);
        const auto got = run();
        INFO("threads " << threads);
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            bool same[] = {support::same_bits(std::get<I>(got), std::get<I>(expected))...};
            for (bool one : same) CHECK(one);
        }(std::make_index_sequence<std::tuple_size_v<std::decay_t<decltype(expected)>>>{});
    }
    omp_set_num_threads(1);
    return expected;
}
}  // namespace

TEST_CASE("threads: ops with a loop of their own") {
    constexpr auto rows = xg::axis<"rows">;
    constexpr auto x = xg::input<"x">(rows, 8_c, 50_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(30_c), xg::ignore_index<-1>);
    constexpr auto table = xg::parameter<"table">(30_c, 40_c);
    constexpr auto found = xg::embedding_lookup(table, t);
    constexpr auto filtered = xg::conv1d<"c">(xg::axes<1>, 5_c, 3_c)(x);
    constexpr auto weight = xg::parameter<"c.weight", xg::glorot_uniform>(3_c, 50_c, 5_c);
    constexpr auto bias = xg::parameter<"c.bias">(5_c);
    auto program = xg::compile(xg::cumsum(x), xg::cumsum(x, xg::axes<0>), xg::sparsemax(x), xg::concat(x, x, xg::axes<1>), xg::slice<3, 20>(x), found,
                               xg::lovasz_weights(x, xg::indicator(x > 0_c)), xg::gradient(xg::sum(xg::square(found)), table), xg::entmax15(x), filtered, xg::gradient(xg::sum(xg::square(filtered)), x)).prepare();
    const std::size_t r = 5003;
    const auto X = support::uniform<float>({r, 8, 50}, 1);
    auto L = support::random_labels({r}, 2, 30);
    L(17) = -1;
    const auto W = support::uniform<float>({30, 40}, 3);
    const auto C = support::uniform<float>({3, 50, 5}, 4);
    const auto D = support::uniform<float>({5}, 5);
    const auto expected = same_with_any_threads([&] { return program(x = X, t = L, table = W, weight = C, bias = D); });
    // Against plain loops where a wrong cut would show.
    bool right = true;
    for (std::size_t i = 0; i < r; ++i)
        for (std::size_t k = 0; k < 40; ++k) right = right && std::get<5>(expected)(i, k) == (L(i) < 0 ? 0 : W(static_cast<std::size_t>(L(i)), k));
    CHECK(right);
}

TEST_CASE("threads: rows of a table that a step updates") {
    constexpr auto rows = xg::axis<"rows">;
    constexpr auto t = xg::labels<"t">(rows, 3_c, xg::classes(9000_c), xg::ignore_index<-1>);
    constexpr auto found = xg::embedding<"word">(40_c)(t);
    auto L = support::random_labels({5003, 3}, 2, 9000);
    L(17, 1) = -1;
    same_with_any_threads([&] {
        xg::trainer trainer{xg::mean(xg::square(found) * found), xg::adam{.learning_rate = 0.1}, xg::sparse_updates<"word">, xg::clip_norm{1e-3}};
        for (int step = 0; step < 3; ++step) trainer.step(t = L);
        using floats = support::array<float, 2>;
        return std::tuple{floats(trainer.parameter("word.weight"_p)), floats(trainer.states()["word.weight.mean"_p]), floats(trainer.states()["word.weight.square"_p])};
    });
}

TEST_CASE("threads: ctc_loss") {
    constexpr auto rows = xg::axis<"rows">;
    constexpr auto z = xg::input<"z">(xg::axis<"time">, rows, 9_c);
    constexpr auto t = xg::labels<"t">(rows, 7_c, xg::classes(9_c), xg::ignore_index<-1>);
    constexpr auto loss = xg::ctc_loss(z, t);
    auto program = xg::compile(loss, xg::gradient(xg::sum(loss), z)).prepare();
    const auto Z = support::uniform<float>({40, 501, 9}, 1);
    auto L = support::random_labels({501, 7}, 2, 9);
    for (auto& label : L) label -= 1;  // a ninth are not there; then 0 is the blank, which some rows have among their labels
    same_with_any_threads([&] { return program(z = Z, t = L); });
}

TEST_CASE("threads: log_matmul_exp, outside a loop and in one") {
    constexpr auto rows = xg::axis<"rows">;
    constexpr auto p = xg::input<"p">(rows, 19_c);
    constexpr auto a = xg::input<"a">(19_c, 19_c);
    constexpr auto time = xg::axis<"time">;
    constexpr auto z = xg::input<"z">(time, rows, 19_c);
    constexpr auto t = xg::labels<"t">(time, rows, xg::classes(19_c));
    constexpr auto m = xg::log_matmul_exp(p, a);
    constexpr auto loss = xg::linear_chain_crf(time, z, t, a);
    auto program = xg::compile(m, xg::gradient(xg::sum(xg::square(m)), p, a), loss, xg::gradient(xg::sum(loss), z)).prepare();
    const std::size_t r = 2001;
    const auto P = support::uniform<float>({r, 19}, 1, -60, 60);  // some sums as products, some not
    const auto A = support::uniform<float>({19, 19}, 2, -60, 60);
    const auto Z = support::uniform<float>({5, r, 19}, 3);
    const auto L = support::random_labels({5, r}, 4, 19);
    same_with_any_threads([&] { return program(p = P, a = A, z = Z, t = L); });
}
