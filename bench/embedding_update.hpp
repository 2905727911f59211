// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// One Adagrad step of a table of which a batch reads a few rows: the squared distance of those rows from others. Dense: the gradient is an array of the
/// table's size. Sparse: only the rows read are updated. With Adagrad both have one result.
namespace bench::embedding_update {

inline constexpr std::size_t width = 64, batch = 256;
struct job {
    std::size_t rows;
    bool sparse;
};
inline constexpr job large_dense{50'000, false}, large_sparse{50'000, true}, small_sparse{5'000, true};

/// The data and the table at the start, the same in every variant.
struct start {
    std::vector<std::int64_t> t;
    std::vector<float> y = uniform(batch * width, 51, -1, 1), table;
    explicit start(job j) : t(bench::labels(batch, 50, j.rows)), table(uniform(j.rows * width, 52, -1, 1)) {}
};

/// Registers one variant of one job. `Trainer{job, start, rate}` prepares; `step()` is a whole training step, its result the loss.
template <class Trainer>
added variant(const std::string& name, job j) {
    const std::string sizes = std::to_string(j.rows) + "x" + std::to_string(width) + "x" + std::to_string(batch);
    return {"embedding_update/" + name + "/" + sizes + (j.sparse ? "/sparse" : "/dense"), [j](benchmark::State& state) {
                const start given(j);
                Trainer checked{j, given, 1e-2}, timed{j, given, 1e-9};  // updates that count must agree; the steps that are timed all do the same work
                double sum = 0;
                for (int i = 0; i < 4; ++i) sum += checked.step();
                timed.step();
                for (auto _ : state) {
                    benchmark::DoNotOptimize(timed.step());
                    benchmark::ClobberMemory();
                }
                agree_on(state, sum);
                count_items(state, batch);
                // Rows of the table read twice and written, its state read and written, the target read; ten operations a number.
                const auto numbers = static_cast<double>(batch * width);
                least_work(state, 10 * numbers, 4 * 6 * numbers);
            }};
}

}  // namespace bench::embedding_update
