// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace xgrad {

/// What of decoding is not the defaults: `ctc_beam(y, 16, {.blank = 4})`.
struct ctc_decoding {
    std::size_t blank = 0;
    std::vector<std::size_t> lengths{};  ///< how many steps each row has; all, if it is empty
    std::size_t best = 1;                ///< ctc_beam: at most so many sequences a row
};
/// A sequence of labels and its log probability.
struct ctc_sequence {
    std::vector<std::int64_t> labels;
    double log_probability = 0;
};

namespace detail {
/// What both decoders ask of their arguments.
template <class A>
void check_decoding(const char* what, const A& y, const ctc_decoding& how) {
    const std::string call = "xgrad::" + std::string(what) + "(log_probabilities, ...): ";
    if (y.dimension() != 3) throw shape_error(call + "they have " + std::to_string(y.dimension()) + " axes, not [time, batch, classes].");
    if (how.blank >= y.shape()[2]) throw shape_error(call + "the blank is " + std::to_string(how.blank) + " of " + std::to_string(y.shape()[2]) + " classes.");
    if (!how.lengths.empty() && how.lengths.size() != y.shape()[1])
        throw shape_error(call + std::to_string(how.lengths.size()) + " lengths for " + std::to_string(y.shape()[1]) + " rows. Fix: give one a row.");
    for (std::size_t n : how.lengths)
        if (n > y.shape()[0]) throw shape_error(call + "a row has length " + std::to_string(n) + " of " + std::to_string(y.shape()[0]) + " steps.");
    for (const auto x : y)
        if (std::isnan(x)) throw binding_error(call + "one of them is NaN.");
}
inline std::size_t steps_of_row(const ctc_decoding& how, std::size_t row, std::size_t time) { return how.lengths.empty() ? time : how.lengths[row]; }

/// The prefixes of one row's search: a tree whose nodes stay where they are, and which of them are in the beam.
class prefix_beam {
public:
    prefix_beam(std::size_t width, std::size_t blank) : width_(width), blank_(blank) {
        nodes_.push_back({});
        nodes_[0].now = {0, none};
        beam_.push_back(0);
    }
    /// One step; `y(c)` is the log probability of class c.
    template <class Y>
    void step(std::size_t classes, Y y) {
        candidates_.clear();
        for (std::size_t b = 0; b < beam_.size(); ++b) {
            node& stays = nodes_[beam_[b]];
            stays.next = {stays.now.total() + y(blank_), none};
            if (stays.parent < 0) continue;
            const node& before = nodes_[static_cast<std::size_t>(stays.parent)];
            const double grown = before.in_beam ? before.leads_to(stays.label) : none;
            stays.next.label = log_of_either(stays.now.label, grown) + y(static_cast<std::size_t>(stays.label));
        }
        for (std::size_t at : beam_) {
            candidates_.push_back({at, -1, nodes_[at].next.total()});
            mark_children(at, true);
            for (std::size_t c = 0; c < classes; ++c)
                if (c != blank_ && !is_child_[c]) candidates_.push_back({at, static_cast<std::int64_t>(c), nodes_[at].leads_to(static_cast<std::int64_t>(c)) + y(c)});
            mark_children(at, false);
        }
        choose();
    }
    void room_for(std::size_t classes) { is_child_.assign(classes, 0); }
    /// The most probable, the best first.
    std::vector<ctc_sequence> best(std::size_t count) {
        std::sort(beam_.begin(), beam_.end(), [this](std::size_t a, std::size_t b) { return nodes_[a].now.total() != nodes_[b].now.total() ? nodes_[a].now.total() > nodes_[b].now.total() : a < b; });
        std::vector<ctc_sequence> made;
        for (std::size_t k = 0; k < std::min(count, beam_.size()); ++k) {
            ctc_sequence s{{}, nodes_[beam_[k]].now.total()};
            for (std::size_t at = beam_[k]; nodes_[at].parent >= 0; at = static_cast<std::size_t>(nodes_[at].parent)) s.labels.push_back(nodes_[at].label);
            std::reverse(s.labels.begin(), s.labels.end());
            made.push_back(std::move(s));
        }
        return made;
    }

private:
    static constexpr double none = -std::numeric_limits<double>::infinity();
    static double log_of_either(double a, double b) {
        const double high = std::max(a, b);
        return high == none ? none : high + std::log1p(std::exp(-std::abs(a - b)));
    }
    /// The log probabilities of a prefix whose last step is a blank, and whose last step is its last label.
    struct ending {
        double blank = none, label = none;
        double total() const { return log_of_either(blank, label); }
    };
    struct node {
        std::ptrdiff_t parent = -1, first_child = -1, sibling = -1;
        std::int64_t label = -1;
        ending now{}, next{};
        bool in_beam = true;
        /// The log probability with which one more label may follow: only a blank parts equal ones.
        double leads_to(std::int64_t c) const { return c == label ? now.blank : now.total(); }
    };
    struct candidate {
        std::size_t from;
        std::int64_t label;  ///< -1: the prefix as it is
        double score;
    };
    std::size_t width_, blank_;
    std::vector<node> nodes_;
    std::vector<std::size_t> beam_;
    std::vector<candidate> candidates_;
    std::vector<char> is_child_;

    /// Notes, or forgets, which labels lead from a prefix to another one of the beam.
    void mark_children(std::size_t at, bool is) {
        for (std::ptrdiff_t c = nodes_[at].first_child; c >= 0; c = nodes_[static_cast<std::size_t>(c)].sibling)
            if (nodes_[static_cast<std::size_t>(c)].in_beam) is_child_[static_cast<std::size_t>(nodes_[static_cast<std::size_t>(c)].label)] = is;
    }
    /// The best of the candidates become the beam; equal ones stand in the order in which they were made.
    void choose() {
        std::erase_if(candidates_, [](const candidate& c) { return c.score == none; });
        const std::size_t kept = std::min(width_, candidates_.size());
        std::vector<std::size_t> order(candidates_.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(), [this](std::size_t a, std::size_t b) {
            return candidates_[a].score != candidates_[b].score ? candidates_[a].score > candidates_[b].score : a < b;
        });
        for (std::size_t at : beam_) nodes_[at].in_beam = false;
        beam_.clear();
        for (std::size_t k = 0; k < kept; ++k) {
            const candidate& c = candidates_[order[k]];
            const std::size_t at = c.label < 0 ? c.from : child(c.from, c.label);
            if (c.label >= 0) nodes_[at].next = {none, c.score};
            beam_.push_back(at);
        }
        for (std::size_t at : beam_) {
            nodes_[at].in_beam = true;
            nodes_[at].now = nodes_[at].next;
        }
    }
    std::size_t child(std::size_t of, std::int64_t label) {
        for (std::ptrdiff_t c = nodes_[of].first_child; c >= 0; c = nodes_[static_cast<std::size_t>(c)].sibling)
            if (nodes_[static_cast<std::size_t>(c)].label == label) return static_cast<std::size_t>(c);
        node made;
        made.parent = static_cast<std::ptrdiff_t>(of);
        made.label = label;
        made.sibling = nodes_[of].first_child;
        nodes_[of].first_child = static_cast<std::ptrdiff_t>(nodes_.size());
        nodes_.push_back(made);
        return nodes_.size() - 1;
    }
};
}  // namespace detail

/// ctc_greedy(y): in each row the most probable class of each step, repeats made one and blanks taken out. That is the most probable
/// alignment, not the most probable sequence.
///
/// Shape   y log probabilities, logits or probabilities [time, batch, classes]  ->  one sequence of labels a row
/// Limits  of equal ones the first class
template <class A>
std::vector<std::vector<std::int64_t>> ctc_greedy(const A& y, const ctc_decoding& how = {}) {
    detail::check_decoding("ctc_greedy", y, how);
    std::vector<std::vector<std::int64_t>> made(y.shape()[1]);
    for (std::size_t b = 0; b < made.size(); ++b) {
        std::size_t before = how.blank;
        for (std::size_t s = 0; s < detail::steps_of_row(how, b, y.shape()[0]); ++s) {
            std::size_t best = 0;
            for (std::size_t c = 1; c < y.shape()[2]; ++c)
                if (y(s, b, c) > y(s, b, best)) best = c;
            if (best != before && best != how.blank) made[b].push_back(static_cast<std::int64_t>(best));
            before = best;
        }
    }
    return made;
}

/// ctc_beam(y, width): in each row the most probable sequences of labels that a search finds which keeps `width` prefixes at each step, the
/// best first, each with its log probability.
///
///     auto found = xg::ctc_beam(program(z = Z), 16);   // program = xg::compile<float>(xg::log_softmax(z))
///     found[0][0].labels;                              // of the first row
///
/// Shape   y log probabilities [time, batch, classes]  ->  how.best sequences a row, fewer where there are not so many
/// Limits  a log probability is that of the alignments whose prefixes the beam has kept: exact where it holds all prefixes, else at most that
/// Method  all alignments of a prefix are one entry, apart by whether they end in a blank; log probabilities in double
/// Source  Graves and Jaitly, ICML 2014; Hannun et al., arXiv 1408.2873
template <class A>
std::vector<std::vector<ctc_sequence>> ctc_beam(const A& y, std::size_t width, const ctc_decoding& how = {}) {
    detail::check_decoding("ctc_beam", y, how);
    if (width == 0) throw shape_error("xgrad::ctc_beam(log_probabilities, width): a beam holds at least one prefix.");
    std::vector<std::vector<ctc_sequence>> made;
    for (std::size_t b = 0; b < y.shape()[1]; ++b) {
        detail::prefix_beam beam(width, how.blank);
        beam.room_for(y.shape()[2]);
        for (std::size_t s = 0; s < detail::steps_of_row(how, b, y.shape()[0]); ++s) beam.step(y.shape()[2], [&](std::size_t c) { return static_cast<double>(y(s, b, c)); });
        made.push_back(beam.best(how.best));
    }
    return made;
}

}  // namespace xgrad
