"""Solvers, recurrences and training steps whose course depends on values."""

import numpy as np

OPTIONS = {"*": {"rtol": 1e-4, "atol": 1e-5}}


def V(*v):
    return np.array(v, np.float32)


def R(seed, *shape):
    return np.random.RandomState(seed).randn(*shape).astype(np.float32)


def show(v):
    if isinstance(v, (tuple, list)):
        return [show(x) for x in v]
    if isinstance(v, dict):
        return {k: show(x) for k, x in v.items()}
    return v.asnumpy() if hasattr(v, "asnumpy") else v


def case_newton_sqrt(ms):
    def sqrt(a):
        x = a * 0 + 1
        while ms.ops.abs(x * x - a) > 1e-4:
            x = 0.5 * (x + a / x)
        return x

    f = ms.jit(sqrt)
    return {
        "v": [show(f(ms.Tensor(float(a), ms.float32))) for a in (2, 9, 0.25)],
        "g": show(ms.grad(sqrt)(ms.Tensor(9.0))),
    }


def case_bisection(ms):
    @ms.jit
    def solve(lo, hi, c):
        n = ms.Tensor(0, ms.int32)
        while hi - lo > 1e-3:
            mid = (lo + hi) / 2
            if mid**3 - mid - c > 0:
                hi = mid
            else:
                lo = mid
            n = n + 1
        return (lo + hi) / 2, n

    t = ms.Tensor
    x, n = solve(t(1.0), t(2.0), t(2.0))
    return {"x": show(x), "n": show(n)}


def case_gradient_descent_with_early_stop(ms):
    def loss(w):
        return ((w - 3) ** 2).sum()

    @ms.jit
    def fit(w):
        g = ms.grad(loss)(w)
        n = ms.Tensor(0, ms.int32)
        while (g * g).sum() > 1e-4 and n < 200:
            w = w - 0.1 * g
            g = ms.grad(loss)(w)
            n = n + 1
        return w, n

    return {"r": show(fit(ms.Tensor(V(0, 10))))}


def case_rnn_with_lengths(ms):
    class RNN(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = ms.Parameter(ms.Tensor(R(1, 3, 3) * 0.5), name="w")

        def construct(self, xs, n):
            h = xs[0] * 0
            t = 0
            while t < n:
                h = ms.ops.relu(xs[t] + ms.ops.matmul(h, self.w))
                t = t + 1
            return (h * h).sum()

    net = RNN()
    xs = ms.Tensor(R(2, 6, 2, 3))
    return {str(n): show(ms.grad(net, 0, net.trainable_params())(xs, ms.Tensor(n, ms.int32))) for n in (2, 5)}


def case_greedy_decode(ms):
    table = ms.Tensor(np.array([[0, 2, 1, 0], [0, 0, 3, 1], [1, 0, 0, 5], [9, 0, 0, 0]], np.float32))

    @ms.jit
    def decode(start):
        token = start
        total = ms.Tensor(0.0)
        n = ms.Tensor(0, ms.int32)
        while token != 0 and n < 10:
            row = table[token]
            total = total + row.max()
            token = row.argmax().astype(ms.int32)
            n = n + 1
        return total, n

    return {str(k): show(decode(ms.Tensor(k, ms.int32))) for k in (0, 1, 2, 3)}


def case_adaptive_euler(ms):
    def integrate(k, y):
        t = ms.Tensor(0.0)
        h = ms.Tensor(0.2)
        while t < 1:
            big = y + h * (-k * y)
            half = y + h / 2 * (-k * y)
            small = half + h / 2 * (-k * half)
            if ms.ops.abs(big - small) > 0.01:
                h = h / 2
            else:
                y = small
                t = t + h
        return y

    return {
        "v": show(ms.jit(integrate)(ms.Tensor(1.5), ms.Tensor(1.0))),
        "g": show(ms.grad(integrate, (0, 1))(ms.Tensor(1.5), ms.Tensor(1.0))),
    }


def case_clip_by_condition(ms):
    net = ms.nn.Dense(2, 1, weight_init="ones", bias_init="zeros")

    def loss(x, y):
        return ((net(x) - y) ** 2).mean()

    grad = ms.value_and_grad(loss, None, net.trainable_params())

    @ms.jit
    def step(x, y):
        value, (gw, gb) = grad(x, y)
        norm = ms.ops.sqrt((gw * gw).sum() + (gb * gb).sum())
        if norm > 1.0:
            gw, gb = gw / norm, gb / norm
        ms.ops.assign(net.weight, net.weight - 0.1 * gw)
        ms.ops.assign(net.bias, net.bias - 0.1 * gb)
        return value, norm

    x, y = ms.Tensor(R(0, 4, 2)), ms.Tensor(R(1, 4, 1))
    return {"r": [show(step(x, y)) for _ in range(4)], "w": show(net.weight)}


def case_curriculum_by_global_step(ms):
    class Loss(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = ms.Parameter(ms.Tensor(V(1, 2)), name="w")
            self.step = ms.Parameter(ms.Tensor(0, ms.int32), name="step", requires_grad=False)

        def construct(self, x):
            self.step += 1
            if self.step < 3:
                out = (self.w * x).sum()
            elif self.step < 5:
                out = (self.w * self.w * x).sum()
            else:
                out = (self.w**3).sum()
            return out

    net = Loss()
    train = ms.nn.TrainOneStepCell(net, ms.nn.SGD(net.trainable_params(), 0.1))
    train.set_train()
    x = ms.Tensor(V(1, -1))
    return {"l": [show(train(x)) for _ in range(6)], "w": show(net.w), "s": show(net.step)}


def case_dynamic_loss_scale_by_hand(ms):
    class Scale(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.scale = ms.Parameter(ms.Tensor(8.0), name="scale", requires_grad=False)
            self.good = ms.Parameter(ms.Tensor(0, ms.int32), name="good", requires_grad=False)

        def construct(self, g):
            finite = ms.ops.isfinite(g).all()
            if finite:
                self.good = self.good + 1
                if self.good >= 2:
                    self.scale = self.scale * 2
                    self.good = self.good * 0
            else:
                self.scale = self.scale / 2
                self.good = self.good * 0
            return self.scale * 1

    net = Scale()
    out = [show(net(ms.Tensor(V(*v)))) for v in ((1, 2), (1, np.inf), (1, 1), (2, 2), (np.nan, 1))]
    return {"s": out, "good": show(net.good)}


def case_implicit_differentiation(ms):
    """The fixed point x = cos(a x): its derivative by the implicit function theorem, and through the loop."""

    def solve(a):
        x = a * 0 + 0.5
        for _ in range(60):
            x = ms.ops.cos(a * x)
        return x

    class Implicit(ms.nn.Cell):
        def construct(self, a):
            return ms.ops.stop_gradient(solve(a))

        def bprop(self, a, out, dout):
            s = ms.ops.sin(a * out)
            return (-dout * s * out / (1 + s * a),)

    a = ms.Tensor(V(0.5, 0.8))
    return {"i": show(ms.grad(Implicit())(a)), "u": show(ms.grad(solve)(a)), "v": show(solve(a))}


def case_crf_forward_with_mask(ms):
    def forward(emit, trans, mask):
        a = emit[0]
        for t in range(1, emit.shape[0]):
            new = ms.ops.logsumexp(a.expand_dims(1) + trans, 0) + emit[t]
            if mask[t] > 0:
                a = new
        return ms.ops.logsumexp(a, 0)

    args = ms.Tensor(R(0, 5, 3)), ms.Tensor(R(1, 3, 3)), ms.Tensor(V(1, 1, 1, 0, 0))
    return {"v": show(ms.jit(forward)(*args)), "g": show(ms.grad(forward, (0, 1))(*args))}
