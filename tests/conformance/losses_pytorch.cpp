// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/published.hpp"

using namespace published;

/// pytorch/test/cpp/api/functional.cpp. Its activations are held to formulas there, and to libtorch itself in libtorch_activations.cpp.
/// One of its cases is not ours: hinge_embedding_loss with targets other than -1 and 1.
namespace {
constexpr auto p = xg::input<"p">(columns);
constexpr auto y = xg::input<"y">(columns);
constexpr auto a = xg::input<"a">(rows, columns);
constexpr auto b = xg::input<"b">(rows, columns);
constexpr auto n = xg::input<"n">(rows, columns);
}  // namespace

TEST_CASE("PyTorch: smooth l1, Huber, soft margin", "[conformance]") {
    constexpr auto corner = xg::scalar<"corner">;
    auto program = xg::compile<double>(xg::smooth_l1(p, y, xg::beta(corner)), xg::smooth_l1(p, y, xg::beta(corner), mean), xg::huber(p, y, xg::delta(corner)),
                                       xg::huber(p, y, xg::delta(corner), mean));
    const auto [smooth, smooth_mean, huber, huber_mean] = program(p = vector{0.1, 1.2, 4.7}, y = vector{0, 1, 5}, corner = 1.0);
    near(smooth, {0.005, 0.02, 0.045}, 1e-6);
    near(huber, {0.005, 0.02, 0.045}, 1e-6);
    near(smooth_mean, 0.0233335, 1e-6);
    near(huber_mean, 0.0233335, 1e-6);
    const auto half = program(p = vector{0.1, 1.5, 10}, y = vector{0, 1, 5}, corner = 0.5);
    near(std::get<1>(half), 1.67, 1e-5);
    near(std::get<3>(half), 1.67 * 0.5, 1e-5);

    auto margin = xg::compile<double>(xg::soft_margin(p, y), xg::soft_margin(p, y, mean));
    const auto [each, all] = margin(p = vector{2, 4, 1, 3}, y = vector{-1, 1, 1, -1});
    near(each, {2.1269281, 0.01814993, 0.3132617, 3.0485873}, 1e-6);
    near(all, 1.3767317, 1e-6);
}

TEST_CASE("PyTorch: several labels a row", "[conformance]") {
    constexpr auto w = xg::input<"w">(columns);
    const matrix scores{{0, 2, 2, 0}, {2, 1, 0, 1}}, hold{{0, 0, 1, 0}, {1, 0, 1, 1}};
    auto soft = xg::compile<double>(xg::multilabel_soft_margin(a, b, mean), xg::multilabel_soft_margin(a, b, xg::weight(w)));
    const auto [all, each] = soft(a = scores, b = hold, w = vector{0.1, 0.6, 0.4, 0.8});
    near(all, 0.7608436, 1e-6);
    near(each, {0.4876902, 0.3321295}, 1e-6);
    // Its list of classes is {3, 0}, ended by -1.
    near(xg::compile<double>(xg::multilabel_margin(a, b))(a = matrix{{0.1, 0.2, 0.4, 0.8}}, b = matrix{{1, 0, 0, 1}}), {0.85}, 1e-6);
}

TEST_CASE("PyTorch: margins between classes, cosines, triplets", "[conformance]") {
    constexpr auto x = xg::input<"x">(rows, 3_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(3_c));
    constexpr auto w = xg::input<"w">(3_c);
    auto margin = xg::compile<double>(xg::multi_margin(x, t, xg::margin(2_c), xg::class_weight(w), mean));
    near(margin(x = matrix{{0.2, 0.2, 0.6}, {0.1, 0.8, 0.1}, {0.9, 0.09, 0.01}}, t = indices{2, 1, 0}, w = vector{0.3, 0.3, 0.4}), 0.305556, 1e-6);

    constexpr auto side = xg::input<"side">(rows);
    near(xg::compile<double>(xg::cosine_similarity(a, b))(a = matrix{{1, 2, 3}, {4, 5, 6}}, b = matrix{{1, 8, 3}, {2, 1, 6}}), {0.8078, 0.8721});
    auto embedding = xg::compile<double>(xg::cosine_embedding(a, b, side, xg::margin(0.5_c), mean));
    near(embedding(a = matrix{{2, 3, 4}, {6, 2, 4}}, b = matrix{{2, 3, 5}, {9, 12, 0}}, side = vector{1, -1}), 0.1004);
    near(xg::compile<double>(xg::triplet_margin(a, b, n))(a = matrix{{3, 3}}, b = matrix{{2, 2}}, n = matrix{{0, 0}}), {0}, 1e-9);
}

TEST_CASE("PyTorch: likelihood and cross-entropy, with smoothing", "[conformance]") {
    constexpr auto x = xg::input<"x">(rows, 3_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(3_c), xg::ignore_index<-100>);
    auto likelihood = xg::compile<double>(xg::nll_loss(x, t, mean));
    near(likelihood(x = matrix{{-0.1315, -3.1315, -2.5315}, {-3.7038, -0.1038, -2.6038}, {-2.3422, -1.3422, -0.4422}}, t = indices{1, 0, 2}), 2.4258);

    constexpr auto z = xg::input<"z">(rows, 2_c);
    constexpr auto q = xg::input<"q">(rows, 2_c);
    constexpr auto c = xg::labels<"c">(rows, xg::classes(2_c), xg::ignore_index<-100>);
    constexpr auto e = xg::scalar<"e">;
    auto entropy = xg::compile<double>(xg::cross_entropy(z, c, mean), xg::cross_entropy(z, c, xg::label_smoothing(e), mean), xg::cross_entropy(z, q, xg::label_smoothing(e), mean));
    const matrix even{{3, 3}, {2, 2}}, given{{3, 1}, {1, 2}}, shares{{0.8, 0.2}, {0.1, 0.9}};
    near(std::get<0>(entropy(z = even, q = shares, c = indices{0, 1}, e = 0.0)), 0.6931);
    near(std::get<1>(entropy(z = given, q = shares, c = indices{0, 1}, e = 0.15)), 0.3326);
    near(std::get<2>(entropy(z = given, q = shares, c = indices{0, 1}, e = 0.2)), 0.5701);
}
