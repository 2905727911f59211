# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""A program for each group of losses that share their inputs, in float: its source, its data and the exact results. Every loss has a row mask."""
import random

from mpmath import mp, mpf

from data import INF, NAN, Writer, all_rounded
from dual import DIGITS, Dual
from other_losses import C, PROGRAMS

DECLARED = {"number": 'xg::input<"{}">(rows)', "vector": f'xg::input<"{{}}">(rows, {C}_c)', "probability": f'xg::probability_input<"{{}}">(rows, {C}_c)',
            "label": f'xg::labels<"{{}}">(rows, xg::classes({C}_c))'}


def spoiled(row, inputs, draw):
    """The row as a mask hides it: no number in it is one."""
    def of(k, kind):
        bad = [NAN] + [draw.choice([NAN, INF, -INF]) for _ in range(C - 1)]
        return row[k] if kind == "label" else draw.choice(bad) if kind == "number" else bad
    return {k: of(k, kind) for k, kind in inputs.items()}


def exact_of(loss, inputs, row):
    """Value, gradients by the inputs asked for, and the scales of both."""
    plain = {k: row[k] if kind == "label" else [mpf(e) for e in row[k]] if isinstance(row[k], list) else mpf(row[k]) for k, kind in inputs.items()}
    duals = {k: v if inputs[k] == "label" else [Dual(e, {(k, i): 1}) for i, e in enumerate(v)] if isinstance(v, list) else Dual(v, {(k, 0): 1})
             for k, v in plain.items()}
    made = loss.value(duals)
    slopes = [[mpf(made.slope.get((k, i), 0)) for i in range(len(row[k]) if isinstance(row[k], list) else 1)] for k in loss.by]
    size = loss.value_size(plain, made.value) if loss.value_size else abs(made.value)
    slope_size = loss.slope_size or (lambda x, v, var, i, g: abs(g))
    return made.value, slopes, size, [[slope_size(plain, made.value, k, i, g) for i, g in enumerate(s)] for k, s in zip(loss.by, slopes)]


def source_and_data(number, program, folder):
    mp.dps = DIGITS
    draw = random.Random(2000 + number)
    inputs, losses = program.inputs, program.losses
    sets = {name: [(row, True) for row in rows] for name, rows in program.sets(draw).items()}
    known = sets["scale 1"] if "scale 1" in sets else next(iter(sets.values()))
    sets["NaN in rows that do not count"] = [(row, True) if i % 3 == 1 else (spoiled(row, inputs, draw), False) for i, (row, _) in enumerate(known)]
    sets["no row counts"] = [(spoiled(row, inputs, draw), False) for row, _ in known]

    to = Writer()
    for rows in sets.values():
        rows = [(all_rounded(row, "float"), keep) for row, keep in rows]
        n = len(rows)
        for k, kind in inputs.items():
            to.put([n] if kind in ("number", "label") else [n, C], [row[k] for row, _ in rows])
        to.put([n], [keep for _, keep in rows])
        for loss in losses:
            none = [[mpf(0)] * (1 if inputs[k] == "number" else C) for k in loss.by]
            empty = mpf(0), none, mpf(0), none
            found = [exact_of(loss, inputs, row) if keep else empty for row, keep in rows]
            to.put([n], [f[0] for f in found])
            to.put([n], [f[2] for f in found])
            for j, k in enumerate(loss.by):
                extents = [n] if inputs[k] == "number" else [n, C]
                to.put(extents, [f[1][j] for f in found])
                to.put(extents, [f[3][j] for f in found])
    file = f"losses_{number}.bin"
    to.write(folder / file)
    mp.dps = 50

    lines = [f'TEST_CASE("{", ".join(loss.name for loss in losses)}", "[exact]") {{', "    using T = float;"]
    lines += [f"    constexpr auto {k} = {DECLARED[kind].format(k)};" for k, kind in inputs.items()]
    lines.append('    constexpr auto m = xg::mask<"m">(rows);')
    wanted, results = [], []
    for i, loss in enumerate(losses):
        masked = loss.expression.format(", xg::row_mask(m)")
        lines.append(f"    constexpr auto loss_{i} = {masked};")
        wanted += [f"loss_{i}"] + [f"xg::gradient(xg::sum(loss_{i}), {k})" for k in loss.by]
        results.append((f"value_{i}", f"{loss.name}, value", "value"))
        results += [(f"by_{k}_{i}", f"{loss.name}, gradient by {k}", "gradient") for k in loss.by]
    bound = ", ".join([f"{k} = data_{k}" for k in inputs] + ["m = data_m"])
    lines.append(f"    const auto program = xg::compile<T>({', '.join(wanted)});")
    lines.append(f'    exact::reader from("{file}");')
    lines.append("    for (const char* set : {" + ", ".join(f'"{n}"' for n in sets) + "}) {")
    lines.append("        INFO(set);")
    types = {"number": "T, 1", "label": "std::int32_t, 1", "vector": "T, 2", "probability": "T, 2"}
    lines += [f"        const auto data_{k} = from.array<{types[kind]}>();" for k, kind in inputs.items()]
    lines.append("        const auto data_m = from.array<bool, 1>();")
    lines.append(f"        const auto [{', '.join(r for r, _, _ in results)}] = program({bound});")
    lines += [f'        from.holds<T>("{text}", {r}, exact::{kind}_bound);' for r, text, kind in results]
    lines += ["    }", "}"]
    return "\n".join(lines)
