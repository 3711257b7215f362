"""Further networks for images and volumes, each with a block that the others lack: see network_zoo.py."""

from __future__ import annotations

import numpy as np
from network_zoo_member import Member, attention, chain, chance, normal, own, squared, whole


def pooled(lib, inner, width, classes=10):
    head = lib.linear(width, classes)
    return lambda x: head(lib.mean(inner(x), (2, 3)))


def squeezenet(lib):
    """1x1 convolutions before two branches, with biases and without normalisation."""

    def fire(channels, narrow, wide):
        a, b, c = lib.conv(channels, narrow, 1), lib.conv(narrow, wide, 1), lib.conv(narrow, wide, 3, 1, 1)

        def run(x):
            x = lib.relu(a(x))
            return lib.relu(lib.cat([b(x), c(x)], 1))

        return run

    stem, pool, last = lib.conv(3, 64, 3, 2), lambda x: lib.max_pool(x, 3, 2, 1), lib.conv(384, 10, 1)
    fires = chain(fire(64, 16, 64), fire(128, 16, 64), pool, fire(128, 32, 128), fire(256, 32, 128), pool)
    later = chain(fire(256, 48, 192), fire(384, 48, 192))
    return lambda x: lib.mean(lib.relu(last(later(fires(pool(lib.relu(stem(x))))))), (2, 3))


def squeeze(lib, width, narrow, gate):
    """Factors for the channels from their means."""
    a, b = lib.conv(width, narrow, 1), lib.conv(narrow, width, 1)
    return lambda x: x * gate(b(lib.relu(a(lib.mean(x, (2, 3), True)))))


def regnet(lib):
    """Groups of 8 channels, with squeeze and excitation."""

    def block(channels, width, stride):
        a, b = lib.conv_bn(channels, width, 1), lib.conv_bn(width, width, 3, stride, groups=width // 8)
        c, excite = lib.conv_bn(width, width, 1), squeeze(lib, width, channels // 4, lib.sigmoid)
        beside = None if (channels, stride) == (width, 1) else lib.conv_bn(channels, width, 1, stride)
        return lambda x: lib.relu(c(excite(lib.relu(b(lib.relu(a(x)))))) + (x if beside is None else beside(x)))

    stem = lib.conv_bn(3, 32, 3, 2)
    inner = chain(block(32, 48, 2), block(48, 48, 1), block(48, 104, 2), block(104, 104, 1), block(104, 208, 2))
    return pooled(lib, lambda x: inner(lib.relu(stem(x))), 208)


def mobilenet_v3(lib):
    """Hard swishes, windows of 5, squeeze and excitation."""
    hard = lambda x: x * lib.clip(x + 3, 0.0, 6.0) * (1 / 6)
    gate = lambda x: lib.clip(x + 3, 0.0, 6.0) * (1 / 6)

    def block(channels, wide, filters, window, excited, act, stride):
        a, b = lib.conv_bn(channels, wide, 1), lib.conv_bn(wide, wide, window, stride, groups=wide)
        excite = squeeze(lib, wide, wide // 4, gate) if excited else lambda x: x
        c = lib.conv_bn(wide, filters, 1)
        run = lambda x: c(excite(act(b(act(a(x))))))
        return (lambda x: x + run(x)) if channels == filters and stride == 1 else run

    stem, last = lib.conv_bn(3, 16, 3, 2), lib.conv_bn(96, 288, 1)
    inner = chain(
        block(16, 16, 16, 3, True, lib.relu, 2), block(16, 72, 24, 3, False, lib.relu, 2),
        block(24, 88, 24, 3, False, lib.relu, 1), block(24, 96, 40, 5, True, hard, 2), block(40, 240, 40, 5, True, hard, 1),
        block(40, 120, 48, 5, True, hard, 1), block(48, 288, 96, 5, True, hard, 1),
    )  # fmt: skip
    return pooled(lib, lambda x: hard(last(inner(hard(stem(x))))), 288)


def ghostnet(lib):
    """Half of the channels are depthwise images of the other half."""

    def ghost(channels, filters, act):
        a, b = lib.conv_bn(channels, filters // 2, 1), lib.conv_bn(filters // 2, filters // 2, 3, groups=filters // 2)

        def run(x):
            y = act(a(x))
            return lib.cat([y, act(b(y))], 1)

        return run

    def block(channels, wide, filters, stride):
        a, b = ghost(channels, wide, lib.relu), ghost(wide, filters, lambda x: x)
        deep = lib.conv_bn(wide, wide, 3, stride, groups=wide) if stride > 1 else lambda x: x
        if (channels, stride) == (filters, 1):
            return lambda x: x + b(deep(a(x)))
        beside, narrow = lib.conv_bn(channels, channels, 3, stride, groups=channels), lib.conv_bn(channels, filters, 1)
        return lambda x: b(deep(a(x))) + narrow(beside(x))

    stem = lib.conv_bn(3, 16, 3, 2)
    inner = chain(
        block(16, 16, 16, 1), block(16, 48, 24, 2), block(24, 72, 24, 1), block(24, 72, 40, 2), block(40, 120, 40, 1)
    )
    return pooled(lib, lambda x: inner(lib.relu(stem(x))), 40)


def res2net(lib):
    """Parts of the channels one after the other, each with the last one's result."""

    def block(channels, width):
        a, c = lib.conv_bn(channels, width, 1), lib.conv_bn(width, channels, 1)
        parts = [lib.conv_bn(width // 4, width // 4, 3) for _ in range(3)]

        def run(x):
            first, *rest = lib.split(lib.relu(a(x)), 4, 1)
            out, y = [first], None
            for conv, part in zip(parts, rest):
                y = lib.relu(conv(part if y is None else part + y))
                out.append(y)
            return lib.relu(c(lib.cat(out, 1)) + x)

        return run

    stem, smaller = lib.conv_bn(3, 64, 3, 2), lib.conv_bn(64, 128, 3, 2)
    first, second = chain(block(64, 64), block(64, 64)), chain(block(128, 104), block(128, 104))
    return pooled(lib, lambda x: second(lib.relu(smaller(first(lib.relu(stem(x)))))), 128)


def convmixer(lib):
    """Depthwise windows of 9 and 1x1 convolutions on one plane of patches."""
    width = 96
    act = lambda conv: (norm := lib.bn(width)) and (lambda x: norm(lib.gelu(conv(x))))
    stem = act(lib.conv(3, width, 4, 4))
    blocks = [(act(lib.conv(width, width, 9, 1, 4, groups=width)), act(lib.conv(width, width, 1))) for _ in range(4)]

    def inner(x):
        x = stem(x)
        for deep, dense in blocks:
            x = dense(x + deep(x))
        return x

    return pooled(lib, inner, width)


def xception(lib):
    """Separable convolutions with the activation before them."""

    def separable(channels, filters):
        deep, dense = (
            lib.conv(channels, channels, 3, 1, 1, groups=channels, bias=False),
            lib.conv(channels, filters, 1, bias=False),
        )
        norm = lib.bn(filters)
        return lambda x: norm(dense(deep(lib.relu(x))))

    def block(channels, filters, smaller):
        run = chain(separable(channels, filters), separable(filters, filters))
        if not smaller:
            return lambda x: x + run(x)
        beside = lib.conv_bn(channels, filters, 1, 2)
        return lambda x: lib.max_pool(run(x), 3, 2, 1) + beside(x)

    stem, second = lib.conv_bn(3, 32, 3, 2), lib.conv_bn(32, 64, 3)
    inner = chain(block(64, 128, True), block(128, 256, True), block(256, 256, False))
    return pooled(lib, lambda x: lib.relu(inner(second(lib.relu(stem(x))))), 256)


def alexnet(lib):
    """Windows of 11 with steps of 4, windows of 5, and large dense layers."""
    a, b, c = lib.conv(3, 64, 11, 4, 2), lib.conv(64, 192, 5, 1, 2), lib.conv(192, 256, 3, 1, 1)
    first, second, head = lib.linear(256 * 3 * 3, 1024), lib.linear(1024, 1024), lib.linear(1024, 10)
    pool = lambda x: lib.max_pool(lib.relu(x), 3, 2, 0)

    def answer(x):
        x = pool(c(pool(b(pool(a(x))))))
        return head(lib.relu(second(lib.relu(first(x.reshape((x.shape[0], -1)))))))

    return answer


def group_normalised(lib):
    """A residual network with normalisation of groups of channels before the activation."""

    def block(channels, filters, stride):
        norm, a = lib.group_norm(8, channels), lib.conv(channels, filters, 3, stride, 1, bias=False)
        norm_2, b = lib.group_norm(8, filters), lib.conv(filters, filters, 3, 1, 1, bias=False)
        beside = None if (channels, stride) == (filters, 1) else lib.conv(channels, filters, 1, stride, bias=False)

        def run(x):
            h = lib.relu(norm(x))
            return b(lib.relu(norm_2(a(h)))) + (x if beside is None else beside(h))

        return run

    stem = lib.conv(3, 32, 3, 1, 1, bias=False)
    inner = chain(block(32, 32, 1), block(32, 64, 2), block(64, 64, 1), block(64, 128, 2), block(128, 128, 1))
    return pooled(lib, lambda x: inner(stem(x)), 128)


def attended(lib):
    """Channels and places weighed by means and largest values (CBAM)."""

    def block(width):
        conv, up, down = lib.conv_bn(width, width, 3), lib.linear(width, width // 4), lib.linear(width // 4, width)
        place = lib.conv(2, 1, 7, 1, 3, bias=False)

        def run(x):
            h = conv(x)
            scores = sum(down(lib.relu(up(f(h, (2, 3))))) for f in (lib.mean, lib.amax))
            h = h * lib.sigmoid(scores).reshape((*scores.shape, 1, 1))
            seen = lib.cat([lib.mean(h, 1, True), lib.amax(h, 1, True)], 1)
            return lib.relu(x + h * lib.sigmoid(place(seen)))

        return run

    stem, smaller = lib.conv_bn(3, 32, 3, 2), lib.conv_bn(32, 64, 3, 2)
    first, second = chain(block(32), block(32)), chain(block(64), block(64))
    return pooled(lib, lambda x: second(lib.relu(smaller(first(lib.relu(stem(x)))))), 64)


def coatnet(lib):
    """Inverted residual blocks, then attention over places."""

    def inverted(width):
        a, b, c = (
            lib.conv_bn(width, 4 * width, 1),
            lib.conv_bn(4 * width, 4 * width, 3, groups=4 * width),
            lib.conv(4 * width, width, 1),
        )
        excite, norm = squeeze(lib, 4 * width, width, lib.sigmoid), lib.bn(width)
        return lambda x: x + c(excite(lib.gelu(b(lib.gelu(a(norm(x)))))))

    def mixed(width):
        look, norm, norm_2 = attention(lib, width, 4), lib.layer_norm(width), lib.layer_norm(width)
        up, down = lib.linear(width, 4 * width), lib.linear(4 * width, width)

        def run(x):
            h = norm(x)
            x = x + look(h, h)
            return x + down(lib.gelu(up(norm_2(x))))

        return run

    stem, smaller, last = lib.conv_bn(3, 32, 3, 2), lib.conv_bn(32, 64, 3, 2), lib.conv_bn(64, 96, 3, 2)
    first, later, head = chain(inverted(32), inverted(32)), chain(mixed(96), mixed(96)), lib.linear(96, 10)

    def answer(x):
        x = last(lib.gelu(smaller(first(lib.gelu(stem(x))))))
        return head(lib.mean(later(lib.swap(x.reshape((*x.shape[:2], -1)), 1, 2)), 1))

    return answer


def coded(lib):
    """A variational autoencoder of strided convolutions and of transposed ones."""
    a, b, c = lib.conv(1, 32, 3, 2, 1), lib.conv(32, 64, 3, 2, 1), lib.linear(64 * 49, 32)
    d, e, f, g = (
        lib.linear(16, 64 * 49),
        lib.turned(64, 64, 4, 2, 1),
        lib.turned(64, 32, 4, 2, 1),
        lib.conv(32, 1, 3, 1, 1),
    )

    def answer(x, noise):
        n = x.shape[0]
        mean, size = lib.split(c(lib.relu(b(lib.relu(a(x)))).reshape((n, -1))), 2, 1)
        z = mean + noise * lib.exp(0.5 * size)
        h = lib.relu(d(z)).reshape((n, 64, 7, 7))
        return g(lib.relu(f(lib.relu(e(h))))), mean, size

    return answer


def evidence(lib, out, y):
    image, mean, size = out
    return lib.bce(image, y) * 784 - 0.5 * lib.mean(lib.sum(1 + size - mean * mean - lib.exp(size), 1))


def pixels(lib):
    """Convolutions whose weights are masked, gated (PixelCNN)."""
    width = 32

    def masked(channels, filters, window, centre):
        w, bias = (
            lib.param((filters, channels, window, window), (channels * window**2) ** -0.5),
            lib.param((filters,), 0.0),
        )
        mask = np.ones((window, window), np.float32)
        mask[window // 2, window // 2 + centre :], mask[window // 2 + 1 :] = 0, 0
        mask = lib.constant(mask)
        return lambda x: lib.conv_of(x, w * mask, window // 2) + bias.reshape((-1, 1, 1))

    def block():
        conv, on = masked(width, 2 * width, 5, 1), lib.conv(width, width, 1)

        def run(x):
            a, b = lib.split(conv(x), 2, 1)
            return x + on(lib.tanh(a) * lib.sigmoid(b))

        return run

    start, inner, head = masked(1, width, 7, 0), chain(block(), block(), block()), lib.conv(width, 1, 1)
    return lambda x: head(lib.relu(inner(start(x))))


def cross(lib, out, y):
    return lib.bce(out, y)


def video(lib):
    """Windows over the plane, then over time (R(2+1)D): images of a video as a batch, and series of places."""

    def block(channels, filters):
        plane, norm = lib.conv(channels, filters, 3, 1, 1, bias=False), lib.bn(filters)
        time, norm_2 = lib.conv1d(filters, filters, 3, bias=False), lib.bn(filters)

        def run(x):  # n, t, c, h, w
            n, t, c, h, w = x.shape
            y = lib.relu(norm(plane(x.reshape((n * t, c, h, w)))))
            y = lib.permute(y.reshape((n, t, filters, h, w)), (0, 3, 4, 2, 1)).reshape((n * h * w, filters, t))
            y = lib.permute(time(lib.pad(y, (1, 1))).reshape((n, h, w, filters, t)), (0, 4, 3, 1, 2))
            return lib.relu(norm_2(y.reshape((n * t, filters, h, w)))).reshape((n, t, filters, h, w))

        return run

    inner, head = chain(block(3, 16), block(16, 32)), lib.linear(32, 10)
    return lambda x: head(lib.mean(inner(x), (1, 3, 4)))


def recurrent_planes(lib):
    """An LSTM whose products are convolutions, as a loop in Python (ConvLSTM)."""
    width, steps = 16, 8
    by_input, by_state, head = (
        lib.conv(1, 4 * width, 3, 1, 1),
        lib.conv(width, 4 * width, 3, 1, 1),
        lib.conv(width, 1, 1),
    )

    def answer(x):
        n, _, _, h, w = x.shape
        state = memory = lib.full((n, width, h, w), 0.0)
        for t in range(steps):
            i, f, o, g = lib.split(by_input(x[:, t]) + by_state(state), 4, 1)
            memory = lib.sigmoid(f) * memory + lib.sigmoid(i) * lib.tanh(g)
            state = lib.sigmoid(o) * lib.tanh(memory)
        return head(state)

    return answer


def high_resolution(lib):
    """Two planes side by side that exchange their results (HRNet)."""
    conv = lambda a, b, stride=1: lib.conv_bn(a, b, 3, stride)

    def exchange():
        fine, coarse, down, up = conv(24, 24), conv(48, 48), conv(24, 48, 2), lib.conv_bn(48, 24, 1)

        def run(both):
            a, b = lib.relu(fine(both[0])), lib.relu(coarse(both[1]))
            return lib.relu(a + lib.twice(up(b))), lib.relu(b + down(a))

        return run

    stem, smaller, units = conv(3, 24, 2), conv(24, 48, 2), [exchange() for _ in range(3)]
    head = lib.conv(72, 5, 1)

    def answer(x):
        x = lib.relu(stem(x))
        both = x, lib.relu(smaller(x))
        for run in units:
            both = run(both)
        return head(lib.cat([both[0], lib.twice(both[1])], 1))

    return answer


def triplets(lib):
    """The same network for three images of each example, and distances of the results."""
    a, b, c = lib.conv_bn(1, 16, 5, 2), lib.conv_bn(16, 32, 3, 2), lib.conv_bn(32, 64, 3, 2)
    dense = lib.linear(64 * 16, 48)

    def code(x):
        h = dense(lib.relu(c(lib.relu(b(lib.relu(a(x)))))).reshape((x.shape[0], -1)))
        return h * lib.rsqrt(lib.sum(h * h, 1, True) + 1e-6)

    def answer(anchor, near, far):
        one, two, three = code(anchor), code(near), code(far)
        return lib.relu(lib.sum((one - two) ** 2, 1) - lib.sum((one - three) ** 2, 1) + 0.5)

    return answer


BACKBONES = {
    "SqueezeNet": Member(squeezenet, 8, (normal(3, 64, 64),)),
    "RegNet": Member(regnet, 8, (normal(3, 64, 64),)),
    "MobileNetV3": Member(mobilenet_v3, 8, (normal(3, 64, 64),)),
    "GhostNet": Member(ghostnet, 8, (normal(3, 64, 64),)),
    "Res2Net": Member(res2net, 8, (normal(3, 56, 56),)),
    "ConvMixer": Member(convmixer, 8, (normal(3, 64, 64),)),
    "Xception": Member(xception, 8, (normal(3, 64, 64),)),
    "AlexNet": Member(alexnet, 16, (normal(3, 128, 128),)),
    "group normalisation": Member(group_normalised, 16, (normal(3, 32, 32),)),
    "CBAM": Member(attended, 16, (normal(3, 48, 48),)),
    "CoAtNet": Member(coatnet, 8, (normal(3, 64, 64),)),
    "convolutional VAE": Member(coded, 32, (normal(1, 28, 28), normal(16)), (chance(0.5, 1, 28, 28),), evidence),
    "PixelCNN": Member(pixels, 8, (normal(1, 28, 28),), (chance(0.5, 1, 28, 28),), cross),
    "R(2+1)D": Member(video, 2, (normal(8, 3, 28, 28),)),
    "ConvLSTM": Member(recurrent_planes, 8, (normal(8, 1, 24, 24),), (normal(1, 24, 24),), squared),
    "HRNet": Member(high_resolution, 4, (normal(3, 64, 64),), (whole(0, 5, 32, 32),),
                    lambda lib, out, y: lib.cross_entropy(lib.permute(out, (0, 2, 3, 1)).reshape((-1, 5)), y.reshape((-1,)))),
    "triplets": Member(triplets, 32, (normal(1, 32, 32), normal(1, 32, 32), normal(1, 32, 32)), (), own),
}  # fmt: skip
