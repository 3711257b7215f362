"""Functions that ask for values in all kinds of places; tests/test_graph_breaks.py compares their compiled form with Python's."""

import contextlib

import numpy as np

import minispore as ms
from minispore import Tensor, ops

FUNCTIONS = []


def case(function):
    FUNCTIONS.append(function)
    return function


@case
def comp(x):
    vals = [float(v) * 2 for v in x]
    return x * sum(vals)


@case
def inner_def(x):
    y = x * 2

    def helper(z):
        return z * int(z.max()) + y

    return helper(x) + helper(y)


@case
def lam(x):
    y = ops.exp(x)
    g = lambda z: z * y * float(y.max())
    return g(x) + 1


@case
def defaults(x, *rest, scale=2.0, **more):
    k = int(x.max())
    y = x * scale * k
    for r in rest:
        y = y + r
    for v in more.values():
        y = y * v
    return y


@case
def nested_returns(x):
    for i in range(5):
        y = x * i
        if float(y.sum()) > 3:
            if float(y.max()) > 4:
                return y
            z = y + 1
            return z * 2
        x = x + 1
    return x


@case
def loop_else(x):
    for i in range(3):
        if int(x.max()) > 100 + i:
            break
        x = x * 1.5
    else:
        x = x - 1
    return x


@case
def whiletry(x):
    n = 0
    while True:
        try:
            x = x * 2
            if x.max().item() > 10:
                raise StopIteration
            n += 1
            if n > 6:
                break
        except StopIteration:
            x = x + 100
            break
        finally:
            x = x - 1
    return x, n


@case
def swap(x):
    a, b = x, x * 2
    k = int(a.max())
    a, b = b, a
    (c, d), *e = (a + b, a - b), k, x
    return c * d + len(e)


@case
def dicts(x):
    d = {"a": x * 2, "b": [x, x + 1]}
    k = float(d["a"].max())
    d["c"] = d["b"][1] * k
    d["b"].append(d["c"])
    return d, len(d["b"])


@case
def walrus(x):
    if (m := float(x.max())) > 1:
        return x * m
    return x - m


@case
def unbound(x):
    if float(x.max()) > 1.5:
        z = x * 3
    y = x + 1
    try:
        return z + y
    except (NameError, UnboundLocalError):
        return y


@case
def augmented(x):
    s = 0
    for v in range(4):
        s += int((x * v).sum())
    y = x
    y += s
    return y * 1.0


@case
def npfunc(x):
    y = np.asarray((x * 2).asnumpy())
    y = np.clip(y, -1, 1)
    z = Tensor(y) + x
    return z.mean() * y.shape[0]


@case
def strs(x):
    key = "big" if x.max().item() > 2 else "small"
    table = {"big": 10.0, "small": 0.1}
    y = ops.relu(x) * table[key]
    name = f"{key}-{float(y.sum()):.2f}"
    return y + len(name), name


@case
def chained(x):
    if (0 < float(x.max()) < 2 and not bool((x < 0).any())) or int(x.size) > 50:
        return x * 5
    return x


@case
def inplace(x):
    y = x * 1
    y[0] = float(y.max())
    z = y * 2
    z[1:] = y[1:] + int(z[0])
    return y, z


@case
def ternary(x):
    y = x * 2 if float(x.sum()) > 0 else x / 2
    return (y if y.max() > 3 else -y) + 1


@case
def recursive(x):
    return x if float(x.max()) > 9 else recursive(x * 2) + 1


@case
def deleted(x):
    y = x * 2
    k = float(y.max())
    del y
    y = k * x
    return y


@case
def suppressed(x):
    with contextlib.suppress(ZeroDivisionError):
        y = x + 1
        k = 1 // int(x.min())
        y = y * k
    return y


@case
def matched(x):
    match int(x.argmax()):
        case 0:
            y = x * 10
        case 1 | 2:
            y = x * 20
        case _:
            y = x
    return y + 1


@case
def ints(x):
    i = x.astype(ms.int32)
    n = int(i.sum())
    return i * n, i // (n or 1), i / (n or 1), i**2 + n, -i + n * 2, (n > 1) * i


@case
def gen(x):
    total = sum(float(v) for v in x.tolist())
    return x * total


@case
def starred(x):
    parts = ops.split(x, 1)
    first, *others = parts
    k = int(first.sum())
    return first * k, [o + k for o in others]


@case
def kwcall(x):
    k = float(x.std())
    return ops.clamp(x, min=-k, max=k) + ops.full((2,), k).sum() * ops.ones_like(x)


@case
def big_unroll(x):
    outs = []
    h = x * 0
    for step in range(6):
        h = ops.tanh(h + x)
        outs.append(h)
        if step == 3:
            scale = float(h.max())
    return ops.stack(outs) * scale


@case
def empty_return(x):
    if float(x.max()) > 1e9:
        return
    y = x + 1
    return None if float(y.max()) > 1e9 else y


@case
def staticm(x):
    return Holder.twice(x) + Holder().thrice(x)


class Holder:
    k = 3

    @staticmethod
    def twice(x):
        return x * int(x.max()) * 2

    def thrice(self, x):
        self.last = float(x.max())
        return x * self.k * self.last


@case
def shapes(x):
    m = x[x > 0]
    y = ops.concat((m, x))
    return y * 2, m.shape, ops.nonzero(x).shape[0]


@case
def numbers_out(x):
    return int(x.max()), float(x.sum()), x.tolist(), x.max().item() > 1


class Loose:
    """Methods whose instance is among ``*args``, or is assigned to."""

    factor = 2.0

    def packed(*args):
        self, x = args
        k = int(x.max())
        return ops.exp(x * k) * self.factor

    def rebound(self, x):
        k = float(x.max())
        y = ops.exp(x) * self.factor
        self = y + k
        return self * 2


@case
def methods(x):
    return Loose().packed(x) + Loose().rebound(x) * int(x.size)
