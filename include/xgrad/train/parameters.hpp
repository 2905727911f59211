// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/random.hpp>

#include <xgrad/expr/growing_array.hpp>
#include <xgrad/kernel/arena.hpp>
#include <xgrad/kernel/error.hpp>
#include <xgrad/expr/leaf.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace xgrad {

/// The parameters of a model and their states, in memory of their own: numbers of T, or one double where a parameter has no axes, as kernels have
/// them. Shared by a trainer and what it compiles.
template <class T>
class parameter_store {
public:
    parameter_store(growing_array<const declaration*> declarations, std::size_t states, std::uint64_t seed)
        : declarations_(std::move(declarations)), states_(states), values_(declarations_.size() * (1 + states)) {
        for (auto& memory : values_) memory = std::make_shared<kernel::arena>();
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
    /// What another model has under the same names is from now on one memory with it. Throws std::invalid_argument where it has none of them, or of other extents.
    void share(const parameter_store& other) {
        std::size_t shared = 0;
        for (std::size_t i = 0; i < count(); ++i) {
            const std::size_t there = other.find(*declarations_[i]);
            if (there == other.count()) continue;
            if (!(declared(i).extents == other.declared(there).extents))
                throw std::invalid_argument("xgrad::share_parameters: '" + std::string(declared(i).name) + "' has other extents in the other trainer. Fix: give one of the two layers another name.");
            values_[i * (1 + states_)] = other.values_[there * (1 + other.states_)];
            ++shared;
        }
        if (shared == 0) throw std::invalid_argument("xgrad::share_parameters: the two trainers have no parameter of one name. Fix: make both losses of the same layers.");
    }
    /// Memory for a state, all of one value. (States that no plan writes, those of frozen parameters, have none.)
    void start_state(std::size_t i, std::size_t k, double value) { fill(i, 1 + k, value); }
    void copy_to_state(std::size_t i, std::size_t k) { std::memcpy(memory(i, 1 + k), memory(i), bytes(i)); }
    bool has_state(std::size_t i, std::size_t k) const { return values_[i * (1 + states_) + 1 + k]->size() > 0; }
    /// Where a parameter lies, or its state number place - 1.
    void* memory(std::size_t i, std::size_t place = 0) { return values_[i * (1 + states_) + place]->reserve(0); }
    /// All of it, one after the other.
    std::vector<std::byte> numbers() {
        std::vector<std::byte> made;
        each([&](std::byte* from, std::size_t n) { made.insert(made.end(), from, from + n); });
        return made;
    }
    void set_numbers(const std::vector<std::byte>& numbers) {
        std::size_t wanted = 0;
        each([&](std::byte*, std::size_t n) { wanted += n; });
        if (numbers.size() != wanted) throw std::invalid_argument("xgrad::trainer: restore of an empty snapshot. Fix: take one first, best = trainer.snapshot().");
        const std::byte* from = numbers.data();
        each([&](std::byte* to, std::size_t n) { std::copy_n(from, n, to), from += n; });
    }
    /// Throws non_finite_error where a parameter is infinite or NaN: then no step can help.
    XGRAD_RARELY void refuse_non_finite() {
        for (std::size_t i = 0; i < count(); ++i)
            with(i, [&](auto type) {
                const auto* values = static_cast<const decltype(type)*>(memory(i));
                if (std::all_of(values, values + size(i), [](auto x) { return std::isfinite(x); })) return;
                throw non_finite_error(kernel::sentence({"xgrad: parameter '", declared(i).name, "' is not finite: it was given so, or an earlier step had a finite loss and a gradient that was not. "
                                                         "Fix: begin again, or trainer.restore(...); xg::clip_global_norm{1e9} refuses such a step before anything changes."}));
            });
    }
    /// The number of a parameter, or count().
    std::size_t find(const declaration& d) const {
        for (std::size_t i = 0; i < declarations_.size(); ++i)
            if (declarations_[i]->name == d.name) return i;
        return count();
    }

private:
    growing_array<const declaration*> declarations_;
    std::size_t states_;
    growing_array<std::shared_ptr<kernel::arena>> values_;

    void each(auto f) {
        for (const auto& a : values_)
            if (a->size() > 0) f(a->reserve(0), a->size());
    }
    void with(std::size_t i, auto f) const { declarations_[i]->extents.rank == 0 ? f(double{}) : f(T{}); }
    std::size_t bytes(std::size_t i) const { return size(i) * (declarations_[i]->extents.rank == 0 ? sizeof(double) : sizeof(T)); }
    void fill(std::size_t i, std::size_t place, double value) {
        values_[i * (1 + states_) + place]->reserve(bytes(i));
        with(i, [&](auto type) { std::fill_n(static_cast<decltype(type)*>(memory(i, place)), size(i), static_cast<decltype(type)>(value)); });
    }
};

/// `share_parameters(other)`, an option of a trainer.
template <class T>
struct shared_parameters {
    std::shared_ptr<const parameter_store<T>> store;
};

}  // namespace xgrad
