// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Matrix products of every orientation and of sizes around those of tiles, vectors and blocks, with and without work on the
// tile, against sums in double.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto m = xg::axis<"m">;
constexpr auto n = xg::axis<"n">;
constexpr auto k = xg::axis<"k">;

struct sizes {
    std::size_t m, n, k;
};
constexpr sizes all[] = {{1, 1, 1},    {1, 64, 32},  {3, 5, 7},     {4, 33, 100},  {12, 64, 16},  {13, 65, 17},  {24, 128, 33},
                         {50, 200, 3}, {97, 31, 64}, {64, 300, 70}, {130, 140, 9}, {130, 10, 70}, {40, 1030, 140}, {260, 70, 520}};

template <class T, class Program>
void check(Program program, bool left_turned, bool right_turned, double tolerance) {
    for (const sizes& s : all) {
        const auto A = left_turned ? support::uniform<T>({s.k, s.m}, 1, -1, 1) : support::uniform<T>({s.m, s.k}, 1, -1, 1);
        const auto B = right_turned ? support::uniform<T>({s.n, s.k}, 2, -1, 1) : support::uniform<T>({s.k, s.n}, 2, -1, 1);
        const auto [plain, worked] = program(A, B);
        for (std::size_t i = 0; i < s.m; ++i)
            for (std::size_t j = 0; j < s.n; ++j) {
                double sum = 0;
                for (std::size_t d = 0; d < s.k; ++d)
                    sum += static_cast<double>(left_turned ? A(d, i) : A(i, d)) * static_cast<double>(right_turned ? B(j, d) : B(d, j));
                if (std::abs(static_cast<double>(plain(i, j)) - sum) > tolerance * static_cast<double>(s.k))
                    FAIL("at " << i << ", " << j << " of " << s.m << " x " << s.n << " x " << s.k << ": " << plain(i, j) << ", exact " << sum);
                if (std::abs(static_cast<double>(worked(i, j)) - (sum * sum + 1)) > 4 * tolerance * static_cast<double>(s.k) * (1 + std::abs(sum))) FAIL("square at " << i << ", " << j);
            }
    }
    SUCCEED();
}
template <class T>
void check_orientations(double tolerance) {
    constexpr auto a = xg::input<"a">(m, k);
    constexpr auto at = xg::input<"a">(k, m);
    constexpr auto b = xg::input<"b">(k, n);
    constexpr auto bt = xg::input<"b">(n, k);
    constexpr auto both = [](auto x) { return xg::compile<T>(x, square(x) + 1_c); };
    check<T>([&](const auto& A, const auto& B) { return both(matmul(a, b))(a = A, b = B); }, false, false, tolerance);
    check<T>([&](const auto& A, const auto& B) { return both(matmul(a, xg::transpose(bt)))(a = A, bt = B); }, false, true, tolerance);
    check<T>([&](const auto& A, const auto& B) { return both(matmul(xg::transpose(at), b))(at = A, b = B); }, true, false, tolerance);
    check<T>([&](const auto& A, const auto& B) { return both(matmul(xg::transpose(at), xg::transpose(bt)))(at = A, bt = B); }, true, true, tolerance);
}
/// The product alone goes straight to memory.
template <class T>
void check_plain(double tolerance) {
    constexpr auto a = xg::input<"a">(m, k);
    constexpr auto b = xg::input<"b">(k, n);
    check<T>([&](const auto& A, const auto& B) { return std::pair{xg::compile<T>(matmul(a, b))(a = A, b = B), xg::compile<T>(square(matmul(a, b)) + 1_c)(a = A, b = B)}; },
             false, false, tolerance);
}

// ---- the engine itself, with strides

struct strided {
    std::ptrdiff_t batches, rows, columns, depth;
    bool left_turned, right_turned, apart = false;  // apart: nothing lies side by side
};
template <class T>
class engine {
    using product = xg::kernel::product<T>;

    strided s_;
    std::vector<T> left_, right_;

    static void take(void* to, std::ptrdiff_t row, std::ptrdiff_t rows, std::ptrdiff_t column, std::ptrdiff_t columns, const T* tile, std::ptrdiff_t stride) {
        auto& [self, result] = *static_cast<std::pair<const engine*, std::vector<T>*>*>(to);
        for (std::ptrdiff_t i = 0; i < rows; ++i)
            for (std::ptrdiff_t j = 0; j < columns; ++j) (*result)[static_cast<std::size_t>((row + i) * self->s_.columns + column + j)] += tile[i * stride + j];
    }

public:
    explicit engine(strided s) : s_(s) {
        const std::ptrdiff_t step = s.apart ? 2 : 1;
        const auto numbers = [&](std::ptrdiff_t count, unsigned seed) {
            const auto made = support::uniform<T>({static_cast<std::size_t>(count)}, seed, -1, 1);
            return std::vector<T>(made.begin(), made.end());
        };
        left_ = numbers(s.batches * s.rows * s.depth * step, 1);
        right_ = numbers(s.batches * s.columns * s.depth * step, 2);
    }
    /// The product of rows [from, to) of every batch.
    xg::kernel::contraction_call call(std::ptrdiff_t from, std::ptrdiff_t to) const {
        const std::ptrdiff_t step = s_.apart ? 2 : 1;
        xg::kernel::contraction_call p;
        p.batches = s_.batches, p.rows = to - from, p.columns = s_.columns, p.depth = s_.depth;
        p.left_batch = s_.rows * s_.depth * step, p.right_batch = s_.columns * s_.depth * step;
        p.left_row = step * (s_.left_turned ? 1 : s_.depth), p.left_depth = step * (s_.left_turned ? s_.rows : 1);
        p.right_column = step * (s_.right_turned ? s_.depth : 1), p.right_depth = step * (s_.right_turned ? 1 : s_.columns);
        p.left = left_.data() + from * p.left_row;
        p.right = right_.data();
        return p;
    }
    std::vector<T> by_memory(std::ptrdiff_t from, std::ptrdiff_t to) const {
        const auto p = call(from, to);
        std::vector<T> workspace(static_cast<std::size_t>(product::workspace(p, true))), result(static_cast<std::size_t>(p.batches * p.rows * p.columns), T{7});
        product::run_plain(p, workspace.data(), result.data(), p.columns);
        return result;
    }
    /// Every element must be handed on once.
    std::vector<T> by_tiles() const {
        const auto p = call(0, s_.rows);
        std::vector<T> workspace(static_cast<std::size_t>(product::workspace(p, false))), result(static_cast<std::size_t>(p.batches * p.rows * p.columns));
        std::pair<const engine*, std::vector<T>*> context{this, &result};
        product::run(p, workspace.data(), {&take, &context});
        return result;
    }
    double error(const std::vector<T>& result) const {
        const auto p = call(0, s_.rows);
        double worst = 0;
        for (std::ptrdiff_t b = 0; b < p.batches; ++b)
            for (std::ptrdiff_t i = 0; i < p.rows; ++i)
                for (std::ptrdiff_t j = 0; j < p.columns; ++j) {
                    double sum = 0;
                    for (std::ptrdiff_t d = 0; d < p.depth; ++d)
                        sum += static_cast<double>(left_[static_cast<std::size_t>(b * p.left_batch + i * p.left_row + d * p.left_depth)]) *
                               static_cast<double>(right_[static_cast<std::size_t>(b * p.right_batch + j * p.right_column + d * p.right_depth)]);
                    worst = std::max(worst, std::abs(sum - static_cast<double>(result[static_cast<std::size_t>((b * p.rows + i) * p.columns + j)])));
                }
        return worst;
    }
};
template <class T>
void check_engine(strided s, double tolerance) {
    INFO(s.batches << " of " << s.rows << " x " << s.columns << " x " << s.depth << (s.left_turned ? ", left turned" : "") << (s.right_turned ? ", right turned" : "") << (s.apart ? ", apart" : ""));
    const engine<T> e(s);
    const std::vector<T> whole = e.by_memory(0, s.rows);
    CHECK(e.error(whole) <= tolerance * static_cast<double>(s.depth));
    CHECK(e.by_tiles() == whole);
    if (s.batches != 1) return;
    for (const std::ptrdiff_t piece : {std::ptrdiff_t{1}, std::ptrdiff_t{3}, std::ptrdiff_t{8}, std::ptrdiff_t{37}})
        for (std::ptrdiff_t from = 0; from + piece <= s.rows; from += piece) {
            const std::vector<T> part = e.by_memory(from, from + piece);
            if (!std::equal(part.begin(), part.end(), whole.begin() + from * s.columns)) FAIL("rows " << from << " to " << from + piece << " have other bits alone");
        }
}
template <class T>
void check_engine(double tolerance) {
    for (const bool left_turned : {false, true})
        for (const bool right_turned : {false, true}) {
            for (std::ptrdiff_t rows : {1, 2, 3, 4, 5, 6, 7, 11, 75})
                for (std::ptrdiff_t columns : {1, 10, 16, 47, 49, 64, 203}) check_engine<T>({1, rows, columns, 19, left_turned, right_turned}, tolerance);
            check_engine<T>({3, 9, 50, 33, left_turned, right_turned}, tolerance);
            check_engine<T>({2, 3, 50, 40, left_turned, right_turned}, tolerance);
            check_engine<T>({1, 70, 330, 256, left_turned, right_turned}, tolerance);
            check_engine<T>({1, 45, 310, 20, left_turned, right_turned, true}, tolerance);
            check_engine<T>({1, 3, 70, 20, left_turned, right_turned, true}, tolerance);
        }
    // Few columns, whose sides are exchanged where there are many rows side by side.
    for (const bool right_turned : {false, true}) {
        for (std::ptrdiff_t rows : {47, 48, 100, 401})
            for (std::ptrdiff_t columns : {2, 5, 8, 12, 17, 24, 25}) check_engine<T>({1, rows, columns, 67, true, right_turned}, tolerance);
        check_engine<T>({3, 130, 10, 64, true, right_turned}, tolerance);
    }
    check_engine<T>({1, 530, 50, 1, false, false}, tolerance);
    check_engine<T>({1, 40, 30, 0, false, false}, tolerance);
}
/// A product may be run in parts: with fewer rows, columns or depth it needs no more workspace than it was given.
TEST_CASE("a part of a product fits the workspace of the whole") {
    using product = xg::kernel::product<float>;
    for (const std::ptrdiff_t left_depth : {1, 512}) {
        xg::kernel::contraction_call whole{};
        whole.batches = 1, whole.rows = 512, whole.columns = 32000, whole.depth = 4096;
        whole.left_depth = left_depth, whole.left_row = left_depth == 1 ? 4096 : 1, whole.right_depth = 32000, whole.right_column = 1;
        const std::ptrdiff_t given = product::workspace(whole, false);
        for (std::ptrdiff_t depth = 1; depth <= whole.depth; depth += 7) {
            xg::kernel::contraction_call part = whole;
            part.depth = depth;
            if (product::workspace(part, false) > given) FAIL("depth " << depth << " needs " << product::workspace(part, false) << ", given " << given);
        }
    }
    SUCCEED();
}

}  // namespace

TEST_CASE("products in float") {
    check_orientations<float>(1e-7);
    check_plain<float>(1e-7);
}
TEST_CASE("products in double") {
    check_orientations<double>(1e-15);
    check_plain<double>(1e-15);
}
TEST_CASE("the engine in float, by strides and by ranges of rows") { check_engine<float>(1e-7); }
TEST_CASE("the engine in double, by strides and by ranges of rows") { check_engine<double>(1e-15); }
TEST_CASE("a right side that is packed because it is large gives the same bits") {
    const engine<float> e({1, 530, 220, 4090, false, false});
    const std::vector<float> whole = e.by_memory(0, 530), part = e.by_memory(500, 530);
    CHECK(std::equal(part.begin(), part.end(), whole.begin() + 500 * 220));
    CHECK(e.by_tiles() == whole);
}
TEST_CASE("a left side whose rows lie far apart is packed, and gives the same bits") {
    const engine<float> e({1, 1100, 30, 4000, true, false});
    const std::vector<float> whole = e.by_memory(0, 1100), part = e.by_memory(1001, 1020);
    CHECK(std::equal(part.begin(), part.end(), whole.begin() + 1001 * 30));
    CHECK(e.by_tiles() == whole);
    CHECK(e.error(whole) < 1e-3);
}
TEST_CASE("a very deep product is summed in pieces of its depth, the same for any rows") {
    const engine<float> e({1, 61, 70, 9001, false, true});
    const std::vector<float> whole = e.by_memory(0, 61), part = e.by_memory(40, 61);
    CHECK(std::equal(part.begin(), part.end(), whole.begin() + 40 * 70));
    CHECK(e.error(whole) < 1e-3);
    const engine<float> narrow({1, 61, 10, 5000, true, false});
    const std::vector<float> columns = narrow.by_memory(0, 61), row = narrow.by_memory(17, 18);
    CHECK(std::equal(row.begin(), row.end(), columns.begin() + 17 * 10));
    CHECK(narrow.error(columns) < 1e-3);
    for (const std::ptrdiff_t rest : {1, 7, 15, 16})
        for (const std::ptrdiff_t rows : {1, 3, 4}) {
            const engine<float> few({1, rows, 300, 3 * 2048 + rest, false, true});  // dot products to the last piece
            CHECK(few.error(few.by_memory(0, rows)) < 1e-3);
        }
}
