// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Recurrent layers against plain loops in double, by every parameter; sequences of unequal length; training.
#include <xgrad/nn/recurrent.hpp>

#include "support/catch.hpp"
#include "support/dual.hpp"

namespace xg = xgrad;
using namespace xg::literals;
using support::arrays_of, support::far, support::flat, support::logistic, support::slope;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(batch, steps, 2_c);
constexpr auto v = xg::input<"v">(batch, steps, 3_c);
constexpr auto there = xg::mask<"there">(batch, steps);

/// Parameters of a gate of width 3: weight, recurrent, bias.
template <xg::fixed_string Path, auto Bias = xg::zeros, std::size_t In = 2>
constexpr auto gate() {
    return std::tuple{xg::detail::cell_parameter<Path, "weight", xg::glorot_uniform>(xg::static_extent<In>{}, 3_c), xg::detail::cell_parameter<Path, "recurrent", xg::glorot_uniform>(3_c, 3_c),
                      xg::detail::cell_parameter<Path, "bias", Bias>(3_c)};
}
/// Arrays for a tuple of leaves, of small numbers.
template <class... Leaf>
auto arrays_for(std::tuple<Leaf...>) {
    unsigned seed = 20;
    return std::tuple{[&](auto leaf) {
        constexpr const xg::shape& s = xg::shape_of(decltype(leaf){});
        if constexpr (s.rank == 1) return support::uniform<double>({static_cast<std::size_t>(s[0].size)}, ++seed, -1, 1);
        else return support::uniform<double>({static_cast<std::size_t>(s[0].size), static_cast<std::size_t>(s[1].size)}, ++seed, -1, 1);
    }(Leaf{})...};
}
/// A program of a layer's output and its gradients by x and all leaves, called with arrays for all of them.
template <class H, class... Leaf>
auto run_of(H h, std::tuple<Leaf...>) {
    const auto total = xg::sum(h * v);
    return xg::compile<double>(h, xg::gradient(total, x), xg::gradient(total, Leaf{})...);
}
template <class Program, class X, class V, class M, class... Leaf, class... Array>
auto call(const Program& program, const X& x_data, const V& v_data, const M& m_data, std::tuple<Leaf...> leaves, const std::tuple<Array...>& arrays) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) { return program(x = x_data, v = v_data, there = m_data, (std::get<K>(leaves) = std::get<K>(arrays))...); }(std::index_sequence_for<Leaf...>{});
}

/// A plain loop: `cell(states, e, arrays)` where the mask says so; states of width 3, the output first; arrays: x, then the leaves.
template <bool Backwards, std::size_t States, class Mask, class Cell>
struct loop {
    std::size_t b, t;
    const Mask& mask;
    Cell cell;
    template <class R>
    std::vector<R> operator()(const arrays_of<R>& a) const {
        std::vector<R> all(b * t * 3);
        for (std::size_t i = 0; i < b; ++i) {
            std::array<std::array<R, 3>, States> state{};
            for (std::size_t k = 0; k < t; ++k) {
                const std::size_t step = Backwards ? t - 1 - k : k;
                if (mask(i, step)) state = cell(state, a[0].data() + (i * t + step) * 2, a);
                for (std::size_t j = 0; j < 3; ++j) all[(i * t + step) * 3 + j] = state[0][j];
            }
        }
        return all;
    }
};
template <bool Backwards, std::size_t States, class Mask, class Cell>
loop<Backwards, States, Mask, Cell> plain_loop(std::size_t b, std::size_t t, const Mask& mask, Cell cell) {
    return {b, t, mask, cell};
}
/// What gate `g` has before its activation.
template <class R>
R affine(const arrays_of<R>& a, std::size_t g, const R* e, const std::array<R, 3>& h, std::size_t j) {
    R sum = a[3 + 3 * g][j];
    for (std::size_t l = 0; l < 2; ++l) sum += e[l] * a[1 + 3 * g][l * 3 + j];
    for (std::size_t l = 0; l < 3; ++l) sum += h[l] * a[2 + 3 * g][l * 3 + j];
    return sum;
}
/// Every result beside the plain loop.
template <class Got, class Plain, class V, std::size_t... K>
void holds(const Got& got, Plain plain, const arrays_of<double>& given, const V& weights, std::index_sequence<K...>) {
    CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
    (
        [&] {
            INFO("gradient " << K);
            CHECK(far(std::get<K + 1>(got), slope(plain, given, K, flat(weights)[0])) < 1e-12);
        }(),
        ...);
}
/// Rows of unequal length: row i has 1 + (3 i) % t steps.
auto lengths_mask(std::size_t b, std::size_t t) {
    auto mask = support::shaped<bool>({b, t});
    for (std::size_t i = 0; i < b; ++i)
        for (std::size_t k = 0; k < t; ++k) mask(i, k) = k < 1 + 3 * i % t;
    return mask;
}
/// A padded batch gives for each sequence what the sequence gives alone, bit by bit, but for the parameters' gradients; what stands in the padding changes not a bit.
template <class Program, class Leaves, class Arrays>
void padding_is_nothing(const Program& program, Leaves leaves, const Arrays& arrays) {
    const std::size_t b = 5, t = 7;
    const auto X = support::uniform<double>({b, t, 2}, 1), V = support::uniform<double>({b, t, 3}, 2);
    const auto mask = lengths_mask(b, t);
    auto weights = V;  // what stands at padded steps is nobody's loss
    for (std::size_t i = 0; i < b; ++i)
        for (std::size_t k = 0; k < t; ++k)
            for (std::size_t j = 0; j < 3; ++j) weights(i, k, j) = mask(i, k) ? V(i, k, j) : 0;
    const auto padded = call(program, X, weights, mask, leaves, arrays);
    auto other = X;
    for (std::size_t i = 0; i < b; ++i)
        for (std::size_t k = 0; k < t; ++k)
            for (std::size_t j = 0; j < 2; ++j) other(i, k, j) = mask(i, k) ? X(i, k, j) : std::numeric_limits<double>::quiet_NaN();
    const auto refilled = call(program, other, weights, mask, leaves, arrays);
    [&]<std::size_t... K>(std::index_sequence<K...>) {
        const bool same[] = {support::same_bits(std::get<K>(padded), std::get<K>(refilled))...};
        for (const bool one : same) CHECK(one);
    }(std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(padded)>>>{});
    std::vector<double> sums(std::get<2>(padded).size());
    double output = 0, to_input = 0;
    bool no_slope = true;
    for (std::size_t i = 0; i < b; ++i) {
        const std::size_t n = 1 + 3 * i % t;
        auto x1 = support::shaped<double>({1, n, 2});
        auto v1 = support::shaped<double>({1, n, 3});
        auto m1 = support::shaped<bool>({1, n});
        for (std::size_t k = 0; k < n; ++k) {
            m1(0, k) = true;
            for (std::size_t j = 0; j < 2; ++j) x1(0, k, j) = X(i, k, j);
            for (std::size_t j = 0; j < 3; ++j) v1(0, k, j) = V(i, k, j);
        }
        const auto alone = call(program, x1, v1, m1, leaves, arrays);
        for (std::size_t k = 0; k < n; ++k) {
            for (std::size_t j = 0; j < 3; ++j) output = std::max(output, std::abs(std::get<0>(alone)(0, k, j) - std::get<0>(padded)(i, k, j)));
            for (std::size_t j = 0; j < 2; ++j) to_input = std::max(to_input, std::abs(std::get<1>(alone)(0, k, j) - std::get<1>(padded)(i, k, j)));
        }
        for (std::size_t k = n; k < t; ++k)
            for (std::size_t j = 0; j < 2; ++j) no_slope = no_slope && std::get<1>(padded)(i, k, j) == 0;
        for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += std::get<2>(alone).data()[k];
    }
    CHECK(output == 0);
    CHECK(to_input == 0);
    CHECK(no_slope);
    CHECK(far(std::get<2>(padded), sums) < 1e-14);
}
struct sizes {
    std::size_t b, t;
};
constexpr sizes several[] = {{1, 1}, {4, 3}, {2, 6}};
}  // namespace

TEST_CASE("lstm: peepholes, sequences of unequal length, backwards", "[nn]") {
    constexpr auto leaves = std::tuple_cat(gate<"a.input">(), gate<"a.forget", xg::ones>(), gate<"a.cell">(), gate<"a.output">(),
                                           std::tuple{xg::detail::cell_parameter<"a.input", "peephole", xg::zeros>(3_c), xg::detail::cell_parameter<"a.forget", "peephole", xg::zeros>(3_c),
                                                      xg::detail::cell_parameter<"a.output", "peephole", xg::zeros>(3_c)});
    const auto program = run_of(xg::lstm<"a">(steps, 3_c, xg::peepholes, xg::step_mask(there), xg::backwards)(x), leaves);
    const auto arrays = arrays_for(leaves);
    const auto cell = [](const auto& s, const auto* e, const auto& a) {
        using std::tanh;
        auto made = s;
        for (std::size_t j = 0; j < 3; ++j) {
            const auto in = logistic(affine(a, 0, e, s[0], j) + s[1][j] * a[13][j]), keep = logistic(affine(a, 1, e, s[0], j) + s[1][j] * a[14][j]);
            made[1][j] = keep * s[1][j] + in * tanh(affine(a, 2, e, s[0], j));
            made[0][j] = logistic(affine(a, 3, e, s[0], j) + made[1][j] * a[15][j]) * tanh(made[1][j]);
        }
        return made;
    };
    for (const auto& [b, t] : several) {
        const auto X = support::uniform<double>({b, t, 2}, 1), V = support::uniform<double>({b, t, 3}, 2);
        const auto mask = lengths_mask(b, t);
        const auto given = std::apply([&](const auto&... leaf) { return flat(X, leaf...); }, arrays);
        INFO(b << " rows, " << t << " steps");
        holds(call(program, X, V, mask, leaves, arrays), plain_loop<true, 2>(b, t, mask, cell), given, V, std::make_index_sequence<16>{});
    }
    padding_is_nothing(program, leaves, arrays);
}

TEST_CASE("gru: the reset gate before the product and after it", "[nn]") {
    constexpr auto before = std::tuple_cat(gate<"a.reset">(), gate<"a.update">(), gate<"a.candidate">());
    constexpr auto after = std::tuple_cat(before, std::tuple{xg::detail::cell_parameter<"a.candidate", "recurrent_bias", xg::zeros>(3_c)});
    const auto step = [](const auto& s, const auto* e, const auto& a, auto remembered) {
        using std::tanh;
        auto made = s;
        for (std::size_t j = 0; j < 3; ++j) {
            auto seen = a[9][j] + remembered(j);
            for (std::size_t l = 0; l < 2; ++l) seen += e[l] * a[7][l * 3 + j];
            const auto z = logistic(affine(a, 1, e, s[0], j));
            using R = std::remove_cvref_t<decltype(seen)>;
            made[0][j] = (R(1) - z) * tanh(seen) + z * s[0][j];
        }
        return made;
    };
    const auto cell_before = [&](const auto& s, const auto* e, const auto& a) {
        return step(s, e, a, [&](std::size_t j) {
            auto sum = a[9][j] - a[9][j];
            for (std::size_t l = 0; l < 3; ++l) sum += logistic(affine(a, 0, e, s[0], l)) * s[0][l] * a[8][l * 3 + j];
            return sum;
        });
    };
    const auto cell_after = [&](const auto& s, const auto* e, const auto& a) {
        return step(s, e, a, [&](std::size_t j) {
            auto sum = a[10][j];
            for (std::size_t l = 0; l < 3; ++l) sum += s[0][l] * a[8][l * 3 + j];
            return logistic(affine(a, 0, e, s[0], j)) * sum;
        });
    };
    const auto beside = [](auto program, auto leaves, auto cell, auto count) {
        const auto arrays = arrays_for(leaves);
        for (const auto& [b, t] : several) {
            const auto X = support::uniform<double>({b, t, 2}, 1), V = support::uniform<double>({b, t, 3}, 2);
            const auto mask = lengths_mask(b, t);
            const auto given = std::apply([&](const auto&... leaf) { return flat(X, leaf...); }, arrays);
            INFO(b << " rows, " << t << " steps");
            holds(call(program, X, V, mask, leaves, arrays), plain_loop<false, 1>(b, t, mask, cell), given, V, count);
        }
        padding_is_nothing(program, leaves, arrays);
    };
    SECTION("before") { beside(run_of(xg::gru<"a">(steps, 3_c, xg::reset_before, xg::step_mask(there))(x), before), before, cell_before, std::make_index_sequence<10>{}); }
    SECTION("after") { beside(run_of(xg::gru<"a">(steps, 3_c, xg::step_mask(there))(x), after), after, cell_after, std::make_index_sequence<11>{}); }
}

TEST_CASE("recurrent layers: both directions and stacked are what they are made of", "[nn]") {
    constexpr auto both = xg::bidirectional(xg::rnn<"a">(steps, 3_c))(x);
    static_assert(xg::shape_of(both)[2].size == 6);
    constexpr auto rows = xg::sequential(xg::bidirectional(xg::rnn<"a">(steps, 3_c)), xg::rnn<"b">(steps, 3_c))(x);
    constexpr auto forward = xg::slice<0, 3>(both);
    constexpr auto backward = xg::slice<3, 6>(both);
    constexpr auto f = gate<"a.forward">();
    constexpr auto g = gate<"a.backward">();
    constexpr auto h = gate<"b", xg::zeros, 6>();
    // The same written out with scan.
    constexpr auto cell = []<class P>(P) { return [](auto s, auto e) { return tanh(matmul(e, std::get<0>(P{})) + matmul(s, std::get<1>(P{})) + std::get<2>(P{})); }; };
    constexpr auto zero = xg::broadcast(0_c, batch, 3_c);
    constexpr auto one = xg::scan(steps, cell(f), zero, x);
    constexpr auto two = xg::scan_back(steps, cell(g), zero, x);
    constexpr auto three = xg::scan(steps, cell(h), zero, xg::concat(one, two));
    constexpr auto total = xg::sum(rows * v);
    constexpr auto total_again = xg::sum(three * v);
    const auto program = xg::compile<double>(forward - one, backward - two, rows - three, xg::gradient(total, x), xg::gradient(total_again, x), xg::gradient(total, std::get<1>(g)),
                                             xg::gradient(total_again, std::get<1>(g)));
    const auto X = support::uniform<double>({3, 5, 2}, 1), V = support::uniform<double>({3, 5, 3}, 2);
    constexpr auto leaves = std::tuple_cat(f, g, h);
    const auto arrays = arrays_for(leaves);
    const auto got = [&]<std::size_t... K>(std::index_sequence<K...>) { return program(x = X, v = V, (std::get<K>(leaves) = std::get<K>(arrays))...); }(std::make_index_sequence<9>{});
    CHECK(far(std::get<0>(got), std::vector<double>(45, 0.0)) == 0);
    CHECK(far(std::get<1>(got), std::vector<double>(45, 0.0)) == 0);
    CHECK(far(std::get<2>(got), std::vector<double>(45, 0.0)) == 0);
    CHECK(far(std::get<3>(got), flat(std::get<4>(got))[0]) < 1e-14);
    CHECK(far(std::get<5>(got), flat(std::get<6>(got))[0]) < 1e-14);
}

TEST_CASE("recurrent layers: the adding problem is learned", "[nn]") {
    // Two numbers of a sequence are marked; their sum is asked for after its end.
    constexpr auto y = xg::input<"y">(batch, 1_c);
    constexpr auto h = xg::gru<"a">(steps, 3_c)(x);
    constexpr auto loss = xg::mean(xg::square(xg::dense<"sum">(1_c)(xg::last_of(h, steps)) - y));
    xg::trainer trainer{loss, xg::adam{.learning_rate = 2e-2}, xg::seed{3}};
    const std::size_t b = 64, t = 6;
    double first = 0, last = 0;
    for (unsigned k = 0; k < 400; ++k) {
        auto X = support::uniform<float>({b, t, 2}, 100 + k, 0, 1);
        auto Y = support::shaped<float>({b, 1});
        for (std::size_t i = 0; i < b; ++i) {
            const std::size_t one = (i * 7 + k) % t, two = (one + 1 + (i + k) % (t - 1)) % t;
            for (std::size_t s = 0; s < t; ++s) X(i, s, 1) = s == one || s == two ? 1.0f : 0.0f;
            Y(i, 0) = X(i, one, 0) + X(i, two, 0);
        }
        const double now = trainer.step(x = X, y = Y);
        (k < 10 ? first : last) += k < 10 || k >= 390 ? now / 10 : 0;
    }
    CHECK(first > 0.15);  // the variance of the sum of two numbers in [0, 1) is a sixth
    CHECK(last < 0.02);
}

TEST_CASE("recurrent layers: one step by itself is a step of the loop", "[nn]") {
    constexpr auto e = xg::input<"e">(batch, 2_c);
    constexpr auto h = xg::input<"h">(batch, 3_c);
    constexpr auto c = xg::input<"c">(batch, 3_c);
    constexpr auto layer = xg::lstm<"a">(steps, 3_c, xg::peepholes);
    constexpr auto next = layer.step(h, c, e);
    constexpr auto leaves = std::tuple_cat(gate<"a.input">(), gate<"a.forget", xg::ones>(), gate<"a.cell">(), gate<"a.output">(),
                                           std::tuple{xg::detail::cell_parameter<"a.input", "peephole", xg::zeros>(3_c), xg::detail::cell_parameter<"a.forget", "peephole", xg::zeros>(3_c),
                                                      xg::detail::cell_parameter<"a.output", "peephole", xg::zeros>(3_c)});
    const auto arrays = arrays_for(leaves);
    const auto with_parameters = [&](auto program) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) { return program.prepare((std::get<K>(leaves) = std::get<K>(arrays))...); }(
            std::make_index_sequence<std::tuple_size_v<std::remove_const_t<decltype(leaves)>>>{});
    };
    auto loop = with_parameters(xg::compile<double>(layer(x)));
    auto step = with_parameters(xg::compile<double>(next));
    const std::size_t b = 4, t = 5;
    const auto X = support::uniform<double>({b, t, 2}, 1);
    const auto wanted = loop(x = X);
    auto E = support::shaped<double>({b, 2});
    std::array<xg::tensor<double, 2>, 2> hs{support::shaped<double>({b, 3}), {}}, cs = hs;
    double furthest = 0;
    for (std::size_t k = 0; k < t; ++k) {
        for (std::size_t i = 0; i < b; ++i)
            for (std::size_t j = 0; j < 2; ++j) E(i, j) = X(i, k, j);
        step.into(hs[1 - k % 2], cs[1 - k % 2])(e = E, h = hs[k % 2], c = cs[k % 2]);
        for (std::size_t i = 0; i < b; ++i)
            for (std::size_t j = 0; j < 3; ++j) furthest = std::max(furthest, std::abs(hs[1 - k % 2](i, j) - wanted(i, k, j)));
    }
    CHECK(furthest < 1e-15);
}

TEST_CASE("recurrent layers: dropout inside a step, in training and in inference", "[nn]") {
    constexpr auto s0 = xg::broadcast(0_c, batch, 2_c);
    constexpr auto s = xg::scan(steps, [](auto state, auto e) { return xg::dropout<"d">(0.5_c)(tanh(state) + e); }, s0, x);
    constexpr auto loss = xg::sum(xg::training(s));
    const auto program = xg::compile<double>(s, xg::training(s), xg::gradient(loss, x));
    const std::size_t b = 40, t = 9;
    const auto X = support::uniform<double>({b, t, 2}, 1, 1, 2);
    const auto [plain, dropped, slopes] = program(x = X, xg::random_seed = 5);
    std::size_t zeros = 0, repeated = 0;
    double worst = 0;
    for (std::size_t i = 0; i < b; ++i)
        for (std::size_t j = 0; j < 2; ++j) {
            double state = 0, before = 0, later = 0;
            for (std::size_t k = 0; k < t; ++k) {
                state = std::tanh(state) + X(i, k, j);
                worst = std::max(worst, std::abs(state - plain(i, k, j)));
                const double kept = 2 * (std::tanh(before) + X(i, k, j));
                const double now = dropped(i, k, j);
                worst = std::max(worst, now == 0 ? 0 : std::abs(now - kept));
                zeros += now == 0;
                repeated += k > 0 && (now == 0) == (before == 0);
                before = now;
            }
            // ds[k] / dx[k] = 2 where it is kept; what follows needs tanh'.
            for (std::size_t k = t; k-- > 0;) {
                const double onwards = 1 + later;
                const double wanted = dropped(i, k, j) == 0 ? 0 : 2 * onwards;
                worst = std::max(worst, std::abs(slopes(i, k, j) - wanted));
                const double previous = k > 0 ? std::tanh(dropped(i, k - 1, j)) : 0;
                later = wanted * (1 - previous * previous);
            }
        }
    CHECK(worst < 1e-13);
    CHECK(std::abs(static_cast<double>(zeros) - 360) < 60);     // of 720: 4 standard deviations are 54
    CHECK(std::abs(static_cast<double>(repeated) - 320) < 55);  // of 640: steps draw anew
}
