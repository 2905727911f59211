// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/graph.hpp>

namespace xgrad {

/// What one instruction of a kernel does. Registers are numbered by the instruction that fills them.
enum class opcode : std::uint8_t {
    load,      ///< the operand's element at this row and column
    scalar,    ///< a number without axes, kept in double
    tile,      ///< the element of the contraction tile
    constant,  ///< a number
    apply,     ///< an elementwise op
    index,     ///< one_hot: is this column the label in register a?
    gather,    ///< pick: the operand's element at this row and the column in register a
    reduce     ///< an op's combination of register a over the columns
};

/// How an operand varies along the columns.
enum class stepping : std::uint8_t { fixed, contiguous, strided };

struct instruction {
    opcode what = opcode::load;
    stepping step = stepping::fixed;
    std::uint8_t a = 0, b = 0, c = 0;
    std::uint8_t access = 0;
    std::uint8_t phase = 0;   ///< the pass over the columns it first runs in
    bool per_row = false;     ///< once a row, not once an element
    bool mask = false;        ///< yields true or false
    bool saved = false;       ///< kept in the row buffer for later passes
    std::uint64_t op = 0;     ///< digest of the op
    double number = 0;

    friend constexpr bool operator==(const instruction&, const instruction&) = default;
};

/// Where a result goes.
enum class storing : std::uint8_t {
    element,       ///< one value an element
    row,           ///< one value a row
    add_element,   ///< combined into memory, element by element: a sum over rows
    add_row,       ///< combined into memory, one value a row
    total,         ///< combined over all rows in double
    scalar         ///< the one value there is, in double
};

struct store {
    storing how = storing::element;
    stepping step = stepping::fixed;
    std::uint8_t from = 0;
    std::uint8_t access = 0;
    std::uint64_t op = 0;  ///< the reduction op of a combining store
    friend constexpr bool operator==(const store&, const store&) = default;
};

/// The work of one kernel, without its data: what a kernel template is keyed by. Equal bodies are one kernel.
template <std::size_t Instructions, std::size_t Stores>
struct body {
    std::array<instruction, Instructions> code{};
    std::array<store, Stores> stores{};
    int phases = 1;
    int saves = 0;
    bool scalar = false;  ///< no axes at all: computed once, in double

    friend constexpr bool operator==(const body&, const body&) = default;
};

/// An operand or result of one kernel: a buffer, and for every axis of the kernel's space the axis of the buffer, or -1.
struct access {
    std::int16_t buffer = -1;
    std::array<std::int8_t, max_rank> axes{-1, -1, -1, -1, -1, -1};
};

enum class buffer_kind : std::uint8_t { leaf, state, temporary, extent, result };

/// A tensor in memory: bound data, a state of the optimiser, or an intermediate that lives in a slot of the arena.
struct buffer {
    buffer_kind kind = buffer_kind::temporary;
    const declaration* leaf = nullptr;  ///< of a leaf; of the parameter for a state
    const axis_name* axis = nullptr;
    std::int16_t state = -1;  ///< which state, or which result
    std::int16_t slot = -1;   ///< temporaries
    shape extents{};
    int node = -1;            ///< the node of the expanded graph, for show/
};

enum class step_kind : std::uint8_t { rows, contraction, guard };

/// One kernel call of the plan.
struct step {
    step_kind kind = step_kind::rows;
    int body = -1;
    int first_access = 0, access_count = 0;
    shape space{};                     ///< the axes the kernel runs over, rows first
    int column_axes = 1;               ///< how many of them, from the last, are the columns
    std::uint8_t joined = 0;           ///< bit p: axes p and p + 1 are walked as one
    std::int16_t left = -1, right = -1;  ///< contraction: the buffers of its operands
    bool left_transposed = false, right_transposed = false;  ///< read with the last two axes exchanged
    bool rows_are_summed = false;      ///< left^T right over all leading axes (the gradient of a weight)
    bool writes_parameters = false;
};

}  // namespace xgrad
