// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/arena.hpp>
#include <xgrad/kernel/error.hpp>
#include <xgrad/kernel/panels.hpp>
#include <xgrad/kernel/product.hpp>

#include <cmath>

namespace xgrad::kernel {

/// The sizes of named axes in one call.
class axis_sizes {
public:
    /// The size bound to a name, or -1.
    std::ptrdiff_t find(const axis_name* name) const {
        for (std::size_t i = 0; i < count_; ++i)
            if (names_[i] == name) return sizes_[i];
        return -1;
    }
    const axis_name* add(const axis_name* name, std::ptrdiff_t size) {
        if (count_ == capacity) throw shape_error("xgrad: more than 16 named axes in one formula");
        names_[count_] = name;
        sizes_[count_++] = size;
        return name;
    }
    std::ptrdiff_t operator[](const extent& e) const { return e.is_dynamic() ? find(e.name) : static_cast<std::ptrdiff_t>(e.size); }
    friend bool operator==(const axis_sizes& a, const axis_sizes& b) {
        if (a.count_ != b.count_) return false;
        for (std::size_t i = 0; i < a.count_; ++i)
            if (a.find(b.names_[i]) != b.sizes_[i]) return false;
        return true;
    }

private:
    static constexpr std::size_t capacity = 16;
    std::array<const axis_name*, capacity> names_{};
    std::array<std::ptrdiff_t, capacity> sizes_{};
    std::size_t count_ = 0;
};

/// A plan with its extents filled in: calls in order, ready to run once the addresses of bound arrays are set. Everything is
/// allocated here and only when extents grow; `run` allocates nothing.
template <class T>
class resolved {
public:
    explicit resolved(const plan_view& p) : plan_(p), addresses_(p.buffers.size(), nullptr), scalars_(p.buffers.size(), 0.0), offsets_(p.slots.size(), 0), slot_owner_(p.slots.size(), -1) {
        for (std::size_t b = 0; b < p.buffers.size(); ++b)
            if (p.buffers[b].extents.rank == 0) addresses_[b] = &scalars_[b];
        calls_.resize(p.steps.size());
        operands_.resize(p.accesses.size());
    }
    resolved(const resolved&) = delete;
    resolved& operator=(const resolved&) = delete;
    resolved(resolved&&) = default;
    resolved& operator=(resolved&&) = default;

    const plan_view& plan() const { return plan_; }
    const axis_sizes& sizes() const { return sizes_; }
    void set_address(int buffer, const void* p) { addresses_[at(buffer)] = const_cast<void*>(p); }
    double& scalar(int buffer) { return scalars_[at(buffer)]; }
    std::size_t arena_bytes() const { return arena_.size(); }

    std::ptrdiff_t elements(const shape& s, const axis_sizes& sizes) const {
        std::ptrdiff_t n = 1;
        for (int i = 0; i < s.rank; ++i) n *= sizes[s[i]];
        return n;
    }

    /// Fixes the extents; cheap when they are those of the last call.
    void fix(const axis_sizes& sizes) {
        if (is_fixed_ && sizes == sizes_) return;
        is_fixed_ = false;
        sizes_ = sizes;
        for (std::size_t i = 0; i < calls_.size(); ++i) resolve_step(plan_.steps[i], calls_[i]);
        const panel_search panels(plan_, calls_);
        panels.find(panels_, [&](int b) { return stride(plan_.buffers[at(b)].extents, 0) * static_cast<std::ptrdiff_t>(sizeof(T)); });
        panels.owners(panels_, slot_owner_);
        note_moving();
        place_temporaries();
        reserve_workspace();
        is_fixed_ = true;
    }

    /// Runs every kernel. With `check_finite` a guarded loss that is not finite throws before any parameter is written.
    void run(bool check_finite) {
        for (std::size_t i = 0; i < operands_.size(); ++i) operands_[i].data = addresses_[at(plan_.accesses[i].buffer)];
        auto panel = panels_.begin();
        for (std::size_t i = 0; i < calls_.size(); ++i) {
            const step& s = plan_.steps[i];
            call& c = calls_[i];
            if (panel != panels_.end() && panel->first == i) {
                run_panels(*panel);
                i = panel->last - 1;
                ++panel;
                continue;
            }
            if (s.kind == step_kind::guard) {
                if (check_finite && !std::isfinite(guarded())) throw non_finite_error(non_finite_text());
                continue;
            }
            if (s.kind == step_kind::contraction) {
                c.product.left = addresses_[at(c.sides_swapped ? s.right : s.left)];
                c.product.right = addresses_[at(c.sides_swapped ? s.left : s.right)];
            }
            c.run(c);
        }
    }
    double guarded() const { return scalars_[at(plan_.guard)]; }

private:
    plan_view plan_;
    std::vector<void*> addresses_;
    std::vector<double> scalars_;
    std::vector<std::size_t> offsets_;  ///< of slots in the arena
    std::vector<call> calls_;
    std::vector<operand> operands_;
    std::vector<panel_run> panels_;
    std::vector<int> slot_owner_;  ///< the panels that alone use a slot
    axis_sizes sizes_{};
    bool is_fixed_ = false;
    arena arena_{}, workspace_{};

    static std::size_t at(std::integral auto i) { return static_cast<std::size_t>(i); }

    std::string non_finite_text() const {
        return "xgrad: the loss is " + std::to_string(guarded()) +
               "; no parameter has changed. Fix: lower the learning rate, check the data for NaN, or construct the trainer with xg::allow_non_finite.";
    }

    void run_panels(const panel_run& p) {
        for (std::ptrdiff_t start = 0; start < p.extent; start += p.at_a_time) {
            const std::ptrdiff_t n = std::min(p.at_a_time, p.extent - start);
            for (std::size_t i = p.first; i < p.last; ++i) {
                call& c = calls_[i];
                const std::ptrdiff_t rows = c.rows, columns = c.columns, outermost = c.row_extents[0];
                c.starts = start == 0;
                if (c.row_axes > 0) {
                    c.rows = rows / p.extent * n;
                    c.row_extents[0] = outermost / p.extent * n;
                } else {
                    c.columns = columns / p.extent * n;
                }
                if (start > 0)
                    for (operand& o : operands_of(plan_.steps[i]))
                        if (o.moves) o.data = static_cast<T*>(o.data) + p.at_a_time * o.leading_stride;
                c.run(c);
                c.rows = rows;
                c.columns = columns;
                c.row_extents[0] = outermost;
            }
        }
        for (std::size_t i = p.first; i < p.last; ++i) calls_[i].starts = true;
    }
    std::span<operand> operands_of(const step& s) { return {operands_.data() + s.first_access, at(s.access_count)}; }
    /// Operands that move on from panel to panel: all along the axis but those whose slot holds one panel.
    void note_moving() {
        for (const panel_run& p : panels_)
            for (std::size_t i = p.first; i < p.last; ++i)
                for (int a = 0; a < plan_.steps[i].access_count; ++a) {
                    const int slot = plan_.buffers[at(plan_.accesses[at(plan_.steps[i].first_access + a)].buffer)].slot;
                    operand& o = operands_[at(plan_.steps[i].first_access + a)];
                    o.moves = o.leading_stride != 0 && (slot < 0 || slot_owner_[at(slot)] < 0);
                }
    }

    void place_temporaries() {
        std::size_t total = 0;
        for (std::size_t i = 0; i < offsets_.size(); ++i) {
            offsets_[i] = total;
            const std::ptrdiff_t all = elements(plan_.slots[i], sizes_);
            const std::ptrdiff_t used = slot_owner_[i] < 0 ? all : stride(plan_.slots[i], 0) * panels_[at(slot_owner_[i])].at_a_time;
            const std::size_t bytes = arena::padded(at(used) * sizeof(T));
            total += bytes < 65536 ? bytes : bytes + arena::stagger;
        }
        std::byte* base = arena_.reserve(total);
        for (std::size_t b = 0; b < plan_.buffers.size(); ++b) {
            const buffer& buf = plan_.buffers[b];
            if (buf.kind == buffer_kind::temporary && buf.extents.rank > 0 && buf.slot >= 0) addresses_[b] = base + offsets_[at(buf.slot)];
            if (buf.kind == buffer_kind::extent) scalars_[b] = static_cast<double>(sizes_.find(buf.axis));
        }
    }

    /// Elements between neighbours along one axis of a buffer.
    std::ptrdiff_t stride(const shape& s, int axis) const {
        std::ptrdiff_t n = 1;
        for (int i = axis + 1; i < s.rank; ++i) n *= sizes_[s[i]];
        return n;
    }

    void resolve_step(const step& s, call& c) {
        c = call{};
        if (s.kind == step_kind::guard) return;
        c.run = plan_.kernels[s.body];
        const int rank = s.space.rank, first_column = rank - s.column_axes;
        // Axes walked as one keep the strides of their last.
        std::array<int, max_rank> row_axis{};
        std::ptrdiff_t extent_so_far = 1;
        for (int p = 0; p < rank; ++p) {
            extent_so_far *= sizes_[s.space[p]];
            const bool goes_on = p + 1 < rank && (s.joined >> p & 1u);
            if (p >= first_column) {
                if (!goes_on) c.columns = extent_so_far;
            } else if (!goes_on || p + 1 == first_column) {
                row_axis[at(c.row_axes)] = p;
                c.row_extents[at(c.row_axes++)] = extent_so_far;
                c.rows *= extent_so_far;
                extent_so_far = 1;
            }
        }
        c.leading = rank > 0 ? sizes_[s.space[0]] : 1;
        c.operands = operands_.data() + s.first_access;
        for (int a = 0; a < s.access_count; ++a) {
            const access& from = plan_.accesses[at(s.first_access + a)];
            operand& to = c.operands[a];
            const shape& extents = plan_.buffers[at(from.buffer)].extents;
            to = operand{};
            to.elements = elements(extents, sizes_);
            for (int r = 0; r < c.row_axes; ++r) {
                const int axis = from.axes[at(row_axis[at(r)])];
                to.row_strides[at(r)] = axis < 0 ? 0 : stride(extents, axis);
            }
            if (rank > 0 && from.axes[at(rank - 1)] >= 0) to.column_stride = stride(extents, from.axes[at(rank - 1)]);
            if (rank > 0 && from.axes[0] >= 0) to.leading_stride = stride(extents, from.axes[0]);
        }
        if (s.kind == step_kind::contraction) resolve_product(s, c);
    }

    /// The two sides of a product. A result of one column is computed as one row: left and right change places.
    void resolve_product(const step& s, call& c) {
        contraction_call& p = c.product;
        const shape &a = plan_.buffers[at(s.left)].extents, &b = plan_.buffers[at(s.right)].extents;
        auto size = [&](const shape& sh, int from_end) { return sizes_[sh[sh.rank - from_end]]; };
        auto leading = [&](const shape& sh, int kept) {
            std::ptrdiff_t n = 1;
            for (int i = 0; i < sh.rank - kept; ++i) n *= sizes_[sh[i]];
            return n;
        };
        if (s.rows_are_summed) {
            p.rows = size(a, 1);
            p.depth = leading(a, 1);
            p.left_row = 1;
            p.left_depth = size(a, 1);
            if (s.right_transposed) {
                p.columns = size(b, 2);
                p.right_depth = 1;
                p.right_column = size(b, 1);
            } else {
                p.columns = size(b, 1);
                p.right_depth = size(b, 1);
                p.right_column = 1;
            }
        } else {
            p.rows = s.left_transposed ? size(a, 1) : size(a, 2);
            p.depth = s.left_transposed ? size(a, 2) : size(a, 1);
            p.left_row = s.left_transposed ? 1 : size(a, 1);
            p.left_depth = s.left_transposed ? size(a, 1) : 1;
            p.columns = s.right_transposed ? size(b, 2) : size(b, 1);
            p.right_depth = s.right_transposed ? 1 : size(b, 1);
            p.right_column = s.right_transposed ? size(b, 1) : 1;
            p.batches = leading(a, 2);
            p.left_batch = p.rows * p.depth;
            p.right_batch = b.rank > 2 ? p.depth * p.columns : 0;
            if (b.rank == 2 && !s.left_transposed) {  // every leading axis is one long list of rows
                p.rows *= p.batches;
                p.batches = 1;
            }
        }
        const bool one_column = c.columns != p.columns && p.columns == 1;
        if (one_column || (p.columns == 1 && c.rows == 1)) {
            std::swap(p.rows, p.columns);
            std::swap(p.left_batch, p.right_batch);
            const std::ptrdiff_t row = p.left_row, depth = p.left_depth;
            p.left_row = p.right_column;
            p.left_depth = p.right_depth;
            p.right_column = row;
            p.right_depth = depth;
            c.sides_swapped = true;
            if (c.rows > 1 && p.batches == 1) {  // several leading axes: one row of the result each
                p.batches = c.rows;
                p.columns /= c.rows;
                p.right_batch = p.columns * p.right_column;
                p.left_batch = 0;
            }
        }
    }
    void reserve_workspace() {
        std::ptrdiff_t kept = 0, packed = 0;
        for (std::size_t i = 0; i < calls_.size(); ++i) {
            const step& s = plan_.steps[i];
            if (s.kind == step_kind::guard) continue;
            const std::ptrdiff_t columns = (calls_[i].columns + 63) / 64 * 64;
            const body_range& body = plan_.bodies[at(s.body)];
            // Rows side by side: what is kept, and every operand turned round; a sum over rows has a place of its own.
            kept = std::max(kept, body.across ? 2 * columns * lanes<T>::width * (body.saves + 2 * s.access_count) : (columns + std::min(columns, paired_row)) * body.saves);
            if (s.kind == step_kind::contraction) packed = std::max(packed, product<T>::workspace(calls_[i].product));
        }
        std::byte* base = workspace_.reserve(arena::padded(at(kept) * sizeof(T)) + arena::padded(at(packed) * sizeof(T)));
        for (call& c : calls_) {
            c.row_buffer = base;
            c.workspace = base + arena::padded(at(kept) * sizeof(T));
        }
    }
};

}  // namespace xgrad::kernel
