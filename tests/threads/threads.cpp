// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The same bits for any number of threads: every way in which a call's work is cut, at sizes where it is worth it.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>
#include <support/models.hpp>

#include <omp.h>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto rows = xg::axis<"rows">;
constexpr auto columns = xg::axis<"columns">;

/// make() with 1, 2, 3, 4 and 7 threads; each gives a list of arrays.
template <class Make>
void check_same_bits(Make make) {
    omp_set_dynamic(0);
    omp_set_num_threads(1);
    const auto expected = make();
    for (int threads : {2, 3, 4, 7}) {
        omp_set_num_threads(threads);
        const auto got = make();
        REQUIRE(got.size() == expected.size());
        for (std::size_t i = 0; i < got.size(); ++i) {
            INFO("threads " << threads << ", result " << i);
            CHECK(support::same_bits(got[i], expected[i]));
        }
    }
    omp_set_num_threads(1);
}
template <class T, std::size_t N>
std::vector<T> flat(const support::array<T, N>& a) {
    return {a.begin(), a.end()};
}

template <std::size_t Inputs, std::size_t Hidden, std::size_t Classes, class... Options>
std::vector<std::vector<float>> trained(std::size_t samples, Options... options) {
    constexpr auto x = xg::input<"x">(models::batch, xg::static_extent<Inputs>{});
    constexpr auto t = xg::labels<"t">(models::batch, xg::classes(xg::static_extent<Classes>{}));
    constexpr auto logits = xg::sequential(xg::dense<"hidden">(xg::static_extent<Hidden>{}), xg::relu, xg::dense<"logits">(xg::static_extent<Classes>{}))(x);
    xg::trainer trainer{xg::mean(xg::cross_entropy(logits, t)), xg::adam{.learning_rate = 1e-3}, xg::seed{1}, options...};
    const auto X = support::uniform<float>({samples, Inputs}, 3);
    const auto labels = support::random_labels({samples}, 4, Classes);
    std::vector<std::vector<float>> made(1);
    for (int step = 0; step < 3; ++step) made[0].push_back(static_cast<float>(trainer.step(x = X, t = labels)));
    boost::hana::for_each(trainer.parameters(), [&](auto entry) {
        const auto& p = boost::hana::second(entry);
        made.emplace_back(p.begin(), p.end());
    });
    return made;
}
}  // namespace

TEST_CASE("threads: training steps") {
    check_same_bits([] { return trained<784, 256, 10>(128); });
    check_same_bits([] { return trained<784, 256, 10>(1003); });
    check_same_bits([] { return trained<300, 512, 200>(517); });
    check_same_bits([] { return trained<300, 512, 200>(517, xg::unfused); });
}

TEST_CASE("threads: rows with sums over rows, over columns and over everything") {
    constexpr auto z = xg::input<"z">(rows, columns);
    constexpr auto b = xg::input<"b">(columns);
    constexpr auto loss = xg::mean(square(xg::softmax(z + b) - xg::tanh(z)));
    auto program = xg::compile(loss, xg::gradient(loss, z), xg::gradient(loss, b)).prepare();
    auto apart = xg::compile(loss, xg::gradient(loss, z), xg::gradient(loss, b), xg::unfused).prepare();
    for (std::size_t n : {5u, 701u, 2048u}) {
        const auto Z = support::uniform<float>({n, 300}, 8);
        const auto B = support::uniform<float>({300}, 9);
        check_same_bits([&] {
            const auto [value, dz, db] = program(z = Z, b = B);
            const auto [value_apart, dz_apart, db_apart] = apart(z = Z, b = B);
            return std::vector{std::vector{value, value_apart}, flat(dz), flat(db), flat(dz_apart), flat(db_apart)};
        });
    }
}

TEST_CASE("threads: short rows and long vectors") {
    constexpr auto z = xg::input<"z">(rows, 10_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(10_c));
    constexpr auto v = xg::input<"v">(columns);
    constexpr auto loss = xg::mean(xg::cross_entropy(z, t)) + xg::sum(xg::sigmoid(v) * xg::tanh(v));
    auto program = xg::compile(loss, xg::gradient(loss, z), xg::gradient(loss, v)).prepare();
    auto apart = xg::compile(loss, xg::gradient(loss, z), xg::gradient(loss, v), xg::unfused).prepare();
    const auto Z = support::uniform<float>({20011, 10}, 5, -9, 9);
    const auto labels = support::random_labels({20011}, 6, 10);
    const auto V = support::uniform<float>({300007}, 7);
    check_same_bits([&] {
        const auto [value, dz, dv] = program(z = Z, t = labels, v = V);
        const auto [value_apart, dz_apart, dv_apart] = apart(z = Z, t = labels, v = V);
        return std::vector{std::vector{value, value_apart}, flat(dz), flat(dv), flat(dz_apart), flat(dv_apart)};
    });
}

TEST_CASE("threads: batches of products, transposed sides, a result of one column") {
    constexpr auto a = xg::input<"a">(rows, 90_c, 70_c);
    constexpr auto b = xg::input<"b">(rows, 70_c, 110_c);
    constexpr auto c = xg::input<"c">(70_c, 1_c);
    constexpr auto loss = xg::sum(square(matmul(a, b))) + xg::sum(xg::sigmoid(matmul(a, c)));
    auto program = xg::compile(loss, xg::gradient(loss, a), xg::gradient(loss, b), xg::gradient(loss, c)).prepare();
    const auto A = support::uniform<float>({61, 90, 70}, 1, -1, 1);
    const auto B = support::uniform<float>({61, 70, 110}, 2, -1, 1);
    const auto C = support::uniform<float>({70, 1}, 3, -1, 1);
    check_same_bits([&] {
        const auto [value, da, db, dc] = program(a = A, b = B, c = C);
        return std::vector{std::vector{value}, flat(da), flat(db), flat(dc)};
    });
}

TEST_CASE("threads: products in panels") {
    constexpr auto x = xg::input<"x">(rows, 24_c);
    constexpr auto w = xg::input<"w">(24_c, 9000_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(9000_c));
    constexpr auto loss = xg::mean(xg::cross_entropy(matmul(x, w), t));
    auto program = xg::compile(loss, xg::gradient(loss, x), xg::gradient(loss, w)).prepare();
    const auto X = support::uniform<float>({2500, 24}, 1, -1, 1);
    const auto W = support::uniform<float>({24, 9000}, 2, -1, 1);
    const auto labels = support::random_labels({2500}, 3, 9000);
    check_same_bits([&] {
        const auto [value, dx, dw] = program(x = X, w = W, t = labels);
        return std::vector{std::vector{value}, flat(dx), flat(dw)};
    });
    CHECK(program.arena_bytes() < 32u << 20);
}

TEST_CASE("threads: a call from a parallel region of the user's own") {
    constexpr auto v = xg::input<"v">(columns);
    constexpr auto program = xg::compile(xg::sum(xg::sigmoid(v)));
    const auto V = support::uniform<float>({500000}, 7);
    const float expected = program(v = V);
    omp_set_num_threads(4);
    float got[4] = {};
#pragma omp parallel for
    for (int i = 0; i < 4; ++i) got[i] = program(v = V);
    for (float g : got) CHECK(g == expected);
    omp_set_num_threads(1);
}
