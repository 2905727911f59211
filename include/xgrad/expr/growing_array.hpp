// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <cstddef>
#include <initializer_list>

namespace xgrad {

/// Values side by side, more of them with time: what the planner and the kernels' tables need of std::vector. A std::vector of
/// one more type takes the compiler some 30 ms in every file, used or not, and each of its calls is several to evaluate.
/// T has a default, so that room is made of whole values; what has none of its own is left unset there, at no cost.
template <class T>
class growing_array {
public:
    constexpr growing_array() = default;
    constexpr explicit growing_array(std::size_t n) { resize(n); }
    constexpr growing_array(std::size_t n, const T& value) { resize(n, value); }
    constexpr growing_array(std::initializer_list<T> values) { append(values.begin(), values.size()); }
    constexpr growing_array(const growing_array& from) { append(from.items_, from.size_); }
    constexpr growing_array(growing_array&& from) noexcept : items_(from.items_), size_(from.size_), room_(from.room_) {
        from.items_ = nullptr;
        from.size_ = from.room_ = 0;
    }
    constexpr growing_array& operator=(const growing_array& from) {
        if (this == &from) return *this;
        size_ = 0;
        append(from.items_, from.size_);
        return *this;
    }
    constexpr growing_array& operator=(growing_array&& from) noexcept {
        T* const items = items_;
        items_ = from.items_;
        from.items_ = items;
        const std::size_t size = size_, room = room_;
        size_ = from.size_;
        from.size_ = size;
        room_ = from.room_;
        from.room_ = room;
        return *this;
    }
    constexpr ~growing_array() { delete[] items_; }

    constexpr std::size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr const T& operator[](std::size_t i) const { return items_[i]; }
    constexpr T& operator[](std::size_t i) { return items_[i]; }
    constexpr const T* begin() const { return items_; }
    constexpr const T* end() const { return items_ + size_; }
    constexpr T* begin() { return items_; }
    constexpr T* end() { return items_ + size_; }
    constexpr const T* data() const { return items_; }
    constexpr T* data() { return items_; }
    constexpr const T& back() const { return items_[size_ - 1]; }
    constexpr T& back() { return items_[size_ - 1]; }

    /// (By value: it may be one of these.)
    constexpr void push_back(T value) {
        if (size_ == room_) make_room(size_ < 4 ? 8 : 2 * size_);
        items_[size_++] = static_cast<T&&>(value);
    }
    constexpr void pop_back() { --size_; }
    constexpr void clear() { size_ = 0; }
    constexpr void resize(std::size_t n) {
        make_room(n);
        for (; size_ < n; ++size_) items_[size_] = T{};
        size_ = n;
    }
    constexpr void resize(std::size_t n, const T& value) {
        make_room(n);
        for (; size_ < n; ++size_) items_[size_] = value;
        size_ = n;
    }
    constexpr void assign(std::size_t n, const T& value) {
        size_ = 0;
        resize(n, value);
    }
    constexpr void append(const T* from, std::size_t n) {
        make_room(size_ + n);
        for (std::size_t i = 0; i < n; ++i) items_[size_++] = from[i];
    }
    constexpr void reserve(std::size_t n) {
        if (n <= room_) return;
        T* const items = new T[n];
        for (std::size_t i = 0; i < size_; ++i) items[i] = static_cast<T&&>(items_[i]);
        delete[] items_;
        items_ = items;
        room_ = n;
    }

private:
    T* items_ = nullptr;
    std::size_t size_ = 0, room_ = 0;

    constexpr void make_room(std::size_t n) {
        if (n > room_) reserve(n < 2 * room_ ? 2 * room_ : n);
    }
};

}  // namespace xgrad
