// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A hidden Markov model finds the vowels. A word is made by a machine with two states: in each it says a letter, then it moves on. Which letters a state says and
// where it moves is learnt from Debian's list of 346,000 French words; nobody says what a vowel is, or that an é has to do with an e. The likelihood is the forward
// algorithm, a loop in one line. There is no backward algorithm: what it would compute are derivatives.
#include <xgrad/xgrad.hpp>

#include "common/french.hpp"
#include "common/options.hpp"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto words = xg::axis<"words">;
constexpr auto places = xg::axis<"places">;
constexpr auto letters = xg::labels<"letters">(words, places, xg::classes(46_c), xg::ignore_index<-1>);  // -1: the word has ended

// Logarithms of probabilities: each row of a softmax is a distribution, whatever the parameter.
constexpr auto first = xg::log_softmax(xg::parameter<"first">(2_c));                          // of the first letter's state
constexpr auto moves = xg::log_softmax(xg::parameter<"moves", xg::standard_normal>(2_c, 2_c));  // from a state to the next letter's
constexpr auto says = xg::log_softmax(xg::parameter<"says", xg::standard_normal>(2_c, 46_c));   // a letter, in a state

// How probable each letter is in each state, [words, places, 2]. After a word's end these are zeros, the logarithms of 1: whatever the state, nothing is to be said.
constexpr auto said = xg::embedding_lookup(xg::transpose(says), letters);
// The forward algorithm: m is the probability of all letters so far together with the state that comes next.
constexpr auto forward = xg::scan(places, [](auto m, auto here) { return xg::log_matmul_exp(m + here, moves); }, xg::broadcast(first, words, 2_c), said);
constexpr auto likelihood = xg::sum(xg::logsumexp(xg::last_of(forward, places), xg::axes<-1>));
constexpr auto loss = -likelihood / xg::sum(xg::select(letters >= 0_c, 1_c, 0_c));  // a letter
// How often each state says each letter, as far as that can be known: what Baum and Welch's backward pass is for.
constexpr auto expected = xg::gradient(likelihood, says);

namespace {

constexpr std::size_t symbols = french::alphabet.size() + french::accented_letters.size();
static_assert(symbols == 46);

/// Letters without an accent, then those with one.
std::int64_t symbol_of(char letter, std::int64_t accent) {
    std::size_t made = french::alphabet.find(letter);
    for (std::size_t i = 0; i < french::accented_letters.size() && accent > 0; ++i)
        if (french::accented_letters[i].letter == letter && french::accented_letters[i].accent == accent) made = french::alphabet.size() + i;
    return static_cast<std::int64_t>(made);
}
std::string text_of(std::size_t symbol) {
    return std::string(symbol < french::alphabet.size() ? french::alphabet.substr(symbol, 1) : french::accented_letters[symbol - french::alphabet.size()].utf8);
}
bool is_vowel(std::size_t symbol) {
    const char letter = symbol < french::alphabet.size() ? french::alphabet[symbol] : french::accented_letters[symbol - french::alphabet.size()].letter;
    return std::string_view("aeiouy").find(letter) != std::string_view::npos;
}

using table = xg::tensor<std::int64_t, 2>;
/// Every so-many-th word, side by side, the shorter ones filled up with -1.
table side_by_side(const std::vector<french::word>& all, std::size_t every = 1) {
    std::size_t longest = 0;
    for (const french::word& w : all) longest = std::max(longest, w.letters.size());
    auto made = table::from_shape({(all.size() + every - 1) / every, longest});
    made.fill(-1);
    for (std::size_t r = 0; r < made.shape()[0]; ++r)
        for (std::size_t i = 0; i < all[r * every].letters.size(); ++i) made(r, i) = symbol_of(all[r * every].letters[i], all[r * every].accents[i]);
    return made;
}
std::vector<french::word> read_words(const std::string& path, std::size_t share) {
    std::ifstream file(path);
    if (!file) throw xg::binding_error("'" + path + "' cannot be opened. Fix: apt-get install wfrench");
    std::vector<french::word> made;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);)
        if (french::word w = french::read(line); !w.letters.empty() && number++ % share == 0) made.push_back(std::move(w));
    return made;
}

auto trainer_from(unsigned start) { return xg::trainer{loss, xg::adam{.learning_rate = 0.05}, xg::seed{start}}; }
using model = decltype(trainer_from(0));
/// The perplexity in a pass over all words, e^loss: among how many letters, all as likely, one would have to choose.
template <class Batches>
double pass(model& trainer, Batches& batches) {
    double losses = 0;
    for (auto [b] : batches) losses += static_cast<double>(trainer.step(letters = b));
    return std::exp(losses / static_cast<double>(batches.count()));
}

int run(std::size_t epochs, std::size_t share) {
    const std::vector<french::word> listed = read_words("/usr/share/dict/french", share);
    const table all = side_by_side(listed), some = side_by_side(listed, std::max<std::size_t>(1, listed.size() / 10000));

    std::vector<double> count(symbols, 0);
    double total = 0, entropy = 0;
    for (const std::int64_t symbol : all)
        if (symbol >= 0) ++count[static_cast<std::size_t>(symbol)], ++total;
    for (const double n : count)
        if (n > 0) entropy -= n / total * std::log(n / total);
    std::printf("%zu words, %.0f letters\nperplexity of a letter, from how often each letter comes: %.2f\n", listed.size(), total, std::exp(entropy));

    // Likelihoods of this kind have several maxima: the best of a few random starts goes on.
    model trainer = trainer_from(0);
    double perplexity = std::exp(entropy) + 1;
    for (unsigned start = 0; start < 8; ++start) {
        model tried = trainer_from(start);
        auto batches = xg::batches(100, some);
        double reached = 0;
        for (int i = 0; i < 4; ++i) reached = pass(tried, batches);
        std::printf("  start %u, after four times %zu words: %.2f\n", start, some.shape()[0], reached);
        if (reached < perplexity) trainer = std::move(tried), perplexity = reached;
    }
    auto batches = xg::batches(1000, all);
    for (std::size_t epoch = 1; epoch <= epochs; ++epoch) std::printf("  the best of them, epoch %zu over all words: %.2f\n", epoch, perplexity = pass(trainer, batches));

    // What the states have learnt. The one that says most of the a's is called V.
    xg::tensor<float, 2> counts = xt::zeros<float>({std::size_t{2}, symbols});
    auto count_states = trainer.compile(expected);
    for (auto [b] : xg::batches(2000, xg::in_order, all)) counts += count_states(letters = b);
    const std::size_t v = counts(0, 0) > counts(1, 0) ? 0 : 1;
    const std::vector<const char*> shown{"voyelle", "consonne", "hétérogène", "anticonstitutionnel"};
    std::vector<french::word> asked;
    std::vector<std::size_t> lengths;
    for (const char* text : shown) {
        asked.push_back(french::read(text));
        lengths.push_back(asked.back().letters.size());
    }
    const auto [log_first, log_moves, log_says, log_said] = trainer.compile(first, moves, says, said)(letters = side_by_side(asked));
    for (const std::size_t state : {v, 1 - v}) {
        std::printf("\n%c: a word begins here with probability %.2f; the next letter is a V with %.2f, a C with %.2f\n  ", state == v ? 'V' : 'C', std::exp(log_first(state)),
                    std::exp(log_moves(state, v)), std::exp(log_moves(state, 1 - v)));
        for (std::size_t k = 0; k < symbols; ++k)
            if (std::exp(log_says(state, k)) >= 0.01f) std::printf(" %s %.2f", text_of(k).c_str(), std::exp(log_says(state, k)));
    }
    // Of i and u a good half closes a syllable that another vowel has opened, as in ai and eu: they are both.
    double vowels = 0, in_v = 0, consonants = 0, in_c = 0;
    for (std::size_t k = 0; k < symbols; ++k) {
        if (text_of(k) == "i" || text_of(k) == "u") continue;
        (is_vowel(k) ? vowels : consonants) += static_cast<double>(counts(0, k) + counts(1, k));
        (is_vowel(k) ? in_v : in_c) += static_cast<double>(counts(is_vowel(k) ? v : 1 - v, k));
    }
    std::printf("\n\nvowels without i and u: %.1f %% are V; consonants: %.1f %% are C\n\n", 100 * in_v / vowels, 100 * in_c / consonants);

    const auto paths = xg::viterbi(log_said, log_moves, lengths, log_first);
    for (std::size_t r = 0; r < shown.size(); ++r) {
        std::printf("%s%*s", shown[r], static_cast<int>(22 - lengths[r]), "");
        for (std::size_t i = 0; i < lengths[r]; ++i) std::printf("%c", static_cast<std::size_t>(paths(r, i)) == v ? 'V' : 'C');
        std::printf("\n");
    }
    if (in_v < 0.9 * vowels || in_c < 0.9 * consonants || perplexity > 0.9 * std::exp(entropy)) {
        std::fprintf(stderr, "Vowels and consonants were not found: more --epochs, or more words.\n");
        return 1;
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t epochs = 2, share = 1;
    read_options(count, arguments, {{"--epochs", epochs}, {"--one-of", share}});
    try {
        return run(epochs, share);
    } catch (const xg::binding_error& error) {  // the list is missing
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
