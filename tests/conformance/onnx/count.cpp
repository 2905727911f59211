// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#define CATCH_CONFIG_EXTERNAL_INTERFACES  // version 2: listeners
#include "support/catch.hpp"

#include <fstream>
#include <map>
#include <sstream>

/// Counts the cases that pass by op, and leaves the count where ./tests/run prints it.
namespace {
#if __has_include(<catch2/catch_all.hpp>)
using listener_base = Catch::EventListenerBase;
#else
using listener_base = Catch::TestEventListenerBase;
#endif

struct counter : listener_base {
    using listener_base::listener_base;
    std::map<std::string, std::pair<int, int>> cases;  ///< op -> passed, run

    void testCaseEnded(const Catch::TestCaseStats& ended) override {
        std::string op;
#if __has_include(<catch2/catch_all.hpp>)
        if (!ended.testInfo->tags.empty()) op = std::string(ended.testInfo->tags[0].original);
#else
        if (!ended.testInfo.tags.empty()) op = ended.testInfo.tags[0];
#endif
        auto& [passed, run] = cases[op];
        passed += ended.totals.assertions.allOk() && ended.totals.assertions.passed > 0;
        ++run;
    }
    void testRunEnded(const Catch::TestRunStats&) override {
        std::ostringstream text;
        int passed = 0, run = 0;
        for (const auto& [op, count] : cases) {
            passed += count.first, run += count.second;
            text << (text.tellp() > 0 ? ", " : "") << op << ' ' << count.first << " of " << count.second;
        }
        std::ofstream(ONNX_COUNT) << "ONNX node tests: " << passed << " of " << run << " pass: " << text.str() << '\n';
    }
};
}  // namespace
CATCH_REGISTER_LISTENER(counter)
