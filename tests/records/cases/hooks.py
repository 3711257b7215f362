"""Hooks on cells and gradients, and PYNATIVE mode with compiled parts."""

import numpy as np

OPTIONS = {"*": {"rtol": 1e-4, "atol": 1e-5}}


def V(*v):
    return np.array(v, np.float32)


def show(v):
    if isinstance(v, (tuple, list)):
        return [show(x) for x in v]
    if isinstance(v, dict):
        return {k: show(x) for k, x in v.items()}
    return v.asnumpy() if hasattr(v, "asnumpy") else v


def net_of(ms):
    class Mul(ms.nn.Cell):
        def construct(self, x):
            return x * 2

    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.mul = Mul()
            self.relu = ms.nn.ReLU()
            self.w = ms.Parameter(ms.Tensor(V(1, 2, 3)), name="w")

        def construct(self, x):
            x = x + 4
            x = self.mul(x)
            x = x * self.w
            return self.relu(x)

    return Net()


def case_forward_hook_kwargs(ms):
    class Net(ms.nn.Cell):
        def construct(self, x, k=1.0):
            return x * k

    net = Net()
    net.register_forward_hook(lambda cell, args, kwargs, out: out + kwargs["k"], with_kwargs=True)
    return {"a": show(net(ms.Tensor(V(1, 2)), k=3.0))}


def case_forward_pre_hook_kwargs(ms):
    class Net(ms.nn.Cell):
        def construct(self, x, k=1.0):
            return x * k

    net = Net()
    net.register_forward_pre_hook(lambda cell, args, kwargs: (args, {"k": kwargs["k"] * 10}), with_kwargs=True)
    return {"a": show(net(ms.Tensor(V(1, 2)), k=3.0))}


def case_hook_order_and_prepend(ms):
    net = net_of(ms)
    order = []
    net.register_forward_hook(lambda c, i, o: order.append("first"))
    net.register_forward_hook(lambda c, i, o: order.append("second"))
    net.register_forward_hook(lambda c, i, o: order.append("before"), prepend=True)
    net(ms.Tensor(V(1, 2, 3)))
    return {"o": order}


def case_backward_hook_of_whole_net(ms):
    net = net_of(ms)
    seen = []

    def hook(cell, gi, go):
        seen.append([show(gi), show(go)])
        return (gi[0] * 2,)

    net.register_backward_hook(hook)
    g = ms.grad(net, 0, net.trainable_params())(ms.Tensor(V(1, 2, 3)))
    return {"g": show(g), "seen": seen}


def case_backward_pre_hook(ms):
    net = net_of(ms)
    seen = []

    def hook(cell, grad_output):
        seen.append(show(grad_output))
        return (grad_output[0] * 3,)

    h = net.mul.register_backward_pre_hook(hook)
    x = ms.Tensor(V(1, 2, 3))
    a = show(ms.grad(net)(x))
    h.remove()
    return {"a": a, "seen": seen, "b": show(ms.grad(net)(x))}


def case_tensor_hook_inside(ms):
    def f(x, y):
        z = x * y
        z.register_hook(lambda g: g * 2)
        return z * y

    return {"g": show(ms.grad(f, (0, 1))(ms.Tensor(V(1, 2, 3)), ms.Tensor(V(1, 2, 3))))}


def case_tensor_hook_on_input(ms):
    x = ms.Tensor(V(1))
    x.register_hook(lambda g: g * 2)
    return {"g": show(ms.grad(lambda a: a**2 + a + 1)(x))}


def case_parameter_hook(ms):
    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.a = ms.Parameter(ms.Tensor(V(1, 2, 3)), name="a")
            self.b = ms.Parameter(ms.Tensor(V(1, 2, 3)), name="b")
            self.h = self.a.register_hook(lambda g: g * 2)

        def construct(self, x):
            return x * self.a + x * self.b

    net = Net()
    g = ms.grad(net, None, net.trainable_params())
    a = show(g(ms.Tensor(V(1, 2, 3))))
    b = show(g(ms.Tensor(V(2, 3, 4))))
    net.h.remove()
    return {"a": a, "b": b, "c": show(g(ms.Tensor(V(1, 2, 3))))}


def case_hook_backward_two(ms):
    op = ms.ops.HookBackward(lambda grad: (grad[0] * 5, grad[1] * 7))

    def f(x, y):
        a, b = op(x * 3, y * 2)
        return a * 2 + b

    return {"g": show(ms.grad(f, (0, 1))(ms.Tensor(V(1, 2)), ms.Tensor(V(1, 2))))}


def case_bprop_with_hook(ms):
    class Five(ms.nn.Cell):
        def construct(self, x):
            return x * 1

        def bprop(self, x, out, dout):
            return (dout * 5,)

    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.five = Five()

        def construct(self, x):
            return self.five(x) * 2

    net = Net()
    seen = []
    net.register_backward_hook(lambda c, gi, go: seen.append([show(gi), show(go)]))
    return {"g": show(ms.grad(net)(ms.Tensor(V(1, 2)))), "seen": seen}


def case_mode_switched(ms):
    net = net_of(ms)
    x = ms.Tensor(V(1, 2, 3))
    out = []
    for mode in (ms.GRAPH_MODE, ms.PYNATIVE_MODE, ms.GRAPH_MODE):
        ms.set_context(mode=mode)
        out.append([show(net(x)), show(ms.grad(net)(x))])
        net.w.set_data(net.w * 2)
    ms.set_context(mode=ms.PYNATIVE_MODE)
    return {"o": out}


def case_jit_part_in_pynative(ms):
    class Inner(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = ms.Parameter(ms.Tensor(V(2, 3)), name="w")

        @ms.jit
        def construct(self, x):
            if x.sum() > 0:
                return x * self.w
            return x - self.w

    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.inner = Inner()

        def construct(self, x):
            y = self.inner(x)
            return y * float(y.asnumpy().sum())

    net = Net()
    g = ms.grad(net, 0, net.trainable_params())
    return {"a": show(net(ms.Tensor(V(1, 2)))), "g": show(g(ms.Tensor(V(1, 2)))), "n": show(g(ms.Tensor(V(-1, -2))))}
