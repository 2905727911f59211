// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/extent.hpp>

#include <bit>

namespace xgrad {

struct graph;

/// What values an expression can take; a loss on logits refuses a probability.
enum class domain : std::uint8_t { real, probability, boolean };

/// How the planner treats an op; the kernel classes follow from these.
enum class op_kind : std::uint8_t {
    leaf,         ///< bound or owned data, constants, extents
    elementwise,  ///< one result element from the operands' elements at the same place
    reduction,    ///< over the axes in attributes::axes, which disappear
    contraction,  ///< a matrix product
    movement,     ///< the same elements at other places: transpose, broadcast, squeeze
    gather,       ///< pick: one element a row, chosen by a label
    generate,     ///< one_hot: elements made from an index and a label
    whole,        ///< a loop of the op's own over arrays as they lie in memory: concat, cumsum, sparsemax
    composite,    ///< has an expansion into other ops, made after rewriting
    recurrence,   ///< closes a loop over steps, gone after lowering
    mode,         ///< chooses between the forms of training and inference, gone after lowering
    barrier,      ///< the identity to a value, special to differentiation
    derivative    ///< gradient and jvp, gone after differentiation
};

/// A statistic is data of the model that its steps observe and do not train: a running mean.
enum class leaf_kind : std::uint8_t { input, labels, parameter, statistic, scalar, hole };
/// What a model brings along from call to call, and a trainer keeps.
constexpr bool is_of_model(leaf_kind kind) { return kind == leaf_kind::parameter || kind == leaf_kind::statistic; }
enum class initialiser_kind : std::uint8_t { zeros, ones, constant, glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_normal, standard_normal };

/// What is declared about named data. Its address is its identity; two different ones of one name are an error.
struct declaration {
    std::string_view name;
    leaf_kind kind = leaf_kind::input;
    shape extents{};
    domain range = domain::real;
    std::int64_t classes = 0;
    bool has_ignored = false;
    std::int64_t ignored = 0;
    initialiser_kind initialiser = initialiser_kind::zeros;
    double initial_value = 0;
    std::int64_t zero_row = -1;  ///< a step along the first axis that starts as zeros, whatever the others start as
};

/// Two declarations of one name, or none.
struct declaration_pair {
    const declaration *one = nullptr, *other = nullptr;
    constexpr explicit operator bool() const { return one != nullptr; }
};

/// The parts of an op that are not operands: reduced axes, a constant, where axes come from, a leaf's declaration.
struct attributes {
    std::uint32_t axes = 0;  ///< one bit an axis; bit 31: as the matched side of a rule has it
    double number = 0;
    axis_map source{};  ///< movement: result axis i is operand axis source[i], or new when -1
    const shape* target = nullptr;               ///< broadcast: the wanted extents
    const declaration* leaf = nullptr;
    const axis_name* axis = nullptr;

    /// Whether nothing is said but, perhaps, where axes come from.
    constexpr bool plain() const { return axes == 0 && number == 0 && !leaf && !axis && !target; }
    friend constexpr bool operator==(const attributes&, const attributes&) = default;
};

inline constexpr std::uint32_t any_axes = 1u << 31;

/// All that the library knows of an op, one object an op, made from its struct by `info<Op>`.
struct op_info {
    std::string_view name;
    std::string_view symbol;  ///< infix spelling, empty for a function
    std::uint64_t digest = 0;
    op_kind kind = op_kind::elementwise;
    int arity = 0;
    bool commutative = false;
    bool heavy = false;    ///< costs more than a load: stored rather than computed again
    bool exact = false;    ///< never rounds, so computing it twice gives equal bits
    bool foldable = false;  ///< may be computed by the compiler when all operands are constants
    bool broadcasts = false;  ///< operands may have fewer axes than the result, or extents of 1: elementwise, and composites of that shape
    domain range = domain::real;
    shape_result (*shape_rule)(const attributes&, const shape* operands, int count) = nullptr;
    void (*pullback)(graph&, int node, int cotangent, int* results) = nullptr;
    int (*tangent)(graph&, int node, const int* tangents) = nullptr;
    int (*expand)(graph&, int node) = nullptr;
    double (*fold)(const double*) = nullptr;
    unsigned (*cut_operands)(const attributes&, const shape& result) = nullptr;  ///< whole ops; see ops/whole.hpp
    int scratch = 0;                                                            ///< whole ops: numbers for each element of a line
    bool overwrites_first = false;                                              ///< whole ops: may write over its first operand
};

/// One node of an expression the user wrote. A node's type holds its digest only and finds this by a friend function.
struct record {
    std::uint64_t digest = 0;
    const op_info* op = nullptr;
    attributes attr{};
    int arity = 0;
    small_array<const record*, max_arity> operands{};
    shape extents{};
    domain range = domain::real;
    int broken = 0;
    std::int64_t broken_a = 0, broken_b = 0;
};

constexpr std::uint64_t digest_of(const shape& s) {
    std::uint64_t h = mix(0x5a5a, static_cast<std::uint64_t>(s.rank));
    for (int i = 0; i < s.rank; ++i)
        h = mix(h, s[i].is_dynamic() ? digest_of(s[i].name->text) : static_cast<std::uint64_t>(s[i].size));
    return h;
}

constexpr std::uint64_t digest_of(const declaration& d) {
    std::uint64_t h = mix(digest_of(d.name), static_cast<std::uint64_t>(d.kind));
    h = mix(h, digest_of(d.extents));
    h = mix(h, static_cast<std::uint64_t>(d.classes) * 8 + static_cast<std::uint64_t>(d.range) * 2 + d.has_ignored);
    h = mix(h, static_cast<std::uint64_t>(d.ignored));
    h = mix(mix(h, static_cast<std::uint64_t>(d.initialiser)), std::bit_cast<std::uint64_t>(d.initial_value));
    return d.zero_row < 0 ? h : mix(h, static_cast<std::uint64_t>(d.zero_row));
}

constexpr std::uint64_t digest_of(const attributes& a) {
    std::uint64_t h = mix(0x77, a.axes);
    if (a.number != 0) h = mix(h, std::bit_cast<std::uint64_t>(a.number));
    std::uint64_t packed = 0;
    for (std::int8_t s : a.source) packed = packed * 16 + static_cast<std::uint64_t>(s);
    if (packed) h = mix(h, packed);
    if (a.target) h = mix(h, digest_of(*a.target));
    if (a.leaf) h = mix(h, digest_of(*a.leaf));
    if (a.axis) h = mix(h, digest_of(a.axis->text));
    return h;
}

}  // namespace xgrad
