# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""The other losses that have numerical hazards: textbook formulas, and what their errors are relative to where terms cancel by nature.

A program has inputs (name -> kind), data sets (name -> rows), and losses. Of a loss: the expression, the inputs to differentiate by, the value of
a row, and the scales of value and gradient, which are their own sizes if nothing is said. `x` of a scale are the row's numbers without derivatives.
"""
from types import SimpleNamespace as Record

from mpmath import mp, mpf

from data import INF
from dual import dual, exp, log, log1p_exp, log_softmax, relu, sigmoid, sqrt, total

C = 5
GAPS = (10, 16, 20, 40, 69, 80, 100)


def loss(name, expression, by, value, value_size=None, slope_size=None):
    return Record(name=name, expression=expression, by=by, value=value, value_size=value_size, slope_size=slope_size)


# --- one number beside another
def element_sets(draw):
    def row(x):
        return {"x": x, "y": draw.choice([0.0, 1.0, draw.random()]), "b": float(draw.randrange(2)), "s": draw.choice([-1.0, 1.0]),
                "r": x + draw.choice([1e-3, -1.0, 2.5, 30.0]), "k": float(draw.randrange(6))}

    sets = {f"scale {s:g}": [row(draw.uniform(-3, 3) * s) for _ in range(24)] for s in (1e-4, 1.0, 1e4)}
    sets["gaps"] = [row(float(g) * sign) for g in GAPS for sign in (-1, 1) for _ in range(4)]
    return sets


def bce(r, weight=1):
    return weight * r["y"] * log1p_exp(-r["x"]) + (1 - r["y"]) * log1p_exp(r["x"])


def bce_slope(weight):
    def size(x, value, var, i, slope):
        return weight * x["y"] * sigmoid(-x["x"]).value + (1 - x["y"]) * sigmoid(x["x"]).value
    return size


def focal(r):
    u = r["x"] if r["b"].value == 1 else -r["x"]
    return (mpf(1) / 4 if r["b"].value == 1 else mpf(3) / 4) * sigmoid(-u) ** 2 * log1p_exp(-u)


def log_cosh(r):
    e = r["x"] - r["r"]
    return e.chain(mp.log(mp.cosh(e.value)), mp.tanh(e.value))


ELEMENTS = Record(inputs={"x": "number", "y": "number", "b": "number", "s": "number", "r": "number", "k": "number"}, sets=element_sets, losses=[
    loss("binary_cross_entropy_with_logits", "xg::binary_cross_entropy_with_logits(x, y{})", ["x"], bce, None, bce_slope(1)),
    loss("the same, pos_weight", "xg::binary_cross_entropy_with_logits(x, y, xg::pos_weight(3_c){})", ["x"], lambda r: bce(r, 3), None, bce_slope(3)),
    loss("sigmoid_focal", "xg::sigmoid_focal(x, b{})", ["x"], focal),
    loss("soft_margin", "xg::soft_margin(x, s{})", ["x"], lambda r: log1p_exp(-(r["s"] * r["x"]))),
    loss("log_cosh", "xg::log_cosh(x, r{})", ["x"], log_cosh),
    loss("poisson_nll", "xg::poisson_nll(x, k{})", ["x"], lambda r: exp(r["x"]) - r["k"] * r["x"], lambda x, v: mp.exp(x["x"]) + abs(x["k"] * x["x"]),
         lambda x, v, var, i, g: mp.exp(x["x"]) + x["k"]),
])


# --- logits and a distribution, or a label
def softmax_sets(draw):
    def row(z, best=None):
        q = [draw.choice([0, 1, 1]) * draw.uniform(0.05, 1) + 0.01 for _ in range(C)]
        return {"z": z, "q": [x / sum(q) for x in q], "t": draw.randrange(C) if best is None else best}

    def gap(g, offset):
        best = draw.randrange(C)
        return row([float(offset + (g if c == best else 0) + draw.choice([0, 0.25, -1])) for c in range(C)], best if draw.random() < 0.8 else None)

    sets = {f"scale {s:g}": [row([draw.uniform(-3, 3) * s for _ in range(C)]) for _ in range(12)] for s in (1e-4, 1.0, 1e4)}
    sets["gaps"] = [gap(g, offset) for g in GAPS for offset in (0, 1000, -1000)]
    sets["-inf"] = [row([draw.uniform(-3, 3) for _ in range(C)]) for _ in range(9)]
    for i, r in enumerate(sets["-inf"]):
        for c in range(C):
            if c != r["t"] and (i == 8 or draw.random() < 0.5):
                r["z"][c], r["q"][c] = -INF, 0.0
    return sets


def logs(z):
    return [mpf(0) if x is None else x.value for x in log_softmax([dual(y) for y in z])]


def probabilities(z):
    return [mpf(0) if x is None else mp.exp(x.value) for x in log_softmax([dual(y) for y in z])]


def kl(r):
    return total(q * (log(q) - lp) for q, lp in zip(r["q"], log_softmax(r["z"])) if q.value != 0)


def kl_size(x, v):
    return mp.fsum(q * (abs(mp.log(q)) + abs(lp)) for q, lp in zip(x["q"], logs(x["z"])) if q != 0)


def reverse(r):
    return total(exp(lp) * (lp - log(q)) for q, lp in zip(r["q"], log_softmax(r["z"])) if lp is not None)


def reverse_terms(x):
    return [abs(lp) + abs(mp.log(q)) if q else mpf(0) for q, lp in zip(x["q"], logs(x["z"]))]


def js(r):
    made = dual(0)
    for q, lp in zip(r["q"], log_softmax(r["z"])):
        p = exp(lp) if lp is not None else dual(0)
        m = q * mpf("0.25") + p * mpf("0.75")
        made = made + (q * (log(q) - log(m)) * mpf("0.25") if q.value else 0) + (p * (lp - log(m)) * mpf("0.75") if lp is not None else 0)
    return made


def js_terms(x):
    """What log p - log m (and log q - log m) are relative to: m is a rounded sum, and log m is as good as m."""
    made = []
    for q, lp, p in zip(x["q"], logs(x["z"]), probabilities(x["z"])):
        m = mpf("0.25") * q + mpf("0.75") * p
        made.append((abs(lp) + abs(mp.log(m)) + 1, abs(mp.log(q)) + abs(mp.log(m)) + 1 if q else 0) if m else (0, 0))
    return made


def by_softmax(terms):
    """p_j (r_j - sum p r) with the sizes of r."""
    def size(x, value, var, j, slope):
        p, r = probabilities(x["z"]), terms(x)
        return p[j] * (r[j] + mp.fsum(a * b for a, b in zip(p, r)))
    return size


DISTRIBUTIONS = Record(inputs={"z": "vector", "q": "vector"}, sets=softmax_sets, losses=[
    loss("kl_divergence", "xg::kl_divergence(z, q{})", ["z"], kl, kl_size,
         lambda x, v, var, j, g: probabilities(x["z"])[j] * mp.fsum(x["q"]) + x["q"][j]),
    loss("reverse_kl", "xg::reverse_kl(z, q{})", ["z"], reverse,
         lambda x, v: mp.fsum(a * b for a, b in zip(probabilities(x["z"]), reverse_terms(x))), by_softmax(reverse_terms)),
    loss("jensen_shannon", "xg::jensen_shannon(z, q, 0.25_c{})", ["z"], js,
         lambda x, v: mp.fsum(mpf("0.75") * p * a + mpf("0.25") * q * b for p, q, (a, b) in zip(probabilities(x["z"]), x["q"], js_terms(x))),
         by_softmax(lambda x: [mpf("0.75") * a for a, _ in js_terms(x)])),
])


def label_log(r):
    return log_softmax(r["z"])[r["t"]]


def entropy(r):
    return -total(exp(lp) * lp for lp in log_softmax(r["z"]) if lp is not None)


LABELS = Record(inputs={"z": "vector", "t": "label"}, sets=softmax_sets, losses=[
    loss("generalised_cross_entropy", "xg::generalised_cross_entropy(z, t, 0.5_c{})", ["z"], lambda r: (1 - exp(label_log(r) * mpf("0.5"))) * 2),
    loss("symmetric_cross_entropy", "xg::symmetric_cross_entropy(z, t, xg::alpha(0.25_c){})", ["z"],
         lambda r: label_log(r) * -mpf("0.25") + (1 - exp(label_log(r))) * 4),
    # The derivative of log p adds p - p sum(p), which is 0, and in float as large as p's own error: hence the 1.
    loss("entropy", "xg::entropy(z{})", ["z"], entropy, None, by_softmax(lambda x: [abs(lp) + 1 for lp in logs(x["z"])])),
])


# --- a normal distribution's mean and variance
def gaussian_sets(draw):
    def row(s):
        return {"x": draw.uniform(-3, 3) * s, "y": draw.uniform(-3, 3) * s, "v": draw.choice([1e-3, 0.5, 1.0, 40.0]) * draw.uniform(0.5, 1)}

    return {f"scale {s:g}": [row(s) for _ in range(24)] for s in (1e-4, 1.0, 1e4)}


GAUSSIAN = Record(inputs={"x": "number", "y": "number", "v": "number"}, sets=gaussian_sets, losses=[
    loss("gaussian_nll", "xg::gaussian_nll(x, y, v{})", ["x", "v"], lambda r: (log(r["v"]) + (r["x"] - r["y"]) ** 2 / r["v"]) * mpf("0.5"),
         lambda x, v: abs(mp.log(x["v"])) / 2 + (x["x"] - x["y"]) ** 2 / (2 * x["v"]),
         lambda x, v, var, i, g: abs(g) if var == "x" else (1 + (x["x"] - x["y"]) ** 2 / x["v"]) / (2 * x["v"]))])


# --- masks
def mask_sets(draw):
    def row(confidence):
        y = [float(draw.randrange(2)) for _ in range(C)]
        y[0] = 1.0
        return {"p": [abs(b - confidence * draw.uniform(0.1, 1)) for b in y], "y": y}

    return {f"{c:g} from the target": [row(c) for _ in range(12)] for c in (1e-7, 1e-4, 0.5, 1.0)}


def overlaps(r):
    return total(p * y for p, y in zip(r["p"], r["y"])), total(p * (1 - y) for p, y in zip(r["p"], r["y"])), total((1 - p) * y for p, y in zip(r["p"], r["y"]))


def tversky(r, a, b):
    both, fp, fn = overlaps(r)
    return (fp * a + fn * b) / (both + fp * a + fn * b)


MASKS = Record(inputs={"p": "probability", "y": "vector"}, sets=mask_sets, losses=[
    loss("dice", "xg::dice(p, y{})", ["p"], lambda r: tversky(r, mpf("0.5"), mpf("0.5"))),
    loss("tversky", "xg::tversky(p, y, xg::alpha(0.25_c), xg::beta(0.75_c){})", ["p"], lambda r: tversky(r, mpf("0.25"), mpf("0.75"))),
])


# --- similarities and directions
def circle_sets(draw):
    def row(s):
        y = [1.0, 0.0] + [float(draw.randrange(2)) for _ in range(C - 2)]
        return {"x": [draw.uniform(-1, 1) * s for _ in y], "y": y}

    return {f"scale {s:g}": [row(s) for _ in range(24)] for s in (1e-4, 0.1, 1.0)}


GAMMA, MARGIN = 80, mpf("0.4")


def circle_terms(x, y):
    return [relu(1 + MARGIN - s) * (1 - MARGIN - s) * GAMMA if b == 1 else relu(s + MARGIN) * (s - MARGIN) * GAMMA for s, b in zip(x, y)]


def circle(r):
    labels = [b.value for b in r["y"]]
    terms = circle_terms(r["x"], labels)
    return log1p_exp(log(total(exp(t) for t, b in zip(terms, labels) if b == 0)) + log(total(exp(t) for t, b in zip(terms, labels) if b == 1)))


def exponents(x):
    """How large the exponents are: a power has as many epsilons of error."""
    return 1 + 2 * max(abs(t.value) for t in circle_terms([dual(s) for s in x["x"]], x["y"]))


def circle_slope(x, value, var, j, slope):
    s = x["x"][j]
    inner = 2 - 2 * s if x["y"][j] == 1 else 2 * s
    return (abs(slope / inner) * (2 + 2 * abs(s)) if inner else 0) * exponents(x)


CIRCLE = Record(inputs={"x": "vector", "y": "vector"}, sets=circle_sets, losses=[
    loss("circle", "xg::circle(x, y{})", ["x"], circle, lambda x, v: v * exponents(x), circle_slope)])


def direction_sets(draw):
    def row(s, apart):
        a = [draw.uniform(-1, 1) * s for _ in range(C)]
        return {"x": a, "y": [2 * e + apart * s * draw.uniform(-1, 1) for e in a]}

    return {f"scale {s:g}, {apart:g} apart": [row(s, apart) for _ in range(12)] for s in (1e-4, 1.0, 1e4) for apart in (1e-3, 1.0, 50.0)}


def cosine(r):
    return total(a * b for a, b in zip(r["x"], r["y"])) / sqrt(total(a * a for a in r["x"])) / sqrt(total(b * b for b in r["y"]))


def units(x):
    na, nb = (mp.sqrt(mp.fsum(e * e for e in x[k])) for k in "xy")
    return [e / na for e in x["x"]], [e / nb for e in x["y"]], na


def cosine_size(x, v):
    a, b, _ = units(x)
    return mp.fsum(abs(c * d) for c, d in zip(a, b))


def cosine_slope(x, v, var, j, slope):
    a, b, na = units(x)
    return (cosine_size(x, v) * abs(a[j]) + abs(b[j])) / na


def distance_size(x, v):
    """Half a square of a - b, each of length 1: the difference has an error relative to 1."""
    return v + mp.sqrt(2 * v)


DIRECTIONS = Record(inputs={"x": "vector", "y": "vector"}, sets=direction_sets, losses=[
    loss("cosine_similarity", "xg::cosine_similarity(x, y{})", ["x"], cosine, cosine_size, cosine_slope),
    loss("cosine_distance", "xg::cosine_distance(x, y{})", ["x"], lambda r: 1 - cosine(r), distance_size, cosine_slope),
])

PROGRAMS = [ELEMENTS, DISTRIBUTIONS, LABELS, GAUSSIAN, MASKS, CIRCLE, DIRECTIONS]
