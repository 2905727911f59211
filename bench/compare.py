# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""Prints one row a case: the time of `fused`, how many times longer each other variant takes, the share of the machine's limit, and the ratio aimed at.

Reads Google Benchmark's JSON; names are case/variant/arguments. Takes the median of the repetitions.
Refuses a ratio where a variant computes another result, or where libtorch's products come from a reference BLAS.
Fails where fused is more than 3 % slower than unfused. Aims that are missed are listed, and fail nothing.
"""
import json
import re
import sys
from collections import defaultdict
from statistics import median

VARIANTS = ["unfused", "xtensor", "eigen", "libtorch", "openblas", "onednn", "onednn_fused", "handwritten", "scaled", "all_scores", "xsimd", "sleef", "std"]
SLOWER = 1.03
AGREE = 2e-3
BLAS = ("openblas", "onednn")

# What fused aims at with AVX-512: so many times as fast as the best of these peers; "limit": this share of what the machine allows.
AIMS = {
    "cross_entropy/128x10": [("libtorch", 30)],
    "cross_entropy/4096x10": [("libtorch", 15)],
    "cross_entropy/1024x1000": [("libtorch", 6)],
    "cross_entropy/2048x32000": [("libtorch", 15), ("limit", 0.7)],
    "mlp_step/32-64-1/1": [("libtorch", 40)],
    "mlp_step/32-64-1/32": [("libtorch", 15)],
    "mlp_step/32-64-1/1000": [("libtorch", 3)],
    "mlp_step/784-256-10/128": [("libtorch", 1.4)],
    "mlp_step/784-512-10/1024": [("libtorch", 1.2)],
    "mlp_step/1024-1024-1000/256": [("libtorch", 1.4)],
    "lstm_tagger/32x32x64x128x16": [("libtorch", 2)],
    "gru_tagger/32x32x64x128x16": [("libtorch", 2)],
    "ctc/200x16x40x30": [("libtorch", 2)],
    "crf/32x64x16": [("libtorch", 10)],
    "embedding_update/50000x64x256/sparse": [("libtorch", 5)],
    "linear_cross_entropy/4096x512x32000": [("libtorch", 1.5), ("libtorch's memory", 10)],
    **{f"matmul/{n}": [(BLAS, 0.95)] for n in (192, 384, 768, 1344)},
    **{f"matmul_bias_gelu/{n}": [(BLAS, 1)] for n in (96, 192, 384, 768, 1344)},
}
# What options of a loss may cost: so many times as long as the loss without them, whose arguments end in "plain".
AT_MOST = {"cross_entropy_options": {"all_but_softcap": 1.3, "all": 2}}
NARROW = 0.6  # of these ratios without AVX-512


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
            runs[re.sub(r"/(iterations|repeats):\d+", "", b["run_name"])].append(b)
    table = defaultdict(dict)
    # Interleaving shuffles the runs: back to the order in which the cases register.
    for name, repetitions in sorted(runs.items(), key=lambda run: (run[0].split("/")[0], run[1][0]["family_index"])):
        case, variant, arguments = name.split("/", 2)
        numbers = [key for key, value in repetitions[0].items() if isinstance(value, float)]
        # (Later repetitions find memory that an earlier one has given back: the most counts.)
        table[case, arguments][variant] = {key: (max if key == "memory" else median)(r[key] for r in repetitions) for key in numbers}
    return table, data["context"]


def limits_of(table):
    """The machine's flops a second, and [(bytes touched, bytes a second)] of copies, the smallest first."""
    flops = next((v["flops"]["items_per_second"] for (case, _), v in table.items() if case == "limit" and "flops" in v), None)
    copies = sorted((2 * int(size), v["copy"]["bytes_per_second"]) for (case, size), v in table.items() if case == "limit" and "copy" in v)
    return flops, copies


def share_of_limit(run, limits):
    """The least time for a run's operations and traffic, by the limit that binds, over its own. Traffic goes by the copy that touches as much."""
    flops, copies = limits
    if "flops" not in run or not flops or not copies:
        return None
    rate = next((rate for touched, rate in copies if touched >= run["bytes"]), copies[-1][1])
    return max(run["flops"] / flops, run["bytes"] / rate) / (run["cpu_time"] * 1e-6)


def time_text(us):
    return f"{us:.3g} us" if us < 999.5 else f"{us / 1e3:.3g} ms" if us < 999.5e3 else f"{us / 1e6:.3g} s"


def rate_text(case, fused):
    """What fused reaches, in the unit that limits it."""
    if case.startswith("matmul"):
        return f"{fused['items_per_second'] / 1e9:.1f} GFLOP/s"
    if case == "math":
        return f"{1e9 / fused['items_per_second']:.3g} ns a number"
    if case in ("mlp_step", "gelu_mlp", "linear_cross_entropy"):
        rate = fused["items_per_second"]
        return f"{rate / 1e6:.3g} M samples/s" if rate >= 1e6 else f"{rate / 1e3:.3g} k samples/s"
    traffic = f"{fused['bytes'] / fused['cpu_time'] / 1e3:.1f} GB/s, " if "bytes" in fused else ""
    return f"{traffic}{1e9 / fused['items_per_second']:.3g} ns an element"


def same_results(a, b):
    """(A NaN agrees with nothing.)"""
    checks = [key for key in a if key.startswith("check")]
    return all(key in b and abs(b[key] - a[key]) <= AGREE * abs(a[key]) for key in checks)


def aims_of(label, by_variant, ratios, share, factor):
    """[(text, reached or not)] for one row."""
    found = []
    for what, aim in AIMS.get(label, []):
        if what == "limit":
            got, aim, unit = share, aim, " of the limit"
        elif what == "libtorch's memory":
            other = by_variant.get("libtorch", {}).get("memory")
            # (A process that had given memory back may grow by less than the arena, or not at all.)
            own = max(by_variant["fused"]["memory"], by_variant["fused"].get("arena", 0))
            got, unit = other and other / own, " in memory"
        else:
            peers = (what,) if isinstance(what, str) else what
            got, aim, unit = min((ratios[p] for p in peers if p in ratios), default=None), aim * factor, ""
        if got is not None:
            found.append((f"{got:.3g} of {aim:.3g}{unit}", got >= aim))
    return found


def main(path):
    table, context = read(path)
    for peer in ("xgrad", "eigen", "libtorch", "libtorch_blas", "openblas", "onednn"):
        if peer in context:
            print(f"{peer}: {context[peer]}")
    fast_blas = any(known in context.get("libtorch_blas", "") for known in ("openblas", "blis", "mkl"))
    for (case, arguments), by_variant in table.items():
        if case == "limit":
            for which, v in by_variant.items():
                rate = f"{v['bytes_per_second'] / 1e9:.1f} GB/s read and written" if which == "copy" else f"{v['items_per_second'] / 1e9:.1f} GFLOP/s"
                print(f"limit/{which}/{arguments}: {rate}")

    limits, factor = limits_of(table), 1 if "avx512" in context.get("xgrad", "") else NARROW
    present = [v for v in VARIANTS if any(v in by for by in table.values())]
    header = ["case/arguments", "fused", *present, "fused reaches", "of the limit", "aim"]
    rows, problems, missed = [header], [], []
    for (case, arguments), by_variant in table.items():
        fused = by_variant.get("fused")
        if case == "limit" or not fused:
            continue
        label = f"{case}/{arguments}"
        row, ratios = [label, time_text(fused["cpu_time"])], {}
        for name in present:
            other = by_variant.get(name)
            if not other:
                row.append("")
            elif not same_results(fused, other):
                row.append("refused")
                problems.append(f"{label}: {name} computes something else than fused: not the same work.")
            elif name == "libtorch" and not fast_blas:
                row.append("refused")
            else:
                ratios[name] = other["cpu_time"] / fused["cpu_time"]
                row.append(f"{ratios[name]:.2f}")
        share = share_of_limit(fused, limits)
        aims = aims_of(label, by_variant, ratios, share, factor)
        rows.append(row + [rate_text(case, fused), f"{share:.2f}" if share else "", ", ".join(text for text, _ in aims)])
        missed += [f"{label}: {text}" for text, reached in aims if not reached]
        if ratios.get("unfused", 1) * SLOWER < 1:
            problems.append(f"{label}: fused takes {time_text(fused['cpu_time'])}, unfused {time_text(by_variant['unfused']['cpu_time'])}. Fused must never be slower.")
    if "libtorch_blas" in context and not fast_blas:
        print(f"libtorch: no ratios, its products come from {context['libtorch_blas']}. Fix: install libopenblas0-pthread.")

    print("\nThe time of fused; of the others, as multiples of it:")
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    for row in rows:
        print("  ".join(cell.ljust(width) if i in (0, len(header) - 1) else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))).rstrip())
    print()
    for (case, arguments), by_variant in table.items():
        for variant, v in by_variant.items():
            if "memory" in v:
                arena = f"; its arena: {v['arena'] / 1e6:.0f} MB" if "arena" in v else ""
                print(f"{case}/{variant}/{arguments}: {v['memory'] / 1e6:.0f} MB beyond data and gradients{arena}")
    for (case, arguments), by_variant in table.items():
        size, _, options = arguments.rpartition("/")
        plain = table.get((case, f"{size}/plain"), {})
        for variant in by_variant if options in AT_MOST.get(case, {}) else []:
            if variant not in plain:
                continue
            got, most = by_variant[variant]["cpu_time"] / plain[variant]["cpu_time"], AT_MOST[case][options]
            print(f"{case}/{variant}/{arguments}: {got:.2f} times as long as without options" + (f", at most {most}" if variant == "fused" else ""))
            if variant == "fused" and got > most:
                missed.append(f"{case}/{arguments}: {got:.2f} times as long as without options, of {most}")
    if missed:
        print("Short of the aim (reached of aimed at):\n  " + "\n  ".join(missed))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
