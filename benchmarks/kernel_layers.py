"""Cases of kernels.py: products of matrices and attention, as transformers have them."""

from __future__ import annotations

import numpy as np
from kernel_cases import Case, joined, normal


# ---------------------------------------------------------------- products
def product(m: int, k: int, n: int) -> Case:
    return Case("matrix product", f"{m}x{k} by {k}x{n}", normal((m, k), (k, n)), lambda ms, x, y: ms.ops.matmul(x, y),
                lambda torch, x, y: x @ y, 2.0 * m * k * n)  # fmt: skip


def in_bfloat16(rows: int, inputs: int, outputs: int) -> Case:
    """A layer's product of bfloat16 numbers."""

    def ours(ms, x, w):
        x, w = x.astype(ms.bfloat16), w.astype(ms.bfloat16)
        call = ms.jit(lambda x, w: ms.ops.matmul(x, w.T))
        return lambda: call(x, w)

    def theirs(torch, x, w):
        x, w = x.bfloat16(), w.bfloat16()
        return lambda: torch.nn.functional.linear(x, w)

    return Case("dense in bfloat16", f"{rows}x{inputs}, {outputs} outputs", normal((rows, inputs), (outputs, inputs)), ours, theirs,
                2.0 * rows * inputs * outputs, made=True)  # fmt: skip


def dense(net: str, rows: int, inputs: int, outputs: int) -> list[Case]:
    """A layer's product and, as one case, its two gradients."""
    shape, operations = f"{net} {rows}x{inputs}, {outputs} outputs", 2.0 * rows * inputs * outputs
    x, w, y = (rows, inputs), (outputs, inputs), (rows, outputs)
    return [
        Case("dense", shape, normal(x, w), lambda ms, x, w: ms.ops.matmul(x, w.T),
             lambda torch, x, w: torch.nn.functional.linear(x, w), operations),
        Case("dense gradients", shape, normal(x, w, y), lambda ms, x, w, g: (ms.ops.matmul(g, w), ms.ops.matmul(g.T, x)),
             lambda torch, x, w, g: (g @ w, g.T @ x), 2 * operations),
    ]  # fmt: skip


def attention(batch: int, heads: int, words: int, width: int, causal: bool = False) -> list[Case]:
    shape = (batch, heads, words, width)
    name = f"{batch}x{heads}x{words}x{width}{' causal' if causal else ''}"

    def ours(ms, q, k, v):
        scores = ms.ops.matmul(q * width**-0.5, k.swapaxes(-1, -2))
        if causal:
            later = ms.ops.arange(words).reshape((-1, 1)) < ms.ops.arange(words)
            scores = ms.ops.masked_fill(scores, later, -1e9)
        return ms.ops.matmul(ms.ops.softmax(scores, -1), v)

    def theirs(torch, q, k, v):
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)

    operations = 4.0 * batch * heads * words * words * width
    return [
        Case("attention", name, normal(shape, shape, shape), ours, theirs, operations),
        Case("attention with gradients", name, normal(*[shape] * 4), ours, theirs, 3.5 * operations, gradients=3),
    ]


def padded(batch: int, heads: int, words: int, width: int) -> list[Case]:
    """Attention of sentences whose lengths, 1/8 of the words, 2/8, ... in turn, are known when it runs."""
    shape = (batch, heads, words, width)
    lengths = np.arange(batch) % 8 * (words // 8) + words // 8
    shown = (np.arange(words) < lengths[:, None])[:, None, None, :]

    def ours(ms, q, k, v, shown, *_):
        scores = ms.ops.matmul(q * width**-0.5, k.swapaxes(-1, -2))
        return ms.ops.matmul(ms.ops.softmax(ms.ops.masked_fill(scores, ms.ops.logical_not(shown), -1e9), -1), v)

    def theirs(torch, q, k, v, shown, *_):
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=shown)

    given, mask = normal(shape, shape, shape), lambda rng: [shown]
    name, operations = f"{batch}x{heads}x{words}x{width} padded", 4.0 * batch * heads * words * words * width
    return [
        Case("attention", name, joined(given, mask), ours, theirs, operations),
        Case(
            "attention with gradients",
            name,
            joined(given, mask, normal(shape)),
            ours,
            theirs,
            3.5 * operations,
            gradients=3,
        ),
    ]


PRODUCTS = [
    product(1024, 1024, 1024),
    product(512, 256, 1024),
    product(32, 768, 768),
    *dense("BERT d256", 512, 256, 256),
    *dense("BERT d256", 512, 256, 1024),
    *dense("BERT d256", 512, 1024, 256),
    *dense("GPT-2", 256, 768, 2304),
    *dense("GPT-2", 256, 768, 3072),
    *dense("GPT-2", 256, 3072, 768),
    *dense("GPT-2, one row", 1, 768, 3072),
    *dense("GPT-2 vocabulary", 64, 768, 50257),
    *dense("ViT-tiny", 788, 192, 576),
    *dense("ViT-tiny", 788, 192, 768),
    *dense("classifier", 32, 2048, 1000),
    *dense("mlp", 256, 784, 2048),
    *dense("mlp", 256, 2048, 2048),
    Case("products of a batch", "64x128x64 by 64x64x128", normal((64, 128, 64), (64, 64, 128)),
         lambda ms, x, y: ms.ops.bmm(x, y), lambda torch, x, y: torch.bmm(x, y), 2.0 * 64 * 128 * 64 * 128),
    Case("matrix by vector", "2048x2048", normal((2048, 2048), (2048,)), lambda ms, x, y: ms.ops.matmul(x, y),
         lambda torch, x, y: x @ y, 2.0 * 2048 * 2048),
    in_bfloat16(1024, 1024, 1024),
    in_bfloat16(512, 256, 1024),
    in_bfloat16(512, 1024, 256),
    in_bfloat16(256, 2048, 2048),
    in_bfloat16(32, 768, 768),
    *attention(8, 4, 64, 64),
    *attention(4, 12, 128, 64),
    *attention(1, 12, 512, 64, True),
    *attention(1, 12, 1000, 64, True),
    *attention(4, 12, 128, 64, True),
    *attention(1, 12, 1000, 32, True),
    *attention(4, 3, 197, 64),
    *padded(8, 8, 256, 64),
    *padded(8, 12, 128, 64),
]  # fmt: skip
