// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/parameters.hpp>
#include <xgrad/train/plan.hpp>

#include <boost/hana/type.hpp>

#include <memory>

namespace xgrad {

namespace literals {
template <fixed_string Name>
constexpr auto operator""_p() {
    return boost::hana::type_c<parameter_key<Name>>;
}
}  // namespace literals

namespace detail {
/// The buffers of a plan that hold parameters, or their states, in the plan's order.
template <const auto& Plan, auto Wanted>
inline constexpr auto buffers_that = [] {
    constexpr std::size_t count = [] {
        std::size_t n = 0;
        for (const buffer& b : Plan.buffers) n += Wanted(b);
        return n;
    }();
    std::array<int, count> found{};
    std::size_t n = 0;
    for (std::size_t b = 0; b < Plan.buffers.size(); ++b)
        if (Wanted(Plan.buffers[b])) found[n++] = static_cast<int>(b);
    return found;
}();
constexpr bool is_parameter(const buffer& b) { return b.kind == buffer_kind::leaf && is_of_model(b.leaf->kind); }
constexpr bool is_state(const buffer& b) { return b.kind == buffer_kind::state; }
template <const auto& Plan>
inline constexpr auto parameter_buffers = buffers_that<Plan, &is_parameter>;
template <const auto& Plan>
inline constexpr auto state_buffers = buffers_that<Plan, &is_state>;
}  // namespace detail

/// A formula with a trainer's parameters, for evaluation: `trainer.compile(p)(x = X)`. Keeps the parameters alive and follows
/// their training.
template <class T, const auto& Plan>
class trained_formula : public detail::ready_plan<T, Plan, false> {
public:
    /// With the state of every parameter in its place, where it has one: its average.
    static constexpr std::size_t no_state = static_cast<std::size_t>(-1);
    explicit trained_formula(std::shared_ptr<parameter_store<T>> store, std::size_t state = no_state) : store_(std::move(store)) {
        for (int b : detail::parameter_buffers<Plan>) {
            const std::size_t i = store_->find(*Plan.buffers[static_cast<std::size_t>(b)].leaf);
            if (i == store_->count())
                kernel::refuse_binding({"xgrad: the trainer has no parameter '", Plan.buffers[static_cast<std::size_t>(b)].leaf->name, "'. Fix: compile expressions made of the trained model."});
            this->run_.set_address(b, store_->memory(i, state != no_state && store_->has_state(i, state) ? 1 + state : 0));
        }
    }

private:
    std::shared_ptr<parameter_store<T>> store_;
};

}  // namespace xgrad
