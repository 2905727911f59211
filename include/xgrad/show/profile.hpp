// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/times.hpp>
#include <xgrad/show/explain.hpp>

#include <chrono>

namespace xgrad {
namespace show {

inline double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

inline std::string time_text(double seconds) { return seconds < 1e-3 ? three_digits(1e6 * seconds) + " us" : seconds < 1 ? three_digits(1e3 * seconds) + " ms" : three_digits(seconds) + " s"; }

/// Columns under each other; the first is to the left, the others to the right.
inline void print_table(std::ostream& os, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> width(rows[0].size(), 0);
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
    for (const auto& row : rows) {
        std::string line = "  " + row[0] + std::string(width[0] - row[0].size(), ' ');
        for (std::size_t i = 1; i < row.size(); ++i) line += "  " + std::string(width[i] - row[i].size(), ' ') + row[i];
        os << line << '\n';
    }
}

/// Each kernel's share of a run, beside what it was predicted to move and compute. Kernels that ran together are one row.
inline void print_profile(std::ostream& os, const plan_draft& p, const op_names& ops, const kernel_times& times, std::size_t element_bytes) {
    std::vector<axis_size> sizes;
    for (const auto& [name, size] : times.sizes) sizes.push_back({name, size});
    const std::vector<kernel_text> kernels = kernels_of(p, ops, buffer_names(p, {}), nullptr);
    constexpr double shortest = 1e-9;  // what a clock may call nothing
    double total = 0;
    for (const double s : times.seconds) total += std::max(s, 0.0);
    os << "medians of " << counted(times.runs, "run") << " on " << counted(times.threads, "thread") << (sizes.empty() ? "" : ", " + sizes_text(sizes)) << ": " << time_text(total)
       << " in all\n";
    std::vector<std::vector<std::string>> rows{{"kernel", "time", "share", "moves", "computes", "bytes/s", "flops/s"}};
    int number = 0;
    for (std::size_t first = 0, next = 0; first < p.steps.size(); first = next) {
        std::string label;
        double bytes = 0, flops = 0;
        for (next = first; next == first || (next < p.steps.size() && times.seconds[next] < 0); ++next) {
            if (p.steps[next].kind == step_kind::guard) continue;
            const kernel_cost cost = cost_of(p, p.steps[next], ops);
            bytes += static_cast<double>(element_bytes) * cost.elements.at(sizes);
            flops += cost.flops.at(sizes);
            label += (label.empty() ? "" : ", ") + std::to_string(++number) + " " + kernels[next].kind + (kernels[next].space.rank ? " " + shape_text(kernels[next].space) : "");
        }
        if (label.empty()) continue;
        const double seconds = times.seconds[first];
        rows.push_back({label, time_text(seconds), std::to_string(std::lround(100 * seconds / std::max(total, shortest))) + " %", in_units(bytes, "B"), in_units(flops, "flop"),
                        in_units(bytes / std::max(seconds, shortest), "B"), in_units(flops / std::max(seconds, shortest), "flop")});
    }
    print_table(os, rows);
}
}  // namespace show

/// profile(os, trainer, x = X, y = Y), profile(os, prepared, ...): runs it some twenty times and prints, for each kernel in
/// the order and with the numbers of `explain`, the median time and its share, the bytes and operations it was predicted to
/// need, and both by second. A trainer trains meanwhile.
template <class Program, class... Bindings>
    requires requires(Program& p, Bindings... b) { p.measure(1, &show::seconds, b...); }
void profile(std::ostream& os, Program& program, Bindings... bindings) {
    constexpr int runs = 20;
    program.measure(2, &show::seconds, bindings...);
    const kernel_times times = program.measure(runs, &show::seconds, bindings...);
    show::print_profile(os, show::draft_of(Program::plan), show::op_names{}, times, sizeof(typename Program::value_type));
}

}  // namespace xgrad
