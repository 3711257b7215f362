"""Optimizers: weights that MindSpore 2.10 gave after ten steps, for rates, decays and groups of all kinds."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops

RECORDED_SHAPES = [
    ("conv.weight", (2, 2, 2, 2)),
    ("bn.gamma", (2,)),
    ("bn.beta", (2,)),
    ("fc.weight", (3, 4)),
    ("fc.bias", (3,)),
]
RATES = [0.1, 0.09, 0.08, 0.05, 0.05, 0.04, 0.03, 0.02, 0.02, 0.01, 0.005, 0.001]


def two(p):
    return [{"params": p[:1], "lr": 0.03, "weight_decay": 0.1}, {"params": p[1:], "lr": 0.2}]


def mixed(p):
    return [
        {"params": p[:1], "lr": nn.ExponentialDecayLR(0.1, 0.8, 3), "weight_decay": 0.05},
        {"params": p[1:], "lr": 0.02},
    ]


def ordered(p):
    return [{"params": p[1:], "weight_decay": 0.02}, {"params": p[:1], "lr": 0.01}, {"order_params": p}]


class Fading(nn.Cell):
    def __init__(self, start, rate, steps):
        super().__init__()
        self.start, self.rate, self.steps = start, rate, steps

    def construct(self, global_step):
        return self.start * ops.pow(self.rate, global_step / self.steps)


RECORDED = {  # fc.bias after 10 steps
    "sgd_lr_list": (lambda p: nn.SGD(p, RATES), [-0.108374, 0.105268, 0.124527]),
    "sgd_groups": (lambda p: nn.SGD(two(p), 0.1, momentum=0.9), [3.01656, -6.09231, 2.1165]),
    "sgd_loss_scale": (
        lambda p: nn.SGD(p, 0.1, momentum=0.5, weight_decay=0.1, loss_scale=4.0),
        [0.879991, -0.722319, -0.432766],
    ),
    "momentum_plain": (lambda p: nn.Momentum(p, 0.1, 0.9), [-0.414307, -0.421187, -0.865151]),
    "momentum_lr_tensor1d": (
        lambda p: nn.Momentum(p, Tensor(np.array(RATES, np.float32)), 0.9),
        [1.10257, 2.09347, -1.24326],
    ),
    "momentum_lr_schedule": (
        lambda p: nn.Momentum(p, nn.ExponentialDecayLR(0.1, 0.8, 3), 0.9),
        [0.900934, 2.26532, -1.73897],
    ),
    "momentum_wd_cell": (
        lambda p: nn.Momentum(p, 0.1, 0.9, weight_decay=Fading(0.2, 0.5, 4)),
        [0.115726, 0.687554, 0.945626],
    ),
    "momentum_groups": (lambda p: nn.Momentum(two(p), 0.1, 0.9, weight_decay=0.3), [-0.892682, 0.829024, -1.39547]),
    "momentum_mixed_groups": (lambda p: nn.Momentum(mixed(p), 0.1, 0.9), [-1.04253, -1.79643, 0.1164]),
    "momentum_order_params": (lambda p: nn.Momentum(ordered(p), 0.1, 0.9), [0.389768, -1.8481, -1.02404]),
    "adam_wd_cell": (lambda p: nn.Adam(p, 0.05, weight_decay=Fading(0.3, 0.5, 5)), [0.416831, -0.310692, -0.462904]),
    "adam_loss_scale": (
        lambda p: nn.Adam(p, 0.05, loss_scale=1024.0, weight_decay=0.01),
        [-0.962301, -1.19965, -0.118798],
    ),
    "adam_lr_list": (lambda p: nn.Adam(p, RATES), [0.499984, -0.191042, -0.485877]),
    "adam_groups": (lambda p: nn.Adam(two(p), 0.1, weight_decay=0.05), [0.381148, 1.3463, 0.00049033]),
    "adam_mixed_groups": (lambda p: nn.Adam(mixed(p), 0.1), [0.017467, 0.218155, 0.94593]),
    "adamweightdecay_groups": (
        lambda p: nn.AdamWeightDecay(two(p), 0.1, weight_decay=0.02),
        [0.504153, -1.46605, -0.653761],
    ),
    "adamax_betas_wd": (
        lambda p: nn.AdaMax(p, 0.05, beta1=0.8, beta2=0.9, weight_decay=0.1),
        [-1.35882, -1.64198, 0.0858362],
    ),
    "adagrad_groups": (lambda p: nn.Adagrad(two(p), learning_rate=0.1), [0.874278, -0.61493, -0.753345]),
    "adadelta_rho_eps": (
        lambda p: nn.Adadelta(p, 0.5, rho=0.7, epsilon=1e-3, weight_decay=0.05),
        [1.21899, 1.08548, 0.7385],
    ),
    "asgd_averaging": (lambda p: nn.ASGD(p, 0.05, lambd=0.1, alpha=0.5, t0=3.0), [1.01036, -0.814902, -0.529498]),
    "rprop_default": (lambda p: nn.Rprop(p), [-0.61473, -0.451252, 0.490452]),
    "rmsprop_wd_list": (lambda p: nn.RMSProp(p, RATES, weight_decay=0.1), [-1.3659, -1.68653, 0.0917499]),
    "ftrl_weight_decay_all": (
        lambda p: nn.FTRL(p, learning_rate=0.1, weight_decay=0.2),
        [-0.407771, -0.298653, 0.198503],
    ),
    "lazyadam_nesterov": (
        lambda p: nn.LazyAdam(p, 0.05, use_nesterov=True, weight_decay=0.1),
        [-0.114925, 0.0355771, 0.827568],
    ),
    "proximaladagrad_l1_l2": (
        lambda p: nn.ProximalAdagrad(p, 0.2, 0.1, l1=0.05, l2=0.1),
        [-1.10856, -1.59719, 0.253077],
    ),
    "adafactor_warmup": (
        lambda p: nn.AdaFactor(p, warmup_init=True, clip_threshold=0.5, decay_rate=0.6),
        [1.27354, 1.07975, 0.648404],
    ),
}


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_trajectory(name, mode):
    make, wanted = RECORDED[name]
    rs = np.random.RandomState(len(name))
    p = [Parameter(Tensor(rs.randn(*s).astype(np.float32)), name=n) for n, s in RECORDED_SHAPES]
    optimizer = make(p)
    rs = np.random.RandomState(len(name) + 100)
    for _ in range(10):
        g = {q.name: rs.randn(*q.shape).astype(np.float32) for q in p}
        optimizer(tuple(Tensor(g[q.name]) for q in optimizer.parameters))
    np.testing.assert_allclose(p[-1].asnumpy(), wanted, 2e-4, 2e-5)


def test_half_precision_as_recorded():
    rs = np.random.RandomState(0)
    p = [Parameter(Tensor(rs.randn(3, 2).astype(np.float16)), name="fc.weight")]
    optimizer = nn.AdamWeightDecay(p, 0.1)
    optimizer((Tensor(rs.randn(3, 2).astype(np.float16)),))
    np.testing.assert_allclose(p[0].asnumpy().ravel(), [1.4434, 0.72021, 1.2988, 1.9199, 1.5469, -1.2969], 1e-4)
    assert optimizer.moments1[0].dtype is ms.float16
