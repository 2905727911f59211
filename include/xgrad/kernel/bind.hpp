// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/resolve.hpp>

#include <algorithm>

namespace xgrad::kernel {

/// Memory for arrays that cannot be read where they lie: other types, strides, lazy expressions, labels. Only grows.
class conversions {
public:
    explicit conversions(std::size_t buffers) : memory_(buffers) {}
    std::byte* reserve(int buffer, std::size_t bytes) { return memory_[static_cast<std::size_t>(buffer)].reserve(bytes); }

private:
    growing_array<arena> memory_;
};

/// Checks extents against a declaration and notes the sizes of named axes. `got` holds as many as the declaration has, where the ranks agree.
XGRAD_NOINLINE inline void check_extents(const declaration& d, std::size_t rank, const std::ptrdiff_t* got, axis_sizes& sizes) {
    const shape& s = d.extents;
    if (rank != static_cast<std::size_t>(s.rank))
        refuse_shape({"xgrad: '", d.name, "' has rank ", s.rank, " but its array has rank ", rank, ". Fix: reshape the array, or declare the name with its axes."});
    for (int i = 0; i < s.rank; ++i) {
        if (got[i] == 0) refuse_shape({"xgrad: '", d.name, "', axis ", i, ": the array has 0 elements, wanted at least 1. Fix: skip empty batches."});
        const bool is_named = s[i].is_dynamic();
        const std::ptrdiff_t wanted = sizes[s[i]];
        if (is_named && wanted < 0) {
            sizes.add(s[i].name, got[i]);
        } else if (got[i] != wanted) {
            refuse_shape({"xgrad: '", d.name, "', axis ", i, ": the array has ", got[i], ", wanted ", wanted, is_named ? " (axis '" : "", is_named ? s[i].name->text : "",
                          is_named ? "' of an array bound before)" : "", ". Fix: check the array's shape against the declaration."});
        }
    }
}
/// As many extents of an array as a declaration may have.
template <class A>
small_array<std::ptrdiff_t, max_rank> extents_of(const A& array) {
    small_array<std::ptrdiff_t, max_rank> made{};
    for (std::size_t i = 0; i < array.dimension() && i < static_cast<std::size_t>(max_rank); ++i) made[i] = static_cast<std::ptrdiff_t>(array.shape()[i]);
    return made;
}
template <class A>
void check_extents(const declaration& d, const A& array, axis_sizes& sizes) {
    check_extents(d, array.dimension(), extents_of(array).data(), sizes);
}

/// Mixed static and named extents that the compiler let pass: checked here, once they are known.
XGRAD_NOINLINE inline void check_constraints(span<const extent_constraint> constraints, const axis_sizes& sizes) {
    for (const extent_constraint& c : constraints) {
        const std::ptrdiff_t a = sizes[c.a], b = sizes[c.b];
        if (a == b || a < 0 || b < 0) continue;
        const axis_name* named = c.a.is_dynamic() ? c.a.name : c.b.name;
        const std::ptrdiff_t got = c.a.is_dynamic() ? a : b, wanted = c.a.is_dynamic() ? b : a;
        const bool both = c.a.is_dynamic() && c.b.is_dynamic();
        refuse_shape({"xgrad: axis '", named->text, "' has ", got, " but the formula needs ", wanted, both ? " (axis '" : "", both ? c.b.name->text : "", both ? "')" : "",
                      " there. Fix: check the arrays bound to it."});
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

/// The label that is no class, `element` in the order of an array with extents `got`: where it stands, and the likeliest cause.
[[noreturn]] XGRAD_RARELY inline void refuse_label(const declaration& d, small_array<std::ptrdiff_t, max_rank> got, std::ptrdiff_t element, std::int64_t label) {
    std::string place;
    for (int i = d.extents.rank; i-- > 0; element /= got[static_cast<std::size_t>(i)])
        place = std::to_string(element % got[static_cast<std::size_t>(i)]) + (place.empty() ? "" : ", ") + place;
    if (d.extents.rank > 1) place = "[" + place + "]";
    const std::string start = sentence({"xgrad: '", d.name, "', row ", std::string_view(place), ": label ", label, " is not among the classes 0 to ", d.classes - 1, ". Fix: "});
    if (label == d.classes) refuse_binding({std::string_view(start), "labels start at 0: subtract 1, or declare one class more."});
    if (d.has_ignored) refuse_binding({std::string_view(start), "correct the label; to be ignored it must be ", d.ignored, "."});
    refuse_binding({std::string_view(start), "correct the label, or declare it with xg::ignore_index<", label, ">."});
}

/// Labels as numbers of T, exact below 2^24; an ignored label becomes -1. Throws before anything is computed.
template <class T, class A>
const T* convert_labels(const declaration& d, const A& array, T* to) {
    if constexpr (array_in_memory<A>) {
        if (is_contiguous(array) && convert_classes(d, array.data() + array.data_offset(), static_cast<std::ptrdiff_t>(array.size()), to)) return to;
    }
    std::ptrdiff_t element = 0;
    for (auto it = array.begin(); it != array.end(); ++it, ++element) {
        const auto label = static_cast<std::int64_t>(*it);
        if (d.has_ignored && label == d.ignored) {
            to[element] = T{-1};
        } else if (label < 0 || label >= d.classes) {
            refuse_label(d, extents_of(array), element, label);
        } else {
            to[element] = static_cast<T>(label);
        }
    }
    return to;
}

/// Where the data of an array bound to a name lies: in place when it is row-major and of type T, else converted.
/// Rule: integers and bool convert; float converts to double; callers refuse double to float, which would lose digits silently, and labels that are
/// no integers.
template <class T, class A>
const T* locate_array(const declaration& d, const A& array, int buffer, conversions& memory) {
    using From = std::remove_cv_t<typename A::value_type>;
    const std::size_t count = static_cast<std::size_t>(array.size());
    auto reserve = [&] { return reinterpret_cast<T*>(memory.reserve(buffer, count * sizeof(T))); };
    if (d.kind == leaf_kind::labels) {
        if constexpr (std::is_integral_v<From>) return convert_labels(d, array, reserve());
    }
    if constexpr (array_in_memory<A> && std::is_same_v<From, T>) {
        if (is_contiguous(array)) return array.data() + array.data_offset();
    }
    T* to = reserve();
    std::transform(array.begin(), array.end(), to, [](From x) { return static_cast<T>(x); });
    return to;
}

}  // namespace xgrad::kernel
