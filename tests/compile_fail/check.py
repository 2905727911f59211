# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""A formula that must not compile: its message, how long it is and where the sentence stands; and the twin that must compile.

    check.py <compiler> <compiler id: GNU or Clang> <file> [<folder>]      in the root of the repository
    check.py <compiler> <compiler id: GNU or Clang> --precompile <folder>  puts xgrad.hpp there as the compiler has read it, for all files

Files under compiles/ have no such message: they must compile, and may say how much memory the compiler may take:
    // memory GNU: <n> MB, Clang: <n> MB
The others say, in comments:
    // error: <regex>                found in the compiler's output
    // within: <lines>               every `error` regex is found within so many first lines
    // bytes GNU: <n>, Clang: <n>    most bytes of output
    // standard: c++17               that of the failing one
The twin is the same file with TWIN defined, in C++20.

Of a page of the documentation, <file>.md, the snippets must compile, all together and in their order, after `#include <xgrad/xgrad.hpp>` and the two lines
that every page begins with. A comment before a snippet says what its reader is to add; braces opened there are closed after it:
    <!-- before: void train(auto& trainer) { -->
    <!-- not compiled: <why> -->
"""
import concurrent.futures
import os
import re
import resource
import subprocess
import sys

compiler, identity, source = sys.argv[1:4]
folder = sys.argv[4] if len(sys.argv) > 4 else None
family = "Clang" if "Clang" in identity else "GNU"
flags = ["-isystem", "include", "-fdiagnostics-color=never"]
flags += ["-fconstexpr-steps=500000000"] if family == "Clang" else ["-fconstexpr-ops-limit=4000000000", "-fconstexpr-loop-limit=10000000"]
precompiled = folder and os.path.join(folder, "xgrad.pch" if family == "Clang" else "xgrad/xgrad.hpp.gch")  # where g++ looks for it by itself

if source == "--precompile":
    os.makedirs(os.path.dirname(precompiled), exist_ok=True)
    sys.exit(subprocess.run([compiler, "-std=c++20", *flags, "-w", "-x", "c++-header", "include/xgrad/xgrad.hpp", "-o", precompiled]).returncode)

text = open(source).read()
wanted = re.findall(r"^// error: (.+)$", text, re.M)
within = re.search(r"^// within: (\d+)", text, re.M)
standard = re.search(r"^// standard: (\S+)", text, re.M)
most = re.search(rf"^// bytes.*\b{family}: (\d+)", text, re.M)
is_page = source.endswith(".md")
must_compile = "/compiles/" in source or is_page
assert wanted or must_compile, f"{source} has no '// error: <regex>' line"

def snippets():
    includes, code = ["#include <xgrad/xgrad.hpp>"], ["namespace xg = xgrad;", "using namespace xg::literals;"]
    for line, comment, body in ((text.count("\n", 0, m.start(2)), m[1] or "", m[2]) for m in re.finditer(r"(?:<!-- (.*?) -->\n)?```cpp\n(.*?)```", text, re.M | re.S)):
        if comment.startswith("not compiled: "):
            continue
        before = comment.removeprefix("before: ")
        includes += re.findall(r"^#include .*$", before + "\n" + body, re.M)
        rest = re.sub(r"^#include .*$", "", body, flags=re.M)
        code += [re.sub(r"^#include .*$", "", before, flags=re.M), f'#line {line + 1} "{source}"', rest, "}" * (before.count("{") - before.count("}"))]
    return "\n".join([*dict.fromkeys(includes), *code])


def compiled(*more):
    of = ["-x", "c++", "-"] if is_page else [source]
    known = [] if not precompiled or standard else ["-include-pch", precompiled] if family == "Clang" else ["-isystem", folder]
    done = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", *known, *flags, *more, *of], input=snippets() if is_page else None, capture_output=True, text=True)
    done.stderr = done.stderr.replace(os.getcwd() + "/", "")
    return done


if must_compile:
    done = compiled()
    print(done.stderr[:6000])
    allowed = re.search(rf"^// memory.*\b{family}: (\d+) MB", text, re.M)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    print(f"{source}: {peak:.0f} MB at most" + (f", {allowed[1]} MB allowed" if allowed else ""))
    sys.exit(done.returncode != 0 or (allowed is not None and peak > float(allowed[1])))

with concurrent.futures.ThreadPoolExecutor() as pool:
    failing, twin = pool.map(lambda more: compiled(*more), [[f"-std={standard[1]}"] if standard else [], ["-DTWIN"]])

problems = []
if failing.returncode == 0:
    problems.append("it compiles")
output = failing.stderr
head = "\n".join(output.splitlines()[: int(within[1])]) if within else output
for regex in wanted:
    if not re.search(regex, head):
        problems.append(f"not found{f' in the first {within[1]} lines' if within else ''}: {regex}")
if most and len(output.encode()) > int(most[1]):
    problems.append(f"{len(output.encode())} bytes of output, at most {most[1]}")
print(f"{source}: {len(output.encode())} bytes, {len(output.splitlines())} lines")
if twin.returncode != 0:
    problems.append("the twin does not compile:\n" + twin.stderr[:4000])
for problem in problems:
    print("  " + problem)
if problems:
    print(output[:6000])
sys.exit(1 if problems else 0)
