"""Cases of kernels.py (``--sweep``): convolutions of random sizes, which no network has chosen."""

from __future__ import annotations

import random
from dataclasses import replace
from math import prod

from kernel_cases import Case
from kernel_convolutions import Layer, layer
from kernel_sweep import of_type

LAYERS, SEED = 170, 12
IMAGES = (1, 1, 2, 3, 4, 8, 8, 16, 32, 64)
PLANES = (1, 2, 3, 4, 5, 7, 7, 8, 9, 11, 13, 14, 15, 16, 19, 23, 28, 28, 31, 32, 45, 56, 56, 64, 75, 112)
LENGTHS = (16, 50, 61, 128, 333, 500, 1024, 2048)
DEEP = (2, 3, 4, 7, 8, 16)
WINDOWS = (1, 1, 2, 3, 3, 3, 3, 4, 5, 5, 7, (1, 3), (1, 5), (3, 1), (5, 1), (1, 7), (7, 1), (2, 3))
CHANNELS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 30, 32, 33, 40, 48, 50, 64, 64, 75, 80, 96, 100, 128, 128, 160, 192, 200, 256, 256,
            333, 384, 512, 512, 768, 1024)  # fmt: skip
TYPES = ("float64", "float16", "bfloat16")
LEAST, MOST, LARGEST = 2e6, 3e9, 1 << 23  # operations; elements of an array


def fits(one: Layer) -> bool:
    if min(one.out) < 1 or any(
        d * (k - 1) >= n + 2 * p for n, k, p, d in zip(one.size, one.window, one.pad, one.dilation)
    ):
        return False
    return LEAST <= one.operations <= MOST and max(map(prod, one.shapes)) <= LARGEST


def random_layer(rng: random.Random) -> Layer:
    axes = rng.choices((1, 2, 3), (2, 12, 1.5))[0]
    turned = axes == 2 and rng.random() < 0.15
    size: tuple[int, ...] = {1: (rng.choice(LENGTHS),), 2: (rng.choice(PLANES),) * 2}.get(axes, ())
    if axes == 2 and rng.random() < 0.2:
        size = size[0], rng.choice(PLANES)
    if axes == 3:
        size = rng.choice(DEEP), *(rng.choice(PLANES[:-4]),) * 2
    window = rng.choice([k for k in WINDOWS if axes == 2 or type(k) is int])
    wide = window if isinstance(window, tuple) else (window,) * axes
    stride = rng.choices((1, 2, 3, 4), (10, 5, 1, 1))[0]
    dilation = rng.choices((1, 2, 3), (9, 1, 1))[0]
    same = tuple(dilation * (k - 1) // 2 for k in wide)
    pad = rng.choices((same, (0,) * axes, tuple(p + 1 for p in same)), (6, 3, 1))[0]
    channels, filters = rng.choice(CHANNELS), rng.choice(CHANNELS)
    how, groups = rng.random(), 1
    if how < 0.12:
        groups = filters = channels
    elif how < 0.27:
        groups = rng.choice([n for n in range(1, channels + 1) if channels % n == 0 and n <= 64])
        filters = max(1, filters // groups) * groups
    extra = rng.randrange(max(stride, dilation)) if turned else 0
    name = {1: "1-d", 2: "2-d", 3: "3-d"}[axes]
    return layer(name, rng.choice(IMAGES), channels, filters, size, wide, stride, pad, dilation, groups, turned, extra)


def random_layers(count: int = LAYERS, seed: int = SEED) -> list[Layer]:
    rng, found = random.Random(seed), []
    while len(found) < count:
        one = random_layer(rng)
        if fits(one):
            found.append(one)
    return found


def cases_of(one: Layer, kind: str) -> list[Case]:
    if kind == "float32":
        return one.cases()
    made = [
        (case, of_type(case.group, case.shape, kind, case.inputs, case.minispore, case.torch)) for case in one.cases()
    ]
    return [
        replace(new, operations=case.operations, images=True, moves=case.moves, unread=case.unread)
        for case, new in made
    ]


def kind_of(number: int) -> str:
    """Every sixth layer has another type than float32."""
    return TYPES[number // 6 % 3] if number % 6 == 5 else "float32"


CONVOLUTIONS = [case for k, one in enumerate(random_layers()) for case in cases_of(one, kind_of(k))]
