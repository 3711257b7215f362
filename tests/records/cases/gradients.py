"""Gradients in the forms that a user asks for them, and their combinations."""

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


X = np.array([[1, 2], [3, 4]], np.float32)


Y = np.array([[-2, 3], [-1, 2]], np.float32)


Z = np.array([[0, 3], [5, -1]], np.float32)


def T(ms, *arrays):
    return [ms.Tensor(a) for a in arrays]


def two_weights(ms, train=(True, True)):
    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = ms.Parameter(ms.Tensor(V(2, 3)), name="w", requires_grad=train[0])
            self.b = ms.Parameter(ms.Tensor(V(0.5, -0.5)), name="b", requires_grad=train[1])

        def construct(self, x):
            return self.w * x * x + self.b * x

    return Net()


def case_gradoperation_integer_input_among_floats(ms):
    class Net(ms.nn.Cell):
        def construct(self, x, i):
            return x * i

    g = ms.ops.GradOperation(get_all=True)(Net())(ms.Tensor(V(1, 2)), ms.Tensor(np.array([3, 4], np.int32)))
    return {"g": show(g)}


def case_grad_nested_tuple_output(ms):
    def f(x, y):
        return x * x, (x * y, (y * y * y,))

    return {"g": show(ms.grad(f, (0, 1))(*T(ms, X, Y)))}


def case_grad_sens_tuple(ms):
    def f(x, y, z):
        return x**2 + y**2 + z**2, x * y * z

    v = ms.Tensor(np.array([[-1, 3], [2, 1]], np.float32))
    return {"g": show(ms.grad(f, (1, 2), sens_param=True)(*T(ms, X, Y, Z), (v, v)))}


def case_grad_of_jit_calling_jit(ms):
    @ms.jit
    def inner(x):
        return x * x

    @ms.jit
    def outer(x, y):
        return inner(x) * y + inner(y)

    x, y = T(ms, X, Y)
    return {"v": show(outer(x, y)), "g": show(ms.grad(outer, (0, 1))(x, y)), "gg": show(ms.grad(ms.grad(outer))(x, y))}


def case_grad_aux_with_weights(ms):
    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = ms.Parameter(ms.Tensor(V(2, 2)), name="w")
            self.z = ms.Parameter(ms.Tensor(V(3, 3)), name="z")

        def construct(self, x):
            if x[0] == 1:
                res = x * self.w * self.z
            else:
                res = x * x
            return res, x, self.w

    net = Net()
    w = ms.ParameterTuple(net.trainable_params())
    out = {}
    for k, x in enumerate((V(1, 2), V(2, 1))):
        g, aux = ms.grad(net, 0, w, True)(ms.Tensor(x))
        out[f"g{k}"], out[f"aux{k}"] = show(g), show(aux)
    return out


def case_value_and_grad_ids(ms):
    net = two_weights(ms)
    g = ms.value_and_grad(net, (0,), net.trainable_params(), return_ids=True)(ms.Tensor(V(1, 2)))
    return {"v": show(g[0]), "x": show(ms.get_grad(g[1], 0)), "b": show(ms.get_grad(g[1], net.b)), "form": show(g[1])}


def case_stop_gradient_placements(ms):
    sg = ms.ops.stop_gradient

    def a(x, y):
        c = x * y
        return sg(c)

    def b(x, y):
        return sg(x * y) + x * y

    def c(x, y):
        x = sg(x)
        return x * y * y

    def d(x, y):
        u, v = sg((x * 2, y * 3))
        return u * x + v * y

    return {k: show(ms.grad(f, (0, 1))(*T(ms, X, Y))) for k, f in (("a", a), ("b", b), ("c", c))}


def case_vjp_tuple_seed(ms):
    class Net(ms.nn.Cell):
        def construct(self, x):
            return x * x, x * 3, x.sum()

    class G(ms.nn.Cell):
        def __init__(self, net):
            super().__init__()
            self.net = net

        def construct(self, x):
            outs, fn = ms.ops.vjp(self.net, x)
            z = ms.ops.zeros_like
            o = ms.ops.ones_like
            return fn((o(outs[0]), z(outs[1]), z(outs[2]))), fn((z(outs[0]), o(outs[1]), o(outs[2])))

    return {"r": show(G(Net())(ms.Tensor(X)))}


def case_vjp_aux_tuple(ms):
    def f(x, y):
        return 2 * x + y, y**3, x

    x, y, v = T(ms, X, Y, Z)
    out, fn, aux = ms.vjp(f, x, y, has_aux=True)
    return {"o": show(out), "g": show(fn(v)), "aux": show(aux)}


def case_jvp_vjp_cells(ms):
    class Net(ms.nn.Cell):
        def construct(self, x, y):
            return x**3 + y

    x, y, v = T(ms, X, Y, Z)
    return {"jvp": show(ms.nn.Jvp(Net())(x, y, (v, v))), "vjp": show(ms.nn.Vjp(Net())(x, y, v))}


def case_vmap_nested(ms):
    def f(x, y):
        return (x * y).sum()

    x, y = T(ms, X, np.arange(6, dtype=np.float32).reshape(3, 2))
    return {"r": show(ms.vmap(ms.vmap(f, (None, 0)), (0, None))(x, y))}


def case_bprop_two_outputs(ms):
    class Two(ms.nn.Cell):
        def construct(self, x, y):
            return x * y, x + y

        def bprop(self, x, y, out, dout):
            return dout[0] * y * 10 + dout[1], dout[0] * x + out[1] * dout[1]

    net = Two()

    def f(x, y):
        a, b = net(x, y)
        return a * 2 + b * 3

    return {"g": show(ms.grad(f, (0, 1))(*T(ms, X, Y)))}


def case_bprop_second_order(ms):
    class Cube(ms.nn.Cell):
        def construct(self, x):
            return x * x * x

        def bprop(self, x, out, dout):
            return (3 * x * x * dout,)

    return {"g2": show(ms.grad(ms.grad(Cube()))(ms.Tensor(X)))}


def case_mixed_cell_gradnet(ms):
    """A Cell that makes its gradient function in construct, with weights, inside another one."""
    net = two_weights(ms)

    class GradNet(ms.nn.Cell):
        def __init__(self, net):
            super().__init__()
            self.net = net
            self.params = ms.ParameterTuple(net.trainable_params())
            self.op = ms.ops.GradOperation(get_by_list=True, sens_param=True)

        def construct(self, x, s):
            return self.op(self.net, self.params)(x, s)

    g = GradNet(net)
    return {"a": show(g(*T(ms, V(1, 2), V(1, 1)))), "b": show(g(*T(ms, V(1, 2), V(3, 5))))}


def case_hvp_forms(ms):
    def f(x):
        return (x**4).sum() + (x[0] * x[1]).sum()

    x, v = T(ms, X, Y)

    def dot(a):
        return (ms.grad(f)(a) * v).sum()

    hvp = ms.grad(dot)(x)
    return {"rr": show(hvp), "fr": show(ms.jvp(ms.grad(f), x, v)[1])}


def case_gradient_of_norm_of_gradient_wrt_weights(ms):
    net = two_weights(ms)

    def penalty(x):
        return (ms.grad(net)(x) ** 2).sum()

    return {"g": show(ms.grad(penalty, None, net.trainable_params())(ms.Tensor(V(1, 2))))}


def case_assign_in_loss(ms):
    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = ms.Parameter(ms.Tensor(V(2, 3)), name="w")
            self.n = ms.Parameter(ms.Tensor(V(0)), name="n", requires_grad=False)

        def construct(self, x):
            self.n += 1
            return (self.w * x * self.n).sum()

    net = Net()
    g = ms.value_and_grad(net, None, net.trainable_params())
    x = ms.Tensor(V(1, 2))
    return {"a": show(g(x)), "b": show(g(x)), "n": show(net.n)}
