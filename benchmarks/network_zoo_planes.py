"""Networks whose answers are planes: segmentation, detection, images from images. See network_zoo.py."""

from __future__ import annotations

import numpy as np
from network_zoo_member import Member, chance, labelled_channels, normal, squared, uniform, whole


def deeplab(lib):
    """Dilated convolutions side by side, the mean of the plane beside them, a bilinear enlargement."""
    start = [lib.conv_bn(3, 32, 3, 2), lib.conv_bn(32, 64, 3, 2), lib.conv_bn(64, 128, 3)]
    beside = [lib.conv_bn(128, 64, 1), *[lib.conv_bn(128, 64, 3, dilation=d) for d in (3, 6, 9)]]
    whole_plane, joined, head = lib.linear(128, 64), lib.conv_bn(320, 64, 1), lib.conv(64, 7, 1)

    def answer(x):
        size = x.shape[-2:]
        for layer in start:
            x = lib.relu(layer(x))
        mean = lib.relu(whole_plane(lib.mean(x, (2, 3))))
        mean = lib.expand(mean.reshape((*mean.shape, 1, 1)), (*mean.shape, *x.shape[2:]))
        x = lib.cat([*[lib.relu(layer(x)) for layer in beside], mean], 1)
        return lib.bilinear(head(lib.relu(joined(x))), size)

    return answer


def detector(lib):
    """Three scales of one image, joined from coarse to fine, with a head for boxes at each."""

    def conv(channels, filters, window=3, stride=1):
        layer = lib.conv_bn(channels, filters, window, stride)
        return lambda x: lib.silu(layer(x))

    a, b, c, d = conv(3, 16, 3, 2), conv(16, 32, 3, 2), conv(32, 64, 3, 2), conv(64, 128, 3, 2)
    up3, up2, join3, join2 = conv(128, 64, 1), conv(64, 32, 1), conv(128, 64), conv(64, 32)
    heads = [lib.conv(channels, 3 * 9, 1) for channels in (128, 64, 32)]

    def boxes(head, x):
        out = head(x)
        n, _, h, w = out.shape
        return lib.permute(out.reshape((n, 3, 9, h, w)), (0, 1, 3, 4, 2)).reshape((n, -1, 9))

    def answer(x):
        fine = b(a(x))
        middle = c(fine)
        coarse = d(middle)
        middle = join3(lib.cat([lib.twice(up3(coarse)), middle], 1))
        fine = join2(lib.cat([lib.twice(up2(middle)), fine], 1))
        return lib.cat([boxes(head, x) for head, x in zip(heads, (coarse, middle, fine))], 1)

    return answer


def found_boxes(lib, out, boxes, there, kinds):
    place = lib.sigmoid(out[..., 0:2]) - boxes[..., 0:2]
    size = out[..., 2:4] - boxes[..., 2:4]
    near = lib.mean((place * place + size * size) * there.reshape((*there.shape, 1)))
    return near + lib.bce(out[..., 4], there) + lib.bce(out[..., 5:], kinds)


def averaging_unet(lib):
    """Average pooling, leaky ReLU and bilinear enlargement of odd planes."""

    def conv(channels, filters):
        layer = lib.conv_bn(channels, filters, 3)
        return lambda x: lib.leaky(layer(x), 0.25)

    a, b, c, d, e = conv(1, 16), conv(16, 32), conv(32, 64), conv(96, 32), conv(48, 16)
    head = lib.conv(16, 3, 1)

    def answer(x):
        fine = a(x)
        middle = b(lib.avg_pool(fine, 2))
        coarse = c(lib.avg_pool(middle, 2))
        middle = d(lib.cat([lib.bilinear(coarse, middle.shape[-2:]), middle], 1))
        return head(e(lib.cat([lib.bilinear(middle, fine.shape[-2:]), fine], 1)))

    return answer


def dice(lib, out, y):
    """Of each kind, and cross-entropy."""
    p = lib.softmax(out, 1)
    wanted = lib.permute(lib.one_hot(y, 3), (0, 3, 1, 2))
    common = (2 * lib.sum(p * wanted, (0, 2, 3)) + 1) / (lib.sum(p + wanted, (0, 2, 3)) + 1)
    return 1 - lib.mean(common) + labelled_channels(lib, out, y)


def super_resolution(lib):
    """Channels become pixels."""
    a, b = lib.conv(1, 64, 5, 1, 2), lib.conv(64, 64, 3, 1, 1)
    c, d = lib.conv(64, 32, 3, 1, 1), lib.conv(32, 9, 3, 1, 1)
    return lambda x: lib.pixel_shuffle(d(lib.relu(c(lib.relu(b(lib.relu(a(x))))))), 3)


def absolute(lib, out, y):
    return lib.mean(abs(out - y))


def style_transfer(lib):
    """Mirrored edges, and normalisation of each plane."""
    a, b, c = lib.conv(3, 32, 9), lib.conv(32, 64, 3, 2, 1), lib.conv(64, 64, 3)
    norm_a, norm_b, norm_c = lib.group_norm(32, 32), lib.group_norm(64, 64), lib.group_norm(64, 64)
    head = lib.conv(64, 3, 3, 1, 1)

    def answer(x):
        x = lib.relu(norm_a(a(lib.reflect(x, 4))))
        x = lib.relu(norm_b(b(x)))
        x = x + lib.relu(norm_c(c(lib.reflect(x, 1))))
        return lib.tanh(head(lib.twice(x)))

    return answer


def diffusion(lib):
    """Group normalisation, and in each block what a dense layer makes of the time."""
    times = lib.linear(64, 128)

    def block(channels, filters):
        norm, conv, by_time = (
            lib.group_norm(8, channels),
            lib.conv(channels, filters, 3, 1, 1),
            lib.linear(128, filters),
        )
        norm_2, conv_2 = lib.group_norm(8, filters), lib.conv(filters, filters, 3, 1, 1)
        beside = None if channels == filters else lib.conv(channels, filters, 1)

        def run(x, time):
            h = conv(lib.silu(norm(x))) + by_time(lib.silu(time)).reshape((x.shape[0], filters, 1, 1))
            return conv_2(lib.silu(norm_2(h))) + (x if beside is None else beside(x))

        return run

    start, fine, smaller = lib.conv(3, 32, 3, 1, 1), block(32, 32), lib.conv(32, 64, 3, 2, 1)
    coarse, joined, head = block(64, 64), block(96, 32), lib.conv(32, 3, 3, 1, 1)
    rates = lib.constant(np.exp(-np.log(10_000) * np.arange(32) / 32).astype(np.float32))

    def answer(x, t):
        angles = t.reshape((-1, 1)) * rates
        time = times(lib.cat([lib.sin(angles), lib.cos(angles)], 1))
        h = fine(start(x), time)
        return head(joined(lib.cat([lib.twice(coarse(smaller(h), time)), h], 1), time))

    return answer


def quantized(lib):
    """A VQ-VAE: the nearest row of a table for each place, gradients past it."""
    a, b = lib.conv(3, 32, 4, 2, 1), lib.conv(32, 64, 4, 2, 1)
    table = lib.param((128, 64), 0.1)
    c, d = lib.turned(64, 32, 4, 2, 1), lib.turned(32, 3, 4, 2, 1)

    def answer(x):
        z = b(lib.relu(a(x)))
        n, channels, h, w = z.shape
        z = lib.permute(z, (0, 2, 3, 1)).reshape((-1, channels))
        far = lib.sum(z * z, 1, True) - 2 * lib.matmul(z, lib.swap(table, 0, 1)) + lib.sum(table * table, 1)
        near = lib.rows(table, lib.argmin(far, 1))
        cost = 0.25 * lib.mean((lib.detach(near) - z) ** 2) + lib.mean((near - lib.detach(z)) ** 2)
        near = z + lib.detach(near - z)
        near = lib.permute(near.reshape((n, h, w, channels)), (0, 3, 1, 2))
        return d(lib.relu(c(near))), cost

    return answer


def repeated(lib, out, y):
    image, cost = out
    return squared(lib, image, y) + cost


BOXES = 3 * (6 * 6 + 12 * 12 + 24 * 24)

PLANES = {
    "DeepLab": Member(deeplab, 4, (normal(3, 64, 64),), (whole(0, 7, 64, 64),), labelled_channels),
    "detector": Member(detector, 4, (normal(3, 96, 96),), (uniform(BOXES, 4), chance(0.1, BOXES), chance(0.3, BOXES, 4)),
                       found_boxes),
    "averaging U-Net": Member(averaging_unet, 4, (normal(1, 66, 66),), (whole(0, 3, 66, 66),), dice),
    "super-resolution": Member(super_resolution, 4, (normal(1, 40, 40),), (normal(1, 120, 120),), absolute),
    "style transfer": Member(style_transfer, 4, (normal(3, 48, 48),), (normal(3, 48, 48),), squared),
    "diffusion": Member(diffusion, 8, (normal(3, 32, 32), uniform(high=100.0)), (normal(3, 32, 32),), squared),
    "VQ-VAE": Member(quantized, 8, (normal(3, 32, 32),), (normal(3, 32, 32),), repeated),
}  # fmt: skip
