"""Networks for graphs, points, tables, games and densities: see network_zoo.py."""

from __future__ import annotations

import numpy as np
from network_zoo_member import Member, chain, chance, normal, own, same, squared, uniform, whole

NODES, EDGES = 3000, 20_000


def graph_attention(lib):
    """Softmax over the edges that meet at each node: largest values and sums by node."""
    heads, each = 4, 16

    def block():
        dense = lib.linear(heads * each, heads * each, bias=False)
        by_source, by_target = lib.param((heads, each), 0.2), lib.param((heads, each), 0.2)

        def run(x, sources, targets):
            h = dense(x).reshape((NODES, heads, each))
            scores = lib.rows(lib.sum(h * by_source, -1), sources) + lib.rows(lib.sum(h * by_target, -1), targets)
            scores = lib.leaky(scores, 0.2)
            shares = lib.exp(scores - lib.rows(lib.segment_max(scores, targets, NODES), targets))
            shares = shares / (lib.rows(lib.segment_sum(shares, targets, NODES), targets) + 1e-16)
            sent = lib.rows(h, sources) * shares.reshape((EDGES, heads, 1))
            return lib.elu(lib.segment_sum(sent, targets, NODES).reshape((NODES, heads * each)))

        return run

    first, second, head = block(), block(), lib.linear(heads * each, 7)
    return lambda x, sources, targets: head(second(first(x, sources, targets), sources, targets))


def points(lib):
    """A PointNet: the same layers for each point, then the largest of all."""

    def layer(channels, filters):
        conv, norm = lib.conv1d(channels, filters, 1), lib.bn1d(filters)
        return lambda x: lib.relu(norm(conv(x)))

    inner = chain(layer(3, 64), layer(64, 128), layer(128, 256))
    dense, norm, head = lib.linear(256, 128), lib.bn1d(128), lib.linear(128, 10)
    return lambda x: head(lib.relu(norm(dense(lib.amax(inner(x), 2)))))


def radiance(lib):
    """A NeRF: sines and cosines of places and directions, dense layers with one join."""
    first, second = lib.linear(60, 128), [lib.linear(128, 128) for _ in range(3)]
    third, last = lib.linear(188, 128), lib.linear(128, 128)
    density, wide, colour = lib.linear(128, 1), lib.linear(152, 64), lib.linear(64, 3)

    def waves(x, count):
        return lib.cat([f(x * 2.0**i) for i in range(count) for f in (lib.sin, lib.cos)], -1)

    def answer(place, direction):
        seen = waves(place, 10)
        h = lib.relu(first(seen))
        for layer in second:
            h = lib.relu(layer(h))
        h = lib.relu(last(lib.relu(third(lib.cat([h, seen], -1)))))
        light = lib.relu(wide(lib.cat([h, waves(direction, 4)], -1)))
        return lib.cat([lib.sigmoid(colour(light)), lib.relu(density(h))], -1)

    return answer


def flow(lib):
    """A RealNVP: halves that scale and shift each other in turn."""
    size = 6

    def layer():
        a, b, c = lib.linear(size // 2, 64), lib.linear(64, 64), lib.linear(64, size)
        return lambda x: lib.split(c(lib.relu(b(lib.relu(a(x))))), 2, 1)

    layers = [layer() for _ in range(6)]

    def answer(x):
        a, b = lib.split(x, 2, 1)
        volume = 0
        for run in layers:
            scale, shift = run(a)
            scale = lib.tanh(scale)
            a, b = b * lib.exp(scale) + shift, a
            volume = volume + lib.sum(scale, 1)
        z = lib.cat([a, b], 1)
        return 0.5 * lib.sum(z * z, 1) - volume

    return answer


def splines(lib):
    """A KAN: cubic splines of each input by their recurrence, on views of the knots."""
    intervals, degree = 5, 3
    knots = lib.constant((np.arange(-degree, intervals + degree + 1) * 2.0 / intervals - 1).astype(np.float32))
    layers = [(lib.linear(m, n, bias=False), lib.linear(m * (intervals + degree), n, bias=False))
              for m, n in ((10, 32), (32, 32), (32, 4))]  # fmt: skip

    def basis(x):
        x = x.reshape((*x.shape, 1))
        b = lib.number(x >= knots[:-1]) * lib.number(x < knots[1:])
        for k in range(1, degree + 1):
            rising = (x - knots[: -k - 1]) / (knots[k:-1] - knots[: -k - 1])
            falling = (knots[k + 1 :] - x) / (knots[k + 1 :] - knots[1:-k])
            b = rising * b[..., :-1] + falling * b[..., 1:]
        return b.reshape((x.shape[0], -1))

    def answer(x):
        for plain, spline in layers:
            x = plain(lib.silu(x)) + spline(basis(x))
        return x

    return answer


def differential_equation(lib):
    """A neural ODE: ten steps of Runge and Kutta's method."""
    a, b, h = lib.linear(3, 50), lib.linear(50, 2), 0.1

    def slope(t, y):
        return b(lib.tanh(a(lib.cat([y, lib.full((y.shape[0], 1), t)], 1))))

    def answer(y):
        out = []
        for i in range(10):
            t = i * h
            k1 = slope(t, y)
            k2 = slope(t + h / 2, y + h / 2 * k1)
            k3 = slope(t + h / 2, y + h / 2 * k2)
            k4 = slope(t + h, y + h * k3)
            y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            out.append(y)
        return lib.stack(out, 1)

    return answer


def factors(lib):
    """Factors of users and things with negative samples: few rows of large tables."""
    users, things = lib.param((5000, 32), 0.1), lib.param((20_000, 32), 0.1)
    by_user, by_thing = lib.param((5000,), 0.1), lib.param((20_000,), 0.1)

    def answer(user, thing, others):
        of_user, alone = lib.rows(users, user), lib.rows(by_user, user)
        liked = lib.sum(of_user * lib.rows(things, thing), 1) + alone + lib.rows(by_thing, thing)
        other = lib.sum(of_user.reshape((-1, 1, 32)) * lib.rows(things, others), 2)
        return liked, other + alone.reshape((-1, 1)) + lib.rows(by_thing, others)

    return answer


def ranked(lib, out):
    liked, others = out
    return -lib.mean(lib.logsigmoid(liked)) - lib.mean(lib.sum(lib.logsigmoid(-others), 1))


def table_network(lib):
    """A TabNet: gated dense layers with batch normalisation, whose inputs a softmax chooses step by step."""
    size, width = 40, 24
    dense = lambda m, n: (lib.linear(m, n, bias=False), lib.bn1d(n))
    start, shared = lib.bn1d(size), dense(size, 2 * width)
    steps = [(dense(width, 2 * width), dense(width // 2, size)) for _ in range(3)]
    head = lib.linear(width // 2, 5)

    def gate(x):
        a, b = lib.split(x, 2, -1)
        return a * lib.sigmoid(b)

    def answer(x):
        x = start(x)
        chosen, left, total = x, 1.0, 0
        for (linear, norm), (choose, choose_norm) in steps:
            h = gate(shared[1](shared[0](chosen)))
            h = (h + gate(norm(linear(h)))) * 0.5**0.5
            decision, next_one = lib.split(h, 2, -1)
            total = total + lib.relu(decision)
            shares = lib.softmax(choose_norm(choose(next_one)) * left, -1)
            left = left * (1.3 - shares)
            chosen = x * shares
        return head(total)

    return answer


def odd_sizes(lib):
    """Dense layers of sizes that fill no vector, with batch normalisation."""
    a, b, c = lib.linear(301, 257), lib.linear(257, 129), lib.linear(129, 11)
    norm_a, norm_b = lib.bn1d(257), lib.bn1d(129)
    return lambda x: c(lib.relu(norm_b(b(lib.relu(norm_a(a(x)))))))


def double_q(lib):
    """Double deep Q-learning: two towers of strided convolutions, one of them fixed."""

    def tower():
        a, b, c = lib.conv(4, 32, 8, 4), lib.conv(32, 64, 4, 2), lib.conv(64, 64, 3)
        dense, head = lib.linear(3136, 512), lib.linear(512, 6)
        return lambda x: head(lib.relu(dense(lib.relu(c(lib.relu(b(lib.relu(a(x)))))).reshape((x.shape[0], -1)))))

    learned, fixed = tower(), tower()

    def answer(now, later, action, reward, done):
        best = lib.argmax(learned(later), 1)
        target = reward + 0.99 * (1 - done) * lib.pick(fixed(later), best)
        return lib.pick(learned(now), action), lib.detach(target)

    return answer


def temporal_difference(lib, out):
    value, target = out
    return lib.huber(value, target)


def policy(lib):
    """Proximal policy optimisation: clipped ratios of probabilities, and values."""

    def tower(count):
        a, b, c = lib.linear(17, 64), lib.linear(64, 64), lib.linear(64, count)
        return lambda x: c(lib.tanh(b(lib.tanh(a(x)))))

    mean, value, scale = tower(6), tower(1), lib.param((6,), 0.1)

    def answer(state, action, before, advantage, gain):
        z = (action - mean(state)) / lib.exp(scale)
        ratio = lib.exp(lib.sum(-0.5 * z * z - scale, -1) - before)
        return ratio * advantage, lib.clip(ratio, 0.8, 1.2) * advantage, (value(state)[:, 0] - gain) ** 2

    return answer


def clipped(lib, out):
    plain, bounded, error = out
    return 0.5 * lib.mean(error) - lib.mean(lib.minimum(plain, bounded))


def contrast(lib):
    """A SimCLR: rows of length 1 of two views."""
    a, b, c, norm = lib.linear(300, 256), lib.linear(256, 256), lib.linear(256, 64), lib.bn1d(256)

    def answer(first, second):
        x = c(lib.relu(b(lib.relu(norm(a(lib.cat([first, second], 0)))))))
        return x * lib.rsqrt(lib.sum(x * x, 1, True) + 1e-8)

    return answer


def other_view(lib, z):
    """Cross-entropy of the products of all pairs, without those with itself."""
    count = z.shape[0]
    k = lib.arange(count)
    near = lib.matmul(z, lib.swap(z, 0, 1)) / 0.5
    near = lib.where(k.reshape((-1, 1)) == k, near * 0 - 1e9, near)
    return lib.cross_entropy(near, (k + count // 2) % count)


OTHERS = {
    "graph attention": Member(graph_attention, 1, (same(normal(64), NODES), same(whole(0, NODES), EDGES),
                                                   same(whole(0, NODES), EDGES)), (same(whole(0, 7), NODES),)),
    "PointNet": Member(points, 32, (normal(3, 256),)),
    "NeRF": Member(radiance, 1024, (uniform(3, low=-1.0), uniform(3, low=-1.0)), (uniform(4, low=-1.0),), squared),
    "RealNVP": Member(flow, 256, (normal(6),), (), own),
    "KAN": Member(splines, 64, (uniform(10, low=-1.0),), (uniform(4),), squared),
    "neural ODE": Member(differential_equation, 64, (normal(2),), (normal(10, 2),), squared),
    "matrix factors": Member(factors, 512, (whole(0, 5000), whole(0, 20_000), whole(0, 20_000, 5)), (), ranked),
    "TabNet": Member(table_network, 100, (normal(40),), (whole(0, 5),)),
    "odd sizes": Member(odd_sizes, 100, (normal(301),), (whole(0, 11),)),
    "double DQN": Member(double_q, 32, (uniform(4, 84, 84), uniform(4, 84, 84), whole(0, 6), uniform(), chance(0.1)), (),
                         temporal_difference),
    "PPO": Member(policy, 32, (normal(17), normal(6), normal(), normal(), normal()), (), clipped),
    "SimCLR": Member(contrast, 100, (normal(300), normal(300)), (), other_view),
}  # fmt: skip
