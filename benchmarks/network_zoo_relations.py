"""Further networks for tables, graphs, sets and games, each with a structure that the others lack: see network_zoo.py."""

from __future__ import annotations

import numpy as np
from network_zoo_member import Member, attention, chain, chance, normal, own, same, squared, uniform, whole

NODES, EDGES, GRAPHS = 2000, 12_000, 100
FIELDS, VALUES = 20, 1000


def dense_chain(lib, *sizes, act=None):
    layers = [lib.linear(m, n) for m, n in zip(sizes, sizes[1:])]

    def run(x):
        for layer in layers[:-1]:
            x = (act or lib.relu)(layer(x))
        return layers[-1](x)

    return run


def by_click(lib, out, y):
    return lib.bce(out, y)


def wide_and_deep(lib):
    """A number for each value beside a network of their rows."""
    wide, table = lib.embed(FIELDS * VALUES, 1), lib.embed(FIELDS * VALUES, 16)
    deep, first = dense_chain(lib, FIELDS * 16 + 8, 256, 128, 1), np.arange(FIELDS, dtype=np.int32) * VALUES
    first = lib.constant(first)

    def answer(x, numbers):
        x = x + first
        rows = table(x).reshape((x.shape[0], -1))
        return lib.sum(wide(x), (1, 2)) + deep(lib.cat([rows, numbers], 1))[:, 0]

    return answer


def factorised(lib):
    """All products of pairs by the square of the sum (DeepFM)."""
    wide, table = lib.embed(FIELDS * VALUES, 1), lib.embed(FIELDS * VALUES, 12)
    deep, first = dense_chain(lib, FIELDS * 12, 128, 64, 1), lib.constant(np.arange(FIELDS, dtype=np.int32) * VALUES)

    def answer(x):
        x = x + first
        rows = table(x)
        pairs = 0.5 * lib.sum(lib.sum(rows, 1) ** 2 - lib.sum(rows * rows, 1), 1)
        return lib.sum(wide(x), (1, 2)) + pairs + deep(rows.reshape((x.shape[0], -1)))[:, 0]

    return answer


def crossed(lib):
    """Products of the input with itself, layer by layer (DCN-v2), beside attention between fields (AutoInt)."""
    table, first = lib.embed(FIELDS * VALUES, 16), lib.constant(np.arange(FIELDS, dtype=np.int32) * VALUES)
    layers, look, head = (
        [lib.linear(FIELDS * 16, FIELDS * 16) for _ in range(2)],
        attention(lib, 16, 2),
        lib.linear(2 * FIELDS * 16, 1),
    )

    def answer(x):
        rows = table(x + first)
        flat = rows.reshape((x.shape[0], -1))
        h = flat
        for layer in layers:
            h = flat * layer(h) + h
        other = lib.relu(rows + look(rows, rows)).reshape((x.shape[0], -1))
        return head(lib.cat([h, other], 1))[:, 0]

    return answer


def two_towers(lib):
    """Products of all users and things of a batch."""
    users, things = lib.embed(5000, 32), lib.embed(5000, 32)
    left, right = dense_chain(lib, 32, 64, 32), dense_chain(lib, 32, 64, 32)

    def normed(x):
        return x * lib.rsqrt(lib.sum(x * x, 1, True) + 1e-6)

    return lambda a, b: lib.matmul(normed(left(users(a))), lib.swap(normed(right(things(b))), 0, 1)) * 10


def same_place(lib, out):
    return lib.cross_entropy(out, lib.arange(out.shape[0]))


def sage(lib):
    """Means of neighbours beside the node's own row (GraphSAGE), rows of length 1."""

    def layer(m, n):
        mine, others = lib.linear(m, n), lib.linear(m, n, bias=False)

        def run(x, sources, targets, count):
            near = lib.segment_sum(lib.rows(x, sources), targets, NODES) / count
            return mine(x) + others(near)

        return run

    first, second, head = layer(48, 64), layer(64, 64), lib.linear(64, 7)

    def answer(x, sources, targets):
        count = lib.segment_sum(lib.full((EDGES, 1), 1.0), targets, NODES) + 1e-6
        h = lib.relu(first(x, sources, targets, count))
        h = lib.relu(second(h, sources, targets, count))
        return head(h * lib.rsqrt(lib.sum(h * h, 1, True) + 1e-6))

    return answer


def molecules(lib):
    """Messages by the features of edges, sums over each graph (as in MPNN and GIN)."""
    width = 48
    start, edge = lib.linear(16, width), lib.linear(8, width)
    layers = [(dense_chain(lib, width, 2 * width, width), lib.bn1d(width)) for _ in range(3)]
    head = dense_chain(lib, width, width, 1)

    def answer(x, features, sources, targets, graph):
        h, e = start(x), edge(features)
        for dense, norm in layers:
            sent = lib.relu(lib.rows(h, sources) + e)
            h = lib.relu(norm(dense(1.1 * h + lib.segment_sum(sent, targets, NODES))))
        return head(lib.segment_sum(h, graph, GRAPHS))[:, 0]

    return answer


def atoms(lib):
    """Filters from distances: Gaussians, shifted softplus (SchNet)."""
    width, centres = 48, 24
    table = lib.embed(20, width)
    middle = lib.constant(np.linspace(0, 5, centres, dtype=np.float32))
    act = lambda x: lib.softplus(x) - 0.6931472
    layers = [(dense_chain(lib, centres, width, width, act=act), lib.linear(width, width, bias=False), dense_chain(lib, width, width, width, act=act))
              for _ in range(2)]  # fmt: skip
    head = dense_chain(lib, width, 24, 1, act=act)

    def answer(kinds, places, sources, targets):
        apart = lib.rows(places, sources) - lib.rows(places, targets)
        far = lib.sqrt(lib.sum(apart * apart, 1, True) + 1e-6)
        waves = lib.exp(-10.0 * (far - middle) ** 2)
        near = 0.5 * (lib.cos(lib.clip(far, 0.0, 5.0) * (np.pi / 5)) + 1)
        h = table(kinds)
        for filters, dense, after in layers:
            h = h + after(lib.segment_sum(lib.rows(dense(h), sources) * (filters(waves) * near), targets, NODES))
        return lib.mean(head(h) ** 2)

    return answer


def sets(lib):
    """Attention among the members of sets and from a learned row to them (Set Transformer)."""
    width = 64
    start, seed, head = lib.linear(3, width), lib.param((1, width), 0.3), lib.linear(width, 10)

    def block():
        look, dense, norm, norm_2 = (
            attention(lib, width, 4),
            lib.linear(width, width),
            lib.layer_norm(width),
            lib.layer_norm(width),
        )

        def run(x, y):
            h = norm(x + look(x, y))
            return norm_2(h + lib.relu(dense(h)))

        return run

    first, second, last = block(), block(), block()

    def answer(x):
        h = start(x)
        h = first(h, h)
        h = second(h, h)
        return head(last(lib.expand(seed, (x.shape[0], 1, width)), h)[:, 0])

    return answer


def masked_coder(lib):
    """Dense layers whose weights are masked (MADE)."""
    size, width = 64, 256
    degree = [np.arange(size), np.arange(width) % (size - 1), np.arange(width) % (size - 1), np.arange(size) - 1]
    parts = []
    for a, b in zip(degree, degree[1:]):
        mask = lib.constant((b[:, None] >= a).astype(np.float32))
        parts.append((lib.param((len(b), len(a)), len(a) ** -0.5), lib.param((len(b),), 0.0), mask))

    def answer(x):
        for k, (w, bias, mask) in enumerate(parts):
            x = lib.matmul(x, lib.swap(w * mask, 0, 1)) + bias
            x = lib.relu(x) if k < 2 else x
        return x

    return answer


def mixture(lib):
    """A density as a sum of bells (MDN)."""
    inner, count = dense_chain(lib, 8, 64, 64, 15, act=lib.tanh), 5

    def answer(x, y):
        scores, mean, size = lib.split(inner(x), 3, 1)
        inside = -0.5 * ((y - mean) * lib.exp(-size)) ** 2 - size
        return lib.logsumexp(scores, 1) - lib.logsumexp(scores + inside, 1) + 0.0 * count

    return answer


def actor_critic(lib):
    """Two values, two fixed copies and a policy of squashed bells (SAC)."""
    tower = lambda m, n: dense_chain(lib, m, 256, 256, n)
    first, second, fixed, fixed_2, policy = tower(23, 1), tower(23, 1), tower(23, 1), tower(23, 1), tower(17, 12)

    def acted(state, noise):
        mean, size = lib.split(policy(state), 2, 1)
        size = lib.clip(size, -5.0, 2.0)
        action = lib.tanh(mean + lib.exp(size) * noise)
        return action, lib.sum(-0.5 * noise * noise - size - lib.sqrt(1 - action * action + 1e-6), 1)

    def answer(state, action, reward, later, noise, noise_2):
        act, chance_of = acted(later, noise)
        after = lib.cat([later, act], 1)
        target = lib.detach(reward + 0.99 * (lib.minimum(fixed(after), fixed_2(after))[:, 0] - 0.2 * chance_of))
        now = lib.cat([state, action], 1)
        errors = (first(now)[:, 0] - target) ** 2 + (second(now)[:, 0] - target) ** 2
        act, chance_of = acted(state, noise_2)
        new = lib.cat([state, act], 1)
        return errors + 0.2 * chance_of - lib.minimum(first(new), second(new))[:, 0]

    return answer


def sines(lib):
    """Dense layers with sines between them, an image as a function (SIREN)."""
    inner = dense_chain(lib, 2, 128, 128, 128, 128, 3, act=lambda x: lib.sin(x * 3.0))
    return lambda x: inner(x)


def glow(lib):
    """Steps of scaling, mixing of channels and coupling halves (Glow)."""

    def step(channels):
        shift, scale, mix = (
            lib.param((channels, 1, 1), 0.1),
            lib.param((channels, 1, 1), 0.1),
            lib.conv(channels, channels, 1, bias=False),
        )
        a, b, c = lib.conv(channels // 2, 64, 3, 1, 1), lib.conv(64, 64, 1), lib.conv(64, channels, 3, 1, 1)

        def run(x, volume):
            x = mix((x + shift) * lib.exp(scale))
            left, right = lib.split(x, 2, 1)
            by, size = lib.split(c(lib.relu(b(lib.relu(a(left))))), 2, 1)
            size = lib.sigmoid(size + 2)
            return lib.cat([left, (right + by) * size], 1), volume + lib.sum(lib.softplus(size), (1, 2, 3))

        return run

    steps = [step(12) for _ in range(4)]

    def answer(x):
        n, c, h, w = x.shape
        x = lib.permute(x.reshape((n, c, h // 2, 2, w // 2, 2)), (0, 1, 3, 5, 2, 4)).reshape((n, 4 * c, h // 2, w // 2))
        volume = 0.0
        for run in steps:
            x, volume = run(x, volume)
        return 0.5 * lib.sum(x * x, (1, 2, 3)) - volume

    return answer


def pointer(lib):
    """Scores by tanh of sums of all pairs (additive attention), as in pointer networks."""
    width = 64
    encode, keys, queries, out = (
        lib.gru(2, width),
        lib.linear(width, width, bias=False),
        lib.linear(width, width),
        lib.param((width,), 0.2),
    )

    def answer(x):
        h = encode(x)
        n, t, _ = h.shape
        both = lib.tanh(keys(h).reshape((n, 1, t, width)) + queries(h).reshape((n, t, 1, width)))
        return lib.sum(both * out, -1)

    return answer


def per_dense(lib):
    """An MLP with layer normalisation and residual branches for tables."""
    width = 192

    def block():
        norm, up, down = lib.layer_norm(width), lib.linear(width, 2 * width), lib.linear(2 * width, width)
        return lambda x: x + down(lib.relu(up(norm(x))))

    start, inner, head = lib.linear(50, width), chain(*[block() for _ in range(4)]), lib.linear(width, 3)
    return lambda x: head(inner(start(x)))


RELATIONS = {
    "wide and deep": Member(wide_and_deep, 256, (whole(0, VALUES, FIELDS), normal(8)), (chance(0.3),), by_click),
    "DeepFM": Member(factorised, 256, (whole(0, VALUES, FIELDS),), (chance(0.3),), by_click),
    "DCN and AutoInt": Member(crossed, 256, (whole(0, VALUES, FIELDS),), (chance(0.3),), by_click),
    "two towers": Member(two_towers, 256, (whole(0, 5000), whole(0, 5000)), (), same_place),
    "GraphSAGE": Member(sage, 1, (same(normal(48), NODES), same(whole(0, NODES), EDGES), same(whole(0, NODES), EDGES)),
                        (same(whole(0, 7), NODES),)),
    "molecules": Member(molecules, 1, (same(normal(16), NODES), same(normal(8), EDGES), same(whole(0, NODES), EDGES),
                                       same(whole(0, NODES), EDGES), same(whole(0, GRAPHS), NODES)),
                        (same(normal(), GRAPHS),), squared),
    "SchNet": Member(atoms, 1, (same(whole(0, 20), NODES), same(uniform(3, high=5.0), NODES), same(whole(0, NODES), EDGES),
                                same(whole(0, NODES), EDGES)), (), own),
    "Set Transformer": Member(sets, 16, (normal(100, 3),)),
    "MADE": Member(masked_coder, 64, (chance(0.5, 64),), (chance(0.5, 64),), by_click),
    "mixture density": Member(mixture, 256, (normal(8), normal(1)), (), own),
    "SAC": Member(actor_critic, 256, (normal(17), uniform(6, low=-1.0), normal(), normal(17), normal(6), normal(6)), (), own),
    "SIREN": Member(sines, 2048, (uniform(2, low=-1.0),), (uniform(3),), squared),
    "Glow": Member(glow, 8, (normal(3, 32, 32),), (), own),
    "pointer network": Member(pointer, 8, (normal(40, 2),), (whole(0, 40, 40),)),
    "residual MLP": Member(per_dense, 256, (normal(50),), (whole(0, 3),)),
}  # fmt: skip
