// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "tagger_xgrad.hpp"

namespace bench::tagger {
namespace {

const auto all = variants<gru>(loss_of(xg::gru<"cell">(time, n)), std::tuple_cat(of_gate<"reset">(), of_gate<"update">(), of_gate<"candidate">(),
                                                                                std::tuple{xg::parameter<"cell.candidate.recurrent_bias">(n)}, of_score));

}  // namespace
}  // namespace bench::tagger
