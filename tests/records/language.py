"""Programs of the language that compiled functions take, of gradients, hooks, Cells and Parameters; run as a script with MindSpore,
it records what they give in both modes.

tests/test_language.py compares types as well: a number is not a Tensor.  A program that MindSpore refuses is recorded with the class of its
exception.
"""

import importlib
import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

ms = importlib.import_module("mindspore" if __name__ == "__main__" else "minispore")
Parameter, Tensor, nn, ops, jit = ms.Parameter, ms.Tensor, ms.nn, ms.ops, ms.jit
if __name__ == "__main__":
    from mindspore.common.initializer import initializer
else:
    from minispore.common.initializer import initializer


def refused(f, *args):
    """The class of the exception that a call raises; None if there is none."""
    try:
        f(*args)
    except Exception as error:
        return type(error).__name__
    return None


def of_vector():
    return Tensor([1.0, 2.0, 3.0])


class Weighted(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0]), name="w")

    def construct(self, x):
        return self.w * x


# ---------------------------------------------------------------- numbers that a graph decides on
def numbers_of_branches():
    @jit
    def f(x, half):
        k, r = (1, 0.5) if x > 0 else (2, 1.5)
        return k, r, k + 1, k > 1, half * k, half * r, Tensor([1, 2], ms.int32) * k

    half = Tensor([2.0], ms.float16)
    return [f(Tensor(1.0), half), f(Tensor(-1.0), half)]


def numbers_of_loops():
    @jit
    def f(x):
        count, rate = 0, 1.0
        while x < 10:
            x = x * 2
            count += 1
            rate = rate / 2
        return count, rate, x

    return [f(Tensor(1.0)), f(Tensor(20.0))]


def a_bool_that_is_returned():
    @jit
    def f(x):
        if x > 0:
            return True
        return False

    return [f(Tensor(1.0)), f(Tensor(-1.0))]


def a_tuple_of_a_branch():
    @jit
    def f(x):
        if x > 0:
            r = (x, 1)
        else:
            r = (x * 2, 2)
        return r

    return [f(Tensor(1.0)), f(Tensor(-1.0))]


def marked_numbers():
    @jit
    def f(a, b):
        return a + b, a * b, a

    return [f(ms.mutable(2), ms.mutable(3)), f(ms.mutable(2.5), 3)]


# ---------------------------------------------------------------- what comes back
def lists_from_outside_are_themselves():
    outer, keys = [1, 2, [3, 4], None], {"a": 1}

    @jit
    def f():
        return outer, outer[2], keys

    a, b, c = f()
    return [a is outer, b is outer[2], c is keys, a, c]


def iterators_come_back_as_their_items():
    def more(a):
        return a + 1

    def above(a):
        return a > 1

    @jit
    def f(x):
        d = {"a": x, "b": 2}
        return range(3), map(more, (1, 2)), filter(above, [1, 2, 3]), d.keys(), d.values()

    return f(Tensor([1]))


def a_parameter_alone():
    class Net(Weighted):
        def construct(self):
            return self.w

    net = Net()
    return net() is net.w


def inverted_and_rounded():
    return [~Tensor([1, 0]), ~Tensor([True, False]), round(Tensor([1.4, 2.5]))]


# ---------------------------------------------------------------- gradients and hooks
def branches_in_a_bprop():
    class Net(nn.Cell):
        def construct(self, x):
            return x * x

        def bprop(self, x, out, dout):
            if x.sum() > 0:
                return (dout * 2,)
            return (dout * 3,)

    g = ms.grad(Net())
    return [g(of_vector()), g(-of_vector())]


def gradients_of_marked_containers():
    class Net(nn.Cell):
        def construct(self, x, t, k, d):
            return x * t[0] * k + d["a"][1]

    x = of_vector()
    marked = ms.mutable((x, x + 1)), 3, ms.mutable({"a": [x, x]})
    plain = (x, x + 1), 3, {"a": [x, x]}
    g = ops.GradOperation(get_all=True)
    return [g(Net())(x * 2, *marked), g(Net())(x * 2, *plain)]


def hooks_run_in_order():
    def double(g):
        return g * 2

    def more(g):
        return g + 1

    def f(x):
        z = x * x
        z.register_hook(double)
        z.register_hook(more)
        return z * 3

    return ms.grad(f)(of_vector())


def a_hook_that_gives_no_tensor():
    def f(x):
        z = x * x
        z.register_hook(lambda g: "a")
        return z * 3

    return ms.grad(f)(of_vector())


def a_backward_hook_with_too_few():
    def hook(cell, grad_input, grad_output):
        return Tensor([1.0])

    class Mul(nn.Cell):
        def construct(self, x, y):
            return x * y

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.mul = Mul()
            self.mul.register_backward_hook(hook)

        def construct(self, x, y):
            return self.mul(x, y)

    return ms.ops.GradOperation(get_all=True)(Net())(Tensor([1.0]), Tensor([2.0]))


def a_sensitivity_of_another_type():
    def f(x):
        return x * x

    return ms.ops.GradOperation(sens_param=True)(f)(of_vector(), Tensor([1.0, 1.0, 1.0], ms.float16))


def mapped_over_different_kinds():
    @jit
    def f(x):
        return ops.HyperMap()(ops.Add(), (x, x), [x, x])

    return f(of_vector())


def mapped_outside_of_a_graph():
    x = of_vector()
    return ops.HyperMap()(ops.Add(), [x, [x]], [x, [x]])


# ---------------------------------------------------------------- Parameters
def floats_into_integers():
    def assigned(variable, given):
        p = Parameter(Tensor([1, 0], variable), name="p")
        return refused(ops.assign, p, Tensor([1, 0], given)), refused(ops.assign_add, p, Tensor([1, 0], given))

    types = [ms.int32, ms.float16, ms.float32]
    return [assigned(ms.int32, t) for t in types] + [assigned(ms.float32, t) for t in types]


def data_brings_its_type():
    p = Parameter(Tensor([1.0, 2.0]), name="p")
    p.data = Tensor([1, 2], ms.int32)
    first = str(p.dtype), p.asnumpy().tolist()
    p.data = Tensor([1.5, 2, 3])
    return [*first, str(p.dtype), p.shape]


def values_of_a_parameter():
    return [refused(Parameter, v) for v in ((1, 2), True, None, "a", [1, 2], 3)]


def a_parameter_becomes_none():
    class Net(Weighted):
        def construct(self, x):
            self.w = None
            return x

    return Net()(of_vector())


def arguments_of_initializers():
    wrong = [
        ("ones", [0]),
        ("ones", "a"),
        ("ones", [1.5]),
        ("ones", Tensor([1])),
        ("ones", [-1, 2]),
        ("ones", [1], None),
    ]
    return [*[refused(initializer, *a) for a in wrong], initializer(True, [2]).init_data()]


# ---------------------------------------------------------------- Cells
def members_of_cells():
    cell, p = nn.Cell(), Parameter(Tensor([1.0]), name="w")
    cell.insert_param_to_cell("w", p)
    d = nn.CellDict({"a": nn.ReLU()})
    return [
        refused(cell.insert_child_to_cell, "w", nn.ReLU()), refused(d.__getitem__, "b"), refused(d.pop, "b"),
        refused(nn.ReLU().to_float, "a"), refused(nn.ReLU().recompute, 3),
    ]  # fmt: skip


def flags_and_phase():
    cell = nn.SequentialCell([nn.ReLU()])
    cell.add_flags(fast=True)
    flags = dict(cell.get_flags())
    phases = [cell.phase, cell.set_train().phase, cell.set_train(False).phase]
    return [cell.fast, flags, *phases]


def names_of_checkpoints():
    with tempfile.TemporaryDirectory() as directory:
        ms.save_checkpoint(Weighted(), os.path.join(directory, "net"))
        return sorted(os.listdir(directory))


def early_checks():
    from_train = importlib.import_module(f"{ms.__name__.split('.')[0]}.train")
    model = ms.Model(nn.ReLU(), nn.MSELoss())
    return [refused(model.eval, 3), refused(from_train.ModelCheckpoint, "a", ""), refused(ms.SummaryRecord, "")]


# ---------------------------------------------------------------- recording
def plain(x):
    """What a program gives, as JSON can hold it; a Tensor with its type, and each container with its kind."""
    if isinstance(x, Tensor):
        return {"tensor": x.asnumpy().tolist(), "dtype": str(x.dtype)}
    if isinstance(x, (tuple, list)):
        return [type(x).__name__, *map(plain, x)]
    if isinstance(x, dict):
        return {"keys": list(x), "values": [plain(v) for v in x.values()]}
    return x.item() if isinstance(x, np.generic) else x


def programs():
    return {
        name: f for name, f in globals().items()
        if callable(f) and getattr(f, "__module__", None) == __name__ and not isinstance(f, type)
        and name not in ("plain", "programs", "refused", "of_vector", "outcome")
    }  # fmt: skip


def outcome(program):
    try:
        return plain(program())
    except Exception as error:
        return {"raises": type(error).__name__}


if __name__ == "__main__":
    found: dict = {}
    for mode in ("GRAPH", "PYNATIVE"):
        ms.set_context(mode=getattr(ms, f"{mode}_MODE"))
        found[mode.lower()] = {name: outcome(f) for name, f in programs().items()}
    Path(sys.argv[1]).write_text(json.dumps(found, indent=1) + "\n")
