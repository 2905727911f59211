// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/growing_array.hpp>

#include <cstdint>

namespace xgrad {

/// From digests to node indices, open addressing.
class digest_map {
public:
    constexpr int* find(std::uint64_t digest) {
        for (std::size_t slot = digest & (keys_.size() - 1);; slot = (slot + 1) & (keys_.size() - 1)) {
            if (values_[slot] < 0) return nullptr;
            if (keys_[slot] == digest) return &values_[slot];
        }
    }
    constexpr void insert(std::uint64_t digest, int value) {
        if (2 * (count_ + 1) > keys_.size()) grow();
        place(digest, value);
    }

private:
    constexpr void place(std::uint64_t digest, int value) {
        std::size_t slot = digest & (keys_.size() - 1);
        while (values_[slot] >= 0) slot = (slot + 1) & (keys_.size() - 1);
        keys_[slot] = digest;
        values_[slot] = value;
        ++count_;
    }
    constexpr void grow() {
        const growing_array<std::uint64_t> keys = keys_;
        const growing_array<int> values = values_;
        keys_ = growing_array<std::uint64_t>(keys.size() * 4, 0);
        values_ = growing_array<int>(values.size() * 4, -1);
        count_ = 0;
        for (std::size_t i = 0; i < keys.size(); ++i)
            if (values[i] >= 0) place(keys[i], values[i]);
    }
    growing_array<std::uint64_t> keys_ = growing_array<std::uint64_t>(256, 0);
    growing_array<int> values_ = growing_array<int>(256, -1);
    std::size_t count_ = 0;
};

}  // namespace xgrad
