// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

#include <xgrad/show/explain.hpp>

#include <sstream>
#if __has_include(<xtensor/views/xview.hpp>)
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xview.hpp>
#endif

namespace xg = xgrad;
using Catch::Matchers::Contains;
using namespace xg::literals;

/// What a trainer does besides the optimiser's formula.
namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto y = xg::input<"y">(batch, 2_c);
constexpr auto predicted = xg::sequential(xg::sequential<"encoder">(xg::dense<"inner">(4_c), xg::tanh), xg::dense<"head">(2_c))(x);
constexpr auto loss = xg::mean(xg::mean_squared_error(predicted, y));

/// Two parameters, and gradients that are what the test says.
constexpr auto w = xg::parameter<"w", xg::ones>(2_c, 2_c);
constexpr auto b = xg::parameter<"b", xg::ones>(2_c);
constexpr auto slope_w = xg::input<"slope_w">(2_c, 2_c);
constexpr auto slope_b = xg::input<"slope_b">(2_c);
constexpr auto linear = sum(w * slope_w) + sum(b * slope_b);
using matrix = support::array<double, 2>;
using vector = support::array<double, 1>;

void close(const auto& got, const auto& wanted) {
    REQUIRE(got.size() == wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) CHECK(got.data()[i] == Approx(wanted.data()[i]).epsilon(1e-12).margin(1e-14));
}
const matrix gw = {{3, 0}, {-4, 0}};
const vector gb = {12, 0};
}  // namespace

TEST_CASE("gradients of several batches make one update, that of the big batch", "[train]") {
    const auto X = support::uniform<double>({12, 3}, 1);
    const auto Y = support::uniform<double>({12, 2}, 2);
    const xg::adam adam{.learning_rate = 0.02};
    xg::trainer whole{loss, adam, xg::precision<double>, xg::seed{3}, xg::clip_global_norm{0.5}};
    xg::trainer parts{loss, adam, xg::precision<double>, xg::seed{3}, xg::clip_global_norm{0.5}, xg::accumulate{3}};
    for (int update = 0; update < 4; ++update) {
        const double of_whole = whole.step(x = X, y = Y);
        double of_parts = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            CHECK(parts.steps() == static_cast<std::uint64_t>(update));
            of_parts += parts.step(x = xt::view(X, xt::range(4 * k, 4 * k + 4)), y = xt::view(Y, xt::range(4 * k, 4 * k + 4))) / 3;
        }
        CHECK(of_parts == Approx(of_whole).epsilon(1e-12));
        close(matrix(parts.parameter("encoder.inner.weight"_p)), matrix(whole.parameter("encoder.inner.weight"_p)));
        close(vector(parts.parameter("head.bias"_p)), vector(whole.parameter("head.bias"_p)));
    }
    CHECK_THROWS_AS((xg::trainer{linear, xg::sgd{.learning_rate = 1}, xg::accumulate{0}}), std::invalid_argument);
}

TEST_CASE("the average of weights, and a program that uses it", "[train]") {
    xg::trainer trainer{linear, xg::sgd{.learning_rate = 1}, xg::precision<double>, xg::ema{0.9}};
    double p = 1, average = 1;
    for (int i = 0; i < 5; ++i) {
        trainer.step(slope_w = gw, slope_b = gb);
        p -= 3;
        average = 0.9 * average + 0.1 * p;
    }
    CHECK(trainer.parameter("w"_p)(0, 0) == Approx(p));
    CHECK(trainer.states()["w.average"_p](0, 0) == Approx(average).epsilon(1e-14));
    CHECK(trainer.compile(sum(w, xg::axes<0, 1>))() == Approx(p + 1 + (1 + 5 * 4) + 1));
    const double of_averages = trainer.compile(xg::averaged, sum(w, xg::axes<0, 1>))();
    const auto averages = trainer.states()["w.average"_p];
    CHECK(of_averages == Approx(averages(0, 0) + averages(0, 1) + averages(1, 0) + averages(1, 1)).epsilon(1e-14));
}

TEST_CASE("weight decay of matrices alone, or but for names", "[train]") {
    const matrix none_w = {{0, 0}, {0, 0}};
    const vector none_b = {0, 0};
    const xg::sgd decaying{.learning_rate = 1, .weight_decay = 0.25};
    const auto decayed = [&](auto... options) {
        xg::trainer trainer{linear, decaying, xg::precision<double>, options...};
        trainer.step(slope_w = none_w, slope_b = none_b);
        return std::pair{trainer.parameter("w"_p)(1, 0), trainer.parameter("b"_p)(1)};
    };
    CHECK(decayed() == std::pair{0.75, 0.75});
    CHECK(decayed(xg::decay_matrices) == std::pair{0.75, 1.0});
    CHECK(decayed(xg::no_decay<"w">) == std::pair{1.0, 0.75});
    CHECK(decayed(xg::no_decay<"*b*">, xg::no_decay<"w">) == std::pair{1.0, 1.0});
}

TEST_CASE("paths and patterns", "[train]") {
    using xg::detail::matches_path;
    static_assert(matches_path("encoder", "encoder") && matches_path("encoder", "encoder.inner.weight") && matches_path("encoder.inner", "encoder.inner.weight"));
    static_assert(!matches_path("encoder", "encoder2.weight") && !matches_path("inner", "encoder.inner.weight") && !matches_path("encoder.inner.weight", "encoder.inner"));
    static_assert(matches_path("*.bias", "encoder.inner.bias") && !matches_path("*.bias", "encoder.bias.weight") && matches_path("*.bias*", "encoder.bias.weight"));
    static_assert(matches_path("*", "a") && matches_path("a*c*e", "abcde") && !matches_path("a*c*e", "abcd") && matches_path("enc*.weight", "encoder.weight"));
    CHECK(true);
}

TEST_CASE("frozen parameters stay, and no kernel computes their gradient", "[train]") {
    const auto X = support::uniform<double>({4, 3}, 1);
    const auto Y = support::uniform<double>({4, 2}, 2);
    xg::trainer trainer{loss, xg::adam{.learning_rate = 0.1}, xg::precision<double>, xg::seed{3}, xg::freeze<"encoder">};
    const matrix inner = trainer.parameter("encoder.inner.weight"_p), head = trainer.parameter("head.weight"_p);
    const double first = trainer.step(x = X, y = Y);
    for (int i = 0; i < 20; ++i) trainer.step(x = X, y = Y);
    CHECK(support::same_bits(matrix(trainer.parameter("encoder.inner.weight"_p)), inner));
    CHECK(!support::same_bits(matrix(trainer.parameter("head.weight"_p)), head));
    CHECK(trainer.step(x = X, y = Y) < first);

    using all = decltype(xg::trainer{loss, xg::adam{.learning_rate = 0.1}, xg::precision<double>});
    CHECK(decltype(trainer)::plan.steps.size() < all::plan.steps.size());
    std::ostringstream text;
    xg::explain(text, trainer);
    const std::string kernels = text.str().substr(text.str().find("\nkernels"));
    CHECK(kernels.find("encoder.inner.weight.mean") == std::string::npos);
    CHECK(kernels.find("writes encoder") == std::string::npos);
    CHECK(kernels.find("transpose(x)") == std::string::npos);  // x^T d is the gradient of the encoder's weight
    CHECK(kernels.find("head.weight.mean") != std::string::npos);
}

TEST_CASE("each group of parameters has its own learning rate", "[train]") {
    const auto at_rate = [](double rate, auto... options) {
        xg::trainer t{linear, xg::adamw{.learning_rate = rate, .weight_decay = 0.25}, xg::precision<double>, options...};
        for (int i = 0; i < 3; ++i) t.step(slope_w = gw, slope_b = gb);
        return std::pair{matrix(t.parameter("w"_p)), vector(t.parameter("b"_p))};
    };
    const auto whole = at_rate(0.5), half = at_rate(0.25), eighth = at_rate(0.0625);
    const auto both = at_rate(0.5, xg::rate_factor<"b">{0.5}, xg::rate_factor<"*">{0.125});
    CHECK(support::same_bits(both.first, eighth.first));
    CHECK(support::same_bits(both.second, half.second));
    const auto one = at_rate(0.5, xg::no_decay<"b">, xg::rate_factor<"w">{0.5});
    CHECK(support::same_bits(one.first, half.first));
    CHECK(support::same_bits(one.second, at_rate(0.5, xg::no_decay<"b">).second));
    CHECK(support::same_bits(whole.second, at_rate(0.25, xg::rate_factor<"b">{2}).second));
    const auto scheduled = at_rate(7, xg::schedule([](double) { return 0.5; }), xg::rate_factor<"w", "b">{0.5});
    CHECK(support::same_bits(scheduled.first, half.first));
    CHECK(support::same_bits(scheduled.second, half.second));
    CHECK(support::same_bits(at_rate(0.5, xg::rate_factor<"w">{0}).first, matrix{{1, 1}, {1, 1}}));
    CHECK_THROWS_WITH(xg::rate_factor<"w">{-1}, Contains("0 or more"));
}

TEST_CASE("limits of one kind, each for its own parameters", "[train]") {
    xg::trainer t{linear, xg::sgd{.learning_rate = 1}, xg::precision<double>, xg::max_norm<"w">{0.5}, xg::max_norm<"b">{2}};
    t.step(slope_w = gw, slope_b = gb);
    const matrix W = t.parameter("w"_p);
    const vector B = t.parameter("b"_p);
    CHECK(std::hypot(W(0, 0), W(1, 0)) == Approx(0.5));
    CHECK(std::hypot(B(0), B(1)) == Approx(2));
}

TEST_CASE("a schedule sets the rate of each update, or another number", "[train]") {
    const vector one = {1, 0};
    const matrix zero = {{0, 0}, {0, 0}};
    xg::trainer trainer{linear, xg::sgd{.learning_rate = 99, .momentum = 99.0}, xg::precision<double>, xg::schedule(xg::linear_rate{.from = 1, .to = 0, .steps = 4}),
                        xg::schedule<"momentum">([](double step) { return 0.1 * step; })};
    double p = 1, v = 0;
    for (int step = 0; step < 6; ++step) {
        trainer.step(slope_w = zero, slope_b = one);
        v = 0.1 * step * v + 1;
        p -= std::max(0.0, 1 - step / 4.0) * v;
        CHECK(trainer.parameter("b"_p)(0) == Approx(p).epsilon(1e-14));
    }
}

TEST_CASE("a number that is NaN is refused, by name, and changes nothing", "[train]") {
    const vector one = {1, 0};
    const matrix zero = {{0, 0}, {0, 0}};
    const double nan = std::numeric_limits<double>::quiet_NaN();
    xg::trainer trainer{linear, xg::sgd{.learning_rate = 0.5}, xg::precision<double>, xg::schedule<"momentum">([nan](double step) { return step < 2 ? 0 : nan; })};
    trainer.step(slope_w = zero, slope_b = one);
    CHECK_THROWS_WITH(trainer.set(xg::sgd{.learning_rate = nan}), Contains("learning_rate is NaN"));
    CHECK(trainer.parameter("b"_p)(0) == 0.5);
    trainer.step(slope_w = zero, slope_b = one);
    CHECK(trainer.parameter("b"_p)(0) == 0);  // the learning rate is what it was
    CHECK_THROWS_WITH(trainer.step(slope_w = zero, slope_b = one), Contains("momentum is NaN") && Contains("schedule"));
    CHECK(trainer.parameter("b"_p)(0) == 0);
    CHECK(trainer.steps() == 2);
    CHECK_THROWS_WITH((xg::trainer{linear, xg::adam{.epsilon = nan}}), Contains("epsilon is NaN"));
    CHECK_THROWS_WITH((xg::trainer{linear, xg::sgd{.learning_rate = 1}, xg::clip_global_norm{nan}}), Contains("NaN"));
}

TEST_CASE("a trainer goes on from what another has kept", "[train]") {
    const auto make = [] { return xg::trainer{linear, xg::nadam{.learning_rate = 0.1}, xg::precision<double>}; };
    auto first = make(), second = make();
    const auto step = [](auto& trainer, unsigned k) { trainer.step(slope_w = support::uniform<double>({2, 2}, k), slope_b = support::uniform<double>({2}, k + 50)); };
    for (unsigned k = 0; k < 5; ++k) step(first, k);
    const auto copy = [](const auto& from, const auto& to) {
        boost::hana::for_each(boost::hana::keys(from), [&](auto key) {
            auto target = to[key];
            std::copy(from[key].begin(), from[key].end(), target.begin());
        });
    };
    copy(first.parameters(), second.parameters());
    copy(first.states(), second.states());
    second.resume(first.steps());
    for (unsigned k = 5; k < 10; ++k) {
        step(first, k);
        step(second, k);
    }
    CHECK(support::same_bits(matrix(first.parameter("w"_p)), matrix(second.parameter("w"_p))));
    CHECK(second.steps() == 10);
}

TEST_CASE("a parameter without axes, in float: one double, as kernels have it", "[train]") {
    constexpr auto scale = xg::parameter<"scale", xg::ones>();
    constexpr auto values = xg::input<"values">(batch);
    xg::trainer trainer{xg::mean(xg::square(scale * values - 3_c)), xg::sgd{.learning_rate = 0.1, .momentum = 0.5}, xg::ema{0.5}};
    const support::array<float, 1> ones = {1, 1};
    double p = 1, v = 0, average = 1;
    for (int i = 0; i < 6; ++i) {
        CHECK(trainer.step(values = ones) == Approx((p - 3) * (p - 3)).epsilon(1e-6).margin(1e-6));  // its arrays are float
        v = 0.5 * v + 2 * (p - 3);
        p -= 0.1 * v;
        average = 0.5 * average + 0.5 * p;
    }
    CHECK(trainer.parameter("scale"_p)() == Approx(p).epsilon(1e-6));
    CHECK(trainer.compile(xg::averaged, scale * values)(values = ones)(1) == Approx(average).epsilon(1e-6));
}
