// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/plan.hpp>
#include <xgrad/train/trained_formula.hpp>

#include <stdexcept>
#include <vector>

namespace xgrad {

namespace detail {
/// Whether every path given to an option is that of a parameter.
template <const auto& Plan, fixed_string Path>
constexpr bool is_path_of() {
    for (const buffer& b : Plan.buffers)
        if (is_parameter(b) && matches_path(Path, b.leaf->name)) return true;
    return false;
}
template <const auto& Plan>
constexpr bool knows_paths(auto*) {
    return true;
}
template <const auto& Plan, template <fixed_string...> class Option, fixed_string... Path>
constexpr bool knows_paths(Option<Path...>*) {
    return (is_path_of<Plan, Path>() && ...);
}
template <class Optimiser, fixed_string Name>
constexpr bool is_number_of() {
    for (std::string_view known : Optimiser::hyperparameters)
        if (known == std::string_view(Name)) return true;
    return false;
}

template <const auto& Plan>
constexpr bool has_parameters() {
    for (const buffer& b : Plan.buffers)
        if (is_parameter(b)) return true;
    return false;
}

/// (So that what is no formula is reported once.)
template <class Loss>
using formula_or_zero = std::conditional_t<ast::symbolic<Loss>, Loss, std::remove_const_t<decltype(number<0.0>)>>;
/// The plan that gathers gradients, where there is one.
template <class T, bool Accumulates, class Plan>
struct gathering {};
template <class T, class Plan>
struct gathering<T, true, Plan> {
    static constexpr const auto& plan = Plan::value;
    kernel::resolved<T> run{view_plan<T, plan>()};
    kernel::conversions memory{plan.buffers.size()};
};

template <class Loss>
constexpr bool rank_is_zero() {
    if constexpr (!ast::symbolic<Loss>) {
        return true;  // which is reported
    } else if constexpr (is_bad<Loss>) {
        return false;
    } else {
        return ast::node_traits<Loss>::of()->extents.rank == 0;
    }
}
}  // namespace detail

/// Trains the parameters of a loss: `xg::trainer trainer{loss, xg::adam{.learning_rate = 1e-3}, xg::seed{0}};`
/// `trainer.step(x = X, y = Y)` runs forward, backward and update as one plan and returns the loss before the update.
///
/// Options     after the loss and the optimiser, in any order: seed{1}, precision<double>, schedule(f), clip_value{0.5}, clip_norm{1.0}, clip_global_norm{1.0},
///             clip_adaptive{0.01}, accumulate{4}, ema{0.999}, freeze<"encoder">, rate_factor<"encoder">{0.1}, sparse_updates<"word">, no_decay<"*.bias">,
///             decay_matrices, max_norm<"*.weight">{2.0}, share_parameters(other), allow_non_finite, unfused, checkpoint_every<32>.
///             Clippings act in the order in which they stand.
template <class Loss, class Optimiser, class... Options>
class trainer {
    static_assert(optimiser<Optimiser>, "xgrad::trainer: the second argument is an optimiser such as xg::adam{}.");
    static_assert(detail::has_known_preset<Optimiser>(), "xgrad::trainer: the first field of an optimiser is its preset, and no number is one. Fix: name the field, as in adam{.learning_rate = 0.01}.");
    static_assert(ast::symbolic<Loss>, "xgrad::trainer: the first argument, the loss, is no formula. Fix: apply layers to inputs, as in xg::mean(xg::cross_entropy(model(x), t)).");
    static_assert(detail::rank_is_zero<Loss>(), "xgrad::trainer: the loss must have rank 0. Fix: mean or sum it.");
    using planned = typename detail::plan_options_among<detail::option_list<>, Options...>::type;
    using asked = detail::training<Optimiser, Options...>;
    static constexpr plan_options options = detail::plan_options_of<Options...>;
    static_assert(!asked::is_sparse || (!asked::averages && !asked::accumulates),
                  "xgrad::sparse_updates<path>: accumulate and ema change rows that the last batch did not read. Fix: drop one of the two options.");

public:
    using value_type = typename detail::precision_among<float, Options...>::type;
    using T = value_type;
    struct snapshot_type {
        std::vector<std::byte> numbers{};
        std::uint64_t steps = 0;
        std::size_t gathered = 0;
        double running = 1;
    };
    static constexpr const auto& plan = detail::training_plan<detail::formula_or_zero<Loss>, Optimiser, options, planned>::value;
    static_assert(plan.results.empty() || !ast::symbolic<Loss> || detail::has_parameters<plan>(),
                  "xgrad::trainer: the loss has no parameters, so that there is nothing to train. Fix: declare what is to be learnt as xg::parameter<\"w\">(extents...), or apply a layer.");
    static_assert((detail::knows_paths<plan>(static_cast<Options*>(nullptr)) && ...),
                  "xgrad::trainer: a path given to freeze, rate_factor, sparse_updates, no_decay or max_norm is that of no parameter. Fix: check its spelling; layers put their names before it, as in \"encoder.hidden.weight\".");
    static constexpr auto refused = static_cast<rows_refused>(plan.refused);
    static_assert(refused != rows_refused::other_gradient,
                  "xgrad::sparse_updates<path>: a parameter under this path is read by more than embeddings, or has a penalty, so that its gradient has all rows. Fix: drop the option, or name the embeddings alone.");
    static_assert(refused != rows_refused::whole_parameter,
                  "xgrad::sparse_updates<path>: the optimiser, clip_adaptive or max_norm looks at a whole parameter, not at a few rows. Fix: take an optimiser that works number by number, such as xg::adam{}.");
    static_assert(refused != rows_refused::clipping_in_parts,
                  "xgrad::sparse_updates<path>: a table that several lists of labels read has its gradient in parts, of which clip_norm and clip_adaptive do not know the norm. Fix: clip_global_norm.");

    trainer(Loss, Optimiser o, Options... given)
        : run_(detail::view_plan<T, plan>()), memory_(plan.buffers.size()), optimiser_(o), given_(given...) {
        static_assert((knows<trainer, Options> && ...), "xgrad::trainer: what follows the optimiser are options such as xg::seed{1}, and one of these is none. Fix: the doc of xg::trainer lists them.");
        if constexpr ((knows<trainer, Options> && ...)) (take(given), ...);
        store_ = std::make_shared<parameter_store<T>>(detail::parameter_declarations<plan>(), asked::states, seed_);
        (share(given), ...);
        start_states();
        connect(plan, run_);
        if constexpr (asked::accumulates) connect(gathering_.plan, gathering_.run);
        set(o);
    }

    /// One step on a batch; the loss. Throws non_finite_error, before any parameter changes, where the loss (or the norm that a clipping needs) is not finite.
    template <std::uint64_t... H, class... A>
    double step(ast::binding<H, A>... bindings) {
        if constexpr (asked::accumulates) {
            if (gathered_ + 1 < batches_) return gather(bindings...);
        }
        detail::bind_call<plan, false>(run_, memory_, bindings...);
        begin_update();
        run(run_);
        end_update();
        return run_.scalar(plan.results[0]);
    }
    template <class... A>
        requires detail::nameless<A...>
    double step(const A&...) {
        detail::must_have_names<A...>();
        return 0;
    }
    /// `runs` > 0 steps (throws as `step` does), and by a clock that gives seconds what each kernel took: `xg::profile(std::cout, trainer, x = X, y = Y)` prints it.
    template <std::uint64_t... H, class... A>
    kernel_times measure(int runs, double (*now)(), ast::binding<H, A>... bindings) {
        detail::bind_call<plan, false>(run_, memory_, bindings...);
        kernel_times made{};
        std::vector<double> seconds;
        for (int i = 0; i < runs; ++i) {
            begin_update();
            made = guarded([&] { return run_.measure(check_finite_, 1, now); });
            seconds.insert(seconds.end(), made.seconds.begin(), made.seconds.end());
            end_update();
        }
        made.seconds = detail::medians(seconds, plan.steps.size());
        made.runs = runs;
        return made;
    }
    template <class... A>
        requires detail::nameless<A...>
    kernel_times measure(int, double (*)(), const A&...) {
        detail::must_have_names<A...>();
        return {};
    }
    /// New numbers of the optimiser from the next step on. What a schedule sets stays the schedule's. Throws std::invalid_argument where one is NaN.
    void set(const Optimiser& o) {
        set_numbers(o);
        optimiser_ = o;
    }
    /// Updates so far.
    std::uint64_t steps() const { return steps_; }
    /// Goes on as after so many updates: for a model that was loaded. Parameters and states are the caller's to fill.
    void resume(std::uint64_t steps) {
        steps_ = 0;
        running_ = 1;
        gathered_ = 0;
        if constexpr (has_running) {
            for (; steps_ < steps; ++steps_) running_ = optimiser_.running(running_, static_cast<double>(steps_ + 1));
        }
        steps_ = steps;
    }
    /// The norm of the last step's gradients, before clipping: of all of them with clip_global_norm, the sum of all norms with another clipping.
    double gradient_norm() const {
        static_assert(plan.results.size() > 1, "xgrad::trainer: gradient_norm needs a clipping by norm. Fix: add xg::clip_global_norm{1.0}, or a limit that is never reached.");
        return run_.scalar(plan.results[1]);
    }

    /// A program for evaluation with this trainer's parameters; `compile(xg::averaged, p)` with their averages. Dropout does nothing
    /// there and batch_norm has its running statistics, unless the formula is `xg::training(p)`.
    template <class... X>
    auto compile(X... x) const {
        return evaluated(detail::no_state, std::tuple_cat(detail::flattened(x)...));
    }
    template <class... X>
    auto compile(averaged_t, X... x) const {
        static_assert(asked::averages, "xgrad::trainer: there are no averages. Fix: construct the trainer with xg::ema{0.999}.");
        return evaluated(asked::average, std::tuple_cat(detail::flattened(x)...));
    }

    /// A Hana map from names to xtensor windows: `parameters()["hidden.weight"_p]`, `hana::for_each(parameters(), ...)`.
    auto parameters() const { return detail::all_parameters<plan>(*store_); }
    /// One of them, without a map of all: `parameter("hidden.weight"_p)`.
    template <fixed_string Name>
    auto parameter(boost::hana::basic_type<parameter_key<Name>>) const {
        return detail::parameter_named<plan, Name>(*store_);
    }
    template <class Text>
        requires std::is_convertible_v<Text, std::string_view>
    void parameter(const Text&) const {
        detail::refuse_plain_name<Text>();
    }
    /// What the optimiser keeps, and averages and gathered gradients, under the parameters' names: `states()["hidden.weight.mean"_p]`. With `steps()` and
    /// `resume` all that a checkpoint needs.
    auto states() const {
        return detail::map_of_windows<detail::state_buffers<plan>.size()>([this](auto i) { return state_entry<decltype(i)::value>(); });
    }
    /// The last part of the names there: what state k of a parameter is.
    static constexpr std::string_view state_name(std::size_t k) { return asked::state_name(k); }
    /// A copy of the parameters and of all else that training goes on from: `if (error < least) best = trainer.snapshot();`
    snapshot_type snapshot() const { return {store_->numbers(), steps_, gathered_, running_}; }
    void restore(const snapshot_type& s) {
        store_->set_numbers(s.numbers);
        steps_ = s.steps, gathered_ = s.gathered, running_ = s.running;
    }
    /// Bytes of intermediates in one step.
    std::size_t arena_bytes() const { return run_.arena_bytes(); }

private:
    template <class... X>
    auto evaluated(std::size_t state, std::tuple<X...>) const {
        static_assert((ast::symbolic<X> && ...), "xgrad::trainer: compile is given formulas, and one of these is none. Fix: trainer.compile(xg::softmax(model(x))), a layer applied to an input.");
        return trained_formula<T, detail::expression_plan<plan_options{}, detail::formula_or_zero<X>...>::value>(store_, state);
    }
    template <class L, class O, class... Given>
    friend auto share_parameters(const trainer<L, O, Given...>&);

    kernel::resolved<T> run_;
    kernel::conversions memory_;
    Optimiser optimiser_;
    std::tuple<Options...> given_;
    detail::gathering<T, asked::accumulates, detail::gathering_plan<detail::formula_or_zero<Loss>, Optimiser, options, planned>> gathering_{};
    std::shared_ptr<parameter_store<T>> store_;
    std::uint64_t seed_ = 0, steps_ = 0;
    std::size_t batches_ = 1, gathered_ = 0;  ///< of an update: in all, so far
    double running_ = 1;
    bool check_finite_ = true;
    static constexpr bool has_running = requires(const Optimiser& o) { o.running(1.0, 1.0); };

    template <class Self, class Option>
    static constexpr bool knows = requires(Self& t, const Option& o) { t.take(o); };
    void take(seed s) { seed_ = s.value; }
    void take(allow_non_finite_t) { check_finite_ = false; }
    void take(const plan_option&) {}
    void take(const training_option&) {}
    void take(ema average) { set_number("average_decay", average.decay); }
    void take(accumulate all) {
        if (all.batches == 0) throw std::invalid_argument("xgrad::accumulate{0}: an update needs at least 1 batch.");
        batches_ = all.batches;
        set_number("batch_count", static_cast<double>(batches_));
    }
    template <fixed_string... Path>
    void take(const rate_factor<Path...>& r) {
        static_assert(detail::is_number_of<Optimiser, "learning_rate">(), "xgrad::rate_factor: the optimiser has no learning_rate. Fix: take one that has, such as xg::adam{}.");
        set_numbers(r);
    }
    void take(const std::derived_from<clipping> auto& c) { set_numbers(c); }
    void take(const std::derived_from<projection> auto& p) { set_numbers(p); }
    template <class U>
    void take(precision_t<U>) {}
    template <class U>
    void take(const shared_parameters<U>&) {
        static_assert(std::is_same_v<T, U>, "xgrad::share_parameters: the two trainers have numbers of different types. Fix: give both the same xg::precision.");
    }
    void share(const auto&) {}
    void share(const shared_parameters<T>& others) { store_->share(*others.store); }
    template <fixed_string Name, class F>
    void take(const scheduled<Name, F>&) {
        static_assert(detail::is_number_of<Optimiser, Name>(), "xgrad::schedule<name>(f): the optimiser has no such number. Fix: name one of its fields, such as \"learning_rate\".");
    }

    void connect(const auto& p, kernel::resolved<T>& run) {
        for (std::size_t b = 0; b < p.buffers.size(); ++b) {
            const buffer& buf = p.buffers[b];
            if (detail::is_parameter(buf)) run.set_address(static_cast<int>(b), store_->memory(store_->find(*buf.leaf)));
            if (detail::is_state(buf)) run.set_address(static_cast<int>(b), store_->memory(store_->find(*buf.leaf), 1 + static_cast<std::size_t>(buf.state)));
        }
    }
    void start_states() {
        for (int b : detail::state_buffers<plan>) {
            const buffer& buf = plan.buffers[static_cast<std::size_t>(b)];
            const std::size_t i = store_->find(*buf.leaf), k = static_cast<std::size_t>(buf.state);
            double start = 0;
            if constexpr (requires { optimiser_.initial_states(); }) {
                if (k < Optimiser::states) start = optimiser_.initial_states()[k];
            }
            store_->start_state(i, k, start);
            if (asked::averages && k == asked::average) store_->copy_to_state(i, k);
        }
    }

    /// f(), but where it meets what is not finite a parameter that is to blame is named.
    auto guarded(auto f) {
        try {
            return f();
        } catch (const non_finite_error&) {
            store_->refuse_non_finite();
            throw;
        }
    }
    void run(kernel::resolved<T>& of) {
        guarded([&] { of.run(check_finite_); });
    }
    void begin_update() {
        const double t = static_cast<double>(steps_ + 1);
        set_number("step", t);
        set_number("random_seed", random_number());
        std::apply([&](const auto&... option) { (follow(option), ...); }, given_);
        if constexpr (has_running) set_number("running", optimiser_.running(running_, t));
        if constexpr (asked::accumulates) set_number("batches_before", static_cast<double>(gathered_));
    }
    void end_update() {
        ++steps_;
        gathered_ = 0;
        if constexpr (has_running) running_ = optimiser_.running(running_, static_cast<double>(steps_));
    }
    /// What the random numbers of the next batch follow from.
    double random_number() const { return static_cast<double>(mix(mix(seed_, steps_), gathered_) >> 16); }
    void follow(const auto&) {}
    template <fixed_string Name, class F>
    void follow(const scheduled<Name, F>& s) {
        const auto value = static_cast<double>(s.at(static_cast<double>(steps_)));
        refuse_nan(std::string_view(Name), value);
        set_number(Name, value);
    }
    template <std::uint64_t... H, class... A>
    double gather(ast::binding<H, A>... bindings) {
        detail::bind_call<decltype(gathering_)::plan, false>(gathering_.run, gathering_.memory, bindings...);
        set_number(gathering_.plan, gathering_.run, "batches_before", static_cast<double>(gathered_));
        set_number(gathering_.plan, gathering_.run, "random_seed", random_number());
        run(gathering_.run);
        ++gathered_;
        return gathering_.run.scalar(gathering_.plan.results[0]);
    }

    /// The hyperparameters of an optimiser or an option, of a schedule: a step with NaN among them would spoil every parameter.
    static void refuse_nan(std::string_view name, double value) {
        if (std::isnan(value)) throw std::invalid_argument("xgrad::trainer: " + std::string(name) + " is NaN. Fix: check the schedule, or the optimiser's numbers.");
    }
    static void set_number(const auto& p, kernel::resolved<T>& run, std::string_view name, double value) {
        for (std::size_t b = 0; b < p.buffers.size(); ++b)
            if (p.buffers[b].kind == buffer_kind::leaf && p.buffers[b].leaf->kind == leaf_kind::hole && p.buffers[b].leaf->name == name) run.scalar(static_cast<int>(b)) = value;
    }
    void set_number(std::string_view name, double value) { set_number(plan, run_, name, value); }
    void set_numbers(const auto& numbered) {
        const auto values = numbered.values();
        for (std::size_t k = 0; k < values.size(); ++k) refuse_nan(numbered.hyperparameters[k], values[k]);
        for (std::size_t k = 0; k < values.size(); ++k) set_number(numbered.hyperparameters[k], values[k]);
    }

    template <std::size_t I>
    auto state_entry() const {
        constexpr std::size_t b = static_cast<std::size_t>(detail::state_buffers<plan>[I]);
        constexpr std::size_t k = static_cast<std::size_t>(plan.buffers[b].state);
        constexpr auto name = [] {
            constexpr std::string_view text = state_name(k);
            return fixed_text<text.size()>(text);
        }();
        return detail::named_window<T, plan, b, join(detail::name_text<plan, b>(), name)>(store_->memory(store_->find(*plan.buffers[b].leaf), 1 + k));
    }
};
template <class Loss, class Optimiser, class... Options>
trainer(Loss, Optimiser, Options...) -> trainer<Loss, Optimiser, Options...>;

/// `xg::trainer critic{b, xg::adam{}, xg::share_parameters(actor), xg::freeze<"actor">}`: parameters that both trainers have are one memory, which begins as the first
/// trainer has it, and a step of either moves. Each has its own states; what one of them should leave alone it freezes.
///
/// Errors      std::invalid_argument where there is no parameter of one name, or one has other extents
template <class Loss, class Optimiser, class... Options>
auto share_parameters(const trainer<Loss, Optimiser, Options...>& other) {
    return shared_parameters<typename trainer<Loss, Optimiser, Options...>::value_type>{other.store_};
}

}  // namespace xgrad
