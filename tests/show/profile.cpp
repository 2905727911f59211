// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The measured table: a row for each kernel with its number, and the predicted figures, which can be worked out by hand.
#include <xgrad/show/profile.hpp>
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

#include <sstream>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 4_c);
constexpr auto w = xg::parameter<"w">(4_c, 3_c);
constexpr auto loss = sum(square(matmul(x, w)));

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }
}  // namespace

TEST_CASE("profile: a prepared program") {
    auto prepared = xg::compile(loss, xg::gradient(loss, w)).prepare();
    const auto X = support::uniform<float>({5, 4}, 1), W = support::uniform<float>({4, 3}, 2);
    std::ostringstream os;
    xg::profile(os, prepared, x = X, w = W);
    INFO(os.str());
    CHECK(os.str().starts_with("medians of 20 runs on 1 thread, batch = 5: "));
    CHECK(has(os.str(), "1 contraction [batch, 3]"));
    CHECK(has(os.str(), "188 B  165 flop"));
    CHECK(has(os.str(), "2 contraction [4, 3]"));
    CHECK(has(os.str(), "188 B  120 flop"));
}

TEST_CASE("profile: a trainer goes on training") {
    xg::trainer trainer{sum(square(matmul(x, w) - 1_c)), xg::sgd{.learning_rate = 1e-3}};
    const auto X = support::uniform<float>({5, 4}, 1);
    const double before = trainer.step(x = X);
    std::ostringstream os;
    xg::profile(os, trainer, x = X);
    CHECK(trainer.steps() == 23);  // one, two to warm up, twenty
    CHECK(trainer.step(x = X) < before);
}
