"""Optimizers of weights in half precision: computed in float32, rounded where weights and state are stored, alike in both modes."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn

STEPS = 4
MAKE = {  # (Parameters or groups) -> optimizer
    "SGD": lambda p: nn.SGD(p, 0.05),
    "SGD with momentum": lambda p: nn.SGD(p, 0.05, momentum=0.9),
    "Momentum": lambda p: nn.Momentum(p, 0.05, 0.9, use_nesterov=True),
    "RMSProp": lambda p: nn.RMSProp(p, 0.05, momentum=0.5, centered=True),
    "Adagrad": lambda p: nn.Adagrad(p, learning_rate=0.05),
    "Adadelta": lambda p: nn.Adadelta(p, 0.5),
    "Rprop": lambda p: nn.Rprop(p, 0.05),
    "ASGD": lambda p: nn.ASGD(p, 0.05),
    "Adam": lambda p: nn.Adam(p, 0.05, use_amsgrad=True),
    "AdamW": lambda p: nn.AdamW(p, 0.05),
    "AdamWeightDecay": lambda p: nn.AdamWeightDecay(p, 0.05),
    "AdaMax": lambda p: nn.AdaMax(p, 0.05),
    "NAdam": lambda p: nn.NAdam(p, 0.05),
    "AdaBelief": lambda p: nn.AdaBelief(p, 0.05),
    "AdEMAMix": lambda p: nn.AdEMAMix(p, 0.05),
    "MARS": lambda p: nn.MARS(p, 0.05),
    "AdaFactor": lambda p: nn.AdaFactor(p, 0.05, scale_parameter=False, relative_step=False),
    "Lamb": lambda p: nn.Lamb(p, 0.05),
    "LARS": lambda p: nn.LARS(nn.Momentum(p, 0.05, 0.9), 1e-8, 0.02),
    "Lion": lambda p: nn.Lion(p, 0.05),
    "Muon": lambda p: nn.Muon(p, 0.05),
    "SOAP": lambda p: nn.SOAP(p, 0.05),
    "ScheduleFreeAdamW": lambda p: nn.ScheduleFreeAdamW(p, 0.05),
    "Lookahead": lambda p: nn.Lookahead(nn.Adam(p, 0.05), k=2),
}
SHAPES = (6, 5), (5,), (3, 2, 4)


def arrays(seed, dtype):
    rng = np.random.default_rng(seed)
    return [Tensor(rng.normal(size=s).astype(np.float32)).astype(dtype).astype(ms.float32).asnumpy() for s in SHAPES]


def trajectory(make, dtype, rounded):
    """The weights after some steps; the first two in a group with a rate and a decay of its own."""
    weights = [Parameter(Tensor(a, dtype), name=f"w{k}") for k, a in enumerate(arrays(0, rounded))]
    optimizer = make([{"params": weights[:2], "lr": 0.02, "weight_decay": 0.01}, {"params": weights[2:]}])
    for step in range(STEPS):
        optimizer(tuple(Tensor(a, dtype) for a in arrays(1 + step, rounded)))
    return [w.astype(ms.float32).asnumpy() for w in weights]


# float16 has the same conversions; AdamWeightDecay computes in it, as MindSpore does
@pytest.mark.parametrize("name, dtype, digits", [
    *((name, ms.bfloat16, 8) for name in MAKE),
    *((name, ms.float16, 11) for name in ("SGD with momentum", "Momentum", "Adam", "Lookahead")),
])  # fmt: skip
def test_weights_in_half_precision_go_where_those_in_float32_go(name, dtype, digits):
    found = {}
    for mode in (ms.GRAPH_MODE, ms.PYNATIVE_MODE):
        ms.set_context(mode=mode)
        found[mode] = trajectory(MAKE[name], dtype, dtype)
    ms.set_context(mode=ms.GRAPH_MODE)
    wanted = trajectory(MAKE[name], ms.float32, dtype)
    for graph, pynative, w in zip(found[ms.GRAPH_MODE], found[ms.PYNATIVE_MODE], wanted):
        np.testing.assert_array_equal(graph, pynative)
        # Each step rounds the weight, by half a unit of at most 2^-7 of it, and the state that moves it.
        np.testing.assert_allclose(graph, w, 0, STEPS * 2.0**-digits * max(np.abs(w).max(), 1))


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("dtype", [ms.bfloat16, ms.float16], ids=str)
def test_sgd_in_half_precision_rounds_what_it_stores_and_nothing_else(mode, dtype, nesterov):
    def stored(x):
        return Tensor(x.astype(np.float32)).astype(dtype).astype(ms.float32).asnumpy()

    w, v = arrays(0, dtype)[0], None
    p = Parameter(Tensor(w, dtype), name="w")
    optimizer = nn.SGD([p], 0.05, momentum=0.9, nesterov=nesterov)
    for step in range(STEPS):
        g = arrays(1 + step, dtype)[0]
        optimizer((Tensor(g, dtype),))
        new = g if v is None else v * np.float32(0.9) + g
        w, v = stored(w - (g + new * np.float32(0.9) if nesterov else new) * np.float32(0.05)), stored(new)
    np.testing.assert_array_equal(p.astype(ms.float32).asnumpy(), w)
