// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Formulas of a model with parameters of their own: what a program needs that uses a model and does not train it.
#include <xgrad/io/parameters.hpp>
#include <xgrad/show/explain.hpp>
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

#include <sstream>
#include <thread>

namespace {
namespace xg = xgrad;
using namespace xg::literals;
using Catch::Matchers::Contains;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 5_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(3_c));
constexpr auto body = xg::sequential(xg::dense<"body">(8_c), xg::batch_norm<"norm">, xg::relu, xg::dropout<"drop">(0.5_c));
constexpr auto hidden = body(x);
constexpr auto z = xg::dense<"head">(3_c)(hidden);
constexpr auto p = xg::softmax(z);
constexpr auto loss = xg::mean(xg::cross_entropy(z, t));

const auto X = support::uniform<float>({7, 5}, 1, -1, 1);
const xt::xtensor<std::int32_t, 1> labels{0, 1, 2, 0, 1, 2, 0};

/// A file in the folder of temporary files that goes with the test.
struct file {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "xgrad-test-predictor.safetensors";
    ~file() { std::filesystem::remove(path); }
};
template <class T>
auto trained() {
    xg::trainer trainer{loss, xg::adam{.learning_rate = 0.01}, xg::seed{3}, xg::precision<T>};
    for (int i = 0; i < 5; ++i) trainer.step(x = X, t = labels);
    return trainer;
}
}  // namespace

TEMPLATE_TEST_CASE("a predictor that loads a model computes what its trainer does, bit for bit", "[train]", float, double) {
    const file f;
    auto trainer = trained<TestType>();
    xg::save(f.path, trainer.parameters());
    xg::predictor predict{p, xg::precision<TestType>};
    const auto wanted = trainer.compile(p)(x = X);
    CHECK_FALSE((wanted == predict(x = X)));
    xg::load(f.path, predict.parameters());
    CHECK((wanted == predict(x = X)));
    // what a file held is there for further programs, and is saved as it came
    xg::save(f.path, predict.parameters());
    auto other = trained<TestType>();
    other.parameter("head.bias"_p).fill(7);
    xg::load(f.path, other.parameters());
    CHECK((wanted == other.compile(p)(x = X)));
}

TEST_CASE("a predictor begins with the parameters of a trainer of its seed", "[train]") {
    xg::trainer trainer{loss, xg::sgd{}, xg::seed{4}};
    xg::predictor predict{p, xg::seed{4}};
    xg::predictor another{p};
    CHECK((trainer.compile(p)(x = X) == predict(x = X)));
    CHECK_FALSE((another(x = X) == predict(x = X)));
    CHECK(predict.parameter("norm.running_var"_p)(0) == 1);
}

TEST_CASE("several formulas, a gradient among them, share one predictor; results may go to arrays that are kept", "[train]") {
    xg::predictor both{hidden, p, xg::gradient(xg::sum(p * p), x), xg::seed{4}};
    xg::predictor apart{hidden, p, xg::gradient(xg::sum(p * p), x), xg::unfused, xg::seed{4}};
    const auto [h, q, d] = both(x = X);
    xg::tensor<float, 2> into_h, into_q, into_d;
    apart.into(into_h, into_q, into_d)(x = X);
    CHECK(h.shape()[1] == 8);
    CHECK(xt::allclose(h, into_h));
    CHECK(xt::allclose(q, into_q));
    CHECK(xt::allclose(d, into_d, 1e-4, 1e-6));
    // Several gradients at once are a list, which a trainer's program takes as well.
    constexpr auto slopes = xg::gradient(xg::sum(p * p), x, z);
    xg::trainer trainer{loss, xg::sgd{}, xg::seed{4}, xg::ema{0.9}};
    const auto [r, by_x, by_z] = trainer.compile(p, slopes)(x = X);
    const auto [of_averages, of_averages_z] = trainer.compile(xg::averaged, slopes)(x = X);
    CHECK((r == q && of_averages == by_x && of_averages_z == by_z));
    CHECK(xt::allclose(by_x, d, 1e-5, 1e-7));
    CHECK(by_z.shape()[1] == 3);
}

TEST_CASE("a part of a model takes its own out of the file, and only where that is said", "[train]") {
    const file f;
    auto trainer = trained<float>();
    xg::save(f.path, trainer.parameters());
    xg::predictor encode{hidden};
    encode.parameter("body.bias"_p).fill(9);
    CHECK_THROWS_WITH(xg::load(f.path, encode.parameters()), Contains("has \"head.") && Contains("xg::part_of_file"));
    CHECK(encode.parameter("body.bias"_p)(0) == 9);
    xg::load(f.path, encode.parameters(), xg::part_of_file);
    CHECK((trainer.compile(hidden)(x = X) == encode(x = X)));

    xg::save(f.path, encode.parameters());
    xg::trainer whole{loss, xg::sgd{}};
    auto other_half = whole.compile(hidden);
    CHECK_THROWS_WITH(xg::load(f.path, whole.parameters(), xg::part_of_file), Contains("\"head.weight\"") && Contains("does not have it") && Contains("xg::part_of_model"));
    // an encoder out of its own file, a head that begins anew
    const xg::tensor<float, 2> head = whole.parameter("head.weight"_p);
    CHECK_FALSE((other_half(x = X) == encode(x = X)));
    xg::load(f.path, whole.parameters(), xg::part_of_model);
    CHECK((other_half(x = X) == encode(x = X)));
    CHECK((xg::tensor<float, 2>(whole.parameter("head.weight"_p)) == head));
    // an encoder out of a file with another head, which both ways are parts of each other
    xg::save(f.path, trainer.parameters());
    constexpr auto other_head = xg::dense<"other">(2_c)(hidden);
    xg::predictor other{other_head};
    CHECK_THROWS_WITH(xg::load(f.path, other.parameters(), xg::part_of_model), Contains("has \"head."));
    xg::load(f.path, other.parameters(), xg::part_of_model, xg::part_of_file);
    CHECK((xg::tensor<float, 2>(other.parameter("body.weight"_p)) == xg::tensor<float, 2>(trainer.parameter("body.weight"_p))));
    xg::predictor stranger{xg::dense<"stranger">(2_c)(x)};
    CHECK_THROWS_WITH(xg::load(f.path, stranger.parameters(), xg::part_of_model, xg::part_of_file), Contains("no parameter of this model"));
}

TEST_CASE("a copy has the same parameters and works beside the first", "[train]") {
    xg::predictor predict{p};
    auto copy = predict;
    const auto wanted = predict(x = X);
    xg::tensor<float, 2> seen;
    std::thread([&] { seen = copy(x = X); }).join();
    CHECK((seen == wanted));
    predict.parameter("head.bias"_p)(0) += 1;
    CHECK_FALSE((copy(x = X) == wanted));
    CHECK((copy(x = X) == predict(x = X)));
    auto trainer = trained<float>();
    auto evaluate = trainer.compile(p);
    const auto twin = evaluate;
    trainer.step(x = X, t = labels);
    evaluate = twin;
    CHECK((evaluate(x = X) == trainer.compile(p)(x = X)));
}

TEST_CASE("explain tells of a predictor what it tells of a program", "[train]") {
    std::ostringstream of_predictor, of_program;
    xg::explain(of_predictor, xg::predictor{p});
    xg::explain(of_program, xg::compile(p));
    CHECK(of_predictor.str() == of_program.str());
    CHECK_THAT(of_predictor.str(), Contains("softmax"));
}
