// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/plan_view.hpp>

#include <algorithm>
#include <vector>

namespace xgrad::kernel {

/// Consecutive kernels that walk the same outermost axis and hand on what they make row by row: run in panels of it, so that
/// an intermediate is read while it is in the cache. Sums over the axis grow from panel to panel.
struct panel_run {
    std::size_t first, last;          ///< steps [first, last)
    std::ptrdiff_t extent, at_a_time; ///< of the outermost axis
};

/// Finds such runs in a resolved plan. `bytes(buffer)` is what one step along the outermost axis takes.
class panel_search {
public:
    /// Bytes of a panel: they should stay in the first-level cache, but a row's own kernels want some thousand elements a call.
    static constexpr std::ptrdiff_t cache = 48 * 1024, worthwhile = 2 * cache, fewest_elements = 4096;

    panel_search(const plan_view& plan, std::span<const call> calls) : plan_(plan), calls_(calls) {}

    template <class Bytes>
    void find(std::vector<panel_run>& runs, Bytes bytes) const {
        runs.clear();
        for (std::size_t first = 0; first < plan_.steps.size();) {
            std::size_t last = first;
            while (last < plan_.steps.size() && is_splittable(last) && calls_[last].leading == calls_[first].leading && follows(first, last)) ++last;
            if (last - first >= 2) add(runs, first, last, bytes);
            first = std::max(last, first + 1);
        }
    }

    /// For each slot of the arena the run that alone uses it, or -1: it then needs room for one panel only.
    void owners(const std::vector<panel_run>& runs, std::vector<int>& owner) const {
        constexpr int unused = -2, shared = -1;
        std::fill(owner.begin(), owner.end(), unused);
        auto use = [&](int buffer, int by, bool along) {
            if (buffer < 0 || plan_.buffers[at(buffer)].slot < 0) return;
            int& o = owner[at(plan_.buffers[at(buffer)].slot)];
            o = along && (o == unused || o == by) ? by : shared;
        };
        std::size_t next = 0;
        for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
            while (next < runs.size() && runs[next].last <= i) ++next;
            const bool inside = next < runs.size() && runs[next].first <= i;
            if (plan_.steps[i].kind == step_kind::guard) continue;
            for (const access& a : accesses_of(plan_.steps[i])) use(a.buffer, inside ? static_cast<int>(next) : shared, inside && walks_along(a));
            if (plan_.steps[i].kind != step_kind::contraction) continue;
            use(plan_.steps[i].left, shared, false);
            use(plan_.steps[i].right, shared, false);
        }
        std::replace(owner.begin(), owner.end(), unused, shared);
    }

private:
    const plan_view& plan_;
    std::span<const call> calls_;

    static std::size_t at(std::integral auto i) { return static_cast<std::size_t>(i); }
    std::span<const access> accesses_of(const step& s) const { return plan_.accesses.subspan(at(s.first_access), at(s.access_count)); }
    std::span<const store> stores_of(const step& s) const { return plan_.stores.subspan(at(plan_.bodies[at(s.body)].first_store), at(plan_.bodies[at(s.body)].stores)); }

    /// The outermost axis may be walked in pieces: it is an axis of rows, or of columns that no reduction needs whole.
    bool is_splittable(std::size_t i) const {
        const step& s = plan_.steps[i];
        if (s.kind != step_kind::rows || s.space.rank == 0 || plan_.bodies[at(s.body)].scalar || calls_[i].leading < 2) return false;
        if (calls_[i].row_axes > 0) return true;
        const body_range& b = plan_.bodies[at(s.body)];
        for (const instruction& k : plan_.code.subspan(at(b.first_instruction), at(b.instructions)))
            if (k.what == opcode::reduce && b.phases > 1) return false;
        for (const store& k : stores_of(s))
            if (k.how != storing::element && k.how != storing::total && !(k.how == storing::scalar && plan_.code[at(b.first_instruction + k.from)].what == opcode::reduce)) return false;
        return true;
    }
    /// Buffers that share a slot are one piece of memory.
    int memory_of(const access& a) const {
        const buffer& b = plan_.buffers[at(a.buffer)];
        return b.slot >= 0 ? static_cast<int>(plan_.buffers.size()) + b.slot : a.buffer;
    }
    bool walks_along(const access& a) const { return a.axes[0] == 0; }
    static bool is_late(storing how) { return how == storing::add_element || how == storing::add_row || how == storing::total || how == storing::scalar; }

    /// What step `next` shares with those before it, and one of them writes, all of them walk along the outermost axis.
    bool follows(std::size_t first, std::size_t next) const {
        for (std::size_t i = first; i < next; ++i)
            if (!agree(plan_.steps[i], plan_.steps[next]) || !agree(plan_.steps[next], plan_.steps[i])) return false;
        return true;
    }
    bool agree(const step& writer, const step& other) const {
        const auto written = accesses_of(writer), used = accesses_of(other);
        for (const store& s : stores_of(writer)) {
            const access& to = written[s.access];
            for (const access& a : used)
                if (memory_of(a) == memory_of(to) && (is_late(s.how) || !walks_along(a) || !walks_along(to))) return false;
        }
        return true;
    }

    template <class Bytes>
    void add(std::vector<panel_run>& runs, std::size_t first, std::size_t last, Bytes bytes) const {
        std::vector<int> seen;
        std::ptrdiff_t each = 0;
        for (std::size_t i = first; i < last; ++i)
            for (const access& a : accesses_of(plan_.steps[i])) {
                if (!walks_along(a) || std::find(seen.begin(), seen.end(), memory_of(a)) != seen.end()) continue;
                seen.push_back(memory_of(a));
                each += bytes(a.buffer);
            }
        const std::ptrdiff_t extent = calls_[first].leading;
        if (each * extent < worthwhile) return;
        constexpr std::ptrdiff_t unit = 64;  // whole vectors, whole groups of short rows
        std::ptrdiff_t elements = 1;
        for (std::size_t i = first; i < last; ++i) elements = std::max(elements, calls_[i].rows * calls_[i].columns / extent);
        std::ptrdiff_t some = std::max<std::ptrdiff_t>(1, cache / std::max<std::ptrdiff_t>(each, 1));
        if (elements > 1) some = std::max(some, (fewest_elements + elements - 1) / elements);
        if (some > unit) some = some / unit * unit;
        if (some < extent) runs.push_back({first, last, extent, some});
    }
};

}  // namespace xgrad::kernel
