// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

/// The softmax family beside cross_entropy: values and gradients against the closed forms, in long double.
namespace {
constexpr std::size_t R = 9, C = 5;
constexpr auto z = xg::input<"z">(rows, 5_c);
constexpr auto q = xg::input<"q">(rows, 5_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(5_c), xg::ignore_index<3>);
constexpr auto w = xg::input<"w">(5_c);

const auto Z = support::uniform<double>({R, C}, 1, -5, 5);
const auto W = support::uniform<double>({C}, 3, 0.2, 3);
/// Rows of probabilities; one of them has a single class, one has two equal halves.
const auto Q = [] {
    auto made = support::uniform<double>({R, C}, 2, 0.01, 1);
    for (std::size_t c = 0; c < C; ++c) made(1, c) = c == 2, made(2, c) = c < 2 ? 0.5 : 0;
    for (std::size_t r = 0; r < R; ++r) {
        double total = 0;
        for (std::size_t c = 0; c < C; ++c) total += made(r, c);
        for (std::size_t c = 0; c < C; ++c) made(r, c) /= total;
    }
    return made;
}();
/// Class 3 is the ignored one: a label in range.
const auto L = [] {
    auto made = support::shaped<std::int32_t>({R});
    for (std::size_t r = 0; r < R; ++r) made(r) = static_cast<std::int32_t>((2 * r) % C);
    return made;
}();

struct row {
    std::size_t r;
    std::vector<real> x, p, q;
    real lse;
    std::size_t t;
    bool counts;
    real log_p(std::size_t i) const { return x[i] - lse; }
    real hit(std::size_t i) const { return i == t ? 1 : 0; }
    template <class F>
    real sum(F f) const {
        real total = 0;
        for (std::size_t i = 0; i < C; ++i) total += f(i);
        return total;
    }
};
row row_of(std::size_t r) {
    row made{r, {}, {}, {}, 0, static_cast<std::size_t>(L(r)), L(r) != 3};
    for (std::size_t c = 0; c < C; ++c) made.x.push_back(Z(r, c)), made.q.push_back(Q(r, c));
    made.lse = logsumexp(made.x);
    for (std::size_t c = 0; c < C; ++c) made.p.push_back(std::exp(made.log_p(c)));
    return made;
}

/// Loss and gradient of every row against their closed forms.
template <class Loss, class Value, class Slope, class... Bound>
void holds(Loss loss, bool labelled, Value value, Slope slope, Bound... bound) {
    const auto [got, ds] = xg::compile<double>(loss, xg::gradient(xg::sum(loss), z))(z = Z, bound...);
    for (std::size_t r = 0; r < R; ++r) {
        const row one = row_of(r);
        const bool counts = one.counts || !labelled;
        CAPTURE(r);
        CHECK(support::relative_error(got(r), counts ? value(one) : 0, 1) <= 1e-14);
        for (std::size_t i = 0; i < C; ++i) CHECK(support::relative_error(ds(r, i), counts ? slope(one, i) : 0, 1) <= 1e-14);
    }
}
real entropy(const row& a) {
    return -a.sum([&](std::size_t i) { return a.p[i] * a.log_p(i); });
}
real times_log(real x, real y) { return x == 0 ? 0 : x * std::log(y); }
}  // namespace

TEST_CASE("losses of one label: nll, focal, poly, generalised, symmetric, confidence penalty", "[nn]") {
    holds(xg::nll_loss(z, t, xg::class_weight(w)), true, [](const row& a) { return -W(a.t) * a.x[a.t]; }, [](const row& a, std::size_t i) { return -W(a.t) * a.hit(i); }, t = L, w = W);
    for (const auto& [gamma, loss] : {std::pair{0.5L, 0}, std::pair{2.0L, 1}}) {
        const real g = gamma;
        const auto value = [g](const row& a) { return -std::pow(1 - a.p[a.t], g) * a.log_p(a.t); };
        const auto slope = [g](const row& a, std::size_t i) {
            const real p = a.p[a.t], k = std::pow(1 - p, g) - g * std::pow(1 - p, g - 1) * p * a.log_p(a.t);
            return k * (a.p[i] - a.hit(i));
        };
        if (loss == 0) holds(xg::focal_cross_entropy(z, t, 0.5_c), true, value, slope, t = L);
        if (loss == 1) holds(xg::focal_cross_entropy(z, t, 2_c), true, value, slope, t = L);
    }
    holds(xg::poly_cross_entropy(z, t, 2_c), true, [](const row& a) { return -a.log_p(a.t) + 2 * (1 - a.p[a.t]); },
          [](const row& a, std::size_t i) { return (1 + 2 * a.p[a.t]) * (a.p[i] - a.hit(i)); }, t = L);
    holds(xg::generalised_cross_entropy(z, t, 0.5_c), true, [](const row& a) { return (1 - std::sqrt(a.p[a.t])) / 0.5L; },
          [](const row& a, std::size_t i) { return std::sqrt(a.p[a.t]) * (a.p[i] - a.hit(i)); }, t = L);
    holds(xg::symmetric_cross_entropy(z, t, xg::alpha(0.25_c)), true, [](const row& a) { return -0.25L * a.log_p(a.t) + 4 * (1 - a.p[a.t]); },
          [](const row& a, std::size_t i) { return (0.25L + 4 * a.p[a.t]) * (a.p[i] - a.hit(i)); }, t = L);
    holds(xg::confidence_penalty(z, t, 0.5_c), true, [](const row& a) { return -a.log_p(a.t) - 0.5L * entropy(a); },
          [](const row& a, std::size_t i) { return a.p[i] - a.hit(i) + 0.5L * a.p[i] * (a.log_p(i) + entropy(a)); }, t = L);
}

TEST_CASE("divergences between the model's distribution and another: 0 counts 0", "[nn]") {
    const auto kl = [](const row& a) { return a.sum([&](std::size_t i) { return times_log(a.q[i], a.q[i]) - a.q[i] * a.log_p(i); }); };
    const auto slope = [](const row& a, std::size_t i) { return a.p[i] - a.q[i]; };
    holds(xg::kl_divergence(z, q), false, kl, slope, q = Q);
    auto log_q = Q;
    for (double& e : log_q) e = std::log(e);  // log 0 is -inf
    holds(xg::kl_divergence(z, q, xg::log_target), false, kl, slope, q = log_q);

    auto smooth = [](const row& a, std::size_t i) { return (a.q[i] + 0.125L) / 1.625L; };
    auto S = Q;
    for (double& e : S) e = (e + 0.125) / 1.625;
    const auto reverse = [&](const row& a) { return a.sum([&](std::size_t i) { return a.p[i] * (a.log_p(i) - std::log(smooth(a, i))); }); };
    holds(xg::reverse_kl(z, q), false, reverse, [&](const row& a, std::size_t i) { return a.p[i] * (a.log_p(i) - std::log(smooth(a, i)) - reverse(a)); }, q = S);

    const auto m = [](const row& a, std::size_t i) { return 0.25L * a.q[i] + 0.75L * a.p[i]; };
    const auto js = [&](const row& a) {
        return a.sum([&](std::size_t i) { return 0.25L * (times_log(a.q[i], a.q[i]) - a.q[i] * std::log(m(a, i))) + 0.75L * a.p[i] * (a.log_p(i) - std::log(m(a, i))); });
    };
    const auto r = [&](const row& a, std::size_t i) { return 0.75L * (a.log_p(i) - std::log(m(a, i))); };
    holds(xg::jensen_shannon(z, q, 0.25_c), false, js,
          [&](const row& a, std::size_t i) { return a.p[i] * (r(a, i) - a.sum([&](std::size_t k) { return a.p[k] * r(a, k); })); }, q = Q);

    const auto sign = [](const row& a, std::size_t i) { return a.p[i] > a.q[i] ? 0.5L : -0.5L; };
    holds(xg::total_variation(z, q), false, [](const row& a) { return a.sum([&](std::size_t i) { return std::abs(a.p[i] - a.q[i]) / 2; }); },
          [&](const row& a, std::size_t i) { return a.p[i] * (sign(a, i) - a.sum([&](std::size_t k) { return a.p[k] * sign(a, k); })); }, q = Q);
    holds(xg::entropy(z), false, entropy, [](const row& a, std::size_t i) { return -a.p[i] * (a.log_p(i) + entropy(a)); });
}

TEST_CASE("margins between classes, ranking, contrast, views that agree", "[nn]") {
    const auto behind = [](const row& a, std::size_t i) { return i == a.t ? 0 : std::max(0.0L, 2 - a.x[a.t] + a.x[i]); };
    holds(xg::multi_margin(z, t, xg::margin(2_c), xg::norm_degree(2_c), xg::class_weight(w)), true,
          [&](const row& a) { return W(a.t) * a.sum([&](std::size_t i) { return behind(a, i) * behind(a, i); }) / C; },
          [&](const row& a, std::size_t i) { return 2 * W(a.t) / C * (behind(a, i) - a.hit(i) * a.sum([&](std::size_t k) { return behind(a, k); })); }, t = L, w = W);
    const auto best = [](const row& a, real margin) {
        std::size_t found = 0;
        for (std::size_t i = 1; i < C; ++i)
            if (a.x[i] + (i == a.t ? 0 : margin) > a.x[found] + (found == a.t ? 0 : margin)) found = i;
        return found;
    };
    holds(xg::multiclass_hinge(z, t), true, [&](const row& a) { return a.x[best(a, 1)] + (best(a, 1) == a.t ? 0 : 1) - a.x[a.t]; },
          [&](const row& a, std::size_t i) { return (i == best(a, 1) ? 1 : 0) - a.hit(i); }, t = L);
    holds(xg::multiclass_perceptron(z, t), true, [&](const row& a) { return a.x[best(a, 0)] - a.x[a.t]; },
          [&](const row& a, std::size_t i) { return (i == best(a, 0) ? 1 : 0) - a.hit(i); }, t = L);

    const auto sharp = [](const row& a) {
        std::vector<real> scaled;
        for (real e : a.x) scaled.push_back(e / 0.5L);
        return logsumexp(scaled);
    };
    holds(xg::info_nce(z, t, xg::temperature(0.5_c)), true, [&](const row& a) { return sharp(a) - a.x[a.t] / 0.5L; },
          [&](const row& a, std::size_t i) { return (std::exp(a.x[i] / 0.5L - sharp(a)) - a.hit(i)) / 0.5L; }, t = L);

    // Every third item is not in the list; the list of row 4 is empty.
    constexpr auto in = xg::mask<"in">(rows, 5_c);
    auto In = support::shaped<bool>({R, C});
    for (std::size_t r = 0; r < R; ++r)
        for (std::size_t c = 0; c < C; ++c) In(r, c) = (r + c) % 3 != 0 && r != 4;
    const auto listed = [&](const row& a) {
        std::vector<real> x;
        for (std::size_t i = 0; i < C; ++i)
            if (In(a.r, i)) x.push_back(a.x[i]);
        return x.empty() ? 0 : logsumexp(x);
    };
    const auto relevance = [&](const row& a, std::size_t i) { return In(a.r, i) ? a.q[i] : 0; };
    holds(xg::ranking_softmax(z, q, xg::item_mask(in)), false, [&](const row& a) { return a.sum([&](std::size_t i) { return relevance(a, i) * (listed(a) - a.x[i]); }); },
          [&](const row& a, std::size_t i) {
              return In(a.r, i) ? a.sum([&](std::size_t k) { return relevance(a, k); }) * std::exp(a.x[i] - listed(a)) - a.q[i] : 0;
          }, q = Q, in = In);

    const auto both = xg::js_consistency(z, 2_c * z);
    const auto twice = [](const row& a) {
        std::vector<real> x, p;
        for (real e : a.x) x.push_back(2 * e);
        const real lse = logsumexp(x);
        for (real e : x) p.push_back(std::exp(e - lse));
        return p;
    };
    const auto got = xg::compile<double>(both)(z = Z);
    for (std::size_t r = 0; r < R; ++r) {
        const row a = row_of(r);
        const auto p = twice(a);
        const real exact = a.sum([&](std::size_t i) {
            const real mean = (a.p[i] + p[i]) / 2;
            return (a.p[i] * (a.log_p(i) - std::log(mean)) + p[i] * (std::log(p[i]) - std::log(mean))) / 2;
        });
        CHECK(support::relative_error(got(r), exact, 1) <= 1e-14);
    }
}
