// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad {

namespace detail {
/// log(e^a + e^b); NaN where one is NaN.
inline double log_of_sum(double a, double b) {
    const double high = lanes::larger(a, b);
    if (high == -std::numeric_limits<double>::infinity()) return high;
    return high + std::log1p(std::exp(-std::abs(a - b)));
}
/// The same of three.
inline double log_of_sum(double a, double b, double c) {
    constexpr double none = -std::numeric_limits<double>::infinity();
    if (c == none) return log_of_sum(a, b);
    if (a == none) return log_of_sum(b, c);
    if (b == none) return log_of_sum(a, c);
    const double low = a < b ? a : b, of_two = lanes::larger(a, b), high = lanes::larger(of_two, c), middle = of_two < c ? of_two : c;
    return high + std::log1p(std::exp(low - high) + std::exp(middle - high));
}

/// The log probabilities of a row's states: a blank before each label and one after the last, and the labels.
struct ctc_states {
    double* blanks;
    double* labels;
};

/// A row of connectionist temporal classification: what its recursions walk over.
template <class T>
class ctc_row {
public:
    static constexpr double none = -std::numeric_limits<double>::infinity();

    /// Doubles that a row with this many labels takes for one step's states, and for the places of its labels' classes.
    static std::ptrdiff_t states(std::ptrdiff_t length) { return 2 * length + 1; }
    static std::ptrdiff_t places(std::ptrdiff_t length) { return 2 * length; }

    ctc_row(const T* log_p, std::ptrdiff_t classes, std::ptrdiff_t blank, const T* t, std::ptrdiff_t length, double* places)
        : log_p_(log_p), classes_(classes), blank_(blank), label_(reinterpret_cast<std::ptrdiff_t*>(places)), first_(label_ + length) {
        static_assert(sizeof(std::ptrdiff_t) <= sizeof(double));
        for (std::ptrdiff_t i = 0; i < length; ++i) {
            const auto label = static_cast<std::ptrdiff_t>(t[i]);
            if (label < 0) continue;
            has_blank_ = has_blank_ || label == blank;
            label_[length_++] = label;
        }
    }
    ctc_states at(double* memory) const { return {memory, memory + length_ + 1}; }

    /// Before the first step: what may come next is the first blank or, past it, the first label.
    void begin(ctc_states s) const {
        std::fill_n(s.blanks, length_ + 1, none);
        std::fill_n(s.labels, length_, none);
        if (!has_blank_) s.blanks[0] = 0;  // no alignment gives a label that is the blank
    }
    /// The log probability of all that leads to each state at a step, of what led to those before it; in place, if need be.
    void advance(ctc_states from, ctc_states to, std::ptrdiff_t step) const {
        const T* y = log_p_ + step * classes_;
        const auto of_blank = static_cast<double>(y[blank_]);
        for (std::ptrdiff_t i = length_; i > 0; --i) {
            to.blanks[i] = log_of_sum(from.blanks[i], from.labels[i - 1]) + of_blank;
            to.labels[i - 1] = log_of_sum(from.labels[i - 1], from.blanks[i - 1], skips_to(i - 1) ? from.labels[i - 2] : none) + static_cast<double>(y[label_[i - 1]]);
        }
        to.blanks[0] = from.blanks[0] + of_blank;
    }
    double total(ctc_states last) const { return length_ == 0 ? last.blanks[0] : log_of_sum(last.blanks[length_], last.labels[length_ - 1]); }

    /// After the last step: the row ends in the last label or the blank after it.
    void end(ctc_states s) const {
        std::fill_n(s.blanks, length_ + 1, none);
        std::fill_n(s.labels, length_, none);
        s.blanks[length_] = 0;
        if (length_ > 0) s.labels[length_ - 1] = 0;
    }
    /// The log probability of all that follows each state at the step before, of what follows those at this one; in place.
    void retreat(ctc_states s, std::ptrdiff_t step) const {
        const T* y = log_p_ + step * classes_;
        const auto of_blank = static_cast<double>(y[blank_]);
        double label = length_ > 0 ? s.labels[0] + static_cast<double>(y[label_[0]]) : none;
        for (std::ptrdiff_t i = 0; i < length_; ++i) {
            const double next = i + 1 < length_ ? s.labels[i + 1] + static_cast<double>(y[label_[i + 1]]) : none;
            s.blanks[i] = log_of_sum(s.blanks[i] + of_blank, label);
            s.labels[i] = log_of_sum(label, s.blanks[i + 1] + of_blank, i + 1 < length_ && skips_to(i + 1) ? next : none);
            label = next;
        }
        s.blanks[length_] += of_blank;
    }

    /// Where each label's class stands for the first time: its occupancies are added up there.
    void find_repeats() {
        for (std::ptrdiff_t i = 0; i < length_; ++i) first_[i] = std::find(label_, label_ + i, label_[i]) - label_;
    }
    /// Writes weight times the probability that each class is emitted at a step; `sums` has room for the labels.
    void occupancy(ctc_states before, ctc_states after, double total, double weight, double* sums, T* to) const {
        std::fill_n(to, classes_, T{0});
        double of_blank = 0, all = 0;
        for (std::ptrdiff_t i = 0; i <= length_; ++i) of_blank += std::exp(before.blanks[i] + after.blanks[i] - total);
        all = of_blank;
        for (std::ptrdiff_t i = 0; i < length_; ++i) {
            const double p = std::exp(before.labels[i] + after.labels[i] - total);
            if (first_[i] == i) sums[i] = p;
            else sums[first_[i]] += p;
            all += p;
        }
        // `all` is 1 but for what the recursions rounded.
        to[blank_] = static_cast<T>(weight * (of_blank / all));
        for (std::ptrdiff_t i = 0; i < length_; ++i)
            if (first_[i] == i) to[label_[i]] = static_cast<T>(weight * (sums[i] / all));
    }

private:
    const T* log_p_;
    std::ptrdiff_t classes_, blank_;
    std::ptrdiff_t *label_, *first_;
    std::ptrdiff_t length_ = 0;
    bool has_blank_ = false;

    /// Whether the blank before a label may be left out: not between two of one class.
    bool skips_to(std::ptrdiff_t i) const { return i > 0 && label_[i] != label_[i - 1]; }
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
/// Method      the forward recursion in log space, in double
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

    template <class T>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 2 + Masked>& call) {
        const std::ptrdiff_t length = call[1].extent(call[1].rank - 1);
        return static_cast<std::ptrdiff_t>(sizeof(double)) * (detail::ctc_row<T>::states(length) + detail::ctc_row<T>::places(length));
    }
    template <class T>
    static void run(const whole_call<T, 2 + Masked>& call) {
        const auto &y = call[0], &t = call[1];
        const std::ptrdiff_t classes = y.extent(y.rank - 1), time = y.extent(y.rank - 2), length = t.extent(t.rank - 1), rows = call.result.elements();
        auto* const memory = static_cast<double*>(call.scratch);
        for (std::ptrdiff_t r = 0; r < rows; ++r) {
            const detail::ctc_row<T> row(y.data + r * time * classes, classes, static_cast<std::ptrdiff_t>(call.number), t.data + r * length, length, memory);
            const detail::ctc_states states = row.at(memory + row.places(length));
            row.begin(states);
            for (std::ptrdiff_t i = 0; i < time; ++i)
                if (!Masked || call[Masked ? 2 : 0].data[r * time + i] != 0) row.advance(states, states, i);
            call.result.data[r] = static_cast<T>(0 - row.total(states));
        }
    }
};

/// The derivative of ctc, times g: what the pullback of log_p is. 0 where g is 0, whatever else is there, and at steps that are not there.
///
/// Shape       log_p [S..., time, C], t labels [S..., L], m [S..., time] where Masked, g [S...]  ->  [S..., time, C]
/// Derivative  refused: it would be that of a backward recursion
/// Limits      NaN where no alignment gives the labels, as in PyTorch
/// Method      forward and backward recursion in log space, in double; each step's probabilities are divided by their sum, so that
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

    template <class T>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 3 + Masked>& call) {
        const std::ptrdiff_t length = call[1].extent(call[1].rank - 1), time = call[0].extent(call[0].rank - 2);
        using row = detail::ctc_row<T>;
        return static_cast<std::ptrdiff_t>(sizeof(double)) * (row::states(length) * (time + 2) + row::places(length) + length);
    }
    template <class T>
    static void run(const whole_call<T, 3 + Masked>& call) {
        const auto &y = call[0], &t = call[1];
        const std::ptrdiff_t classes = y.extent(y.rank - 1), time = y.extent(y.rank - 2), length = t.extent(t.rank - 1), rows = y.elements() / (time * classes);
        const T* const weights = call[2 + Masked].data;
        for (std::ptrdiff_t r = 0; r < rows; ++r) {
            auto* memory = static_cast<double*>(call.scratch);
            T* const to = call.result.data + r * time * classes;
            const auto weight = static_cast<double>(weights[r]);
            std::fill_n(to, time * classes, T{0});
            if (weight == 0) continue;
            detail::ctc_row<T> row(y.data + r * time * classes, classes, static_cast<std::ptrdiff_t>(call.number), t.data + r * length, length, memory);
            double* const sums = memory + row.places(length);
            const detail::ctc_states after = row.at(sums + length);
            const std::ptrdiff_t states = row.states(length);
            double* forward = sums + length + states;
            auto there = [&](std::ptrdiff_t i) { return !Masked || call[Masked ? 2 : 0].data[r * time + i] != 0; };
            row.begin(row.at(forward));
            for (std::ptrdiff_t i = 0; i < time; ++i) {
                if (!there(i)) continue;
                row.advance(row.at(forward), row.at(forward + states), i);
                forward += states;
            }
            const double total = row.total(row.at(forward));
            row.find_repeats();
            row.end(after);
            for (std::ptrdiff_t i = time; i-- > 0;) {
                if (!there(i)) continue;
                T* const step = to + i * classes;
                if (std::isfinite(total)) {
                    row.occupancy(row.at(forward), after, total, -weight, sums, step);
                    row.retreat(after, i);
                } else {
                    std::fill_n(step, classes, std::numeric_limits<T>::quiet_NaN());
                }
                forward -= states;
            }
        }
    }
};

}  // namespace xgrad
