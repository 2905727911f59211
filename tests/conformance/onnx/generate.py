# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""ONNX's backend node tests as Catch2 test cases: one formula each, its data read where Debian's libonnx-testdata puts it.

    generate.py <folder of node tests> <folder for the sources> <how many sources> <file for what is left out>

Writes onnx_0.cpp, ..., and which cases of ops that we have are left out, with the reason.
"""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from formulas import FORMULAS, Skip  # noqa: E402


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """The fields of a protocol-buffer message: (number, value)."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(wire)
            if size is None:
                size, at = varint(data, at)
            value = data[at:at + size]
            at += size
        yield key >> 3, value


def signed(value):
    return value - (1 << 64) if value >> 63 else value


def integers(value):
    if isinstance(value, int):
        return [signed(value)]
    made, at = [], 0
    while at < len(value):
        n, at = varint(value, at)
        made.append(signed(n))
    return made


class Tensor:
    """Name, element type, extents and numbers of a TensorProto."""

    def __init__(self, data):
        self.name, self.type, self.extents, self.numbers, raw = "", 0, [], [], b""
        for number, value in fields(data):
            if number == 1:
                self.extents += integers(value)
            elif number == 2:
                self.type = value
            elif number == 8:
                self.name = value.decode()
            elif number == 9:
                raw = value
            elif number == 4:
                self.numbers += [x for x, in struct.iter_unpack("<f", value)]
            elif number == 10:
                self.numbers += [x for x, in struct.iter_unpack("<d", value)]
            elif number in (5, 7):
                self.numbers += integers(value)
        codes = {1: "f", 6: "i", 7: "q", 9: "?", 11: "d"}
        if raw and self.type in codes:
            self.numbers += [x for x, in struct.iter_unpack("<" + codes[self.type], raw)]


class Case:
    """A test of one node: its op, attributes, inputs (None where one is left out) and outputs."""

    def __init__(self, folder):
        self.name = folder.name
        model = dict(fields((folder / "model.onnx").read_bytes()))
        nodes, self.graph_inputs, self.graph_outputs = [], [], []
        for number, value in fields(model[7]):
            if number == 1:
                nodes.append(value)
            elif number == 11:
                self.graph_inputs.append(dict(fields(value))[1].decode())
            elif number == 12:
                self.graph_outputs.append(dict(fields(value))[1].decode())
        self.nodes = len(nodes)
        self.inputs, self.outputs, self.attributes, self.op, self.domain = [], [], {}, "", ""
        for number, value in fields(nodes[0]):
            if number == 1:
                self.inputs.append(value.decode())
            elif number == 2:
                self.outputs.append(value.decode())
            elif number == 4:
                self.op = value.decode()
            elif number == 5:
                self.read_attribute(value)
            elif number == 7:
                self.domain = value.decode()
        data = folder / "test_data_set_0"
        self.data = {}
        for i, name in enumerate(self.graph_inputs):
            if (data / f"input_{i}.pb").exists():
                self.data[name] = (f"input_{i}.pb", Tensor((data / f"input_{i}.pb").read_bytes()))
        self.results = {}
        for i, name in enumerate(self.graph_outputs):
            if (data / f"output_{i}.pb").exists():
                self.results[name] = (f"output_{i}.pb", Tensor((data / f"output_{i}.pb").read_bytes()))

    def read_attribute(self, data):
        name, found = "", None
        for number, value in fields(data):
            if number == 1:
                name = value.decode()
            elif number == 2:
                found = struct.unpack("<f", value)[0]
            elif number == 3:
                found = signed(value)
            elif number == 4:
                found = value.decode()
            elif number == 7:
                found = (found or []) + [x for x, in struct.iter_unpack("<f", value)]
            elif number == 8:
                found = (found or []) + integers(value)
        self.attributes[name] = found

    # what formulas ask for
    def has(self, i):
        return i < len(self.inputs) and self.inputs[i] != ""

    def file(self, i):
        return self.data[self.inputs[i]][0]

    def tensor(self, i):
        return self.data[self.inputs[i]][1]

    def extents(self, i):
        return self.tensor(i).extents

    def rank(self, i):
        return len(self.extents(i))

    def get(self, name, otherwise=None):
        return self.attributes.get(name, otherwise)


def source_of(case, formula):
    """A Catch2 test case: one program for results, a weighted sum and its gradients, run in float and in double."""
    lines = [f'TEST_CASE("{case.name}", "[{case.op}]") {{', f'    const std::string name = "{case.name}";']
    for var, (declaration, element, rank, file) in formula.inputs.items():
        lines.append(f"    constexpr auto {var} = {declaration};")
        const = "" if var in formula.gradients else "const "
        lines.append(f'    {const}auto data_{var} = onnx::read<{"double" if element == "real" else element}, {rank}>(name, "{file}");')
    results = [f"result_{k}" for k in range(len(formula.results))]
    for result, (expression, _) in zip(results, formula.results):
        lines.append(f"    constexpr auto {result} = {expression};")
    wanted = list(results)
    if formula.gradients:
        lines.append(f"    constexpr auto total = xg::sum(result_0 * ({formula.weight}));")
        wanted += ["total"] + [f"xg::gradient(total, {var})" for var in formula.gradients]
    bound = ", ".join(f"{v} = support::converted<T>(data_{v})" if e == "real" else f"{v} = data_{v}" for v, (_, e, _, _) in formula.inputs.items())
    lines.append(f"    const auto run = [&]<class T>(T) {{ return onnx::as_tuple(xg::compile<T>({', '.join(wanted)})({bound})); }};")
    lines.append("    const auto made = run(float{});")
    for k, (_, output) in enumerate(formula.results):
        lines.append(f'    onnx::equals(std::get<{k}>(made), name, "{case.results[case.outputs[output]][0]}");')
    if formula.gradients:
        moved = ", ".join(f"data_{var}" for var in formula.gradients)
        lines.append(f"    onnx::gradients_hold<{len(results)}>(name, run, made, std::tie({moved}));")
    lines.append("}")
    return "\n".join(lines)


def main():
    folder, to, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    files = [[] for _ in range(count)]
    made, left = 0, {}
    for place in sorted(folder.iterdir()):
        if place.name.endswith("_expanded") or "_expanded_" in place.name or not (place / "model.onnx").exists():
            continue
        case = Case(place)
        if case.nodes != 1 or case.op not in FORMULAS:
            continue
        try:
            formula = FORMULAS[case.op](case)
        except Skip as why:
            left.setdefault(str(why), []).append(case.name)
            continue
        files[made % count].append(source_of(case, formula))
        made += 1
    to.mkdir(parents=True, exist_ok=True)
    head = '// Generated by tests/conformance/onnx/generate.py.\n#include "conformance/onnx/hold.hpp"\n\nusing namespace onnx;\n\n'
    for i, cases in enumerate(files):
        text = head + "\n\n".join(cases) + "\n"
        path = to / f"onnx_{i}.cpp"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    lines = [f"ONNX node tests left out, {why}: " + ", ".join(n.removeprefix("test_") for n in names) for why, names in sorted(left.items())]
    pathlib.Path(sys.argv[4]).write_text("\n".join(lines) + "\n")


main()
