"""New sizes of a call that is known: served without a trace, with the bits of a step that was built for them."""

import random
import warnings
from types import FunctionType

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops, scipy
from minispore.core import tree
from minispore.core.random import COUNTER
from minispore.core.sizes import Size, Sizes, code_of, counted, decided, window_of
from minispore.graph import build, compile_stats, families
from minispore.graph.compiled import Compiled
from minispore.graph.lower import Builder
from minispore.graph.same_table import Difference, require_same
from minispore.graph.template import Template
from minispore.graph.trace import trace

pytestmark = pytest.mark.usefixtures("graph_mode")


@pytest.fixture(autouse=True)
def _errors_are_raised(monkeypatch):
    """What goes wrong while a template is made fails the test: in use, the call is built as usual."""
    monkeypatch.setattr(families, "RAISES", True)


def floats(*shape):
    return Tensor(np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32))


def ints(high, *shape):
    return Tensor(np.random.default_rng(sum(shape)).integers(0, high, shape).astype(np.int32))


def counted_in(call):
    """(traces, executables from templates) of a call."""
    before = compile_stats()
    call()
    after = compile_stats()
    return after["traces"] - before["traces"], after["resized"] - before["resized"]


# ---------------------------------------------------------------- sizes
def test_arithmetic_of_sizes_becomes_polynomials():
    sizes = Sizes()
    n, m = sizes.symbol("n", 12), sizes.symbol("m", 5)
    assert (n * 4 - n).text == "3*n" and type(n - n) is int and (n * m) // n is not None
    assert (64 * n) // 8 == 8 * n and (64 * n) % 8 == 0 and ((n + m) * 2).text == "2*m + 2*n"
    assert isinstance(n, int) and isinstance(n / 2, float) and not sizes.conditions


def test_what_holds_for_all_lengths_is_no_condition():
    sizes = Sizes()
    n = sizes.symbol("n", 12)
    assert n > 0 and n * 8 >= 16 and n * n != 1 and n == n * 1 and not n * 3 < 6 and not sizes.conditions
    assert n > 10 and sizes.conditions == {"-10 + n > 0": True}


@pytest.mark.parametrize(
    "use", [range, hash, str, float, np.asarray, lambda n: [0] * n, lambda n: np.float32(2) ** [n], "{}".format]
)
def test_a_use_as_a_plain_number_fixes_a_size(use):
    sizes = Sizes()
    n = sizes.symbol("n", 12)
    result = use(n)
    assert type(result) is type(use(12)) and np.all(result == use(12)) and not sizes.unfixed()


def test_after_the_trace_a_size_is_its_number():
    sizes = Sizes()
    n = sizes.symbol("n", 12)
    sizes.close()
    assert type(n + 1) is int and n + 1 == 13 and n > 11 and not sizes.conditions


def test_a_later_part_has_its_own_conditions_and_defines_what_it_uses():
    sizes = Sizes()
    n = sizes.symbol("n", 12)
    assert n > 3
    outer = n // 5
    values = {**sizes.space(), "n": 12}
    FunctionType(code_of(sizes.first, []), values)()
    first = sizes.part()
    half = n // 2
    assert half * n > 50 and outer > 1 and n > 3
    assert set(first.conditions) == {"-50 + n*t1 > 0", "-1 + t0 > 0"} and set(sizes.conditions) == {"-3 + n > 0"}
    second = sizes.part()
    assert half * 2 == 12 and first.conditions.keys().isdisjoint(second.conditions)
    of_first, of_second = code_of(first, [half.text]), code_of(second, [(half + outer).text])
    assert FunctionType(of_second, dict(values))() == (8,)  # half is defined in the second part, too
    assert FunctionType(of_first, {**values, "n": 8, "t0": 1})() is None
    later = {**values, "n": 30, "t0": 6}
    assert FunctionType(of_first, later)() == (15,)
    sizes.close()
    sizes.take(later)
    sizes.part()
    assert int(n) == 30 and int(half * n) == 450 and int(outer) == 6


@decided
def _is_odd(n, pair):
    return (n + pair[0]) % 2 == 1


@counted
def _halves(n):
    return n // 2, n - n // 2


def _program(choose, n, m):
    """Arithmetic and branches that ``choose`` makes up: the same for the same choices."""
    values, steps = [n, m, 3, 7], 0
    for _ in range(14):
        a, b, kind = choose.choice(values), choose.choice(values), choose.randrange(9)
        if kind == 0:
            made = a + b
        elif kind == 1:
            made = a - b
        elif kind == 2:
            made = a * b
        elif kind == 3:
            made = a // (b * b + 1)
        elif kind == 4:
            made = a % 5
        elif kind == 5:
            made = max(a, b)
        elif kind == 6:
            made = a if a < b else b + 1
        elif kind == 7:
            made = _halves(a)[1] if _is_odd(a, (b, 1)) else 2
        else:
            start, step, count = window_of(slice(None, choose.choice([None, a, -2]), choose.choice([1, 2, -1])), n)
            made = start + step * count
        values.append(made)
        steps += bool(made > 10)
    return [values[-1], values[-2], steps]


@pytest.mark.parametrize("seed", range(60))
def test_a_function_of_sizes_gives_what_python_gives_or_refuses(seed):
    served = 0
    sizes = Sizes()
    found = _program(random.Random(seed), sizes.symbol("n", 12), sizes.symbol("m", 5))
    function = sizes.function([x.text if type(x) is Size else repr(x) for x in found])
    sizes.close()
    assert function(12, 5) == _program(random.Random(seed), 12, 5)
    for n in range(2, 30):
        for m in (2, 4, 5, 6, 11, 40):
            made = function(n, m)
            served += made is not None
            assert made is None or made == _program(random.Random(seed), n, m)
    assert served


# ---------------------------------------------------------------- programs
def trained(net, optimizer=nn.Adam, **options):
    optimizer = optimizer(net.trainable_params(), 1e-2, **options)
    compute = ms.value_and_grad(net, None, optimizer.parameters)

    def step(*inputs):
        loss, grads = compute(*inputs)
        optimizer(grads)
        return loss

    return step, list({id(p): p for p in (*net.get_parameters(), *optimizer.get_parameters())}.values())


class Dense(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Dense(20, 32), nn.Dense(32, 5)

    def construct(self, x, y):
        return ops.cross_entropy(self.last(ops.relu(self.first(x))), y)


class Images(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.last = nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Dense(8, 5)

    def construct(self, x, y):
        return ops.cross_entropy(self.last(ops.relu(self.norm(self.conv(x))).mean((2, 3))), y)


class Strided(nn.Cell):
    """The forms of convolutions and pooling with strides that a residual net has."""

    def __init__(self):
        super().__init__()
        self.stem, self.pool = nn.Conv2d(3, 16, 7, 2), nn.MaxPool2d(3, 2, pad_mode="same")
        self.first, self.down, self.apart = (
            nn.Conv2d(16, 24, 3, 2),
            nn.Conv2d(16, 24, 1, 2),
            nn.Conv2d(24, 24, 3, 2, group=24),
        )
        self.last = nn.Dense(24, 5)

    def construct(self, x, y):
        x = self.pool(ops.relu(self.stem(x)))
        x = ops.relu(self.first(x) + self.down(x))
        return ops.cross_entropy(self.last(self.apart(x).mean((2, 3))), y)


class Words(nn.Cell):
    """A decoder of one block, with positions, a causal mask and dropout."""

    def __init__(self):
        super().__init__()
        self.table, self.places = nn.Embedding(50, 32), Parameter(floats(64, 32), name="places")
        self.mixed, self.out, self.head = nn.Dense(32, 96), nn.Dense(32, 32), nn.Dense(32, 50)
        self.dropout = nn.Dropout(p=0.1)

    def construct(self, words, wanted):
        count, length = words.shape
        x = self.table(words) + self.places[:length]
        q, k, v = (h.reshape(count, length, 4, 8).transpose(0, 2, 1, 3) for h in ops.split(self.mixed(x), 32, -1))
        seen = ops.tril(ops.ones((length, length), ms.float32))
        weights = ops.softmax(ops.masked_fill(q @ k.transpose(0, 1, 3, 2) / 8**0.5, seen == 0, -1e9), -1)
        x = x + self.dropout(self.out((weights @ v).transpose(0, 2, 1, 3).reshape(count, length, 32)))
        return ops.cross_entropy(self.head(x).reshape(-1, 50), wanted.reshape(-1))


class Encoder(nn.Cell):
    """Two blocks of an encoder."""

    def __init__(self):
        super().__init__()
        self.inner = nn.TransformerEncoder(nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True), 2)
        self.out = nn.Dense(32, 5)

    def construct(self, x, y):
        return ops.cross_entropy(self.out(self.inner(x).mean(1)), y)


class Wide(nn.Cell):
    """Layers whose products are thin for a small batch."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Dense(300, 256), nn.Dense(256, 5)

    def construct(self, x, y):
        return ops.cross_entropy(self.second(ops.relu(self.first(x))), y)


class Sequence(nn.Cell):
    def __init__(self):
        super().__init__()
        self.inner, self.last = nn.LSTM(8, 16, batch_first=True, bidirectional=True), nn.Dense(32, 3)

    def construct(self, x, y):
        return ops.cross_entropy(self.last(self.inner(x)[0].mean(1)), y)


def _branch(x):
    def loss(x):
        y = x * 2.0 if x.sum() > 0 else x - 1.0
        turn = ops.zeros((), ms.int32)
        while turn < 3 and y.sum() < 1e6:
            y, turn = y * 1.5 + 1.0, turn + 1
        return (y * y).mean()

    return ms.value_and_grad(loss)(x)


def _of_sizes(x):
    n, m = x.shape
    return (
        x / n + m**2 - ops.sqrt(x * x) * x.size,
        x if n > 9 else x + 1.0,
        ops.arange(n) * n,
        ops.eye(n),
        x[: n // 2],
        x[n - 1, -1:],
    )


def _shapes(x):
    return (
        ops.concat([x, x[:2], x[1:]], 0), ops.stack([x, x + 1.0], 1), x.reshape(-1), ops.tile(x, (2, 1)), x.T @ x, ops.flip(x, (0,)),
        x[::2], ops.cumsum(x, 0), ops.sort(x, 0)[0], x.max(0), x.argmax(0), x.std(0), ops.pad(x, (1, 2)),
    )  # fmt: skip


def _given(x):
    """Lengths that are arguments: of what is made, left out or repeated, of windows and segments."""
    n = x.shape[0]
    whole, half = n * 4, n * 2
    planes, ids = x.reshape(1, 1, n, -1), ops.zeros((whole,), ms.int32)
    return (
        x + ops.linspace(0.0, 1.0, n).reshape(n, 1), ops.repeat_interleave(x[:1], n, 0), x[:1].expand(n, x.shape[1]).sum(0),
        ops.split(ops.tile(x, (4, 1)), half)[1], ops.split(ops.tile(x, (4, 1)), half + n)[1], ops.topk(x, n - 2, 0)[0],
        ops.unsorted_segment_sum(ops.tile(x, (4, 1)), ids, n), ops.unsorted_segment_max(ops.tile(x, (4, 1)), ids, half),
        ops.sequence_mask(Tensor([2, 3]), n), ops.randperm(n), ops.real(ops.fft(x, None, 0, "ortho")),
        ops.affine_grid(Tensor([[[1.0, 0.5, 0.0], [0.0, 1.0, 0.0]]]), (1, 1, n, half), align_corners=True),
        ops.avg_pool2d(planes, 2, 2), ops.avg_pool2d(planes, 3, 1, 1, count_include_pad=False), ops.avg_pool2d(planes, (n, 2), 1),
        ops.adaptive_avg_pool2d(planes, (3, 2)), ops.adaptive_avg_pool2d(planes, (half, 2)), ops.adaptive_max_pool2d(planes, 1),
        ops.interpolate(planes, size=(half, n), mode="nearest"), ops.vander(x[:, 0]), ops.matrix_power(x @ x.T, 0),
    )  # fmt: skip


def _turned(x):
    """A view that lies where its source does only while an axis of it has one element."""
    n, m, _ = x.shape
    rows = ops.relu(x)[:, : m // 2].transpose(1, 0, 2).reshape(m // 2 * n, 8)
    return ops.softmax(rows, -1), rows @ x[0, :1].T


def _border(x):
    """Windows that see nothing but the border."""
    return ops.conv3d(x, ops.ones((3, 2, 3, 2, 3), ms.float32), None, (3, 1, 2), "pad", (0, 2, 1))


def _draws(x):
    return ops.dropout(x, 0.5), ops.rand(x.shape[0], 2), ops.randn(3, x.shape[0])


def _called_back(x):
    """Functions of NumPy, which see the arrays of the call."""
    return ops.real(ops.fft(x)), ops.irfft(ops.rfft(x) * 2.0), scipy.linalg.eigh(x @ x.T)[0]


def _power(x):
    return (ops.abs(ops.rfft(x)) ** 3.0).sum()


PROGRAMS = {
    "dense": (lambda: trained(Dense()), [(floats(n, 20), ints(5, n)) for n in (8, 11, 10, 12, 70, 90, 1, 0, 17)]),
    "images": (lambda: trained(Images(), nn.Momentum, momentum=0.9), [(floats(n, 3, 12, 12), ints(5, n)) for n in (8, 11, 10, 12)]),
    "planes": (lambda: trained(Images()), [(floats(2, 3, n, n), ints(5, 2)) for n in (12, 20, 14, 33)]),
    "strided": (lambda: trained(Strided()), [(floats(2, 3, n, m), ints(5, 2)) for n, m in ((36, 40), (32, 33), (30, 37), (35, 24))]),
    "words": (lambda: trained(Words()), [(ints(50, b, n), ints(50, b, n)) for b, n in ((2, 18), (2, 19), (2, 21), (2, 27), (3, 22), (3, 23), (4, 38))]),
    "sequence": (lambda: trained(Sequence()), [(floats(b, n, 8), ints(3, b)) for b, n in ((2, 70), (2, 71), (2, 90), (2, 73))]),
    "branch": (lambda: (_branch, []), [(floats(n, 3),) for n in (8, 9, 10, 12)]),
    "numbers": (lambda: (_of_sizes, []), [(floats(n, m),) for n, m in ((14, 3), (15, 3), (16, 4), (17, 5), (12, 6), (4, 7), (5, 3))]),
    "given": (lambda: (_given, []), [(floats(n, 6),) for n in (20, 23, 26, 32, 29, 35)]),
    "shapes": (lambda: (_shapes, []), [(floats(n, 3),) for n in (40, 41, 43, 55, 62, 80, 5, 1, 2)]),
    "turned": (lambda: (_turned, []), [(floats(n, m, 8),) for n, m in ((5, 2), (4, 3), (6, 6), (3, 9), (4, 2))]),
    "border": (lambda: (_border, []), [(floats(3, 2, n, m, 5),) for n, m in ((9, 5), (6, 3), (9, 3), (6, 4))]),
    "called back": (lambda: (_called_back, []), [(floats(n, 6),) for n in (5, 7, 4, 5, 7)]),
    "spectra": (lambda: (ms.grad(_power), []), [(floats(n, m),) for n, m in ((16, 16), (17, 40), (31, 100), (20, 36))]),
    "draws": (lambda: (_draws, []), [(floats(n, 3),) for n in (5, 6, 7, 9, 0)]),
    "vmap": (lambda: (ms.vmap(ms.grad(lambda x, y: (x * y).sum()), (0, None)), []), [(floats(n, 3), floats(3)) for n in (5, 6, 7, 1)]),
}  # fmt: skip


def bits(result):
    return [(x.shape, x.dtype, x.asnumpy().tobytes()) for x in tree.tensors(result)]


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("threads", [1, 2])
def test_a_step_from_a_template_has_the_bits_of_one_built_afresh(name, threads):
    make, calls = PROGRAMS[name]
    before = ms.graph.build.threads()
    ms.graph.build.set_threads(threads)
    try:
        step, state = make()
        compiled = Compiled(step, "step")
        resized = 0
        for args in calls:
            start = [p.asnumpy().copy() for p in (*state, COUNTER)]
            before_call = compile_stats()["resized"]
            found = bits(compiled(args, {})) + bits(state)
            resized += compile_stats()["resized"] - before_call
            for p, old in zip((*state, COUNTER), start):
                np.copyto(p._data, old)
            assert found == bits(Compiled(step, "afresh")(args, {})) + bits(state), args[0].shape
        assert resized > 0
    finally:
        ms.graph.build.set_threads(before)


NETWORKS = {  # how to make it, its arguments for a length, and their shapes
    "encoder": (Encoder, lambda n: (floats(8, n, 32), ints(5, 8)), lambda n: [(8, n, 32), (8,)]),
    "words": (Words, lambda n: (ints(50, 2, n), ints(50, 2, n)), lambda n: [(2, n), (2, n)]),
    "planes": (Images, lambda n: (floats(2, 3, n, n), ints(5, 2)), lambda n: [(2, 3, n, n), (2,)]),
    "strided": (Strided, lambda n: (floats(2, 3, n, n), ints(5, 2)), lambda n: [(2, 3, n, n), (2,)]),
    "images": (Images, lambda n: (floats(n, 3, 12, 12), ints(5, n)), lambda n: [(n, 3, 12, 12), (n,)]),
    "wide": (Wide, lambda n: (floats(n, 300), ints(5, n)), lambda n: [(n, 300), (n,)]),
    "sequence": (Sequence, lambda n: (floats(3, n, 8), ints(3, 3)), lambda n: [(3, n, 8), (3,)]),
}
LENGTHS = (40, 17, 64, 5, 63, 129, 10, 12, 33, 58, 8, 9, 2, 51)
SOME = {
    "words": [n for n in LENGTHS if n <= 64],
    "sequence": (70, 129, 71, 90),
    "strided": (40, 17, 64, 63, 33),
}  # as many as places; as a loop; in few plans


@pytest.mark.parametrize("name", NETWORKS)
def test_a_template_gives_for_each_length_the_table_that_is_built_for_it(name):
    """Every kernel, operand and number, for lengths on both sides of the thresholds at which kernels are chosen."""
    make, arguments, shapes = NETWORKS[name]
    step, _ = trained(make())
    templates = []
    for n in SOME.get(name, LENGTHS):
        made = next((found for t in templates if (found := t.made([n])) is not None), None)
        if made is None:
            sizes = Sizes()
            graph, _, _ = trace(step, arguments(n), {}, shapes=shapes(sizes.symbol("s0", n)))
            templates.append(Template(sizes, *build.fused(graph), 2, None))
            made = templates[-1].made([n])
        graph, units = build.fused(trace(step, arguments(n), {})[0])
        afresh = Builder(graph, units, 2)
        afresh.items = afresh.run()
        require_same(made[1], afresh, made[0], graph)
    assert len(templates) <= 4  # small constants are folded, and a slice of all places is none
    for template in templates:
        lowered = [len(recipes) for recipes in template.recipes]
        assert sum(lowered) < 3 * len(lowered)  # a unit is lowered again where a threshold differs


# ---------------------------------------------------------------- counts
def test_a_third_size_is_not_traced():
    step = ms.jit(trained(Dense())[0])
    counts = [counted_in(lambda n=n: step(floats(n, 20), ints(5, n))) for n in (20, 21, 23, 25, 23, 27)]
    assert counts == [(1, 0), (1, 0), (0, 1), (0, 1), (0, 0), (0, 1)]


def test_lengths_that_were_met_by_templates_count_as_those_that_were_traced():
    """Height and width differ at the second and the third call, one each: further ones are in both."""

    class Planes(nn.Cell):
        def construct(self, x):
            return ops.conv2d(ops.max_pool2d(x, 2, 2), ops.ones((2, 3, 3, 3), ms.float32), pad_mode="same").mean()

    step = Planes()
    sizes = ((30, 30), (36, 30), (36, 44), (44, 32), (31, 56), (52, 40))
    counts = [counted_in(lambda size=size: step(floats(2, 3, *size))) for size in sizes]
    assert counts == [(1, 0)] * 3 + [(0, 1)] * 3


def test_short_sequences_of_several_lengths_are_a_loop():
    """Turns are written out for a first length alone; the third call is built to compare with."""
    net = Sequence()
    step = ms.jit(ms.value_and_grad(net, None, net.trainable_params()))
    counts = []
    for n in (9, 12, 7, 20, 2):
        ms.set_context(mode=ms.PYNATIVE_MODE)
        right = ms.value_and_grad(net, None, net.trainable_params())(floats(2, n, 8), ints(3, 2))
        ms.set_context(mode=ms.GRAPH_MODE)
        counts.append(counted_in(lambda n=n: step(floats(2, n, 8), ints(3, 2))))
        for found, wanted in zip(*map(tree.tensors, (step(floats(2, n, 8), ints(3, 2)), right))):
            np.testing.assert_allclose(found.asnumpy(), wanted.asnumpy(), atol=1e-5)
    assert counts == [(1, 0), (1, 0), (1, 0), (0, 1), (0, 1)]


def test_a_threshold_of_a_kernel_is_no_trace():
    step = ms.jit(trained(Encoder())[0])
    lengths = (40, 17, 64, 5, 21, 70, 12, 9)
    counts = [counted_in(lambda n=n: step(floats(4, n, 32), ints(5, 4))) for n in lengths]
    assert counts == [(1, 0), (1, 0)] + [(0, 1)] * 6


def test_short_batches_share_kernels():
    step = ms.jit(trained(Wide())[0])
    kernels = []
    for n in (32, 30, 12, 4, 11, 9, 8, 7, 6, 3, 2):
        before = compile_stats()
        step(floats(n, 300), ints(5, n))
        after = compile_stats()
        kernels.append(sum(after[k] - before[k] for k in ("compiled", "loaded")))
    assert kernels[4:] == [0] * 7 and sum(kernels[1:4]) <= 4


def test_a_template_that_differs_from_what_is_built_serves_nothing(monkeypatch):
    monkeypatch.setattr(families, "RAISES", False)

    def differs(*tables):
        raise Difference

    monkeypatch.setattr(families, "require_same", differs)
    step = ms.jit(lambda x: (x * 2.0).sum(0))
    for n in (20, 21, 23, 25, 29):
        traces, resized = counted_in(lambda n=n: step(floats(n, 3)))
        assert traces >= 1 and resized == 0
        np.testing.assert_allclose(
            step(floats(n, 3)).asnumpy(), (floats(n, 3).asnumpy() * 2).sum(0), rtol=1e-5, atol=1e-5
        )


def test_python_branches_on_sizes_are_followed():
    f = ms.jit(lambda x: x * 2.0 if x.shape[0] > 10 else x + 1.0)
    traces = []
    for n in (11, 12, 13, 5, 6, 9, 10, 14):
        x, before = floats(n, 3), compile_stats()["traces"]
        np.testing.assert_array_equal(f(x).asnumpy(), x.asnumpy() * 2 if n > 10 else x.asnumpy() + 1)
        traces.append(compile_stats()["traces"] - before)
    assert traces == [1, 1, 0, 1, 1, 0, 0, 0]  # at 5 another template, which at 6 is compared with a step built afresh


def test_a_size_used_as_a_plain_number_is_traced_for_each():
    def f(x):
        total = 0.0
        for k in range(x.shape[0]):
            total = total + x[k] * k
        return total

    f = ms.jit(f)
    for n in (3, 4, 5, 6, 4):
        x = floats(n, 2)
        np.testing.assert_allclose(f(x).asnumpy(), (x.asnumpy() * np.arange(n)[:, None]).sum(0), rtol=1e-6)
    assert counted_in(lambda: f(floats(9, 2))) == (1, 0)


def test_sizes_in_the_result_are_those_of_the_call():
    f = ms.jit(lambda x: (x * 2.0, x.shape, x.shape[0] + 1))
    for n in (3, 4, 5, 6):
        y, shape, more = f(floats(n, 2))
        assert y.shape == (n, 2) and shape == (n, 2) and more == n + 1 and type(more) is int


def test_what_python_holds_is_written_by_each_trace():
    class Counts(nn.Cell):
        length = 0

        def construct(self, x):
            self.length = x.shape[0]
            return x * 2.0

    net = Counts()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for n in (3, 4, 5, 6):
            net(floats(n, 2))
            assert net.length == n and type(net.length) is int


def test_a_changed_value_is_seen_at_a_new_size():
    class Scaled(nn.Cell):
        def __init__(self):
            super().__init__()
            self.scale = 2.0

        def construct(self, x):
            return x * self.scale

    net = Scaled()
    for n in (3, 4, 5):
        net(floats(n, 2))
    net.scale = 3.0
    for n in (6, 7, 8, 9):
        np.testing.assert_array_equal(net(floats(n, 2)).asnumpy(), floats(n, 2).asnumpy() * 3)
    net.set_train(True)
    assert net(floats(10, 2)).shape == (10, 2)


def test_a_parameter_with_other_memory_is_seen():
    weight = Parameter(floats(3), name="weight")
    f = ms.jit(lambda x: x * weight)
    for n in (3, 4, 5):
        f(floats(n, 3))
    weight.set_dtype(ms.float64)
    for n in (6, 7, 8):
        np.testing.assert_array_equal(f(floats(n, 3)).asnumpy(), floats(n, 3).asnumpy() * weight.asnumpy())


# ---------------------------------------------------------------- errors, inspection
def message_of(f, *args):
    with pytest.raises(IndexError) as error:
        f(*args)
    return str(error.value)


def test_an_error_in_a_template_names_the_sizes_and_the_line_of_the_call():
    def rows(x, at):
        return x[at]

    f = ms.jit(rows)
    for n in (5, 6, 7):
        f(floats(n, 2), ints(5, n))
    at = np.zeros(9, np.int32)
    at[2] = 12
    traces = compile_stats()["traces"]
    found = message_of(f, floats(9, 2), Tensor(at))
    assert compile_stats()["traces"] == traces
    assert found == message_of(ms.jit(rows), floats(9, 2), Tensor(at)) and "12" in found and "test_sizes.py" in found


def test_an_entry_from_a_template_can_be_inspected():
    net = Dense()
    step = ms.jit(trained(net)[0])
    for n in (20, 21, 23):
        step(floats(n, 20), ints(5, n))
    graph = step.graph(floats(23, 20), ints(5, 23))
    assert any("Float32[23, 32]" in t for node in graph.nodes for t in node.types) and graph.kernels


def test_what_a_trace_with_symbolic_sizes_has_changed_is_set_back():
    lengths: list = []

    def f(x):
        if x.shape[0] > 4:
            lengths.append(x.shape[0])
        return x + 1.0

    f = ms.jit(f)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for n in (3, 5, 6, 7):
            f(floats(n, 2))
    assert lengths == [5, 6, 7] and all(type(n) is int for n in lengths)


class UpAgain(nn.Cell):
    """A convolution of a series and its transpose."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv1d(4, 8, 5, stride=2, pad_mode="valid")
        self.up = nn.Conv1dTranspose(8, 4, 4, stride=2, pad_mode="pad", padding=1)

    def construct(self, x):
        return self.up(self.down(x))


def test_what_is_remembered_of_a_convolution_holds_no_length_of_another_call():
    lengths = (2, 13), (3, 13), (4, 14), (2, 22), (5, 38), (1, 12), (7, 17), (16, 10), (8, 36), (33, 8), (2, 7)
    for _ in range(2):  # the second net asks what the first one asked
        ms.set_seed(1)
        net = UpAgain()
        for images, length in lengths:
            x = floats(images, 4, length)
            ms.set_context(mode=ms.PYNATIVE_MODE)
            right = net(x).asnumpy()
            ms.set_context(mode=ms.GRAPH_MODE)
            np.testing.assert_allclose(net(x).asnumpy(), right, atol=1e-5)
