// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"
#include "support/models.hpp"

namespace xg = xgrad;
using namespace xg::literals;
using support::array;

/// Every wrong call throws an error that names the tensor, the axis and both numbers, and changes nothing. (What the compiler
/// can see is in tests/compile_fail.)
namespace {

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto w = xg::input<"slope">(3_c, 4_c);
constexpr auto t = xg::labels<"class">(batch, xg::classes(4_c));
constexpr auto loss = xg::mean(xg::cross_entropy(matmul(x, w), t));
constexpr auto program = xg::compile(loss, xg::gradient(loss, w));

const auto good_x = support::uniform<float>({5, 3}, 1);
const auto good_w = support::uniform<float>({3, 4}, 2);
const auto good_t = support::random_labels({5}, 3, 4);

template <class Error>
std::string message(auto call) {
    try {
        call();
    } catch (const Error& e) {
        return e.what();
    }
    return "nothing was thrown";
}
bool says(const std::string& text, std::initializer_list<std::string> parts) {
    for (const std::string& part : parts)
        if (text.find(part) == std::string::npos) return false;
    return true;
}

/// Calls a prepared program that has results already: whatever it throws, the results are those of before, and the next good
/// call works.
template <class Error>
std::string refused(auto... bindings) {
    auto prepared = program.prepare();
    float value = 0;
    auto slope = support::shaped<float>({3, 4});
    prepared.into(value, slope)(x = good_x, w = good_w, t = good_t);
    const float value_before = value;
    const auto slope_before = slope;
    value = 123;
    slope(0, 0) = 123;
    const std::string text = message<Error>([&] { prepared.into(value, slope)(bindings...); });
    CHECK(value == 123);
    CHECK(slope(0, 0) == 123);
    for (std::size_t i = 1; i < slope.size(); ++i) CHECK(slope.data()[i] == slope_before.data()[i]);
    prepared.into(value, slope)(x = good_x, w = good_w, t = good_t);
    CHECK(value == value_before);
    CHECK(support::same_bits(slope, slope_before));
    return text;
}

}  // namespace

TEST_CASE("wrong rank", "[program]") {
    const auto flat = support::uniform<float>({15}, 4);
    const std::string text = refused<xg::shape_error>(x = flat, w = good_w, t = good_t);
    INFO(text);
    CHECK(says(text, {"'x'", "rank 2", "rank 1", "Fix:"}));
    const auto deep = support::uniform<float>({3, 4, 1}, 4);
    const std::string other = refused<xg::shape_error>(x = good_x, w = deep, t = good_t);
    INFO(other);
    CHECK(says(other, {"'slope'", "rank 2", "rank 3"}));
    const std::string number = refused<xg::shape_error>(x = 2.0f, w = good_w, t = good_t);
    INFO(number);
    CHECK(says(number, {"'x'", "rank 2"}));
}

TEST_CASE("wrong extent", "[program]") {
    const auto wide = support::uniform<float>({5, 7}, 5);
    const std::string text = refused<xg::shape_error>(x = wide, w = good_w, t = good_t);
    INFO(text);
    CHECK(says(text, {"'x'", "axis 1", "7", "3", "Fix:"}));
    const auto tall = support::uniform<float>({11, 4}, 5);
    const std::string other = refused<xg::shape_error>(x = good_x, w = tall, t = good_t);
    INFO(other);
    CHECK(says(other, {"'slope'", "axis 0", "11", "3"}));
}

TEST_CASE("arrays that disagree about a named axis", "[program]") {
    const auto nine = support::random_labels({9}, 6, 4);
    const std::string text = refused<xg::shape_error>(x = good_x, w = good_w, t = nine);
    INFO(text);
    CHECK(says(text, {"'class'", "axis 0", "9", "5", "'batch'", "Fix:"}));
}

TEST_CASE("a named axis that the formula needs to be a number, or another name's size", "[program]") {
    constexpr auto inner = xg::axis<"inner">;
    constexpr auto left = xg::input<"left">(batch, inner);
    const auto L = support::uniform<float>({5, 6}, 7);
    const std::string text = message<xg::shape_error>([&] { xg::compile(matmul(left, w))(left = L, w = good_w); });
    INFO(text);
    CHECK(says(text, {"'inner'", "6", "3"}));
    constexpr auto other = xg::axis<"other">;
    constexpr auto right = xg::input<"right">(other, 2_c);
    const auto R = support::uniform<float>({8, 2}, 8);
    const std::string names = message<xg::shape_error>([&] { xg::compile(matmul(left, right))(left = L, right = R); });
    INFO(names);
    CHECK(says(names, {"'inner'", "'other'", "6", "8"}));
}

TEST_CASE("labels out of range, with their row", "[program]") {
    auto labels = good_t;
    labels(3) = 4;
    const std::string text = refused<xg::binding_error>(x = good_x, w = good_w, t = labels);
    INFO(text);
    CHECK(says(text, {"'class'", "row 3: label 4 ", "0 to 3", "Fix: labels start at 0"}));
    CHECK_FALSE(says(text, {"ignore_index"}));
    labels(3) = -2;
    const std::string negative = refused<xg::binding_error>(x = good_x, w = good_w, t = labels);
    INFO(negative);
    CHECK(says(negative, {"'class'", "row 3", "-2", "ignore_index<-2>"}));
    auto wide = support::shaped<std::int64_t>({5});
    wide(4) = 4'294'967'296 + 1;  // would be class 1 if it were cut to 32 bits
    const std::string cut = refused<xg::binding_error>(x = good_x, w = good_w, t = wide);
    INFO(cut);
    CHECK(says(cut, {"'class'", "row 4", "4294967297"}));
}

TEST_CASE("labels of several axes out of range, with their place; one that is not the ignored one", "[program]") {
    constexpr auto words = xg::labels<"words">(batch, xg::axis<"places">, 2_c, xg::classes(4_c), xg::ignore_index<-1>);
    auto labels = support::shaped<std::int32_t>({3, 4, 2});
    labels(0, 2, 0) = -1;
    labels(1, 2, 1) = -2;
    const auto count = [&](const auto& all) { xg::compile(xg::sum(xg::one_hot(words)))(words = all); };
    const std::string text = message<xg::binding_error>([&] { count(labels); });
    INFO(text);
    CHECK(says(text, {"'words', row [1, 2, 1]: label -2 ", "Fix:", "it must be -1"}));
    auto columns_first = support::shaped<std::int32_t>({2, 4, 3});
    columns_first(1, 3, 2) = 4;
    const std::string turned = message<xg::binding_error>([&] { count(xt::transpose(columns_first)); });
    INFO(turned);
    CHECK(says(turned, {"row [2, 3, 1]", "labels start at 0"}));
}

TEST_CASE("an empty batch", "[program]") {
    const auto none = support::shaped<float>({0, 3});
    const auto no_labels = support::shaped<std::int32_t>({0});
    const std::string text = refused<xg::shape_error>(x = none, w = good_w, t = no_labels);
    INFO(text);
    CHECK(says(text, {"'x'", "axis 0", "0", "1", "Fix:"}));
}

TEST_CASE("bad batches of rows", "[program]") {
    const auto three = support::uniform<float>({3, 2}, 10), four = support::uniform<float>({4, 2}, 11), none = support::shaped<float>({0, 2});
    CHECK(says(message<xg::shape_error>([&] { xg::batches(2, three, four); }), {"array 1, axis 0 has extent 4", "3", "Fix:"}));
    CHECK(says(message<xg::shape_error>([&] { xg::batches(0, three); }), {"at least 1"}));
    CHECK(says(message<xg::shape_error>([&] { xg::batches(2, none); }), {"0 rows"}));
    const auto scores = support::uniform<float>({3, 2}, 12);
    const auto labels = support::random_labels({4}, 13, 2);
    CHECK(says(message<xg::shape_error>([&] { xg::accuracy(scores, labels); }), {"3", "4"}));
    const auto wild = support::vector_of(std::vector<std::int32_t>{0, 1, 2});
    CHECK(says(message<xg::binding_error>([&] { xg::confusion_matrix(scores, wild); }), {"row 2", "2"}));
    CHECK(says(message<xg::shape_error>([&] { xg::confusion_matrix(scores, labels); }), {"3", "4"}));
}

TEST_CASE("a training step that throws changes no parameter, no state, no count", "[program]") {
    using models::article::x, models::article::y, models::article::loss;
    const auto X = support::uniform<float>({8, 32}, 14), Y = support::uniform<float>({8, 1}, 15, 0, 1);
    auto trained = [&](auto... mistakes) {
        xg::trainer trainer{loss, xg::adam{}, xg::seed{1}};
        trainer.step(x = X, y = Y);
        (mistakes(trainer), ...);
        for (int i = 0; i < 3; ++i) trainer.step(x = X, y = Y);
        CHECK(trainer.steps() == 4);
        const auto h = trainer.parameter("hidden.weight"_p);
        return std::vector<float>(h.begin(), h.end());
    };
    const auto undisturbed = trained();
    const auto wide = support::uniform<float>({8, 33}, 16), short_y = support::uniform<float>({7, 1}, 17);
    auto wrong_width = [&](auto& trainer) { CHECK_THROWS_AS(trainer.step(x = wide, y = Y), xg::shape_error); };
    auto wrong_rows = [&](auto& trainer) { CHECK_THROWS_AS(trainer.step(x = X, y = short_y), xg::shape_error); };
    auto poisoned = X;
    poisoned(3, 5) = std::numeric_limits<float>::quiet_NaN();
    auto not_finite = [&](auto& trainer) {
        const std::string text = message<xg::non_finite_error>([&] { trainer.step(x = poisoned, y = Y); });
        INFO(text);
        CHECK(says(text, {"nan", "no parameter has changed", "Fix:"}));
    };
    CHECK(trained(wrong_width, wrong_rows) == undisturbed);
    CHECK(trained(not_finite) == undisturbed);
    CHECK(trained(not_finite, wrong_rows, not_finite, wrong_width) == undisturbed);
}

TEST_CASE("a loss that overflows is refused as NaN is; allow_non_finite lets both pass", "[program]") {
    constexpr auto v = xg::parameter<"v", xg::initialiser{xg::initialiser_kind::constant, 2.0}>(3_c);
    constexpr auto steep = xg::mean(xg::exp(xg::input<"a">(3_c) * v));
    constexpr auto a = xg::input<"a">(3_c);
    auto A = support::uniform<float>({3}, 18);
    A(1) = 1000;
    xg::trainer careful{steep, xg::sgd{.learning_rate = 0.1}};
    const std::string text = message<xg::non_finite_error>([&] { careful.step(a = A); });
    INFO(text);
    CHECK(says(text, {"inf"}));
    const auto kept = careful.parameter("v"_p);
    for (float p : kept) CHECK(p == 2.0f);
    CHECK(careful.steps() == 0);

    xg::trainer careless{steep, xg::sgd{.learning_rate = 0.1}, xg::allow_non_finite};
    CHECK(std::isinf(careless.step(a = A)));
    CHECK(careless.steps() == 1);
    const auto changed = careless.parameter("v"_p);
    CHECK(changed(1) == -std::numeric_limits<float>::infinity());
    for (std::size_t i : {0u, 2u}) CHECK(changed(i) == Approx(2 - 0.1 / 3 * A(i) * std::exp(2.0 * A(i))).epsilon(1e-5));
}

TEST_CASE("an expression with a parameter the trainer does not have", "[program]") {
    using models::article::x, models::article::loss;
    xg::trainer trainer{loss, xg::adam{}};
    constexpr auto stranger = xg::dense<"stranger">(2_c)(x);
    const std::string text = message<xg::binding_error>([&] { trainer.compile(stranger); });
    INFO(text);
    CHECK(says(text, {"'stranger.", "Fix:"}));
}

/// Sums and counts over the axis are numbers: no array in memory has it.
TEST_CASE("a named axis that no array has", "[program]") {
    constexpr auto lost = xg::axis<"lost">;
    constexpr auto a = xg::input<"a">(1_c);
    const auto A = support::uniform<float>({1}, 19);
    const auto refused = [&](auto formula) {
        const std::string text = message<xg::shape_error>([&] { xg::compile(formula)(a = A); });
        INFO(text);
        CHECK(says(text, {"'lost'", "no size", "Fix:"}));
    };
    refused(xg::sum(xg::broadcast(a, lost)));
    refused(xg::mean(a * xg::positions(lost)));
    refused(a + xg::sum(xg::exp(xg::positions(lost))));
    refused(xg::broadcast(a, lost));
}
