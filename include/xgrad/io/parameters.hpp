// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/leaf.hpp>
#include <xgrad/io/safetensors.hpp>
#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/error.hpp>

#include <boost/hana/core/is_a.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/unpack.hpp>

#include <cmath>
#include <cstring>
#include <limits>

namespace xgrad {

namespace detail {
template <class T>
constexpr std::string_view safetensors_type() {
    if constexpr (std::is_same_v<T, float>) {
        return "F32";
    } else {
        static_assert(std::is_same_v<T, double>, "xgrad::save, xgrad::load: parameters are float or double.");
        return "F64";
    }
}
inline std::string extents_text(const auto& extents) {
    std::string made = "[";
    for (const auto n : extents) made += (made.size() > 1 ? ", " : "") + std::to_string(n);
    return made + "]";
}
/// Numbers of a file's type as T: float, double, bfloat16 and half are read.
template <class T>
void convert_numbers(std::string_view type, const char* from, T* to, std::size_t count) {
    const auto each = [&]<class From>(From, auto&& make) {
        for (std::size_t i = 0; i < count; ++i) {
            From raw;
            std::memcpy(&raw, from + i * sizeof(From), sizeof(From));
            to[i] = static_cast<T>(make(raw));
        }
    };
    if (type == "F32") {
        each(float{}, [](float x) { return x; });
    } else if (type == "F64") {
        each(double{}, [](double x) { return x; });
    } else if (type == "BF16") {
        each(std::uint16_t{}, [](std::uint16_t x) { return std::bit_cast<float>(static_cast<std::uint32_t>(x) << 16); });
    } else {
        each(std::uint16_t{}, [](std::uint16_t x) {
            const int exponent = x >> 10 & 31, fraction = x & 1023;
            const float size = exponent == 31  ? fraction ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity()
                               : exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                                               : std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
            return x >> 15 ? -size : size;
        });
    }
}
/// What save and load take.
template <class X>
inline constexpr bool is_map_of_arrays = boost::hana::is_a<boost::hana::map_tag, X>;
/// An array with memory of its own, of which a copy is another array; a copy of a window is the same one.
template <class A>
concept owns_memory = requires(const typename A::shape_type& shape) { A::from_shape(shape); };
template <class Map>
inline constexpr bool has_own_arrays =
    decltype(boost::hana::unpack(std::declval<const Map&>(), [](const auto&... entry) {
        return std::bool_constant<(owns_memory<std::remove_cvref_t<decltype(boost::hana::second(entry))>> || ...)>{};
    }))::value;
/// The bytes of an array row by row: where it lies, or, of another layout, in `copies`.
template <class T, class Array>
const char* bytes_row_by_row(const Array& array, std::vector<std::vector<char>>& copies) {
    if constexpr (array_in_memory<Array>) {
        if (kernel::is_contiguous(array)) return reinterpret_cast<const char*>(array.data() + array.data_offset());
    }
    char* to = copies.emplace_back(array.size() * sizeof(T)).data();
    for (auto it = array.begin(); it != array.end(); ++it, to += sizeof(T)) {
        const T x = *it;
        std::memcpy(to, &x, sizeof(T));
    }
    return copies.back().data();
}
/// Fills an array row by row with numbers of a file's type.
template <class Array>
void fill_row_by_row(Array& array, std::string_view type, const char* from) {
    if constexpr (array_in_memory<Array>) {
        if (kernel::is_contiguous(array)) return convert_numbers(type, from, array.data() + array.data_offset(), array.size());
    }
    std::vector<std::remove_cv_t<typename Array::value_type>> numbers(array.size());
    convert_numbers(type, from, numbers.data(), numbers.size());
    std::copy(numbers.begin(), numbers.end(), array.begin());
}
}  // namespace detail

/// save("model.safetensors", trainer.parameters()) writes every parameter under its name; any Hana map from `"name"_p` to
/// arrays serves, of any layout: the file has them row by row. The file is replaced at once, or not at all.
///
/// Errors  io::file_error
template <class Parameters>
    requires detail::is_map_of_arrays<Parameters>
void save(const std::filesystem::path& path, const Parameters& parameters) {
    std::vector<io::safetensors_tensor> tensors;
    std::vector<std::vector<char>> copies;
    boost::hana::for_each(parameters, [&](const auto& entry) {
        const auto& array = boost::hana::second(entry);
        using T = std::remove_cv_t<typename std::remove_cvref_t<decltype(array)>::value_type>;
        const std::string_view name = std::remove_cvref_t<decltype(boost::hana::first(entry))>::type::name;
        tensors.push_back({std::string(name), std::string(detail::safetensors_type<T>()), {array.shape().begin(), array.shape().end()}, detail::bytes_row_by_row<T>(array, copies), array.size() * sizeof(T)});
    });
    io::write_safetensors(path, tensors);
}

/// Passed to `load`: the file may hold more parameters than are asked for.
struct part_of_file_t {};
inline constexpr part_of_file_t part_of_file{};
/// Passed to `load`: the file may hold fewer, and what it does not hold stays as it is.
struct part_of_model_t {};
inline constexpr part_of_model_t part_of_model{};

namespace detail {
template <class Parameters>
void load_named(const std::filesystem::path& path, Parameters& parameters, bool holds_others, bool lacks_some) {
    io::safetensors_file file(path);
    std::set<std::string, std::less<>> wanted;
    std::vector<std::vector<char>> numbers;
    boost::hana::for_each(parameters, [&](const auto& entry) {
        const std::string_view name = std::remove_cvref_t<decltype(boost::hana::first(entry))>::type::name;
        const auto& array = boost::hana::second(entry);
        wanted.emplace(name);
        const io::safetensors_entry* found = file.find(name);
        const auto refuse = [&](const std::string& what) { throw binding_error("xgrad::load: " + file.path() + ", parameter \"" + std::string(name) + "\": " + what); };
        if (!found && lacks_some) return;
        if (!found) return refuse("the file does not have it. Fix: load the file of this model; pass xg::part_of_model where what the file has not is to stay as it is.");
        if (found->type != "F32" && found->type != "F64" && found->type != "BF16" && found->type != "F16") refuse("the file holds it as " + found->type + ", not as floating-point numbers.");
        if (!std::equal(found->extents.begin(), found->extents.end(), array.shape().begin(), array.shape().end(), [](auto a, auto b) { return a == static_cast<std::uint64_t>(b); }))
            refuse("extents " + extents_text(found->extents) + " in the file, " + extents_text(array.shape()) + " in the model. Fix: load the file of this model.");
        numbers.push_back(file.bytes(*found));
    });
    for (const io::safetensors_entry& e : file.entries())
        if (!holds_others && !wanted.contains(e.name))
            throw binding_error("xgrad::load: " + file.path() + " has \"" + e.name + "\", which the model has not. Fix: load the file of this model; pass xg::part_of_file where these are wanted out of more.");
    if (numbers.empty() && lacks_some) throw binding_error("xgrad::load: " + file.path() + " has no parameter of this model. Fix: layers put their names before those of their parameters, which must be the same in both.");
    std::size_t next = 0;
    boost::hana::for_each(parameters, [&](auto& entry) {
        const std::string_view name = std::remove_cvref_t<decltype(boost::hana::first(entry))>::type::name;
        if (!file.find(name)) return;
        const std::string_view type = file.find(name)->type;
        auto& array = boost::hana::second(entry);
        if constexpr (std::is_const_v<std::remove_reference_t<decltype(array)>>) {
            auto window = array;  // its elements are those of the array it is made of
            fill_row_by_row(window, type, numbers[next++].data());
        } else {
            fill_row_by_row(array, type, numbers[next++].data());
        }
    });
}
}  // namespace detail

/// load("model.safetensors", trainer.parameters()) reads every parameter from the tensor of its name. The file holds these names and
/// no others, unless xg::part_of_file or xg::part_of_model follows, or both, with the same extents; its numbers may be F32, F64, BF16 or F16 and are converted. Nothing changes where
/// it throws. A map that holds arrays of its own, not windows on them, is filled itself and must have a name.
///
/// Errors  io::file_error, io::format_error; binding_error naming the parameter that is missing, left over, or of other extents
template <class Parameters, class... Part>
    requires detail::is_map_of_arrays<std::remove_cvref_t<Parameters>> && ((std::same_as<Part, part_of_file_t> || std::same_as<Part, part_of_model_t>) && ...)
void load(const std::filesystem::path& path, Parameters&& parameters, Part...) {
    constexpr bool is_seen = std::is_lvalue_reference_v<Parameters> && !std::is_const_v<std::remove_reference_t<Parameters>>;
    static_assert(is_seen || !detail::has_own_arrays<std::remove_cvref_t<Parameters>>,
                  "xgrad::load(path, parameters): the map holds arrays of its own and is a temporary or constant, so that what is loaded would be lost. Fix: name the map, load into it, and take the arrays from it.");
    detail::load_named(path, parameters, (std::same_as<Part, part_of_file_t> || ...), (std::same_as<Part, part_of_model_t> || ...));
}

/// What else is given, likeliest a trainer, is refused with a sentence.
template <class X>
    requires(!detail::is_map_of_arrays<X>)
void save(const std::filesystem::path&, const X&) {
    static_assert(detail::is_map_of_arrays<X>, "xgrad::save(path, parameters): the second argument is a map from names to arrays. Fix: of a trainer or predictor, pass its parameters().");
}
template <class X>
    requires(!detail::is_map_of_arrays<X>)
void load(const std::filesystem::path&, const X&) {
    static_assert(detail::is_map_of_arrays<X>, "xgrad::load(path, parameters): the second argument is a map from names to arrays. Fix: of a trainer or predictor, pass its parameters().");
}

}  // namespace xgrad
