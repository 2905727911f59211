// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/plan.hpp>

namespace xgrad::kernel {

/// A body's digest stands for it in type names; the body itself is found again by a friend function.
XGRAD_FRIEND_INJECTION_BEGIN
template <std::uint64_t Digest>
struct body_key {
    friend constexpr const auto& body_of(body_key<Digest>);
};
XGRAD_FRIEND_INJECTION_END

constexpr std::uint64_t digest_of_body(const auto& b) {
    std::uint64_t h = mix(b.code.size(), b.stores.size() * 4 + b.scalar * 2 + b.across);
    for (const instruction& i : b.code) {
        h = mix(h, static_cast<std::uint64_t>(i.what) | static_cast<std::uint64_t>(i.step) << 8 | static_cast<std::uint64_t>(i.a) << 16 |
                       static_cast<std::uint64_t>(i.b) << 24 | static_cast<std::uint64_t>(i.c) << 32 | static_cast<std::uint64_t>(i.access) << 40 |
                       static_cast<std::uint64_t>(i.phase) << 48 | static_cast<std::uint64_t>(i.per_row) << 56 | static_cast<std::uint64_t>(i.saved) << 57);
        h = mix(mix(h, i.op), std::bit_cast<std::uint64_t>(i.number));
    }
    for (const store& s : b.stores)
        h = mix(mix(h, static_cast<std::uint64_t>(s.how) | static_cast<std::uint64_t>(s.step) << 8 | static_cast<std::uint64_t>(s.from) << 16 |
                           static_cast<std::uint64_t>(s.access) << 24 | static_cast<std::uint64_t>(s.lends) << 32),
                s.op);
    return mix(h, static_cast<std::uint64_t>(b.phases) * 256 + static_cast<std::uint64_t>(b.saves));
}

template <auto Body>
struct define_body {
    static constexpr std::uint64_t digest = digest_of_body(Body);
    friend constexpr const auto& body_of(body_key<digest_of_body(Body)>) { return Body; }
};

}  // namespace xgrad::kernel
