"""Networks for words, series and functions of one variable: see network_zoo.py."""

from __future__ import annotations

import numpy as np
from network_zoo_member import (
    Member,
    attention,
    chain,
    heads_of,
    labelled_channels,
    normal,
    root_mean_square,
    squared,
    whole,
)


def wavenet(lib):
    """Causal dilated convolutions of a series, gated."""
    width = 32

    def block(apart):
        gate, main = (lib.conv1d(width, width, 2, dilation=apart) for _ in range(2))
        on, aside = lib.conv1d(width, width, 1), lib.conv1d(width, 64, 1)

        def run(x):
            padded = lib.pad(x, (apart, 0))
            h = lib.tanh(main(padded)) * lib.sigmoid(gate(padded))
            return x + on(h), aside(h)

        return run

    start, blocks = lib.conv1d(1, width, 1, bias=False), [block(2**k) for k in range(7)]
    wide, head = lib.conv1d(64, 64, 1), lib.conv1d(64, 32, 1)

    def answer(x):
        x, total = start(x), 0
        for run in blocks:
            x, aside = run(x)
            total = total + aside
        return head(lib.relu(wide(lib.relu(total))))

    return answer


def encoder_decoder(lib):
    """A transformer of two halves: masks by lengths, causal ones, attention from one half to the other."""
    width, heads, words = 128, 4, 1000

    def feed(width):
        up, down = lib.linear(width, 4 * width), lib.linear(4 * width, width)
        return lambda x: down(lib.relu(up(x)))

    norm = lambda: lib.layer_norm(width)
    sources, targets = lib.embed(words, width), lib.embed(words, width)
    encoder = [(attention(lib, width, heads), norm(), feed(width), norm()) for _ in range(2)]
    decoder = [(attention(lib, width, heads), norm(), attention(lib, width, heads), norm(), feed(width), norm())
               for _ in range(2)]  # fmt: skip
    head = lib.linear(width, words)

    def answer(source, target, lengths):
        there = (lib.arange(source.shape[1]) < lengths.reshape((-1, 1))).reshape((source.shape[0], 1, 1, -1))
        x = sources(source) * width**0.5
        for look, norm, more, norm_2 in encoder:
            x = norm(x + look(x, x, there))
            x = norm_2(x + more(x))
        y = targets(target) * width**0.5
        for look, norm, across, norm_2, more, norm_3 in decoder:
            y = norm(y + look(y, y, None, True))
            y = norm_2(y + across(y, x, there))
            y = norm_3(y + more(y))
        return head(y)

    return answer


def smoothed(lib, out, y):
    """Cross-entropy of the last axis with smoothed labels, 0 for no word."""
    return lib.cross_entropy(out.reshape((-1, out.shape[-1])), y.reshape((-1,)), smooth=0.1, ignore=0)


def llama(lib):
    """Rotated queries and keys, normalisation by the root mean square, gated layers without biases."""
    width, heads, words, length, hidden = 192, 6, 1000, 100, 512
    angles = np.arange(length)[:, None] / 10_000 ** (np.arange(0, width // heads, 2) / (width // heads))
    cos, sin = lib.constant(np.cos(angles).astype(np.float32)), lib.constant(np.sin(angles).astype(np.float32))
    gain = lambda: lib.param((width,), 0.0, 1.0)
    dense = lambda m, n: lib.linear(m, n, bias=False)

    def rotated(x):
        a, b = lib.split(x, 2, -1)
        return lib.cat([a * cos - b * sin, a * sin + b * cos], -1)

    def block():
        before, qkv, out = gain(), dense(width, 3 * width), dense(width, width)
        between, gate, up, down = gain(), dense(width, hidden), dense(width, hidden), dense(hidden, width)

        def run(x):
            parts = heads_of(lib, qkv(root_mean_square(lib, x, before)), heads)
            h = lib.attend(rotated(parts[0]), rotated(parts[1]), parts[2], None, True)
            x = x + out(lib.permute(h, (0, 2, 1, 3)).reshape(x.shape))
            h = root_mean_square(lib, x, between)
            return x + down(lib.silu(gate(h)) * up(h))

        return run

    table, inner = lib.embed(words, width), chain(*[block() for _ in range(3)])
    last, head = gain(), dense(width, words)
    return lambda x: head(root_mean_square(lib, inner(table(x)), last))


def gated(lib, by_input, by_state, h):
    """A step of a gated recurrent unit from the products of both, each three parts side by side."""
    reset, update, new = lib.split(by_input, 3, 1)
    reset_h, update_h, new_h = lib.split(by_state, 3, 1)
    z = lib.sigmoid(update + update_h)
    return (1 - z) * lib.tanh(new + lib.sigmoid(reset + reset_h) * new_h) + z * h


def translator(lib):
    """Recurrent with attention at each of the steps of a loop in Python."""
    width, words, steps = 96, 500, 12
    sources, targets = lib.embed(words, width), lib.embed(words, width)
    encoder = lib.gru(width, width)
    by_input, by_state, head = (
        lib.linear(2 * width, 3 * width),
        lib.linear(width, 3 * width),
        lib.linear(2 * width, words),
    )

    def answer(source, target):
        keys, y = encoder(sources(source)), targets(target)
        h, out = keys[:, -1], []
        for i in range(steps):
            shares = lib.softmax(lib.matmul(keys, h.reshape((-1, width, 1)))[:, :, 0], -1)
            seen = lib.matmul(shares.reshape((shares.shape[0], 1, -1)), keys)[:, 0]
            h = gated(lib, by_input(lib.cat([y[:, i], seen], 1)), by_state(h), h)
            out.append(lib.cat([h, seen], 1))
        return head(lib.stack(out, 1))

    return answer


def ragged(lib):
    """A gated recurrent unit as a loop in Python over series of several lengths: a state stays after the end of its own."""
    width, hidden, steps = 30, 40, 30
    by_input, by_state, head = lib.linear(width, 3 * hidden), lib.linear(hidden, 3 * hidden), lib.linear(hidden, 5)

    def answer(x, lengths):
        h = lib.full((x.shape[0], hidden), 0.0)
        for i in range(steps):
            new = gated(lib, by_input(x[:, i]), by_state(h), h)
            h = lib.where((lengths > i).reshape((-1, 1)), new, h)
        return head(h)

    return answer


def mamba(lib):
    """A state space whose rates depend on the input, as a loop in Python."""
    width, inner, states, steps = 64, 128, 8, 32
    start, rate, both = lib.linear(width, 2 * inner), lib.linear(inner, inner), lib.linear(inner, 2 * states)
    end, decay, beside = lib.linear(inner, width), lib.param((inner, states), 0.3), lib.param((inner,), 0.0, 1.0)
    norm, head, conv = lib.layer_norm(width), lib.linear(width, 10), lib.conv1d(inner, inner, 4, groups=inner)

    def scanned(u):
        delta = lib.softplus(rate(u))
        b, c = lib.split(both(u), 2, -1)
        keeps = lib.exp(delta.reshape((*delta.shape, 1)) * -lib.exp(decay))
        adds = (delta * u).reshape((*u.shape, 1)) * b.reshape((*b.shape[:2], 1, states))
        h, out = adds[:, 0], []
        for i in range(steps):
            h = keeps[:, i] * h + adds[:, i] if i else h
            out.append(lib.sum(h * c[:, i].reshape((-1, 1, states)), -1))
        return lib.stack(out, 1) + u * beside

    def answer(x):
        u, gate = lib.split(start(norm(x)), 2, -1)
        u = lib.silu(lib.swap(conv(lib.pad(lib.swap(u, 1, 2), (3, 0))), 1, 2))
        return head(lib.mean(x + end(scanned(u) * lib.silu(gate)), 1))

    return answer


def linear_attention(lib):
    """Products of keys and values first."""
    width, heads = 64, 4

    def block():
        norm, qkv, out = lib.layer_norm(width), lib.linear(width, 3 * width), lib.linear(width, width)
        second, up, down = lib.layer_norm(width), lib.linear(width, 2 * width), lib.linear(2 * width, width)

        def run(x):
            parts = heads_of(lib, qkv(norm(x)), heads)
            q, k, v = lib.elu(parts[0]) + 1, lib.elu(parts[1]) + 1, parts[2]
            size = lib.sum(q * lib.sum(k, 2, True), -1, True) + 1e-6
            mixed = lib.matmul(q, lib.matmul(lib.swap(k, -1, -2), v)) / size
            x = x + out(lib.permute(mixed, (0, 2, 1, 3)).reshape(x.shape))
            return x + down(lib.gelu(up(second(x))))

        return run

    table, inner, head = lib.embed(256, width), chain(block(), block()), lib.linear(width, 10)
    return lambda x: head(lib.mean(inner(table(x)), 1))


def conformer(lib):
    """Attention beside depthwise convolutions of a series, with batch normalisation of series."""
    width = 96

    def feed():
        norm, up, down = lib.layer_norm(width), lib.linear(width, 4 * width), lib.linear(4 * width, width)
        return lambda x: 0.5 * down(lib.silu(up(norm(x))))

    first, last, look, before, between = (
        feed(),
        feed(),
        attention(lib, width, 4),
        lib.layer_norm(width),
        lib.layer_norm(width),
    )
    wide, deep, norm = lib.conv1d(width, 2 * width, 1), lib.conv1d(width, width, 15, groups=width), lib.bn1d(width)
    narrow, head = lib.conv1d(width, width, 1), lib.linear(width, 40)

    def convolved(x):
        a, gate = lib.split(wide(lib.swap(x, 1, 2)), 2, 1)
        h = deep(lib.pad(a * lib.sigmoid(gate), (7, 7)))
        return lib.swap(narrow(lib.silu(norm(h))), 1, 2)

    def answer(x):
        x = x + first(x)
        h = before(x)
        x = x + look(h, h)
        x = x + convolved(between(x))
        return head(x + last(x))

    return answer


def summed(lib):
    """A linear recurrence by cumulative sums."""
    width = 64
    rate, add, out, head = (
        lib.linear(width, width),
        lib.linear(width, width),
        lib.linear(width, width),
        lib.linear(width, 10),
    )

    def answer(x):
        total = lib.cumsum(-0.02 * lib.softplus(rate(x)), 1)
        h = lib.exp(total) * lib.cumsum(add(x) * lib.exp(-total), 1)
        return head(lib.mean(x + out(lib.tanh(h)), 1))

    return answer


def experts(lib):
    """Two of eight dense networks for each example, chosen by the largest scores."""
    width, count = 64, 8
    gate, head = lib.linear(width, count), lib.linear(width, 10)
    up, down = lib.param((count, width, 128), width**-0.5), lib.param((count, 128, width), 128**-0.5)

    def answer(x):
        best, which = lib.topk(gate(x), 2)
        shares = lib.softmax(best, -1)
        shares = lib.sum(lib.one_hot(which, count) * shares.reshape((*shares.shape, 1)), 1)
        h = lib.matmul(lib.gelu(lib.matmul(x, up)), down)
        return head(x + lib.einsum("end,ne->nd", h, shares))

    return answer


def fourier_operator(lib):
    """Weights for the lowest frequencies of a function."""
    width, low, points = 32, 12, 128

    def block():
        real, imag = (lib.param((width, width, low), 0.05) for _ in range(2))
        beside = lib.conv1d(width, width, 1)

        def run(h):
            z = lib.rfft(h)[:, :, :low]
            a, b = lib.real(z), lib.imag(z)
            product = lambda x, w: lib.einsum("bim,iom->bom", x, w)
            c, d = product(a, real) - product(b, imag), product(a, imag) + product(b, real)
            more = (0, points // 2 + 1 - low)
            return lib.gelu(lib.irfft(lib.complex(lib.pad(c, more), lib.pad(d, more)), points) + beside(h))

        return run

    lift, inner = lib.linear(2, width), chain(*[block() for _ in range(3)])
    wide, head = lib.linear(width, 64), lib.linear(64, 1)
    return lambda x: head(lib.gelu(wide(lib.swap(inner(lib.swap(lift(x), 1, 2)), 1, 2))))


SEQUENCES = {
    "WaveNet": Member(wavenet, 8, (normal(1, 500),), (whole(0, 32, 500),), labelled_channels),
    "encoder-decoder": Member(encoder_decoder, 16, (whole(1, 1000, 40), whole(1, 1000, 33), whole(20, 41)),
                              (whole(0, 1000, 33),), smoothed),
    "Llama": Member(llama, 4, (whole(0, 1000, 100),), (whole(0, 1000, 100),)),
    "GRU translator": Member(translator, 16, (whole(0, 500, 20), whole(0, 500, 12)), (whole(0, 500, 12),)),
    "ragged GRU": Member(ragged, 32, (normal(30, 30), whole(5, 30)), (whole(0, 5),)),
    "Mamba": Member(mamba, 8, (normal(32, 64),)),
    "linear attention": Member(linear_attention, 8, (whole(0, 256, 256),)),
    "Conformer": Member(conformer, 8, (normal(120, 96),), (whole(0, 40, 120),)),
    "summed recurrence": Member(summed, 16, (normal(200, 64),)),
    "mixture of experts": Member(experts, 64, (normal(64),)),
    "Fourier operator": Member(fourier_operator, 8, (normal(128, 2),), (normal(128, 1),), squared),
}  # fmt: skip
