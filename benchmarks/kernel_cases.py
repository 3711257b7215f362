"""The operations that kernels.py times: for each its input arrays, and how minispore and torch compute it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

TRIALS = 5  # of each order of the numbers of an image


@dataclass(frozen=True)
class Case:
    group: str
    shape: str
    inputs: Callable[[np.random.Generator], list[np.ndarray]]
    minispore: Callable[..., Any]  # (the module, Tensors)
    torch: Callable[..., Any]
    operations: float = 0  # multiplications and additions; 0: the time is that of the memory
    gradients: int = 0  # of so many of the inputs; the last input is the result's gradient
    made: bool = False  # the two functions return what is called, with state of its own
    images: bool = False  # torch may have the channels innermost: the faster order counts
    moves: bool = False  # so few operations for each number that the time is that of the memory
    unread: int | None = None  # the input of which only the shape is needed

    @property
    def name(self) -> str:
        return f"{self.group}: {self.shape}"


def normal(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]


def integers(bound: int, *shape: int, kind: type = np.int64) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [rng.integers(0, bound, shape).astype(kind)]


def joined(*parts: Callable) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [array for part in parts for array in part(rng)]


# ---------------------------------------------------------------- in the worker
def arrays_of(case: Case) -> list[np.ndarray]:
    return case.inputs(np.random.default_rng(0))


def minispore_call(ms: Any, case: Case) -> Callable[[], Any]:
    ms.set_context(mode=ms.GRAPH_MODE)
    tensors = [ms.Tensor(array) for array in arrays_of(case)]
    if case.made:
        return case.minispore(ms, *tensors)
    wanted, function = case.gradients, case.minispore
    forward = lambda *inputs: function(ms, *inputs)

    def with_gradients(*tensors):
        *inputs, g = tensors
        out, backward = ms.vjp(lambda *first: forward(*first, *inputs[wanted:]), *inputs[:wanted])
        return out, *backward(g)

    compiled = ms.jit(with_gradients if wanted else forward)
    return lambda: compiled(*tensors)


def torch_call(torch: Any, case: Case) -> Callable[[], Any]:
    tensors = [torch.from_numpy(array) for array in arrays_of(case)]
    if not case.images:
        return torch_call_of(torch, case, tensors)
    orders = {4: torch.channels_last, 5: torch.channels_last_3d}
    turned = [t.contiguous(memory_format=orders.get(t.ndim, torch.contiguous_format)) for t in tensors]
    return faster([torch_call_of(torch, case, inputs) for inputs in (tensors, turned)])


def faster(calls: list[Callable[[], Any]]) -> Callable[[], Any]:
    """The one that takes the least processor time."""
    best = [math.inf] * len(calls)
    for turn in range(TRIALS + 1):
        for k, call in enumerate(calls):
            started = time.process_time()
            call()
            if turn:
                best[k] = min(best[k], time.process_time() - started)
    return calls[best.index(min(best))]


def torch_call_of(torch: Any, case: Case, tensors: list[Any]) -> Callable[[], Any]:
    if case.made:
        return case.torch(torch, *tensors)
    if case.gradients:
        *inputs, g = tensors
        first = inputs[: case.gradients]
        for tensor in first:
            tensor.requires_grad_()

        def with_gradients():
            out = case.torch(torch, *inputs)
            return out.detach(), *torch.autograd.grad(out, first, g)

        return with_gradients

    def call():
        with torch.no_grad():
            return case.torch(torch, *tensors)

    return call


def parts_of(result: Any) -> list[np.ndarray]:
    if isinstance(result, (tuple, list)):
        return [array for part in result if part is not None for array in parts_of(part)]
    if str(result.dtype) == "torch.bfloat16":  # NumPy has no such type
        result = result.float()
    return [result.asnumpy() if hasattr(result, "asnumpy") else result.numpy()]


def described(case: Case, result: Any) -> dict[str, Any]:
    """At most a thousand elements of each result, and the bytes of what is read and written at least."""
    arrays = parts_of(result)
    samples = [array.ravel()[:: max(1, array.size // 1000)].astype(float).tolist() for array in arrays]
    read = [array for k, array in enumerate(arrays_of(case)) if k != case.unread]
    return {"samples": samples, "bytes": sum(array.nbytes for array in [*read, *arrays])}
