// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/elementwise_law.hpp"

TEMPLATE_LIST_TEST_CASE("elementwise laws, part 0", "[ops]", laws::ops_of_part<0>) { laws::all_hold<TestType>(); }
