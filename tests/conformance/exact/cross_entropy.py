# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""cross_entropy with its options, row by row in 50 digits, from the definition: u = s c tanh(z / c), p = softmax(u), F(p) = -(1 - p)^g log p + e1 (1 - p),
loss = sum of a_i F(p_i) + k lse^2, where the target's a_i is (1 - e) w_i q_i and smoothing's e / C w_i; then weighted, masked and reduced.

Beside every number stands its scale, to which the error is relative: its own size, unless its terms cancel by nature. These do: the parts of a
gradient that come from different classes' terms (a distribution, label smoothing), and z_loss beside the rest. A label's own entry does not.
softcap's factor 1 - tanh(z / c)^2 is as good as tanh is, so its error is relative to 1.
"""
from mpmath import mp, mpf

mp.dps = 50
IGNORED = -100


def softmax_of(u):
    """log p, p and 1 - p of every class, lse and the size of lse's two terms; each with all its digits."""
    top = max(range(len(u)), key=lambda i: u[i])
    e = [mp.exp(x - u[top]) for x in u]
    beside = mp.log1p(mp.fsum(e[i] for i in range(len(u)) if i != top))
    total = mp.fsum(e)
    log_p = [(x - u[top]) - beside for x in u]
    others = [mp.fsum(e[i] for i in range(len(u)) if i != j) / total for j in range(len(u))]
    return log_p, [x / total for x in e], others, u[top] + beside, abs(u[top]) + beside


def class_term(log_p, p, other, o):
    """F and its derivative by log p, both of which are sums of terms of one sign."""
    value, slope = -log_p, mpf(-1)
    g = o.get("focal", 0)
    if g and other == 0:
        value = slope = mpf(0)
    elif g:
        value, slope = other**g * -log_p, -other**g + g * other ** (g - 1) * p * log_p
    return value + o.get("poly", 0) * other, slope - o.get("poly", 0) * p


def row_of(z, q, w, o):
    """Loss, gradient by z, and the scales of both; q is a distribution, or a label."""
    n = len(z)
    cap, s = o.get("softcap"), 1 / mpf(o.get("temperature", 1))
    u = [s * (cap * mp.tanh(x / cap) if cap else x) for x in z]
    log_p, p, others, lse, lse_size = softmax_of(u)
    e, k = mpf(o.get("smoothing", 0)), o.get("z_loss", 0)
    label = isinstance(q, int)
    value, slope, size = mpf(0), [mpf(0)] * n, [mpf(0)] * n
    for i in range(n):
        wanted = (1 - e) * w[i] * ((i == q) if label else q[i])
        spread = e / n * w[i] if u[i] != mp.ninf else mpf(0)
        for a, alone in ((wanted, label), (spread, False)):
            if a == 0:
                continue
            f, df = class_term(log_p[i], p[i], others[i], o)
            value += a * f
            for j in range(n):
                slope[j] += a * df * (others[j] if i == j else -p[j])
                size[j] += abs(a * df) * (others[j] if alone and i == j else p[j] + (i == j))
    value_size = value + k * lse_size**2
    value += k * lse**2
    for j in range(n):
        slope[j] += 2 * k * lse * p[j]
        size[j] += 2 * k * lse_size * p[j]
        slope[j] *= s * (mp.sech(z[j] / cap) ** 2 if cap and z[j] != mp.ninf else 0 if cap else 1)
        size[j] *= s
    return value, slope, value_size, size


def loss_of(data, o):
    """`data`: z, and t or q, as lists of rows; w, v (row weights), m (row mask) where given; `batch` the extent of the first axis.
    Gives the results (one number or one a row), the gradient's rows, and the scales of both."""
    classes = len(data["z"][0])
    w = [mpf(x) for x in data["w"]] if "w" in data else [mpf(1)] * classes
    rows, counts, weights = [], [], []
    for r, z in enumerate(data["z"]):
        label = data["t"][r] if "t" in data else None
        keep = label != IGNORED and ("m" not in data or data["m"][r])
        counts.append(keep)
        if not keep:
            rows.append((mpf(0), [mpf(0)] * classes, mpf(0), [mpf(0)] * classes))
            continue
        weights.append(w[label] if label is not None else mpf(1))
        value, slope, value_size, size = row_of([mpf(x) for x in z], label if label is not None else [mpf(x) for x in data["q"][r]], w, o)
        v = mpf(data["v"][r]) if "v" in data else mpf(1)
        rows.append((v * value, [v * x for x in slope], v * value_size, [v * x for x in size]))
    how = o["reduction"]
    divisor = {"none": mpf(1), "sum": mpf(1), "mean": mp.fsum(weights), "batch_mean": mpf(data["batch"])}[how]
    if how == "none":
        return [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows], [r[3] for r in rows]
    share = (lambda x: x / divisor) if divisor else (lambda x: mpf(0))  # a mean of nothing passes nothing back
    value = mp.fsum(r[0] for r in rows) / divisor if divisor else mp.nan
    return [value], [[share(x) for x in r[1]] for r in rows], [share(mp.fsum(r[2] for r in rows))], [[share(x) for x in r[3]] for r in rows]
