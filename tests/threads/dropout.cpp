// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// What dropout drops depends on an element's place alone: not on threads, on panels, on fusion or on how many rows there are.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

#include <omp.h>

namespace {
namespace xg = xgrad;
using namespace xg::literals;
}  // namespace

TEST_CASE("threads: dropout between products, batch_norm over the rows") {
    constexpr auto rows = xg::axis<"rows">;
    constexpr auto x = xg::input<"x">(rows, 16_c);
    constexpr auto w = xg::parameter<"w">(16_c, 1000_c);
    constexpr auto v = xg::parameter<"v">(1000_c, 3_c);
    constexpr auto hidden = xg::training(xg::dropout<"d">(0.5_c)(xg::sigmoid(matmul(x, w))));  // 0 only where it is dropped
    constexpr auto plain = xg::batch_norm_options{.scale = false, .bias = false};
    constexpr auto normal = xg::training(xg::batch_norm<"n", plain>(matmul(hidden, v)));
    constexpr auto loss = xg::sum(xg::square(normal) * normal);
    auto fused = xg::compile(loss, xg::gradient(loss, w), xg::gradient(loss, v)).prepare();
    auto with_hidden = xg::compile(hidden, normal).prepare();
    auto apart = xg::compile(hidden, xg::unfused).prepare();
    const auto W = support::uniform<float>({16, 1000}, 1), V = support::uniform<float>({1000, 3}, 2), X = support::uniform<float>({7013, 16}, 3);
    support::array<float, 2> few = support::shaped<float>({37, 16});
    std::copy_n(X.begin(), few.size(), few.begin());
    const auto zeros = [](const support::array<float, 2>& h, std::size_t count) {
        std::vector<bool> made;
        for (std::size_t i = 0; i < count; ++i) made.push_back(h.data()[i] == 0);
        return made;
    };
    omp_set_dynamic(0);
    omp_set_num_threads(1);
    const auto expected = fused(x = X, w = W, v = V, xg::random_seed = 11);
    const auto shown = with_hidden(x = X, w = W, v = V, xg::random_seed = 11);
    const auto pattern = zeros(std::get<0>(shown), 37000);
    CHECK(zeros(apart(x = X, w = W, xg::random_seed = 11), 37000) == pattern);
    CHECK(zeros(std::get<0>(with_hidden(x = few, w = W, v = V, xg::random_seed = 11)), 37000) == pattern);
    CHECK(zeros(std::get<0>(with_hidden(x = few, w = W, v = V, xg::random_seed = 12)), 37000) != pattern);
    for (int threads : {2, 3}) {
        omp_set_num_threads(threads);
        INFO("threads " << threads);
        const auto got = fused(x = X, w = W, v = V, xg::random_seed = 11);
        CHECK(std::get<0>(got) == std::get<0>(expected));
        CHECK(support::same_bits(std::get<1>(got), std::get<1>(expected)));
        CHECK(support::same_bits(std::get<2>(got), std::get<2>(expected)));
        const auto again = with_hidden(x = X, w = W, v = V, xg::random_seed = 11);
        CHECK(support::same_bits(std::get<0>(again), std::get<0>(shown)));
        CHECK(support::same_bits(std::get<1>(again), std::get<1>(shown)));
    }
    omp_set_num_threads(1);
}
