"""Python control flow over Tensor values, with gradients."""

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


def run(ms, construct, *inputs, grads=True, init=None):
    """Value and gradient of the first input for each tuple of arrays in ``inputs``."""

    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            if init:
                init(self)

    Net.construct = construct
    net = Net()
    out = {}
    for k, given in enumerate(inputs):
        given = given if isinstance(given, tuple) else (given,)
        args = [ms.Tensor(a) if isinstance(a, np.ndarray) else a for a in given]
        out[f"y{k}"] = show(net(*args))
        if grads:
            out[f"g{k}"] = show(ms.grad(net)(*args))
    return out


def case_if_compares_two_inputs(ms):
    def construct(self, x, y):
        if x > y:
            z = x * y
        elif x == y:
            z = x + y
        else:
            z = y - x
        return z * x

    return run(ms, construct, (V(3), V(2)), (V(2), V(2)), (V(1), V(2)))


def case_if_in_if_in_if(ms):
    def construct(self, x):
        out = x
        if x[0] > 0:
            out = out * 2
            if x[1] > 0:
                out = out * 3
                if x[2] > 0:
                    out = out * 5
                else:
                    out = out - 1
            else:
                out = out * x
        return out

    return run(ms, construct, V(1, 1, 1), V(1, 1, -1), V(1, -1, 1), V(-1, 1, 1))


def case_several_ifs_in_a_row(ms):
    def construct(self, x):
        if x[0] > 1:
            x = x * 2
        if x[1] > 1:
            x = x + 1
        if x.sum() > 5:
            x = x * x
        else:
            x = x - 0.5
        return x

    return run(ms, construct, V(2, 2), V(0, 0), V(0.5, 3))


def case_not_none_and_tensor(ms):
    def construct(self, x, limit=None):
        if limit is not None and x.sum() > limit:
            return x * 0.5
        return x * 2.0

    return run(ms, construct, (V(1, 2),), (V(1, 2), V(2)), (V(1, 2), V(9)))


def case_and_or_not_of_tensors(ms):
    def construct(self, x):
        a, b, c = x[0] > 0, x[1] > 0, x[2] > 0
        if (a and b) or (not c and not a):
            return x * 2
        if a or (b and c):
            return x * 3
        return x * 5

    return run(ms, construct, *[V(i, j, k) for i in (1, -1) for j in (1, -1) for k in (1, -1)])


def case_and_of_python_and_tensor(ms):
    def construct(self, x, n):
        if n > 2 and x.sum() > 0:
            x = x * n
        if n < 2 or x.sum() > 0:
            x = x + n
        return x

    return run(ms, construct, (V(1, 2), 3), (V(-1, -2), 3), (V(-1, -2), 1))


def case_chained_comparison_of_three(ms):
    def construct(self, x, lo, hi):
        if lo <= x.sum() < hi:
            return x * x
        return -x

    return run(ms, construct, (V(1, 2), V(0), V(5)), (V(1, 2), V(4), V(5)), (V(1, 2), V(3), V(5)))


def case_return_tuple_from_branches(ms):
    def construct(self, x):
        if x.sum() > 0:
            return x, x * 2
        return -x, x * 3

    return run(ms, construct, V(1, 2), V(-1, -2))


def case_parameter_updates_in_both_branches(ms):
    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.a = ms.Parameter(ms.Tensor(V(0)), name="a")
            self.b = ms.Parameter(ms.Tensor(V(10)), name="b")

        def construct(self, x):
            if x.sum() > 0:
                self.a = self.a + x.sum()
            else:
                self.b = self.b - 1
            return self.a * self.b

    net = Net()
    outs = [show(net(ms.Tensor(v))) for v in (V(1, 2), V(-1, -1), V(3, 3))]
    return {"y": outs, "a": show(net.a), "b": show(net.b)}


def case_while_carries_several_types(ms):
    def construct(self, x, n):
        i = ms.Tensor(0, ms.int32)
        flag = x.sum() > 0
        total = x * 0
        while i < n:
            total = total + x * i
            flag = total.sum() > 10
            i = i + 1
        if flag:
            total = total * 2
        return total

    return run(ms, construct, (V(1, 2), np.array(3, np.int32)), (V(1, 2), np.array(5, np.int32)))


def case_while_break_and_continue(ms):
    def construct(self, x, n):
        while True:
            n = n + 1
            if n > 10:
                break
            if n == 2:
                continue
            x = x + x * n * 0.1
            if x.sum() > 20:
                break
        return x * n

    return run(ms, construct, (V(1, 2), V(0)), (V(0.1, 0.1), V(0)))


def case_while_in_while(ms):
    def construct(self, x, a, b):
        while a < 3:
            b = a
            while b < 4:
                x = x + a * b
                b = b + 1
            a = a + 1
        return x * x

    return run(ms, construct, (V(1, 2), V(0), V(0)))


def case_return_in_while(ms):
    def construct(self, x, a):
        while a < 10:
            a = a + 1
            x = x * 2
            if x.sum() > 20:
                return x * 10
        return x

    return run(ms, construct, (V(1, 2), V(0)), (V(0.001, 0.001), V(5)))


def case_while_writes_rows(ms):
    def construct(self, x, i, n):
        y = x * 1
        while i < n:
            y[i] = y[i] * 10
            i = i + 1
        return y

    x = np.arange(6, dtype=np.float32).reshape(3, 2)
    return run(ms, construct, (x, np.array(0, np.int32), np.array(2, np.int32)))


def case_while_with_parameter_bound(ms):
    def init(self):
        self.n = ms.Parameter(ms.Tensor(4, ms.int32), name="n", requires_grad=False)

    def construct(self, x):
        i = ms.Tensor(0, ms.int32)
        while i < self.n:
            x = x * 1.5
            i = i + 1
        return x

    return run(ms, construct, V(1, 2), init=init)


def case_while_weight_gradient(ms):
    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = ms.Parameter(ms.Tensor(V(1.2, 0.9)), name="w")

        def construct(self, x, n):
            i = ms.Tensor(0, ms.int32)
            while i < n:
                x = x * self.w + 0.1
                i = i + 1
            return x.sum()

    net = Net()
    g = ms.grad(net, 0, net.trainable_params())
    return {
        "g": show(g(ms.Tensor(V(1, 2)), ms.Tensor(3, ms.int32))),
        "h": show(g(ms.Tensor(V(1, 2)), ms.Tensor(6, ms.int32))),
    }


def case_fibonacci(ms):
    @ms.jit
    def fib(n):
        a, b = ms.Tensor(0, ms.int64), ms.Tensor(1, ms.int64)
        while n > 0:
            a, b = b, a + b
            n = n - 1
        return a

    return {str(n): show(fib(ms.Tensor(n, ms.int64))) for n in (0, 1, 10, 50)}


def case_for_over_dict(ms):
    def construct(self, x):
        d = {"a": 1.0, "b": 2.0, "c": x}
        out = x * 0
        for k, v in d.items():
            if k != "b":
                out = out + v
        for k in d.keys():
            if k == "a":
                out = out * 3
        for v in d.values():
            out = out + v
        return out

    return run(ms, construct, V(1, 2))


def case_for_nested_tensor_break(ms):
    def construct(self, x):
        for i in range(3):
            for j in range(4):
                x = x * 1.3 + i + j
                if x.sum() > 20:
                    break
            x = x - 1
        return x

    return run(ms, construct, V(1, 2), V(20, 20))


def case_for_while_if_combo(ms):
    def construct(self, x, a):
        for i in range(3):
            while a < i + 1:
                if x.sum() > 5:
                    x = x - 1
                elif x.sum() > 2:
                    x = x * 2
                else:
                    x = x + 3
                a = a + 1
        return x * a

    return run(ms, construct, (V(1, 2), V(0)), (V(-4, 1), V(0)))


def case_while_for_if_break_combo(ms):
    def construct(self, x, a):
        while a < 4:
            for i in range(3):
                if x.sum() > 12:
                    break
                x = x * 1.2 + i
            a = a + 1
            if x.sum() > 15:
                continue
            x = x + 0.5
        return x

    return run(ms, construct, (V(1, 2), V(0)), (V(10, 10), V(0)))


def case_function_chosen_by_tensor(ms):
    def double(v):
        return v * 2

    def square(v):
        return v * v

    def construct(self, x):
        if x.sum() > 0:
            f = double
        else:
            f = square
        return f(x)

    return run(ms, construct, V(1, 2), V(-1, -2))


def case_cells_chosen_by_tensor(ms):
    def init(self):
        self.a, self.b = ms.nn.ReLU(), ms.nn.Sigmoid()

    def construct(self, x):
        if x.sum() > 0:
            y = self.a(x)
        else:
            y = self.b(x)
        return y

    return run(ms, construct, V(1, 2), V(-1, -2), init=init)


def case_recursion_over_python(ms):
    def fact(x, n):
        if n <= 1:
            return x
        return x * fact(x + 1, n - 1)

    def construct(self, x):
        return fact(x, 4)

    return run(ms, construct, V(1, 2))


def case_sequential_with_branch(ms):
    class Gate(ms.nn.Cell):
        def construct(self, x):
            if x.mean() > 0:
                return x * 2
            return x * 0.5

    def init(self):
        self.seq = ms.nn.SequentialCell([Gate(), ms.nn.ReLU(), Gate()])

    def construct(self, x):
        return self.seq(x)

    return run(ms, construct, V(1, 2), V(-5, 2), init=init)


def case_raise_by_tensor_not_taken(ms):
    def construct(self, x):
        if x.sum() < 0:
            raise ValueError("negative")
        return x * 2

    return run(ms, construct, V(1, 2), grads=False)


def case_assert_by_tensor_true(ms):
    def construct(self, x):
        assert x.sum() > 0, "must be positive"
        return x * 2

    return run(ms, construct, V(1, 2), grads=False)


def case_in_place_item_in_branch(ms):
    def construct(self, x):
        y = x * 1
        if x.sum() > 0:
            y[0] = y[1] * 2
        else:
            y[1:] = 0
        return y * y

    return run(ms, construct, V(1, 2, 3), V(-1, -2, -3))


def case_bubble_sort(ms):
    @ms.jit
    def sort(x):
        for i in range(4):
            for j in range(4 - i - 1):
                if x[j] > x[j + 1]:
                    t = x[j]
                    x[j] = x[j + 1]
                    x[j + 1] = t
        return x

    return {"s": show(sort(ms.Tensor(V(4, 2, 3, 1))))}


def case_gradient_of_while_index(ms):
    def construct(self, x, y):
        i = ms.Tensor(0, ms.int32)
        while i < 3:
            x = x + y[i] * x
            i = i + 1
        return x

    class Net(ms.nn.Cell):
        pass

    Net.construct = construct
    return {"g": show(ms.grad(Net(), (0, 1))(ms.Tensor(V(1, 2)), ms.Tensor(V(1, 2, 3, 4))))}
