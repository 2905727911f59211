// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/parameters.hpp>
#include <xgrad/train/plan.hpp>

#include <boost/hana/at_key.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/type.hpp>

#include <memory>

namespace xgrad {

/// Options of a trainer, after the loss and the optimiser, in any order:
///   seed{1}, precision<double>, unfused, clip_global_norm{1.0}, allow_non_finite.
template <class T>
struct precision_t {};
template <class T>
inline constexpr precision_t<T> precision{};
/// A loss that is not finite does not stop the step.
struct allow_non_finite_t {};
inline constexpr allow_non_finite_t allow_non_finite{};

namespace literals {
template <fixed_string Name>
constexpr auto operator""_p() {
    return boost::hana::type_c<parameter_key<Name>>;
}
}  // namespace literals

namespace detail {
template <class T, class... Options>
struct precision_among {
    using type = T;
};
template <class T, class U, class... Rest>
struct precision_among<T, precision_t<U>, Rest...> {
    using type = U;
};
template <class T, class O, class... Rest>
struct precision_among<T, O, Rest...> : precision_among<T, Rest...> {};

/// Parameters of a plan: their buffers, in the plan's order of buffers.
template <const auto& Plan>
inline constexpr auto parameter_buffers = [] {
    constexpr auto is_parameter = [](const buffer& b) { return b.kind == buffer_kind::leaf && b.leaf->kind == leaf_kind::parameter; };
    constexpr std::size_t count = [=] {
        std::size_t n = 0;
        for (const buffer& b : Plan.buffers) n += is_parameter(b);
        return n;
    }();
    std::array<int, count> found{};
    std::size_t n = 0;
    for (std::size_t b = 0; b < Plan.buffers.size(); ++b)
        if (is_parameter(Plan.buffers[b])) found[n++] = static_cast<int>(b);
    return found;
}();

template <class Loss>
constexpr bool rank_is_zero() {
    if constexpr (is_bad<Loss>) {
        return false;
    } else {
        return ast::node_traits<Loss>::of()->extents.rank == 0;
    }
}
}  // namespace detail

/// A formula with a trainer's parameters, for evaluation: `trainer.compile(p)(x = X)`. Keeps the parameters alive and follows
/// their training.
template <class T, const auto& Plan>
class inference {
public:
    explicit inference(std::shared_ptr<parameter_store<T>> store)
        : store_(std::move(store)), run_(kernel::view_plan(Plan, detail::kernel_table<T, Plan>.data())), memory_(Plan.buffers.size()) {
        for (int b : detail::parameter_buffers<Plan>) {
            const std::size_t i = store_->find(*Plan.buffers[static_cast<std::size_t>(b)].leaf);
            if (i == store_->count())
                kernel::refuse_binding({"xgrad: the trainer has no parameter '", Plan.buffers[static_cast<std::size_t>(b)].leaf->name, "'. Fix: compile expressions made of the trained model."});
            run_.set_address(b, store_->value(i));
        }
    }
    template <std::uint64_t... H, class... A>
    auto operator()(ast::binding<H, A>... bindings) {
        detail::bind_call<Plan, false>(run_, memory_, bindings...);
        return detail::run_and_return<T, Plan>(run_);
    }

private:
    std::shared_ptr<parameter_store<T>> store_;
    kernel::resolved<T> run_;
    kernel::conversions memory_;
};

/// Trains the parameters of a loss: `xg::trainer trainer{loss, xg::adam{.learning_rate = 1e-3}, xg::seed{0}};`
/// `trainer.step(x = X, y = Y)` runs forward, backward and update as one plan and returns the loss before the update.
template <class Loss, class Optimiser, class... Options>
class trainer {
    static_assert(optimiser<Optimiser>, "xgrad::trainer: the second argument is an optimiser such as xg::adam{}.");
    static_assert(detail::rank_is_zero<Loss>(), "xgrad::trainer: the loss must have rank 0. Fix: mean or sum it.");
    static constexpr bool clips = (std::is_same_v<Options, clip_global_norm> || ...);

public:
    using value_type = typename detail::precision_among<float, Options...>::type;
    using T = value_type;
    static constexpr const auto& plan =
        detail::training_plan<Loss, Optimiser, clips, plan_options{.apart = (std::is_same_v<Options, unfused_t> || ...)}>::value;

    trainer(Loss, Optimiser o, Options... options) : run_(kernel::view_plan(plan, detail::kernel_table<T, plan>.data())), memory_(plan.buffers.size()) {
        (take(options), ...);
        growing_array<const declaration*> declarations;
        for (int b : detail::parameter_buffers<plan>) declarations.push_back(plan.buffers[static_cast<std::size_t>(b)].leaf);
        store_ = std::make_shared<parameter_store<T>>(declarations, Optimiser::states, seed_);
        for (std::size_t b = 0; b < plan.buffers.size(); ++b) {
            const buffer& buf = plan.buffers[b];
            if (buf.kind == buffer_kind::leaf && buf.leaf->kind == leaf_kind::parameter) run_.set_address(static_cast<int>(b), store_->value(store_->find(*buf.leaf)));
            if (buf.kind == buffer_kind::state)
                run_.set_address(static_cast<int>(b), store_->state(store_->find(*buf.leaf), static_cast<std::size_t>(buf.state)));
        }
        set(o);
    }

    /// One step on a batch; the loss. Throws non_finite_error, before any parameter changes, where the loss is not finite.
    template <std::uint64_t... H, class... A>
    double step(ast::binding<H, A>... bindings) {
        detail::bind_call<plan, false>(run_, memory_, bindings...);
        set_number("step", static_cast<double>(steps_ + 1));
        run_.run(check_finite_);
        ++steps_;
        return run_.scalar(plan.results[0]);
    }
    /// `runs` > 0 steps (throws as `step` does), and by a clock that gives seconds what each kernel took: `xg::profile(std::cout, trainer, x = X, y = Y)` prints it.
    template <std::uint64_t... H, class... A>
    kernel_times measure(int runs, double (*now)(), ast::binding<H, A>... bindings) {
        detail::bind_call<plan, false>(run_, memory_, bindings...);
        kernel_times made{};
        std::vector<double> seconds;
        for (int i = 0; i < runs; ++i) {
            set_number("step", static_cast<double>(steps_ + 1));
            made = run_.measure(check_finite_, 1, now);
            seconds.insert(seconds.end(), made.seconds.begin(), made.seconds.end());
            ++steps_;
        }
        made.seconds = detail::medians(seconds, plan.steps.size());
        made.runs = runs;
        return made;
    }
    /// New numbers of the optimiser from the next step on: a schedule calls this.
    void set(const Optimiser& o) {
        const auto values = o.values();
        for (std::size_t k = 0; k < values.size(); ++k) set_number(Optimiser::hyperparameters[k], values[k]);
    }
    std::uint64_t steps() const { return steps_; }

    /// A program for evaluation with this trainer's parameters.
    template <ast::symbolic... X>
    auto compile(X...) const {
        return inference<T, detail::expression_plan<plan_options{}, X...>::value>(store_);
    }

    /// A Hana map from names to xtensor windows: `parameters()["hidden.weight"_p]`, `hana::for_each(parameters(), ...)`.
    auto parameters() const {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return boost::hana::make_map(entry<I>()...);
        }(std::make_index_sequence<detail::parameter_buffers<plan>.size()>{});
    }
    /// Bytes of intermediates in one step.
    std::size_t arena_bytes() const { return run_.arena_bytes(); }

private:
    kernel::resolved<T> run_;
    kernel::conversions memory_;
    std::shared_ptr<parameter_store<T>> store_;
    std::uint64_t seed_ = 0, steps_ = 0;
    bool check_finite_ = true;

    void take(seed s) { seed_ = s.value; }
    void take(allow_non_finite_t) { check_finite_ = false; }
    void take(clip_global_norm c) { set_number("max_norm", c.max_norm); }
    void take(unfused_t) {}
    template <class U>
    void take(precision_t<U>) {}

    void set_number(std::string_view name, double value) {
        for (std::size_t b = 0; b < plan.buffers.size(); ++b)
            if (plan.buffers[b].kind == buffer_kind::leaf && plan.buffers[b].leaf->kind == leaf_kind::hole && plan.buffers[b].leaf->name == name)
                run_.scalar(static_cast<int>(b)) = value;
    }
    template <std::size_t I>
    auto entry() const {
        constexpr std::size_t b = static_cast<std::size_t>(detail::parameter_buffers<plan>[I]);
        constexpr const shape& s = plan.buffers[b].leaf->extents;
        std::array<std::size_t, static_cast<std::size_t>(s.rank)> extents{};
        for (int a = 0; a < s.rank; ++a) extents[static_cast<std::size_t>(a)] = static_cast<std::size_t>(s[a].size);
        return boost::hana::make_pair(boost::hana::type_c<parameter_key<detail::name_text<plan, b>()>>, adapt(store_->value(I), extents));
    }
};
template <class Loss, class Optimiser, class... Options>
trainer(Loss, Optimiser, Options...) -> trainer<Loss, Optimiser, Options...>;

}  // namespace xgrad
