// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/labels.hpp"

/// One class alone: its axis has extent 1, and is an axis all the same.
TEMPLATE_TEST_CASE("pick and one_hot of one class", "[edges]", float, double) { plain::with_classes<1>::hold<TestType>(); }
