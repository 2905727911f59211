// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Fashion-MNIST: 60,000 pictures of clothes, 28 x 28 grey values, ten classes (Xiao, Rasul, Vollgraf 2017). A hidden layer of 256,
// cross-entropy on logits, Adam. Half a minute of one core is far more than it takes to get 0.88 of 10,000 other pictures right.
#include <xgrad/xgrad.hpp>

#include "common/idx.hpp"
#include "common/options.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto image = xg::input<"image">(batch, 784_c);
constexpr auto label = xg::labels<"label">(batch, xg::classes(10_c));

// The model ends in logits: cross_entropy holds the softmax, and computes both as one accurate kernel.
constexpr auto model = xg::sequential(xg::dense<"hidden", xg::he_uniform>(256_c), xg::relu, xg::dense<"class">(10_c));
constexpr auto logits = model(image);
constexpr auto loss = xg::mean(xg::cross_entropy(logits, label));

namespace {

constexpr std::array class_names = {"T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"};
constexpr double wanted_accuracy = 0.88;

struct pictures {
    xt::xtensor<float, 2> images;
    xt::xtensor<std::int32_t, 1> labels;
};

/// The first `rows` pictures of a set, `train` or `t10k`, as rows of 784 numbers in [0, 1].
pictures load(const std::string& set, std::size_t rows) {
    const std::string folder = "/usr/share/datasets/fashion-mnist/", fix = "apt-get install dataset-fashion-mnist";
    const auto images = idx::read<3>(folder + set + "-images-idx3-ubyte.gz", {0, 28, 28}, fix);
    const auto labels = idx::read<1>(folder + set + "-labels-idx1-ubyte.gz", {images.shape(0)}, fix);

    rows = std::min(rows, images.shape(0));
    auto made = pictures{xt::xtensor<float, 2>::from_shape({rows, 784}), xt::xtensor<std::int32_t, 1>::from_shape({rows})};
    std::transform(images.data(), images.data() + rows * 784, made.images.data(), [](std::uint8_t grey) { return static_cast<float>(grey) / 255; });
    std::copy(labels.data(), labels.data() + rows, made.labels.data());
    return made;
}

void print_confusion(const xt::xtensor<float, 2>& scores, const xt::xtensor<std::int32_t, 1>& labels) {
    const auto counts = xg::confusion_matrix(scores, labels);
    std::printf("\nRows: what it is. Columns: what it was taken for.\n%9s", "");
    for (const char* name : class_names) std::printf("%9s", name);
    std::printf("%9s\n", "right");
    for (std::size_t i = 0; i < class_names.size(); ++i) {
        std::int64_t total = 0;
        std::printf("%9s", class_names[i]);
        for (std::size_t j = 0; j < class_names.size(); ++j) {
            std::printf("%9lld", static_cast<long long>(counts(i, j)));
            total += counts(i, j);
        }
        std::printf("%9.3f\n", total ? static_cast<double>(counts(i, i)) / static_cast<double>(total) : 0.0);
    }
}

int run(std::size_t epochs, std::size_t rows) {
    const pictures training = load("train", rows), test = load("t10k", rows);
    std::printf("%zu pictures to learn from, %zu to be tested with\n", training.labels.size(), test.labels.size());

    // The rate was chosen by training on 50,000 of these pictures and looking at the other 10,000.
    const xg::adam adam{.learning_rate = 2e-3};
    xg::trainer trainer{loss, adam, xg::seed{0}};
    auto batches = xg::batches(128, training.images, training.labels);
    double seconds = 0;
    for (std::size_t epoch = 1; epoch <= epochs; ++epoch) {
        // The rate falls in a straight line: large steps to get there, small ones to settle.
        xg::adam slower = adam;
        slower.learning_rate *= static_cast<double>(epochs - epoch + 1) / static_cast<double>(epochs);
        trainer.set(slower);

        xg::progress_bar progress("epoch " + std::to_string(epoch) + "/" + std::to_string(epochs), batches.count());
        for (auto [images, labels] : batches) progress.step(trainer.step(image = images, label = labels));
        progress.finish();
        seconds += progress.seconds();
    }
    std::printf("%.2f s of training, %.0f samples/s\n", seconds, static_cast<double>(epochs * training.labels.size()) / seconds);

    // The test set is seen once, here: no choice above depends on it.
    const auto scores = trainer.compile(logits)(image = test.images);
    const double share = xg::accuracy(scores, test.labels);
    print_confusion(scores, test.labels);
    std::printf("\ntest accuracy %.4f\n", share);

    const bool full_job = training.labels.size() == 60000 && epochs >= 10;
    if (!full_job || share >= wanted_accuracy) return 0;
    std::printf("below the %.2f this job is for\n", wanted_accuracy);
    return 1;
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t epochs = 10, rows = 60000;
    read_options(count, arguments, {{"--epochs", epochs}, {"--rows", rows}});
    try {
        return run(epochs, rows);
    } catch (const xg::binding_error& error) {  // a data set that is missing or damaged
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
