"""The networks of network_models.py in minispore and in torch: a training step, or the answer to a batch."""

from __future__ import annotations

from typing import Any

import numpy as np
from network_models import Network, Weights, batch_of
from runner import Runner

RATE, STEPS, DECAY, LARGEST_NORM = 3e-4, 1000, 0.1, 1.0  # of a network with a recipe: the cosine of so many steps


# ---------------------------------------------------------------- minispore
def minispore_runner(ms: Any, network: Network, training: bool, gradients: bool = False) -> Runner:
    """``gradients``: the step gives those of all weights, in float64."""
    nn, ops = ms.nn, ms.ops
    weights, network = Weights(), network.fixed() if gradients else network

    class Add(nn.Cell):
        def __init__(self, main, beside):
            super().__init__()
            self.main, self.beside = sequence(main), sequence(beside) if beside else None

        def construct(self, x):
            return self.main(x) + (x if self.beside is None else self.beside(x))

    class Squeeze(nn.Cell):
        def __init__(self, channels, hidden):
            super().__init__()
            self.layers = sequence([("mean",), ("dense", channels, hidden), ("swish",), ("dense", hidden, channels)])

        def construct(self, x):
            return x * ops.sigmoid(self.layers(x)).reshape((x.shape[0], x.shape[1], 1, 1))

    class Join(nn.Cell):
        def __init__(self, inner):
            super().__init__()
            self.inner = sequence(inner)

        def construct(self, x):
            return ops.cat((x, self.inner(x)), 1)

    class Over(nn.Cell):
        def __init__(self, *axes):
            super().__init__()
            self.axes = axes

        def construct(self, x):
            return ops.mean(x, self.axes)

    class Patches(nn.Cell):
        def __init__(self, size, width):
            super().__init__()
            self.conv = nn.Conv2d(
                3, width, size, size, "valid", has_bias=False, weight_init=ms.Tensor(weights(width, 3, size, size))
            )

        def construct(self, x):
            x = self.conv(x)
            return x.reshape((*x.shape[:2], -1)).swapaxes(1, 2)

    class Encoder(nn.Cell):
        def __init__(self, width, heads, causal, dropout):
            super().__init__()
            self.heads, self.causal = heads, causal
            self.dropout = nn.Dropout(p=dropout) if dropout else lambda x: x
            self.first, self.second = nn.LayerNorm((width,), epsilon=1e-5), nn.LayerNorm((width,), epsilon=1e-5)
            self.qkv, self.out = dense(width, 3 * width), dense(width, width)
            self.up, self.down = dense(width, 4 * width), dense(4 * width, width)

        def construct(self, x):
            n, t, width = x.shape
            qkv = self.qkv(self.first(x)).reshape((n, t, 3, self.heads, width // self.heads)).transpose((2, 0, 3, 1, 4))
            q, k, v = qkv[0], qkv[1], qkv[2]
            scores = ops.matmul(q * (width // self.heads) ** -0.5, k.swapaxes(-1, -2))
            if self.causal:
                scores = ops.masked_fill(scores, ops.arange(t).reshape((-1, 1)) < ops.arange(t), -1e9)
            mixed = ops.matmul(self.dropout(ops.softmax(scores, -1)), v).transpose((0, 2, 1, 3)).reshape((n, t, width))
            x = x + self.dropout(self.out(mixed))
            return x + self.dropout(self.down(ops.gelu(self.up(self.second(x)), "tanh")))

    class Language(nn.Cell):
        def __init__(self, words, length, width, inner, dropout):
            super().__init__()
            self.table, self.places = (ms.Parameter(ms.Tensor(weights(n, width))) for n in (words, length))
            self.inner, self.norm = sequence(inner), nn.LayerNorm((width,), epsilon=1e-5)
            self.dropout = nn.Dropout(p=dropout) if dropout else lambda x: x

        def construct(self, x):
            x = self.norm(self.inner(self.dropout(ops.gather(self.table, x, 0) + self.places)))
            return ops.matmul(x.reshape((-1, x.shape[-1])), self.table.T)

    class Recurrent(nn.Cell):
        def __init__(self, kind, width, hidden, count, both):
            super().__init__()
            self.inner = kind(width, hidden, count, batch_first=True, bidirectional=both)
            for p in sorted(self.inner.trainable_params(), key=lambda p: p.name):  # as torch's, by name
                p.set_data(ms.Tensor(0.1 * weights(*p.shape) if len(p.shape) > 1 else np.zeros(p.shape, np.float32)))

        def construct(self, x):
            return self.inner(x)[0]

    def conv1d(channels, filters, window, stride):
        return nn.Conv1d(channels, filters, window, stride, "pad", window // 2, has_bias=False,
                         weight_init=ms.Tensor(weights(filters, channels, window)))  # fmt: skip

    def turned(channels, filters, window, stride, pad):
        return nn.Conv2dTranspose(channels, filters, window, stride, "pad", pad, has_bias=False,
                                  weight_init=ms.Tensor(weights(channels, filters, window, window)))  # fmt: skip

    def dense(m, n):
        return nn.Dense(m, n, ms.Tensor(weights(n, m)), "zeros")

    def conv(channels, filters, window, stride, groups):
        return nn.Conv2d(channels, filters, window, stride, "pad", window // 2, 1, groups, False,
                         ms.Tensor(weights(filters, channels // groups, window, window)))  # fmt: skip

    make = {
        "conv": conv,
        "norm": lambda channels: nn.BatchNorm2d(channels, eps=1e-5, momentum=0.9),
        "relu": nn.ReLU, "relu6": nn.ReLU6, "swish": nn.SiLU, "add": Add, "squeeze": Squeeze,
        "mean": lambda: Over(2, 3), "words": lambda: Over(1), "series": lambda: Over(2), "join": Join, "patches": Patches,
        "encoder": Encoder, "language": Language, "tanh": nn.Tanh, "conv1d": conv1d, "turned": turned, "dense": dense,
        "lstm": lambda *sizes: Recurrent(nn.LSTM, *sizes), "gru": lambda *sizes: Recurrent(nn.GRU, *sizes),
        "embed": lambda words, width: nn.Embedding(words, width, embedding_table=ms.Tensor(weights(words, width))),
        "pool": lambda window, stride, pad: nn.MaxPool2d(window, stride, "pad", pad),
    }  # fmt: skip

    def sequence(layers):
        return nn.SequentialCell([make[kind](*arguments) for kind, *arguments in layers])

    ms.set_context(mode=ms.GRAPH_MODE)
    net = sequence(network.layers)
    if network.bfloat16:
        ms.amp.auto_mixed_precision(net, "O2", ms.bfloat16)
    x, y = map(ms.Tensor, batch_of(network))
    if gradients:
        for p in net.get_parameters():
            p.set_dtype(ms.float64)
        net.set_train()
        weights_of = net.trainable_params()
        x = x if network.words else x.astype(ms.float64)
        compute = ms.value_and_grad(lambda x, y: ops.cross_entropy(net(x), y), None, weights_of)
        return Runner(step=lambda: compute(x, y)[1], read=lambda found: [g.asnumpy() for g in found])
    if not training:
        net.set_train(False)
        return Runner(step=lambda: net(x), read=lambda out: float(np.abs(out.asnumpy()).mean()))
    loss = nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
    if network.recipe:
        update = nn.AdamW(net.trainable_params(), nn.CosineDecayLR(0.0, RATE, STEPS), weight_decay=DECAY)
        train = clipped_step(ms, loss, update)
    else:
        train = nn.TrainOneStepCell(loss, nn.Momentum(net.trainable_params(), 0.0, 0.9))
    train.set_train()
    return Runner(lambda: train(x, y), lambda loss: float(loss.asnumpy()), lambda: train.graph(x, y))


def clipped_step(ms: Any, loss: Any, update: Any) -> Any:
    class Step(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.loss, self.update = loss, update
            self.compute = ms.value_and_grad(loss, None, update.parameters)

        def construct(self, x, y):
            value, found = self.compute(x, y)
            self.update(ms.ops.clip_by_global_norm(found, LARGEST_NORM))
            return value

    return Step()


# ---------------------------------------------------------------- torch
def torch_runner(
    torch: Any, network: Network, channels_last: bool, training: bool, compiler: Any, gradients: bool = False
) -> Runner:
    nn, F = torch.nn, torch.nn.functional
    weights, network = Weights(), network.fixed() if gradients else network

    class Add(nn.Module):
        def __init__(self, main, beside):
            super().__init__()
            self.main, self.beside = sequence(main), sequence(beside)

        def forward(self, x):
            return self.main(x) + self.beside(x)

    class Squeeze(nn.Module):
        def __init__(self, channels, hidden):
            super().__init__()
            self.layers = sequence([("mean",), ("dense", channels, hidden), ("swish",), ("dense", hidden, channels)])

        def forward(self, x):
            return x * torch.sigmoid(self.layers(x))[:, :, None, None]

    class Join(nn.Module):
        def __init__(self, inner):
            super().__init__()
            self.inner = sequence(inner)

        def forward(self, x):
            return torch.cat((x, self.inner(x)), 1)

    class Over(nn.Module):
        def __init__(self, *axes):
            super().__init__()
            self.axes = axes

        def forward(self, x):
            return x.mean(self.axes)

    class Patches(nn.Module):
        def __init__(self, size, width):
            super().__init__()
            self.conv = nn.Conv2d(3, width, size, size, bias=False)
            self.conv.weight.data = torch.from_numpy(weights(width, 3, size, size))

        def forward(self, x):
            return self.conv(x).flatten(2).transpose(1, 2)

    class Encoder(nn.Module):
        def __init__(self, width, heads, causal, dropout):
            super().__init__()
            self.heads, self.causal, self.dropout = heads, causal, nn.Dropout(dropout)
            self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv, self.out = dense(width, 3 * width), dense(width, width)
            self.up, self.down = dense(width, 4 * width), dense(4 * width, width)

        def forward(self, x):
            n, t, width = x.shape
            q, k, v = self.qkv(self.first(x)).reshape(n, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            dropped = self.dropout.p if self.training else 0.0
            mixed = F.scaled_dot_product_attention(q, k, v, dropout_p=dropped, is_causal=self.causal)
            x = x + self.dropout(self.out(mixed.transpose(1, 2).reshape(n, t, width)))
            return x + self.dropout(self.down(F.gelu(self.up(self.second(x)), approximate="tanh")))

    class Language(nn.Module):
        def __init__(self, words, length, width, inner, dropout):
            super().__init__()
            self.table, self.places = (nn.Parameter(torch.from_numpy(weights(n, width))) for n in (words, length))
            self.inner, self.norm, self.dropout = sequence(inner), nn.LayerNorm(width), nn.Dropout(dropout)

        def forward(self, x):
            x = self.norm(self.inner(self.dropout(F.embedding(x, self.table) + self.places)))
            return x.flatten(0, 1) @ self.table.T

    class Recurrent(nn.Module):
        def __init__(self, kind, width, hidden, count, both):
            super().__init__()
            self.inner = kind(width, hidden, count, batch_first=True, bidirectional=both)
            for _name, p in sorted(self.inner.named_parameters()):
                p.data = torch.from_numpy(0.1 * weights(*p.shape) if p.ndim > 1 else np.zeros(p.shape, np.float32))

        def forward(self, x):
            return self.inner(x)[0]

    def with_weight(made, *shape):
        made.weight.data = torch.from_numpy(weights(*shape))
        return made

    def conv1d(channels, filters, window, stride):
        made = nn.Conv1d(channels, filters, window, stride, window // 2, bias=False)
        return with_weight(made, filters, channels, window)

    def turned(channels, filters, window, stride, pad):
        made = nn.ConvTranspose2d(channels, filters, window, stride, pad, bias=False)
        return with_weight(made, channels, filters, window, window)

    def conv(channels, filters, window, stride, groups):
        made = nn.Conv2d(channels, filters, window, stride, window // 2, 1, groups, False)
        made.weight.data = torch.from_numpy(weights(filters, channels // groups, window, window))
        return made

    def dense(m, n):
        made = nn.Linear(m, n)
        made.weight.data = torch.from_numpy(weights(n, m))
        nn.init.zeros_(made.bias)
        return made

    make = {
        "conv": conv, "norm": nn.BatchNorm2d, "relu": nn.ReLU, "relu6": nn.ReLU6, "swish": nn.SiLU,
        "add": Add, "squeeze": Squeeze, "pool": nn.MaxPool2d, "dense": dense,
        "mean": lambda: Over(2, 3), "words": lambda: Over(1), "series": lambda: Over(2), "join": Join, "patches": Patches,
        "encoder": Encoder, "language": Language, "tanh": nn.Tanh, "conv1d": conv1d, "turned": turned,
        "lstm": lambda *sizes: Recurrent(nn.LSTM, *sizes), "gru": lambda *sizes: Recurrent(nn.GRU, *sizes),
        "embed": lambda words, width: with_weight(nn.Embedding(words, width), words, width),
    }  # fmt: skip

    def sequence(layers):
        return nn.Sequential(*[make[kind](*arguments) for kind, *arguments in layers])

    net = sequence(network.layers)
    x, y = map(torch.from_numpy, batch_of(network))
    y = y.long()
    if channels_last and x.ndim == 4:
        net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    if gradients:
        net, x = net.double(), x if network.words else x.double()
        compute = lambda: torch.autograd.grad(F.cross_entropy(net(x), y), list(net.parameters()))
        return Runner(compute, read=lambda found: [g.numpy() for g in found])
    if not training:
        net = compiler(net.eval())

        def answer():
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=network.bfloat16):
                return net(x)

        return Runner(answer, read=lambda out: float(out.abs().mean()))
    if network.recipe:
        update = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY, fused=True)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(update, STEPS)
    else:
        update = torch.optim.SGD(net.parameters(), lr=0.0, momentum=0.9, fused=True)
    loss_of = compiler(lambda x, y: F.cross_entropy(net(x), y))

    def step():
        with torch.autocast("cpu", torch.bfloat16, enabled=network.bfloat16):
            loss = loss_of(x, y)
        update.zero_grad()
        loss.backward()
        if network.recipe:
            nn.utils.clip_grad_norm_(net.parameters(), LARGEST_NORM)
        update.step()
        if network.recipe:
            schedule.step()
        return loss.detach()

    return Runner(step, read=float)
