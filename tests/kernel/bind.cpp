// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Labels become numbers several at a time: every count, with an ignored label and a wrong one at every place.
#include <xgrad/kernel/bind.hpp>

#include <support/catch.hpp>

#include <string>
#include <vector>

namespace {
namespace xg = xgrad;

template <class T, class Label>
void check(std::size_t count) {
    constexpr std::int64_t classes = 7, ignored = 100;
    xg::declaration d{};
    d.name = "t";
    d.kind = xg::leaf_kind::labels;
    d.classes = classes;
    d.extents.push_back({static_cast<std::int64_t>(count), nullptr});
    xg::tensor<Label, 1> labels(std::array<std::size_t, 1>{count});
    std::vector<T> numbers(count);
    for (std::size_t i = 0; i < count; ++i) labels(i) = static_cast<Label>(i % classes);
    for (std::size_t i = 0; i < count; ++i) {
        const Label before = labels(i);
        labels(i) = static_cast<Label>(ignored);
        d.has_ignored = false;
        d.ignored = 0;
        std::string message;
        try {
            xg::kernel::convert_labels(d, labels, numbers.data());
        } catch (const xg::binding_error& e) {
            message = e.what();
        }
        if (message.find("row " + std::to_string(i) + ": label 100 ") == std::string::npos) FAIL("row " << i << " of " << count << ": '" << message << "'");
        d.has_ignored = true;
        d.ignored = ignored;
        xg::kernel::convert_labels(d, labels, numbers.data());
        for (std::size_t k = 0; k < count; ++k)
            if (numbers[k] != (k == i ? T{-1} : static_cast<T>(k % classes))) FAIL("row " << k << " of " << count);
        labels(i) = before;
    }
    SUCCEED();
}
}  // namespace

TEMPLATE_TEST_CASE("labels: every count, ignored and wrong at every place", "", float, double) {
    for (std::size_t count = 1; count <= 49; ++count) {
        check<TestType, std::int64_t>(count);
        check<TestType, std::int32_t>(count);
        check<TestType, std::uint8_t>(count);
    }
}
