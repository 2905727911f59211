// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// ctc_loss: long sequences, large scores, published numbers.
#include "support/alignments.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace {
using namespace alignments;

constexpr auto steps = xg::axis<"time">;
constexpr auto batch = xg::axis<"batch">;
constexpr auto length = xg::axis<"length">;
constexpr auto z = xg::input<"z">(steps, batch, 3_c);
constexpr auto t = xg::labels<"t">(batch, length, xg::classes(3_c), xg::ignore_index<-1>);

/// The number of alignments of `labels` labels, `repeats` of which equal the one before, in log: log of (time + labels - repeats over 2 labels).
real log_alignments(real time, real labels, real repeats) {
    return std::lgamma(time + labels - repeats + 1) - std::lgamma(2 * labels + 1) - std::lgamma(time - labels - repeats + 1);
}
}  // namespace

TEMPLATE_TEST_CASE("ctc_loss: ten thousand steps, scores of ten thousand", "[nn]", float, double) {
    using T = TestType;
    constexpr std::size_t time = 10000;
    constexpr auto loss = xg::ctc_loss(z, t);
    auto program = xg::compile<T>(loss, xg::gradient(xg::sum(loss), z)).prepare();
    const std::vector<sequence> rows{{}, {1}, {1, 2, 1, 2, 1, 2}, {2, 2, 2, 1, 1, 2}};
    const real repeats[] = {0, 0, 0, 3};
    // All alignments equally probable, far from 0: their number is known.
    auto Z = support::shaped<T>({time, rows.size(), 3});
    for (std::size_t s = 0; s < time; ++s)
        for (std::size_t r = 0; r < rows.size(); ++r)
            for (std::size_t c = 0; c < 3; ++c) Z(s, r, c) = static_cast<T>(s % 2 ? 10000 : -10000);
    {
        const auto [value, g] = program(z = Z, t = padded(rows, 6));
        for (std::size_t r = 0; r < rows.size(); ++r) {
            CAPTURE(r);
            const auto labels = static_cast<real>(rows[r].size());
            const real each = std::log(static_cast<real>(3)) * static_cast<real>(time);
            CHECK(support::relative_error(value(r), each - log_alignments(time, labels, repeats[r]), each) < (std::is_same_v<T, double> ? 1e-12 : 4e-7));
            // Of one label, a step s (from 0) is in (s + 1) (time - s) of the runs.
            if (r == 1)
                for (std::size_t s = 0; s < time; s += 7) {
                    const real of_label = static_cast<real>((s + 1) * (time - s)) / (static_cast<real>(time) * (time + 1) / 2);
                    CHECK(support::relative_error(g(s, r, 1), 1 / static_cast<real>(3) - of_label, 1) < (std::is_same_v<T, double> ? 1e-10 : 1e-6));
                }
        }
    }
    std::mt19937 random(1);
    for (T& x : Z) x = static_cast<T>(static_cast<double>(random()) / 4294967296.0 * 20000 - 10000);
    const auto [value, g] = program(z = Z, t = padded(rows, 6));
    bool in_range = true;
    for (T x : g) in_range = in_range && std::abs(x) <= 1;
    CHECK(in_range);
    for (std::size_t r = 0; r < rows.size(); ++r) CHECK((std::isfinite(value(r)) && value(r) > 0));
    // A step's gradient has no component along all of its classes.
    double worst = 0;
    for (std::size_t s = 0; s < time; ++s)
        for (std::size_t r = 0; r < rows.size(); ++r) worst = std::max(worst, static_cast<double>(std::abs(g(s, r, 0) + g(s, r, 1) + g(s, r, 2))));
    CHECK(worst < 4 * support::epsilon<T>);
}

TEST_CASE("ctc_loss: published numbers", "[nn]") {
    // TensorFlow's ctc_loss_op_test (numbers of Graves's library), its blank the last class.
    constexpr auto y = xg::input<"y">(steps, 1_c, 6_c);
    constexpr auto six = xg::labels<"six">(1_c, length, xg::classes(6_c));
    auto program = xg::compile<double>(xg::ctc_loss(y, six, xg::blank<5>)).prepare();
    const auto value = [&](std::vector<double> scores, const sequence& labels) {
        auto Y = support::shaped<double>({scores.size() / 6, 1, 6});
        std::copy(scores.begin(), scores.end(), Y.begin());
        return program(y = Y, six = padded({labels}, labels.size()))(0);
    };
    const auto of_probabilities = [&](std::vector<double> p, const sequence& labels) {
        for (double& x : p) x = std::log(x);
        return value(p, labels);
    };
    CHECK(std::abs(of_probabilities({0.633766, 0.221185, 0.0917319, 0.0129757, 0.0142857, 0.0260553, 0.111121, 0.588392, 0.278779, 0.0055756, 0.00569609, 0.010436,
                          0.0357786, 0.633813, 0.321418, 0.00249248, 0.00272882, 0.0037688, 0.0663296, 0.643849, 0.280111, 0.00283995, 0.0035545, 0.00331533,
                          0.458235, 0.396634, 0.123377, 0.00648837, 0.00903441, 0.00623107},
                         {0, 1, 2, 1, 0}) - 3.34211) < 1e-5);
    CHECK(std::abs(of_probabilities({0.30176, 0.28562, 0.0831517, 0.0862751, 0.0816851, 0.161508, 0.24082, 0.397533, 0.0557226, 0.0546814, 0.0557528, 0.19549,
                          0.230246, 0.450868, 0.0389607, 0.038309, 0.0391602, 0.202456, 0.280884, 0.429522, 0.0326593, 0.0339046, 0.0326856, 0.190345,
                          0.423286, 0.315517, 0.0338439, 0.0393744, 0.0339315, 0.154046},
                         {0, 1, 1, 0}) - 5.42262) < 1e-5);

    // warp-ctc's first test, its blank put last and a class without probability beside it.
    constexpr double out = -std::numeric_limits<double>::infinity();
    CHECK(std::abs(value({0.6, 0.1, 0.1, 0.1, out, 0.1, 0.1, 0.6, 0.1, 0.1, out, 0.1}, {0, 1}) - 2.46285844) < 1e-7);
}
