"""Writes ``trajectories.json``: what independent implementations (optax, pytorch_optimizer, torch) make of one problem.

Run with a Python that has all three; ``tests/test_optimizers_lab.py`` compares, and has the problem.
"""

import json
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytorch_optimizer as po
import torch
from pytorch_optimizer.optimizer.grokfast import gradfilter_ema

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from problem import NOISE, SNAPSHOTS, curvature, noise, start, target  # noqa: E402


def by_optax(make):
    weights = {n: jnp.array(w) for n, w in start().items()}
    optimizer = make()
    state, seen = optimizer.init(weights), []
    for t in range(max(SNAPSHOTS)):
        g = {n: jnp.array(curvature[n] * (np.array(w) - target[n]) + NOISE * noise(t)[n]) for n, w in weights.items()}
        updates, state = optimizer.update(g, state, weights)
        weights = optax.apply_updates(weights, updates)
        if t + 1 in SNAPSHOTS:
            seen.append({n: np.array(w) for n, w in weights.items()})
    return seen


def by_optax_lookahead(make):
    optimizer = make()
    weights = {n: jnp.array(w) for n, w in start().items()}
    params, seen = optax.LookaheadParams.init_synced(weights), []
    state = optimizer.init(params)
    for t in range(max(SNAPSHOTS)):
        g = {
            n: jnp.array(curvature[n] * (np.array(w) - target[n]) + NOISE * noise(t)[n]) for n, w in params.fast.items()
        }
        updates, state = optimizer.update(g, state, params)
        params = optax.apply_updates(params, updates)
        if t + 1 in SNAPSHOTS:
            seen.append({n: np.array(w) for n, w in params.fast.items()})
    return seen


def loss_of(weights, t):
    total = 0.0
    for n, w in weights.items():
        c, at, e = (torch.tensor(x) for x in (curvature[n], target[n], noise(t)[n]))
        total = total + (c * (w - at) ** 2).sum() / 2 + NOISE * (e * w).sum()
    return total


def by_torch(make, closure=False, before=lambda model, kept: kept):
    weights = {n: torch.nn.Parameter(torch.tensor(w)) for n, w in start().items()}
    optimizer = make(list(weights.values()))
    model, kept, seen = torch.nn.ParameterDict({n.replace(".", "_"): w for n, w in weights.items()}), None, []
    for t in range(max(SNAPSHOTS)):

        def again():
            optimizer.zero_grad()
            value = loss_of(weights, t)
            value.backward(create_graph=closure == "graph")
            return value

        again()
        kept = before(model, kept)
        optimizer.step(again if closure is True else None)
        if t + 1 in SNAPSHOTS:
            seen.append({n: w.detach().numpy().copy() for n, w in weights.items()})
    return seen


CASES = {
    "AdaBelief": ("optax.adabelief", lambda: by_optax(lambda: optax.adabelief(0.05, 0.8, 0.9, 1e-6, 1e-6))),
    "AdEMAMix": ("optax.contrib.ademamix", lambda: by_optax(
        lambda: optax.contrib.ademamix(0.02, 0.8, 0.9, 0.99, 2.0, eps=1e-4, weight_decay=0.1))),
    "AdEMAMix warmup": ("pytorch_optimizer.AdEMAMix", lambda: by_torch(
        lambda p: po.AdEMAMix(p, 0.02, (0.8, 0.9, 0.99), alpha=2.0, t_alpha_beta3=8, eps=1e-4, weight_decay=0.1,
                              weight_decouple=True))),
    "ADOPT": ("optax.contrib.adopt", lambda: by_optax(lambda: optax.contrib.adopt(0.05, 0.8, 0.9, 1e-4))),
    "MARS": ("pytorch_optimizer.MARS", lambda: by_torch(
        lambda p: po.MARS(p, 0.05, (0.8, 0.9), 0.1, lr_1d=0.02, betas_1d=(0.7, 0.85), weight_decay=0.1, weight_decay_1d=0.1,
                          eps=1e-4))),
    "MARS lion": ("pytorch_optimizer.MARS", lambda: by_torch(
        lambda p: po.MARS(p, 0.05, (0.8, 0.9), 0.1, mars_type="lion", optimize_1d=True, weight_decay=0.1, eps=1e-4))),
    "Prodigy": ("optax.contrib.prodigy", lambda: by_optax(
        lambda: optax.contrib.prodigy(0.9, (0.8, 0.9), estim_lr0=0.01, eps=1e-6, weight_decay=0.1))),
    "Prodigy safeguard": ("optax.contrib.prodigy", lambda: by_optax(
        lambda: optax.contrib.prodigy(0.9, (0.8, 0.9), 0.97, 1e-6, 0.01, 1.5, safeguard_warmup=True))),
    "Prodigy plain": ("pytorch_optimizer.Prodigy", lambda: by_torch(
        lambda p: po.Prodigy(p, 0.9, (0.8, 0.9), d0=0.01, eps=1e-6, bias_correction=False, weight_decay=0.0))),
    "DAdaptAdam": ("optax.contrib.dadapt_adamw", lambda: by_optax(
        lambda: optax.contrib.dadapt_adamw(0.9, (0.8, 0.9), estim_lr0=0.01, eps=1e-6, weight_decay=0.1))),
    "DAdaptAdam plain": ("pytorch_optimizer.DAdaptAdam", lambda: by_torch(
        lambda p: po.DAdaptAdam(p, 0.9, (0.8, 0.9), d0=0.01, eps=1e-6))),
    "Tiger": ("pytorch_optimizer.Tiger", lambda: by_torch(lambda p: po.Tiger(p, 0.05, 0.8, weight_decay=0.1))),
    "Shampoo": ("pytorch_optimizer.Shampoo", lambda: by_torch(lambda p: po.Shampoo(p, 0.3, matrix_eps=0.1, weight_decay=0.1))),
    "SOAP": ("pytorch_optimizer.SOAP", lambda: by_torch(
        lambda p: po.SOAP(p, 0.05, (0.8, 0.9), 0.7, weight_decay=0.1, precondition_frequency=3, eps=1e-4))),
    "SophiaH": ("pytorch_optimizer.SophiaH", lambda: by_torch(
        lambda p: po.SophiaH(p, 0.3, (0.8, 0.9), weight_decay=0.1, p=0.5, update_period=3,
                             hessian_distribution="rademacher"), "graph")),
    "SAM": ("pytorch_optimizer.SAM", lambda: by_torch(
        lambda p: po.SAM(p, torch.optim.SGD, rho=0.5, lr=0.05, momentum=0.8), True)),
    "ASAM": ("pytorch_optimizer.SAM", lambda: by_torch(
        lambda p: po.SAM(p, torch.optim.SGD, rho=0.5, adaptive=True, lr=0.05, momentum=0.8), True)),
    "Cautious AdamW": ("pytorch_optimizer.AdamW with the mask of the paper", lambda: by_torch(cautious_adamw)),
    "Grokfast": ("pytorch_optimizer.gradfilter_ema", lambda: by_torch(
        lambda p: torch.optim.SGD(p, 0.05), before=lambda m, kept: gradfilter_ema(m, kept, 0.8, 1.5))),
    "Lookahead": ("optax.lookahead", lambda: by_optax_lookahead(lambda: optax.lookahead(optax.sgd(0.05, 0.8), 3, 0.4))),
    "ScheduleFreeSGD": ("optax.contrib.schedule_free_sgd", lambda: by_optax(
        lambda: optax.contrib.schedule_free_sgd(0.2, b1=0.7, weight_decay=0.1))),
    "ScheduleFreeSGD warmup": ("pytorch_optimizer.ScheduleFreeSGD", lambda: by_torch(
        lambda p: po.ScheduleFreeSGD(p, 0.2, 0.7, weight_decay=0.1, warmup_steps=5))),
    "ScheduleFree RMSProp": ("optax.contrib.schedule_free", lambda: by_optax(
        lambda: optax.contrib.schedule_free(optax.adam(0.05, b1=0.0, b2=0.9, eps=1e-4), 0.05, 0.8))),
    "AdaBelief scheduled": ("optax.adabelief", lambda: by_optax(
        lambda: optax.adabelief(optax.cosine_decay_schedule(0.1, 10), 0.8, 0.9, 1e-6, 1e-6))),
}  # fmt: skip


class cautious_adamw(torch.optim.AdamW):
    """AdamW, whose step is then masked."""

    def __init__(self, params):
        super().__init__(params, 0.05, (0.8, 0.9), eps=1e-4, weight_decay=0.1)

    @torch.no_grad()
    def step(self, closure=None):
        params = self.param_groups[0]["params"]
        before = [p.clone() for p in params]
        super().step(closure)
        for p, old in zip(params, before):
            moved = p - old * (1 - 0.05 * 0.1)
            mask = (moved * p.grad < 0).to(p.dtype)
            p.copy_(old * (1 - 0.05 * 0.1) + moved * mask / mask.mean().clamp_(min=1e-3))


def main():
    jax.config.update("jax_default_matmul_precision", "highest")
    recorded = {}
    for name, (origin, run) in CASES.items():
        torch.manual_seed(0)
        seen = run()
        recorded[name] = {
            "origin": origin,
            "weights": [{n: [float(f"{x:.6g}") for x in w.ravel()] for n, w in s.items()} for s in seen],
        }
    versions = {"optax": optax.__version__, "torch": torch.__version__, "pytorch_optimizer": po_version()}
    text = json.dumps({"versions": versions, "steps": list(SNAPSHOTS), "cases": recorded}, separators=(",", ":"))
    (HERE / "trajectories.json").write_text(text.replace('"origin"', '\n"origin"').replace('{"a', '\n{"a') + "\n")


def po_version():
    from importlib.metadata import version

    return version("pytorch-optimizer")


if __name__ == "__main__":
    main()
