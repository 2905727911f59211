// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/named_windows.hpp>

#include <memory>

namespace xgrad {

namespace detail {
/// Instead of the number of a state: parameters as they are.
inline constexpr std::size_t no_state = static_cast<std::size_t>(-1);
}  // namespace detail

/// A formula with the parameters of a model, for evaluation: `trainer.compile(p)(x = X)`. Keeps the parameters alive and follows
/// their training. A copy has the same parameters and working memory of its own: one for each thread that calls it.
template <class T, const auto& Plan>
class trained_formula : public detail::ready_plan<T, Plan, false> {
public:
    /// With the state of every parameter in its place, where it has one: its average.
    explicit trained_formula(std::shared_ptr<parameter_store<T>> store, std::size_t state = detail::no_state) : store_(std::move(store)), state_(state) {
        for (int b : detail::parameter_buffers<Plan>) {
            const std::size_t i = store_->find(*Plan.buffers[static_cast<std::size_t>(b)].leaf);
            if (i == store_->count())
                kernel::refuse_binding({"xgrad: the trainer has no parameter '", Plan.buffers[static_cast<std::size_t>(b)].leaf->name, "'. Fix: compile expressions made of the trained model."});
            this->run_.set_address(b, store_->memory(i, state != detail::no_state && store_->has_state(i, state) ? 1 + state : 0));
        }
    }
    trained_formula(const trained_formula& other) : trained_formula(other.store_, other.state_) {}
    trained_formula(trained_formula&&) = default;
    trained_formula& operator=(const trained_formula& other) { return *this = trained_formula(other); }
    trained_formula& operator=(trained_formula&&) = default;

protected:
    std::shared_ptr<parameter_store<T>> store_;

private:
    std::size_t state_;
};

}  // namespace xgrad
