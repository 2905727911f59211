// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/leaf.hpp>
#include <xgrad/optim/optimiser.hpp>

#include <stdexcept>

namespace xgrad {

/// The number type of a trainer: `xg::precision<double>`; float if nothing is said.
template <class T>
struct precision_t {};
template <class T>
inline constexpr precision_t<T> precision{};

/// A loss, or a norm of gradients, that is not finite does not stop the step.
struct allow_non_finite_t {};
inline constexpr allow_non_finite_t allow_non_finite{};

/// Options that the plan of a step depends on, not only its numbers.
struct training_option {};

/// So many batches make one update, with the mean of their gradients: what one batch of all their rows would give where the loss
/// is a mean over rows and the batches have as many. `trainer.step` returns each batch's own loss, and counts updates.
struct accumulate : training_option {
    std::size_t batches;
    constexpr explicit accumulate(std::size_t count) : batches(count) {}
};

/// An exponential moving average of every parameter, average = decay average + (1 - decay) p after each update, from its first
/// value on: `trainer.compile(xg::averaged, p)` computes with it.
struct ema : training_option {
    double decay;
    constexpr explicit ema(double d) : decay(d) {}
};
/// To `trainer.compile`: with the averaged parameters.
struct averaged_t {};
inline constexpr averaged_t averaged{};

/// `xg::freeze<"encoder">`: what is under these paths stays as it is; its gradient is not computed.
template <fixed_string... Path>
struct freeze_t : training_option {};
template <fixed_string... Path>
inline constexpr freeze_t<Path...> freeze{};

/// `xg::sparse_updates<"word">`: of the tables under these paths, which embeddings read, a step updates those rows alone that its batch reads:
/// its work does not depend on how many there are. A row that the batch does not read stays bit by bit as it is, and so do its momentum
/// and moments: they do not decay, no momentum moves it, and weight decay leaves it alone, until a batch reads it again (as PyTorch's SparseAdam and
/// the lazy Adam of TensorFlow have it; plain sgd does the same as without the option). The number of the step, in Adam's corrections, counts all steps.
///
/// For optimisers that work number by number: not lamb. Clippings: clip_value, clip_norm and clip_global_norm, which see the rows' gradients; all
/// others are 0. Not with accumulate, ema, or a max_norm of the table, which change rows that no batch reads; nor for a table that is read by
/// anything but embeddings, or has a penalty.
template <fixed_string... Path>
struct sparse_updates_t : training_option {};
template <fixed_string... Path>
inline constexpr sparse_updates_t<Path...> sparse_updates{};

/// `xg::no_decay<"*.bias", "embedding">`: no weight decay for these paths.
template <fixed_string... Path>
struct no_decay_t : training_option {};
template <fixed_string... Path>
inline constexpr no_decay_t<Path...> no_decay{};
/// Weight decay for parameters of two or more axes alone: weights, not biases or scales.
struct decay_matrices_t : training_option {};
inline constexpr decay_matrices_t decay_matrices{};

namespace detail {
/// What an option's number is called, "max_norm.head": another one for other paths.
template <fixed_string Number, fixed_string... Path>
inline constexpr auto number_of_paths = [] {
    fixed_string<(sizeof(Number) + ... + sizeof(Path))> name;
    std::size_t n = 0;
    const auto append = [&](std::string_view text) {
        if (n > 0) name.text[n++] = '.';
        for (const char c : text) name.text[n++] = c;
    };
    append(Number);
    (append(Path), ...);
    return name;
}();
}  // namespace detail

/// `xg::rate_factor<"encoder">{0.1}`: a tenth of the learning rate for what is under these paths (PyTorch's parameter groups). Where several options name
/// a parameter, the first counts. For optimisers with a learning_rate; what a schedule sets is multiplied too.
///
/// Errors      std::invalid_argument where the factor is negative or no number
template <fixed_string... Path>
struct rate_factor : training_option {
    double factor;
    constexpr explicit rate_factor(double f) : factor(f) {
        if (!(f >= 0)) throw std::invalid_argument("xgrad::rate_factor: a factor is 0 or more.");
    }

    static constexpr std::array<std::string_view, 1> hyperparameters{detail::number_of_paths<"rate_factor", Path...>};
    constexpr std::array<double, 1> values() const { return {factor}; }
};

/// A number of the optimiser, the learning rate if no other is named, set before each update: `xg::schedule(f)`, f(0) for the first.
/// `xg::schedule<"momentum">(f)` sets another.
template <fixed_string Name, class F>
struct scheduled {
    F at;
};
template <fixed_string Name = fixed_string("learning_rate"), class F>
constexpr auto schedule(F f) {
    constexpr bool is_schedule = std::is_invocable_r_v<double, const F&, double>;
    static_assert(is_schedule, "xgrad::schedule(f): f is called with a number of steps and gives a number. Fix: xg::schedule(xg::constant_rate{1e-3}); a rate that stays is the optimiser's own, xg::adam{.learning_rate = 1e-3}.");
    if constexpr (is_schedule) {
        return scheduled<Name, F>{f};
    } else {
        return allow_non_finite;  // an option, so that nothing more is wrong
    }
}

namespace detail {
/// Whether a path is meant: "encoder" is itself and all that stands below it; with a star, which stands for any text, all of it must fit.
constexpr bool matches_path(std::string_view pattern, std::string_view path) {
    if (pattern.find('*') == std::string_view::npos) return path.starts_with(pattern) && (path.size() == pattern.size() || path[pattern.size()] == '.');
    std::size_t p = 0, star = std::string_view::npos, retry = 0;
    for (std::size_t i = 0; i < path.size();) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = i;
        } else if (p < pattern.size() && pattern[p] == path[i]) {
            ++p;
            ++i;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            i = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

/// Whether an option is of a kind, such as freeze_t, and one of its paths means a parameter: `names<freeze_t>(static_cast<O*>(nullptr), d)`.
template <template <fixed_string...> class Kind>
constexpr bool names(void*, const declaration&) {
    return false;
}
template <template <fixed_string...> class Kind, fixed_string... Path>
constexpr bool names(Kind<Path...>*, const declaration& d) {
    return (matches_path(Path, d.name) || ...);
}
template <class Option, template <fixed_string...> class Kind>
inline constexpr bool is_of_kind = false;
template <template <fixed_string...> class Kind, fixed_string... Path>
inline constexpr bool is_of_kind<Kind<Path...>, Kind> = true;

template <class Wanted, class... Options>
inline constexpr bool asks_for = (std::is_same_v<Wanted, Options> || ...);

/// The options that the plan depends on, alone: trainers that differ in others share it.
template <class... Options>
struct option_list {};
template <class Kept, class... Options>
struct plan_options_among {
    using type = Kept;
};
template <class... Kept, class O, class... Rest>
struct plan_options_among<option_list<Kept...>, O, Rest...>
    : plan_options_among<std::conditional_t<std::is_base_of_v<training_option, O>, option_list<Kept..., O>, option_list<Kept...>>, Rest...> {};

template <class T, class... Options>
struct precision_among {
    using type = T;
};
template <class T, class U, class... Rest>
struct precision_among<T, precision_t<U>, Rest...> {
    using type = U;
};
template <class T, class O, class... Rest>
struct precision_among<T, O, Rest...> : precision_among<T, Rest...> {};
}  // namespace detail

}  // namespace xgrad
