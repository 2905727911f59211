// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/random.hpp>

#include <xgrad/kernel/arena.hpp>
#include <xgrad/kernel/array.hpp>
#include <xgrad/expr/leaf.hpp>

#include <algorithm>

namespace xgrad {

/// The parameters of a model and their states, in memory of their own. Shared by a trainer and what it compiles.
template <class T>
class parameter_store {
public:
    parameter_store(growing_array<const declaration*> declarations, std::size_t states, std::uint64_t seed)
        : declarations_(std::move(declarations)), states_(states), values_(declarations_.size() * (1 + states)) {
        for (std::size_t i = 0; i < declarations_.size(); ++i) {
            const std::size_t count = size(i);
            for (std::size_t k = 0; k <= states; ++k) {
                T* to = reinterpret_cast<T*>(values_[i * (1 + states) + k].reserve(count * sizeof(T)));
                std::fill(to, to + count, T{0});
            }
            initialise(*declarations_[i], seed, value(i), count);
        }
    }
    std::size_t count() const { return declarations_.size(); }
    const declaration& declared(std::size_t i) const { return *declarations_[i]; }
    std::size_t size(std::size_t i) const {
        std::size_t n = 1;
        for (int a = 0; a < declarations_[i]->extents.rank; ++a) n *= static_cast<std::size_t>(declarations_[i]->extents[a].size);
        return n;
    }
    T* value(std::size_t i) { return block(i, 0); }
    T* state(std::size_t i, std::size_t k) { return block(i, 1 + k); }
    /// The place of a parameter, or count().
    std::size_t find(const declaration& d) const {
        for (std::size_t i = 0; i < declarations_.size(); ++i)
            if (declarations_[i]->name == d.name) return i;
        return count();
    }

private:
    growing_array<const declaration*> declarations_;
    std::size_t states_;
    growing_array<kernel::arena> values_;
    T* block(std::size_t i, std::size_t k) { return reinterpret_cast<T*>(values_[i * (1 + states_) + k].reserve(0)); }
};

}  // namespace xgrad
