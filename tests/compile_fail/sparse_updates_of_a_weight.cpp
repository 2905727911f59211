// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Updates of rows of a parameter that a product reads.
// error: xgrad::sparse_updates<path>: a parameter under this path is read by more than embeddings
// error: Fix: drop the option, or name the embeddings alone

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto t = xg::labels<"t">(xg::axis<"batch">, xg::classes(9_c));
constexpr auto loss = xg::mean(xg::square(xg::sequential<"net">(xg::embedding<"word">(3_c), xg::dense<"out">(1_c))(t)));

void train() {
#ifdef TWIN
    xg::trainer trainer{loss, xg::sgd{}, xg::sparse_updates<"net.word">};
#else
    xg::trainer trainer{loss, xg::sgd{}, xg::sparse_updates<"net">};
#endif
}
