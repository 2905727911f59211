// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A small language model: which character comes next? Two blocks of causal attention read up to 128 characters of quotations, poems and definitions (Debian's
// `fortunes`), and give at every place the probabilities of the next one. The perplexity of held-out text, e to the mean cross-entropy, is how many characters the
// model still wavers between; it falls below that of counted pairs of characters. Then the model writes.
#include <xgrad/xgrad.hpp>

#include "common/options.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto texts = xg::axis<"texts">;
constexpr auto time_of = xg::axis<"time">;
constexpr auto characters = xg::labels<"characters">(texts, time_of, xg::classes(96_c));
constexpr auto next = xg::labels<"next">(texts, time_of, xg::classes(96_c));
constexpr auto places = xg::labels<"places">(time_of, xg::classes(128_c));

template <xg::fixed_string Name>
constexpr auto block = xg::sequential<Name>(xg::residual(xg::layer_norm<"before_attention">, xg::multi_head_attention<"attention">(time_of, 64_c, xg::heads(4_c), xg::causal)),
                                            xg::residual(xg::layer_norm<"before_dense">, xg::dense<"wide">(256_c), xg::gelu, xg::dense<"narrow">(64_c)));
constexpr auto model = xg::sequential(block<"first">, block<"second">, xg::layer_norm<"last">, xg::dense<"score">(96_c));
constexpr auto scores = model(xg::embedding<"character">(64_c)(characters) + xg::embedding<"place">(64_c)(places));
constexpr auto loss = xg::mean(xg::cross_entropy(scores, next));

namespace {

constexpr std::size_t most_context = 128;
using table = xg::tensor<std::int64_t, 2>;
using row = xg::tensor<std::int64_t, 1>;

/// Line ends, then the printable characters of ASCII; what is none of them is a blank.
std::int64_t class_of(char c) { return c == '\n' ? 0 : c >= ' ' && c <= '~' ? c - ' ' + 1 : 1; }
char character_of(std::int64_t label) { return label == 0 ? '\n' : static_cast<char>(' ' + label - 1); }

/// One character after the other, every tenth piece of them held out.
struct corpus {
    std::vector<std::int64_t> training, held_out;

    explicit corpus(const std::string& folder) {
        constexpr std::size_t piece = 4096;
        std::vector<std::int64_t> all;
        for (const char* name : {"wisdom", "songs-poems", "computers", "science", "definitions", "cookie", "people", "art", "law", "tao", "work"}) {
            std::ifstream file(folder + "/" + name);
            if (!file) throw xg::binding_error("'" + folder + "/" + name + "' cannot be opened. Fix: run ./examples/run 060_language_model, which fetches Debian's package fortunes.");
            for (std::istreambuf_iterator<char> c(file), end; c != end; ++c) all.push_back(class_of(*c));
        }
        for (std::size_t i = 0; i < all.size(); ++i) (i / piece % 10 == 9 ? held_out : training).push_back(all[i]);
    }
};

/// Pieces of a text, and the same one character later.
struct batch {
    table now, then;

    batch(const std::vector<std::int64_t>& text, const std::vector<std::size_t>& starts)
        : now(table::from_shape({starts.size(), most_context})), then(table::from_shape({starts.size(), most_context})) {
        for (std::size_t r = 0; r < starts.size(); ++r)
            for (std::size_t i = 0; i < most_context; ++i) {
                now(r, i) = text[starts[r] + i];
                then(r, i) = text[starts[r] + i + 1];
            }
    }
};
row first_places(std::size_t count) {
    row made = row::from_shape({count});
    std::iota(made.begin(), made.end(), 0);
    return made;
}

/// The perplexity of held-out text by counting, each count one more than seen: of characters alone, and of pairs.
std::pair<double, double> by_counting(const corpus& c) {
    const auto at = [](std::int64_t label) { return static_cast<std::size_t>(label); };
    std::vector<double> pairs(96 * 96, 1), before(96, 96), alone(96, 1);
    for (std::size_t i = 1; i < c.training.size(); ++i) {
        ++pairs[at(c.training[i - 1] * 96 + c.training[i])];
        ++before[at(c.training[i - 1])];
        ++alone[at(c.training[i])];
    }
    const double all = std::accumulate(alone.begin(), alone.end(), 0.0), count = static_cast<double>(c.held_out.size() - 1);
    double of_one = 0, of_two = 0;
    for (std::size_t i = 1; i < c.held_out.size(); ++i) {
        of_one -= std::log(alone[at(c.held_out[i])] / all);
        of_two -= std::log(pairs[at(c.held_out[i - 1] * 96 + c.held_out[i])] / before[at(c.held_out[i - 1])]);
    }
    return {std::exp(of_one / count), std::exp(of_two / count)};
}

int run(std::size_t steps) {
    const corpus text(XGRAD_EXAMPLE_DATA "/fortunes/usr/share/games/fortunes");
    std::printf("%zu characters to learn from, %zu held out\n\n", text.training.size(), text.held_out.size());
    xg::trainer trainer{loss, xg::adam{}, xg::seed{0}, xg::clip_global_norm(1), xg::schedule(xg::one_cycle{.peak = 4e-3, .steps = static_cast<double>(steps)})};
    auto held_out_loss = trainer.compile(loss);
    auto row_scores = trainer.compile(xg::softmax(scores / 0.8_c));  // a little bolder than the model
    const row all_places = first_places(most_context);

    std::vector<std::size_t> known;
    for (std::size_t start = 0; start + most_context < text.held_out.size() && known.size() < 256; start += 2 * most_context) known.push_back(start);
    const batch asked(text.held_out, known);
    const auto perplexity = [&] { return xg::perplexity(static_cast<double>(held_out_loss(characters = asked.now, next = asked.then, places = all_places))); };

    const auto [alone, pairs] = by_counting(text);
    std::printf("perplexity of held-out text: all characters alike 96, by how often they come %.2f, by pairs %.2f\n", alone, pairs);
    std::mt19937 random(1);
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t step = 0; step < steps; ++step) {
        std::vector<std::size_t> starts(32);
        for (std::size_t& s : starts) s = random() % (text.training.size() - most_context - 1);
        const batch b(text.training, starts);
        const auto value = static_cast<double>(trainer.step(characters = b.now, next = b.then, places = all_places));
        if ((step + 1) % std::max<std::size_t>(1, steps / 6) == 0)
            std::printf("  step %4zu: training %.2f, held out %.2f, %.0f s\n", step + 1, xg::perplexity(value), perplexity(),
                        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        std::fflush(stdout);
    }
    const double reached = perplexity();

    std::string written = "The ";
    std::vector<std::int64_t> context;
    for (const char c : written) context.push_back(class_of(c));
    for (int i = 0; i < 400; ++i) {
        const std::size_t length = std::min(context.size(), most_context);
        table seen = table::from_shape({1, length});
        std::copy(context.end() - static_cast<std::ptrdiff_t>(length), context.end(), seen.begin());
        const auto p = row_scores(characters = seen, places = first_places(length));
        std::discrete_distribution<std::int64_t> draw(&p(0, length - 1, 0), &p(0, length - 1, 0) + 96);
        context.push_back(draw(random));
        written += character_of(context.back());
    }
    std::printf("\n%s\n", written.c_str());
    if (!(reached < alone)) {
        std::fprintf(stderr, "The model learnt no more than how often characters come: %.2f. More --steps.\n", reached);
        return 1;
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t steps = 600;
    read_options(count, arguments, {{"--steps", steps}});
    try {
        return run(steps);
    } catch (const xg::binding_error& error) {  // the texts are missing
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
