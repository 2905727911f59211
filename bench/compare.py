# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""Prints one row a case: the time of `fused`, and how many times longer each other variant takes.

Reads Google Benchmark's JSON; names are case/variant/arguments. Takes the median of the repetitions.
Refuses a ratio where a variant computes another result, or where libtorch's products come from a reference BLAS.
Fails where fused is more than 3 % slower than unfused.
"""
import json
import sys
from collections import defaultdict
from statistics import median

VARIANTS = ["unfused", "xtensor", "libtorch", "openblas", "onednn", "handwritten", "xsimd", "sleef", "std"]
MEASURED = ["cpu_time", "check", "items_per_second", "bytes_per_second"]
SLOWER = 1.03
AGREE = 2e-3


def read(path):
    """{(case, arguments): {variant: {measured: median}}}, and the context. Times are processor time in microseconds."""
    with open(path) as file:
        text = file.read()
    if not text:
        sys.exit("No benchmark has such a name. Fix: filter by case/variant/arguments, such as 'mlp_step/.*/32-64-1'.")
    data = json.loads(text)
    runs = defaultdict(list)
    for b in data["benchmarks"]:
        if b["run_type"] == "iteration":
            runs[b["run_name"]].append(b)
    table = defaultdict(dict)
    # Interleaving shuffles the runs: back to the order in which the cases register.
    for name, repetitions in sorted(runs.items(), key=lambda run: (run[0].split("/")[0], run[1][0]["family_index"])):
        case, variant, arguments = name.split("/", 2)
        table[case, arguments][variant] = {key: median(r[key] for r in repetitions) for key in MEASURED if key in repetitions[0]}
    return table, data["context"]


def time_text(us):
    return f"{us:.3g} us" if us < 1e3 else f"{us / 1e3:.3g} ms"


def rate_text(case, fused):
    """What fused reaches, in the unit that limits it."""
    if case == "matmul":
        return f"{fused['items_per_second'] / 1e9:.1f} GFLOP/s"
    if case == "math":
        return f"{1e9 / fused['items_per_second']:.3g} ns a number"
    if "bytes_per_second" in fused:
        return f"{fused['bytes_per_second'] / 1e9:.1f} GB/s, {1e9 / fused['items_per_second']:.3g} ns an element"
    return f"{fused['items_per_second'] / 1e6:.3g} M samples/s"


def main(path):
    table, context = read(path)
    for peer in ("xgrad", "libtorch", "libtorch_blas", "openblas", "onednn"):
        if peer in context:
            print(f"{peer}: {context[peer]}")
    fast_blas = any(known in context.get("libtorch_blas", "") for known in ("openblas", "blis", "mkl"))
    for (case, arguments), by_variant in table.items():
        if case == "limit":
            for which, v in by_variant.items():
                rate = f"{v['bytes_per_second'] / 1e9:.1f} GB/s read and written" if which == "copy" else f"{v['items_per_second'] / 1e9:.1f} GFLOP/s"
                print(f"limit/{which}/{arguments}: {rate}")

    present = [v for v in VARIANTS if any(v in by for by in table.values())]
    header = ["case/arguments", "fused"] + [f"{v}/fused" for v in present] + ["fused reaches"]
    rows, problems = [header], []
    for (case, arguments), by_variant in table.items():
        fused = by_variant.get("fused")
        if case == "limit" or not fused:
            continue
        label = f"{case}/{arguments}"
        row = [label, time_text(fused["cpu_time"])]
        for name in present:
            other = by_variant.get(name)
            if not other:
                row.append("")
            elif abs(other["check"] - fused["check"]) > AGREE * abs(fused["check"]):
                row.append("refused")
                problems.append(f"{label}: {name} computes {other['check']:.7g}, fused {fused['check']:.7g}: not the same work.")
            elif name == "libtorch" and not fast_blas:
                row.append("refused")
            else:
                row.append(f"{other['cpu_time'] / fused['cpu_time']:.2f}")
        rows.append(row + [rate_text(case, fused)])
        unfused = by_variant.get("unfused")
        if unfused and fused["cpu_time"] > SLOWER * unfused["cpu_time"]:
            problems.append(f"{label}: fused takes {time_text(fused['cpu_time'])}, unfused {time_text(unfused['cpu_time'])}. Fused must never be slower.")
    if "libtorch_blas" in context and not fast_blas:
        print(f"libtorch: no ratios, its products come from {context['libtorch_blas']}. Fix: install libopenblas0-pthread.")

    print()
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    for row in rows:
        print("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))))
    print()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
