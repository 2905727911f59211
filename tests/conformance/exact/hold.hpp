// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/xgrad.hpp>

#include "support/arrays.hpp"
#include "support/catch.hpp"

#include <fstream>
#include <sstream>

/// Results against 50-digit arithmetic. generate.py wrote the data, the exact results, and a scale for each: what its error is relative to.
namespace exact {

namespace xg = xgrad;
using namespace xg::literals;

inline constexpr auto rows = xg::axis<"rows">;

/// Bounds in units of epsilon: 2e-6 and 4e-6 in float. x - max has an error of half a unit, 32 epsilon where the gap is 64 to 128.
inline constexpr double value_bound = 16, gradient_bound = 32;

/// A capped logit, up to 30, has an error of its own: 2 units of tanh, twice in a difference.
inline constexpr double of_softcap = 4;

/// The largest errors found, in epsilon: of values and of gradients. Printed at the end of ./tests/run.
struct found_errors {
    double value = 0, gradient = 0;
    std::size_t numbers = 0;
};
inline found_errors found;

class reader {
public:
    explicit reader(const char* name) : file_(std::string(EXACT_DATA "/") + name, std::ios::binary) { REQUIRE(file_); }

    /// The next array of the file.
    template <class T, std::size_t Rank>
    xt::xtensor<T, Rank> array() {
        std::array<std::size_t, Rank> extents{};
        REQUIRE(number() == Rank);
        for (std::size_t& e : extents) e = static_cast<std::size_t>(number());
        xt::xtensor<T, Rank> made = xt::xtensor<T, Rank>::from_shape(extents);
        for (std::size_t i = 0; i < made.size(); ++i) made.data()[i] = static_cast<T>(number());
        return made;
    }
    /// Whether every number is the next array's, to `bound` epsilon of the scale that follows it.
    template <class T, class Result>
    void holds(const char* what, const Result& got, double bound) {
        if constexpr (std::is_arithmetic_v<Result>) {
            const auto wanted = array<double, 0>();
            const auto scale = array<double, 0>();
            each<T>(what, &got, 1, bound, wanted, scale);
        } else {
            constexpr std::size_t rank = std::tuple_size_v<typename Result::shape_type>;
            const auto wanted = array<double, rank>();
            const auto scale = array<double, rank>();
            REQUIRE(got.shape() == wanted.shape());
            each<T>(what, got.data(), got.size(), bound, wanted, scale);
        }
    }

private:
    std::ifstream file_;

    double number() {
        double x = 0;
        file_.read(reinterpret_cast<char*>(&x), sizeof(x));
        if (!file_) throw std::runtime_error("the file of exact results ends early");
        return x;
    }
    template <class T, class Numbers>
    void each(const char* what, const T* got, std::size_t count, double bound, const Numbers& wanted, const Numbers& scale) {
        double worst = 0;
        std::ostringstream worst_is;
        for (std::size_t i = 0; i < count; ++i) {
            const double w = wanted.data()[i], g = static_cast<double>(got[i]);
            const double least = 1e2 * static_cast<double>(std::numeric_limits<T>::min());  // digits end where numbers do
            const double far = std::abs(w) > static_cast<double>(std::numeric_limits<T>::max());
            const bool same = (std::isnan(w) && std::isnan(g)) || (far && std::isinf(g) && (g > 0) == (w > 0));
            const double error = same ? 0 : std::max(0.0, std::abs(g - w) - least) / (scale.data()[i] * support::epsilon<T> + 1e-300);
            if (!(error <= worst)) {
                worst = std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
                worst_is.str("");
                worst_is << what << ", element " << i << ": " << g << ", exact " << w << ", scale " << scale.data()[i] << ": " << error << " epsilon";
            }
        }
        double& kept = std::string_view(what).ends_with("value") ? found.value : found.gradient;
        kept = std::max(kept, worst);
        found.numbers += count;
        INFO(worst_is.str());
        CHECK(worst <= bound);
    }
};

}  // namespace exact
