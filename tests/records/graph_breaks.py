"""Programs whose compiled part needs the value of a Tensor; run as a script with MindSpore, it records what they give there.

tests/test_graph_breaks.py compares.  A program that MindSpore refuses is recorded with the class of its exception.
"""

import importlib
import json
import math
import sys
from pathlib import Path

import numpy as np

ms = importlib.import_module("mindspore" if __name__ == "__main__" else "minispore")
Parameter, Tensor, nn, ops, jit = ms.Parameter, ms.Tensor, ms.nn, ms.ops, ms.jit


def data(*shape, seed=0):
    return Tensor(np.random.RandomState(seed).randn(*shape).astype(np.float32))


def net_of(construct, **held):
    """A Cell with this construct and a Dense of fixed weights."""

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            w = np.linspace(-1, 1, 12).astype(np.float32).reshape(3, 4)
            self.dense = nn.Dense(4, 3, weight_init=Tensor(w), bias_init="zeros")
            for name, value in held.items():
                setattr(self, name, value)

    Net.construct = construct
    return Net()


def int_of_maximum():
    @jit
    def f(x):
        n = int(x.max() * 3)
        return x * n

    return [f(Tensor([1.0, 2.0])), f(Tensor([1.0, 5.0])), f(Tensor([0.1, 0.2]))]


def float_in_python():
    @jit
    def f(x):
        y = ops.relu(x) + 1
        k = float(y.sum())
        return y / k

    return [f(Tensor([1.0, -2.0, 3.0]))]


def item_of_tensor():
    @jit
    def f(x):
        k = x.sum().item()
        if k > 2:
            return x * 2
        return x - 1

    return [f(Tensor([1.0, 2.0])), f(Tensor([1.0, 0.5]))]


def tolist_of_tensor():
    @jit
    def f(x):
        items = (x * 2).tolist()
        return Tensor(items) + len(items)

    return [f(Tensor([1.0, 2.0, 4.0]))]


def asnumpy_and_numpy():
    @jit
    def f(x):
        y = ops.exp(x)
        a = np.sort(y.asnumpy())
        return Tensor(a) * 2 + y

    return [f(Tensor([1.0, -1.0, 0.5]))]


def cells_by_tensor_index():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.blocks = nn.CellList([nn.ReLU(), nn.Sigmoid(), nn.Tanh()])

        def construct(self, x, i):
            return self.blocks[i](x)

    net = Net()
    x = Tensor([1.0, -2.0])
    return [net(x, Tensor(k, ms.int32)) for k in (0, 1, 2, -1)]


def range_of_value():
    @jit
    def f(x, n):
        total = x
        for i in range(int(n)):
            total = total * 2 + i
        return total

    return [f(Tensor([1.0, 2.0]), Tensor(k)) for k in (0, 2, 5)]


def nonzero_of_input():
    @jit
    def f(x):
        return ops.nonzero(x > 0).astype(ms.float32) * 2

    return [f(Tensor([1.0, -1.0, 3.0])), f(Tensor([1.0, 1.0, 3.0]))]


def boolean_mask():
    @jit
    def f(x):
        y = x * 2
        picked = y[y > 1]
        return picked.sum() + picked.shape[0]

    return [f(Tensor([1.0, -1.0, 3.0])), f(Tensor([1.0, 1.0, 3.0]))]


def masked_select_mean():
    def construct(self, x):
        y = self.dense(x)
        return ops.masked_select(y, y > 0).mean()

    net = net_of(construct)
    return [net(data(2, 4)), net(data(2, 4, seed=1))]


def unique_values():
    @jit
    def f(x):
        values, index = ops.unique(x)
        return values * 2, index

    return [f(Tensor([3, 1, 3, 2], ms.int32))]


def formatted_print():
    @jit
    def f(x):
        print(f"mean {x.mean():.3f}")
        return x + 1

    return [f(Tensor([1.0, 2.0]))]


def math_function():
    @jit
    def f(x):
        s = (x * x).sum()
        return x * math.sqrt(float(s))

    return [f(Tensor([3.0, 4.0]))]


def try_around_a_value():
    @jit
    def f(x):
        try:
            k = 6 // int(x.sum())
        except ZeroDivisionError:
            k = -1
        return x + k

    return [f(Tensor([1.0, 2.0])), f(Tensor([1.0, -1.0]))]


TABLE = {0: 10.0, 1: 20.0, 2: 30.0}


def dict_by_value():
    @jit
    def f(x):
        key = int(x.argmax())
        return x * TABLE[key]

    return [f(Tensor([1.0, 2.0])), f(Tensor([3.0, 2.0]))]


def shape_by_value():
    @jit
    def f(x):
        n = int(x.sum())
        return ops.zeros((n, 2), ms.float32) + x.max()

    return [f(Tensor([1.0, 2.0])), f(Tensor([1.0, 1.0]))]


def while_on_item():
    @jit
    def f(x):
        steps = 0
        while x.sum().item() < 20:
            x = x * 2
            steps += 1
        return x, steps

    return [f(Tensor([1.0, 2.0])), f(Tensor([30.0, 2.0]))]


def loop_with_break_by_value():
    @jit
    def f(x):
        count = 0
        for _ in range(10):
            x = x * 1.5
            count = count + 1
            if float(x.max()) > 10:
                break
        return x, count

    return [f(Tensor([1.0, 2.0])), f(Tensor([8.0, 2.0]))]


def gradient_through_a_break():
    def f(x):
        y = ops.sin(x)
        k = int(x.max())
        return (y * y * k).sum()

    g = ms.value_and_grad(f)
    return [g(Tensor([1.5, 2.5])), g(Tensor([1.5, 3.5]))]


def gradient_of_a_cell_with_a_break():
    def construct(self, x):
        y = self.dense(x)
        scale = float(y.max())
        return (y * scale).sum()

    net = net_of(construct)
    g = ms.value_and_grad(net, None, net.trainable_params())
    return [g(data(2, 4)), g(data(2, 4, seed=1))]


def train_step_with_a_break():
    def construct(self, x):
        y = ops.relu(self.dense(x))
        if int(y.max() * 10) % 2 == 0:
            y = y * 2
        return y.sum(1)

    net = net_of(construct)
    loss = nn.WithLossCell(net, nn.MSELoss())
    step = nn.TrainOneStepCell(loss, nn.Momentum(net.trainable_params(), 0.01, 0.9))
    losses = [step(data(2, 4, seed=k), Tensor([1.0, 0.0])) for k in range(4)]
    return [*losses, net.dense.weight.asnumpy()]


def parameter_updates_around_a_break():
    def construct(self, x):
        ops.assign_add(self.total, x.sum())
        k = int(self.total.value())
        ops.assign(self.last, Tensor(float(k), ms.float32))
        return x * k

    net = net_of(construct, total=Parameter(Tensor(0.0), name="total"), last=Parameter(Tensor(0.0), name="last"))
    outs = [net(Tensor([1.0, 2.0])), net(Tensor([1.0, 2.5]))]
    return [*outs, net.total.asnumpy(), net.last.asnumpy()]


def value_in_a_called_function():
    def scale_of(y):
        return 1.0 if int(y.sum()) > 2 else 0.5

    def construct(self, x):
        return self.dense(x) * scale_of(x)

    net = net_of(construct)
    return [net(Tensor(np.ones((1, 4), np.float32))), net(Tensor(np.zeros((1, 4), np.float32) + 0.1))]


def branch_shapes_differ():
    @jit
    def f(x):
        if x.sum() > 0:
            y = x
        else:
            y = ops.concat((x, x))
        return y * 2

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def branch_returns_differ_in_shape():
    @jit
    def f(x):
        if x.sum() > 0:
            return x
        return ops.concat((x, x))

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def branch_types_differ():
    @jit
    def f(x):
        if x.sum() > 0:
            y = x
        else:
            y = x.astype(ms.int32)
        return y * 2

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def branch_differs_and_is_unused():
    @jit
    def f(x):
        if x.sum() > 0:
            y = x
        else:
            y = ops.concat((x, x))  # noqa: F841
        return x * 2

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def branch_gives_a_variable_in_one():
    @jit
    def f(x):
        if x.sum() > 0:
            y = x * 3
        return y

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def branch_gives_none_or_a_tensor():
    @jit
    def f(x):
        y = None
        if x.sum() > 0:
            y = x
        if y is None:
            return x - 1
        return y

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def branch_gives_strings():
    @jit
    def f(x):
        if x.sum() > 0:
            how = "sum"
        else:
            how = "mean"
        if how == "sum":
            return x.sum()
        return x.mean()

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def list_filled_by_values():
    @jit
    def f(x):
        found = []
        for k in range(3):
            y = x * k
            if float(y.sum()) > 2:
                found.append(y)
        return ops.stack(found)

    return [f(Tensor([1.0, 2.0])), f(Tensor([0.5, 1.0]))]


def nested_cells_with_breaks():
    def inside(self, x):
        return self.dense(x) * int(x.max())

    inner = net_of(inside)

    def construct(self, x):
        y = ops.relu(x) + 1
        z = self.inner(y)
        return z.sum() + y.mean()

    net = net_of(construct, inner=inner)
    return [net(data(2, 4)), net(data(2, 4, seed=5) * 3)]


def gradient_of_a_masked_loss():
    def f(x):
        y = x * x
        return y[y > 2].sum()

    g = ms.grad(f)
    return [g(Tensor([1.0, 2.0, -3.0])), g(Tensor([3.0, 1.0, 1.0]))]


def value_in_one_branch_only():
    @jit
    def f(x, n):
        if n > 0:
            return x * float(x.max())
        return x - 1

    return [f(Tensor([1.0, 2.0]), 1), f(Tensor([1.0, 2.0]), 0)]


def integers_keep_the_type():
    @jit
    def f(x, y):
        k = int(y.sum())
        r = float(y.sum())
        return x * k, x + r, y * k

    return [f(Tensor([1, 2], ms.int32), Tensor([1.5, 2.0], ms.float16))]


def a_condition_on_none():
    @jit
    def f(x):
        y = None
        if x.sum() > 0:
            y = x
        if y is None:
            z = x - 1
        else:
            z = x + 1
        return z

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def branches_of_different_lengths():
    @jit
    def f(x):
        if x.sum() > 0:
            y = (x, x)
        else:
            y = (x,)
        return y[0] + len(y)

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def branches_with_different_keys():
    @jit
    def f(x):
        if x.sum() > 0:
            y = {"a": x}
        else:
            y = {"b": x * 2}
        return list(y.values())[0] + len(y)  # noqa: RUF015

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def branch_types_differ_and_are_unused():
    @jit
    def f(x):
        if x.sum() > 0:
            y = x
        else:
            y = x.astype(ms.int32)  # noqa: F841
        return x * 2

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def branch_shapes_differ_in_a_tuple():
    @jit
    def f(x):
        if x.sum() > 0:
            y = x
        else:
            y = ops.concat((x, x))
        return x, (y, 3)

    return [f(Tensor([1.0, 2.0])), f(Tensor([-1.0, 0.5]))]


def tensors_by_index():
    @jit
    def f(x, i):
        return [x, x * 2, x * 3][i] + 1

    return [f(Tensor([1.0, 2.0]), Tensor(k)) for k in (0, 1, -1)]


def numbers_by_index():
    rates = [0.1, 0.5, 1.0]

    @jit
    def f(x, i):
        return x * rates[i]

    return [f(Tensor([1.0, 2.0]), Tensor(k)) for k in (0, 2)]


class Counter:
    count = 0


def attribute_of_an_object():
    held = Counter()

    @jit
    def f(x):
        held.count = int(x.max())
        return x * held.count

    return [f(Tensor([1.0, 2.0])), f(Tensor([5.0])), held.count]


def arange_by_value():
    @jit
    def f(x):
        return ops.arange(int(x.max())) + 1

    return [f(Tensor([3.0])), f(Tensor([5.0]))]


def slice_by_value():
    @jit
    def f(x, n):
        return x[: int(n)] * 2

    return [f(Tensor([3.0, 4.0, 5.0]), Tensor(2)), f(Tensor([3.0, 4.0, 5.0]), Tensor(1))]


def top_by_value():
    @jit
    def f(x, k):
        return ops.topk(x, int(k))[0]

    return [f(Tensor([3.0, 4.0, 5.0]), Tensor(2))]


def a_list_that_grows():
    @jit
    def f(x):
        rows = []
        while x.sum() < 10:
            x = x * 2.0
            rows.append(x)
        return rows

    return [f(Tensor([1.0, 2.0]))]


def a_shape_that_grows():
    @jit
    def f(x):
        while x.sum() < 10:
            x = ops.concat([x, x])
        return x

    return [f(Tensor([1.0, 2.0])), f(Tensor([30.0, 2.0]))]


def doubled(x):
    if x.sum() > 50:
        return x
    return doubled(x * 2)


def recursion_by_value():
    @jit
    def f(x):
        return doubled(x) + 1

    return [f(Tensor([1.0, 2.0])), f(Tensor([30.0, 2.0]))]


def text_of_a_value():
    @jit
    def f(x):
        return x * len(f"{x.sum()}")

    return [f(Tensor([1.0, 2.0])), f(Tensor([10.0, 2.0]))]


PROGRAMS = [p for name, p in list(globals().items()) if callable(p) and getattr(p, "__module__", "") == __name__
            and name not in ("data", "net_of", "doubled", "Counter")]  # fmt: skip


def plain(x):
    if isinstance(x, Tensor):
        x = x.asnumpy()
    if isinstance(x, (np.ndarray, np.generic)):
        return {"dtype": str(x.dtype), "value": x.tolist()}
    if isinstance(x, (list, tuple)):
        return [plain(item) for item in x]
    return x


def outcome(program):
    try:
        return plain(program())
    except Exception as error:  # what it is, is the record
        return {"raises": type(error).__name__}


if __name__ == "__main__":
    ms.set_context(mode=ms.GRAPH_MODE)
    found = {program.__name__: outcome(program) for program in PROGRAMS}
    Path(sys.argv[1]).write_text(json.dumps(found, indent=0) + "\n")
