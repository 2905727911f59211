// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

#include <memory>

#if __has_include(<xtensor/views/xview.hpp>)
#include <xtensor/views/xview.hpp>
#include <xtensor/misc/xmanipulation.hpp>
#else
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xview.hpp>
#endif

namespace xg = xgrad;
using namespace xg::literals;

/// What may stand on the right of `x = ...`: the result is that of a plain row-major array of the program's type.
namespace {
constexpr auto rows = xg::axis<"rows">;
constexpr auto columns = xg::axis<"columns">;
constexpr auto x = xg::input<"x">(rows, columns);
constexpr auto v = xg::input<"v">(columns);
constexpr auto program = xg::compile<double>(3_c * x + v);
const auto V = support::uniform<double>({5}, 1);

void is_threefold(const xt::xtensor<double, 2>& got, const xt::xtensor<double, 2>& from) {
    REQUIRE(got.shape() == from.shape());
    for (std::size_t r = 0; r < from.shape()[0]; ++r)
        for (std::size_t c = 0; c < from.shape()[1]; ++c) CHECK(got(r, c) == Approx(3 * from(r, c) + V(c)).epsilon(1e-15));
}
}  // namespace

TEST_CASE("views, other layouts, lazy expressions, other number types", "[program]") {
    const auto X = support::uniform<double>({4, 5}, 2), wide = support::uniform<double>({9, 12}, 3), tall = support::uniform<double>({5, 4}, 4);
    is_threefold(program(x = X, v = V), X);
    SECTION("strided view") {
        const xt::xtensor<double, 2> copy = xt::view(wide, xt::range(1, 9, 2), xt::range(2, 7));
        is_threefold(program(x = xt::view(wide, xt::range(1, 9, 2), xt::range(2, 7)), v = V), copy);
    }
    SECTION("view with an offset only") {
        const xt::xtensor<double, 2> copy = xt::view(wide, xt::range(3, 7), xt::range(0, 5));
        const auto named = xt::view(wide, xt::range(3, 7), xt::range(0, 5));
        is_threefold(program(x = named, v = V), copy);
    }
    SECTION("whole rows of a larger array") {
        const auto long_one = support::uniform<double>({9, 5}, 5);
        const xt::xtensor<double, 2> copy = xt::view(long_one, xt::range(3, 7), xt::all());
        is_threefold(program(x = xt::view(long_one, xt::range(3, 7), xt::all()), v = V), copy);
    }
    SECTION("transposed view") {
        const xt::xtensor<double, 2> copy = xt::transpose(tall);
        is_threefold(program(x = xt::transpose(tall), v = V), copy);
    }
    SECTION("column-major array") {
        xt::xtensor<double, 2, xt::layout_type::column_major> turned(std::array<std::size_t, 2>{4, 5});
        for (std::size_t r = 0; r < 4; ++r)
            for (std::size_t c = 0; c < 5; ++c) turned(r, c) = X(r, c);
        is_threefold(program(x = turned, v = V), X);
    }
    SECTION("lazy expression") {
        const xt::xtensor<double, 2> copy = X * 2.0 + 1.0;
        is_threefold(program(x = X * 2.0 + 1.0, v = V), copy);
    }
    SECTION("integers, bool, float to double") {
        const xt::xtensor<int, 2> integers = support::converted<int>(X);
        is_threefold(program(x = integers, v = V), support::converted<double>(integers));
        auto truth = support::shaped<bool>({4, 5});
        for (std::size_t i = 0; i < truth.size(); ++i) truth.data()[i] = i % 3 == 0;
        is_threefold(program(x = truth, v = V), support::converted<double>(truth));
        const auto narrow = support::uniform<float>({4, 5}, 6);
        is_threefold(program(x = narrow, v = V), support::converted<double>(narrow));
    }
    SECTION("fixed shape") {
        xt::xtensor_fixed<double, xt::xshape<4, 5>> fixed;
        std::copy(X.begin(), X.end(), fixed.begin());
        is_threefold(program(x = fixed, v = V), X);
    }
}

TEST_CASE("scalars are numbers, or arrays of rank 0", "[program]") {
    constexpr auto temperature = xg::scalar<"temperature">;
    constexpr auto scaled = xg::compile<double>(v / temperature);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(scaled(v = V, temperature = 4)(i) == Approx(V(i) / 4));
        CHECK(scaled(v = V, temperature = 2.5)(i) == Approx(V(i) / 2.5));
        CHECK(scaled(v = V, temperature = 2.5f)(i) == Approx(V(i) / 2.5));
    }
}

TEST_CASE("the order of bindings does not matter, and a program may be copied and shared", "[program]") {
    const auto X = support::uniform<double>({4, 5}, 7);
    const auto copy = program;
    CHECK(support::same_bits(program(x = X, v = V), copy(v = V, x = X)));
    auto prepared = program.prepare();
    auto moved = std::move(prepared);
    CHECK(support::same_bits(moved(x = X, v = V), program(x = X, v = V)));
}

TEST_CASE("results go into arrays of any former size, and results may be inputs themselves", "[program]") {
    auto prepared = xg::compile<double>(x, xg::sum(x), x + v, x).prepare();
    const auto X = support::uniform<double>({4, 5}, 8), Y = support::uniform<double>({2, 5}, 9);
    auto first = support::shaped<double>({1, 1}), third = support::shaped<double>({0, 3}), fourth = support::shaped<double>({4, 5});
    double total = 0;
    for (const auto& array : {X, Y, X}) {
        prepared.into(first, total, third, fourth)(x = array, v = V);
        CHECK(support::same_bits(first, array));
        CHECK(support::same_bits(fourth, array));
        CHECK(third.shape() == array.shape());
        double exact = 0;
        for (double e : array) exact += e;
        CHECK(total == Approx(exact));
    }
}

TEST_CASE("what is bound once for all calls", "[program]") {
    auto X = support::uniform<double>({4, 5}, 6);
    auto W = V;
    auto held = program.prepare(v = W);
    const auto moved = std::make_unique<decltype(held)>(std::move(held));
    is_threefold((*moved)(x = X), X);
    W(2) += 1;  // it is read where it lies
    const auto got = (*moved)(x = X);
    CHECK(got(3, 2) == Approx(3 * X(3, 2) + V(2) + 1).epsilon(1e-15));
    // An array that must be converted is converted once, and its extents hold for every call.
    xt::xtensor<int, 1> whole = {1, 2, 3, 4, 5};
    auto converted = program.prepare(v = whole);
    whole(0) = 100;
    CHECK(converted(x = X)(1, 0) == Approx(3 * X(1, 0) + 1).epsilon(1e-15));
    CHECK_THROWS_AS(converted(x = support::uniform<double>({4, 6}, 7)), xg::shape_error);
    CHECK(converted(x = X)(1, 4) == Approx(3 * X(1, 4) + 5).epsilon(1e-15));
    // A number.
    constexpr auto scale = xg::scalar<"scale">;
    double by = 2;
    auto scaled = xg::compile<double>(scale * x).prepare(scale = by);
    CHECK(scaled(x = X)(2, 2) == 2 * X(2, 2));
}
