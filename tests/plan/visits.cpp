// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/catch.hpp"
#include "support/models.hpp"

#include <cstdio>

namespace xg = xgrad;

/// Node visits of the stages that the compiler runs: what compile time is made of (about 6 microseconds each). A gate, so that
/// nothing quadratic creeps in; plans only, no kernel is instantiated here.
namespace {
template <class Loss>
constexpr long visits = decltype(xg::trainer{Loss{}, xg::adam{}})::plan.visits;

constexpr long article = visits<std::remove_const_t<decltype(models::article::loss)>>;
constexpr long layers_8 = visits<decltype(models::deep::loss<8>())>;
constexpr long layers_64 = visits<decltype(models::deep::loss<64>())>;

template <class Loss>
constexpr std::size_t bodies = decltype(xg::trainer{Loss{}, xg::adam{}})::plan.bodies.size();
}  // namespace

static_assert(article <= 1'600, "the plan of a small classifier has become more expensive to make");
static_assert(layers_64 <= 8 * layers_8, "planning grows faster than the number of layers");
// Sixty-four layers of nine kinds: kernels are shared.
static_assert(bodies<decltype(models::deep::loss<64>())> <= bodies<decltype(models::deep::loss<8>())> + 12);

TEST_CASE("visits of the planning stages", "[plan]") {
    std::printf("visits: 32-64-1 classifier %ld, 8 layers %ld, 64 layers %ld (%.2f times 8 layers)\n", article, layers_8, layers_64,
                static_cast<double>(layers_64) / static_cast<double>(layers_8));
    SUCCEED();
}
