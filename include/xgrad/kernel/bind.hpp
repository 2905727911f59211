// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/resolve.hpp>

#include <algorithm>
#include <vector>

namespace xgrad::kernel {

/// Memory for arrays that cannot be read where they lie: other types, strides, lazy expressions, labels. Only grows.
class conversions {
public:
    explicit conversions(std::size_t buffers) : memory_(buffers) {}
    std::byte* reserve(int buffer, std::size_t bytes) { return memory_[static_cast<std::size_t>(buffer)].reserve(bytes); }

private:
    std::vector<arena> memory_;
};

inline std::string quoted(std::string_view name) { return "'" + std::string(name) + "'"; }

[[noreturn]] inline void throw_extent(std::string_view name, int axis, std::ptrdiff_t got, std::ptrdiff_t wanted, const axis_name* named) {
    std::string text = "xgrad: " + quoted(name) + ", axis " + std::to_string(axis) + ": the array has " + std::to_string(got) + ", wanted " + std::to_string(wanted);
    if (named) text += " (axis " + quoted(named->text) + " of an array bound before)";
    throw shape_error(text + ". Fix: check the array's shape against the declaration.");
}

/// Checks an array's extents against a declaration and notes the sizes of named axes.
template <class A>
void check_extents(const declaration& d, const A& array, axis_sizes& sizes) {
    const shape& s = d.extents;
    if (array.dimension() != static_cast<std::size_t>(s.rank))
        throw shape_error("xgrad: " + quoted(d.name) + " has rank " + std::to_string(s.rank) + " but its array has rank " + std::to_string(array.dimension()) +
                          ". Fix: reshape the array, or declare the name with its axes.");
    for (int i = 0; i < s.rank; ++i) {
        const auto got = static_cast<std::ptrdiff_t>(array.shape()[static_cast<std::size_t>(i)]);
        if (got == 0) throw shape_error("xgrad: " + quoted(d.name) + ", axis " + std::to_string(i) + ": the array has 0 elements, wanted at least 1. Fix: skip empty batches.");
        if (!s[i].is_dynamic()) {
            if (got != s[i].size) throw_extent(d.name, i, got, static_cast<std::ptrdiff_t>(s[i].size), nullptr);
        } else if (const std::ptrdiff_t known = sizes.find(s[i].name); known < 0) {
            sizes.add(s[i].name, got);
        } else if (known != got) {
            throw_extent(d.name, i, got, known, s[i].name);
        }
    }
}

/// Mixed static and named extents that the compiler let pass: checked here, once they are known.
inline void check_constraints(std::span<const extent_constraint> constraints, const axis_sizes& sizes) {
    for (const extent_constraint& c : constraints) {
        const std::ptrdiff_t a = sizes[c.a], b = sizes[c.b];
        if (a == b || a < 0 || b < 0) continue;
        const axis_name* named = c.a.is_dynamic() ? c.a.name : c.b.name;
        const std::ptrdiff_t got = c.a.is_dynamic() ? a : b, wanted = c.a.is_dynamic() ? b : a;
        throw shape_error("xgrad: axis " + quoted(named->text) + " has " + std::to_string(got) + " but the formula needs " + std::to_string(wanted) +
                          (c.a.is_dynamic() && c.b.is_dynamic() ? " (axis " + quoted(c.b.name->text) + ")" : std::string{}) + " there. Fix: check the arrays bound to it.");
    }
}

/// Labels side by side as numbers of T, several at a time; false if one of them is not a class.
template <class T, class From>
bool convert_classes(const declaration& d, const From* from, std::ptrdiff_t count, T* to) {
    using whole = std::conditional_t<sizeof(T) == sizeof(float), std::int32_t, std::int64_t>;  // vectors turn it into T
    constexpr std::ptrdiff_t group = 16;  // known to the compiler, or it makes no vectors of them
    const auto classes = static_cast<std::uint64_t>(d.classes);
    const std::int64_t ignored = d.has_ignored ? d.ignored : 0, instead = d.has_ignored ? -1 : 0;
    std::uint64_t outside = 0;
    auto convert = [&](std::ptrdiff_t i) XGRAD_LAMBDA_INLINE {
        const auto given = static_cast<std::int64_t>(from[i]), label = given == ignored ? instead : given;
        outside |= static_cast<std::uint64_t>(given != ignored) & static_cast<std::uint64_t>(static_cast<std::uint64_t>(given) >= classes);
        to[i] = static_cast<T>(static_cast<whole>(label));
    };
    std::ptrdiff_t i = 0;
    for (; i + group <= count; i += group)
        for (std::ptrdiff_t k = 0; k < group; ++k) convert(i + k);
    for (; i < count; ++i) convert(i);
    return outside == 0;
}

/// Labels as numbers of T, exact below 2^24; an ignored label becomes -1. Throws before anything is computed.
template <class T, class A>
const T* convert_labels(const declaration& d, const A& array, T* to) {
    if constexpr (array_in_memory<A>) {
        if (is_contiguous(array) && convert_classes(d, array.data() + array.data_offset(), static_cast<std::ptrdiff_t>(array.size()), to)) return to;
    }
    std::ptrdiff_t row = 0;
    for (auto it = array.begin(); it != array.end(); ++it, ++row) {
        const auto label = static_cast<std::int64_t>(*it);
        if (d.has_ignored && label == d.ignored) {
            to[row] = T{-1};
        } else if (label < 0 || label >= d.classes) {
            throw binding_error("xgrad: " + quoted(d.name) + ", row " + std::to_string(row) + ": label " + std::to_string(label) + " is not among the classes 0 to " +
                                std::to_string(d.classes - 1) + ". Fix: correct the label, or declare it with xg::ignore_index<" + std::to_string(label) + ">.");
        } else {
            to[row] = static_cast<T>(label);
        }
    }
    return to;
}

/// Where the data of an array bound to a name lies: in place when it is row-major and of type T, else converted.
/// Rule: integers and bool convert; float converts to double; double to float is refused, as it would lose digits silently.
template <class T, class A>
const T* locate_array(const declaration& d, const A& array, int buffer, conversions& memory) {
    using From = std::remove_cv_t<typename A::value_type>;
    const std::size_t count = static_cast<std::size_t>(array.size());
    auto reserve = [&] { return reinterpret_cast<T*>(memory.reserve(buffer, count * sizeof(T))); };
    if (d.kind == leaf_kind::labels) {
        if constexpr (std::is_integral_v<From>) {
            return convert_labels(d, array, reserve());
        } else {
            throw binding_error("xgrad: " + quoted(d.name) + " are labels and need an array of integers. Fix: bind an int32 or int64 array.");
        }
    }
    static_assert(std::is_arithmetic_v<From>, "xgrad: arrays hold numbers: float, double, integers or bool.");
    static_assert(!(std::is_same_v<From, double> && std::is_same_v<T, float>),
                  "xgrad: a double array is bound to a float program, which would lose digits. Fix: xt::cast<float>(X), or compile<double>(...).");
    if constexpr (array_in_memory<A> && std::is_same_v<From, T>) {
        if (is_contiguous(array)) return array.data() + array.data_offset();
    }
    T* to = reserve();
    std::transform(array.begin(), array.end(), to, [](From x) { return static_cast<T>(x); });
    return to;
}

}  // namespace xgrad::kernel
