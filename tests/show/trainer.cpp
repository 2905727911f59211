// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include <xgrad/xgrad.hpp>

#include <catch2/catch.hpp>
#include <set>
#include <sstream>
#include <xgrad/show/explain.hpp>

namespace xg = xgrad;
using namespace xgrad::literals;

TEST_CASE("explain: a trainer's step, with the update in the kernel that makes the gradient") {
    constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
    constexpr auto w = xg::parameter<"w">(4_c, 3_c);
    xg::trainer trainer{sum(square(matmul(x, w))), xg::sgd{.learning_rate = 0.1}};
    std::ostringstream os;
    xg::explain(os, trainer, {{"batch", 8}});
    const std::string text = os.str();
    INFO(text);
    CHECK(text.find("gradient(w) = matmul(transpose(x), 2 * matmul(x, w))\n") != std::string::npos);
    CHECK(text.find("     guard: stops here, before any parameter changes") != std::string::npos);
    // After the guard one kernel reads the old w, makes the gradient and writes the new w.
    const std::size_t update = text.find("contraction over [4, 3], ", text.find("guard:"));
    REQUIRE(update != std::string::npos);
    const std::size_t reads = text.find("     reads  ", update) + 12;
    std::istringstream names(text.substr(reads, text.find('\n', reads) - reads));
    std::set<std::string> read;
    for (std::string name; names >> name;) read.insert(name.substr(0, name.find(',')));
    CHECK(read == std::set<std::string>{"s0", "t0", "w", "x"});
    CHECK(text.find("matmul(transpose(x), t0)", text.find("writes w [4, 3] = ", update)) != std::string::npos);
    CHECK(text.find("arena    batch * 3 * 4 bytes = 96 bytes for batch = 8\n") != std::string::npos);
}

TEST_CASE("explain: a loop that keeps every 32nd state") {
    constexpr auto steps = xg::axis<"steps">;
    constexpr auto x = xg::input<"x">(steps, 4_c);
    static constexpr auto w = xg::parameter<"w">(4_c);
    constexpr auto h = xg::scan(steps, [](auto state, auto e) { return tanh(w * state + e); }, xg::broadcast(0_c, 4_c), x);
    xg::trainer trainer{sum(square(xg::last_of(h, steps))), xg::sgd{.learning_rate = 0.1}, xg::checkpoint_every<32>};
    std::ostringstream os;
    xg::explain(os, trainer, {{"steps", 1024}});
    const std::string text = os.str();
    INFO(text);
    CHECK(text.find("for one step after the other; 32 steps at a time, again on the way back, and keeps the states between; hands on") != std::string::npos);
    CHECK(text.find("  states   4 * 4 bytes for every 32 steps\n") != std::string::npos);
    // None of the arrays in the arena has all steps.
    const std::size_t arena = text.find("arena    ");
    REQUIRE(arena != std::string::npos);
    CHECK(text.substr(arena, text.find(" * 4 bytes", arena) - arena).find("steps") == std::string::npos);
}

TEST_CASE("explain: a compiled program, with all that it computes, and a prepared one") {
    constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
    constexpr auto w = xg::parameter<"w">(4_c, 3_c);
    constexpr auto loss = sum(square(matmul(x, w)));
    constexpr auto program = xg::compile(loss, xg::gradient(loss, w));
    std::ostringstream of_program, of_prepared;
    xg::explain(of_program, program, {{"batch", 8}});
    xg::explain(of_prepared, program.prepare(), {{"batch", 8}});
    const std::string text = of_program.str();
    INFO(text);
    CHECK(text.find("expressions\n"
                    "  result0 = sum(square(matmul(x, w)))\n"
                    "  result1 = gradient(sum(square(matmul(x, w))), w)\n"
                    "\n"
                    "  inputs      x [batch, 4]\n"
                    "  parameters  w [4, 3]: 12 numbers\n") == 0);
    CHECK(text.find("writes result0 = ") != std::string::npos);
    CHECK(text.find("writes result1 [4, 3] = ") != std::string::npos);
    CHECK(text.find("arena    batch * 3 * 4 bytes = 96 bytes for batch = 8\n") != std::string::npos);
    CHECK(text.substr(text.find("\n  inputs")) == of_prepared.str());

    std::ostringstream apart;
    xg::explain(apart, xg::compile(loss, xg::unfused));
    const std::string unfused = apart.str();
    INFO(unfused);
    CHECK(unfused.find("     fuses  square\n") != std::string::npos);
}

TEST_CASE("explain: what a trainer compiles, and numbers of eight bytes") {
    constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
    constexpr auto p = xg::softmax(matmul(xg::tanh(matmul(x, xg::parameter<"v">(4_c, 5_c))), xg::parameter<"w">(5_c, 3_c)));
    const xg::trainer trainer{sum(square(p)), xg::sgd{}, xg::precision<double>};
    std::ostringstream of_step, of_formula;
    xg::explain(of_step, trainer);
    xg::explain(of_formula, trainer.compile(p), {{"batch", 100}});
    INFO(of_formula.str());
    CHECK(of_formula.str().find("  parameters  v [4, 5], w [5, 3]: 35 numbers\n") != std::string::npos);
    const std::size_t arena = of_formula.str().find("arena    ");
    CHECK(of_formula.str().find(" * 8 bytes = ", arena) != std::string::npos);
    CHECK(of_step.str().find(" * 8 bytes") != std::string::npos);
    CHECK(of_step.str().find(" * 4 bytes") == std::string::npos);
}

TEST_CASE("explain: what a kernel abbreviates has no name of an array, also of one that it does not read") {
    constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
    constexpr auto a = xg::parameter<"a">(4_c, 3_c);
    constexpr auto b = xg::parameter<"b">(3_c);
    const xg::trainer trainer{sum(square(matmul(x, a) + b)), xg::adam{}};
    std::ostringstream os;
    xg::explain(os, trainer);
    INFO(os.str());
    CHECK(os.str().find("where c = ") != std::string::npos);
    CHECK(os.str().find("where a = ") == std::string::npos);
    CHECK(os.str().find("where b = ") == std::string::npos);
}

TEST_CASE("explain: states of a parameter have the names that the trainer gives them") {
    constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
    const xg::trainer trainer{sum(square(matmul(x, xg::parameter<"w">(4_c, 3_c)))), xg::adam{}, xg::ema{0.9}};
    std::ostringstream os;
    xg::explain(os, trainer);
    const std::string text = os.str();
    INFO(text);
    const auto states = trainer.states();
    CHECK(states["w.mean"_p].size() == 12);
    for (const std::string_view name : {"w.mean", "w.square", "w.average"}) CHECK(text.find(name) != std::string::npos);
    CHECK(text.find("w.state") == std::string::npos);
}

TEST_CASE("explain: the kernels of one sample, and of a batch") {
    constexpr auto w = xg::parameter<"w">(8_c, 16_c);
    std::ostringstream one, many, step;
    xg::explain(one, xg::compile(tanh(matmul(xg::input<"x">(1_c, 8_c), w))));
    INFO(one.str());
    CHECK(one.str().find(", laid out for one row") != std::string::npos);
    xg::explain(many, xg::compile(tanh(matmul(xg::input<"x">(xg::axis<"batch">, 8_c), w))));
    CHECK(many.str().find("one row") == std::string::npos);
    const xg::trainer trainer{sum(matmul(xg::input<"x">(1_c, 8_c), w)), xg::sgd{}};
    xg::explain(step, trainer);
    CHECK(step.str().find("one row") == std::string::npos);
}
