# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""The tables of docs/catalogue.md, from the doc comments in the headers.

    catalogue.py            writes docs/catalogue.md
    catalogue.py --check    says whether it is what the headers say; exit code 1 if not

A doc comment with a line `Catalogue   loss, binary` stands in that table. Its first line is `call = what it is.`; further lines
begin with a key (Formula, Gradient, Update, Shape, Options, Error, Source, ...) and go on where they are indented.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "catalogue.md"

SECTIONS = [
    ("loss, softmax family", "Losses over classes"),
    ("loss, binary", "Binary losses"),
    ("loss, margin", "Margin losses and losses of similarity"),
    ("loss, regression", "Regression and distributions"),
    ("loss, segmentation", "Segmentation"),
    ("loss, ranking", "Ranking"),
    ("loss, sequence", "Sequences"),
    ("penalty", "Penalties and constraints"),
    ("activation", "Activations"),
    ("layer", "Layers"),
    ("optimiser", "Optimisers"),
    ("schedule", "Schedules"),
]
COLUMNS = {"optimiser": ["Update", "Fields", "Options", "Source"], "schedule": ["Formula", "Options", "Source"], "layer": ["Formula", "Gradient", "Parameters", "Options", "Source"]}
USUAL = ["Formula", "Gradient", "Options", "Error", "Source"]
REQUIRED = {"optimiser": ["Update", "Source"], "schedule": ["Formula"], "layer": ["Formula", "Source"]}
HEADINGS = {"Error": "Bound", "Fields": "Fields, named in this order"}

INTRODUCTION = """# The catalogue

Made by `docs/catalogue.py` from the doc comments in the headers; a test compares the two. `C` is the number of classes, `p` the
probabilities, `sp` softplus, `e` a difference. A bound is the largest error of a float result in units in the last place (ulp); [numerics](numerics.md)
says where it was measured. A loss without a bound is a composition of ops that have one, and held to the exact value by its test. What each option does stands in its
header; those of every loss are `reduction`, `row_weight`, `row_mask`, `normaliser` and `empty_mean`, explained with [cross-entropy's options](cross_entropy.md#options).
"""


def blocks(path):
    """The doc comments of a header: lists of lines without their `///`."""
    block = []
    for line in path.read_text().splitlines():
        text = line.strip()
        if text.startswith("///"):
            block.append(text[3:])
        elif block:
            yield block
            block = []


def entry_of(block):
    """The keys of a doc comment; its first line under 'call'. None where it is not for the catalogue."""
    made, key = {"call": ""}, "call"
    for line in block:
        start = re.match(r" ([A-Z][a-z]+) {2,}(.*)", line)
        if start and (key != "call" or made["call"]):
            key = start.group(1)
            made[key] = (made.get(key, "") + " " + start.group(2)).strip()
        elif not line.strip():
            key = "" if key == "call" and made["call"] else key
        elif key and (key == "call" or line.startswith("    ")):
            made[key] = (made[key] + " " + line.strip()).strip()
        else:
            key = ""
    return made if "Catalogue" in made else None


def fields_of(call, path):
    """The fields of a struct in the order of their declaration, in which C++ wants them named; as code."""
    name = re.match(r"\w+", call).group(0)
    body = re.search(rf"struct {name} \{{\n(.*?)\n\n", path.read_text(), re.DOTALL)
    return ", ".join(re.findall(r"^    \w+ (\w+)(?: = |\{)", body.group(1), re.MULTILINE)) if body else ""


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_") if text else ""


def page():
    problems, found = [], {key: [] for key, _ in SECTIONS}
    for path in sorted((ROOT / "include" / "xgrad").rglob("*.hpp")):
        where = path.relative_to(ROOT).as_posix()
        for block in blocks(path):
            entry = entry_of(block)
            if not entry:
                continue
            section = entry["Catalogue"]
            if section not in found:
                problems.append(f"{where}: there is no table '{section}'")
                continue
            for key in REQUIRED.get(section, ["Formula", "Gradient", "Source"]):
                if not entry.get(key):
                    problems.append(f"{where}: {entry['call']}: {key} is missing")
            call = re.match(r"[\w:]+(?:<[^>]*>)?(?:\([^()]*\)|\{[^{}]*\})?", entry["call"])
            if not call:
                problems.append(f"{where}: '{entry['call']}' does not begin with a call")
            entry["name"] = call.group(0) if call else entry["call"]
            entry["where"] = where
            if section == "optimiser":
                entry["Fields"] = fields_of(entry["call"], path)
            found[section].append(entry)
    text = [INTRODUCTION]
    for section, title in SECTIONS:
        if not found[section]:
            continue
        columns = [c for c in COLUMNS.get(section, USUAL) if any(e.get(c) for e in found[section])]
        text.append(f"## {title}\n")
        text.append("| " + " | ".join(["call"] + [HEADINGS.get(c, c).lower() for c in columns]) + " |")
        text.append("|" + "---|" * (len(columns) + 1))
        for e in sorted(found[section], key=lambda e: e["name"]):
            link = f"[{cell(e['name'])}](../{e['where']})"
            text.append("| " + " | ".join([link] + [cell(e.get(c, "")) for c in columns]) + " |")
        text.append("")
    return "\n".join(text), problems


made, problems = page()
if "--check" in sys.argv:
    if not PAGE.exists() or PAGE.read_text() != made:
        problems.append("docs/catalogue.md is not what the headers say. Fix: run docs/catalogue.py")
else:
    PAGE.write_text(made)
for problem in problems:
    print(problem)
print(f"{made.count('](../include')} entries, {len(problems)} problems")
sys.exit(1 if problems else 0)
