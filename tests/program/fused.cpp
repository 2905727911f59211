// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"
#include "support/models.hpp"

#include <map>

namespace xg = xgrad;
using namespace xg::literals;

/// The fused plan computes what one kernel an op computes, at every size, in whatever order sizes come.
namespace {

constexpr auto batch = xg::axis<"batch">;

/// The largest difference, measured against the largest element of each result: |a - b| <= bound max|b|.
template <class A, class B>
double difference(const A& a, const B& b) {
    if constexpr (std::is_arithmetic_v<A>) {
        return std::abs(static_cast<double>(a) - b) / std::max(1e-3, std::abs(static_cast<double>(b)));
    } else {
        if (a.shape() != b.shape()) return std::numeric_limits<double>::infinity();
        double worst = 0, size = 1e-3;
        for (std::size_t i = 0; i < a.size(); ++i) {
            const double d = std::abs(static_cast<double>(a.data()[i]) - b.data()[i]);
            if (!(d <= worst)) worst = std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
            size = std::max(size, std::abs(static_cast<double>(b.data()[i])));
        }
        return worst / size;
    }
}
template <class... A, class... B>
double difference(const std::tuple<A...>& a, const std::tuple<B...>& b) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return std::max({difference(std::get<I>(a), std::get<I>(b))...});
    }(std::index_sequence_for<A...>{});
}

/// `bind(rows)` returns a function that calls a program with arrays of so many rows.
template <class T>
void agree(auto fused, auto apart, auto bind, double bound = 64 * support::epsilon<T>) {
    auto kept = fused.prepare();
    auto kept_apart = apart.prepare();
    for (std::size_t rows : {32u, 7u, 1u, 32u, 33u, 13u, 64u, 2u}) {
        CAPTURE(rows);
        const auto call = bind(rows);
        const auto reused = call(kept), fresh = call(fused), unfused = call(kept_apart);
        CHECK(difference(reused, fresh) == 0);  // a used arena makes no difference
        CHECK(difference(reused, unfused) <= bound);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("softmax cross-entropy, fused and apart", "[program]", float, double) {
    using T = TestType;
    constexpr auto width = xg::axis<"width">;
    constexpr auto z = xg::input<"z">(batch, width);
    constexpr auto q = xg::input<"q">(batch, width);
    constexpr auto rows = xg::cross_entropy(z, q);
    constexpr auto loss = xg::mean(rows);
    constexpr auto fused = xg::compile<T>(loss, rows, xg::gradient(loss, z));
    constexpr auto apart = xg::compile<T>(loss, rows, xg::gradient(loss, z), xg::unfused);
    for (std::size_t columns : {1u, 7u, 16u, 17u, 64u, 65u, 1000u})
        agree<T>(fused, apart, [=](std::size_t n) {
            const auto Z = support::uniform<T>({n, columns}, 1, -5, 5), Q = support::uniform<T>({n, columns}, 2, 0, 1);
            return [=](auto& program) { return program(z = Z, q = Q); };
        });
}

TEMPLATE_TEST_CASE("a perceptron with its gradients, fused and apart", "[program]", float, double) {
    using T = TestType;
    constexpr auto x = xg::input<"x">(batch, 9_c);
    constexpr auto y = xg::input<"y">(batch, 1_c);
    constexpr auto w1 = xg::input<"w1">(9_c, 17_c);
    constexpr auto b1 = xg::input<"b1">(17_c);
    constexpr auto w2 = xg::input<"w2">(17_c, 65_c);
    constexpr auto b2 = xg::input<"b2">(65_c);
    constexpr auto w3 = xg::input<"w3">(65_c, 1_c);
    constexpr auto z = matmul(tanh(matmul(relu(matmul(x, w1) + b1), w2) + b2), w3);
    constexpr auto loss = xg::mean(xg::binary_cross_entropy_with_logits(z, y));
    agree<T>(xg::compile<T>(loss, xg::gradient(loss, w1, b1, w2, b2, w3, x)), xg::compile<T>(loss, xg::gradient(loss, w1, b1, w2, b2, w3, x), xg::unfused), [=](std::size_t n) {
        const auto X = support::uniform<T>({n, 9}, 3), Y = support::uniform<T>({n, 1}, 4, 0, 1), W1 = support::uniform<T>({9, 17}, 5, -1, 1), W2 = support::uniform<T>({17, 65}, 6, -1, 1),
                   W3 = support::uniform<T>({65, 1}, 7, -1, 1);
        const auto B1 = support::uniform<T>({17}, 8), B2 = support::uniform<T>({65}, 9);
        return [=](auto& program) { return program(x = X, y = Y, w1 = W1, b1 = B1, w2 = W2, b2 = B2, w3 = W3); };
    });
}

TEMPLATE_TEST_CASE("normalisation over the batch, fused and apart", "[program]", float, double) {
    using T = TestType;
    constexpr auto width = xg::axis<"width">;
    constexpr auto x = xg::input<"x">(batch, width);
    constexpr auto gain = xg::input<"gain">(width);
    constexpr auto w = xg::input<"w">(batch, width);
    constexpr auto centred = x - xg::mean(x, batch);
    constexpr auto normal = gain * centred / sqrt(xg::mean(square(centred), batch) + 0.01_c);
    constexpr auto loss = xg::sum(w * normal);
    for (std::size_t columns : {1u, 17u, 65u})
        agree<T>(xg::compile<T>(normal, xg::gradient(loss, x, gain)), xg::compile<T>(normal, xg::gradient(loss, x, gain), xg::unfused), [=](std::size_t n) {
            const auto X = support::uniform<T>({n, columns}, 10), W = support::uniform<T>({n, columns}, 11);
            const auto G = support::uniform<T>({columns}, 12);
            return [=](auto& program) { return program(x = X, w = W, gain = G); };
        }, 1024 * support::epsilon<T>);
}

TEMPLATE_TEST_CASE("attention over one head, fused and apart", "[program]", float, double) {
    using T = TestType;
    constexpr auto keys = xg::axis<"keys">;
    constexpr auto q = xg::input<"q">(batch, 16_c);
    constexpr auto k = xg::input<"k">(keys, 16_c);
    constexpr auto v = xg::input<"v">(keys, 5_c);
    constexpr auto w = xg::input<"w">(batch, 5_c);
    constexpr auto out = matmul(xg::softmax(0.25_c * matmul(q, xg::transpose(k))), v);
    constexpr auto loss = xg::sum(w * out);
    for (std::size_t length : {1u, 7u, 65u})
        agree<T>(xg::compile<T>(out, xg::gradient(loss, q, k, v)), xg::compile<T>(out, xg::gradient(loss, q, k, v), xg::unfused), [=](std::size_t n) {
            const auto Q = support::uniform<T>({n, 16}, 13), K = support::uniform<T>({length, 16}, 14), V = support::uniform<T>({length, 5}, 15), W = support::uniform<T>({n, 5}, 16);
            return [=](auto& program) { return program(q = Q, k = K, v = V, w = W); };
        }, 256 * support::epsilon<T>);
}

TEST_CASE("a chain of ten ops, fused and apart", "[program]") {
    constexpr auto x = xg::input<"x">(batch, 33_c);
    constexpr auto f = sigmoid(tanh(x * 2_c + 1_c) * exp(-square(x)) - softplus(x)) * xg::maximum(x, 0.5_c) + log1p(xg::abs(x));
    constexpr auto loss = xg::mean(f);
    agree<float>(xg::compile(f, loss, xg::gradient(loss, x)), xg::compile(f, loss, xg::gradient(loss, x), xg::unfused), [=](std::size_t n) {
        const auto X = support::uniform<float>({n, 33}, 17);
        return [=](auto& program) { return program(x = X); };
    });
}

TEST_CASE("training, fused and apart; and twice the same bits", "[program]") {
    using models::deep::x, models::deep::t;
    constexpr auto f = models::deep::loss<3>();
    const auto X = support::uniform<double>({40, 32}, 18);
    const auto L = support::random_labels({40}, 19, 10);
    auto trained = [&](auto optimiser, auto... options) {
        xg::trainer trainer{f, optimiser, xg::seed{5}, xg::precision<double>, options...};
        double last = 0;
        for (int epoch = 0; epoch < 5; ++epoch)
            for (auto [xb, tb] : xg::batches(16, xg::seed{1}, X, L)) last = trainer.step(x = xb, t = tb);
        std::map<std::string, std::vector<double>> all{{"", {last}}};  // plans may hold parameters in another order
        boost::hana::for_each(trainer.parameters(), [&](const auto& entry) {
            const auto& values = boost::hana::second(entry);
            using key = typename std::remove_cvref_t<decltype(boost::hana::first(entry))>::type;
            [&]<xg::fixed_string Name>(xg::parameter_key<Name>) { all[std::string(std::string_view(Name))].assign(values.begin(), values.end()); }(key{});
        });
        CHECK(all.size() == 9);
        return all;
    };
    auto close = [](const auto& a, const auto& b) {
        double worst = 0;
        for (const auto& [name, values] : a) {
            REQUIRE(b.count(name) == 1);
            for (std::size_t i = 0; i < values.size(); ++i) worst = std::max(worst, std::abs(values[i] - b.at(name)[i]));
        }
        return worst;
    };
    const auto momentum = trained(xg::sgd{.learning_rate = 0.05, .momentum = 0.9});
    CHECK(close(momentum, trained(xg::sgd{.learning_rate = 0.05, .momentum = 0.9}, xg::unfused)) < 1e-12);
    CHECK(momentum == trained(xg::sgd{.learning_rate = 0.05, .momentum = 0.9}));
    const auto clipped = trained(xg::adam{}, xg::clip_global_norm{0.5});
    CHECK(close(clipped, trained(xg::adam{}, xg::clip_global_norm{0.5}, xg::unfused)) < 1e-10);
    CHECK(clipped == trained(xg::adam{}, xg::clip_global_norm{0.5}));
    CHECK(close(momentum, clipped) > 1e-3);  // and the comparison can fail
}
