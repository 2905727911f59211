// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/published.hpp"

using namespace published;

/// keras/src/losses/losses_test.py: overlaps of masks, similarities of embeddings.
namespace {
constexpr auto p = xg::probability_input<"p">(rows, columns);
constexpr auto s = xg::input<"s">(rows, columns);
constexpr auto y = xg::input<"y">(rows, columns);
constexpr auto all = xg::over(xg::axes<0, 1>);

const matrix counted{{1, 2}, {1, 2}}, found{{4, 1}, {6, 1}};  // not masks, but Keras publishes them
const matrix mask{{1, 0, 1, 0}, {0, 1, 0, 1}, {1, 0, 1, 0}, {0, 1, 0, 1}}, other{{0, 1, 0, 1}, {1, 0, 1, 1}, {0, 1, 0, 1}, {1, 0, 1, 1}};
const matrix images{{1, 1, 0, 0}, {1, 1, 0, 0}}, shares{{0, 1, 0, 1}, {0.4, 0, 0, 0.9}};
}  // namespace

TEST_CASE("Keras: Dice and Tversky", "[conformance]") {
    auto dice = xg::compile<double>(xg::dice(p, y, all), xg::dice(p, y));
    near(std::get<0>(dice(p = found, y = counted)), -0.55555546, 1e-6);
    near(std::get<0>(dice(p = other, y = mask)), 0.77777773, 1e-6);
    near(std::get<1>(dice(p = shares, y = images)), {0.5, 0.75757575}, 1e-6);

    constexpr auto a = xg::scalar<"a">;
    constexpr auto b = xg::scalar<"b">;
    auto tversky = xg::compile<double>(xg::tversky(p, y, xg::alpha(a), xg::beta(b), all), xg::tversky(p, y, xg::alpha(a), xg::beta(b)));
    near(std::get<0>(tversky(p = found, y = counted, a = 0.5, b = 0.5)), -0.55555558, 1e-6);
    near(std::get<0>(tversky(p = found, y = counted, a = 0.2, b = 0.8)), -0.94444442, 1e-6);
    near(std::get<0>(tversky(p = other, y = mask, a = 0.5, b = 0.5)), 0.77777779, 1e-6);
    near(std::get<0>(tversky(p = other, y = mask, a = 0.2, b = 0.8)), 0.76190472, 1e-6);
    near(std::get<1>(tversky(p = shares, y = images, a = 0.5, b = 0.5)), {0.5, 0.75757575}, 1e-6);
    near(std::get<1>(tversky(p = shares, y = images, a = 0.2, b = 0.8)), {0.5, 0.78494626}, 1e-6);
}

namespace {
struct pairs {
    matrix similarity, same;
};
/// Every row of a with every row of b; Keras leaves out a row's pair with itself where b is a.
pairs pairs_of(const matrix& a, const std::vector<int>& labels, const matrix& b, const std::vector<int>& others, bool without_itself) {
    const std::size_t n = labels.size(), m = others.size() - (without_itself ? 1 : 0);
    pairs made{support::shaped<double>({n, m}), support::shaped<double>({n, m})};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < m; ++j) {
            const std::size_t k = without_itself && j >= i ? j + 1 : j;
            for (std::size_t d = 0; d < a.shape()[1]; ++d) made.similarity(i, j) += a(i, d) * b(k, d);
            made.same(i, j) = labels[i] == others[k];
        }
    return made;
}
}  // namespace

TEST_CASE("Keras: circle loss", "[conformance]") {
    const std::vector<int> labels{1, 1, 2, 2, 3}, others{1, 1, 2, 2, 3, 4};
    const matrix given{{0.70014004, -0.42008403, 0.14002801, 0.56011203},
                       {0.17609018, 0.70436073, -0.52827054, 0.44022545},
                       {-0.34050261, 0.25537696, -0.68100522, 0.59587957},
                       {0.32163376, -0.75047877, 0.53605627, -0.21442251},
                       {0.51261459, -0.34174306, 0.17087153, 0.76892189}};
    const matrix reference{{0.40824829, -0.54433105, 0.27216553, 0.68041382}, {0.76376261, 0.10910895, -0.54554473, 0.32732684},  {-0.74420841, 0.24806947, 0.49613894, -0.3721042},
                           {0.52981294, -0.13245324, 0.79471941, -0.26490647}, {0.54554473, -0.32732684, 0.10910895, 0.76376261}, {-0.27216553, 0.68041382, 0.40824829, -0.54433105}};
    constexpr auto gamma = xg::scalar<"gamma">;
    constexpr auto margin = xg::scalar<"margin">;
    constexpr auto w = xg::input<"w">(rows);
    const auto of = [](auto... o) { return xg::circle(s, y, xg::gamma(gamma), xg::margin(margin), xg::row_weight(w), o...); };
    // Keras' means leave out the rows whose loss is 0: those of a label that stands alone.
    constexpr auto in_company = xg::mask<"in_company">(rows);
    auto program = xg::compile<double>(of(), of(xg::row_mask(in_company), mean), of(sum), of(xg::row_mask(in_company), mean, by_weights));
    const auto run = [&](const pairs& a, const vector& weights, double g, double m) {
        xt::xtensor<bool, 1> company = xt::xtensor<bool, 1>::from_shape({weights.size()});
        for (std::size_t i = 0; i < company.size(); ++i) {
            company(i) = false;
            for (std::size_t j = 0; j < a.same.shape()[1]; ++j) company(i) = company(i) || a.same(i, j) > 0;
        }
        return program(s = a.similarity, y = a.same, w = weights, in_company = company, gamma = g, margin = m);
    };
    const pairs itself = pairs_of(given, labels, given, labels, true), to_reference = pairs_of(given, labels, reference, others, false);
    const pairs in_reference = pairs_of(reference, others, reference, others, true);
    const vector once{1, 1, 1, 1, 1}, own{2, 2, 1, 1, 0.5};
    near(std::get<1>(run(itself, once, 80, 0.4)), 188.3883, 1e-3);
    near(std::get<1>(run(itself, once, 256, 0.25)), 652.7617, 1e-3);
    near(std::get<1>(run(itself, own, 80, 0.4)), 244.91918, 1e-3);
    near(std::get<3>(run(itself, own, 80, 0.4)), 163.27948, 1e-3);
    near(std::get<0>(run(to_reference, once, 80, 0.4)), {61.5844, 94.3465, 276.9344, 90.9873, 48.8963}, 1e-3);
    near(std::get<0>(run(in_reference, {1, 1, 1, 1, 1, 1}, 80, 0.4)), {82.9116, 36.7942, 92.4590, 52.6798, 0, 0}, 1e-3);
    near(std::get<2>(run(in_reference, {1, 1, 1, 1, 1, 1}, 80, 0.4)), 264.845, 1e-3);
}
