// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <cstddef>

namespace xgrad {

/// Neighbours in memory that another owns. Like std::span, whose concepts the compiler must check anew for every type of element:
/// that took longer than the functions that use it.
template <class T>
class span {
public:
    constexpr span() = default;
    constexpr span(T* first, std::size_t n) : items_(first), size_(n) {}
    template <class List>
    constexpr span(List& list) : items_(list.data()), size_(list.size()) {}

    constexpr std::size_t size() const { return size_; }
    constexpr T& operator[](std::size_t i) const { return items_[i]; }
    constexpr T* data() const { return items_; }
    constexpr T* begin() const { return items_; }
    constexpr T* end() const { return items_ + size_; }
    constexpr span part(std::size_t first, std::size_t n) const { return {items_ + first, n}; }

private:
    T* items_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace xgrad
