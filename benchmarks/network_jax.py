"""The networks of network_models.py in JAX: a jitted training step with donated state, or the answer; images channels-last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, nn
from network_models import Layers, Network, Weights, batch_of
from network_runners import DECAY, LARGEST_NORM, RATE, STEPS
from runner import Runner

Forward = Callable[
    [dict, dict, Any], Any
]  # (weights, state, input): the state holds statistics and the key, and is changed


class Builder:
    """Makes weights in the order of the layers, and the functions that use them."""

    def __init__(self, training: bool):
        self.training, self.draw = training, Weights()
        self.weights: dict[str, jax.Array] = {}
        self.state: dict[str, jax.Array] = {}

    def weight(self, value: np.ndarray) -> str:
        name = f"w{len(self.weights)}"
        self.weights[name] = jnp.array(value)
        return name

    def sequence(self, layers: Layers) -> Forward:
        parts = [getattr(self, kind)(*arguments) for kind, *arguments in layers]

        def forward(w, state, x):
            for part in parts:
                x = part(w, state, x)
            return x

        return forward

    # ------------------------------------------------------------ layers of all kinds
    relu = staticmethod(lambda: lambda w, state, x: nn.relu(x))
    relu6 = staticmethod(lambda: lambda w, state, x: nn.relu6(x))
    swish = staticmethod(lambda: lambda w, state, x: nn.silu(x))
    tanh = staticmethod(lambda: lambda w, state, x: jnp.tanh(x))
    mean = staticmethod(lambda: lambda w, state, x: x.mean((1, 2)))
    words = series = staticmethod(lambda: lambda w, state, x: x.mean(1))  # a series is channels-last, too

    def dense(self, m: int, n: int) -> Forward:
        weight, bias = self.weight(self.draw(n, m).T), self.weight(np.zeros(n, np.float32))
        return lambda w, state, x: (x.reshape(-1, m) @ w[weight] + w[bias]).reshape(*x.shape[:-1], n)

    def add(self, main: Layers, beside: Layers) -> Forward:
        first, second = self.sequence(main), self.sequence(beside)
        return lambda w, state, x: first(w, state, x) + second(w, state, x)

    def join(self, inner: Layers) -> Forward:
        part = self.sequence(inner)
        return lambda w, state, x: jnp.concatenate([x, part(w, state, x)], -1)

    # ------------------------------------------------------------ images and series
    def conv(self, channels: int, filters: int, window: int, stride: int, groups: int) -> Forward:
        weight = self.weight(self.draw(filters, channels // groups, window, window).transpose(2, 3, 1, 0))
        return self._convolution(weight, stride, window // 2, 2, groups)

    def conv1d(self, channels: int, filters: int, window: int, stride: int) -> Forward:
        return self._convolution(
            self.weight(self.draw(filters, channels, window).transpose(2, 1, 0)), stride, window // 2, 1
        )

    def _convolution(self, weight: str, stride: int, pad: int, axes: int, groups: int = 1) -> Forward:
        names = ("NHWC", "HWIO", "NHWC") if axes == 2 else ("NWC", "WIO", "NWC")
        return lambda w, state, x: lax.conv_general_dilated(
            x, w[weight], (stride,) * axes, ((pad, pad),) * axes, dimension_numbers=names, feature_group_count=groups
        )

    def turned(self, channels: int, filters: int, window: int, stride: int, pad: int) -> Forward:
        weight = self.weight(self.draw(channels, filters, window, window)[:, :, ::-1, ::-1].transpose(2, 3, 0, 1))
        around = ((window - 1 - pad,) * 2,) * 2
        return lambda w, state, x: lax.conv_general_dilated(
            x, w[weight], (1, 1), around, (stride, stride), dimension_numbers=("NHWC", "HWIO", "NHWC")
        )

    def patches(self, size: int, width: int) -> Forward:
        weight = self.weight(self.draw(width, 3, size, size).transpose(2, 3, 1, 0))
        part = self._convolution(weight, size, 0, 2)
        return lambda w, state, x: part(w, state, x).reshape(x.shape[0], -1, width)

    def norm(self, channels: int) -> Forward:
        scale, shift = self.weight(np.ones(channels, np.float32)), self.weight(np.zeros(channels, np.float32))
        self.state |= {f"{scale}.mean": jnp.zeros(channels), f"{scale}.variance": jnp.ones(channels)}

        def forward(w, state, x):
            mean, variance = state[f"{scale}.mean"], state[f"{scale}.variance"]
            if self.training:
                old, axes = (mean, variance), tuple(range(x.ndim - 1))
                mean = x.mean(axes)
                variance = (x * x).mean(axes) - mean * mean
                state[f"{scale}.mean"] = 0.9 * old[0] + 0.1 * mean
                state[f"{scale}.variance"] = 0.9 * old[1] + 0.1 * variance
            factor = w[scale] * lax.rsqrt(variance + 1e-5)
            return x * factor + (w[shift] - mean * factor)

        return forward

    def pool(self, window: int, stride: int, pad: int) -> Forward:
        around = ((0, 0), (pad, pad), (pad, pad), (0, 0))

        def forward(w, state, x):
            n, height, width, channels = x.shape
            if window == stride and not pad:  # this form compiles to a faster gradient
                return x.reshape(n, height // window, window, width // window, window, channels).max((2, 4))
            return lax.reduce_window(x, -jnp.inf, lax.max, (1, window, window, 1), (1, stride, stride, 1), around)

        return forward

    def squeeze(self, channels: int, hidden: int) -> Forward:
        part = self.sequence([("mean",), ("dense", channels, hidden), ("swish",), ("dense", hidden, channels)])
        return lambda w, state, x: x * nn.sigmoid(part(w, state, x))[:, None, None, :]

    # ------------------------------------------------------------ words
    def embed(self, words: int, width: int) -> Forward:
        table = self.weight(self.draw(words, width))
        return lambda w, state, x: w[table][x]

    def layer_norm(self, width: int) -> Forward:
        scale, shift = self.weight(np.ones(width, np.float32)), self.weight(np.zeros(width, np.float32))

        def forward(w, state, x):
            mean = x.mean(-1, keepdims=True)
            variance = (x * x).mean(-1, keepdims=True) - mean * mean
            return (x - mean) * lax.rsqrt(variance + 1e-5) * w[scale] + w[shift]

        return forward

    def dropout(self, part: float) -> Forward:
        if not (self.training and part):
            return lambda w, state, x: x
        self.state["key"] = jax.random.key(0, impl="unsafe_rbg")  # faster than the default

        def forward(w, state, x):
            state["key"], key = jax.random.split(state["key"])
            return jnp.where(jax.random.bernoulli(key, 1 - part, x.shape), x / (1 - part), 0.0)

        return forward

    def encoder(self, width: int, heads: int, causal: bool, dropout: float) -> Forward:
        first, second, drop = self.layer_norm(width), self.layer_norm(width), self.dropout(dropout)
        qkv, out = self.dense(width, 3 * width), self.dense(width, width)
        up, down = self.dense(width, 4 * width), self.dense(4 * width, width)

        def forward(w, state, x):
            n, t, _ = x.shape
            parts = qkv(w, state, first(w, state, x)).reshape(n, t, 3, heads, width // heads)
            q, k, v = parts.transpose(2, 0, 3, 1, 4)
            scores = q @ k.swapaxes(2, 3) * (width // heads) ** -0.5
            if causal:
                scores = jnp.where(jnp.tril(jnp.ones((t, t), bool)), scores, -1e9)
            mixed = (drop(w, state, nn.softmax(scores)) @ v).transpose(0, 2, 1, 3).reshape(x.shape)
            x = x + drop(w, state, out(w, state, mixed))
            hidden = nn.gelu(up(w, state, second(w, state, x)), approximate=True)
            return x + drop(w, state, down(w, state, hidden))

        return forward

    def language(self, words: int, length: int, width: int, inner: Layers, dropout: float) -> Forward:
        table, places = (self.weight(self.draw(n, width)) for n in (words, length))
        part, norm, drop = self.sequence(inner), self.layer_norm(width), self.dropout(dropout)

        def forward(w, state, x):
            x = norm(w, state, part(w, state, drop(w, state, w[table][x] + w[places])))
            return x.reshape(-1, width) @ w[table].T

        return forward

    # ------------------------------------------------------------ recurrent
    def lstm(self, width: int, hidden: int, count: int, both: bool) -> Forward:
        def turn(gate, state, w):
            h, c = state
            i, f, g, o = jnp.split(gate + h @ w, 4, axis=1)
            c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
            return nn.sigmoid(o) * jnp.tanh(c), c

        return self._recurrent(turn, 4, 2, width, hidden, count, both)

    def gru(self, width: int, hidden: int, count: int, both: bool) -> Forward:
        def turn(gate, state, w):
            (h,) = state
            (r, z, n), (hr, hz, hn) = jnp.split(gate, 3, axis=1), jnp.split(h @ w, 3, axis=1)
            r, z = nn.sigmoid(r + hr), nn.sigmoid(z + hz)
            return ((1 - z) * jnp.tanh(n + r * hn) + z * h,)

        return self._recurrent(turn, 3, 1, width, hidden, count, both)

    def _recurrent(self, turn, gates: int, carried: int, width: int, hidden: int, count: int, both: bool) -> Forward:
        """Weights in the order of torch's names; the two biases are 0 at first, one of them is enough here."""
        ends = [f"l{k}{way}" for k in range(count) for way in (["", "_reverse"] if both else [""])]
        sides = 1 + both
        inputs = {end: width if end[1] == "0" else sides * hidden for end in ends}
        biases = {end: self.weight(np.zeros(gates * hidden, np.float32)) for end in ends}
        own = {end: self.weight(0.1 * self.draw(gates * hidden, hidden).T) for end in ends}
        given = {end: self.weight(0.1 * self.draw(gates * hidden, inputs[end]).T) for end in ends}

        def forward(w, state, x):
            x = x.swapaxes(0, 1)  # by time
            for k in range(count):
                parts = []
                for end in ends[sides * k : sides * (k + 1)]:
                    gate = x @ w[given[end]] + w[biases[end]]
                    start = (jnp.zeros((x.shape[1], hidden)),) * carried

                    def step(carry, gate, matrix=w[own[end]]):
                        carry = turn(gate, carry, matrix)
                        return carry, carry[0]

                    parts.append(lax.scan(step, start, gate, reverse="reverse" in end)[1])
                x = jnp.concatenate(parts, -1)
            return x.swapaxes(0, 1)

        return forward


def clipped(grads: dict) -> dict:
    norm = jnp.sqrt(sum(jnp.sum(g * g) for g in grads.values()))
    return {name: g * jnp.minimum(1.0, LARGEST_NORM / norm) for name, g in grads.items()}


def adamw(count: Any, w: dict, grads: dict, m: dict, v: dict) -> tuple[dict, dict, dict]:
    rate = RATE * 0.5 * (1 + jnp.cos(jnp.pi * count / STEPS))
    m = {name: 0.9 * m[name] + 0.1 * g for name, g in grads.items()}
    v = {name: 0.999 * v[name] + 0.001 * g * g for name, g in grads.items()}
    root, scale = jnp.sqrt(1 - 0.999 ** (count + 1)), rate / (1 - 0.9 ** (count + 1))
    return {n: w[n] * (1 - rate * DECAY) - scale * m[n] / (jnp.sqrt(v[n]) / root + 1e-8) for n in w}, m, v


def jax_runner(network: Network, training: bool) -> Runner:
    build = Builder(training)
    forward = build.sequence(network.layers)
    x, y = batch_of(network)
    x = x.transpose(0, 2, 3, 1) if x.ndim == 4 else x.swapaxes(1, 2) if x.ndim == 3 else x
    x, y = jnp.array(x), jnp.array(y)
    if not training:
        answer = jax.jit(lambda w, x: forward(w, dict(build.state), x))
        return Runner(lambda: answer(build.weights, x), read=lambda out: float(jnp.abs(out).mean()))

    def loss_of(w, state, x, y):
        state = dict(state)
        logits = forward(w, state, x)
        return -jnp.take_along_axis(nn.log_softmax(logits), y[:, None], 1).mean(), state

    def train(everything, x, y):
        w, state, moments, count = everything
        (loss, state), grads = jax.value_and_grad(loss_of, has_aux=True)(w, state, x, y)
        if network.recipe:
            w, *moments = adamw(count, w, clipped(grads), *moments)
        else:
            moments = [{name: 0.9 * moments[0][name] + g for name, g in grads.items()}]
            w = {name: w[name] - 0.0 * m for name, m in moments[0].items()}
        return (w, state, moments, count + 1), loss

    compiled = jax.jit(train, donate_argnums=0)
    moments = [jax.tree.map(jnp.zeros_like, build.weights) for _ in range(1 + network.recipe)]
    everything = build.weights, build.state, moments, jnp.float32(0)

    def step():
        nonlocal everything
        everything, loss = compiled(everything, x, y)
        return loss

    def read(loss):
        jax.block_until_ready(everything)
        return float(loss)

    return Runner(step, read)
