// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/ref.hpp>
#include <xgrad/ops/sigmoid.hpp>
#include <xgrad/ops/square.hpp>

namespace xgrad {

/// The value of a graph at a random point of the field of integers modulo 2^61 - 1. Sums, products and quotients are
/// computed in the field; any other op is a fresh random variable made of the op and its operands. Two expressions that are
/// the same rational function of the same parts have equal fingerprints in whatever order they are written; two that are not
/// agree with a chance of about 2^-60, as two digests do (Schwartz and Zippel).
class fingerprint {
public:
    constexpr explicit fingerprint(const graph& g) : g_(g), values_(g.nodes.size(), 0), known_(g.nodes.size(), 0) {}

    constexpr std::uint64_t of(int root) {
        growing_array<int> stack{root};
        while (!stack.empty()) {
            const int i = stack.back();
            bool ready = true;
            for (int k = 0; k < g_[i].arity; ++k)
                if (!known_[at(g_.operand(i, k))]) {
                    stack.push_back(g_.operand(i, k));
                    ready = false;
                }
            if (!ready) continue;
            stack.pop_back();
            if (known_[at(i)]) continue;
            values_[at(i)] = value(i);
            known_[at(i)] = 1;
        }
        return values_[at(root)];
    }

private:
    __extension__ using wide = unsigned __int128;
    static constexpr std::uint64_t prime = (std::uint64_t{1} << 61) - 1;
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

    static constexpr std::uint64_t times(std::uint64_t a, std::uint64_t b) {
        const wide product = static_cast<wide>(a) * b;
        const std::uint64_t folded = static_cast<std::uint64_t>(product & prime) + static_cast<std::uint64_t>(product >> 61);
        return folded >= prime ? folded - prime : folded;
    }
    static constexpr std::uint64_t plus(std::uint64_t a, std::uint64_t b) { return a + b >= prime ? a + b - prime : a + b; }
    static constexpr std::uint64_t power(std::uint64_t base, std::uint64_t exponent) {
        std::uint64_t result = 1;
        for (; exponent; exponent >>= 1, base = times(base, base))
            if (exponent & 1) result = times(result, base);
        return result;
    }
    static constexpr std::uint64_t inverse(std::uint64_t a) { return power(a, prime - 2); }
    /// The double itself, m 2^e, as an element of the field.
    static constexpr std::uint64_t exactly(double x) {
        const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
        const int exponent = static_cast<int>(bits >> 52 & 0x7ff);
        if (exponent == 0x7ff) return mix(bits, 1) % prime;
        const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
        const std::uint64_t mantissa = exponent ? fraction | std::uint64_t{1} << 52 : fraction;
        const int shift = (exponent ? exponent : 1) - 1075;
        const std::uint64_t scale = power(2, static_cast<std::uint64_t>(shift < 0 ? -shift : shift));
        const std::uint64_t magnitude = times(mantissa % prime, shift < 0 ? inverse(scale) : scale);
        return bits >> 63 && magnitude ? prime - magnitude : magnitude;
    }

    constexpr std::uint64_t value(int i) const {
        const value_node& n = g_[i];
        auto operand = [&](int k) { return values_[at(n.operands[at(k)])]; };
        if (n.op == &info<constant_op>) return exactly(n.attr.number);
        if (n.op == &info<add_op>) return plus(operand(0), operand(1));
        if (n.op == &info<multiply_op>) return times(operand(0), operand(1));
        if (n.op == &info<subtract_op>) return plus(operand(0), prime - operand(1));
        if (n.op == &info<negate_op>) return operand(0) ? prime - operand(0) : 0;
        if (n.op == &info<square_op>) return times(operand(0), operand(0));
        if (n.op == &info<divide_op>) return times(operand(0), inverse(operand(1)));
        if (n.op == &info<sigmoid_op>) {  // sigmoid(a) + sigmoid(-a) = 1: one variable serves both signs
            const std::uint64_t a = operand(0), minus = a ? prime - a : 0;
            const std::uint64_t v = mix(mix(n.op->digest, digest_of(g_.shape_of(i))), a < minus ? a : minus) % prime;
            return a <= minus ? v : plus(1, prime - v);
        }
        std::uint64_t h = mix(n.op->digest, digest_of(n.attr));
        h = mix(h, digest_of(g_.shape_of(i)));
        for (int k = 0; k < n.arity; ++k) h = mix(h, operand(k));
        return h % prime;
    }

    const graph& g_;
    growing_array<std::uint64_t> values_;
    growing_array<char> known_;
};

}  // namespace xgrad
