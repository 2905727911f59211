# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""Numbers of 100 digits with their derivatives by the inputs: textbook formulas may cancel in them, and fifty digits are still right."""
from mpmath import mp, mpf

DIGITS = 100


class Dual:
    def __init__(self, value, slope):
        self.value, self.slope = mpf(value), slope

    def chain(self, value, factor):
        return Dual(value, {k: factor * d for k, d in self.slope.items()} if factor else {})

    def __add__(self, other):
        other = dual(other)
        return Dual(self.value + other.value, {k: self.slope.get(k, 0) + other.slope.get(k, 0) for k in {**self.slope, **other.slope}})

    def __neg__(self):
        return self.chain(-self.value, -1)

    def __sub__(self, other):
        return self + -dual(other)

    def __rsub__(self, other):
        return dual(other) - self

    def __mul__(self, other):
        other = dual(other)
        a, b = self.value, other.value
        return Dual(a * b, {k: b * self.slope.get(k, 0) + a * other.slope.get(k, 0) for k in {**self.slope, **other.slope}})

    def __truediv__(self, other):
        other = dual(other)
        return self * other.chain(1 / other.value, -1 / other.value**2)

    def __rtruediv__(self, other):
        return dual(other) / self

    def __pow__(self, exponent):
        return self.chain(self.value**exponent, exponent * self.value ** (exponent - 1) if self.value or exponent >= 1 else 0)

    __radd__, __rmul__ = __add__, __mul__


def dual(x):
    return x if isinstance(x, Dual) else Dual(x, {})


def exp(x):
    x = dual(x)
    return x.chain(mp.exp(x.value), mp.exp(x.value))


def log(x):
    x = dual(x)
    return x.chain(mp.log(x.value), 1 / x.value)


def sqrt(x):
    return dual(x).chain(mp.sqrt(x.value), 1 / (2 * mp.sqrt(x.value)))


def log1p_exp(x):
    """log(1 + e^x)"""
    x = dual(x)
    return x.chain(x.value + mp.log1p(mp.exp(-x.value)) if x.value > 0 else mp.log1p(mp.exp(x.value)), 1 / (1 + mp.exp(-x.value)))


def sigmoid(x):
    x = dual(x)
    s, r = 1 / (1 + mp.exp(-x.value)), 1 / (1 + mp.exp(x.value))
    return x.chain(s, s * r)


def relu(x):
    return x if x.value > 0 else dual(0)


def total(xs):
    made = dual(0)
    for x in xs:
        made = made + x
    return made


def log_softmax(z):
    """Classes whose logit is -inf are None."""
    top = max(x.value for x in z)
    lse = log(total(exp(x - top) for x in z if x.value != mp.ninf)) + top
    return [x - lse if x.value != mp.ninf else None for x in z]
