// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "bench.hpp"

#include <xgrad/xgrad.hpp>

/// What the options of cross-entropy cost beside the loss without them: the value and the gradient with respect to the logits.
namespace bench::cross_entropy_options {
namespace {

namespace xg = xgrad;
using namespace xg::literals;

template <std::size_t Rows, std::size_t Classes>
struct formulas {
    static constexpr xg::static_extent<Classes> classes{};
    static constexpr auto z = xg::input<"z">(xg::axis<"rows">, classes);
    static constexpr auto w = xg::input<"w">(classes);
    static constexpr auto t = xg::labels<"t">(xg::axis<"rows">, xg::classes(classes));
    static constexpr auto u = xg::labels<"u">(xg::axis<"rows">, xg::classes(classes), xg::ignore_index<-100>);
    static constexpr auto mean = xg::reduction<"mean">;

    static constexpr auto plain = xg::cross_entropy(z, t, mean);
    template <class... More>
    static constexpr auto with(More... more) {
        return xg::cross_entropy(z, u, mean, xg::class_weight(w), xg::label_smoothing(0.1_c), xg::z_loss(0.0001_c), xg::temperature(2_c), xg::focal(2_c), xg::poly(1_c), more...);
    }
    static constexpr auto all_but_softcap = with();
    static constexpr auto all = with(xg::softcap(30_c));
};

/// A loss and its gradient by a prepared program, with options such as xgrad::unfused.
template <std::size_t Rows, std::size_t Classes, class Loss, class... Options>
void by_program(benchmark::State& state, Loss loss, Options... options) {
    using f = formulas<Rows, Classes>;
    const auto logits = uniform(Rows * Classes, 16, -4, 4), weights = uniform(Classes, 17, 0.5f, 2);
    const auto labels = bench::labels(Rows, 18, Classes);
    const auto z = xg::adapt(logits.data(), std::array{Rows, Classes});
    const auto w = xg::adapt(weights.data(), std::array{Classes});
    const auto t = xg::adapt(labels.data(), std::array{Rows});
    float value = 0;
    xg::tensor<float, 2> gradient;
    auto program = xg::compile(loss, xg::gradient(loss, f::z), options...).prepare();
    auto step = program.into(value, gradient);
    time_results(state, [&]() -> results<float, 1> {
        if constexpr (std::is_same_v<Loss, std::remove_const_t<decltype(f::plain)>>) {
            step(f::z = z, f::t = t);
        } else {
            step(f::z = z, f::u = t, f::w = w);
        }
        return {value, {{{gradient.data(), gradient.size()}}}};
    });
    count_items(state, Rows * Classes);
}

/// fused and unfused of one choice of options; the choice stands in the arguments, so that compare.py sets fused beside unfused.
template <std::size_t Rows, std::size_t Classes, class Loss>
std::array<added, 2> both(const std::string& name, Loss loss) {
    const std::string arguments = std::to_string(Rows) + "x" + std::to_string(Classes) + "/" + name;
    return {added{"cross_entropy_options/fused/" + arguments, [loss](benchmark::State& s) { by_program<Rows, Classes>(s, loss); }},
            added{"cross_entropy_options/unfused/" + arguments, [loss](benchmark::State& s) { by_program<Rows, Classes>(s, loss, xg::unfused); }}};
}
template <std::size_t Rows, std::size_t Classes>
const std::array<std::array<added, 2>, 3> of_size{both<Rows, Classes>("plain", formulas<Rows, Classes>::plain),
                                                  both<Rows, Classes>("all_but_softcap", formulas<Rows, Classes>::all_but_softcap),
                                                  both<Rows, Classes>("all", formulas<Rows, Classes>::all)};
template const std::array<std::array<added, 2>, 3> of_size<128, 10>;
template const std::array<std::array<added, 2>, 3> of_size<1024, 1000>;

}  // namespace
}  // namespace bench::cross_entropy_options
