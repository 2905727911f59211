# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""The layout of the sources: a one-way street of folders, short files, licence lines, no header that nobody reaches, no loss that is not timed.

    structure.py <root of the repository>
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
INCLUDE = ROOT / "include" / "xgrad"

# A file may include what stands to its left, and its own folder. The four ends do not include each other unless said so.
STREET = ["expr", "ops", "graph", "diff", "rewrite", "plan", "kernel", "top"]
PIPELINE = set(STREET)
ENDS = {
    "nn": {"expr", "ops", "nn"},
    "optim": {"expr", "ops", "graph", "optim"},
    "train": PIPELINE | {"nn", "optim", "train"},
    "show": PIPELINE - {"kernel"} | {"show"},
    "io": PIPELINE | {"io"},
}
BASE = {"config.hpp", "version.hpp"}  # below everything
UMBRELLA = {"xgrad.hpp"}              # above everything
MOST_LINES = 400
LICENCE = ["SPDX-License-Identifier: BSL-1.0", "SPDX-FileCopyrightText: "]

problems = []


def includes(path):
    return re.findall(r'^\s*#\s*include\s*[<"]xgrad/([^>"]+)[>"]', path.read_text(), re.M)


def place(name):
    """The folder of a header as the street knows it."""
    return name.split("/")[0] if "/" in name else "top"


def allowed(name):
    here = place(name)
    if name in UMBRELLA:
        return None
    if name in BASE:
        return set()
    if here in ENDS:
        return ENDS[here]
    if here not in STREET:
        problems.append(f"include/xgrad/{name}: folder {here} has no place in the one-way street")
        return None
    return set(STREET[: STREET.index(here) + 1])


headers = {p.relative_to(INCLUDE).as_posix(): p for p in sorted(INCLUDE.rglob("*.hpp"))}

for name, path in headers.items():
    may = allowed(name)
    for other in includes(path):
        if other not in headers:
            problems.append(f"include/xgrad/{name}: includes xgrad/{other}, which does not exist")
        elif may is not None and other not in BASE and place(other) not in may:
            problems.append(f"include/xgrad/{name}: {place(name)} must not include {place(other)} (xgrad/{other})")
        elif other in UMBRELLA:
            problems.append(f"include/xgrad/{name}: includes the umbrella xgrad/{other}")


def sources():
    for folder in ("include", "tests", "examples", "bench", "cmake"):
        for ending in ("*.hpp", "*.cpp", "*.py"):
            yield from sorted((ROOT / folder).rglob(ending))


for path in sources():
    name = path.relative_to(ROOT).as_posix()
    lines = path.read_text().splitlines()
    if len(lines) > MOST_LINES:
        problems.append(f"{name}: {len(lines)} lines, at most {MOST_LINES}")
    head = lines[:2]
    for row, wanted in enumerate(LICENCE):
        if len(head) <= row or wanted not in head[row]:
            problems.append(f"{name}: line {row + 1} must hold '{wanted}'")
    if path.suffix == ".hpp" and path.is_relative_to(INCLUDE) and "#pragma once" not in lines[2:3]:
        problems.append(f"{name}: line 3 must be '#pragma once'")

# Reachable from the umbrella, or from ops/all.hpp. show/ and io/ are leaves that a user includes by name.
reached, waiting = set(), ["xgrad.hpp", "ops/all.hpp"]
while waiting:
    name = waiting.pop()
    if name in reached or name not in headers:
        continue
    reached.add(name)
    waiting += includes(headers[name])
for name in headers:
    if name not in reached and place(name) not in ("show", "io"):
        problems.append(f"include/xgrad/{name}: reachable neither from xgrad.hpp nor from ops/all.hpp")

# Every loss of the catalogue is timed, fused and unfused.
timed = "".join(path.read_text() for path in sorted((ROOT / "bench").glob("*.cpp")))
losses = 0
for name, path in headers.items():
    for comment in re.findall(r"(?:^ *///.*\n)+", path.read_text(), re.M):
        call = re.match(r" */// (\w+)", comment)
        if call and re.search(r"^ */// Catalogue +loss, ", comment, re.M):
            losses += 1
            if not re.search(rf"\bxg::{call.group(1)}\(", timed):
                problems.append(f"include/xgrad/{name}: {call.group(1)} is not timed. Fix: a case in bench/")

for problem in problems:
    print(problem)
print(f"{len(headers)} headers, {losses} losses, {len(problems)} problems")
sys.exit(1 if problems else 0)
