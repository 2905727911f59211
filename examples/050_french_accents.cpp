// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Sequence labelling: which accents does "deja vu" want? Debian's list of 346,000 French words, with the accents taken off, is the input; the label of a letter is
// the accent it had. 95 of 100 letters have none. A bidirectional LSTM reads each word; a conditional random field over its scores, or a softmax for each letter,
// decides: the second is the first without scores for neighbours. A tenth of the spellings is held out.
#include <xgrad/xgrad.hpp>

#include "common/french.hpp"
#include "common/options.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto words = xg::axis<"words">;
constexpr auto places = xg::axis<"places">;
constexpr auto letters = xg::labels<"letters">(words, places, xg::classes(29_c), xg::ignore_index<-1>);  // -1: the word has ended
constexpr auto accents = xg::labels<"accents">(words, places, xg::classes(6_c), xg::ignore_index<-1>);
constexpr auto pairs = xg::parameter<"pairs">(6_c, 6_c);
constexpr auto coupling = xg::scalar<"coupling">;  // 1: neighbours count; 0: each letter for itself

constexpr auto model = xg::sequential(xg::embedding<"letter">(32_c), xg::bidirectional(xg::lstm<"context">(places, 96_c, xg::step_mask(letters >= 0_c))), xg::dense<"score">(6_c));
constexpr auto scores = model(letters);
constexpr auto loss = xg::mean(xg::linear_chain_crf(places, scores, accents, coupling * pairs));

namespace {

using table = xg::tensor<std::int64_t, 2>;

/// Words side by side, the shorter ones filled up with -1.
struct word_batch {
    table letters, accents;
    xg::tensor<std::int64_t, 1> lengths;

    explicit word_batch(const std::vector<const french::word*>& from) {
        std::size_t longest = 0;
        for (const french::word* w : from) longest = std::max(longest, w->letters.size());
        letters = accents = table::from_shape({from.size(), longest});
        letters.fill(-1);
        accents.fill(-1);
        lengths = xg::tensor<std::int64_t, 1>::from_shape({from.size()});
        for (std::size_t r = 0; r < from.size(); ++r) {
            lengths(r) = static_cast<std::int64_t>(from[r]->letters.size());
            for (std::size_t i = 0; i < from[r]->letters.size(); ++i) {
                letters(r, i) = static_cast<std::int64_t>(french::alphabet.find(from[r]->letters[i]));
                accents(r, i) = from[r]->accents[i];
            }
        }
    }
};

/// Batches of words of like length: little of a batch is filling.
std::vector<std::vector<const french::word*>> batches_of(const std::vector<french::word>& all, std::size_t size, std::mt19937& random) {
    std::vector<const french::word*> order(all.size());
    std::transform(all.begin(), all.end(), order.begin(), [](const french::word& w) { return &w; });
    std::shuffle(order.begin(), order.end(), random);
    std::sort(order.begin(), order.end(), [](const french::word* a, const french::word* b) { return a->letters.size() < b->letters.size(); });
    std::vector<std::vector<const french::word*>> made;
    for (auto at = order.begin(); at != order.end();) {
        const auto end = at + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(size), order.end() - at);
        made.emplace_back(at, end);
        at = end;
    }
    std::shuffle(made.begin(), made.end(), random);
    return made;
}

/// Every spelling without accents, and how it may be written.
using spellings = std::map<std::string, std::vector<french::word>>;

struct data {
    std::vector<french::word> training;
    spellings held_out;

    data(const std::string& path, std::size_t share) {
        std::ifstream file(path);
        if (!file) throw xg::binding_error("'" + path + "' cannot be opened. Fix: apt-get install wfrench");
        spellings all;
        for (std::string line; std::getline(file, line);)
            if (french::word w = french::read(line); !w.letters.empty()) all[w.letters].push_back(std::move(w));
        std::mt19937 random(1);
        for (auto& [letters, forms] : all) {
            if (random() % share != 0) continue;
            if (random() % 10 == 0) {
                held_out.emplace(letters, std::move(forms));
            } else {
                training.insert(training.end(), forms.begin(), forms.end());
            }
        }
    }
};

/// How many letters and words are right; a word that may be written in several ways counts if the answer is one of them.
class judge {
public:
    void look_at(const std::vector<french::word>& forms, const std::vector<std::int64_t>& answer) {
        std::size_t best = 0, most = 0;
        for (std::size_t f = 0; f < forms.size(); ++f) {
            std::size_t right = 0;
            for (std::size_t i = 0; i < answer.size(); ++i) right += forms[f].accents[i] == answer[i];
            if (right > most) best = f, most = right;
        }
        ++words_;
        right_words_ += most == answer.size();
        for (std::size_t i = 0; i < answer.size(); ++i) {
            ++letters_;
            right_letters_ += forms[best].accents[i] == answer[i];
            const auto is = static_cast<std::size_t>(forms[best].accents[i]), said = static_cast<std::size_t>(answer[i]);
            ++there_[is];
            ++said_[said];
            both_[is] += is == said;
        }
    }
    double words() const { return share(right_words_, words_); }
    void print(const char* name) const {
        std::printf("%-22s%9.4f%9.4f  ", name, share(right_letters_, letters_), words());
        for (std::size_t k = 0; k < there_.size(); ++k) std::printf("%9.3f", share(2 * both_[k], there_[k] + said_[k]));
        std::printf("\n");
    }

private:
    std::size_t words_ = 0, right_words_ = 0, letters_ = 0, right_letters_ = 0;
    std::array<std::size_t, french::accents.size()> there_{}, said_{}, both_{};
    static double share(std::size_t part, std::size_t whole) { return whole ? static_cast<double>(part) / static_cast<double>(whole) : 0; }
};

/// The answers of f(batch), a table of accents, for all that is held out.
template <class Answer>
judge ask(const spellings& held_out, Answer&& answer) {
    judge made;
    std::vector<french::word> asked;
    for (const auto& [letters, forms] : held_out) asked.push_back(forms.front());
    std::mt19937 random(1);
    for (const auto& words_of_batch : batches_of(asked, 1024, random)) {
        const table said = answer(word_batch(words_of_batch));
        for (std::size_t r = 0; r < words_of_batch.size(); ++r) {
            const std::string& spelling = words_of_batch[r]->letters;
            made.look_at(held_out.at(spelling), {&said(r, 0), &said(r, 0) + spelling.size()});
        }
    }
    return made;
}

/// The accent that a letter has most often.
table most_frequent(const data& d, const word_batch& asked) {
    static const auto usual = [&] {
        std::array<std::array<std::size_t, french::accents.size()>, french::alphabet.size()> seen{};
        for (const french::word& w : d.training)
            for (std::size_t i = 0; i < w.letters.size(); ++i) ++seen[french::alphabet.find(w.letters[i])][static_cast<std::size_t>(w.accents[i])];
        return seen;
    }();
    table made = asked.letters;
    for (std::int64_t& letter : made)
        if (letter >= 0) letter = std::max_element(usual[static_cast<std::size_t>(letter)].begin(), usual[static_cast<std::size_t>(letter)].end()) - usual[static_cast<std::size_t>(letter)].begin();
    return made;
}

/// The learning rate falls to 0.
auto trainer_for(double steps) { return xg::trainer{loss, xg::adam{}, xg::seed{0}, xg::schedule(xg::cosine_decay{.from = 4e-3, .steps = steps})}; }

/// A model that learns and answers.
class accentuation {
public:
    accentuation(const char* name, double neighbours, double steps) : coupling_(neighbours), trainer_(trainer_for(steps)) {
        std::printf("%s\n", name);
    }
    void train(const std::vector<french::word>& all, std::size_t epochs) {
        std::mt19937 random(2);
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
            double total = 0;
            const auto batches = batches_of(all, 256, random);
            for (const auto& from : batches) {
                const word_batch b(from);
                total += static_cast<double>(trainer_.step(letters = b.letters, accents = b.accents, coupling = coupling_));
            }
            std::printf("  epoch %zu: mean loss %.4f, %.0f s\n", epoch + 1, total / static_cast<double>(batches.size()),
                        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
            std::fflush(stdout);
        }
    }
    table operator()(const word_batch& b) {
        return xg::viterbi(scores_(letters = b.letters), xg::tensor<float, 2>(coupling_ * trainer_.parameter("pairs"_p)), b.lengths);
    }

private:
    double coupling_;
    decltype(trainer_for(1)) trainer_;
    decltype(trainer_.compile(scores)) scores_ = trainer_.compile(scores);
};

int run(std::size_t epochs, std::size_t share) {
    const data d("/usr/share/dict/french", share);
    std::printf("%zu words to learn from, %zu spellings held out\n\n", d.training.size(), d.held_out.size());
    const auto steps = static_cast<double>(epochs * ((d.training.size() + 255) / 256));
    accentuation by_letter("softmax for each letter", 0, steps);
    by_letter.train(d.training, epochs);
    accentuation by_chain("conditional random field", 1, steps);
    by_chain.train(d.training, epochs);

    std::printf("\n%-22s%9s%9s    F1:", "held out", "letters", "words");
    for (const char* name : french::accents) std::printf("%*s", name == french::accents[0] ? 4 : 9, std::string(name).substr(0, 8).c_str());
    std::printf("\n");
    const judge without = ask(d.held_out, [](const word_batch& b) { return table(0 * b.letters); }), with_chain = ask(d.held_out, by_chain);
    without.print("no accents");
    ask(d.held_out, [&](const word_batch& b) { return most_frequent(d, b); }).print("most frequent");
    ask(d.held_out, by_letter).print("LSTM, softmax");
    with_chain.print("LSTM, CRF");
    if (with_chain.words() <= without.words()) {
        std::fprintf(stderr, "Nothing was learnt: more --epochs, or more words.\n");
        return 1;
    }

    const auto restored = [&](const std::string& text) {
        const french::word w = french::read(text);
        if (w.letters.empty()) return text;
        const table said = by_chain(word_batch({&w}));
        return french::write(w.letters, {said.begin(), said.end()});
    };
    std::printf("\n");
    for (const char* text : {"deja", "francais", "elephant", "foret", "naif", "reglementaire"}) std::printf("%s -> %s\n", text, restored(text).c_str());
    if (!isatty(0)) return 0;
    std::printf("\nWords to be accented, an empty line ends:\n");
    for (std::string line; std::getline(std::cin, line) && !line.empty();) {
        std::string said;
        for (std::size_t from = 0; from < line.size();) {
            const std::size_t to = std::min(line.find(' ', from), line.size());
            said += restored(line.substr(from, to - from)) + ' ';
            from = to + 1;
        }
        std::printf("%s\n", said.c_str());
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t epochs = 3, share = 1;
    read_options(count, arguments, {{"--epochs", epochs}, {"--one-of", share}});
    try {
        return run(epochs, share);
    } catch (const xg::binding_error& error) {  // the list is missing
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
