// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Attention against plain loops in double, by every operand, and against its formula with all scores stored; masks; the layer.
#include <xgrad/nn/attention.hpp>

#include "support/catch.hpp"
#include "support/dual.hpp"

namespace xg = xgrad;
using namespace xg::literals;
using support::arrays_of, support::far, support::flat, support::slope;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto sources = xg::axis<"sources">;
constexpr auto q = xg::input<"q">(batch, steps, 6_c);
constexpr auto v = xg::input<"v">(batch, steps, 9_c);
constexpr auto w = xg::input<"w">(batch, steps, 9_c);
constexpr auto k_far = xg::input<"k">(batch, sources, 6_c);
constexpr auto v_far = xg::input<"v_far">(batch, sources, 4_c);
constexpr auto there = xg::mask<"there">(batch, sources);

/// Attention one number after the other; arrays are q, k, v.
template <class See>
struct plain_attention {
    std::size_t sequences, queries, keys, heads, features, values;
    double scale, cap;
    See sees;  ///< (sequence, query, key)

    template <class R>
    std::vector<R> operator()(const arrays_of<R>& a) const {
        using std::exp, std::tanh;
        std::vector<R> all(sequences * queries * heads * values);
        for (std::size_t s = 0; s < sequences; ++s)
            for (std::size_t h = 0; h < heads; ++h)
                for (std::size_t i = 0; i < queries; ++i) {
                    std::vector<R> score(keys);
                    R total{};
                    for (std::size_t j = 0; j < keys; ++j) {
                        if (!sees(s, i, j)) continue;
                        R z{};
                        for (std::size_t c = 0; c < features; ++c)
                            z += a[0][((s * queries + i) * heads + h) * features + c] * a[1][((s * keys + j) * heads + h) * features + c];
                        z = z * R(scale);
                        score[j] = exp(cap > 0 ? R(cap) * tanh(z / R(cap)) : z);
                        total += score[j];
                    }
                    for (std::size_t j = 0; j < keys; ++j)
                        for (std::size_t c = 0; c < values && sees(s, i, j); ++c)
                            all[((s * queries + i) * heads + h) * values + c] += score[j] / total * a[2][((s * keys + j) * heads + h) * values + c];
                }
        return all;
    }
};
template <class See>
plain_attention<See> plain(std::size_t sequences, std::size_t queries, std::size_t keys, std::size_t heads, std::size_t features, std::size_t values, double scale, double cap, See sees) {
    return {sequences, queries, keys, heads, features, values, scale, cap, sees};
}
template <class Got, class Plain, class V>
void holds(const Got& got, const Plain& f, const arrays_of<double>& given, const V& weights) {
    CHECK(far(std::get<0>(got), f(given)) < 1e-14);
    CHECK(far(std::get<1>(got), slope(f, given, 0, flat(weights)[0])) < 1e-13);
    CHECK(far(std::get<2>(got), slope(f, given, 1, flat(weights)[0])) < 1e-13);
    CHECK(far(std::get<3>(got), slope(f, given, 2, flat(weights)[0])) < 1e-13);
}
}  // namespace

TEST_CASE("attention: heads, causal") {
    constexpr auto k = xg::input<"k">(batch, steps, 6_c);
    constexpr auto y = xg::scaled_dot_product_attention(q, k, v, xg::heads(3_c), xg::causal);
    static_assert(xg::shape_of(y) == xg::shape_of(v));
    const auto program = xg::compile<double>(y, xg::gradient(xg::sum(y * w), q), xg::gradient(xg::sum(y * w), k), xg::gradient(xg::sum(y * w), v));
    for (const std::size_t t : {2u, 3u, 7u, 19u}) {
        const auto Q = support::uniform<double>({2, t, 6}, 1), K = support::uniform<double>({2, t, 6}, 2), V = support::uniform<double>({2, t, 9}, 3), W = support::uniform<double>({2, t, 9}, 4);
        holds(program(q = Q, k = K, v = V, w = W), plain(2, t, t, 3, 2, 3, 1 / std::sqrt(2.0), 0, [](std::size_t, std::size_t i, std::size_t j) { return j <= i; }), flat(Q, K, V), W);
    }
}

TEST_CASE("attention: keys of another sequence, a mask, a cap") {
    constexpr auto y = xg::scaled_dot_product_attention(q, k_far, v_far, xg::heads(2_c), xg::step_mask(there), xg::softcap(0.7_c), xg::logit_scale(0.9_c));
    constexpr auto w_far = xg::input<"w">(batch, steps, 4_c);
    constexpr auto loss = xg::sum(y * w_far);
    const auto program = xg::compile<double>(y, xg::gradient(loss, q), xg::gradient(loss, k_far), xg::gradient(loss, v_far));
    for (const std::size_t keys : {2u, 3u, 21u}) {
        const auto Q = support::uniform<double>({3, 5, 6}, 1), K = support::uniform<double>({3, keys, 6}, 2), V = support::uniform<double>({3, keys, 4}, 3), W = support::uniform<double>({3, 5, 4}, 4);
        auto mask = support::shaped<bool>({3, keys});
        for (std::size_t s = 0; s < 2; ++s)  // the third sequence has no keys at all
            for (std::size_t j = 0; j < keys; ++j) mask(s, j) = (s + j) % 3 != 1;
        mask(1, 0) = true;
        const auto f = plain(3, 5, keys, 2, 3, 2, 0.9, 0.7, [&](std::size_t s, std::size_t, std::size_t j) { return mask(s, j); });
        const auto got = program(q = Q, k_far = K, v_far = V, there = mask, w_far = W);
        holds(got, f, flat(Q, K, V), W);
        auto other_K = K, other_V = V;  // keys that are not there may hold anything
        for (std::size_t s = 0; s < 3; ++s)
            for (std::size_t j = 0; j < keys; ++j)
                for (std::size_t c = 0; c < 6 && !mask(s, j); ++c) other_K(s, j, c) = other_V(s, j, c % 4) = std::numeric_limits<double>::quiet_NaN();
        const auto refilled = program(q = Q, k_far = other_K, v_far = other_V, there = mask, w_far = W);
        CHECK(support::same_bits(std::get<0>(refilled), std::get<0>(got)));
        CHECK(support::same_bits(std::get<1>(refilled), std::get<1>(got)));
        CHECK(far(std::get<2>(refilled), flat(std::get<2>(got))[0]) == 0);
        CHECK(far(std::get<3>(refilled), flat(std::get<3>(got))[0]) == 0);
    }
}

TEMPLATE_TEST_CASE("attention: many queries and keys, as the formula that stores all scores", "", float, double) {
    constexpr auto many = xg::axis<"many">;
    constexpr auto a = xg::input<"a">(batch, many, 20_c);
    constexpr auto b = xg::input<"b">(batch, sources, 20_c);
    constexpr auto c = xg::input<"c">(batch, sources, 33_c);
    constexpr auto weights = xg::input<"weights">(batch, many, 33_c);
    constexpr auto seen = xg::input<"seen">(batch, 1_c, sources);
    constexpr auto y = xg::scaled_dot_product_attention(a, b, c, xg::step_mask(there));
    constexpr auto scores = xg::matmul(a, xg::transpose(b)) / xg::sqrt(20_c);
    constexpr auto formula = xg::matmul(xg::softmax(xg::select(seen > 0_c, scores, xg::number<-1e30>)), c);
    const auto all_of = [&](auto made) {
        const auto loss = xg::sum(made * weights);
        return xg::compile<TestType>(made, xg::gradient(loss, a), xg::gradient(loss, b), xg::gradient(loss, c));
    };
    const auto blocks = all_of(y);
    const auto stored = all_of(formula);
    for (const auto& [queries, keys] : {std::pair{3u, 700u}, std::pair{300u, 90u}, std::pair{133u, 1030u}}) {
        const auto A = support::uniform<TestType>({2, queries, 20}, 1), B = support::uniform<TestType>({2, keys, 20}, 2), C = support::uniform<TestType>({2, keys, 33}, 3);
        const auto W = support::uniform<TestType>({2, queries, 33}, 4);
        auto mask = support::shaped<bool>({2, keys});
        auto number = support::shaped<TestType>({2, 1, keys});
        for (std::size_t s = 0; s < 2; ++s)
            for (std::size_t j = 0; j < keys; ++j) number(s, 0, j) = mask(s, j) = s == 0 || (j > 600 || j % 5 < 2);
        const auto got = blocks(a = A, b = B, c = C, there = mask, weights = W);
        const auto wanted = stored(a = A, b = B, c = C, seen = number, weights = W);
        INFO(queries << " queries, " << keys << " keys");
        const double bound = 64 * support::epsilon<TestType>;
        CHECK(far(std::get<0>(got), flat(std::get<0>(wanted))[0]) < bound);
        CHECK(far(std::get<1>(got), flat(std::get<1>(wanted))[0]) < bound);
        CHECK(far(std::get<2>(got), flat(std::get<2>(wanted))[0]) < bound);
        CHECK(far(std::get<3>(got), flat(std::get<3>(wanted))[0]) < bound);
    }
}

TEST_CASE("attention: scores of 1e4, and none") {
    constexpr auto k = xg::input<"k">(batch, steps, 6_c);
    constexpr auto y = xg::scaled_dot_product_attention(q, k, v);
    const auto program = xg::compile(y, xg::gradient(xg::sum(y * w), q), xg::gradient(xg::sum(y * w), k), xg::gradient(xg::sum(y * w), v));
    const auto Q = support::uniform<float>({2, 40, 6}, 1, -100, 100), K = support::uniform<float>({2, 40, 6}, 2, -100, 100), V = support::uniform<float>({2, 40, 9}, 3), W = support::uniform<float>({2, 40, 9}, 4);
    const auto got = program(q = Q, k = K, v = V, w = W);
    bool finite = true;
    for (const auto* one : {&std::get<0>(got), &std::get<1>(got), &std::get<2>(got), &std::get<3>(got)})
        for (const float x : *one) finite = finite && std::isfinite(x);
    CHECK(finite);
}

TEST_CASE("attention: memory grows with the steps, not with their square") {
    constexpr auto k = xg::input<"k">(batch, steps, 6_c);
    constexpr auto loss = xg::sum(xg::square(xg::scaled_dot_product_attention(q, k, v, xg::heads(3_c))));
    auto program = xg::compile(xg::gradient(loss, q), xg::gradient(loss, k), xg::gradient(loss, v)).prepare();
    const auto Q = support::uniform<float>({1, 4096, 6}, 1), K = support::uniform<float>({1, 4096, 6}, 2), V = support::uniform<float>({1, 4096, 9}, 3);
    program(q = Q, k = K, v = V);
    CHECK(program.arena_bytes() < 4096 * 200 * sizeof(float));  // one matrix of scores: 4096 * 4096
}

TEST_CASE("attention: the layer") {
    constexpr auto x = xg::input<"x">(steps, batch, 6_c);
    constexpr auto seen = xg::mask<"seen">(steps, batch);
    constexpr auto y = xg::multi_head_attention<"a">(steps, 12_c, xg::heads(4_c), xg::step_mask(seen))(x);
    static_assert(xg::shape_of(y) == xg::shape_of(xg::input<"y">(steps, batch, 12_c)));
    const auto project = [](auto from, auto path, auto in) {
        return xg::matmul(from, xg::parameter<xg::join(path(), xg::fixed_string("weight")), xg::glorot_uniform>(in, 12_c)) + xg::parameter<xg::join(path(), xg::fixed_string("bias"))>(12_c);
    };
    constexpr auto turned = xg::transpose(x, xg::axes<1, 0, 2>);
    constexpr auto means = xg::scaled_dot_product_attention(project(turned, [] { return xg::fixed_string("a.query"); }, 6_c), project(turned, [] { return xg::fixed_string("a.key"); }, 6_c),
                                                            project(turned, [] { return xg::fixed_string("a.value"); }, 6_c), xg::heads(4_c));
    constexpr auto same = xg::transpose(project(means, [] { return xg::fixed_string("a.output"); }, 12_c), xg::axes<1, 0, 2>);
    static_assert(xg::same(xg::multi_head_attention<"a">(steps, 12_c, xg::heads(4_c))(x), same));

    // What stands behind a sequence's end changes not a bit of what it gives, nor of the gradient of its input, alone or in a batch.
    xg::trainer trainer{xg::mean(xg::square(y)), xg::sgd{.learning_rate = 0.1}, xg::seed{3}};
    constexpr auto weights = xg::input<"weights">(steps, batch, 12_c);
    auto program = trainer.compile(y, xg::gradient(xg::sum(y * weights), x));
    const auto alone = support::uniform<float>({3, 1, 6}, 1), of_alone = support::uniform<float>({3, 1, 12}, 2);
    auto padded = support::uniform<float>({9, 4, 6}, 3), of_padded = support::uniform<float>({9, 4, 12}, 4);
    auto mask = support::shaped<bool>({9, 4}), all = support::shaped<bool>({3, 1});
    for (std::size_t t = 0; t < 9; ++t)
        for (std::size_t s = 0; s < 4; ++s) mask(t, s) = s != 2 || t < 3;
    for (std::size_t t = 0; t < 3; ++t) {
        all(t, 0) = true;
        for (std::size_t c = 0; c < 6; ++c) padded(t, 2, c) = alone(t, 0, c);
        for (std::size_t c = 0; c < 12; ++c) of_padded(t, 2, c) = of_alone(t, 0, c);
    }
    for (std::size_t t = 3; t < 9; ++t)
        for (std::size_t c = 0; c < 12; ++c) {
            of_padded(t, 2, c) = 0;
            padded(t, 2, c / 2) = std::numeric_limits<float>::quiet_NaN();
        }
    const auto one = program(x = alone, seen = all, weights = of_alone);
    const auto many = program(x = padded, seen = mask, weights = of_padded);
    bool equal = true;
    for (std::size_t t = 0; t < 3; ++t) {
        for (std::size_t c = 0; c < 12; ++c) equal = equal && std::get<0>(one)(t, 0, c) == std::get<0>(many)(t, 2, c);
        for (std::size_t c = 0; c < 6; ++c) equal = equal && std::get<1>(one)(t, 0, c) == std::get<1>(many)(t, 2, c);
    }
    CHECK(equal);
    trainer.step(x = padded, seen = mask);
    CHECK(std::isfinite(trainer.step(x = padded, seen = mask)));  // what is not a number would have reached the weights
}
