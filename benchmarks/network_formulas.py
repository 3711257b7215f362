"""Networks that are no chain of layers: each a formula for the loss, written once for minispore, torch and JAX; networks.py times them.

A formula gets the functions of a library (``Library``), the weights by name and the batch. Their training step has the
learning rate 0, as that of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from runner import Runner


@dataclass(frozen=True)
class Library:
    """The functions that a formula calls, of one framework."""

    tanh: Callable[[Any], Any]
    relu: Callable[[Any], Any]
    rows: Callable[[Any, Any], Any]  # of a matrix, at positions
    add_rows: Callable[[int, Any, Any], Any]  # sums of rows that go to each of so many positions
    concat: Callable[[list, int], Any]
    batched: Callable[[Any, Any], Any]  # products of batches of matrices
    derivative: Callable[[Callable, Any], Any]  # of the sum of a function's results


@dataclass(frozen=True)
class Formula:
    loss: Callable[[Library, dict, list], Any]
    shapes: dict[str, tuple[int, ...]]
    make: Callable[[np.random.Generator], list[np.ndarray]]  # the batch
    about: str

    def weights(self) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(0)
        return {
            name: (rng.standard_normal(shape) / max(1, shape[0]) ** 0.5 if len(shape) > 1 else np.zeros(shape)).astype(
                np.float32
            )
            for name, shape in self.shapes.items()
        }

    def batch(self) -> list[np.ndarray]:
        return self.make(np.random.default_rng(1))


# ---------------------------------------------------------------- the formulas
def chain(name: str, *sizes: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for k, (m, n) in enumerate(zip(sizes, sizes[1:])):
        shapes |= {f"{name}{k}": (m, n), f"{name}{k}_bias": (n,)}
    return shapes


def through(f, w: dict, name: str, x):
    """A chain of dense layers, with ``f`` between them."""
    count = sum(key.startswith(name) for key in w) // 2
    for k in range(count):
        x = x @ w[f"{name}{k}"] + w[f"{name}{k}_bias"]
        x = f(x) if k + 1 < count else x
    return x


def pinn(lib: Library, w, batch):
    """Burgers' equation: the square of u_t + u u_x - u_xx / 100."""
    t, x = batch
    u = lambda t, x: through(lib.tanh, w, "layer", lib.concat([t, x], 1))
    by_x = lambda x: lib.derivative(lambda x: u(t, x), x)
    residual = lib.derivative(lambda t: u(t, x), t) + u(t, x) * by_x(x) - 0.01 * lib.derivative(by_x, x)
    return (residual * residual).mean()


def deep_o_net(lib: Library, w, batch):
    functions, points, values = batch
    predicted = through(lib.tanh, w, "branch", functions) @ through(lib.tanh, w, "trunk", points).T
    return ((predicted - values) * (predicted - values)).mean()


def dlrm(lib: Library, w, batch):
    """Dense features and rows of tables meet in all products of pairs."""
    dense, indices, wanted = batch
    parts = [through(lib.relu, w, "bottom", dense).reshape((-1, 1, 16)), lib.rows(w["table"], indices)]
    features = lib.concat(parts, 1)
    pairs = lib.batched(features, features.swapaxes(1, 2)).reshape((features.shape[0], -1))
    out = through(lib.relu, w, "top", pairs)
    return ((out - wanted) * (out - wanted)).mean()


def gnn(lib: Library, w, batch):
    nodes, sources, targets, wanted = batch
    h = nodes
    for k in range(2):
        h = lib.relu(h @ w[f"own{k}"] + lib.add_rows(nodes.shape[0], targets, lib.rows(h @ w[f"other{k}"], sources)))
    out = h @ w["out"]
    return ((out - wanted) * (out - wanted)).mean()


def uniform(*shape: int) -> Callable[[np.random.Generator], np.ndarray]:
    return lambda rng: rng.random(shape, dtype=np.float32)


def positions(bound: int, *shape: int) -> Callable[[np.random.Generator], np.ndarray]:
    return lambda rng: rng.integers(0, bound, shape).astype(np.int32)


def each(*parts: Callable) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [part(rng) for part in parts]


FORMULAS = {
    "PINN": Formula(pinn, chain("layer", 2, 64, 64, 64, 1), each(uniform(2048, 1), uniform(2048, 1)),
                    "second derivatives, 2048 points"),
    "DeepONet": Formula(deep_o_net, chain("branch", 100, 128, 128, 128) | chain("trunk", 1, 128, 128, 128),
                        each(uniform(256, 100), uniform(200, 1), uniform(256, 200)), "256 functions at 200 points"),
    "DLRM": Formula(dlrm, chain("bottom", 13, 64, 16) | {"table": (1_000_000, 16)} | chain("top", 27 * 27, 128, 1),
                    each(uniform(512, 13), positions(1_000_000, 512, 26), uniform(512, 1)), "1,000,000 rows, batch 512"),
    "GNN": Formula(gnn, {"own0": (64, 64), "other0": (64, 64), "own1": (64, 64), "other1": (64, 64), "out": (64, 8)},
                   each(uniform(10_000, 64), positions(10_000, 100_000), positions(10_000, 100_000), uniform(10_000, 8)),
                   "10,000 nodes, 100,000 edges"),
}  # fmt: skip


# ---------------------------------------------------------------- the frameworks
def minispore_formula(ms: Any, formula: Formula, training: bool) -> Runner:
    ops = ms.ops
    lib = Library(
        ops.tanh, ops.relu, lambda table, i: ops.gather(table, i, 0),
        lambda n, i, x: ops.index_add(ops.zeros((n, x.shape[1]), ms.float32), i, x, 0), ops.cat, ops.bmm,
        lambda f, x: ms.grad(lambda x: f(x).sum())(x),
    )  # fmt: skip

    class Loss(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.weights = ms.ParameterTuple([ms.Parameter(ms.Tensor(v), name=k) for k, v in formula.weights().items()])

        def construct(self, *batch):
            return formula.loss(lib, dict(zip(formula.shapes, self.weights)), list(batch))

    ms.set_context(mode=ms.GRAPH_MODE)
    net = Loss()
    batch = [ms.Tensor(x) for x in formula.batch()]
    if training:
        net = ms.nn.TrainOneStepCell(net, ms.nn.Momentum(net.trainable_params(), 0.0, 0.9))
        net.set_train()
    return Runner(lambda: net(*batch), lambda loss: float(loss.asnumpy()), lambda: net.graph(*batch))


def torch_formula(torch: Any, formula: Formula, training: bool, compiler: Callable = lambda f: f) -> Runner:
    lib = Library(
        torch.tanh, torch.relu, lambda table, i: torch.nn.functional.embedding(i, table),
        lambda n, i, x: torch.zeros(n, x.shape[1]).index_add(0, i, x), torch.cat, torch.bmm,
        lambda f, x: torch.autograd.grad(f(x).sum(), x, create_graph=True)[0],
    )  # fmt: skip
    weights = {k: torch.nn.Parameter(torch.from_numpy(v)) for k, v in formula.weights().items()}
    batch = [torch.from_numpy(x) for x in formula.batch()]
    differentiated = formula.loss is pinn
    batch = [x.requires_grad_() if differentiated else x for x in batch]
    loss_of = compiler(lambda batch: formula.loss(lib, weights, batch))
    if not training:

        def answer():
            with torch.set_grad_enabled(differentiated):
                return loss_of(batch).detach()

        return Runner(answer, read=float)
    update = torch.optim.SGD(weights.values(), lr=0.0, momentum=0.9, fused=True)

    def step():
        loss = loss_of(batch)
        update.zero_grad()
        loss.backward(inputs=list(weights.values()))
        update.step()
        return loss.detach()

    return Runner(step, read=float)


def jax_formula(jax: Any, formula: Formula, training: bool) -> Runner:
    jnp = jax.numpy
    lib = Library(
        jnp.tanh, jax.nn.relu, lambda table, i: table[i], lambda n, i, x: jnp.zeros((n, x.shape[1]), x.dtype).at[i].add(x),
        jnp.concatenate, jnp.matmul, lambda f, x: jax.grad(lambda x: f(x).sum())(x),
    )  # fmt: skip
    batch = [jnp.array(x) for x in formula.batch()]
    weights = {k: jnp.array(v) for k, v in formula.weights().items()}
    loss_of = lambda weights, batch: formula.loss(lib, weights, batch)
    if not training:
        answer = jax.jit(loss_of)
        return Runner(lambda: answer(weights, batch), read=float)

    def train(state, batch):
        weights, moments = state
        loss, grads = jax.value_and_grad(loss_of)(weights, batch)
        moments = jax.tree.map(lambda m, g: 0.9 * m + g, moments, grads)
        return (jax.tree.map(lambda w, m: w - 0.0 * m, weights, moments), moments), loss

    compiled = jax.jit(train, donate_argnums=0)
    state = weights, jax.tree.map(jnp.zeros_like, weights)

    def step():
        nonlocal state
        state, loss = compiled(state, batch)
        return loss

    def read(loss):
        jax.block_until_ready(state)
        return float(loss)

    return Runner(step, read)
