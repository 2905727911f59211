// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad {

namespace detail {
/// log(e^a + e^b) in each lane; NaN where one is NaN.
template <class L, class V = typename L::vector>
XGRAD_INLINE V log_of_sum(V a, V b) {
    const V high = lanes::larger(a, b), low = L::choose(a < b, a, b);
    const V sum = high + lanes::log1p(lanes::exp(low - high));
    return L::choose(high == L::broadcast(-std::numeric_limits<double>::infinity()), high, sum);
}
/// The same of three.
template <class L, class V = typename L::vector>
XGRAD_INLINE V log_of_sum(V a, V b, V c) {
    const V of_two = lanes::larger(a, b), low = L::choose(a < b, a, b), high = lanes::larger(of_two, c), middle = L::choose(of_two < c, of_two, c);
    const V sum = high + lanes::log1p(lanes::exp(low - high) + lanes::exp(middle - high));
    return L::choose(high == L::broadcast(-std::numeric_limits<double>::infinity()), high, sum);
}

/// The log probabilities of a row's states at a step: its labels, and a blank before each and one after the last. -inf stands before the
/// first of them, after the last, and up to the width of a vector.
struct ctc_states {
    double* labels;
    double* blanks;
};

/// A row of connectionist temporal classification: what its recursions walk over, in vectors of double.
template <class T, class L>
class ctc_row {
    static constexpr std::ptrdiff_t gap = 8;
    static_assert(L::width <= gap && sizeof(std::ptrdiff_t) <= sizeof(double));
    using V = typename L::vector;

public:
    static constexpr double none = -std::numeric_limits<double>::infinity();

    /// Doubles for one step's states of so many labels, for what a row keeps besides, and for the occupancy.
    static constexpr std::ptrdiff_t padded(std::ptrdiff_t length) { return (length + gap) / gap * gap; }
    static constexpr std::ptrdiff_t states(std::ptrdiff_t length) { return 2 * padded(length) + 2 * gap; }
    static constexpr std::ptrdiff_t places(std::ptrdiff_t length) { return 2 * length + 2 * (padded(length) + gap); }
    static constexpr std::ptrdiff_t shares(std::ptrdiff_t length) { return length + padded(length); }

    ctc_row(const T* log_p, std::ptrdiff_t classes, std::ptrdiff_t blank, const T* t, std::ptrdiff_t length, double* places)
        : log_p_(log_p), classes_(classes), blank_(blank), label_(reinterpret_cast<std::ptrdiff_t*>(places)), first_(label_ + length), y_(places + 2 * length),
          skip_(y_ + padded(length) + gap) {
        std::fill_n(y_, 2 * (padded(length) + gap), none);
        for (std::ptrdiff_t i = 0; i < length; ++i) {
            const auto label = static_cast<std::ptrdiff_t>(t[i]);
            if (label < 0) continue;
            has_blank_ = has_blank_ || label == blank;
            // The blank before a label may be left out, but not between two of one class.
            if (length_ > 0 && label_[length_ - 1] != label) skip_[length_] = 0;
            label_[length_++] = label;
        }
        padded_ = padded(length_);
    }
    ctc_states at(double* memory) const { return {memory + gap, memory + gap + padded_}; }

    /// Before the first step: what may come next is the first blank or, past it, the first label.
    void begin(ctc_states s) const {
        clear(s);
        if (!has_blank_) s.blanks[0] = 0;  // no alignment gives a label that is the blank
    }
    /// The log probability of all that leads to each state at a step, of what led to those before it.
    void advance(ctc_states from, ctc_states to, std::ptrdiff_t step) {
        const V of_blank = take_step(step);
        to.labels[-1] = none;
        for (std::ptrdiff_t i = 0; i < padded_; i += L::width) {
            const V label = L::load(from.labels + i), before = L::load(from.labels + i - 1), blank = L::load(from.blanks + i);
            L::store(to.labels + i, log_of_sum<L>(label, blank, before + L::load(skip_ + i)) + L::load(y_ + i));
            L::store(to.blanks + i, log_of_sum<L>(blank, before) + of_blank);
        }
    }
    double total(ctc_states last) const {
        return L::first(log_of_sum<L>(L::broadcast(last.labels[length_ - 1]), L::broadcast(last.blanks[length_])));
    }

    /// After the last step: the row ends in the last label or the blank after it.
    void end(ctc_states s) const {
        clear(s);
        s.blanks[length_] = 0;
        if (length_ > 0) s.labels[length_ - 1] = 0;
    }
    /// The log probability of all that follows each state at the step before, of what follows those at this one; in place.
    void retreat(ctc_states s, std::ptrdiff_t step) {
        const V of_blank = take_step(step);
        for (std::ptrdiff_t i = 0; i < padded_; i += L::width) {
            const V label = L::load(s.labels + i) + L::load(y_ + i), next = L::load(s.labels + i + 1) + L::load(y_ + i + 1);
            const V blank = L::load(s.blanks + i) + of_blank, blank_after = L::load(s.blanks + i + 1) + of_blank;
            L::store(s.blanks + i, log_of_sum<L>(blank, label));
            L::store(s.labels + i, log_of_sum<L>(label, blank_after, next + L::load(skip_ + i + 1)));
        }
    }

    /// Where each label's class stands for the first time: its shares are added up there.
    void find_repeats() {
        for (std::ptrdiff_t i = 0; i < length_; ++i) first_[i] = std::find(label_, label_ + i, label_[i]) - label_;
    }
    /// Writes weight times the probability that each class is emitted at a step, where there is one; `memory` is for the shares.
    void occupancy(ctc_states before, ctc_states after, double total, double weight, double* memory, T* to) const {
        double *const labels = memory, *const sums = memory + padded_;
        V of_blanks = L::broadcast(0), of_labels = of_blanks;
        for (std::ptrdiff_t i = 0; i < padded_; i += L::width) {
            const V label = lanes::exp(L::load(before.labels + i) + L::load(after.labels + i) - L::broadcast(total));
            L::store(labels + i, label);
            of_labels = of_labels + label;
            of_blanks = of_blanks + lanes::exp(L::load(before.blanks + i) + L::load(after.blanks + i) - L::broadcast(total));
        }
        const auto plus = [](auto a, auto b) { return a + b; };
        const double of_blank = L::fold(of_blanks, plus);
        const double scale = weight / (of_blank + L::fold(of_labels, plus));  // by 1, but for what the recursions rounded
        for (std::ptrdiff_t i = 0; i < length_; ++i) {
            if (first_[i] == i) sums[i] = labels[i];
            else sums[first_[i]] += labels[i];
        }
        to[blank_] = static_cast<T>(scale * of_blank);
        for (std::ptrdiff_t i = 0; i < length_; ++i)
            if (first_[i] == i) to[label_[i]] = static_cast<T>(scale * sums[i]);
    }

private:
    const T* log_p_;
    std::ptrdiff_t classes_, blank_;
    std::ptrdiff_t *label_, *first_;
    double *y_, *skip_;  ///< of the labels: their log probabilities at a step; 0 where the blank before one may be left out, else -inf
    std::ptrdiff_t length_ = 0, padded_ = 0;
    bool has_blank_ = false;

    void clear(ctc_states s) const { std::fill_n(s.labels - gap, 2 * padded_ + 2 * gap, none); }
    /// The labels' log probabilities at a step go to y_, the blank's is returned.
    V take_step(std::ptrdiff_t step) {
        const T* const y = log_p_ + step * classes_;
        for (std::ptrdiff_t i = 0; i < length_; ++i) y_[i] = static_cast<double>(y[label_[i]]);
        return L::broadcast(static_cast<double>(y[blank_]));
    }
};

/// What both ops ask of their first operands: log_p [S..., time, C], t labels [S..., L] and, where steps are masked, m [S..., time].
template <bool Masked>
constexpr shape_result ctc_shapes(const shape* operands, const shape& result) {
    const shape &y = operands[0], &t = operands[1];
    if (y.rank < 3) return {{}, 1, y.rank, 3};
    if (t.rank != y.rank - 1) return {{}, 2, t.rank, y.rank - 1};
    for (int i = 0; i + 1 < t.rank; ++i)
        if (!(t[i] == y[i])) return {{}, 3, t[i].size, y[i].size};
    if constexpr (Masked) {
        const shape& m = operands[2];
        if (m.rank != y.rank - 1) return {{}, 4, m.rank, y.rank - 1};
        for (int i = 0; i < m.rank; ++i)
            if (!(m[i] == y[i])) return {{}, 4, m[i].size, y[i].size};
    }
    return {result};
}
}  // namespace detail

template <bool Masked>
struct ctc_derivative_op;

/// ctc(log_p, t): minus the log probability that a sequence of labels is what is left of the classes emitted at each step, once repeats are
/// made one and blanks are taken out. ctc_loss is made of it.
///
/// Shape       log_p [S..., time, C], t labels [S..., L]; where Masked, m [S..., time], 0 at steps that are not there  ->  [S...]
/// Derivative  log_p: minus the probability that each class is emitted at each step, given the labels
/// Limits      labels that are ignored are not there; inf where no alignment gives the labels: too few steps, a label that is the blank
/// Method      the forward recursion in log space, in vectors of double
/// Source      Graves et al., ICML 2006
template <bool Masked>
struct ctc_op : whole<2 + Masked> {
    static constexpr std::string_view name = Masked ? "ctc_of_steps" : "ctc";

    /// attributes::number: the blank.
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        shape rows = operands[0];
        rows.rank = rows.rank < 2 ? 0 : rows.rank - 2;
        return detail::ctc_shapes<Masked>(operands, rows);
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A >= B, "xgrad::ctc_loss(z, t): z needs rank 3, [time, batch, classes]. Fix: a single sequence is a batch of one.");
        } else if constexpr (Rule == 2) {
            static_assert(A == B, "xgrad::ctc_loss(z, t): rank(t) must be rank(z) - 1, [batch, length] for z [time, batch, classes].");
        } else if constexpr (Rule == 3) {
            static_assert(A == B && Rule != 3, "xgrad::ctc_loss(z, t): z [time, batch, classes] and t [batch, length] must have the same batch.");
        } else {
            static_assert(A == B && Rule != 4, "xgrad::ctc_loss(z, t, step_mask(m)): m must have the extents of z without the classes, [time, batch]; lengths have those of the batch.");
        }
    }
    static constexpr unsigned cut_operands(const attributes&, const shape&) { return (1u << (2 + Masked)) - 1; }
    static constexpr auto pullback(auto g, auto y, auto log_p, auto t, auto... mask) {
        return std::tuple_cat(std::tuple{ast::apply_with<ctc_derivative_op<Masked>>(y.attr(), log_p, t, mask..., g), constant(g, 0)}, std::tuple{((void)mask, constant(g, 0))...});
    }
    static constexpr auto tangent(auto y, auto log_p, auto t, auto... more) {
        const int rank = log_p.shape().rank;
        return [&](auto... x) {
            const std::tuple all{x...};
            const auto unit = constant(y, 1).spread_to(y.shape());
            const auto slope = [&] {
                if constexpr (Masked) {
                    return ast::apply_with<ctc_derivative_op<true>>(y.attr(), log_p, t, std::get<0>(all), unit);
                } else {
                    return ast::apply_with<ctc_derivative_op<false>>(y.attr(), log_p, t, unit);
                }
            }();
            return (slope * std::get<Masked>(all)).sum(3u << (rank - 2));
        }(more...);
    }

    template <class T, class L>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 2 + Masked>& call, L) {
        const std::ptrdiff_t length = call[1].extent(call[1].rank - 1);
        using row = detail::ctc_row<T, L>;
        return static_cast<std::ptrdiff_t>(sizeof(double)) * (row::places(length) + 2 * row::states(length));
    }
    template <class T, class L>
    static void run(const whole_call<T, 2 + Masked>& call, L) {
        const auto &y = call[0], &t = call[1];
        const std::ptrdiff_t classes = y.extent(y.rank - 1), time = y.extent(y.rank - 2), length = t.extent(t.rank - 1), rows = call.result.elements();
        auto* const memory = static_cast<double*>(call.scratch);
        for (std::ptrdiff_t r = 0; r < rows; ++r) {
            detail::ctc_row<T, L> row(y.data + r * time * classes, classes, static_cast<std::ptrdiff_t>(call.number), t.data + r * length, length, memory);
            detail::ctc_states now = row.at(memory + row.places(length)), next = row.at(memory + row.places(length) + row.states(length));
            row.begin(now);
            for (std::ptrdiff_t i = 0; i < time; ++i) {
                if (Masked && call[Masked ? 2 : 0].data[r * time + i] == 0) continue;
                row.advance(now, next, i);
                std::swap(now, next);
            }
            call.result.data[r] = static_cast<T>(0 - row.total(now));
        }
    }
};

/// The derivative of ctc, times g: what the pullback of log_p is. 0 where g is 0, whatever else is there, and at steps that are not there.
///
/// Shape       log_p [S..., time, C], t labels [S..., L], m [S..., time] where Masked, g [S...]  ->  [S..., time, C]
/// Derivative  refused: it would be that of a backward recursion
/// Limits      NaN where no alignment gives the labels, as in PyTorch
/// Method      forward and backward recursion in log space, in vectors of double; each step's probabilities are divided by their sum, so that
///             what long recursions round does not add up
template <bool Masked>
struct ctc_derivative_op : whole<3 + Masked> {
    static constexpr std::string_view name = Masked ? "ctc_of_steps_derivative" : "ctc_derivative";

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return detail::ctc_shapes<Masked>(operands, operands[0]); }
    static constexpr unsigned cut_operands(const attributes&, const shape&) { return (1u << (3 + Masked)) - 1; }
    static constexpr auto pullback(auto g, auto y, auto... x) {
        if (y.index >= 0) throw "xgrad: ctc_loss has a first derivative only. Fix: take no gradient of its gradient.";
        return std::tuple{((void)x, constant(g, 0))...};
    }
    static constexpr auto tangent(auto y, auto...) {
        if (y.index >= 0) throw "xgrad: ctc_loss has a first derivative only. Fix: take no gradient of its gradient.";
        return y;
    }

    template <class T, class L>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 3 + Masked>& call, L) {
        const std::ptrdiff_t length = call[1].extent(call[1].rank - 1), time = call[0].extent(call[0].rank - 2);
        using row = detail::ctc_row<T, L>;
        return static_cast<std::ptrdiff_t>(sizeof(double)) * (row::places(length) + row::shares(length) + row::states(length) * (time + 2));
    }
    template <class T, class L>
    static void run(const whole_call<T, 3 + Masked>& call, L) {
        const auto &y = call[0], &t = call[1];
        const std::ptrdiff_t classes = y.extent(y.rank - 1), time = y.extent(y.rank - 2), length = t.extent(t.rank - 1), rows = y.elements() / (time * classes);
        auto* const memory = static_cast<double*>(call.scratch);
        for (std::ptrdiff_t r = 0; r < rows; ++r) {
            T* const to = call.result.data + r * time * classes;
            const auto weight = static_cast<double>(call[2 + Masked].data[r]);
            std::fill_n(to, time * classes, T{0});
            if (weight == 0) continue;
            detail::ctc_row<T, L> row(y.data + r * time * classes, classes, static_cast<std::ptrdiff_t>(call.number), t.data + r * length, length, memory);
            double* const shares = memory + row.places(length);
            const detail::ctc_states after = row.at(shares + row.shares(length));
            const std::ptrdiff_t states = row.states(length);
            double* before = shares + row.shares(length) + states;
            auto there = [&](std::ptrdiff_t i) { return !Masked || call[Masked ? 2 : 0].data[r * time + i] != 0; };
            row.begin(row.at(before));
            for (std::ptrdiff_t i = 0; i < time; ++i) {
                if (!there(i)) continue;
                row.advance(row.at(before), row.at(before + states), i);
                before += states;
            }
            const double total = row.total(row.at(before));
            row.find_repeats();
            row.end(after);
            for (std::ptrdiff_t i = time; i-- > 0;) {
                if (!there(i)) continue;
                T* const step = to + i * classes;
                if (std::isfinite(total)) {
                    row.occupancy(row.at(before), after, total, -weight, shares, step);
                    row.retreat(after, i);
                } else {
                    std::fill_n(step, classes, std::numeric_limits<T>::quiet_NaN());
                }
                before -= states;
            }
        }
    }
};

}  // namespace xgrad
