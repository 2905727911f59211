// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/random.hpp>

#include <xgrad/expr/growing_array.hpp>
#include <xgrad/kernel/arena.hpp>
#include <xgrad/kernel/array.hpp>
#include <xgrad/expr/leaf.hpp>

#include <algorithm>
#include <cstring>

namespace xgrad {

/// The parameters of a model and their states, in memory of their own: numbers of T, or one double where a parameter has no axes, as kernels have
/// them. Shared by a trainer and what it compiles.
template <class T>
class parameter_store {
public:
    parameter_store(growing_array<const declaration*> declarations, std::size_t states, std::uint64_t seed)
        : declarations_(std::move(declarations)), states_(states), values_(declarations_.size() * (1 + states)) {
        for (std::size_t i = 0; i < declarations_.size(); ++i) {
            fill(i, 0, 0);
            with(i, [&](auto type) { initialise(*declarations_[i], seed, static_cast<decltype(type)*>(memory(i)), size(i)); });
        }
    }
    std::size_t count() const { return declarations_.size(); }
    const declaration& declared(std::size_t i) const { return *declarations_[i]; }
    std::size_t size(std::size_t i) const {
        std::size_t n = 1;
        for (int a = 0; a < declarations_[i]->extents.rank; ++a) n *= static_cast<std::size_t>(declarations_[i]->extents[a].size);
        return n;
    }
    /// Memory for a state, all of one value. (States that no plan writes, those of frozen parameters, have none.)
    void start_state(std::size_t i, std::size_t k, double value) { fill(i, 1 + k, value); }
    void copy_to_state(std::size_t i, std::size_t k) { std::memcpy(memory(i, 1 + k), memory(i), bytes(i)); }
    bool has_state(std::size_t i, std::size_t k) const { return values_[i * (1 + states_) + 1 + k].size() > 0; }
    /// Where a parameter lies, or its state number place - 1.
    void* memory(std::size_t i, std::size_t place = 0) { return values_[i * (1 + states_) + place].reserve(0); }
    /// The number of a parameter, or count().
    std::size_t find(const declaration& d) const {
        for (std::size_t i = 0; i < declarations_.size(); ++i)
            if (declarations_[i]->name == d.name) return i;
        return count();
    }

private:
    growing_array<const declaration*> declarations_;
    std::size_t states_;
    growing_array<kernel::arena> values_;

    void with(std::size_t i, auto f) const { declarations_[i]->extents.rank == 0 ? f(double{}) : f(T{}); }
    std::size_t bytes(std::size_t i) const { return size(i) * (declarations_[i]->extents.rank == 0 ? sizeof(double) : sizeof(T)); }
    void fill(std::size_t i, std::size_t place, double value) {
        values_[i * (1 + states_) + place].reserve(bytes(i));
        with(i, [&](auto type) { std::fill_n(static_cast<decltype(type)*>(memory(i, place)), size(i), static_cast<decltype(type)>(value)); });
    }
};

}  // namespace xgrad
