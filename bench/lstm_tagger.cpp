// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "tagger_xgrad.hpp"

namespace bench::tagger {
namespace {

const auto all = variants<lstm>(loss_of(xg::lstm<"cell">(time, n)), std::tuple_cat(of_gate<"input">(), of_gate<"forget">(), of_gate<"cell">(), of_gate<"output">(), of_score));

}  // namespace
}  // namespace bench::tagger
