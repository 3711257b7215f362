"""A typed program on sequences: embedding, LSTM, attention, mint layers, a schedule, a written train loop (tests/test_types.py)."""

# pyright: strict

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import minispore as ms
from minispore import Parameter, Tensor, mint, nn, ops
from minispore.experimental import optim


class Tagger(nn.Cell):
    def __init__(self, words: int, tags: int, width: int = 8, bidirectional: bool = True) -> None:
        super().__init__()
        self.embed = nn.Embedding(words, width, embedding_table="normal", padding_idx=0)
        self.lstm = nn.LSTM(width, width, num_layers=1, batch_first=True, bidirectional=bidirectional)
        inner = width * (2 if bidirectional else 1)
        self.norm = nn.LayerNorm((inner,), epsilon=1e-5)
        layer = nn.TransformerEncoderLayer(
            inner, 2, dim_feedforward=16, dropout=0.0, activation="gelu", batch_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, num_layers=1)
        self.out = mint.nn.Linear(inner, tags, bias=True)
        self.scale = Parameter(ops.ones((inner,), ms.float32), name="scale")

    def construct(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.embed(ids)
        x, (_, _) = self.lstm(x)
        x = self.encoder(self.norm(x) * self.scale, src_key_padding_mask=mask)
        return self.out(x)


def padded(rows: Sequence[Sequence[int]], length: int) -> Tensor:
    out = np.zeros((len(rows), length), np.int32)
    for k, row in enumerate(rows):
        out[k, : len(row)] = row
    return Tensor(out)


class Schedule(nn.LearningRateSchedule):
    def __init__(self, peak: float, steps: int) -> None:
        super().__init__()
        self.warm = nn.WarmUpLR(peak, steps)
        self.cosine = nn.CosineDecayLR(min_lr=0.0, max_lr=peak, decay_steps=100)

    def construct(self, global_step: Tensor) -> Tensor:
        rising: Tensor = self.warm(global_step)
        return ops.minimum(rising, self.cosine(global_step))


def run(steps: int = 3) -> list[float]:
    ms.set_seed(3)
    net = Tagger(12, 3)
    ids, tags = padded([[1, 2, 3], [4, 5]], 4), padded([[0, 1, 2], [2, 1]], 4)
    loss_fn = nn.CrossEntropyLoss(ignore_index=-1, label_smoothing=0.05)
    groups = nn.Adam(net.trainable_params(), Schedule(0.01, 5), beta1=0.9, beta2=0.99, weight_decay=0.01)
    second = optim.AdamW(net.trainable_params(), lr=0.001, betas=(0.9, 0.999), weight_decay=0.0)
    falling = optim.lr_scheduler.MultiStepLR(second, milestones=[2, 4], gamma=0.5)

    def forward(ids: Tensor, tags: Tensor) -> Tensor:
        logits = net(ids, ops.equal(ids, 0))
        return loss_fn(logits.reshape(-1, 3), tags.reshape((-1,)))

    gradients_of = ms.value_and_grad(forward, None, net.trainable_params())
    losses: list[float] = []
    for k in range(steps):
        loss, gradients = gradients_of(ids, tags)
        clipped = ops.clip_by_norm(gradients, max_norm=1.0)
        if k % 2:
            second(clipped)
            falling.step()
        else:
            groups(clipped)
        losses.append(float(loss))
    best = net(ids).argmax(axis=-1)
    chosen = ops.stack([best, best.astype(ms.int64).astype(best.dtype)], axis=0)
    top, where = ops.topk(net(ids)[0], 2, dim=-1)
    parts = ops.split(ops.concat([top, top * 2.0], axis=0), 4, axis=0)
    assert where.shape == top.shape and len(parts) == 2 and chosen.shape == (2, 2, 4)
    return losses
