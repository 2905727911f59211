// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#define CATCH_CONFIG_EXTERNAL_INTERFACES  // version 2: listeners
#include "conformance/exact/hold.hpp"

/// Leaves the largest errors where ./tests/run prints them.
namespace {
#if __has_include(<catch2/catch_all.hpp>)
using listener_base = Catch::EventListenerBase;
#else
using listener_base = Catch::TestEventListenerBase;
#endif

struct report : listener_base {
    using listener_base::listener_base;

    void testRunEnded(const Catch::TestRunStats&) override {
        const auto& found = exact::found;
        std::ofstream(EXACT_FOUND) << "50-digit arithmetic: " << found.numbers << " numbers; largest error of a value " << found.value << " epsilon (bound "
                                   << exact::value_bound << "), of a gradient's entry " << found.gradient << " (bound " << exact::gradient_bound << ", with softcap "
                                   << exact::gradient_bound * exact::of_softcap << ")\n";
    }
};
CATCH_REGISTER_LISTENER(report)
}  // namespace
