"""Five small real problems: a network that returns its loss, and batches."""

from __future__ import annotations

import numpy as np

import minispore as ms
from minispore import Tensor, nn, ops


def _batches(arrays, size, steps, seed=0):
    rng = np.random.default_rng(seed)
    n = len(arrays[0])
    for _ in range(steps):
        chosen = rng.choice(n, size, replace=False)
        yield tuple(Tensor(a[chosen]) for a in arrays)


def _digits():
    from sklearn.datasets import load_digits

    found = load_digits()
    return (found.data / 16).astype(np.float32), found.target.astype(np.int32)


class Digits:
    """Handwritten digits of 8 x 8 pixels (scikit-learn's), a perceptron with batch normalisation."""

    def network(self):
        net = nn.SequentialCell(nn.Dense(64, 48), nn.BatchNorm1d(48), nn.ReLU(), nn.Dense(48, 10))
        return nn.WithLossCell(net, nn.CrossEntropyLoss())

    def batches(self, steps):
        return _batches(_digits(), 64, steps)


class Text:
    """The next character of the descriptions of scikit-learn's data sets from the eight before it: an embedding and a perceptron."""

    context = 8

    def __init__(self):
        from sklearn import datasets

        names = ("breast_cancer", "diabetes", "digits", "iris", "linnerud", "wine")
        text = "".join(getattr(datasets, f"load_{name}")().DESCR for name in names)
        letters = sorted(set(text))
        self.codes = np.array([letters.index(c) for c in text], np.int32)
        self.count = len(letters)

    def network(self):
        table, context = nn.Embedding(self.count, 12), self.context

        class Next(nn.Cell):
            def __init__(self, count):
                super().__init__()
                self.table, self.hidden, self.out = (
                    table,
                    nn.Dense(12 * context, 64, activation="tanh"),
                    nn.Dense(64, count),
                )

            def construct(self, index):
                return self.out(self.hidden(self.table(index).reshape(index.shape[0], -1)))

        return nn.WithLossCell(Next(self.count), nn.CrossEntropyLoss())

    def batches(self, steps):
        rng = np.random.default_rng(0)
        for _ in range(steps):
            at = rng.integers(0, len(self.codes) - self.context - 1, 96)
            rows = self.codes[at[:, None] + np.arange(self.context + 1)]
            yield Tensor(rows[:, :-1]), Tensor(rows[:, -1])


class Autoencoder(nn.Cell):
    """A variational autoencoder: reconstruction and divergence, in nats per picture."""

    def __init__(self):
        super().__init__()
        self.inner, self.code = nn.Dense(64, 48, activation="relu"), nn.Dense(48, 16)
        self.outer, self.picture = nn.Dense(8, 48, activation="relu"), nn.Dense(48, 64)

    def construct(self, x):
        code = self.code(self.inner(x))
        mean, log_var = code[:, :8], code[:, 8:]
        z = mean + ops.exp(log_var * 0.5) * ops.randn(*mean.shape)
        logits = self.picture(self.outer(z))
        miss = ops.maximum(logits, 0.0) - logits * x + ops.log(1.0 + ops.exp(-ops.abs(logits)))
        return (miss.sum(1) + 0.5 * (ops.exp(log_var) + mean * mean - 1.0 - log_var).sum(1)).mean()


class Pictures:
    """The digits again, by a variational autoencoder."""

    def network(self):
        return Autoencoder()

    def batches(self, steps):
        return _batches(_digits()[:1], 64, steps)


class Oscillator(nn.Cell):
    """A network u(t) that is to satisfy ``u'' + u' / 2 + 9 u = 0``, ``u(0) = 1``, ``u'(0) = 0`` (a PINN)."""

    def __init__(self):
        super().__init__()
        self.net = nn.SequentialCell(
            nn.Dense(1, 24, activation="tanh"), nn.Dense(24, 24, activation="tanh"), nn.Dense(24, 1)
        )

    def construct(self, t):
        def slope(t):
            return ms.grad(lambda t: self.net(t).sum())(t)

        u, u1, u2 = self.net(t), slope(t), ms.grad(lambda t: slope(t).sum())(t)
        start = t[:1] * 0.0
        begin = (self.net(start) - 1.0) ** 2 + slope(start) ** 2
        return ((u2 + 0.5 * u1 + 9.0 * u) ** 2).mean() * 0.1 + begin.sum()


class Equation:
    """A damped oscillator by a physics-informed network."""

    def network(self):
        return Oscillator()

    def batches(self, steps):
        rng = np.random.default_rng(0)
        for _ in range(steps):
            yield (Tensor(rng.uniform(0.0, 2.0, (48, 1)).astype(np.float32)),)


class Factors(nn.Cell):
    """``r = u_i . v_j + a_i + b_j`` for the pair (i, j)."""

    def __init__(self, rows, columns):
        super().__init__()
        self.u, self.v = nn.Embedding(rows, 8), nn.Embedding(columns, 8)
        self.a, self.b = nn.Embedding(rows, 1), nn.Embedding(columns, 1)

    def construct(self, i, j, r):
        guess = (self.u(i) * self.v(j)).sum(1) + self.a(i)[:, 0] + self.b(j)[:, 0]
        return ((guess - r) ** 2).mean()


class Ratings:
    """Pixels of digits as ratings: which picture has how much ink where, by factors of pictures and places."""

    def network(self):
        return Factors(400, 64)

    def batches(self, steps):
        table = _digits()[0][:400]
        rng = np.random.default_rng(0)
        for _ in range(steps):
            i, j = rng.integers(0, 400, 512), rng.integers(0, 64, 512)
            yield Tensor(i.astype(np.int32)), Tensor(j.astype(np.int32)), Tensor(table[i, j])


PROBLEMS = {"digits": Digits, "text": Text, "pictures": Pictures, "equation": Equation, "ratings": Ratings}
