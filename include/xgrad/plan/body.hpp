// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/graph.hpp>
#include <xgrad/ops/select.hpp>

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
    reduce,    ///< an op's combination of register a over the columns
    whole      ///< all the work of an op with a loop of its own; a, b, c hold its axes
};

/// How an operand varies along the columns.
enum class stepping : std::uint8_t { fixed, contiguous, strided };

struct instruction {
    opcode what;
    stepping step;
    std::uint8_t a, b, c;
    std::uint8_t access;  ///< of an operand in memory; of a saved value its place in the row buffer
    std::uint8_t phase;   ///< the pass over the columns it first runs in
    bool per_row;     ///< once a row, not once an element
    bool mask;        ///< yields true or false
    bool saved;       ///< kept in the row buffer for later passes
    std::uint64_t op;     ///< digest of the op
    double number;

    constexpr bool reads_memory() const { return what == opcode::load || what == opcode::scalar || what == opcode::gather; }
    /// Whether it matters to it which column it is in, or what stands in the others.
    constexpr bool looks_along_row() const { return what == opcode::index || what == opcode::gather || what == opcode::reduce; }
    /// The first pass over the columns in which its register can be read.
    constexpr int ready() const { return phase + (what == opcode::reduce ? 1 : 0); }
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
    storing how;
    stepping step;
    std::uint8_t from;
    std::uint8_t access;
    bool lends;        ///< until it is written, its row is the first place of the row buffer
    std::uint64_t op;  ///< the reduction op of a combining store

    /// Whether it is done in each column of a pass, not once a row or once a call.
    constexpr bool is_in_columns() const { return how == storing::element || how == storing::add_element; }
    /// Whether it adds to what other rows have left.
    constexpr bool combines() const { return how == storing::add_element || how == storing::add_row || how == storing::total; }
    /// Whether it is complete only when the whole call is.
    constexpr bool is_late() const { return combines() || how == storing::scalar; }
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
    bool across = false;  ///< rows so short that the lanes are rows, not columns

    friend constexpr bool operator==(const body&, const body&) = default;
};

/// Rows of at most so many columns that take several passes are worked on two at a time, where both fit so many bytes.
inline constexpr std::ptrdiff_t paired_row = 1024, first_level_cache = 1 << 15;

/// Whether the columns of a row can only be worked on together.
constexpr bool takes_whole_rows(const auto& code, const auto& stores, int phases) {
    for (const instruction& k : code)
        if (k.what == opcode::index || k.what == opcode::gather || (k.what == opcode::reduce && phases > 1)) return true;
    for (const store& k : stores)
        if (k.how != storing::element && k.how != storing::total && !(k.how == storing::scalar && code[k.from].what == opcode::reduce)) return true;
    return false;
}

/// Whether a store is select(one_hot(label), a value of the row, x): the index is not computed for every element then.
constexpr bool puts_at_label(const auto& code, const store& s, bool across) {
    const instruction& i = code[s.from];
    return !across && s.how == storing::element && i.what == opcode::apply && i.op == type_digest<select_op>() && code[i.a].what == opcode::index && code[i.b].per_row;
}

/// Marks what a pass computes in its columns: what its stores and reductions take and what it keeps, back to values of the row and to what is kept
/// already. (The planner asks before it has decided what is kept, the kernels after.)
constexpr void mark_needed(auto& needed, const auto& code, const auto& stores, int phase, bool across, auto is_kept_already) {
    for (const store& s : stores)
        if (s.is_in_columns() && code[s.from].ready() == phase) needed[puts_at_label(code, s, across) ? code[s.from].c : s.from] = true;
    for (std::size_t k = code.size(); k-- > 0;) {
        const instruction& i = code[k];
        if (i.what == opcode::reduce && i.phase == phase) needed[i.a] = true;
        if (i.saved && i.phase == phase) needed[k] = true;
        if (needed[k] && !i.per_row && i.what == opcode::apply && !is_kept_already(i)) needed[i.a] = needed[i.b] = needed[i.c] = true;
    }
}

/// An operand or result of one kernel: a buffer, and for every axis of the kernel's space the axis of the buffer, or -1.
struct access {
    std::int16_t buffer;
    axis_map axes;
};

enum class buffer_kind : std::uint8_t { leaf, state, temporary, extent, position, result };

/// A tensor in memory: bound data, a state of the optimiser, or an intermediate that lives in a slot of the arena.
struct buffer {
    buffer_kind kind;
    const declaration* leaf;  ///< of a leaf; of the parameter for a state
    const axis_name* axis;
    std::int16_t state;  ///< which state, or which result
    std::int16_t slot;   ///< temporaries
    shape extents;
    int node;            ///< the node of the expanded graph, for show/
    bool unread;         ///< a name of the formula that rewriting has left nothing of: it may be bound, and is checked
    std::int16_t checkpointed;  ///< 0, or the number, from 1, of the checkpointed loops of which it holds one segment of steps
};

/// A state of a loop over the steps of the first axis: kernels [first, last) run for one step after the other, and then `next` of the step is copied
/// to `carry` of the next one. `carry` begins with `initial`, or with zeros.
struct loop_state {
    std::int16_t carry, next, initial;  ///< buffers
    int first, last;
    bool backwards;
    int depth;  ///< of how many loops each step runs it again; their steps are the carry's next axes
    std::int16_t cotangent_of;  ///< the carry of the loop whose cotangents it hands on, or -1
    std::int16_t checkpointed;  ///< 0, or the number, from 1, of the checkpointed loops of which it is one

    constexpr bool runs_before(const loop_state& other) const { return first != other.first ? first < other.first : depth != other.depth ? depth < other.depth : last < other.last; }
    /// Whether both are states of one loop. (Those without kernels are loops of their own.)
    constexpr bool runs_with(const loop_state& other) const { return first < last && first == other.first && last == other.last && depth == other.depth; }
};

/// Loops that are run again on the way back: kernels [first, last), a segment of `every` steps after the other. Of their states those before each
/// segment are kept. Kernels [back_first, back_last) then take the segments from the other end, each after the first ones have made it again.
struct checkpointed_loops {
    int first, last, back_first, back_last;
    int every;
    bool backwards;
};

enum class step_kind : std::uint8_t { rows, contraction, guard, whole };

/// One kernel call of the plan.
struct step {
    step_kind kind;
    int body;
    int first_access, access_count;
    shape space;                     ///< the axes the kernel runs over, rows first
    int column_axes;               ///< how many of them, from the last, are the columns
    std::uint8_t joined;           ///< bit p: axes p and p + 1 are walked as one
    std::int16_t left, right;  ///< contraction: the buffers of its operands; guard: left is the number that must be finite
    bool left_transposed, right_transposed;  ///< read with the last two axes exchanged
    bool rows_are_summed;      ///< left^T right over all leading axes (the gradient of a weight)
    bool writes_parameters;
};

}  // namespace xgrad
