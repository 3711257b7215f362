"""Further networks for words, series and sound, each with a structure that the others lack: see network_zoo.py."""

from __future__ import annotations

import numpy as np
from network_zoo_member import Member, attention, chain, heads_of, labelled, normal, own, squared, whole


def feed_forward(lib, width, act):
    norm, up, down = lib.layer_norm(width), lib.linear(width, 4 * width), lib.linear(4 * width, width)
    return lambda x: x + down(act(up(norm(x))))


def temporal(lib):
    """Residual blocks of two dilated causal convolutions (TCN)."""

    def block(channels, width, apart):
        a, b = lib.conv1d(channels, width, 3, dilation=apart), lib.conv1d(width, width, 3, dilation=apart)
        beside = None if channels == width else lib.conv1d(channels, width, 1)

        def run(x):
            h = lib.relu(a(lib.pad(x, (2 * apart, 0))))
            h = lib.relu(b(lib.pad(h, (2 * apart, 0))))
            return lib.relu(h + (x if beside is None else beside(x)))

        return run

    inner, head = chain(block(8, 48, 1), *[block(48, 48, 2**k) for k in range(1, 5)]), lib.linear(48, 10)
    return lambda x: head(inner(x)[:, :, -1])


def transformer_xl(lib):
    """Attention to a memory before the words, with relative places by padding and cutting."""
    width, heads, length, before = 128, 4, 64, 64
    each, whole_length = width // heads, length + before
    k = np.arange(whole_length)
    hidden = lib.constant(np.where(k[None] > k[before:, None], -1e9, 0.0).astype(np.float32))
    waves = (whole_length - 1 - k)[:, None] / 10_000 ** (np.arange(0, width, 2) / width)
    places = lib.constant(np.concatenate([np.sin(waves), np.cos(waves)], 1).astype(np.float32))

    def block():
        norm, query, both = (
            lib.layer_norm(width),
            lib.linear(width, width, bias=False),
            lib.linear(width, 2 * width, bias=False),
        )
        by_place, out = lib.linear(width, width, bias=False), lib.linear(width, width, bias=False)
        first, second, more = (
            lib.param((heads, each), 0.1),
            lib.param((heads, each), 0.1),
            feed_forward(lib, width, lib.relu),
        )

        def run(x, old):
            n = x.shape[0]
            all_of = norm(lib.cat([old, x], 1))
            q = query(all_of[:, before:]).reshape((n, length, heads, each))
            keys, values = (
                lib.permute(z.reshape((n, whole_length, heads, each)), (0, 2, 1, 3))
                for z in lib.split(both(all_of), 2, -1)
            )
            apart = lib.permute(by_place(places).reshape((whole_length, heads, each)), (1, 2, 0))
            content = lib.matmul(lib.permute(q + first, (0, 2, 1, 3)), lib.swap(keys, -1, -2))
            place = lib.matmul(lib.permute(q + second, (0, 2, 1, 3)), apart)
            place = lib.pad(place, (1, 0)).reshape((n, heads, whole_length + 1, length))[:, :, 1:]
            place = place.reshape((n, heads, length, whole_length))
            shares = lib.softmax((content + place) * each**-0.5 + hidden, -1)
            return more(x + out(lib.permute(lib.matmul(shares, values), (0, 2, 1, 3)).reshape((n, length, width))))

        return run

    table, blocks, head = lib.embed(500, width), [block() for _ in range(2)], lib.linear(width, 500)

    def answer(x, old):
        x = table(x)
        for run in blocks:
            x = run(x, old)
        return head(x)

    return answer


def retention(lib):
    """Attention without softmax, with decaying distances and normalised groups (RetNet)."""
    width, heads, length = 128, 4, 96
    k = np.arange(length)
    rates = 1 - 2.0 ** (-5 - np.arange(heads))
    decay = np.where(k[:, None] >= k, rates[:, None, None] ** (k[:, None] - k), 0.0).astype(np.float32)
    decay = lib.constant(decay)

    def block():
        norm, qkv, gate, out = (
            lib.layer_norm(width),
            lib.linear(width, 3 * width),
            lib.linear(width, width),
            lib.linear(width, width),
        )
        inner, more = lib.group_norm(heads, width), feed_forward(lib, width, lib.gelu)

        def run(x):
            h = norm(x)
            q, key, v = (heads_of(lib, qkv(h), heads)[i] for i in range(3))
            mixed = lib.matmul(lib.matmul(q, lib.swap(key, -1, -2)) * (width // heads) ** -0.5 * decay, v)
            mixed = lib.permute(mixed, (0, 2, 1, 3)).reshape((-1, width))
            return more(x + out(lib.silu(gate(h)) * inner(mixed).reshape(x.shape)))

        return run

    table, inner, head = lib.embed(256, width), chain(block(), block()), lib.linear(width, 256)
    return lambda x: head(inner(table(x)))


def weighted_keys(lib):
    """Means of values weighted by keys and distance, as a loop in Python (RWKV)."""
    width, steps = 96, 32
    norm, mix = lib.layer_norm(width), lib.param((3, width), 0.1, 0.5)
    key, value, gate, out = (lib.linear(width, width, bias=False) for _ in range(4))
    decay, bonus, table = lib.param((width,), 0.1), lib.param((width,), 0.1), lib.embed(256, width)
    more, head = feed_forward(lib, width, lambda x: lib.relu(x) ** 2), lib.linear(width, 256)

    def answer(x):
        x = table(x)
        h = norm(x)
        late = lib.pad(h, (0, 0, 1, 0))[:, :-1]
        k, v, r = (f(h * mix[i] + late * (1 - mix[i])) for i, f in enumerate((key, value, gate)))
        fade, above, below, seen = lib.exp(-lib.exp(decay)), 0.0, 0.0, []
        for t in range(steps):
            now, later = lib.exp(bonus + k[:, t]), lib.exp(k[:, t])
            seen.append((above + now * v[:, t]) / (below + now))
            above, below = fade * above + later * v[:, t], fade * below + later
        return head(more(x + out(lib.sigmoid(r) * lib.stack(seen, 1))))

    return answer


def state_space(lib):
    """Long convolutions by Fourier transforms, with kernels made of exponentials (S4D)."""
    width, states, length = 64, 16, 256

    def block():
        rate, c, skip = lib.param((width, states), 0.3), lib.param((width, states), 0.3), lib.param((width,), 0.5)
        norm, mix = lib.layer_norm(width), lib.linear(width, 2 * width)

        def run(x):
            u = lib.swap(norm(x), 1, 2)
            steps = lib.number(lib.arange(length)).reshape((1, 1, length))
            kernel = lib.sum(
                c.reshape((width, states, 1)) * lib.exp(-lib.exp(rate).reshape((width, states, 1)) * steps * 0.05), 1
            )
            a, b = lib.rfft(lib.pad(u, (0, length))), lib.rfft(lib.pad(kernel, (0, length)))
            y = lib.irfft(a * b, 2 * length)[:, :, :length] + u * skip.reshape((width, 1))
            left, right = lib.split(mix(lib.gelu(lib.swap(y, 1, 2))), 2, -1)
            return x + left * lib.sigmoid(right)

        return run

    start, inner, head = lib.linear(4, width), chain(block(), block()), lib.linear(width, 10)
    return lambda x: head(lib.mean(inner(start(x)), 1))


def perceiver(lib):
    """Few learned rows look at many of the input, then at each other."""
    width, rows = 96, 32
    table, places, own_rows = lib.embed(256, width), lib.param((512, width), 0.1), lib.param((rows, width), 0.1)
    across, norm, norm_2, more = (
        attention(lib, width, 4),
        lib.layer_norm(width),
        lib.layer_norm(width),
        feed_forward(lib, width, lib.gelu),
    )
    blocks = [(lib.layer_norm(width), attention(lib, width, 4), feed_forward(lib, width, lib.gelu)) for _ in range(3)]
    head = lib.linear(width, 10)

    def answer(x):
        seen = norm(table(x) + places)
        h = lib.expand(own_rows, (x.shape[0], rows, width))
        h = more(h + across(norm_2(h), seen))
        for norm_3, look, after in blocks:
            z = norm_3(h)
            h = after(h + look(z, z))
        return head(lib.mean(h, 1))

    return answer


def local(lib):
    """Attention to the block of each word and the one before (as in Longformer)."""
    width, heads, block, count = 96, 4, 32, 8
    each = width // heads
    norm, qkv, out, more = (
        lib.layer_norm(width),
        lib.linear(width, 3 * width),
        lib.linear(width, width),
        feed_forward(lib, width, lib.gelu),
    )
    table, head = lib.embed(256, width), lib.linear(width, 256)
    k = np.arange(block)
    hidden = np.concatenate([np.where(k[:, None] > k, -1e9, 0.0), np.where(k[:, None] < k, -1e9, 0.0)], 1)
    hidden = lib.constant(hidden.astype(np.float32))

    def answer(x):
        x = table(x)
        n = x.shape[0]
        q, key, v = (
            z.reshape((n, heads, count, block, each)) for z in (heads_of(lib, qkv(norm(x)), heads)[i] for i in range(3))
        )
        before = lambda z: lib.cat([lib.pad(z, (0, 0, 0, 0, 1, 0))[:, :, :-1], z], 3)
        scores = lib.matmul(q, lib.swap(before(key), -1, -2)) * each**-0.5 + hidden
        mixed = lib.matmul(lib.softmax(scores, -1), before(v)).reshape((n, heads, count * block, each))
        return head(more(x + out(lib.permute(mixed, (0, 2, 1, 3)).reshape((n, count * block, width)))))

    return answer


def sentence(lib):
    """Convolutions of words in windows of 3, 4 and 5, the largest value over the sentence (TextCNN)."""
    table, convs, head = lib.embed(5000, 100), [lib.conv1d(100, 64, k) for k in (3, 4, 5)], lib.linear(192, 2)

    def answer(x):
        h = lib.swap(table(x), 1, 2)
        return head(lib.cat([lib.amax(lib.relu(conv(h)), 2) for conv in convs], 1))

    return answer


def tagger(lib):
    """The logarithm of the sum over all series of tags, as a loop in Python (CRF), after a recurrent unit."""
    width, tags, steps = 48, 12, 24
    table, encode, score = lib.embed(1000, width), lib.gru(width, width), lib.linear(width, tags)
    follow = lib.param((tags, tags), 0.1)

    def answer(x, y):
        scores = score(encode(table(x)))
        total = scores[:, 0]
        for t in range(1, steps):
            total = lib.logsumexp(total.reshape((-1, tags, 1)) + follow, 1) + scores[:, t]
        marks = lib.one_hot(y, tags)
        real = lib.sum(scores * marks, (1, 2)) + lib.sum(lib.matmul(marks[:, :-1], follow) * marks[:, 1:], (1, 2))
        return lib.logsumexp(total, 1) - real

    return answer


def double_stack(lib):
    """Forecasts from what the blocks before have not explained (N-BEATS)."""
    past, future, width = 60, 12, 128

    def block():
        inner, out = [lib.linear(past if k == 0 else width, width) for k in range(4)], lib.linear(width, past + future)

        def run(x):
            for layer in inner:
                x = lib.relu(layer(x))
            return out(x)

        return run

    blocks = [block() for _ in range(4)]

    def answer(x):
        total = 0.0
        for run in blocks:
            h = run(x)
            x, total = x - h[:, :past], total + h[:, past:]
        return total

    return answer


def answers(lib):
    """Attention between a text and a question in both directions (BiDAF)."""
    width = 64
    table, encode, model = lib.embed(2000, width), lib.gru(width, width), lib.gru(4 * width, width)
    w, start, end = lib.linear(3 * width, 1), lib.linear(5 * width, 1), lib.linear(5 * width, 1)

    def answer(text, question):
        h, u = encode(table(text)), encode(table(question))
        n, t, _ = h.shape
        j = u.shape[1]
        left, right = (
            lib.expand(h.reshape((n, t, 1, width)), (n, t, j, width)),
            lib.expand(u.reshape((n, 1, j, width)), (n, t, j, width)),
        )
        scores = w(lib.cat([left, right, left * right], -1)).reshape((n, t, j))
        to_question = lib.matmul(lib.softmax(scores, -1), u)
        to_text = lib.matmul(lib.softmax(lib.amax(scores, 2), -1).reshape((n, 1, t)), h)
        g = lib.cat([h, to_question, h * to_question, h * to_text], -1)
        m = lib.cat([g, model(g)], -1)
        return lib.stack([start(m)[:, :, 0], end(m)[:, :, 0]], 1)

    return answer


def relative_bias(lib):
    """An encoder with learned numbers for ranges of distances, and RMS normalisation (T5)."""
    width, heads, length = 128, 4, 80
    k = np.arange(length)
    apart = k[None] - k[:, None]
    buckets = np.where(apart > 0, 16, 0) + np.minimum(np.log2(np.abs(apart) + 1) * 2, 15).astype(np.int64)
    buckets, bias = lib.constant(buckets.astype(np.int32).reshape(-1)), lib.param((32, heads), 0.1)

    def norm():
        gain = lib.param((width,), 0.0, 1.0)
        return lambda x: x * lib.rsqrt(lib.mean(x * x, -1, True) + 1e-6) * gain

    def block():
        first, qkv, out = norm(), lib.linear(width, 3 * width, bias=False), lib.linear(width, width, bias=False)
        second, up, down = norm(), lib.linear(width, 2 * width, bias=False), lib.linear(2 * width, width, bias=False)

        def run(x, near):
            q, key, v = (heads_of(lib, qkv(first(x)), heads)[i] for i in range(3))
            mixed = lib.matmul(lib.softmax(lib.matmul(q, lib.swap(key, -1, -2)) + near, -1), v)
            x = x + out(lib.permute(mixed, (0, 2, 1, 3)).reshape(x.shape))
            return x + down(lib.relu(up(second(x))))

        return run

    table, blocks, head = lib.embed(1000, width), [block() for _ in range(3)], lib.linear(width, 1000)

    def answer(x):
        near = lib.permute(lib.rows(bias, buckets).reshape((length, length, heads)), (2, 0, 1))
        x = table(x)
        for run in blocks:
            x = run(x, near)
        return head(x)

    return answer


def skip_gram(lib):
    """Words and their neighbours with a softmax over all words."""
    table, head = lib.embed(3000, 64), lib.linear(64, 3000, bias=False)
    return lambda x: head(lib.mean(table(x), 1))


LANGUAGE = {
    "TCN": Member(temporal, 16, (normal(8, 200),)),
    "Transformer-XL": Member(transformer_xl, 8, (whole(0, 500, 64), normal(64, 128)), (whole(0, 500, 64),)),
    "RetNet": Member(retention, 8, (whole(0, 256, 96),), (whole(0, 256, 96),)),
    "RWKV": Member(weighted_keys, 16, (whole(0, 256, 32),), (whole(0, 256, 32),)),
    "S4": Member(state_space, 8, (normal(256, 4),)),
    "Perceiver": Member(perceiver, 8, (whole(0, 256, 512),)),
    "local attention": Member(local, 8, (whole(0, 256, 256),), (whole(0, 256, 256),)),
    "TextCNN": Member(sentence, 32, (whole(0, 5000, 60),), (whole(0, 2),)),
    "CRF tagger": Member(tagger, 16, (whole(0, 1000, 24), whole(0, 12, 24)), (), own),
    "N-BEATS": Member(double_stack, 128, (normal(60),), (normal(12),), squared),
    "BiDAF": Member(answers, 8, (whole(0, 2000, 60), whole(0, 2000, 12)), (whole(0, 60, 2),), labelled),
    "T5 encoder": Member(relative_bias, 8, (whole(0, 1000, 80),), (whole(0, 1000, 80),)),
    "bag of words": Member(skip_gram, 64, (whole(0, 3000, 8),), (whole(0, 3000),)),
}  # fmt: skip
