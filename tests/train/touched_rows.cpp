// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Updates of the rows that a batch reads, against plain loops over all rows.
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto others = xg::axis<"others">;
constexpr std::size_t rows = 40, width = 3;
constexpr auto table = xg::parameter<"table", xg::ones>(40_c, 3_c);
constexpr auto t = xg::labels<"t">(batch, 2_c, xg::classes(40_c), xg::ignore_index<-1>);
constexpr auto u = xg::labels<"u">(others, xg::classes(40_c));
/// Rows read are multiplied with these, which are their gradients.
constexpr auto slope_t = xg::input<"slope_t">(batch, 2_c, 3_c);
constexpr auto slope_u = xg::input<"slope_u">(others, 3_c);
constexpr auto one_list = xg::sum(xg::embedding_lookup(table, t) * slope_t);
constexpr auto two_lists = one_list + xg::sum(xg::embedding_lookup(table, u) * slope_u) / 2_c + xg::sum(xg::embedding_lookup(table, u, xg::padding_index(7_c)) * slope_u);

using matrix = support::array<double, 2>;

/// What a step of a test is given. Labels repeat, within a list and from list to list; half of the rows have none.
struct step {
    support::array<std::int32_t, 2> t;
    support::array<std::int32_t, 1> u;
    support::array<double, 3> slope_t;
    support::array<double, 2> slope_u;
    std::vector<bool> touched = std::vector<bool>(rows, false);
    matrix gradient = support::shaped<double>({rows, width});

    step(unsigned seed, std::size_t count, bool both)
        : t(support::random_labels({count, 2}, seed, rows / 2)), u(support::random_labels({5}, seed + 50, rows / 2)), slope_t(support::uniform<double>({count, 2, width}, seed + 100)),
          slope_u(support::uniform<double>({5, width}, seed + 150)) {
        for (auto& row : t) row = row == 3 ? -1 : row;
        u(2) = 7;
        for (std::size_t i = 0; i < t.size(); ++i) add(t.data()[i], slope_t.data() + i * width, 1);
        for (std::size_t i = 0; both && i < u.size(); ++i) add(u(i), slope_u.data() + i * width, u(i) == 7 ? 0.5 : 1.5);
    }

private:
    void add(std::int32_t label, const double* slope, double factor) {
        if (label < 0) return;
        const auto row = static_cast<std::size_t>(label);
        touched[row] = true;
        for (std::size_t k = 0; k < width; ++k) gradient(row, k) += factor * slope[k];
    }
};

/// Steps of different sizes; after each, the table and the optimiser's states against `formula(p, g, states, step number)` for the numbers of touched rows. All
/// others keep their bits.
template <std::size_t States, bool Both, class Trainer>
void follows(Trainer& trainer, auto formula, double largest_norm = 0) {
    auto values = trainer.parameter("table"_p);
    matrix plain = support::uniform<double>({rows, width}, 9);
    std::copy(plain.begin(), plain.end(), values.begin());
    std::vector<std::array<double, States>> states(plain.size());
    double worst = 0;
    bool kept = true;
    for (unsigned number = 1; number <= 6; ++number) {
        const step now(number, number == 1 ? 1 : 2 * number, Both);
        double norm = 0;
        for (const double g : now.gradient) norm += g * g;
        const double factor = largest_norm > 0 ? std::min(1.0, largest_norm / (std::sqrt(norm) + 1e-6)) : 1;
        const matrix before = values;
        if constexpr (Both) {
            trainer.step(t = now.t, u = now.u, slope_t = now.slope_t, slope_u = now.slope_u);
        } else {
            trainer.step(t = now.t, slope_t = now.slope_t);
        }
        for (std::size_t i = 0; i < plain.size(); ++i) {
            if (now.touched[i / width]) formula(plain.data()[i], factor * now.gradient.data()[i], states[i], static_cast<double>(number));
            else kept = kept && values.data()[i] == before.data()[i];
            worst = std::max(worst, std::abs(values.data()[i] - plain.data()[i]));
        }
    }
    CHECK(kept);
    CHECK(worst < 1e-13);
}
}  // namespace

TEST_CASE("sparse updates: lazy adamw of a table that three lists of labels read, clipped", "[train]") {
    constexpr double rate = 0.05, b1 = 0.8, b2 = 0.95, e = 1e-6, decay = 0.1;
    xg::trainer trainer{two_lists, xg::adamw{.learning_rate = rate, .beta1 = b1, .beta2 = b2, .epsilon = e, .weight_decay = decay}, xg::precision<double>, xg::clip_global_norm{2.0}, xg::sparse_updates<"table">};
    follows<2, true>(trainer,
            [&](double& p, double g, std::array<double, 2>& s, double step) {
                s[0] = b1 * s[0] + (1 - b1) * g;
                s[1] = b2 * s[1] + (1 - b2) * g * g;
                p -= rate * decay * p;
                p -= rate * s[0] / (1 - std::pow(b1, step)) / (std::sqrt(s[1] / (1 - std::pow(b2, step))) + e);
            },
            2);
    const step now(30, 4, true);
    step broken = now;
    broken.slope_u(1, 1) = std::numeric_limits<double>::quiet_NaN();
    const matrix before = trainer.parameter("table"_p), mean = trainer.states()["table.mean"_p];
    CHECK_THROWS_AS(trainer.step(t = broken.t, u = broken.u, slope_t = broken.slope_t, slope_u = broken.slope_u), xg::non_finite_error);
    CHECK(support::same_bits(matrix(trainer.parameter("table"_p)), before));
    CHECK(support::same_bits(matrix(trainer.states()["table.mean"_p]), mean));
}

TEST_CASE("sparse updates: momentum, kept where no label is", "[train]") {
    xg::trainer trainer{one_list, xg::sgd{.learning_rate = 0.1, .momentum = 0.9}, xg::precision<double>, xg::unfused, xg::sparse_updates<"t*">};
    follows<1, false>(trainer, [](double& p, double g, std::array<double, 1>& s, double) {
        s[0] = 0.9 * s[0] + g;
        p -= 0.1 * s[0];
    });
}

TEST_CASE("sparse updates: a model trains as without them by sgd, bit by bit", "[train]") {
    constexpr auto y = xg::input<"y">(batch, 1_c);
    constexpr auto words = xg::labels<"words">(batch, 2_c, xg::classes(4000_c), xg::ignore_index<-1>);
    constexpr auto model = xg::sequential(xg::embedding<"word">(16_c), xg::flatten, xg::dense<"out">(1_c));
    constexpr auto loss = xg::mean(xg::mean_squared_error(model(words), y));
    xg::trainer dense{loss, xg::sgd{.learning_rate = 0.02}, xg::seed{2}};
    xg::trainer sparse{loss, xg::sgd{.learning_rate = 0.02}, xg::seed{2}, xg::sparse_updates<"word">};
    for (unsigned k = 0; k < 20; ++k) {
        const std::size_t count = 1 + 7 * (k % 5);
        const step now(k, count, false);
        const auto Y = support::uniform<float>({count, 1}, k);
        CHECK(dense.step(words = now.t, y = Y) == sparse.step(words = now.t, y = Y));
    }
    using floats = support::array<float, 2>;
    CHECK(support::same_bits(floats(dense.parameter("word.weight"_p)), floats(sparse.parameter("word.weight"_p))));
    CHECK(support::same_bits(floats(dense.parameter("out.weight"_p)), floats(sparse.parameter("out.weight"_p))));
    // What a step needs follows from its batch: no array of the table's size, 256,000 bytes.
    CHECK(dense.arena_bytes() > 256000);
    CHECK(sparse.arena_bytes() < 30000);
}
