// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// log_matmul_exp against long double sums of the terms: values, derivatives of first and second order.
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto p = xg::input<"p">(rows, columns);
constexpr auto w = xg::input<"w">(rows, xg::axis<"to">);
constexpr auto a = xg::input<"a">(columns, xg::axis<"to">);
constexpr auto dp = xg::input<"dp">(rows, columns);
constexpr auto da = xg::input<"da">(columns, xg::axis<"to">);

struct answer {
    std::vector<real> value, left, right, along;
};
/// Values, the gradients of the sum of w times them, the tangent.
template <class T>
answer exact(const array<T, 2>& P, const array<T, 2>& A, const array<T, 2>& W, const array<T, 2>& DP, const array<T, 2>& DA) {
    const std::size_t R = P.shape()[0], J = P.shape()[1], K = A.shape()[1];
    answer made{{}, std::vector<real>(R * J, 0), std::vector<real>(J * K, 0), {}};
    for (std::size_t r = 0; r < R; ++r)
        for (std::size_t k = 0; k < K; ++k) {
            std::vector<real> terms;
            for (std::size_t j = 0; j < J; ++j) terms.push_back(static_cast<real>(P(r, j)) + static_cast<real>(A(j, k)));
            const bool none = largest(terms) == -support::infinity;
            const real m = none ? -support::infinity : logsumexp(terms);
            made.value.push_back(m);
            real along = 0;
            for (std::size_t j = 0; j < J; ++j) {
                const real share = none ? 0 : std::exp(terms[j] - m);
                made.left[r * J + j] += static_cast<real>(W(r, k)) * share;
                made.right[j * K + k] += static_cast<real>(W(r, k)) * share;
                along += share * (static_cast<real>(DP(r, j)) + static_cast<real>(DA(j, k)));
            }
            made.along.push_back(along);
        }
    return made;
}
template <class T>
bool close(const array<T, 2>& got, const std::vector<real>& wanted, double bound, real floor) {
    return support::largest_error(got, wanted, floor) <= bound;
}
constexpr auto m = xg::log_matmul_exp(p, a);
constexpr auto weighted = xg::sum(xg::select(w == 0_c, 0_c, w * m));  // no product of 0 and -inf

/// Errors are roundings of the largest number that is added.
template <class Program, class T>
void agrees(Program& program, const array<T, 2>& P, const array<T, 2>& A, double units = 16) {
    const std::size_t R = P.shape()[0], J = P.shape()[1], K = A.shape()[1];
    const auto DP = support::uniform<T>({R, J}, 4), DA = support::uniform<T>({J, K}, 5);
    auto W = support::uniform<T>({R, K}, 3);
    const answer values = exact(P, A, W, DP, DA);
    for (std::size_t i = 0; i < W.size(); ++i)
        if (std::isinf(values.value[i])) W.data()[i] = 0;
    const answer wanted = exact(P, A, W, DP, DA);
    real largest_number = 1;
    for (T x : P) largest_number = std::isfinite(x) ? std::max(largest_number, static_cast<real>(std::abs(x))) : largest_number;
    for (T x : A) largest_number = std::isfinite(x) ? std::max(largest_number, static_cast<real>(std::abs(x))) : largest_number;
    const auto [y, left, right, along] = program(p = P, a = A, w = W, dp = DP, da = DA);
    const double bound = units * support::epsilon<T>;
    CAPTURE(R, J, K);
    // Exponents are differences of numbers as they are, but a sum of two is rounded.
    CHECK(close(y, wanted.value, bound, largest_number));
    CHECK(close(left, wanted.left, bound * static_cast<double>(largest_number), static_cast<real>(K)));
    CHECK(close(right, wanted.right, bound * static_cast<double>(largest_number), static_cast<real>(R)));
    CHECK(close(along, wanted.along, bound * static_cast<double>(largest_number), 4));
    for (std::size_t r = 0; r < R; ++r)
        for (std::size_t j = 0; j < J; ++j)
            if (std::isinf(P(r, j))) CHECK(left(r, j) == 0);
    for (std::size_t i = 0; i < A.size(); ++i)
        if (std::isinf(A.data()[i])) CHECK(right.data()[i] == 0);
}
template <class T>
void forbid(array<T, 2>& x, unsigned seed, std::size_t one_in) {
    std::mt19937 random(seed);
    for (T& e : x)
        if (random() % one_in == 0) e = -std::numeric_limits<T>::infinity();
}
}  // namespace

TEMPLATE_TEST_CASE("log_matmul_exp: values, gradients, tangent", "[ops]", float, double) {
    using T = TestType;
    auto program = xg::compile<T>(m, xg::gradient(weighted, p, a), xg::jvp(m, p, dp) + xg::jvp(m, a, da)).prepare();
    for (std::size_t K : {1u, 2u, 3u, 8u, 15u, 16u, 17u, 33u})
        for (std::size_t J : {1u, 2u, 9u, 16u, 19u})
            for (std::size_t R : {1u, 7u, 8u, 9u, 30u}) agrees(program, support::uniform<T>({R, J}, 1), support::uniform<T>({J, K}, 2));
    for (double size : {60.0, 500.0, 1e4}) agrees(program, support::uniform<T>({21, 19}, 1, -size, size), support::uniform<T>({19, 18}, 2, -1, 1));
    for (double size : {60.0, 500.0, 1e4}) agrees(program, support::uniform<T>({21, 19}, 1, -1, 1), support::uniform<T>({19, 18}, 2, -size, size));
    for (double size : {60.0, 500.0, 1e4}) agrees(program, support::uniform<T>({21, 19}, 1, -size, size), support::uniform<T>({19, 18}, 2, -size, size));
    agrees(program, support::uniform<T>({1000, 5}, 1), support::uniform<T>({5, 4}, 2));
    for (double size : {2.0, 60.0, 1e4}) {
        auto P = support::uniform<T>({33, 9}, 1, -size, size), A = support::uniform<T>({9, 20}, 2, -size, size);
        forbid(P, 6, 3);
        forbid(A, 7, 2);
        const T none = -std::numeric_limits<T>::infinity();
        for (std::size_t j = 0; j < 9; ++j) P(3, j) = A(j, 5) = A(j, 19) = none;
        for (std::size_t k = 0; k < 20; ++k) A(4, k) = none;
        for (std::size_t j = 0; j < 9; ++j) P(6, j) = j == 4 ? T{1} : none;
        agrees(program, P, A);
    }
    // The likely term is forbidden, the others are too unlikely for a product.
    for (double gap : {30.0, 50.0, 80.0, 100.0, 320.0, 700.0, 800.0}) {
        auto P = support::uniform<T>({5, 6}, 1, -gap - 1, -gap + 1), A = support::uniform<T>({6, 7}, 2, -1, 1);
        for (std::size_t r = 0; r < 5; ++r) P(r, 2) = 0;
        A(2, 3) = -std::numeric_limits<T>::infinity();
        A(2, 6) = -static_cast<T>(gap);
        agrees(program, P, A);
    }
    // NaN and +inf are not lost, and stay in their rows.
    auto P = support::uniform<T>({3, 6}, 1);
    P(0, 1) = std::numeric_limits<T>::quiet_NaN();
    P(2, 5) = std::numeric_limits<T>::infinity();
    const auto A = support::uniform<T>({6, 7}, 2);
    const auto y = std::get<0>(program(p = P, a = A, w = support::uniform<T>({3, 7}, 3), dp = P, da = A));
    for (std::size_t k = 0; k < 7; ++k) CHECK((std::isnan(y(0, k)) && std::isfinite(y(1, k)) && !std::isfinite(y(2, k))));
}

TEST_CASE("log_matmul_exp: a row alone, and more axes than one", "[ops]") {
    constexpr auto v = xg::input<"v">(5_c);
    constexpr auto c = xg::input<"c">(rows, 3_c, 5_c);
    constexpr auto b = xg::input<"b">(5_c, 4_c);
    constexpr auto one = xg::log_matmul_exp(v, b);
    constexpr auto many = xg::log_matmul_exp(c, b);
    static_assert(xg::shape_of(one).rank == 1 && xg::shape_of(many).rank == 3 && xg::shape_of(many)[2].size == 4);
    const auto V = support::uniform<double>({5}, 1);
    const auto C = support::uniform<double>({2, 3, 5}, 2);
    const auto B = support::uniform<double>({5, 4}, 3);
    const auto [y, z, dv, dc, db] = xg::compile<double>(one, many, xg::gradient(xg::sum(one), v), xg::gradient(xg::mean(many), c, b))(v = V, c = C, b = B);
    std::vector<real> slope(5, 0), table(20, 0);
    for (std::size_t k = 0; k < 4; ++k) {
        real total = 0;
        for (std::size_t j = 0; j < 5; ++j) total += std::exp(static_cast<real>(V(j)) + B(j, k));
        CHECK(y(k) == Approx(static_cast<double>(std::log(total))).epsilon(1e-14));
        for (std::size_t j = 0; j < 5; ++j) slope[j] += std::exp(static_cast<real>(V(j)) + B(j, k)) / total;
        for (std::size_t r = 0; r < 6; ++r) {
            real sum = 0;
            for (std::size_t j = 0; j < 5; ++j) sum += std::exp(static_cast<real>(C(r / 3, r % 3, j)) + B(j, k));
            CHECK(z(r / 3, r % 3, k) == Approx(static_cast<double>(std::log(sum))).epsilon(1e-14));
            for (std::size_t j = 0; j < 5; ++j) table[j * 4 + k] += std::exp(static_cast<real>(C(r / 3, r % 3, j)) + B(j, k)) / sum / 24;
        }
    }
    CHECK(support::largest_error(dv, slope) < 1e-14);
    CHECK(support::largest_error(db, table) < 1e-14);
    CHECK(dc.size() == 30);
}

TEST_CASE("log_matmul_exp: second derivatives are those of the sum of exponentials", "[ops]") {
    constexpr auto x = xg::input<"p">(rows, 5_c);
    constexpr auto y = xg::input<"a">(5_c, 4_c);
    constexpr auto plainly = xg::log(matmul(xg::exp(x), xg::exp(y)));
    constexpr auto u = xg::input<"u">(rows, 5_c);
    constexpr auto v = xg::input<"v">(5_c, 4_c);
    constexpr auto weight = xg::input<"w">(rows, 4_c);
    constexpr auto results = [=](auto made) {
        const auto total = xg::sum(weight * xg::square(made));
        const auto of_slopes = xg::sum(u * xg::gradient(total, x)) + xg::sum(v * xg::gradient(total, y));
        return std::tuple{xg::gradient(of_slopes, x), xg::gradient(of_slopes, y), xg::gradient(of_slopes, weight), xg::jvp(xg::gradient(total, x), y, v),
                          xg::jvp(xg::gradient(total, y), x, u)};
    };
    const auto X = support::uniform<double>({6, 5}, 1), U = support::uniform<double>({6, 5}, 2), W = support::uniform<double>({6, 4}, 3);
    const auto Y = support::uniform<double>({5, 4}, 4), V = support::uniform<double>({5, 4}, 5);
    const auto run = [&](auto made) { return std::apply([&](auto... r) { return xg::compile<double>(r...)(x = X, y = Y, u = U, v = V, weight = W); }, made); };
    const auto got = run(results(xg::log_matmul_exp(x, y)));
    const auto wanted = run(results(plainly));
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        auto same = [](const auto& one, const auto& other) { return support::largest_error(one, std::vector<real>(other.begin(), other.end()), 1) < 1e-13; };
        const bool all[] = {same(std::get<I>(got), std::get<I>(wanted))...};
        for (bool one : all) CHECK(one);
    }(std::make_index_sequence<5>{});
}

namespace {
/// One lane: what a machine without vectors has.
template <class T>
struct one_lane {
    using vector = T;
    static constexpr std::ptrdiff_t width = 1;
    static T broadcast(T x) { return x; }
    static T load(const T* at) { return *at; }
    static void store(T* at, T x) { *at = x; }
    static void store_first(T* at, T x, std::ptrdiff_t) { *at = x; }
    static T choose(bool c, T x, T y) { return c ? x : y; }
    static T fold(T x, auto) { return x; }
};
template <class Op, class T, class... X>
array<T, 2> run_in_one_lane(const array<T, 2>& like, const X&... operands) {
    auto result = array<T, 2>::from_shape(like.shape());
    xg::whole_call<T, Op::arity> call;
    auto given = [](const auto& from, auto* data) {
        using element = std::remove_pointer_t<decltype(data)>;
        return xg::whole_array<element>{data, 2, {static_cast<std::ptrdiff_t>(from.shape()[0]), static_cast<std::ptrdiff_t>(from.shape()[1])}};
    };
    call.result = given(result, result.data());
    call.operands = {given(operands, operands.data())...};
    std::vector<std::byte> memory(static_cast<std::size_t>(Op::scratch_bytes(call, one_lane<T>{})));
    call.scratch = memory.data();
    Op::run(call, one_lane<T>{});
    return result;
}
}  // namespace

TEMPLATE_TEST_CASE("log_matmul_exp: without vectors", "[ops]", float, double) {
    using T = TestType;
    for (double size : {2.0, 200.0, 2000.0}) {
        auto P = support::uniform<T>({19, 9}, 1, -size, size), A = support::uniform<T>({9, 7}, 2, -size, size);
        forbid(A, 3, 3);
        const auto W = support::uniform<T>({19, 7}, 4);
        const answer wanted = exact(P, A, W, P, A);
        const double bound = 16 * support::epsilon<T>;
        CHECK(close(run_in_one_lane<xg::log_matmul_exp_op>(W, P, A), wanted.value, bound, size));
        CHECK(close(run_in_one_lane<xg::log_matmul_exp_left_op>(P, P, A, W), wanted.left, bound * size, 7));
        CHECK(close(run_in_one_lane<xg::log_matmul_exp_right_op>(A, P, A, W), wanted.right, bound * size, 19));
    }
}

namespace {
/// A hidden Markov model, all paths of a sequence one by one: its probability's logarithm, and how often each first state, move and letter is to be expected.
struct expectation {
    real value = 0;
    std::vector<real> first, moves, says;
};
expectation by_enumeration(const array<double, 1>& first, const array<double, 2>& moves, const array<double, 2>& says, const std::vector<std::size_t>& letters) {
    const std::size_t states = first.size(), count = says.shape()[1], length = letters.size();
    expectation made{0, std::vector<real>(states, 0), std::vector<real>(states * states, 0), std::vector<real>(states * count, 0)};
    std::vector<std::size_t> path(length, 0);
    real total = 0;
    for (;;) {
        real exponent = 0;
        for (std::size_t i = 0; i < length; ++i) exponent += static_cast<real>(i ? moves(path[i - 1], path[i]) : first(path[0])) + says(path[i], letters[i]);
        const real probability = std::exp(exponent);
        total += probability;
        for (std::size_t i = 0; i < length; ++i) {
            (i ? made.moves[path[i - 1] * states + path[i]] : made.first[path[0]]) += probability;
            made.says[path[i] * count + letters[i]] += probability;
        }
        std::size_t at = 0;
        while (at < length && ++path[at] == states) path[at++] = 0;
        if (at == length) break;
    }
    for (auto* of : {&made.first, &made.moves, &made.says})
        for (real& x : *of) x /= total;
    made.value = std::log(total);
    return made;
}
}  // namespace

TEST_CASE("log_matmul_exp: the forward algorithm against all paths, its derivatives against expected counts", "[ops]") {
    constexpr auto steps = xg::axis<"steps">;
    constexpr auto t = xg::labels<"t">(rows, steps, xg::classes(4_c), xg::ignore_index<-1>);
    // (Raw numbers; only the rows of `moves` must add up to 1, so that what follows a sequence's end is sure.)
    constexpr auto first = xg::parameter<"first">(3_c);
    constexpr auto raw = xg::parameter<"moves">(3_c, 3_c);
    constexpr auto says = xg::parameter<"says">(3_c, 4_c);
    constexpr auto moves = xg::log_softmax(raw);
    constexpr auto forward = xg::scan(steps, [=](auto m, auto s) { return xg::log_matmul_exp(m + s, moves); }, xg::broadcast(first, rows, 3_c), xg::embedding_lookup(xg::transpose(says), t));
    constexpr auto likelihood = xg::logsumexp(xg::last_of(forward, steps), xg::axes<-1>);
    constexpr auto weight = xg::input<"w">(rows);
    constexpr auto total = xg::sum(weight * likelihood);
    const auto F = support::uniform<double>({3}, 1);
    const auto R = support::uniform<double>({3, 3}, 2), S = support::uniform<double>({3, 4}, 3);
    array<double, 2> M = R;
    for (std::size_t j = 0; j < 3; ++j)
        for (std::size_t k = 0; k < 3; ++k) M(j, k) -= std::log(std::exp(R(j, 0)) + std::exp(R(j, 1)) + std::exp(R(j, 2)));
    auto program = xg::compile<double>(likelihood, xg::gradient(total, first, says, raw));
    for (std::size_t length : {1u, 2u, 7u}) {
        auto T = support::random_labels({9, length}, 4, 4);
        const auto W = support::uniform<double>({9}, 5, 0.5, 2);
        std::vector<real> values, of_raw(9, 0);
        expectation sum{0, std::vector<real>(3, 0), std::vector<real>(9, 0), std::vector<real>(12, 0)};
        for (std::size_t r = 0; r < 9; ++r) {
            std::vector<std::size_t> letters;
            for (std::size_t i = 0; i < length; ++i) {
                if (i > r) T(r, i) = -1;
                if (i <= r) letters.push_back(static_cast<std::size_t>(T(r, i)));
            }
            const expectation e = by_enumeration(F, M, S, letters);
            values.push_back(e.value);
            for (std::size_t i = 0; i < 3; ++i) sum.first[i] += W(r) * e.first[i];
            for (std::size_t i = 0; i < 9; ++i) sum.moves[i] += W(r) * e.moves[i];
            for (std::size_t i = 0; i < 12; ++i) sum.says[i] += W(r) * e.says[i];
        }
        // Through the softmax: counts less what its row would have anyway.
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t k = 0; k < 3; ++k)
                of_raw[3 * j + k] = sum.moves[3 * j + k] - std::exp(static_cast<real>(M(j, k))) * (sum.moves[3 * j] + sum.moves[3 * j + 1] + sum.moves[3 * j + 2]);
        const auto [value, by_first, by_says, by_raw] = program(t = T, weight = W, first = F, raw = R, says = S);
        CAPTURE(length);
        CHECK(support::largest_error(value, values, 1) < 1e-13);
        CHECK(support::largest_error(by_first, sum.first, 1) < 1e-13);
        CHECK(support::largest_error(by_says, sum.says, 1) < 1e-13);
        CHECK(support::largest_error(by_raw, of_raw, 1) < 1e-13);
    }
}
