// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "sample_xgrad.hpp"

namespace bench::sample {
namespace {

const auto all = variants("unfused", []<class Layer, std::size_t Width>(const data<Layer, Width>& given) { return network<Layer, Width, xg::unfused_t>(given); });

}  // namespace
}  // namespace bench::sample
