# SPDX-License-Identifier: BSL-1.0
# SPDX-FileCopyrightText: 2026 the xgrad authors
"""What xgrad formula each ONNX op is, by the op's attributes and extents."""

FORMULAS = {}
FLOATS = (1, 11)


class Skip(Exception):
    """Why a case of an op that we have does not apply."""


class Formula:
    """`inputs`: name -> (declaration, element type, rank, file); `results`: (expression, index of the output);
    `gradients`: names to differentiate by; `weight`: what the first result is multiplied by before it is summed."""

    def __init__(self, inputs, results, gradients=(), weight=None):
        self.inputs, self.results, self.gradients = inputs, results, gradients
        # not constant, so that what sums to a constant (softmax) has a gradient to show
        self.weight = weight or "0.5_c + xg::square(result_0)"


def formula(*ops):
    def note(f):
        for op in ops:
            FORMULAS[op] = f
        return f
    return note


def literal(value):
    """A number as C++: a compile-time constant."""
    return f"xg::number<{float(value)!r}>"


def extents(e):
    return ", ".join(f"{n}_c" for n in e)


def real(case, i, name):
    """Input i as real numbers."""
    tensor = case.tensor(i)
    if tensor.type not in FLOATS:
        raise Skip("not float")
    if 0 in tensor.extents:
        raise Skip("an extent of 0")
    return {name: (f'xg::input<"{name}">({extents(tensor.extents)})', "real", len(tensor.extents), case.file(i))}


def mask(case, i, name):
    return {name: (f'xg::mask<"{name}">({extents(case.extents(i))})', "bool", case.rank(i), case.file(i))}


def labels(case, i, name, classes, ignored):
    e = case.extents(i)
    option = f", xg::ignore_index<{ignored}>" if ignored is not None else ""
    return {name: (f'xg::labels<"{name}">({extents(e)}, xg::classes({classes}_c){option})', "std::int64_t", len(e), case.file(i))}


def axis(case, otherwise, i=0):
    a = case.get("axis", otherwise)
    return a + case.rank(i) if a < 0 else a


def unary(op, text, smooth=True):
    def f(case):
        if "sequence" in case.name or "_opt" in case.name:
            raise Skip("not a tensor")
        return Formula(real(case, 0, "x"), [(text(case) if callable(text) else text, 0)], ["x"] if smooth else [])
    FORMULAS[op] = f


def binary(op, text, gradients=("a", "b")):
    def f(case):
        return Formula({**real(case, 0, "a"), **real(case, 1, "b")}, [(text, 0)], gradients)
    FORMULAS[op] = f


for op, text in {"Exp": "exp(x)", "Log": "log(x)", "Sqrt": "sqrt(x)", "Neg": "-x", "Tanh": "tanh(x)", "Sigmoid": "sigmoid(x)", "Softplus": "softplus(x)",
                 "Erf": "erf(x)", "Abs": "abs(x)", "Relu": "relu(x)", "Reciprocal": "1_c / x", "Identity": "x + 0_c"}.items():
    unary(op, text)
for op, text in {"Add": "a + b", "Sub": "a - b", "Mul": "a * b", "Div": "a / b"}.items():
    binary(op, text)
for op, text in {"Less": "a < b", "LessOrEqual": "a <= b", "Greater": "a > b", "GreaterOrEqual": "a >= b", "Equal": "a == b"}.items():
    binary(op, f"xg::indicator({text})", ())


@formula("Max", "Min", "Sum", "Mean")
def many(case):
    names = [f"x{i}" for i in range(len(case.inputs))]
    inputs = {}
    for i, name in enumerate(names):
        inputs.update(real(case, i, name))
    text = names[0]
    for name in names[1:]:
        text = f"xg::{case.op.lower()}({text}, {name})" if case.op in ("Max", "Min") else f"{text} + {name}"
    if case.op == "Mean":
        text = f"({text}) / {len(names)}_c"
    return Formula(inputs, [(text if len(names) > 1 else f"({text}) + 0_c", 0)], names[:1])


@formula("Where")
def where(case):
    return Formula({**mask(case, 0, "c"), **real(case, 1, "a"), **real(case, 2, "b")}, [("xg::select(c, a, b)", 0)], ["a", "b"])


REDUCED = {"ReduceSum": "xg::sum(x{})", "ReduceMean": "xg::mean(x{})", "ReduceMax": "xg::max(x{})", "ReduceMin": "-xg::max(-x{})",
           "ReduceL1": "xg::sum(abs(x){})", "ReduceL2": "xg::sqrt(xg::sum(xg::square(x){}))", "ReduceSumSquare": "xg::sum(xg::square(x){})",
           "ReduceLogSum": "xg::log(xg::sum(x{}))", "ReduceLogSumExp": "xg::logsumexp(x{})"}


@formula(*REDUCED)
def reduce(case):
    axes = case.get("axes")
    if axes is None and case.has(1):
        axes = [int(a) for a in case.tensor(1).numbers]
    if not axes and case.get("noop_with_empty_axes"):
        return Formula(real(case, 0, "x"), [("x + 0_c", 0)], ["x"])
    options = f", xg::axes<{', '.join(str(int(a)) for a in axes)}>" if axes else ""
    if case.get("keepdims", 1):
        options += ", xg::keep_axes"
    # the example data has equal elements at a maximum: no derivative there
    smooth = not (case.op in ("ReduceMax", "ReduceMin") and "example" in case.name)
    return Formula(real(case, 0, "x"), [(REDUCED[case.op].format(options), 0)], ["x"] if smooth else [])


@formula("MatMul")
def matmul(case):
    return Formula({**real(case, 0, "a"), **real(case, 1, "b")}, [("xg::matmul(a, b)", 0)], ["a", "b"])


@formula("Gemm")
def gemm(case):
    inputs = {**real(case, 0, "a"), **real(case, 1, "b")}
    a = "xg::transpose(a)" if case.get("transA") else "a"
    b = "xg::transpose(b)" if case.get("transB") else "b"
    text = f"{literal(case.get('alpha', 1.0))} * xg::matmul({a}, {b})"
    gradients = ["a", "b"]
    if case.has(2):
        inputs.update(real(case, 2, "c"))
        text += f" + {literal(case.get('beta', 1.0))} * c"
        if case.extents(2):  # of a number without axes the gradient is a number
            gradients.append("c")
    return Formula(inputs, [(text, 0)], gradients)


@formula("Transpose")
def transpose(case):
    order = case.get("perm") or list(range(case.rank(0)))[::-1]
    return Formula(real(case, 0, "x"), [(f"xg::transpose(x, xg::axes<{', '.join(map(str, order))}>) + 0_c", 0)], ["x"])


@formula("Softmax", "LogSoftmax")
def softmax(case):
    name = "softmax" if case.op == "Softmax" else "log_softmax"
    return Formula(real(case, 0, "x"), [(f"xg::{name}(x, xg::axes<{axis(case, -1)}>)", 0)], ["x"])


def loss_options(case):
    options = [f'xg::reduction<"{case.get("reduction", "mean")}">']
    inputs = {}
    if case.has(2):
        inputs = real(case, 2, "w")
        options.append("xg::class_weight(w)")
    if case.rank(0) != 2:
        options.append("xg::class_axis<1>")
    return inputs, ", ".join(options)


@formula("SoftmaxCrossEntropyLoss")
def softmax_cross_entropy(case):
    more, options = loss_options(case)
    inputs = {**real(case, 0, "z"), **labels(case, 1, "t", case.extents(0)[1], case.get("ignore_index")), **more}
    results = [(f"xg::cross_entropy(z, t, {options})", 0)]
    if len(case.outputs) > 1:
        results.append(("xg::log_softmax(z, xg::axes<1>)", 1))
    return Formula(inputs, results, ["z"])


@formula("NegativeLogLikelihoodLoss")
def nll(case):
    more, options = loss_options(case)
    inputs = {**real(case, 0, "z"), **labels(case, 1, "t", case.extents(0)[1], case.get("ignore_index")), **more}
    return Formula(inputs, [(f"xg::nll_loss(z, t, {options})", 0)], ["z"])


def model_data(case, i, name, path, kind="parameter"):
    """Input i as a parameter or a statistic of a layer."""
    (declaration, element, rank, file), = real(case, i, name).values()
    start = "" if path.endswith(("bias", "mean")) else ", xg::ones"
    return {name: (f'xg::{kind}<"{path}"{start}>({extents(case.extents(i))})', element, rank, file)}


def flag(value):
    return "true" if value else "false"


@formula("LayerNormalization")
def layer_normalization(case):
    first, epsilon, has_bias = axis(case, -1), case.get("epsilon", 1e-5), case.has(2)
    rows = f"xg::axes<{', '.join(str(i) for i in range(first, case.rank(0)))}>"
    inputs = {**real(case, 0, "x"), **model_data(case, 1, "w", "n.weight")}
    if has_bias:
        inputs.update(model_data(case, 2, "b", "n.bias"))
    if first == 0:  # all of x is one row, which the layer takes for a sample without a batch
        text = f"xg::standardise(x, {literal(epsilon)}) * w" + (" + b" if has_bias else "")
    else:
        text = f'xg::layer_norm<"n", xg::norm_options{{.epsilon = {epsilon!r}, .axes = {case.rank(0) - first}, .bias = {flag(has_bias)}}}>(x)'
    results = [(text, 0)]
    mean = f"xg::mean(x, {rows}, xg::keep_axes)"
    for k, more in ((1, mean), (2, f"1_c / xg::sqrt(xg::mean(xg::square(x - {mean}), {rows}, xg::keep_axes) + {literal(epsilon)})")):
        if k < len(case.outputs) and case.outputs[k]:
            results.append((more, k))
    return Formula(inputs, results, ["x", "w"] + ["b"] * has_bias)


@formula("BatchNormalization")
def batch_normalization(case):
    inputs = {**real(case, 0, "x"), **model_data(case, 1, "w", "n.weight"), **model_data(case, 2, "b", "n.bias"),
              **model_data(case, 3, "mean", "n.running_mean", "statistic"), **model_data(case, 4, "variance", "n.running_var", "statistic")}
    layer = f'xg::batch_norm<"n", xg::batch_norm_options{{.epsilon = {case.get("epsilon", 1e-5)!r}, .unbiased = false}}>(x)'
    if not case.get("training_mode", 0):
        return Formula(inputs, [(layer, 0)], ["x", "w", "b"])
    keep = literal(case.get("momentum", 0.9))
    others = f"xg::axes<{', '.join(str(i) for i in range(case.rank(0)) if i != 1)}>"
    centred = f"x - xg::mean(x, {others}, xg::keep_axes)"
    return Formula(inputs, [(f"xg::training({layer})", 0), (f"{keep} * mean + (1_c - {keep}) * xg::mean(x, {others})", 1),
                            (f"{keep} * variance + (1_c - {keep}) * xg::mean(xg::square({centred}), {others})", 2)], ["x", "w", "b"])


@formula("InstanceNormalization")
def instance_normalization(case):
    inputs = {**real(case, 0, "x"), **model_data(case, 1, "w", "n.weight"), **model_data(case, 2, "b", "n.bias")}
    return Formula(inputs, [(f'xg::instance_norm<"n", xg::norm_options{{.epsilon = {case.get("epsilon", 1e-5)!r}}}>(x)', 0)], ["x", "w", "b"])


@formula("Dropout")
def dropout(case):
    ratio = case.tensor(1).numbers[0] if case.has(1) else case.get("ratio", 0.5)
    training = case.has(2) and case.tensor(2).numbers[0]
    if training and ratio != 0:
        raise Skip("random numbers of NumPy's generator")
    layer = f'xg::dropout<"d">({literal(ratio)})(x)'
    return Formula(real(case, 0, "x"), [(f"xg::training({layer}) + 0_c" if training else f"{layer} + 0_c", 0)], ["x"])


# --- activations

def away_from_corners(case):
    """The examples have numbers at which these functions have no derivative."""
    return [] if case.name.endswith("_example") else ["x"]


def activation(op, text, **defaults):
    """An op of one input whose numbers are attributes; `text` has a place for each."""
    def f(case):
        numbers = {name: literal(case.get(name, value)) for name, value in defaults.items()}
        return Formula(real(case, 0, "x"), [(text.format(**numbers), 0)], away_from_corners(case))
    FORMULAS[op] = f


activation("Elu", "xg::elu(x, {alpha})", alpha=1.0)
activation("Celu", "xg::celu(x, {alpha})", alpha=1.0)
activation("LeakyRelu", "xg::leaky_relu(x, {alpha})", alpha=0.01)
activation("ThresholdedRelu", "xg::thresholded_relu(x, {alpha})", alpha=1.0)
activation("HardSigmoid", "xg::hard_sigmoid(x, {alpha}, {beta})", alpha=0.2, beta=0.5)
activation("HardSwish", "xg::hard_silu(x)")
activation("Softsign", "xg::softsign(x)")
unary("Sign", "xg::sign(x)", smooth=False)
unary("Sin", "xg::sin(x)")
unary("Cos", "xg::cos(x)")


@formula("Selu")
def selu(case):
    if "alpha" in case.attributes or "gamma" in case.attributes:  # other numbers than the paper's
        return Formula(real(case, 0, "x"), [(f"{literal(case.get('gamma'))} * xg::elu(x, {literal(case.get('alpha'))})", 0)], away_from_corners(case))
    return Formula(real(case, 0, "x"), [("xg::selu(x)", 0)], away_from_corners(case))


@formula("Shrink")
def shrink(case):
    bias, limit = case.get("bias", 0.0), case.get("lambd", 0.5)
    if bias not in (0.0, limit):
        raise Skip("a shrinkage that is neither hard nor soft")
    return Formula(real(case, 0, "x"), [(f"xg::{'hardshrink' if bias == 0.0 else 'softshrink'}(x, {literal(limit)})", 0)], ["x"])


@formula("PRelu")
def prelu(case):
    return Formula({**real(case, 0, "x"), **real(case, 1, "slope")}, [("xg::leaky_relu(x, slope)", 0)], ["x", "slope"])


@formula("Clip")
def clip(case):
    inputs, text = real(case, 0, "x"), "x"
    if case.has(1):
        text = f"xg::maximum({text}, {literal(case.tensor(1).numbers[0])})"
    if case.has(2):
        text = f"xg::minimum({text}, {literal(case.tensor(2).numbers[0])})"
    return Formula(inputs, [(f"{text} + 0_c", 0)], ["x"])


@formula("Pow")
def power(case):
    inputs = real(case, 0, "x")
    exponent = case.tensor(1)
    if exponent.extents and exponent.type in FLOATS:
        smooth = min(case.tensor(0).numbers) > 1e-3  # a base moved below 0 has no real power
        return Formula({**inputs, **real(case, 1, "y")}, [("xg::pow(x, y)", 0)], ["x"] if smooth else [])
    if exponent.extents:
        raise Skip("not float")
    return Formula(inputs, [(f"xg::pow(x, {literal(exponent.numbers[0])})", 0)], ["x"])


@formula("Hardmax")
def hardmax(case):
    return Formula(real(case, 0, "x"), [(f"xg::hardmax(x, xg::axes<{axis(case, -1)}>)", 0)])


# --- movement and gather

@formula("Concat")
def concat(case):
    names = [f"x{i}" for i in range(len(case.inputs))]
    inputs = {}
    for i, name in enumerate(names):
        inputs.update(real(case, i, name))
    return Formula(inputs, [(f"xg::concat({', '.join(names)}, xg::axes<{axis(case, 0)}>)", 0)], names)


@formula("Slice")
def slices(case):
    starts, ends = case.tensor(1).numbers, case.tensor(2).numbers
    e = case.extents(0)
    axes = case.tensor(3).numbers if case.has(3) else range(len(starts))
    steps = case.tensor(4).numbers if case.has(4) else [1] * len(starts)
    text = "x"
    for start, end, a, step in zip(starts, ends, axes, steps):
        if step != 1:
            raise Skip("slices with a step")
        a = int(a) % len(e)
        start, end = (max(0, min(e[a], int(v) + e[a] if v < 0 else int(v))) for v in (start, end))
        if start >= end:
            raise Skip("an extent of 0")
        text = f"xg::slice<{start}, {end}>({text}, xg::axes<{a}>)"
    return Formula(real(case, 0, "x"), [(text, 0)], ["x"])


@formula("Flatten", "Reshape")
def reshape(case):
    wanted = case.results[case.outputs[0]][1].extents
    if 0 in wanted:
        raise Skip("an extent of 0")
    return Formula(real(case, 0, "x"), [(f"xg::reshape(x, {extents(wanted)})", 0)], ["x"])


@formula("CumSum")
def cumsum(case):
    a = int(case.tensor(1).numbers[0]) % case.rank(0)
    text = f"xg::axes<{a}>"
    inner = f"xg::reverse(x, {text})" if case.get("reverse") else "x"
    made = f"xg::cumsum({inner}, {text})"
    if case.get("exclusive"):
        made = f"{made} - {inner}"
    if case.get("reverse"):
        made = f"xg::reverse({made}, {text})"
    return Formula(real(case, 0, "x"), [(made, 0)], ["x"])


@formula("Gather")
def gather(case):
    if axis(case, 0) != 0 or case.rank(0) != 2:
        raise Skip("a gather that is not a look-up of rows")
    if any(n < 0 for n in case.tensor(1).numbers):
        raise Skip("labels below 0 that count from the end")
    return Formula({**real(case, 0, "table"), **labels(case, 1, "t", case.extents(0)[0], None)}, [("xg::embedding_lookup(table, t)", 0)], ["table"])
