// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace xgrad::kernel {

/// Aligned memory that only grows.
class arena {
public:
    /// At least this many bytes, aligned for any vector; contents are lost when it grows.
    std::byte* reserve(std::size_t bytes) {
        if (bytes > size_) {
            size_ = 0;
            memory_.reset();
            memory_.reset(static_cast<std::byte*>(::operator new(bytes, std::align_val_t{alignment})));
            size_ = bytes;
        }
        return memory_.get();
    }
    std::size_t size() const { return size_; }

    static constexpr std::size_t alignment = 64;
    /// Put between large pieces, so that the same place in several of them falls into different sets of the caches.
    static constexpr std::size_t stagger = 36 * 1024 + 320;
    /// What one piece takes.
    static constexpr std::size_t piece_bytes(std::size_t bytes) {
        bytes = padded(bytes);
        return bytes < 65536 ? bytes : bytes + stagger;
    }
    static constexpr std::size_t padded(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

private:
    struct release {
        void operator()(std::byte* p) const { ::operator delete(p, std::align_val_t{alignment}); }
    };
    std::unique_ptr<std::byte, release> memory_;
    std::size_t size_ = 0;
};

/// Pieces of an arena that is to be reserved when all are known.
struct arena_pieces {
    std::size_t bytes = 0;
    /// One more: how far from the arena's begin it is.
    std::size_t add(std::size_t of_piece) {
        const std::size_t offset = bytes;
        bytes += arena::piece_bytes(of_piece);
        return offset;
    }
};

}  // namespace xgrad::kernel
