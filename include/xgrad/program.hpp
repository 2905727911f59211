// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/compile.hpp>

#include <optional>

namespace xgrad {

namespace detail {
/// The buffer of a plan that holds a name, or -1.
constexpr int buffer_of_leaf(const auto& p, const declaration* d) {
    for (std::size_t b = 0; b < p.buffers.size(); ++b)
        if (p.buffers[b].leaf && p.buffers[b].kind == buffer_kind::leaf && digest_of(*p.buffers[b].leaf) == digest_of(*d)) return static_cast<int>(b);
    return -1;
}

template <class X>
inline constexpr bool is_binding = false;
template <std::uint64_t H, class Array>
inline constexpr bool is_binding<ast::binding<H, Array>> = true;
/// Arguments of a call among which one is no `name = array`.
template <class... A>
concept nameless = !(is_binding<A> && ...);
template <class... A>
constexpr void must_have_names() {
    static_assert((is_binding<A> && ...), "xgrad: arrays are given by name. Fix: f(x = X, t = T), x and t being names of the formula and X and T their arrays.");
}

/// Reports names by type, so that the compiler prints them: around the sentence, and here in its own line.
template <fixed_string Name, bool Is>
constexpr bool holds_for() {
    return Is;
}
template <fixed_string Name>
struct name {
    template <bool Is>
    static constexpr void must_be_bound() {
        static_assert(holds_for<Name, Is>(), "xgrad: a name of the formula is not bound (the lines around say which). Fix: pass name = array.");
    }
    template <bool Is>
    static constexpr void must_be_in_the_formula() {
        static_assert(holds_for<Name, Is>(), "xgrad: a bound name is not in the formula (the lines around say which). Fix: drop it, or check the spelling.");
    }
    template <bool Is>
    static constexpr void must_be_bound_once() {
        static_assert(holds_for<Name, Is>(), "xgrad: a name is bound twice (the lines around say which). Fix: drop one.");
    }
    template <bool Is>
    static constexpr void must_not_be_held() {
        static_assert(holds_for<Name, Is>(), "xgrad: a parameter is bound that the trainer holds (the lines around say which). Fix: drop it; to give it other values, fill trainer.parameter(\"name\"_p).");
    }
    template <bool Is>
    static constexpr void must_be_an_array() {
        static_assert(holds_for<Name, Is>(), "xgrad: a name is bound to what is no array of numbers (the lines around say which). Fix: bind an xtensor array, such as xt::xtensor<float, 2>, or xt::adapt(v, {rows, columns}) of a std::vector v; to a scalar, a number.");
    }
    template <bool Is>
    static constexpr void must_be_integers() {
        static_assert(holds_for<Name, Is>(), "xgrad: labels need an array of integers (the lines around say which). Fix: bind an int32 or int64 array.");
    }
    template <bool Is>
    static constexpr void must_keep_its_digits() {
        static_assert(holds_for<Name, Is>(), "xgrad: a double array is bound to a float program, which would lose digits (the lines around say to which name). Fix: xt::cast<float>(X); for a program of doubles compile<double>(...), or xg::precision<double> among the trainer's options.");
    }
};
template <const auto& Plan, std::size_t B>
constexpr auto name_text() {
    constexpr std::string_view text = Plan.buffers[B].leaf->name;
    return fixed_text<text.size()>(text);
}
template <std::uint64_t H>
constexpr auto name_of_node() {
    constexpr const declaration* d = record_of(ast::key<H>{})->attr.leaf;
    static_assert(d != nullptr, "xgrad: only inputs, labels, parameters and scalars can be bound to arrays.");
    return fixed_text<d->name.size()>(d->name);
}

template <std::uint64_t Wanted, std::uint64_t... H>
inline constexpr int times_in = (int{H == Wanted} + ... + 0);

/// The first buffer that a caller must bind and does not.
template <const auto& Plan, bool ParametersToo, std::uint64_t... H>
inline constexpr std::size_t first_missing = [] {
    const std::array<const declaration*, sizeof...(H) + 1> given{record_of(ast::key<H>{})->attr.leaf...};
    for (std::size_t b = 0; b < Plan.buffers.size() && !Plan.clash; ++b) {  // (of two declarations, which are reported, one may be left)
        const buffer& buf = Plan.buffers[b];
        if (buf.kind != buffer_kind::leaf || buf.leaf->kind == leaf_kind::hole || buf.unread) continue;
        if (!ParametersToo && is_of_model(buf.leaf->kind)) continue;
        bool found = false;
        for (std::size_t i = 0; i < sizeof...(H); ++i) found = found || digest_of(*given[i]) == digest_of(*buf.leaf);
        if (!found) return b;
    }
    return Plan.buffers.size();
}();

/// Which leaves a caller must bind: parameters too, unless their owner (a trainer) brings them.
template <const auto& Plan, bool ParametersToo, std::uint64_t... H>
constexpr void check_names() {
    ((name<name_of_node<H>()>::template must_be_in_the_formula<(buffer_of_leaf(Plan, record_of(ast::key<H>{})->attr.leaf) >= 0)>()), ...);
    ((name<name_of_node<H>()>::template must_be_bound_once<times_in<H, H...> == 1>()), ...);
    ((name<name_of_node<H>()>::template must_not_be_held<ParametersToo || !is_of_model(record_of(ast::key<H>{})->attr.leaf->kind)>()), ...);
    constexpr std::size_t missing = first_missing<Plan, ParametersToo, H...>;
    if constexpr (missing < std::remove_cvref_t<decltype(Plan)>::size.buffers) name<name_text<Plan, missing>()>::template must_be_bound<false>();
}

/// Whether an array, or a number, can be bound to a name of a program of T; if not, that is reported.
template <class T, std::uint64_t H, class Array>
constexpr bool takes() {
    if constexpr (array_like<Array>) {
        using From = std::remove_cv_t<typename Array::value_type>;
        constexpr const record& r = *record_of(ast::key<H>{});
        constexpr bool has_numbers = std::is_arithmetic_v<From>, is_whole = std::is_integral_v<From> || r.attr.leaf->kind != leaf_kind::labels;
        if constexpr (!has_numbers) {
            name<name_of_node<H>()>::template must_be_an_array<false>();
        } else if constexpr (!is_whole) {
            name<name_of_node<H>()>::template must_be_integers<false>();
        } else if constexpr (std::is_same_v<From, double> && std::is_same_v<T, float> && r.extents.rank > 0) {
            name<name_of_node<H>()>::template must_keep_its_digits<false>();
        }
        return has_numbers && is_whole;
    } else {
        if constexpr (!std::is_arithmetic_v<Array>) name<name_of_node<H>()>::template must_be_an_array<false>();
        return std::is_arithmetic_v<Array>;
    }
}
/// One binding noted: checks extents now, gives its address to the kernels when all bindings have passed.
template <class Array>
void note_extents(const declaration& d, const Array& array, kernel::axis_sizes& sizes) {
    if constexpr (array_like<Array>) {
        kernel::check_extents(d, array, sizes);
    } else if (d.extents.rank != 0) {
        kernel::refuse_shape({"xgrad: '", d.name, "' has rank ", d.extents.rank, " but is bound to a number."});
    }
}
template <class T, class Array>
const void* address_of(const declaration& d, const Array& array, int buffer, kernel::conversions& memory, kernel::resolved<T>& run) {
    if constexpr (array_like<Array>) {
        if (d.extents.rank == 0) {
            run.scalar(buffer) = static_cast<double>(*array.begin());
            return nullptr;
        }
        return kernel::locate_array<T>(d, array, buffer, memory);
    } else {
        run.scalar(buffer) = static_cast<double>(array);
        return nullptr;
    }
}

template <class T, int Rank>
struct result_type {
    using type = tensor<T, static_cast<std::size_t>(Rank)>;
};
template <class T>
struct result_type<T, 0> {
    using type = T;
};
template <const auto& Plan, std::uint64_t H>
inline constexpr int buffer_for_node = buffer_of_leaf(Plan, record_of(ast::key<H>{})->attr.leaf);

template <const auto& Plan, std::size_t R>
inline constexpr const buffer& result_buffer = Plan.buffers[static_cast<std::size_t>(Plan.results[R])];
template <class T, const auto& Plan, std::size_t R>
using result_of_plan = typename result_type<T, result_buffer<Plan, R>.extents.rank>::type;

/// Checks the arrays a call gives, then hands the addresses to the kernels: a call that throws has changed nothing. `sizes`: what is known of the
/// named axes before.
template <const auto& Plan, class T, std::uint64_t... H, class... A>
void bind_arrays(kernel::resolved<T>& run, kernel::conversions& memory, kernel::axis_sizes sizes, ast::binding<H, A>... bindings) {
    if constexpr ((takes<T, H, A>() & ... & true)) {
        (note_extents(*record_of(ast::key<H>{})->attr.leaf, bindings.array, sizes), ...);
        kernel::check_constraints(Plan.constraints, sizes);
        [[maybe_unused]] std::array<const void*, sizeof...(H) + 1> addresses{address_of<T>(*record_of(ast::key<H>{})->attr.leaf, bindings.array, buffer_for_node<Plan, H>, memory, run)...};
        run.fix(sizes);
        std::size_t k = 0;
        ((addresses[k] ? run.set_address(buffer_for_node<Plan, H>, addresses[k]) : void(), ++k), ...);
    }
}
template <const auto& Plan, bool ParametersToo, class T, std::uint64_t... H, class... A>
void bind_call(kernel::resolved<T>& run, kernel::conversions& memory, ast::binding<H, A>... bindings) {
    check_names<Plan, ParametersToo, H...>();
    bind_arrays<Plan>(run, memory, {}, bindings...);
}

template <const auto& Plan, std::size_t R, class T, class Out>
void place_result(kernel::resolved<T>& run, Out& out) {
    constexpr const buffer& b = result_buffer<Plan, R>;
    if constexpr (b.extents.rank > 0) {
        static_assert(std::is_same_v<typename Out::value_type, T>, "xgrad: a result array has another number type than the program.");
        std::array<std::size_t, static_cast<std::size_t>(b.extents.rank)> wanted{};
        bool same = out.dimension() == wanted.size();
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            wanted[i] = static_cast<std::size_t>(run.sizes()[b.extents[static_cast<int>(i)]]);
            same = same && out.shape()[i] == wanted[i];
        }
        if (!same) out.resize(wanted);
        run.set_address(Plan.results[R], out.data());
    }
}
/// Runs a bound plan into arrays and numbers given as a tuple of references.
template <class T, const auto& Plan, class... Out>
void run_into(kernel::resolved<T>& run, const std::tuple<Out&...>& out) {
    [&]<std::size_t... R>(std::index_sequence<R...>) {
        (place_result<Plan, R>(run, std::get<R>(out)), ...);
        run.run(false);
        auto take_number = [&]<std::size_t K>() {
            if constexpr (result_buffer<Plan, K>.extents.rank == 0) std::get<K>(out) = static_cast<std::remove_cvref_t<decltype(std::get<K>(out))>>(run.scalar(Plan.results[K]));
        };
        (take_number.template operator()<R>(), ...);
    }(std::index_sequence_for<Out...>{});
}
/// Runs a bound plan into new arrays: one, or a tuple.
template <class T, const auto& Plan>
auto run_and_return(kernel::resolved<T>& run) {
    return [&]<std::size_t... R>(std::index_sequence<R...>) {
        std::tuple<result_of_plan<T, Plan, R>...> made;
        run_into<T, Plan>(run, std::tie(std::get<R>(made)...));
        if constexpr (sizeof...(R) == 1) {
            return std::get<0>(std::move(made));
        } else {
            return made;
        }
    }(std::make_index_sequence<std::remove_cvref_t<decltype(Plan)>::size.results>{});
}

/// (Of arguments, so that the sentence is said where there is a call.)
template <class... A>
inline constexpr bool is_called_with_memory = false;

/// A plan with memory of its own, and how it is called. `Held` are names bound once for all calls, `ParametersToo` whether the caller binds parameters.
template <class T, const auto& Plan, bool ParametersToo, std::uint64_t... Held>
class ready_plan {
public:
    using value_type = T;
    static constexpr const auto& plan = Plan;
    static constexpr std::ptrdiff_t vector_width = kernel::lanes<T>::width;
    static constexpr std::size_t result_count = std::remove_cvref_t<decltype(Plan)>::size.results;
    ready_plan() : run_(view_plan<T, Plan>()), memory_(Plan.buffers.size()) {}

    /// Runs and returns new arrays: one, or a tuple.
    template <std::uint64_t... H, class... A>
    auto operator()(ast::binding<H, A>... bindings) {
        bind(bindings...);
        return run_and_return<T, Plan>(run_);
    }
    template <class... A>
        requires nameless<A...>
    auto operator()(const A&...) {
        must_have_names<A...>();
        return run_and_return<T, Plan>(run_);
    }
    template <class... A>
    void operator()(const A&...) const {
        static_assert(is_called_with_memory<A...>, "xgrad: what is called here is const, and a call uses its working memory. Fix: declare it without const, as a member mutable; give each thread a copy.");
    }
    /// `into(a, b)(x = X)`: results go to arrays the caller keeps; they are resized when their extents differ.
    template <class... Out>
    auto into(Out&... out) {
        static_assert(sizeof...(Out) == result_count, "xgrad: into(...) takes one array for each result of compile(...).");
        return [this, out = std::tie(out...)]<class... A>(const A&... bindings) {
            must_have_names<A...>();
            if constexpr (!nameless<A...>) {
                bind(bindings...);
                run_into<T, Plan>(run_, out);
            }
        };
    }
    /// Runs `runs` > 0 times and, by a clock that gives seconds, tells what each kernel took: `xg::profile(std::cout, prepared, x = X)` prints it.
    template <std::uint64_t... H, class... A>
    kernel_times measure(int runs, double (*now)(), ast::binding<H, A>... bindings) {
        bind(bindings...);
        return [&]<std::size_t... R>(std::index_sequence<R...>) {
            std::tuple<result_of_plan<T, Plan, R>...> results;
            (place_result<Plan, R>(run_, std::get<R>(results)), ...);
            return run_.measure(false, runs, now);
        }(std::make_index_sequence<result_count>{});
    }
    template <class... A>
        requires nameless<A...>
    kernel_times measure(int, double (*)(), const A&...) {
        must_have_names<A...>();
        return {};
    }
    /// Bytes of intermediates.
    std::size_t arena_bytes() const { return run_.arena_bytes(); }

protected:
    kernel::resolved<T> run_;
    kernel::conversions memory_;
    kernel::axis_sizes held_sizes_;

private:
    template <std::uint64_t... H, class... A>
    void bind(ast::binding<H, A>... bindings) {
        check_names<Plan, ParametersToo, Held..., H...>();
        bind_arrays<Plan>(run_, memory_, held_sizes_, bindings...);
    }
};
}  // namespace detail

/// A compiled formula that owns its memory: arena, packed operands, converted inputs. After the first call with the largest
/// extents nothing is allocated. `Held` are names bound once for all calls.
template <class T, const auto& Plan, std::uint64_t... Held>
class prepared : public detail::ready_plan<T, Plan, true, Held...> {
    template <class, plan_options, class...>
    friend class program;

    template <std::uint64_t H, class Array>
    void hold(ast::binding<H, Array> held) {
        constexpr int buffer = detail::buffer_for_node<Plan, H>;
        const declaration& d = *record_of(ast::key<H>{})->attr.leaf;
        if constexpr (detail::takes<T, H, Array>()) {
            detail::note_extents(d, held.array, this->held_sizes_);
            if (const void* address = detail::address_of<T>(d, held.array, buffer, this->memory_, this->run_)) this->run_.set_address(buffer, address);
        }
    }
};

namespace detail {
/// (g++ 12 refuses a reference as a template argument where others are a pack.)
template <class T, const auto& Plan>
struct prepared_for {
    template <std::uint64_t... Held>
    using names = prepared<T, Plan, Held...>;
};
}  // namespace detail

/// A compiled formula without memory of its own; safe to share. Calling it prepares, runs and returns.
template <class T, plan_options Options, class... X>
class program {
public:
    using value_type = T;
    static constexpr const auto& plan = detail::expression_plan<Options, X...>::value;
    static constexpr std::ptrdiff_t vector_width = kernel::lanes<T>::width;
    static constexpr std::array expressions{ast::node_traits<X>::of()...};

    template <std::uint64_t... H, class... A>
    auto operator()(ast::binding<H, A>... bindings) const {
        return prepare()(bindings...);
    }
    template <class... A>
        requires detail::nameless<A...>
    auto operator()(const A&... arrays) const {
        return prepare()(arrays...);
    }
    /// `prepare(w = W)` binds w once, for all calls: it is read where it lies, which must last, or converted here.
    template <std::uint64_t... Held, class... A>
    auto prepare(ast::binding<Held, A>... held) const {
        typename detail::prepared_for<T, plan>::template names<Held...> made;
        (detail::name<detail::name_of_node<Held>()>::template must_be_in_the_formula<(detail::buffer_for_node<plan, Held> >= 0)>(), ...);
        (made.hold(held), ...);
        return made;
    }
};

namespace detail {
template <class X>
constexpr auto flattened(X x) {
    return std::tuple{x};
}
template <class... X>
constexpr auto flattened(std::tuple<X...> x) {
    return x;
}
template <class T, plan_options Options, class... X>
constexpr program<T, Options, X...> program_of(std::tuple<X...>) {
    static_assert((ast::node_traits<X>::is_node && ...), "xgrad::compile(...): a formula given to it is broken; see the first error.");
    return {};
}
}  // namespace detail

/// `compile(loss, gradient(loss, w, b))`: a program that computes these expressions together, in float or `compile<double>`.
/// `compile(..., xg::unfused)` plans one kernel an op, for comparison; `checkpoint_every<32>` spares memory of loops.
template <class T = float, class... X>
constexpr auto compile(X... x) {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "xgrad::compile<T>: T is float or double.");
    constexpr plan_options options = detail::plan_options_of<X...>;
    auto keep = [](auto e) {
        if constexpr (detail::is_plan_option<decltype(e)>) {
            return std::tuple<>{};
        } else {
            return detail::flattened(e);
        }
    };
    return detail::program_of<T, options>(std::tuple_cat(keep(x)...));
}

}  // namespace xgrad
