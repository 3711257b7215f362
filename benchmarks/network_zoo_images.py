"""Networks that classify images and volumes: see network_zoo.py."""

from __future__ import annotations

import numpy as np
from network_zoo_member import Member, chain, normal, whole


def convnext(lib):
    """Depthwise convolutions of 7x7, normalisation and dense layers over the channels as last axis."""
    widths = (48, 96, 192)
    last = lambda x: lib.permute(x, (0, 2, 3, 1))
    first = lambda x: lib.permute(x, (0, 3, 1, 2))

    def block(width):
        deep, norm = lib.conv(width, width, 7, 1, 3, groups=width), lib.layer_norm(width)
        up, down, gain = lib.linear(width, 4 * width), lib.linear(4 * width, width), lib.param((width,), 0.1)
        return lambda x: x + first(down(lib.gelu(up(norm(last(deep(x)))))) * gain)

    def smaller(a, b):
        norm, conv = lib.layer_norm(a), lib.conv(a, b, 2, 2)
        return lambda x: conv(first(norm(last(x))))

    stem, norm = lib.conv(3, widths[0], 4, 4), lib.layer_norm(widths[0])
    blocks = [block(widths[0]), block(widths[0])]
    for a, b in zip(widths, widths[1:]):
        blocks += [smaller(a, b), block(b), block(b)]
    end, head = lib.layer_norm(widths[-1]), lib.linear(widths[-1], 10)
    inner = chain(*blocks)
    return lambda x: head(end(lib.mean(inner(first(norm(last(stem(x))))), (2, 3))))


def resnext(lib):
    """Convolutions in 16 groups."""

    def block(channels, width, stride):
        a = lib.conv_bn(channels, width, 1)
        b = lib.conv_bn(width, width, 3, stride, groups=16)
        c = lib.conv_bn(width, 2 * width, 1)
        beside = None if (channels, stride) == (2 * width, 1) else lib.conv_bn(channels, 2 * width, 1, stride)
        return lambda x: lib.relu(c(lib.relu(b(lib.relu(a(x))))) + (x if beside is None else beside(x)))

    stem = lib.conv_bn(3, 64, 3, 2)
    inner = chain(block(64, 64, 1), block(128, 64, 1), block(128, 128, 2), block(256, 128, 1), block(256, 256, 2))
    head = lib.linear(512, 10)
    return lambda x: head(lib.mean(inner(lib.relu(stem(x))), (2, 3)))


def shufflenet(lib):
    """Half of the channels pass, and the halves are shuffled: views and copies between small convolutions."""

    def shuffled(parts):
        x = lib.cat(parts, 1)
        n, c, h, w = x.shape
        return lib.permute(x.reshape((n, 2, c // 2, h, w)), (0, 2, 1, 3, 4)).reshape((n, c, h, w))

    def branch(channels, half, stride):
        a = lib.conv_bn(channels, half, 1)
        b = lib.conv_bn(half, half, 3, stride, groups=half)
        c = lib.conv_bn(half, half, 1)
        return lambda x: lib.relu(c(b(lib.relu(a(x)))))

    def unit(channels):
        main = branch(channels // 2, channels // 2, 1)

        def run(x):
            left, right = lib.split(x, 2, 1)
            return shuffled([left, main(right)])

        return run

    def smaller(channels, filters):
        main = branch(channels, filters // 2, 2)
        deep, beside = lib.conv_bn(channels, channels, 3, 2, groups=channels), lib.conv_bn(channels, filters // 2, 1)
        return lambda x: shuffled([lib.relu(beside(deep(x))), main(x)])

    stem = lib.conv_bn(3, 24, 3, 2)
    inner = chain(smaller(24, 116), *[unit(116) for _ in range(3)], smaller(116, 232), *[unit(232) for _ in range(3)])
    head = lib.linear(232, 10)
    return lambda x: head(lib.mean(inner(lib.relu(stem(x))), (2, 3)))


def inception(lib):
    """Branches of windows 1, 3, 5 and a pooling with stride 1, side by side."""

    def act(conv):
        return lambda x: lib.relu(conv(x))

    def block(channels, one, three, five, pooled):
        a = act(lib.conv_bn(channels, one, 1))
        b = chain(act(lib.conv_bn(channels, three[0], 1)), act(lib.conv_bn(*three, 3)))
        c = chain(act(lib.conv_bn(channels, five[0], 1)), act(lib.conv_bn(*five, 5)))
        d = act(lib.conv_bn(channels, pooled, 1))
        return lambda x: lib.cat([a(x), b(x), c(x), d(lib.max_pool(x, 3, 1, 1))], 1)

    pool = lambda x: lib.max_pool(x, 3, 2, 1)
    stem = act(lib.conv_bn(3, 64, 3, 2))
    first, second = block(64, 32, (48, 64), (8, 16), 16), block(128, 64, (64, 96), (16, 48), 32)
    third, head = block(240, 96, (48, 104), (8, 24), 32), lib.linear(256, 10)
    inner = chain(stem, pool, first, second, pool, third)
    return lambda x: head(lib.mean(inner(x), (2, 3)))


def volumes(lib):
    """Convolutions of volumes."""
    a, b, c = lib.conv3d(1, 16, 3, 1, 1), lib.conv3d(16, 32, 3, 2, 1), lib.conv3d(32, 32, 3, 1, 1)
    head = lib.linear(32, 10)
    return lambda x: head(lib.mean(lib.relu(c(lib.relu(b(lib.relu(a(x)))))), (2, 3, 4)))


def odd_channels(lib):
    """Numbers of channels and sizes that fill no vector."""
    a, b, c = lib.conv_bn(5, 33, 3), lib.conv_bn(33, 65, 3, 2), lib.conv_bn(65, 47, 3)
    head = lib.linear(47, 3)
    return lambda x: head(lib.mean(lib.relu(c(lib.relu(b(lib.relu(a(x)))))), (2, 3)))


def mixer(lib):
    """Dense layers over the patches and over the channels in turn."""
    width, places = 96, 49

    def block():
        norm, up, down = lib.layer_norm(width), lib.linear(places, 48), lib.linear(48, places)
        second, wide, narrow = lib.layer_norm(width), lib.linear(width, 4 * width), lib.linear(4 * width, width)

        def run(x):
            x = x + lib.swap(down(lib.gelu(up(lib.swap(norm(x), 1, 2)))), 1, 2)
            return x + narrow(lib.gelu(wide(second(x))))

        return run

    patches = lib.conv(3, width, 8, 8)
    inner = chain(*[block() for _ in range(4)])
    norm, head = lib.layer_norm(width), lib.linear(width, 10)

    def answer(x):
        x = patches(x)
        return head(lib.mean(norm(inner(lib.swap(x.reshape((*x.shape[:2], -1)), 1, 2))), 1))

    return answer


def swin_places(window: int, side: int, shift: int) -> tuple[np.ndarray, np.ndarray]:
    """(row of the table of relative places for each pair in a window, what hides pairs from each other in the shifted windows)"""
    k = np.arange(window)
    down = k[:, None, None, None] - k[None, None, :, None] + window - 1
    right = k[None, :, None, None] - k[None, None, None, :] + window - 1
    parts = [slice(0, -window), slice(-window, -shift), slice(-shift, None)]
    region = np.zeros((side, side))
    for i, rows in enumerate(parts):
        for j, columns in enumerate(parts):
            region[rows, columns] = 3 * i + j
    count = side // window
    region = region.reshape(count, window, count, window).swapaxes(1, 2).reshape(count * count, -1)
    hidden = np.where(region[:, None, :] != region[:, :, None], -100.0, 0.0).astype(np.float32)
    return (down * (2 * window - 1) + right).reshape(-1).astype(np.int32), hidden


def swin(lib):
    """Attention in windows, every other time of rolled images, with a learned bias for relative places."""
    width, heads, window, side, shift = 64, 4, 7, 14, 3
    count, size = side // window, window * window
    places, hidden = map(lib.constant, swin_places(window, side, shift))

    def block(by):
        norm, qkv, out = lib.layer_norm(width), lib.linear(width, 3 * width), lib.linear(width, width)
        table = lib.param(((2 * window - 1) ** 2, heads), 0.02)
        second, up, down = lib.layer_norm(width), lib.linear(width, 4 * width), lib.linear(4 * width, width)

        def windows(x):
            n = x.shape[0]
            x = lib.permute(x.reshape((n, count, window, count, window, width)), (0, 1, 3, 2, 4, 5))
            return x.reshape((n * count * count, size, width))

        def joined(x, n):
            x = lib.permute(x.reshape((n, count, count, window, window, width)), (0, 1, 3, 2, 4, 5))
            return x.reshape((n, side, side, width))

        def mixed(h):
            n = h.shape[0]
            parts = lib.permute(qkv(h).reshape((n, size, 3, heads, width // heads)), (2, 0, 3, 1, 4))
            scores = lib.matmul(parts[0] * (width // heads) ** -0.5, lib.swap(parts[1], -1, -2))
            scores = scores + lib.permute(lib.rows(table, places).reshape((size, size, heads)), (2, 0, 1))
            if by:
                apart = scores.reshape((-1, count * count, heads, size, size)) + hidden.reshape((-1, 1, size, size))
                scores = apart.reshape((n, heads, size, size))
            h = lib.matmul(lib.softmax(scores, -1), parts[2])
            return out(lib.permute(h, (0, 2, 1, 3)).reshape((n, size, width)))

        def run(x):
            h = norm(x)
            h = lib.roll(h, (-by, -by), (1, 2)) if by else h
            h = joined(mixed(windows(h)), x.shape[0])
            x = x + (lib.roll(h, (by, by), (1, 2)) if by else h)
            return x + down(lib.gelu(up(second(x))))

        return run

    patches = lib.conv(3, width, 4, 4)
    inner = chain(block(0), block(shift), block(0), block(shift))
    norm, head = lib.layer_norm(width), lib.linear(width, 10)
    return lambda x: head(lib.mean(norm(inner(lib.permute(patches(x), (0, 2, 3, 1)))), (1, 2)))


def capsules(lib):
    """Routing by agreement: three rounds of products of all pairs of capsules."""
    first, second = lib.conv(1, 32, 9), lib.conv(32, 32, 9, 2)
    table = lib.param((144, 10, 16, 8), 0.1)

    def squash(s):
        size = lib.sum(s * s, -1, True)
        return s * (size / (1 + size) / lib.sqrt(size + 1e-8))

    def answer(x):
        h = second(lib.relu(first(x)))
        votes = lib.einsum("bid,ijkd->bijk", squash(h.reshape((h.shape[0], -1, 8))), table)
        scores = lib.full((votes.shape[0], 144, 10), 0.0)
        for k in range(3):
            shares = lib.softmax(scores, 2)
            out = squash(lib.sum(shares.reshape((*shares.shape, 1)) * votes, 1))
            if k < 2:
                scores = scores + lib.sum(votes * out.reshape((out.shape[0], 1, 10, 16)), -1)
        return lib.sqrt(lib.sum(out * out, -1) + 1e-8)

    return answer


def margins(lib, out, y):
    wanted = lib.one_hot(y, 10)
    over, under = lib.relu(out - 0.1), lib.relu(0.9 - out)
    return lib.mean(lib.sum(wanted * under * under + 0.5 * (1 - wanted) * over * over, 1))


def spatial_transformer(lib):
    """Samples the image at places that a first network chooses."""
    look, dense, place = lib.conv(1, 8, 7), lib.linear(8 * 11 * 11, 32), lib.linear(32, 6)
    a, b, head = lib.conv(1, 16, 5), lib.conv(16, 32, 5), lib.linear(512, 10)
    still = lib.constant(np.array([1, 0, 0, 0, 1, 0], np.float32))

    def answer(x):
        n = x.shape[0]
        h = lib.max_pool(lib.relu(look(x)), 2, 2, 0)
        theta = place(lib.relu(dense(h.reshape((n, -1))))) * 0.1 + still
        x = lib.grid_sample(x, lib.affine_grid(theta.reshape((-1, 2, 3)), x.shape))
        x = lib.max_pool(lib.relu(a(x)), 2, 2, 0)
        x = lib.max_pool(lib.relu(b(x)), 2, 2, 0)
        return head(x.reshape((n, -1)))

    return answer


IMAGES = {
    "ConvNeXt": Member(convnext, 8, (normal(3, 64, 64),)),
    "ResNeXt": Member(resnext, 8, (normal(3, 64, 64),)),
    "ShuffleNetV2": Member(shufflenet, 8, (normal(3, 64, 64),)),
    "Inception": Member(inception, 8, (normal(3, 64, 64),)),
    "Conv3d net": Member(volumes, 4, (normal(1, 16, 24, 24),)),
    "odd channels": Member(odd_channels, 8, (normal(5, 37, 37),), (whole(0, 3),)),
    "MLP-Mixer": Member(mixer, 16, (normal(3, 56, 56),)),
    "Swin": Member(swin, 4, (normal(3, 56, 56),)),
    "capsules": Member(capsules, 16, (normal(1, 28, 28),), loss=margins),
    "spatial transformer": Member(spatial_transformer, 16, (normal(1, 28, 28),)),
}
