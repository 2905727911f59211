# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""Measures what it costs to compile xgrad: seconds, peak memory, object size, for each case and compiler.

Writes build/bench/compile.json, prints a table, and fails where a budget is missed. No compiler cache, one compile at a time.
"""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "bench" / "compile"
COMPILERS = {"g++": "GNU", "clang++-19": "Clang"}
DEPTHS = [2, 8, 32, 64]
PATIENCE_SECONDS, PATIENCE_BYTES = 600, 12 << 30
GB = 1e9

# (case, compiler or None for both, seconds, bytes)
BUDGETS = [
    ("example_020", "g++", 8, 1.0 * GB),
    ("example_030", None, 12, 1.2 * GB),
    ("example_050", None, 20, 1.5 * GB),
    ("mlp_64", None, 90, 2.0 * GB),
]
GROWTH = ("mlp_8", "mlp_64", 8.0)  # eight times the layers, at most eight times the seconds


def mlp(depth):
    """A trainer for a chain of `depth` dense layers over three widths and three activations."""
    widths, activations = [32, 48, 64], ["relu", "tanh", "sigmoid"]
    layers = [f'xg::dense<"layer_{i}">({widths[i % 3]}_c), xg::{activations[i % 3]}' for i in range(depth - 1)]
    model = ",\n    ".join(layers + ['xg::dense<"score">(10_c)'])
    return f"""#include <xgrad/xgrad.hpp>
namespace xg = xgrad;
using namespace xg::literals;
constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 32_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
constexpr auto model = xg::sequential(
    {model});
constexpr auto loss = xg::mean(xg::cross_entropy(model(x), t));
double train(const xt::xtensor<float, 2>& X, const xt::xtensor<int, 1>& T) {{
    xg::trainer trainer{{loss, xg::adam{{.learning_rate = 1e-3}}, xg::seed{{0}}}};
    return trainer.step(x = X, t = T);
}}
"""


def sources():
    """{case: path}, the generated ones written."""
    OUT.mkdir(parents=True, exist_ok=True)
    made = {"headers": "#include <xgrad/xgrad.hpp>\nint main() {}\n", **{f"mlp_{d}": mlp(d) for d in DEPTHS}}
    for case, text in made.items():
        (OUT / f"{case}.cpp").write_text(text)
    examples = {"example_020": ROOT / "examples/020_classifier.cpp", "example_030": ROOT / "examples/030_fashion_mnist.cpp", "example_050": ROOT / "examples/050_french_accents.cpp"}
    return {"headers": OUT / "headers.cpp", **examples, **{f"mlp_{d}": OUT / f"mlp_{d}.cpp" for d in DEPTHS}}


def limit_flags():
    """The compilers' constexpr limits, as CMakeLists.txt gives them to the target xgrad."""
    text = (ROOT / "CMakeLists.txt").read_text()
    found = re.findall(r"\$<\$<CXX_COMPILER_ID:([\w,]+)>:(-fconstexpr[^>]*)>", text)
    flags = {compiler: options.split() for compilers, options in found for compiler in compilers.split(",")}
    for wanted in COMPILERS.values():
        if wanted not in flags:
            sys.exit(f"CMakeLists.txt gives {wanted} no -fconstexpr limits that compile_cost.py can read.")
    return flags


def measure(case, source, compiler, flags):
    """One record, the processor's seconds, and what went wrong: then the record's figures are None."""
    output, usage = OUT / f"{case}.{compiler}.o", OUT / f"{case}.{compiler}.usage"
    output.unlink(missing_ok=True)
    command = ["/usr/bin/time", "-f", "%U %S %e %M", "-o", str(usage), compiler, "-std=c++20", "-O2", "-march=native", *flags,
               "-isystem", str(ROOT / "include"), "-I", str(ROOT / "examples"), "-c", str(source), "-o", str(output)]
    record = {"case": case, "compiler": compiler, "seconds": None, "peak_bytes": None, "object_bytes": None}

    def bound_memory():
        resource.setrlimit(resource.RLIMIT_AS, (PATIENCE_BYTES, PATIENCE_BYTES))

    job = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "CCACHE_DISABLE": "1"},
                           preexec_fn=bound_memory, start_new_session=True)
    try:
        errors = job.communicate(timeout=PATIENCE_SECONDS)[1]
    except (subprocess.TimeoutExpired, KeyboardInterrupt) as stopped:
        os.killpg(job.pid, signal.SIGKILL)
        job.communicate()
        if isinstance(stopped, KeyboardInterrupt):
            raise
        return record, 0, f"more than {PATIENCE_SECONDS} s"
    if job.returncode != 0:
        (OUT / f"{case}.{compiler}.log").write_text(errors)
        lines = [line for line in errors.splitlines() if "error" in line] or errors.splitlines() or ["no message"]
        return record, 0, lines[0][:300]
    user, system, seconds, kilobytes = usage.read_text().split()[-4:]
    record.update(seconds=float(seconds), peak_bytes=int(kilobytes) * 1024, object_bytes=output.stat().st_size)
    return record, float(user) + float(system), None


def missed_budgets(records, busy):
    """One sentence for each budget that these records miss; with the processor's seconds, as other work may have taken the rest."""
    by_key = {(r["case"], r["compiler"]): r for r in records}
    missed = []
    for case, only, seconds, memory in BUDGETS:
        for compiler in [only] if only else COMPILERS:
            r = by_key.get((case, compiler))
            if not r or r["seconds"] is None:
                continue
            if r["seconds"] > seconds:
                missed.append(f"{case}, {compiler}: {r['seconds']:.1f} s ({busy[case, compiler]:.1f} of processor), budget {seconds} s")
            if r["peak_bytes"] > memory:
                missed.append(f"{case}, {compiler}: {r['peak_bytes'] / GB:.2f} GB, budget {memory / GB} GB")
    small, large, times = GROWTH
    for compiler in COMPILERS:
        a, b = by_key.get((small, compiler)), by_key.get((large, compiler))
        if a and b and a["seconds"] and b["seconds"] and b["seconds"] > times * a["seconds"]:
            missed.append(f"{large} / {small}, {compiler}: {b['seconds'] / a['seconds']:.1f} times the seconds "
                          f"({busy[large, compiler] / busy[small, compiler]:.1f} of processor), at most {times:.0f}")
    return missed


def main(pattern):
    flags = limit_flags()
    records, failed, busy = [], [], {}
    print(f"{'case':<12} {'compiler':<11} {'seconds':>8} {'of processor':>13} {'peak MB':>8} {'object KB':>10}", flush=True)
    for case, source in sources().items():
        if not re.search(pattern, case):
            continue
        for compiler, family in COMPILERS.items():
            if not shutil.which(compiler):
                failed.append(f"{compiler} is not installed.")
                continue
            record, busy[case, compiler], problem = measure(case, source, compiler, flags[family])
            records.append(record)
            if problem:
                failed.append(f"{case}, {compiler}: {problem}")
                print(f"{case:<12} {compiler:<11}   failed", flush=True)
            else:
                print(f"{case:<12} {compiler:<11} {record['seconds']:>8.1f} {busy[case, compiler]:>13.1f} {record['peak_bytes'] / 1e6:>8.0f} {record['object_bytes'] / 1e3:>10.0f}", flush=True)
    (OUT.parent / "compile.json").write_text(json.dumps(records, indent=1) + "\n")
    problems = missed_budgets(records, busy) + failed
    for problem in problems:
        print(problem)
    if not problems:
        print("Every budget that these cases have is kept.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
