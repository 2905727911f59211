# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""Draws a full run: speed.svg (time an element and GFLOP/s against size) and roofline.svg (work a byte against GFLOP/s).

    chart.py <results.json> <folder>
"""
import itertools
import math
import pathlib
import sys
from html import escape

from compare import limits_of, read

INK, QUIET, GRID = "#222222", "#666666", "#e4e4e4"
STYLES = {  # variant: (name, colour, width)
    "fused": ("xgrad", "#1c5d99", 3),
    "unfused": ("xgrad, unfused", "#7ba7cf", 2),
    "handwritten": ("by hand", "#8c8c8c", 2),
    "xtensor": ("plain xtensor", "#b0a160", 2),
    "libtorch": ("libtorch", "#c2571a", 2),
    "openblas": ("OpenBLAS", "#4d8b57", 2),
    "onednn": ("oneDNN", "#8660a8", 2),
    "eigen": ("Eigen", "#b0a160", 2),
}
SIZE = 13  # of text, in pixels


def width_of(text, size=SIZE):
    return 0.58 * size * len(text)


class Drawing:
    def __init__(self, width, height):
        self.width, self.height, self.parts = width, height, []

    def line(self, x1, y1, x2, y2, colour=GRID, width=1, dash=""):
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"{dashed}/>')

    def path(self, points, colour, width):
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{text}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>')

    def dot(self, x, y, colour, radius=4):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" stroke="white"/>')

    def text(self, x, y, text, colour=INK, anchor="start", size=SIZE, weight="normal", turn=0):
        turned = f' transform="rotate({turn:.1f} {x:.1f} {y:.1f})"' if turn else ""
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}"{turned}>{escape(text)}</text>')

    def write(self, path):
        head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}" '
        head += 'font-family="Helvetica, Arial, \'DejaVu Sans\', sans-serif">\n<rect width="100%" height="100%" fill="white"/>\n'
        path.write_text(head + "\n".join(self.parts) + "\n</svg>\n")


class Panel:
    """A plot's rectangle with its two scales."""

    def __init__(self, drawing, left, top, width, height, x_range, y_range, log_y):
        self.d, self.left, self.top, self.right, self.bottom = drawing, left, top, left + width, top + height
        self.x_range, self.y_range, self.log_y = x_range, y_range, log_y

    def x(self, value):
        low, high = map(math.log, self.x_range)
        return self.left + (math.log(value) - low) / (high - low) * (self.right - self.left)

    def y(self, value):
        f = math.log if self.log_y else float
        low, high = map(f, self.y_range)
        return self.bottom - (f(value) - low) / (high - low) * (self.bottom - self.top)

    def title(self, title, note):
        self.d.text(self.left - 44, self.top - 40, title, size=16, weight="bold")
        self.d.text(self.left - 44, self.top - 20, note, QUIET)

    def x_tick(self, value, *lines):
        self.d.line(self.x(value), self.top, self.x(value), self.bottom)
        for i, text in enumerate(lines):
            self.d.text(self.x(value), self.bottom + 18 + 15 * i, text, QUIET, "middle")

    def y_tick(self, value, text):
        self.d.line(self.left, self.y(value), self.right, self.y(value))
        self.d.text(self.left - 8, self.y(value) + 4, text, QUIET, "end")

    def curves(self, curves):
        """{variant: [(x, y)]}, each named at its right end; names that would touch move apart."""
        ends = sorted((self.y(points[-1][1]), variant) for variant, points in curves.items())
        places = [y for y, _ in ends]
        for _ in range(100):
            for i in range(1, len(places)):
                overlap = SIZE + 3 - (places[i] - places[i - 1])
                if overlap > 0:
                    places[i - 1] -= overlap / 2
                    places[i] += overlap / 2
        for variant, points in sorted(curves.items(), key=lambda c: STYLES[c[0]][2]):  # the boldest last, on top
            _, colour, width = STYLES[variant]
            at = [(self.x(x), self.y(y)) for x, y in points]
            self.d.path(at, colour, width)
            for x, y in at:
                self.d.dot(x, y, colour)
        for place, (y, variant) in zip(places, ends):
            name, colour, width = STYLES[variant]
            self.d.line(self.right + 2, y, self.right + 14, place, colour)
            self.d.text(self.right + 18, place + 4, name, colour, weight="bold" if variant == "fused" else "normal")


def powers(low, high):
    return [10.0**e for e in range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)]


def steps(low, high):
    return [v * k for v in powers(low / 10, high) for k in (1, 2, 5) if low <= v * k <= high]


def speed(table, flops, when):
    """Two panels: cross-entropy in ns a logit, products in GFLOP/s."""
    d = Drawing(1100, 430)
    sizes = sorted((tuple(map(int, arguments.split("x"))) for case, arguments in table if case == "cross_entropy"), key=lambda e: e[0] * e[1])
    curves = {}
    for variant in ("fused", "unfused", "handwritten", "xtensor", "libtorch"):
        points = [(r * c, 1e9 / table["cross_entropy", f"{r}x{c}"][variant]["items_per_second"]) for r, c in sizes if variant in table["cross_entropy", f"{r}x{c}"]]
        if points:
            curves[variant] = points
    if curves:
        all_y = [y for points in curves.values() for _, y in points]
        low, high = min(all_y) * 0.7, max(all_y) * 1.4
        first, last = sizes[0][0] * sizes[0][1], sizes[-1][0] * sizes[-1][1]
        p = Panel(d, 60, 70, 350, 290, (first * 0.6, last * 1.6), (low, high), True)
        p.title("Cross-entropy, value and gradient", "nanoseconds a logit, less is better; " + when)
        for value in steps(low, high):
            p.y_tick(value, f"{value:g}")
        for rows, classes in sizes:
            p.x_tick(rows * classes, str(rows), f"x {classes}")
        d.text((p.left + p.right) / 2, p.bottom + 54, "rows x classes", QUIET, "middle")
        p.curves(curves)

    sizes = sorted(int(arguments) for case, arguments in table if case == "matmul")
    curves = {}
    for variant in ("fused", "openblas", "onednn", "eigen", "libtorch"):
        points = [(n, table["matmul", str(n)][variant]["items_per_second"] / 1e9) for n in sizes if variant in table["matmul", str(n)]]
        if points:
            curves[variant] = points
    if curves:
        high = max([y for points in curves.values() for _, y in points] + [flops / 1e9 if flops else 0]) * 1.15
        p = Panel(d, 620, 70, 350, 290, (sizes[0] * 0.85, sizes[-1] * 1.18), (0, high), False)
        p.title("Matrix product, float", "GFLOP/s, more is better; one core")
        step = next(s for s in (5, 10, 20, 50, 100, 200) if high / s <= 8)
        for value in range(0, int(high) + 1, step):
            p.y_tick(value, str(value))
        for n in sizes:
            p.x_tick(n, str(n))
        d.text((p.left + p.right) / 2, p.bottom + 38, "rows and columns of both matrices", QUIET, "middle")
        if flops:
            d.line(p.left, p.y(flops / 1e9), p.right, p.y(flops / 1e9), QUIET, 1, "5 4")
            d.text(p.left + 4, p.y(flops / 1e9) - 6, "multiply-adds from registers", QUIET)
        p.curves(curves)
    return d


class Labels:
    """Places names beside dots, so that they touch neither each other nor a dot."""

    def __init__(self, panel, dots):
        self.p, self.taken = panel, [(x - 5, y - 5, x + 5, y + 5) for x, y in dots]
        self.names = list(self.taken)  # what no leader may cross

    def keep_off(self, points, leaders_too=False):
        boxes = [(x - 3, y - 3, x + 3, y + 3) for x, y in points]
        self.taken += boxes
        self.names += boxes if leaders_too else []

    def free(self, box):
        inside = self.p.left < box[0] and box[2] < self.p.right and self.p.top < box[1] and box[3] < self.p.bottom
        return inside and not any(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in self.taken)

    def crosses(self, leader):
        return any(a < t[2] and t[0] < a and b < t[3] and t[1] < b for a, b in leader for t in self.names)

    def place(self, x, y, text, colour):
        """The nearest free place; a leader crosses a name only where there is no other way."""
        wide, angles = width_of(text), [0, 180, 60, -60, 120, -120, 90, -90]
        angles += [a for a in range(15, 180, 15) for a in (a, -a) if a not in angles]
        for may_cross, distance, angle in itertools.product((False, True), range(10, 240, 8), angles):
            dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            cx, cy = x + distance * dx, y + distance * dy
            anchor, start = ("start", cx) if dx > 0.1 else ("end", cx - wide) if dx < -0.1 else ("middle", cx - wide / 2)
            box = (start - 2, cy - SIZE / 2 - 2, start + wide + 2, cy + SIZE / 2 + 2)
            leader = [(x + s * dx, y + s * dy) for s in range(9, distance - 9, 3)]
            if not self.free(box) or not may_cross and self.crosses(leader):
                continue
            self.taken.append(box)
            self.names.append(box)
            if leader:
                self.keep_off(leader)
                self.p.d.line(x, y, cx - 3 * dx, cy - (6 if anchor == "middle" else 3) * dy, colour, 0.7)
            self.p.d.text(cx, cy + SIZE / 3, text, colour, anchor)
            return


def roofline(table, flops, copies, when):
    d = Drawing(1100, 560)
    runs = [(case, arguments, v["fused"]) for (case, arguments), v in table.items() if "flops" in v.get("fused", {}) and v["fused"]["cpu_time"] >= 1]
    dots = {(case, arguments): (run["flops"] / run["bytes"], run["flops"] / run["cpu_time"] / 1e3) for case, arguments, run in runs}
    largest = {}
    for case, arguments, run in sorted(runs, key=lambda r: r[2]["flops"]):
        largest[case] = arguments
    x_range = (min(x for x, _ in dots.values()) / 2, max(x for x, _ in dots.values()) * 2)
    y_range = (min(y for _, y in dots.values()) / 2, flops / 1e9 * 2.5)
    p = Panel(d, 70, 70, 990, 430, x_range, y_range, True)
    p.title("Where each case stands against the machine", "xgrad fused, one core; all sizes above a microsecond, the largest of each case named; " + when)
    for value in powers(*x_range):
        p.x_tick(value, f"{value:g}")
    for value in steps(*y_range):
        p.y_tick(value, f"{value:g}")
    d.text((p.left + p.right) / 2, p.bottom + 40, "floating-point operations a byte that must be read or written", QUIET, "middle")
    d.text(24, (p.top + p.bottom) / 2, "GFLOP/s", QUIET, "middle", turn=-90)

    labels = Labels(p, [(p.x(x), p.y(y)) for x, y in dots.values()])
    for (touched, rate), name, colour, dash in ((copies[0], "cache", QUIET, "5 4"), (copies[-1], "memory", INK, "")):
        start = max(x_range[0], y_range[0] / rate * 1e9)
        x1, y1, x2, y2 = p.x(start), p.y(start * rate / 1e9), p.x(flops / rate), p.y(flops / 1e9)
        d.line(x1, y1, x2, y2, colour, 1.5, dash)
        turn, name = math.atan2(y2 - y1, x2 - x1), f"{name}, {rate / 1e9:.0f} GB/s copied"
        along = lambda s, off: (x1 + s * math.cos(turn) + off * math.sin(turn), y1 + s * math.sin(turn) - off * math.cos(turn))
        d.text(*along(8, 7), name, QUIET, turn=math.degrees(turn))
        labels.keep_off(along(s, 0) for s in range(0, int(math.hypot(x2 - x1, y2 - y1)), 4))
        labels.keep_off([along(8 + s, 12) for s in range(0, int(width_of(name)), 4)], leaders_too=True)
    knee, roof = p.x(flops / copies[0][1]), p.y(flops / 1e9)
    d.line(knee, roof, p.right, roof, INK, 1.5)
    name = f"{flops / 1e9:.0f} GFLOP/s from registers"
    d.text(knee + 8, roof - 8, name, QUIET)
    labels.keep_off((x, roof) for x in range(int(knee), int(p.right), 4))
    labels.keep_off([(knee + 8 + s, roof - 12) for s in range(0, int(width_of(name)), 4)], leaders_too=True)
    for (case, arguments), (x, y) in dots.items():
        d.dot(p.x(x), p.y(y), STYLES["fused"][1] if largest[case] == arguments else STYLES["unfused"][1], 5 if largest[case] == arguments else 3.5)
    for case, arguments in sorted(largest.items(), key=lambda c: dots[c]):
        x, y = dots[case, arguments]
        labels.place(p.x(x), p.y(y), f"{case} {arguments}".replace("_", " "), STYLES["fused"][1])
    return d


def main(results, folder):
    table, context = read(results)
    flops, copies = limits_of(table)
    when = context.get("xgrad", "").replace("xsimd, kernels for ", "").replace("_", " ") + ", " + context["date"][:10]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    speed(table, flops, when).write(folder / "speed.svg")
    if flops and copies:
        roofline(table, flops, copies, when).write(folder / "roofline.svg")
    print(f"Charts: {folder}/speed.svg, {folder}/roofline.svg")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
