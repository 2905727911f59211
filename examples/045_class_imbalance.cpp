// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Class imbalance: which of 1,554 Reuters dispatches are about corn? 45 are (Lewis 1997, as Weka ships them). Whoever says "none"
// is right in 97 of 100 cases, so accuracy says nothing here; precision and recall do. One logistic regression over words, trained four
// ways: plain, with positives weighted up, with the focal loss, and with batches in which both classes come equally often.
#include <xgrad/xgrad.hpp>

#include "common/arff.hpp"
#include "common/options.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 2000_c);  // how much each word stands out in the text
constexpr auto y = xg::input<"y">(batch, 1_c);     // 1: about corn
constexpr auto others_a_positive = xg::scalar<"others_a_positive">;

constexpr auto z = xg::dense<"corn", xg::zeros>(1_c)(x);
constexpr auto plain = xg::mean(xg::binary_cross_entropy_with_logits(z, y));
constexpr auto weighted = xg::mean(xg::binary_cross_entropy_with_logits(z, y, xg::pos_weight(others_a_positive)));
constexpr auto focal = xg::mean(xg::sigmoid_focal(z, y, xg::gamma(2_c), xg::alpha(0.75_c)));

namespace {

constexpr std::size_t vocabulary_size = 2000;

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words(1);
    for (const char c : text) {
        if (std::isalpha(static_cast<unsigned char>(c))) {
            words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else if (!words.back().empty()) {
            words.emplace_back();
        }
    }
    std::erase_if(words, [](const std::string& w) { return w.size() < 2; });
    return words;
}

/// The words that most texts of the training set have, and how rare each is: log(texts / texts with it).
struct vocabulary {
    std::map<std::string, std::size_t> place;
    std::vector<double> rarity;

    explicit vocabulary(const std::vector<arff::text>& texts) {
        std::map<std::string, std::size_t> found;
        for (const arff::text& t : texts)
            for (const std::vector<std::string> words = words_of(t.words); const std::string& w : std::set<std::string>(words.begin(), words.end())) ++found[w];
        std::vector<std::pair<std::string, std::size_t>> order(found.begin(), found.end());
        std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
        order.resize(std::min(order.size(), vocabulary_size));
        for (const auto& [word, count] : order) {
            place.emplace(word, rarity.size());
            rarity.push_back(std::log(static_cast<double>(texts.size()) / static_cast<double>(count)));
        }
    }
};

struct dispatches {
    xg::tensor<float, 2> features, about_corn;

    /// Each text as a row of length 1: log(1 + how often the word stands there) times how rare it is.
    dispatches(const std::vector<arff::text>& texts, const vocabulary& words)
        : features(xg::tensor<float, 2>::from_shape({texts.size(), vocabulary_size})), about_corn(xg::tensor<float, 2>::from_shape({texts.size(), 1})) {
        features.fill(0);
        for (std::size_t r = 0; r < texts.size(); ++r) {
            about_corn(r, 0) = static_cast<float>(texts[r].label);
            for (const std::string& w : words_of(texts[r].words))
                if (const auto known = words.place.find(w); known != words.place.end()) ++features(r, known->second);
            double length = 0;
            for (std::size_t c = 0; c < words.rarity.size(); ++c) {
                features(r, c) = static_cast<float>(std::log1p(features(r, c)) * words.rarity[c]);
                length += static_cast<double>(features(r, c)) * features(r, c);
            }
            for (std::size_t c = 0; c < vocabulary_size && length > 0; ++c) features(r, c) /= static_cast<float>(std::sqrt(length));
        }
    }
};

struct result {
    std::string name;
    double ranking = 0;  ///< average precision
    xg::precision_recall_points curve;
};

/// Precision and recall of what the model calls corn, and how well it ranks.
result judge(const std::string& name, const xg::tensor<float, 2>& scores, const dispatches& test) {
    std::size_t taken = 0, right = 0, wanted = 0;
    for (std::size_t r = 0; r < scores.size(); ++r) {
        taken += scores(r, 0) > 0;  // logits: above 0 is a probability above one half
        right += scores(r, 0) > 0 && test.about_corn(r, 0) == 1;
        wanted += test.about_corn(r, 0) == 1;
    }
    const auto share = [](std::size_t part, std::size_t whole) { return whole ? static_cast<double>(part) / static_cast<double>(whole) : 0; };
    const result made{name, xg::average_precision(scores, test.about_corn), xg::precision_recall_curve(scores, test.about_corn)};
    std::printf("%-18s%10.3f%10.3f%8.3f%18.3f%9.3f\n", name.c_str(), share(right, taken), share(right, wanted), share(2 * right, taken + wanted), made.ranking,
                xg::roc_auc(scores, test.about_corn));
    return made;
}

/// Precision over recall, one line a way of training.
void plot(const std::filesystem::path& path, const std::vector<result>& results) {
    constexpr std::array colours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7"};
    std::ofstream svg(path);
    svg << "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 480 400' font-family='sans-serif' font-size='13'>\n<rect width='480' height='400' fill='white'/>\n";
    for (int i = 0; i <= 10; i += 2) {
        const int place = 32 * i;
        svg << "<path d='M60 " << 350 - place << "h320M" << 60 + place << " 30v320' stroke='#ddd'/><text x='50' y='" << 354 - place << "' text-anchor='end'>" << i / 10.0
            << "</text><text x='" << 60 + place << "' y='370' text-anchor='middle'>" << i / 10.0 << "</text>\n";
    }
    svg << "<text x='220' y='392' text-anchor='middle'>recall</text><text x='18' y='190' text-anchor='middle' transform='rotate(-90 18 190)'>precision</text>\n";
    for (std::size_t k = 0; k < results.size(); ++k) {
        const auto& c = results[k].curve;
        svg << "<path fill='none' stroke-width='2' stroke='" << colours[k] << "' d='M60 " << 350 - 320 * c.precision[0];
        for (std::size_t i = 0; i < c.recall.size(); ++i) svg << "L" << 60 + 320 * c.recall[i] << ' ' << 350 - 320 * c.precision[i];
        svg << "'/><text x='390' y='" << 60 + 24 * k << "' fill='" << colours[k] << "'>" << results[k].name << "</text>\n";
    }
    svg << "</svg>\n";
    std::printf("\nprecision over recall: %s\n", path.string().c_str());
}

/// Precision where the recall first reaches 0.1, 0.2, ...: the curves as numbers.
void print_curves(const std::vector<result>& results) {
    std::printf("\nprecision at a recall of");
    for (int tenth = 2; tenth <= 10; tenth += 2) std::printf("%8.1f", tenth / 10.0);
    for (const result& r : results) {
        std::printf("\n%-24s", r.name.c_str());
        for (int tenth = 2; tenth <= 10; tenth += 2) {
            const auto at = std::lower_bound(r.curve.recall.begin(), r.curve.recall.end(), tenth / 10.0 - 1e-9) - r.curve.recall.begin();
            std::printf("%8.2f", *std::max_element(r.curve.precision.begin() + at, r.curve.precision.end()));
        }
    }
    std::printf("\n");
}

int run(const std::filesystem::path& folder, std::size_t epochs) {
    const std::string data = XGRAD_EXAMPLE_DATA "/weka/usr/share/doc/weka/examples/", fix = "./examples/run 045_class_imbalance fetches it from Debian's package weka";
    const auto training_texts = arff::read_texts(data + "ReutersCorn-train.arff", fix), test_texts = arff::read_texts(data + "ReutersCorn-test.arff", fix);
    const vocabulary words(training_texts);
    const dispatches training(training_texts, words), test(test_texts, words);
    const auto corn = [](const dispatches& d) { return static_cast<std::size_t>(std::count(d.about_corn.begin(), d.about_corn.end(), 1.0f)); };
    std::printf("%zu texts to learn from, %zu about corn; %zu to be tested with, %zu about corn\n\n", training_texts.size(), corn(training), test_texts.size(), corn(test));
    std::printf("%-18s%10s%10s%8s%18s%9s\n", "", "precision", "recall", "F1", "average precision", "ROC AUC");

    const xg::adam adam{.learning_rate = 1e-2};
    const double ratio = static_cast<double>(training_texts.size() - corn(training)) / static_cast<double>(corn(training));
    std::vector<result> results;
    const auto train = [&](const char* name, auto& trainer, auto batches, auto... more) {
        for (std::size_t epoch = 0; epoch < epochs; ++epoch)
            for (auto [xb, yb] : batches) trainer.step(x = xb, y = yb, more...);
        results.push_back(judge(name, trainer.compile(z)(x = test.features), test));
    };
    const auto shuffled = [&] { return xg::batches(32, xg::seed{1}, training.features, training.about_corn); };

    xg::trainer first{plain, adam}, fourth{plain, adam};
    xg::trainer second{weighted, adam};
    xg::trainer third{focal, adam};
    train("plain", first, shuffled());
    train("weighted", second, shuffled(), others_a_positive = ratio);
    train("focal", third, shuffled());
    train("balanced batches", fourth, xg::batches(32, xg::weighted(xg::balancing_weights(training.about_corn)), xg::seed{1}, training.features, training.about_corn));
    print_curves(results);
    plot(folder / "precision_recall.svg", results);
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t epochs = 20;
    read_options(count, arguments, {{"--epochs", epochs}});
    try {
        return run(std::filesystem::path(arguments[0]).parent_path(), epochs);
    } catch (const xg::binding_error& error) {  // data that is missing or damaged
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
