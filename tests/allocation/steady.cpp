// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A steady step asks the system for no memory: malloc, calloc, realloc, aligned_alloc, posix_memalign and operator new are
// counted in this executable.
#include "support/arrays.hpp"
#include "support/catch.hpp"
#include "support/models.hpp"

#include <cerrno>
#include <new>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)

namespace {
long allocations = 0;
}

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t n) {
    ++allocations;
    return __libc_malloc(n);
}
void* calloc(std::size_t n, std::size_t size) {
    ++allocations;
    return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t n) {
    ++allocations;
    return __libc_realloc(p, n);
}
void* aligned_alloc(std::size_t alignment, std::size_t n) {
    ++allocations;
    return __libc_memalign(alignment, n);
}
int posix_memalign(void** to, std::size_t alignment, std::size_t n) {
    ++allocations;
    *to = __libc_memalign(alignment, n);
    return *to ? 0 : ENOMEM;
}
}
void* operator new(std::size_t n) {
    ++allocations;
    if (void* p = __libc_malloc(n)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void* operator new(std::size_t n, std::align_val_t alignment) {
    ++allocations;
    if (void* p = __libc_memalign(static_cast<std::size_t>(alignment), n)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace xg = xgrad;
using namespace xg::literals;

namespace {
/// How many allocations `what` makes in a hundred calls, after one call to warm up.
long in_a_hundred(auto what) {
    what();
    const long before = allocations;
    for (int i = 0; i < 100; ++i) what();
    return allocations - before;
}
}  // namespace

TEST_CASE("the counter counts", "[allocation]") {
    const long before = allocations;
    { std::vector<double> v(1000, 1.0); }
    CHECK(allocations > before);
    const long again = allocations;
    std::free(std::realloc(std::calloc(3, 5), 100));
    CHECK(allocations == again + 2);
    const long arrays = allocations;
    { xt::xtensor<float, 2> made = support::shaped<float>({40, 40}); }
    CHECK(allocations > arrays);
}

TEST_CASE("a hundred steps of a trainer, ragged last batch included", "[allocation]") {
    using models::article::x, models::article::y, models::article::loss;
    const auto X = support::uniform<float>({1000, 32}, 1), Y = support::uniform<float>({1000, 1}, 2, 0, 1);
    xg::trainer trainer{loss, xg::adam{}};
    auto rows = xg::batches(32, X, Y);  // 31 batches of 32 and one of 8
    double total = 0;
    const long before_warm_up = allocations;
    for (auto [xb, yb] : rows) total += trainer.step(x = xb, y = yb);
    CHECK(allocations > before_warm_up);
    const long before = allocations;
    for (int epoch = 0; epoch < 4; ++epoch)
        for (auto [xb, yb] : rows) total += trainer.step(x = xb, y = yb);
    CHECK(allocations - before == 0);
    CHECK(std::isfinite(total));
}

TEST_CASE("other trainers and programs", "[allocation]") {
    using models::deep::x, models::deep::t;
    const auto X = support::uniform<float>({13, 32}, 3);
    const auto L = support::random_labels({13}, 4, 10);
    const auto integers = support::converted<int>(X);
    constexpr auto f = models::deep::loss<2>();
    SECTION("clipped momentum") {
        xg::trainer trainer{f, xg::sgd{.learning_rate = 0.1, .momentum = 0.9}, xg::clip_global_norm{1.0}};
        CHECK(in_a_hundred([&] { trainer.step(x = X, t = L); }) == 0);
        CHECK(in_a_hundred([&] { trainer.step(x = integers, t = L); }) == 0);  // converted into memory of its own
    }
    SECTION("unfused") {
        xg::trainer trainer{f, xg::rmsprop{}, xg::unfused};
        CHECK(in_a_hundred([&] { trainer.step(x = X, t = L); }) == 0);
    }
    SECTION("rows of a table, of smaller batches as well") {
        constexpr auto words = xg::labels<"words">(xg::axis<"batch">, xg::classes(1000_c));
        xg::trainer trainer{xg::mean(xg::square(xg::embedding<"word">(24_c)(words))), xg::adam{}, xg::sparse_updates<"word">};
        const auto many = support::random_labels({300}, 6, 1000), few = support::random_labels({7}, 7, 1000);
        CHECK(in_a_hundred([&] { trainer.step(words = many), trainer.step(words = few); }) == 0);
    }
    SECTION("what a trainer compiles, into a kept array") {
        xg::trainer trainer{f, xg::sgd{}};
        auto formula = trainer.compile(xg::softmax(models::deep::logits<2>()));
        xg::tensor<float, 2> p;
        CHECK(in_a_hundred([&] { formula.into(p)(x = X); }) == 0);
        trainer.step(x = X, t = L);
        formula.into(p)(x = X);
        const auto again = formula(x = X);
        CHECK(std::equal(p.begin(), p.end(), again.begin()));
    }
    SECTION("a prepared program into kept arrays") {
        constexpr auto w = xg::input<"w">(32_c, 10_c);
        constexpr auto rows = xg::cross_entropy(matmul(x, w), t);
        auto prepared = xg::compile(xg::mean(rows), xg::gradient(xg::mean(rows), w)).prepare();
        const auto W = support::uniform<float>({32, 10}, 5);
        float value = 0;
        auto dw = support::shaped<float>({32, 10});
        CHECK(in_a_hundred([&] { prepared.into(value, dw)(x = X, t = L, w = W); }) == 0);
        CHECK(std::isfinite(value));
    }
    SECTION("an op with scratch of its own, whose sequences grow shorter") {
        constexpr auto z = xg::input<"z">(xg::axis<"time">, xg::axis<"rows">, 5_c);
        constexpr auto labels = xg::labels<"labels">(xg::axis<"rows">, xg::axis<"length">, xg::classes(5_c));
        constexpr auto rows = xg::ctc_loss(z, labels, xg::blank<4>, xg::reduction<"mean">);
        auto prepared = xg::compile(rows, xg::gradient(rows, z)).prepare();
        float value = 0;
        for (std::size_t steps : {90, 40, 20}) {
            const auto Z = support::uniform<float>({steps, 3, 5}, 5);
            const auto longer = support::random_labels({3, steps / 4}, 6, 4), shorter = support::random_labels({3, steps / 5}, 7, 4);
            auto dz = support::shaped<float>({steps, 3, 5});
            prepared.into(value, dz)(z = Z, labels = longer);
            CHECK(in_a_hundred([&] { prepared.into(value, dz)(z = Z, labels = longer), prepared.into(value, dz)(z = Z, labels = shorter); }) == 0);
            CHECK(std::isfinite(value));
        }
    }
}

TEST_CASE("loops over steps, of fewer steps and rows as well", "[allocation]") {
    constexpr auto batch = xg::axis<"batch">;
    constexpr auto steps = xg::axis<"steps">;
    constexpr auto x = xg::input<"x">(batch, steps, 3_c);
    constexpr auto s0 = xg::input<"s0">(batch, 3_c);
    constexpr auto sums = xg::scan(steps, [](auto s, auto e) { return tanh(s) + e; }, s0, x);
    constexpr auto moved = std::get<0>(xg::scan_back(steps, [](auto, auto a, auto e) { return std::tuple{a, e}; }, std::tuple{s0, s0}, sums));
    constexpr auto loss = xg::sum(sums * moved);
    struct data {
        xt::xtensor<float, 3> x;
        xt::xtensor<float, 2> s0, slope;
    };
    std::vector<data> batches;
    for (const auto& [b, t] : {std::pair<std::size_t, std::size_t>{40, 9}, {40, 5}, {3, 9}, {1, 1}})
        batches.push_back({support::uniform<float>({b, t, 3}, 1), support::uniform<float>({b, 3}, 2), support::shaped<float>({b, 3})});
    const auto holds = [&](auto prepared) {
        float value = 0;
        CHECK(in_a_hundred([&] {
                  for (data& d : batches) prepared.into(value, d.slope)(x = d.x, s0 = d.s0);
              }) == 0);
        CHECK(std::isfinite(value));
    };
    holds(xg::compile(loss, xg::gradient(loss, s0)).prepare());
    holds(xg::compile(loss, xg::gradient(loss, s0), xg::checkpoint_every<4>).prepare());
}

TEST_CASE("smaller batches than before, in panels and whole", "[allocation]") {
    constexpr auto rows = xg::axis<"rows">;
    SECTION("row kernels") {
        constexpr auto z = xg::input<"z">(rows, 300_c);
        constexpr auto loss = xg::mean(square(xg::softmax(z) - xg::tanh(z)));
        auto prepared = xg::compile(loss, xg::gradient(loss, z), xg::unfused).prepare();
        float value = 0;
        for (std::size_t n : {701, 300, 100, 60, 20, 3}) {
            const auto Z = support::uniform<float>({n, 300}, 1);
            auto dz = support::shaped<float>({n, 300});
            const long before = allocations;
            prepared.into(value, dz)(z = Z);
            if (n < 701) CHECK(allocations - before == 0);
        }
    }
    SECTION("products") {
        constexpr auto x = xg::input<"x">(rows, 24_c);
        constexpr auto w = xg::input<"w">(24_c, 9000_c);
        constexpr auto t = xg::labels<"t">(rows, xg::classes(9000_c));
        constexpr auto loss = xg::mean(xg::cross_entropy(matmul(x, w), t));
        auto prepared = xg::compile(loss, xg::gradient(loss, x), xg::gradient(loss, w)).prepare();
        const auto W = support::uniform<float>({24, 9000}, 2);
        auto dw = support::shaped<float>({24, 9000});
        float value = 0;
        for (std::size_t n : {2500, 1300, 700, 200, 9}) {
            const auto X = support::uniform<float>({n, 24}, 1);
            const auto labels = support::random_labels({n}, 3, 9000);
            auto dx = support::shaped<float>({n, 24});
            const long before = allocations;
            prepared.into(value, dx, dw)(x = X, w = W, t = labels);
            if (n < 2500) CHECK(allocations - before == 0);
        }
    }
}

#else
TEST_CASE("allocations are counted with glibc and without sanitizers only", "[allocation]") { SUCCEED(); }
#endif
