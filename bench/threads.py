# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""Prints how many times faster two threads are than one, case by case. Reads Google Benchmark's JSON; wall times, medians."""
import json
import sys
from collections import defaultdict
from statistics import median

times = defaultdict(lambda: defaultdict(list))
with open(sys.argv[1]) as file:
    for b in json.load(file)["benchmarks"]:
        if b["run_type"] == "iteration":
            case, variant, arguments = b["run_name"].split("/", 2)
            times[f"{case}/{arguments}"][variant].append(b["real_time"])
for name, by_variant in times.items():
    one, two = median(by_variant["one_thread"]), median(by_variant["two_threads"])
    print(f"{name:36} {one:10.4g} us  {two:10.4g} us  {one / two:.2f} x")
