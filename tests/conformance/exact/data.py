# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""Numbers as the library sees them, and the file that a test reads: arrays of doubles, each after its rank and extents."""
import struct

from mpmath import mpf

NAN, INF = float("nan"), float("inf")


def rounded(x, element):
    """The float (or double) next to x."""
    return struct.unpack("<f", struct.pack("<f", x))[0] if element == "float" else float(x)


def all_rounded(x, element):
    if isinstance(x, list):
        return [all_rounded(y, element) for y in x]
    if isinstance(x, dict):
        return {k: all_rounded(y, element) for k, y in x.items()}
    return rounded(x, element) if isinstance(x, float) else x


def to_double(x):
    return float(x) if not isinstance(x, mpf) or not abs(x) > mpf(10) ** 300 else INF if x > 0 else -INF


def flat(x):
    return [z for y in x for z in flat(y)] if isinstance(x, list) else [x]


class Writer:
    def __init__(self):
        self.numbers = []

    def put(self, extents, numbers):
        numbers = flat(numbers)
        size = 1
        for e in extents:
            size *= e
        assert size == len(numbers), (extents, len(numbers))
        self.numbers += [float(len(extents)), *map(float, extents), *map(to_double, numbers)]

    def write(self, path):
        path.write_bytes(struct.pack(f"<{len(self.numbers)}d", *self.numbers))
