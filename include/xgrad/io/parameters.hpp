// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/leaf.hpp>
#include <xgrad/io/safetensors.hpp>
#include <xgrad/kernel/error.hpp>

#include <boost/hana/first.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/second.hpp>

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
}  // namespace detail

/// save("model.safetensors", trainer.parameters()) writes every parameter under its name; any Hana map from `"name"_p` to
/// row-major arrays serves. The file is replaced at once, or not at all.
///
/// Errors  io::file_error
template <class Parameters>
void save(const std::filesystem::path& path, const Parameters& parameters) {
    std::vector<io::safetensors_tensor> tensors;
    boost::hana::for_each(parameters, [&](const auto& entry) {
        const auto& array = boost::hana::second(entry);
        using T = typename std::remove_cvref_t<decltype(array)>::value_type;
        const std::string_view name = std::remove_cvref_t<decltype(boost::hana::first(entry))>::type::name;
        tensors.push_back({std::string(name), std::string(detail::safetensors_type<T>()), {array.shape().begin(), array.shape().end()}, reinterpret_cast<const char*>(array.data()), array.size() * sizeof(T)});
    });
    io::write_safetensors(path, tensors);
}

/// load("model.safetensors", trainer.parameters()) reads every parameter from the tensor of its name. The file holds these names and
/// no others, with the same extents; its numbers may be F32, F64, BF16 or F16 and are converted. Nothing changes where it throws.
///
/// Errors  io::file_error, io::format_error; binding_error naming the parameter that is missing, left over, or of other extents
template <class Parameters>
void load(const std::filesystem::path& path, const Parameters& parameters) {
    io::safetensors_file file(path);
    std::set<std::string, std::less<>> wanted;
    std::vector<std::vector<char>> numbers;
    boost::hana::for_each(parameters, [&](const auto& entry) {
        const std::string_view name = std::remove_cvref_t<decltype(boost::hana::first(entry))>::type::name;
        const auto& array = boost::hana::second(entry);
        wanted.emplace(name);
        const io::safetensors_entry* found = file.find(name);
        const auto refuse = [&](const std::string& what) { throw binding_error("xgrad::load: " + file.path() + ", parameter \"" + std::string(name) + "\": " + what); };
        if (!found) return refuse("the file does not have it. Fix: load the file of this model.");
        if (found->type != "F32" && found->type != "F64" && found->type != "BF16" && found->type != "F16") refuse("the file holds it as " + found->type + ", not as floating-point numbers.");
        if (!std::equal(found->extents.begin(), found->extents.end(), array.shape().begin(), array.shape().end(), [](auto a, auto b) { return a == static_cast<std::uint64_t>(b); }))
            refuse("extents " + detail::extents_text(found->extents) + " in the file, " + detail::extents_text(array.shape()) + " in the model.");
        numbers.push_back(file.bytes(*found));
    });
    for (const io::safetensors_entry& e : file.entries())
        if (!wanted.contains(e.name)) throw binding_error("xgrad::load: " + file.path() + " has \"" + e.name + "\", which the model has not. Fix: load the file of this model.");
    std::size_t next = 0;
    boost::hana::for_each(parameters, [&](const auto& entry) {
        auto array = boost::hana::second(entry);  // a window: its elements are the trainer's
        const std::string_view name = std::remove_cvref_t<decltype(boost::hana::first(entry))>::type::name;
        detail::convert_numbers(file.find(name)->type, numbers[next++].data(), array.data(), array.size());
    });
}

}  // namespace xgrad
