"""The models in JAX: one jitted training step with donated state, images channels-last (the faster layout on CPU)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import cycle
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from data import ADAM, ADAMW, CNN, GPT, LSTM, MLP, MLP2048, MOMENTUM, RESNET, TINYMLP, Problem, decayed
from jax import lax, nn
from jax.flatten_util import ravel_pytree
from network_formulas import Formula, jax_formula
from network_jax import jax_runner
from runner import Add, Runner


def dense(w, name, x):
    """On rows: the gradient of a product with three axes compiles to something slower."""
    rows = x.reshape(-1, x.shape[-1])
    return (rows @ w[f"{name}.weight"] + w[f"{name}.bias"]).reshape(*x.shape[:-1], -1)


def perceptron(sizes):
    def forward(w, stats, x):
        for index in range(1, len(sizes) - 1):
            x = nn.relu(dense(w, f"fc{index}", x))
        return dense(w, f"fc{len(sizes) - 1}", x), stats

    return forward


def convolve(w, name, x, padding, stride=1):
    strides = (stride, stride)
    return lax.conv_general_dilated(
        x, w[f"{name}.weight"], strides, padding, dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def pool(x):
    """Max pooling 2x2; this form compiles to a faster gradient than `reduce_window`."""
    batch, height, width, channels = x.shape
    return x.reshape(batch, height // 2, 2, width // 2, 2, channels).max((2, 4))


def lenet(w, stats, x):
    for name in ("conv1", "conv2"):
        x = pool(nn.relu(convolve(w, name, x, "VALID") + w[f"{name}.bias"]))
    x = x.reshape(x.shape[0], -1)
    x = nn.relu(dense(w, "fc1", x))
    x = nn.relu(dense(w, "fc2", x))
    return dense(w, "fc3", x), stats


def batch_norm(w, stats, name, x):
    mean = x.mean((0, 1, 2))
    variance = (x * x).mean((0, 1, 2)) - mean * mean
    stats[f"{name}.mean"] = 0.9 * stats[f"{name}.mean"] + 0.1 * mean
    stats[f"{name}.variance"] = 0.9 * stats[f"{name}.variance"] + 0.1 * variance
    scale = w[f"{name}.gamma"] * lax.rsqrt(variance + 1e-5)
    return x * scale + (w[f"{name}.beta"] - mean * scale)


def cnn(w, stats, x):
    stats = dict(stats)
    for index in range(1, len(CNN)):
        x = convolve(w, f"conv{index}", x, "SAME")
        x = nn.relu(batch_norm(w, stats, f"bn{index}", x))
        if index in (2, 4):
            x = pool(x)
    return dense(w, "fc", x.mean((1, 2))), stats


def layer_norm(w, name, x):
    mean = x.mean(-1, keepdims=True)
    variance = (x * x).mean(-1, keepdims=True) - mean * mean
    return (x - mean) * lax.rsqrt(variance + 1e-5) * w[f"{name}.gamma"] + w[f"{name}.beta"]


def attend(w, block, x):
    batch, length, width = x.shape
    qkv = dense(w, f"{block}.qkv", x).reshape(batch, length, 3, GPT.heads, width // GPT.heads)
    q, k, v = qkv.transpose(2, 0, 3, 1, 4)
    scores = q @ k.swapaxes(2, 3) * (width // GPT.heads) ** -0.5
    causal = jnp.tril(jnp.ones((length, length), bool))
    mixed = nn.softmax(jnp.where(causal, scores, -1e9)) @ v
    return dense(w, f"{block}.proj", mixed.transpose(0, 2, 1, 3).reshape(x.shape))


def chargpt(w, stats, x):
    x = w["tokens.embedding_table"][x] + w["positions"]
    for index in range(GPT.layers):
        block = f"blocks.{index}"
        x = x + attend(w, block, layer_norm(w, f"{block}.norm1", x))
        hidden = nn.gelu(dense(w, f"{block}.fc1", layer_norm(w, f"{block}.norm2", x)), approximate=True)
        x = x + dense(w, f"{block}.fc2", hidden)
    return dense(w, "head", layer_norm(w, "norm", x)).reshape(-1, GPT.vocab), stats


def resnet20(w, stats, x):
    stats, around = dict(stats), ((1, 1), (1, 1))
    x = nn.relu(batch_norm(w, stats, "bn", convolve(w, "conv", x, around)))
    for index, (width, stride) in enumerate(RESNET):
        block = f"blocks.{index}"
        out = nn.relu(batch_norm(w, stats, f"{block}.bn1", convolve(w, f"{block}.conv1", x, around, stride)))
        out = batch_norm(w, stats, f"{block}.bn2", convolve(w, f"{block}.conv2", out, around))
        if stride > 1:
            x = jnp.pad(x[:, ::2, ::2], ((0, 0), (0, 0), (0, 0), (0, width - x.shape[-1])))
        x = nn.relu(out + x)
    return dense(w, "fc", x.mean((1, 2))), stats


def lstm(w, stats, x):
    x = w["tokens.embedding_table"][x.T]
    gates = x.reshape(-1, LSTM.width) @ w["lstm.weight_ih_l0"].T + (w["lstm.bias_ih_l0"] + w["lstm.bias_hh_l0"])

    def step(state, gate):
        h, c = state
        i, f, g, o = jnp.split(gate + h @ w["lstm.weight_hh_l0"].T, 4, axis=1)
        c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
        return (nn.sigmoid(o) * jnp.tanh(c), c), None

    start = jnp.zeros((LSTM.batch, LSTM.hidden))
    (last, _), _ = lax.scan(step, (start, start), gates.reshape(LSTM.length, LSTM.batch, -1))
    return dense(w, "fc", last), stats


def negative_elbo(w, stats, x, noise):
    hidden = nn.relu(dense(w, "encode", x))
    mean, log_variance = dense(w, "mean", hidden), dense(w, "log_variance", hidden)
    logits = dense(w, "pixels", nn.relu(dense(w, "decode", mean + jnp.exp(0.5 * log_variance) * noise)))
    error = jnp.sum(jnp.maximum(logits, 0) - logits * x + jnp.log1p(jnp.exp(-jnp.abs(logits))))
    divergence = 0.5 * jnp.sum(jnp.exp(log_variance) + mean * mean - 1 - log_variance)
    return (error + divergence) / len(x), stats


NETWORKS: dict[str, Callable] = {
    "tinymlp": perceptron(TINYMLP),
    "mlp": perceptron(MLP),
    "mlp2048": perceptron(MLP2048),
    "lenet": lenet,
    "cnn": cnn,
    "chargpt": chargpt,
    "resnet20": resnet20,
    "lstm": lstm,
    "vae": negative_elbo,
}


def layout(problem: str, name: str, value: np.ndarray) -> np.ndarray:
    """MindSpore's layout to the one of these models: dense in x out, convolutions HWIO."""
    if value.ndim == 4:
        return value.transpose(2, 3, 1, 0)
    if problem == "lenet" and name == "fc1.weight":  # it reads the flattened image, which is channels-last here
        value = value.reshape(-1, 16, 5, 5).transpose(0, 2, 3, 1).reshape(value.shape)
    return value.T if name.endswith(".weight") else value


def image_layout(x: np.ndarray) -> np.ndarray:
    return x.transpose(0, 2, 3, 1) if x.ndim == 4 else x


def statistics(names: list[str], weights: dict[str, np.ndarray]) -> dict[str, jax.Array]:
    means = {name.replace(".gamma", ".mean"): jnp.zeros_like(weights[name]) for name in names}
    return means | {name.replace(".gamma", ".variance"): jnp.ones_like(weights[name]) for name in names}


def adam(rate: float, decay: float, count: Any, w: Any, g: Any, m: Any, v: Any) -> tuple:
    m = ADAM["beta1"] * m + (1 - ADAM["beta1"]) * g
    v = ADAM["beta2"] * v + (1 - ADAM["beta2"]) * g * g
    rate = rate * jnp.sqrt(1 - ADAM["beta2"] ** count) / (1 - ADAM["beta1"] ** count)
    return w - rate * m / (jnp.sqrt(v) + ADAM["eps"]), m, v


def adamw(rate: float, decay: float, count: Any, w: Any, g: Any, m: Any, v: Any) -> tuple:
    m = ADAMW["beta1"] * m + (1 - ADAMW["beta1"]) * g
    v = ADAMW["beta2"] * v + (1 - ADAMW["beta2"]) * g * g
    return w - rate * (m / (jnp.sqrt(v) + ADAMW["eps"]) + decay * w), m, v


def momentum(rate: float, decay: float, count: Any, w: Any, g: Any, m: Any) -> tuple:
    m = MOMENTUM * m + (g + decay * w)
    return w - rate * m, m


UPDATES = {"adam": (adam, 2), "adamw": (adamw, 2), "momentum": (momentum, 1)}  # with the number of moments


class Adapter:
    """How the worker drives JAX. The option is "tree", or "flat": all weights in one array: a call passes few."""

    def __init__(self, option: str, threads: int):
        self.flat = option == "flat"
        self.version = jax.__version__

    def build(self, problem: Problem) -> Runner:
        forward = NETWORKS[problem.name]
        update, moment_count = UPDATES[problem.optimizer]
        w = {name: jnp.array(layout(problem.name, name, value)) for name, value in problem.weights.items()}
        norms = [name for name in w if name.endswith(".gamma") and name.split(".")[-2].startswith("bn")]
        decay = ADAMW["weight_decay"] if problem.optimizer == "adamw" else problem.weight_decay
        decays = {name: decay * decayed(name) for name in w}
        unflatten: Callable = lambda w: w
        if self.flat:
            w, unflatten = ravel_pytree(w)
            decays = 0.0  # used for Adam only
        moments = [jax.tree.map(jnp.zeros_like, w) for _ in range(moment_count)]

        def loss_of(w, stats, x, y):
            if not problem.labelled:
                return forward(unflatten(w), stats, x, y)
            logits, stats = forward(unflatten(w), stats, x)
            picked = jnp.take_along_axis(nn.log_softmax(logits), y[:, None], 1)
            return -picked.mean(), stats

        @partial(jax.jit, donate_argnums=0)
        def train(state, x, y):
            w, moments, stats, count = state
            count = count + 1
            (loss, stats), grads = jax.value_and_grad(loss_of, has_aux=True)(w, stats, x, y)
            tree = jax.tree.structure(w)
            lists = [jax.tree.leaves(part) for part in (decays, w, grads, *moments)]
            new = [update(problem.learning_rate, decay, count, *parts) for decay, *parts in zip(*lists)]
            w, *moments = (tree.unflatten(part) for part in zip(*new))
            return (w, moments, stats, count), loss

        state = (w, moments, statistics(norms, problem.weights), jnp.float32(0))

        def step():
            nonlocal state
            state, loss = train(state, *next(batches))
            return loss

        def read(loss):
            jax.block_until_ready(state)
            return float(loss)

        batches = cycle([(jnp.array(image_layout(x)), jnp.array(y)) for x, y in problem.batches])
        return Runner(step, read)

    def network(self, network: Any, training: bool) -> Runner:
        if isinstance(network, Formula):
            return jax_formula(jax, network, training)
        return jax_runner(network, training)

    def add(self, array: np.ndarray) -> Add:
        return Add(jnp.array(array), jnp.array(array), wait=jax.block_until_ready)
