// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#if __cplusplus < 202002L
#error "xgrad: this is C++20, and the compiler reads an older C++, as g++ 12 and clang 19 do unless told otherwise. Fix: compile with -std=c++20."
#include <xgrad, which stops here>  // an #error alone would be followed by pages of what is no C++17
#endif

#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "xgrad: NaN and infinity have a meaning here. Fix: drop -ffast-math (or -ffinite-math-only)."
#endif

/// Most axes a tensor may have, and most operands an op may take.
#ifndef XGRAD_MAX_RANK
#define XGRAD_MAX_RANK 6
#endif

#if defined(__GNUC__) && !defined(__clang__)
#define XGRAD_FRIEND_INJECTION_BEGIN \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wnon-template-friend\"")
#define XGRAD_FRIEND_INJECTION_END _Pragma("GCC diagnostic pop")
#else
#define XGRAD_FRIEND_INJECTION_BEGIN
#define XGRAD_FRIEND_INJECTION_END
#endif

#if defined(__GNUC__)
#define XGRAD_INLINE inline __attribute__((always_inline))
#define XGRAD_NOINLINE __attribute__((noinline))
#define XGRAD_RARELY __attribute__((noinline, cold))  // where a call more costs nothing: small code that compiles fast
#define XGRAD_LAMBDA_INLINE __attribute__((always_inline))
#else
#define XGRAD_INLINE inline
#define XGRAD_NOINLINE
#define XGRAD_RARELY
#define XGRAD_LAMBDA_INLINE
#endif

namespace xgrad {
inline constexpr int max_rank = XGRAD_MAX_RANK;
inline constexpr int max_arity = 4;
}  // namespace xgrad
