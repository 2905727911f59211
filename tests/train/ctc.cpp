// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// ctc_greedy and ctc_beam against the probabilities of all sequences.
#include "support/alignments.hpp"
#include "support/catch.hpp"

#include <map>

namespace xg = xgrad;
using namespace alignments;

TEST_CASE("ctc_greedy, ctc_beam: against all alignments", "[nn]") {
    const auto Z = support::uniform<double>({6, 12, 3}, 5, -2, 2);
    const std::vector<std::size_t> lengths{6, 5, 4, 3, 2, 1, 0, 6, 6, 6, 6, 6};
    for (const std::size_t blank : {0u, 1u, 2u}) {
        auto Y = support::shaped<double>({6, 12, 3});
        std::vector<std::map<sequence, real>> exact(12);
        std::vector<sequence> greedy(12);
        for (std::size_t r = 0; r < 12; ++r) {
            const auto p = probabilities(Z, r, [&](std::size_t s) { return s < lengths[r]; });
            for (std::size_t s = 0; s < 6; ++s)
                for (std::size_t c = 0; c < 3; ++c) Y(s, r, c) = s < p.size() ? static_cast<double>(std::log(p[s][c])) : 0;
            real best = 0;
            over_alignments(p, [&](const sequence& a, real probability) {
                exact[r][collapsed(a, static_cast<std::int64_t>(blank))] += probability;
                if (probability > best) best = probability, greedy[r] = collapsed(a, static_cast<std::int64_t>(blank));
            });
        }
        CHECK(xg::ctc_greedy(Y, {.blank = blank, .lengths = lengths}) == greedy);

        // A beam that holds every prefix is exact: all sequences, each with its probability.
        const auto all = xg::ctc_beam(Y, 1000, {.blank = blank, .lengths = lengths, .best = 1000});
        for (std::size_t r = 0; r < 12; ++r) {
            CAPTURE(r);
            REQUIRE(all[r].size() == exact[r].size());
            for (std::size_t k = 0; k < all[r].size(); ++k) {
                CHECK(support::relative_error(std::exp(all[r][k].log_probability), exact[r][all[r][k].labels], exact[r][all[r][k].labels]) < 1e-13);
                CHECK((k == 0 || all[r][k].log_probability <= all[r][k - 1].log_probability));
            }
        }
        // A narrow one finds sequences that exist, at most as probable as they are; most often the best.
        int best = 0;
        const auto narrow = xg::ctc_beam(Y, 4, {.blank = blank, .lengths = lengths, .best = 4});
        for (std::size_t r = 0; r < 12; ++r) {
            CHECK(narrow[r].size() <= 4);
            best += narrow[r][0].labels == all[r][0].labels;
            for (const auto& found : narrow[r]) CHECK(std::exp(found.log_probability) <= exact[r].at(found.labels) * (1 + 1e-13L));
        }
        CHECK(best >= 10);
    }
    // Blank, blank is the most probable alignment; "1" is the most probable sequence.
    xt::xtensor<float, 3> Y = {{{-0.5108256f, -0.9162907f}}, {{-0.5108256f, -0.9162907f}}};
    CHECK(xg::ctc_greedy(Y)[0].empty());
    CHECK(xg::ctc_beam(Y, 8)[0][0].labels == sequence{1});
    CHECK(std::abs(xg::ctc_beam(Y, 8)[0][0].log_probability - std::log(0.64)) < 1e-6);
}

TEST_CASE("ctc_greedy, ctc_beam: what they refuse", "[nn]") {
    auto Y = support::shaped<float>({2, 3, 4});
    CHECK_THROWS_AS(xg::ctc_greedy(Y, {.blank = 4}), xg::shape_error);
    CHECK_THROWS_AS(xg::ctc_greedy(Y, {.lengths = {1, 2}}), xg::shape_error);
    CHECK_THROWS_AS(xg::ctc_beam(Y, 2, {.lengths = {1, 2, 3}}), xg::shape_error);
    CHECK_THROWS_AS(xg::ctc_beam(Y, 0), xg::shape_error);
    Y(1, 2, 3) = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_AS(xg::ctc_beam(Y, 2), xg::binding_error);
}
