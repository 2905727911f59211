// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/program.hpp>
#include <xgrad/train/parameters.hpp>
#include <xgrad/train/window.hpp>

#include <boost/hana/at_key.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/type.hpp>

#include <memory>

namespace xgrad {

namespace literals {
template <fixed_string Name>
constexpr auto operator""_p() {
    return boost::hana::type_c<parameter_key<Name>>;
}
}  // namespace literals

/// The text of such a name: `name_of(boost::hana::first(entry))` of an entry of `parameters()`.
template <fixed_string Name>
constexpr std::string_view name_of(boost::hana::basic_type<parameter_key<Name>>) {
    return parameter_key<Name>::name;
}

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

/// The window on what lies at `data`, in a pair with its name: extents and number type are those of the plan's buffer B.
template <class T, const auto& Plan, std::size_t B, fixed_string Name>
auto named_window(void* data) {
    constexpr const shape& s = Plan.buffers[B].leaf->extents;
    using number = std::conditional_t<s.rank == 0, double, T>;
    std::array<std::size_t, static_cast<std::size_t>(s.rank)> extents{};
    for (int a = 0; a < s.rank; ++a) extents[static_cast<std::size_t>(a)] = static_cast<std::size_t>(s[a].size);
    return boost::hana::make_pair(boost::hana::type_c<parameter_key<Name>>, window(adapt(static_cast<number*>(data), extents), *Plan.buffers[B].leaf));
}
/// A Hana map of `entry(place)` for each place in 0 .. Count - 1.
template <std::size_t Count>
auto map_of_windows(auto entry) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return boost::hana::make_map(entry(std::integral_constant<std::size_t, I>{})...);
    }(std::make_index_sequence<Count>{});
}
/// The I-th parameter of a plan, in a store that has them in the plan's order.
template <const auto& Plan, std::size_t I, class T>
auto parameter_window(parameter_store<T>& store) {
    constexpr std::size_t b = static_cast<std::size_t>(parameter_buffers<Plan>[I]);
    return named_window<T, Plan, b, name_text<Plan, b>()>(store.memory(I));
}
template <const auto& Plan, class T>
auto all_parameters(parameter_store<T>& store) {
    return map_of_windows<parameter_buffers<Plan>.size()>([&](auto i) { return parameter_window<Plan, decltype(i)::value>(store); });
}
template <const auto& Plan, fixed_string Name, class T>
auto parameter_named(parameter_store<T>& store) {
    constexpr std::size_t count = parameter_buffers<Plan>.size();
    constexpr std::size_t place = [] {
        std::size_t i = 0;
        while (i < count && Plan.buffers[static_cast<std::size_t>(parameter_buffers<Plan>[i])].leaf->name != std::string_view(Name)) ++i;
        return i;
    }();
    static_assert(place < count, "xgrad: parameter(\"name\"_p): the model has no parameter of this name. Fix: check its spelling; layers put their names before it, as in \"hidden.weight\".");
    if constexpr (place < count) return boost::hana::second(parameter_window<Plan, place>(store));
}
/// `parameter("name")`, which no type tells apart from another name.
template <class Text>
void refuse_plain_name() {
    static_assert(!std::is_convertible_v<Text, std::string_view>, "xgrad: parameter(\"name\"): the name is part of a type. Fix: write parameter(\"name\"_p), with using namespace xgrad::literals.");
}
/// The declarations of a plan's parameters, in its order: what a store is made of.
template <const auto& Plan>
growing_array<const declaration*> parameter_declarations() {
    growing_array<const declaration*> made;
    for (const int b : parameter_buffers<Plan>) made.push_back(Plan.buffers[static_cast<std::size_t>(b)].leaf);
    return made;
}
}  // namespace detail

}  // namespace xgrad
