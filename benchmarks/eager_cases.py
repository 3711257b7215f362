"""What is timed in PYNATIVE mode beside torch's eager mode: single operations, a chain with its gradient, optimizers.

Each case is a pair of functions that make the call to be timed: one from the module minispore, one from torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

SIDE, CHAIN, TENSORS = 8, 100, 10

# names that minispore.mint (or its nn.functional) and torch (or torch.nn.functional) share
UNARY = """abs neg sign exp exp2 expm1 log log2 log10 log1p sqrt rsqrt square reciprocal sin cos tan asin acos atan sinh cosh tanh
asinh erf erfc erfinv sigmoid floor ceil round trunc isfinite isnan isinf logical_not sinc cumsum0 flip0 argmax argmin
sum mean prod max min any all var std norm logsumexp0 softmax0 log_softmax0 transpose01 reshape flatten unsqueeze0 triu tril
sort topk2 clone zeros_like ones_like narrow chunk2 split4 median""".split()  # fmt: skip
BINARY = """add sub mul div maximum minimum pow atan2 fmod remainder floor_divide eq ne lt le gt ge logical_and logical_or
logical_xor matmul where cat stack dot outer bmm""".split()
FUNCTIONAL = (
    "relu gelu silu elu selu softplus mish hardtanh leaky_relu log_softmax softmax relu6 mse_loss l1_loss".split()
)


@dataclass(frozen=True)
class EagerCase:
    group: str
    name: str
    minispore: Callable[[Any], Callable[[], Any]]
    torch: Callable[[Any], Callable[[], Any]]


ARGUMENTS: dict[str, Callable[..., Any]] = {
    "cumsum0": lambda t, x, y: t.cumsum(x, 0),
    "flip0": lambda t, x, y: t.flip(x, (0,)),
    "logsumexp0": lambda t, x, y: t.logsumexp(x, 0),
    "softmax0": lambda t, x, y: t.softmax(x, 0),
    "log_softmax0": lambda t, x, y: t.nn.functional.log_softmax(x, 0),
    "transpose01": lambda t, x, y: t.transpose(x, 0, 1),
    "reshape": lambda t, x, y: t.reshape(x, (4, 16)),
    "unsqueeze0": lambda t, x, y: t.unsqueeze(x, 0),
    "topk2": lambda t, x, y: t.topk(x, 2),
    "narrow": lambda t, x, y: t.narrow(x, 0, 1, 4),
    "chunk2": lambda t, x, y: t.chunk(x, 2),
    "split4": lambda t, x, y: t.split(x, 4),
    "where": lambda t, x, y: t.where(x > 0, x, y),
    "cat": lambda t, x, y: t.cat([x, y]),
    "stack": lambda t, x, y: t.stack([x, y]),
    "dot": lambda t, x, y: t.dot(x[0], y[0]),
    "outer": lambda t, x, y: t.outer(x[0], y[0]),
    "bmm": lambda t, x, y: t.bmm(t.unsqueeze(x, 0), t.unsqueeze(y, 0)),
    "leaky_relu": lambda t, x, y: t.nn.functional.leaky_relu(x),
    "log_softmax": lambda t, x, y: t.nn.functional.log_softmax(x, 1),
    "softmax": lambda t, x, y: t.nn.functional.softmax(x, 1),
}


def _applied(kind: str) -> Callable[..., Any]:
    """``apply(module, x, y)`` for an operation of that name."""
    if kind in ARGUMENTS:
        return ARGUMENTS[kind]
    if kind in FUNCTIONAL:
        two = kind.endswith("_loss")
        return lambda t, x, y: getattr(t.nn.functional, kind)(*((x, y) if two else (x,)))
    if kind in UNARY:
        return lambda t, x, y: getattr(t, kind)(x)
    return lambda t, x, y: getattr(t, kind)(x, y)


def operands() -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    return [rng.uniform(0.1, 0.9, (SIDE, SIDE)).astype(np.float32) for _ in range(2)]


def operation(kind: str) -> EagerCase:
    apply = _applied(kind)

    def ours(ms):
        x, y = map(ms.Tensor, operands())
        return lambda: apply(ms.mint, x, y)

    def theirs(torch):
        x, y = map(torch.from_numpy, operands())
        return lambda: apply(torch, x, y)

    return EagerCase("operation", kind, ours, theirs)


def _chain(t, x):
    for _ in range(CHAIN // 4):
        x = t.sin(x)
        x = x * 1.1
        x = t.tanh(x)
        x = x + 0.1
    return x.sum()


def chain() -> EagerCase:
    """The gradient of 100 small operations, one after the other."""

    def ours(ms):
        gradient = ms.grad(lambda x: _chain(ms.mint, x))
        x = ms.Tensor(operands()[0])
        return lambda: gradient(x)

    def theirs(torch):
        x = torch.from_numpy(operands()[0]).requires_grad_()

        def call():
            x.grad = None
            _chain(torch, x).backward()
            return x.grad

        return call

    return EagerCase("chain", f"chain of {CHAIN} with gradient", ours, theirs)


# ---------------------------------------------------------------- optimizers
OPTIMIZERS: dict[str, tuple[Callable[..., Any], str, dict[str, Any]]] = {  # ours; torch's, and how it is made there
    "SGD": (lambda nn, w: nn.SGD(w, 1e-3), "SGD", {"lr": 1e-3, "fused": True}),
    "SGD, momentum": (
        lambda nn, w: nn.SGD(w, 1e-3, momentum=0.9), "SGD", {"lr": 1e-3, "momentum": 0.9, "fused": True}
    ),
    "Momentum": (lambda nn, w: nn.Momentum(w, 1e-3, 0.9), "SGD", {"lr": 1e-3, "momentum": 0.9, "fused": True}),
    "Adam": (lambda nn, w: nn.Adam(w, 1e-3), "Adam", {"lr": 1e-3, "fused": True}),
    "Adam, AMSGrad": (
        lambda nn, w: nn.Adam(w, 1e-3, use_amsgrad=True), "Adam", {"lr": 1e-3, "amsgrad": True, "fused": True}
    ),
    "AdamW": (lambda nn, w: nn.AdamW(w, 1e-3), "AdamW", {"lr": 1e-3, "fused": True}),
    "AdamWeightDecay": (
        lambda nn, w: nn.AdamWeightDecay(w, 1e-3, weight_decay=0.01), "AdamW", {"lr": 1e-3, "fused": True}
    ),
    "Adagrad": (lambda nn, w: nn.Adagrad(w, learning_rate=1e-3), "Adagrad", {"lr": 1e-3, "fused": True}),
    "RMSProp": (lambda nn, w: nn.RMSProp(w, 1e-3), "RMSprop", {"lr": 1e-3, "foreach": True}),
    "RMSProp, centered": (
        lambda nn, w: nn.RMSProp(w, 1e-3, centered=True), "RMSprop", {"lr": 1e-3, "centered": True, "foreach": True}
    ),
    "Adadelta": (lambda nn, w: nn.Adadelta(w, 1e-3), "Adadelta", {"lr": 1e-3, "foreach": True}),
    "AdaMax": (lambda nn, w: nn.AdaMax(w, 1e-3), "Adamax", {"lr": 1e-3, "foreach": True}),
    "ASGD": (lambda nn, w: nn.ASGD(w, 1e-3), "ASGD", {"lr": 1e-3, "foreach": True}),
    "Rprop": (lambda nn, w: nn.Rprop(w, 1e-3), "Rprop", {"lr": 1e-3, "foreach": True}),
    "NAdam": (lambda nn, w: nn.NAdam(w, 1e-3), "NAdam", {"lr": 1e-3, "foreach": True}),
    "RAdam": (lambda nn, w: nn.RAdam(w, 1e-3), "RAdam", {"lr": 1e-3, "foreach": True}),
    "Adafactor": (lambda nn, w: nn.AdaFactor(w, 1e-3, scale_parameter=False, relative_step=False), "Adafactor",
                  {"lr": 1e-3, "foreach": True}),
}  # fmt: skip


def optimizer(name: str, size: int) -> EagerCase:
    """One update of ten tensors of ``size`` numbers each."""
    make, theirs_name, options = OPTIMIZERS[name]
    rng = np.random.default_rng(1)
    shape = (size // 100, 100)

    def arrays():
        return [rng.standard_normal(shape, dtype=np.float32) for _ in range(TENSORS)]

    def ours(ms):
        weights = [ms.Parameter(ms.Tensor(a), name=f"w{k}") for k, a in enumerate(arrays())]
        gradients = tuple(ms.Tensor(0.1 * a) for a in arrays())
        update = make(ms.nn, weights)
        return lambda: update(gradients)

    def theirs(torch):
        weights = [torch.nn.Parameter(torch.from_numpy(a)) for a in arrays()]
        for w, a in zip(weights, arrays()):
            w.grad = torch.from_numpy(0.1 * a)
        return getattr(torch.optim, theirs_name)(weights, **options).step

    return EagerCase(f"{TENSORS} tensors of {size}", name, ours, theirs)


SIZES = 1000, 1_000_000
OPERATIONS = [operation(kind) for kind in dict.fromkeys([*UNARY, *BINARY, *FUNCTIONAL])]
UPDATES = {size: [optimizer(name, size) for name in OPTIMIZERS] for size in SIZES}
CASES = [*OPERATIONS, chain(), *(case for cases in UPDATES.values() for case in cases)]
EAGER = {f"{case.group}: {case.name}": case for case in CASES}
