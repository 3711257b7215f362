"""A typed program of a scientist: derivatives, loops in graphs, random numbers, minispore.numpy, scikit-learn (tests/test_types.py)."""

# pyright: strict

from __future__ import annotations

from typing import Any

import numpy as np

import minispore as ms
import minispore.numpy as mnp
from minispore import Tensor, nn, ops
from minispore.train.estimators import Regressor


def rosenbrock(x: Tensor) -> Tensor:
    return ((1.0 - x[:-1]) ** 2 + 100.0 * (x[1:] - x[:-1] ** 2) ** 2).sum()


@ms.jit
def newton(x: Tensor, tolerance: float = 1e-3) -> Tensor:
    y = x
    while (y * y - x).abs().max() > tolerance:
        y = 0.5 * (y + x / y)
    return y


def derivatives(x: Tensor) -> dict[str, tuple[int, ...]]:
    slope = ms.grad(rosenbrock)
    hessian = ms.jacfwd(slope)
    value, tangent = ms.jvp(rosenbrock, x, ops.ones_like(x))
    rows = ms.vmap(slope)(ops.stack([x, x + 1.0]))
    root = newton(ops.abs(x) + 1.0)
    assert bool((ops.abs(root * root - ops.abs(x) - 1.0) < 0.01).all())
    shapes = {"gradient": slope(x).shape, "hessian": hessian(x).shape, "value": value.shape}
    return shapes | {"tangent": tangent.shape, "rows": rows.shape}


def heat(n: int, turns: int) -> Tensor:
    """Explicit steps of the heat equation, by ``fori_loop``."""
    u = mnp.zeros((n,), ms.float32)
    u[n // 2] = 1.0

    def one(k: Tensor | int, u: Tensor) -> Tensor:
        inner = u[1:-1] + 0.25 * (u[2:] - 2 * u[1:-1] + u[:-2])
        return ops.concat((u[:1], inner, u[-1:]))

    result: Tensor = ops.fori_loop(0, turns, one, u)
    return result


def fitted(seed: int = 0) -> Any:
    random = np.random.default_rng(seed)
    X = random.normal(size=(64, 2)).astype(np.float32)
    y = X @ np.array([1.0, -2.0], np.float32)
    model = Regressor(nn.Dense(2, 1), learning_rate=0.05, epochs=20, random_state=0)
    return model.fit(X, y).score(X, y)


def summary() -> list[float]:
    x = Tensor(np.linspace(-1.0, 1.0, 5), dtype=ms.float32)
    table = mnp.mean(mnp.array([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    noise = ops.standard_normal((2, 3), seed=1) + ops.uniform((2, 3), Tensor(0.0), Tensor(1.0), seed=2)
    total = float(heat(9, 4).sum()) + float(table.sum()) + 0.0 * float(noise.sum())
    mean, variance = float(x.mean()), float(x.var())
    q, r = ops.qr(ops.randn(3, 3))
    return [total, mean, variance, float((q @ r).shape[0]), float(len(derivatives(x))), float(fitted())]
