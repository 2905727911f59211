// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Every function of one float over every float, against double: the largest error and where.
//
//   exhaustive [--stride N] [--write FILE | --check FILE] [name...]
//
// With a stride only each Nth bit pattern is tried. --write puts what was found into the table of a page, beside rows that this run has not
// tested; --check fails unless the page states the bounds that the headers do. Fails if a bound is broken.
#include "accuracy/subject.hpp"
#include "accuracy/page.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

using accuracy::finding;

/// The distance in units in the last place, those of the smallest normal number below it.
double distance(float got, double exact) {
    const std::uint64_t exponent = std::max<std::uint64_t>(std::bit_cast<std::uint64_t>(exact) >> 52 & 0x7ff, 1023 - 126);
    const double per_unit = std::bit_cast<double>((2046 + 23 - exponent) << 52);
    // Infinity counts as the number after the largest, so that it is as far from what should have been finite as that.
    const double value = std::isinf(got) ? std::copysign(0x1p128, got) : static_cast<double>(got);
    return std::abs(value - exact) * per_unit;
}

finding sweep(const accuracy::subject& s, std::uint64_t stride) {
    constexpr std::size_t batch = 8192;
    const double wrong = std::numeric_limits<double>::infinity(), smallest = static_cast<double>(std::numeric_limits<float>::min());
    finding found;
    accuracy::numbers x = accuracy::numbers::from_shape({batch});
    std::uint64_t next = 0;
    while (next < 1ull << 32) {
        std::size_t count = 0;
        for (; count < batch && next < 1ull << 32; ++count, next += stride) x(count) = std::bit_cast<float>(static_cast<std::uint32_t>(next));
        for (std::size_t i = count; i < batch; ++i) x(i) = 0.5f;
        const accuracy::numbers y = s.run(x);
        const float *from = x.data(), *to = y.data();
        for (std::size_t i = 0; i < count; ++i) {
            const double exact = s.exact(static_cast<double>(from[i])), size = std::abs(exact);
            double error = 0;
            if (!(size < 0x1.ffffffp127)) {
                error = std::isnan(exact) ? (std::isnan(to[i]) ? 0 : wrong) : size >= 0x1p128 && to[i] == static_cast<float>(exact) ? 0 : distance(to[i], std::clamp(exact, -0x1p128, 0x1p128));
            } else if (size < smallest) {
                error = exact == 0 ? (to[i] == 0 ? 0 : wrong) : distance(to[i], exact);
                if (std::isnan(to[i])) error = wrong;
                if (error > found.below) found.below = error;
                continue;
            } else {
                error = std::isnan(to[i]) ? wrong : distance(to[i], exact);
            }
            if (error > found.worst) {
                found.worst = error;
                found.at = from[i];
            }
        }
        found.tested += count;
    }
    return found;
}

/// Whether the reference in double is as good as it must be: within a thousandth of a unit of float's of one in long double.
bool reference_holds(const accuracy::subject& s) {
    for (std::uint64_t bits = 0; bits < 1ull << 32; bits += 1'000'003) {
        const float x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        const double near = s.exact(static_cast<double>(x));
        const long double exact = s.check(static_cast<long double>(x));
        if (std::isnan(near) && std::isnan(exact)) continue;
        if (static_cast<double>(exact) == near || std::abs(exact) < static_cast<long double>(std::numeric_limits<float>::min())) continue;
        if (std::isfinite(exact) && std::abs(near - exact) <= std::abs(exact) * 0x1p-34L) continue;
        std::printf("%s: the reference is %.17g at %.9g, and %.20Lg in long double\n", s.name.c_str(), near, static_cast<double>(x), exact);
        return false;
    }
    return true;
}

}  // namespace

int main(int count, char** argument) {
    std::uint64_t stride = 1;
    std::string write, check;
    std::vector<std::string> only;
    for (int i = 1; i < count; ++i) {
        const std::string word = argument[i];
        if (word == "--stride" && i + 1 < count) {
            stride = std::strtoull(argument[++i], nullptr, 10);
        } else if (word == "--write" && i + 1 < count) {
            write = argument[++i];
        } else if (word == "--check" && i + 1 < count) {
            check = argument[++i];
        } else {
            only.push_back(word);
        }
    }
    if (stride == 0) {
        std::puts("usage: exhaustive [--stride N] [--write FILE | --check FILE] [name...]");
        return 2;
    }
    std::vector<accuracy::subject> subjects = accuracy::ops();
    for (auto& s : accuracy::activations()) subjects.push_back(std::move(s));
    bool good = true;
    for (const auto& s : subjects) {
        if (!only.empty() && std::find(only.begin(), only.end(), s.name) == only.end()) continue;
        good = reference_holds(s) && good;
        const finding f = sweep(s, stride);
        const bool kept = f.worst <= s.bound;
        good = good && kept;
        std::printf("%-18s stated %6g  found %8.4f at %-16.9g below the normal numbers %8.3g  of %llu%s\n", s.name.c_str(), s.bound, f.worst, static_cast<double>(f.at), f.below,
                    static_cast<unsigned long long>(f.tested), kept ? "" : "   BROKEN");
        std::fflush(stdout);
        if (!write.empty()) accuracy::page(write).replace(s, f).save(write, subjects);
    }
    if (!check.empty()) good = accuracy::page(check).states(subjects) && good;
    return good ? 0 : 1;
}
