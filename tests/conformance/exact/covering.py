# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""A pairwise covering array: rows that together hold every pair of settings of two factors that may stand together."""
import itertools
import random


def covering_array(factors, given=(), valid=lambda row: True, seed=1, candidates=60):
    """`factors` maps a name to its settings, `valid` refuses a (partial) row; the array begins with the rows `given`. Gives the rows and the
    count of pairs. Greedy: of some random rows, each time the one with most new pairs."""
    draw = random.Random(seed)
    names = list(factors)

    def pairs_of(row):
        return {((a, row[a]), (b, row[b])) for a, b in itertools.combinations(names, 2)}

    wanted = {((a, x), (b, y)) for a, b in itertools.combinations(names, 2) for x in factors[a] for y in factors[b] if valid({a: x, b: y})}
    count, rows = len(wanted), list(given)
    for row in rows:
        wanted -= pairs_of(row)
    while wanted:
        best, most = None, 0
        for _ in range(candidates):
            (a, x), (b, y) = draw.choice(sorted(wanted, key=repr))
            row = {a: x, b: y}
            for name in draw.sample(names, len(names)):
                if name in row:
                    continue
                settings = [s for s in factors[name] if valid({**row, name: s})]
                gains = [sum((((p, row[p]), (name, s)) in wanted) or (((name, s), (p, row[p])) in wanted) for p in row) for s in settings]
                row[name] = draw.choice([s for s, g in zip(settings, gains) if g == max(gains)])
            new = len(pairs_of({n: row[n] for n in names}) & wanted)
            if new > most:
                best, most = {n: row[n] for n in names}, new
        rows.append(best)
        wanted -= pairs_of(best)
    return rows, count
