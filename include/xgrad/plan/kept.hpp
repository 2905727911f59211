// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/body_code.hpp>
#include <xgrad/plan/group.hpp>

namespace xgrad {

/// A kernel on its way into the plan: the body's code and the data it touches, in nodes.
struct assembled : body_code {
    growing_array<store> stores{};
    growing_array<operand_view> accesses{};  ///< node, and space axis -> axis of the node's buffer
    int phases = 1;
    int saves = 0;
    int column_axes = 1;
    bool across = false;
    growing_array<std::pair<int, int>> in_place{};  ///< accesses (written, read): an element is written when it has been read for the last time
    std::uint8_t joined = 0;               ///< bit p: axes p and p + 1 of the space are walked as one
};

/// What a kernel keeps from one pass over the columns to the next, and where.
class kept_values {
public:
    constexpr kept_values(const graph& graph_, const group& group_, assembled& made) : g(graph_), in(group_), out(made) {}

    constexpr void find() {
        find_saves();
        find_in_place();
    }

private:
    const graph& g;
    const group& in;
    assembled& out;
    growing_array<int> last_pass_{};  ///< over the columns in which an access is read

    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

    /// Values an element that a later pass over the columns uses again are kept in the row buffer; loads, masks and numbers
    /// are made again. (A producer of both a maximum and an exponential must not be computed twice: rounding might differ.)
    constexpr void find_saves() {
        for (const instruction& i : out.code) out.phases = std::max(out.phases, i.what == opcode::reduce || !i.per_row ? i.phase + 1 : 1);
        for (const store& s : out.stores)
            if (s.is_in_columns()) out.phases = std::max(out.phases, store_phase(s) + 1);
        last_pass_ = growing_array<int>(out.accesses.size(), 0);
        for (const instruction& i : out.code)
            if (i.per_row && i.reads_memory()) note_read(i.access, i.phase);
        if (out.phases == 1) return;
        put_off();
        growing_array<int> last_read(out.code.size(), 0);
        for (int phase = out.phases - 1; phase > 0; --phase) {  // from the last: what it keeps, earlier passes must compute
            const growing_array<char> needed = needed_in(phase);
            for (std::size_t k = 0; k < out.code.size(); ++k) {
                if (needed[k] && out.code[k].reads_memory()) note_read(out.code[k].access, phase);
                if (!needed[k] || !is_kept(out.code[k], phase)) continue;
                out.code[k].saved = true;
                if (last_read[k] == 0) last_read[k] = phase;
            }
        }
        for (std::size_t k = 0; k < out.code.size(); ++k)
            if (out.code[k].saved) find_place(k, last_read);
        find_lender();
    }
    /// A result's row lies in the first-level cache twice over if it is not written before the last pass and something like it is kept meanwhile. So one
    /// is kept where the result will stand, if no operand of that shape, which might have the same memory, is read after that.
    constexpr void find_lender() {
        if (out.saves == 0 || out.across || in.contraction >= 0) return;
        int first_written = out.phases;
        std::size_t writer = 0;
        for (std::size_t k = 0; k < out.code.size(); ++k) {
            const instruction& i = out.code[k];
            if (!i.saved || i.access != 0 || i.phase >= first_written) continue;
            first_written = i.phase;
            writer = k;
        }
        for (std::size_t k = 0; k < out.accesses.size(); ++k)
            if (has_all_axes(out.accesses[k]) && last_pass_[k] > first_written) return;
        for (std::size_t k = writer; k < out.code.size(); ++k) {  // in the pass that writes it, an element is read before
            const instruction& i = out.code[k];
            if (!i.per_row && i.reads_memory() && has_all_axes(out.accesses[i.access]) && last_pass_[i.access] == first_written) return;
        }
        for (store& s : out.stores) {
            if (s.how != storing::element || s.step != stepping::contiguous || store_phase(s) + 1 < out.phases || !has_all_axes(out.accesses[s.access])) continue;
            s.lends = true;
            return;
        }
    }
    /// What only later passes read is made in the first of these, if it takes one value that has to be kept: that one is kept in its place.
    constexpr void put_off() {
        constexpr int unread = 255;
        growing_array<int> first_read(out.code.size(), unread);
        for (const store& s : out.stores) {
            int& first = first_read[s.from];
            if (const int phase = s.is_in_columns() ? store_phase(s) : 0; phase < first) first = phase;
        }
        for (std::size_t k = out.code.size(); k-- > 0;) {
            instruction& i = out.code[k];
            if (i.what == opcode::reduce && i.phase < first_read[i.a]) first_read[i.a] = i.phase;
            if (i.what != opcode::apply || i.per_row) continue;
            if (const int first = first_read[k]; first != unread && first > i.phase && values_to_keep(i) <= 1) i.phase = static_cast<std::uint8_t>(first);
            for (const std::uint8_t operand : {i.a, i.b, i.c})
                if (int& first = first_read[operand]; i.phase < first) first = i.phase;
        }
    }
    constexpr int values_to_keep(const instruction& i) const {
        const auto has_to_be_kept = [&](std::uint8_t reg) { return !out.row(reg) && out.code[reg].what == opcode::apply && !is_chosen_by_row(out.code[reg]); };
        return has_to_be_kept(i.a) + (i.b != i.a && has_to_be_kept(i.b)) + (i.c != i.a && i.c != i.b && has_to_be_kept(i.c));
    }
    /// Where a kept value stands in the row buffer: in the place of one that has been read for the last time before it is written.
    constexpr void find_place(std::size_t k, const growing_array<int>& last_read) {
        const auto makes_room = [&](std::size_t first, std::size_t second) {
            return last_read[first] < out.code[second].phase || (last_read[first] == out.code[second].phase && first < second);
        };
        int place = 0;
        for (std::size_t other = 0; other < k; ++other) {
            const instruction& i = out.code[other];
            if (!i.saved || i.access != place || makes_room(other, k) || makes_room(k, other)) continue;
            ++place;
            other = static_cast<std::size_t>(-1);  // from the first again
        }
        out.code[k].access = static_cast<std::uint8_t>(place);
        out.saves = std::max(out.saves, place + 1);
    }
    /// Every element is met once: an operand without one of the space's axes is read again for each of its places.
    constexpr bool has_all_axes(const operand_view& a) const {
        for (int p = 0; p < in.space.rank; ++p)
            if (a.axes[at(p)] < 0) return false;
        return true;
    }
    /// What is written element by element may take the memory of what is read so: in the same pass over the columns or a later
    /// one, or where rows are turned round, so that a row has been read before it is written.
    constexpr void find_in_place() {
        for (std::size_t k = 0; k < out.stores.size(); ++k) {
            const store& s = out.stores[k];
            if (s.how != storing::element || !may_share(s.access)) continue;
            for (std::size_t k2 = 0; k2 < out.code.size(); ++k2) {
                const instruction& i = out.code[k2];
                if (i.what != opcode::load || i.access == s.access || !may_share(i.access) || !(out.accesses[i.access].axes == out.accesses[s.access].axes)) continue;
                if (out.across || last_pass_[i.access] <= store_phase(s)) out.in_place.push_back({s.access, i.access});
            }
        }
    }
    /// An intermediate with all axes of the space. (What users bind is never overwritten so.)
    constexpr bool may_share(int access) const { return g[out.accesses[at(access)].node].op->kind != op_kind::leaf && has_all_axes(out.accesses[at(access)]); }
    constexpr void note_read(std::uint8_t access, int phase) { last_pass_[access] = std::max(last_pass_[access], phase); }

    constexpr bool is_kept(const instruction& i, int phase) const { return i.what == opcode::apply && !i.per_row && !i.mask && i.phase < phase && !is_chosen_by_row(i); }
    /// An operand or a value of the row, as the row decides: as little work as to read it from the row buffer.
    constexpr bool is_chosen_by_row(const instruction& i) const {
        const auto at_hand = [&](int reg) { return out.row(reg) || out.code[at(reg)].what == opcode::load; };
        return i.op == info<select_op>.digest && out.row(i.a) && at_hand(i.b) && at_hand(i.c);
    }
    constexpr int store_phase(const store& s) const { return out.code[s.from].ready(); }
    constexpr growing_array<char> needed_in(int phase) const {
        growing_array<char> needed(out.code.size(), 0);
        mark_needed(needed, out.code, out.stores, phase, out.across, [&](const instruction& i) { return is_kept(i, phase); });
        return needed;
    }
};

}  // namespace xgrad
