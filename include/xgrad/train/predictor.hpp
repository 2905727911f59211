// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/options.hpp>
#include <xgrad/train/trained_formula.hpp>

#include <tuple>

namespace xgrad {

namespace detail {
template <class X>
inline constexpr bool is_formula = ast::node_traits<std::remove_const_t<X>>::is_node;
template <class... X>
inline constexpr bool is_formula<std::tuple<X...>> = (ast::node_traits<X>::is_node && ...);
/// What a predictor takes beside formulas and does not hand on to `compile`.
template <class X>
inline constexpr bool is_predictor_option = std::is_same_v<X, seed>;
template <class T>
inline constexpr bool is_predictor_option<precision_t<T>> = true;

constexpr std::uint64_t seed_among(auto... x) {
    std::uint64_t found = 0;
    (([&] {
         if constexpr (std::is_same_v<decltype(x), seed>) found = x.value;
     }()),
     ...);
    return found;
}
/// `compile` of the formulas and the options that it takes.
template <class T, class... X>
constexpr auto program_among(X... x) {
    const auto keep = [](auto e) {
        if constexpr (is_formula<decltype(e)> || is_plan_option<decltype(e)>) {
            return std::tuple<decltype(e)>{e};
        } else {
            return std::tuple<>{};
        }
    };
    if constexpr ((is_formula<X> || ...)) {
        return std::apply([](auto... kept) { return xgrad::compile<T>(kept...); }, std::tuple_cat(keep(x)...));
    } else {
        return xgrad::compile<T>(number<0.0>);  // which is reported
    }
}
template <class... X>
using program_of_predictor = decltype(program_among<typename precision_among<float, X...>::type>(std::declval<X>()...));
}  // namespace detail

/// Formulas of a model with parameters of their own, for a program that uses the model and does not train it:
///
///     xg::predictor predict{xg::softmax(model(x))};
///     xg::load("model.safetensors", predict.parameters());
///     predict(x = X);
///
/// Called like what `trainer.compile` returns, which a copy is like too: the same parameters, working memory of its own. (Of other parameters make another
/// predictor.) Compiles no training step.
///
/// Options     among the formulas: precision<double>, seed{1}, unfused. Until they are filled, parameters are what a trainer of this seed begins with.
template <class... X>
class predictor : public trained_formula<typename detail::program_of_predictor<X...>::value_type, detail::program_of_predictor<X...>::plan> {
    using program = detail::program_of_predictor<X...>;
    using base = trained_formula<typename program::value_type, program::plan>;
    static_assert((detail::is_formula<X> || ...) && ((detail::is_formula<X> || detail::is_plan_option<X> || detail::is_predictor_option<X>) && ...),
                  "xgrad::predictor: it is made of formulas, and options such as xg::precision<double>; one of what is given is neither, or there is no formula. Fix: predictor{xg::softmax(model(x))}, a layer applied to an input.");

public:
    static constexpr const auto& expressions = program::expressions;
    explicit predictor(X... x) : base(std::make_shared<parameter_store<typename base::value_type>>(detail::parameter_declarations<base::plan>(), 0, detail::seed_among(x...))) {}

    /// A Hana map from names to xtensor windows: `parameters()["hidden.weight"_p]`, `hana::for_each(parameters(), ...)`.
    auto parameters() const { return detail::all_parameters<base::plan>(*this->store_); }
    /// One of them, without a map of all: `parameter("hidden.weight"_p)`.
    template <fixed_string Name>
    auto parameter(boost::hana::basic_type<parameter_key<Name>>) const {
        return detail::parameter_named<base::plan, Name>(*this->store_);
    }
    template <class Text>
        requires std::is_convertible_v<Text, std::string_view>
    void parameter(const Text&) const {
        detail::refuse_plain_name<Text>();
    }
};
template <class... X>
predictor(X...) -> predictor<X...>;

}  // namespace xgrad
