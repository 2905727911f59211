# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""One program for each row of the covering array of cross_entropy's options: its source, its data and the exact results."""
import random

from covering import covering_array
from cross_entropy import IGNORED, loss_of
from data import INF, NAN, Writer, all_rounded

FACTORS = {
    "target": ["labels", "ignoring", "distribution"],
    "reduction": ["none", "sum", "mean", "batch_mean"],
    "class_weight": [False, True],
    "row_weight": [False, True],
    "row_mask": [False, True],
    "smoothing": [0, 0.1],
    "z_loss": [0, 0.01],
    "temperature": [1, 0.5],
    "focal": [0, 2, 0.5],
    "poly": [0, 2],
    "softcap": [0, 30],
    "class_axis": [False, True],
    "classes": [5, 17, 1],
    "element": ["float", "double"],
}
INNER = 3  # extent behind the class axis


PLAIN = {name: settings[0] for name, settings in FACTORS.items()}


def combinations():
    """The plain losses, and what the array needs beside them. (Labels that may be ignored are a kind of target, so no pair is excluded.)"""
    return covering_array(FACTORS, [PLAIN, {**PLAIN, "target": "distribution"}])


def logits_of(draw, kind, classes, best):
    """One row; `best` is ahead (or behind) in rows of gaps."""
    if kind[0] == "scale":
        return [draw.uniform(-3, 3) * kind[1] for _ in range(classes)]
    gap, offset = kind[1], kind[2]
    return [offset + (gap if c == best else 0) + draw.choice([0, 0, 0.25, -0.5, -1]) for c in range(classes)]


def sets_of(o, draw):
    """Name and rows of each data set; a row: logits, target, row weight, mask."""
    classes, labels, ignoring, masked = o["classes"], o["target"] != "distribution", o["target"] == "ignoring", o["row_mask"]

    def target(best=None):
        if labels:
            return draw.randrange(classes) if best is None else best
        if best is not None:
            return [float(c == best) for c in range(classes)]
        q = [draw.choice([0, 1, 1]) * draw.uniform(0.05, 1) for _ in range(classes)]
        q[draw.randrange(classes)] += 0.25
        return [x / sum(q) for x in q]

    def row(kind, best=None, aim=None):
        return [logits_of(draw, kind, classes, best), target(aim), draw.uniform(0.2, 3), True]

    made = [(f"scale {s:g}", [row(("scale", s)) for _ in range(9)]) for s in (1e-4, 1.0, 1e4)]
    gaps = [(g, f) for g in (10, 16, 20, 40, 69, 80, 100, -20, -80, -100) for f in (0, 0, 1000, -1000)]
    rows = []
    for g, f in gaps:
        best = draw.randrange(classes)
        rows.append(row(("gap", g, f), best, best if draw.random() < 0.8 else None))
    made.append(("gaps", rows[: len(rows) // INNER * INNER]))
    if classes > 1:
        rows = []
        for i in range(9):
            z, t, v, m = row(("scale", 1.0), aim=0 if i < 5 else None)
            keep = {t} if labels else {c for c in range(classes) if t[c]}
            z = [x if c in keep or (i < 8 and draw.random() < 0.5) else -INF for c, x in enumerate(z)]  # the last has no class but its own
            rows.append([z, t, v, m])
        made.append(("-inf", rows))
    if ignoring or masked:
        rows, none = [], []
        for i in range(18):
            z, t, v, m = row(("scale", 1.0))
            if i % 3 != 1:
                hide_by_label = ignoring and (not masked or i % 2)
                spoiled = [draw.choice([NAN, INF, -INF]) for _ in range(classes - 1)] + [NAN]
                hidden = [spoiled, IGNORED if hide_by_label else t if labels else spoiled, NAN, hide_by_label]
                none.append(hidden)
                rows.append(hidden)
            else:
                rows.append([z, t, v, m])
        made += [("NaN in rows that do not count", rows), ("no row counts", none)]
    return made


def source_and_data(number, o, folder):
    """A Catch2 test case, and the file that it reads."""
    draw = random.Random(1000 + number)
    element, classes, labels = o["element"], o["classes"], o["target"] != "distribution"
    inner = INNER if o["class_axis"] else 1
    spread = f", {INNER}_c" if inner > 1 else ""
    name = ", ".join(f"{k} {v}" for k, v in o.items() if v not in (False, 0) and (k, v) != ("temperature", 1))
    declared = {"z": f'xg::input<"z">(rows, {classes}_c{spread})'}
    options = [f'xg::reduction<"{o["reduction"]}">']
    if labels:
        declared["t"] = f'xg::labels<"t">(rows{spread}, xg::classes({classes}_c){f", xg::ignore_index<{IGNORED}>" if o["target"] == "ignoring" else ""})'
    else:
        declared["q"] = f'xg::input<"q">(rows, {classes}_c{spread})'
    if o["class_weight"]:
        declared["w"] = f'xg::input<"w">({classes}_c)'
        options.append("xg::class_weight(w)")
    if o["row_weight"]:
        declared["v"] = f'xg::input<"v">(rows{spread})'
        options.append("xg::row_weight(v)")
    if o["row_mask"]:
        declared["m"] = f'xg::mask<"m">(rows{spread})'
        options.append("xg::row_mask(m)")
    for key, call in (("smoothing", "label_smoothing"), ("z_loss", "z_loss"), ("focal", "focal"), ("poly", "poly"), ("softcap", "softcap")):
        if o[key]:
            options.append(f"xg::{call}({o[key]}_c)")
    if o["temperature"] != 1:
        options.append(f'xg::temperature({o["temperature"]}_c)')
    if inner > 1:
        options.append("xg::class_axis<1>")

    to, names = Writer(), []
    for set_name, rows in sets_of(o, draw):
        names.append(set_name)
        rows = all_rounded(rows, element)
        n = len(rows) // inner
        data = {"z": [r[0] for r in rows], ("t" if labels else "q"): [r[1] for r in rows], "batch": n}
        if o["class_weight"]:
            data["w"] = all_rounded([draw.uniform(0.2, 3) for _ in range(classes)], element)
        if o["row_weight"]:
            data["v"] = [r[2] for r in rows]
        if o["row_mask"]:
            data["m"] = [r[3] for r in rows]

        def by_class(x):  # rows of classes as [n, classes, inner]
            return [[[x[i * inner + k][c] for k in range(inner)] for c in range(classes)] for i in range(n)]

        grid, flat_rows = [n, classes] + [inner] * (inner > 1), [n] + [inner] * (inner > 1)
        for key in declared:
            to.put([classes] if key == "w" else grid if key in "zq" else flat_rows, by_class(data[key]) if key in "zq" else data[key])
        value, slope, value_size, size = loss_of(data, o)
        shape = flat_rows if o["reduction"] == "none" else []
        to.put(shape, value)
        to.put(shape, value_size)
        to.put(grid, by_class(slope))
        to.put(grid, by_class(size))
    file = f"cross_entropy_{number}.bin"
    to.write(folder / file)

    rank, row_rank = (3, 2) if inner > 1 else (2, 1)
    kinds = {"z": ("T", rank), "q": ("T", rank), "t": ("std::int32_t", row_rank), "w": ("T", 1), "v": ("T", row_rank), "m": ("bool", row_rank)}
    empty = {rank: f"{{0, {classes}{', 3' if inner > 1 else ''}}}", row_rank: f"{{0{', 3' if inner > 1 else ''}}}"}
    lines = [f'TEST_CASE("cross_entropy: {name}", "[exact]") {{', f"    using T = {element};"]
    lines += [f"    constexpr auto {v} = {d};" for v, d in declared.items()]
    lines.append(f"    constexpr auto loss = xg::cross_entropy(z, {'t' if labels else 'q'}, {', '.join(options)});")
    lines.append("    const auto program = xg::compile<T>(loss, xg::gradient(xg::sum(loss), z));")
    lines.append(f'    exact::reader from("{file}");')
    lines.append("    for (const char* set : {" + ", ".join(f'"{n}"' for n in names) + "}) {")
    lines.append("        INFO(set);")
    lines += [f"        const auto data_{v} = from.array<{kinds[v][0]}, {kinds[v][1]}>();" for v in declared]
    lines.append(f"        const auto [value, slope] = program({', '.join(f'{v} = data_{v}' for v in declared)});")
    lines.append('        from.holds<T>("value", value, exact::value_bound);')
    lines.append(f'        from.holds<T>("gradient", slope, exact::gradient_bound{" * exact::of_softcap" if o["softcap"] else ""});')
    lines.append("    }")
    nothing = ", ".join(f"{v} = support::shaped<{kinds[v][0]}>({f'{{{classes}}}' if v == 'w' else empty[kinds[v][1]]})" for v in declared)
    lines.append(f"    CHECK_THROWS_AS(program({nothing}), xg::shape_error);  // no rows: refused")
    lines.append("}")
    return "\n".join(lines)
