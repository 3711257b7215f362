"""Random programs on Tensors, as source text, and what they mean: a reference that runs the same text on NumPy arrays.

A program is a function of two arguments, a matrix and a vector, which also reads two Parameters and two Tensors from
outside.  It reads, branches, loops, makes views, and changes Tensors in place through them.  ``Ref`` stands for a Tensor:
its views are views of NumPy, so a write through one is seen where it should be without any of the package's machinery.

In a gradient or a compiled call a view that was made before a write keeps its value, as in MindSpore.  A program therefore
does not read a name whose memory was written through another one, unless that was a view of it.
"""

import random
import re
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

COLUMNS = 3
NUMBERS = {"f": ["0.5", "-1.25", "2.0", "0.75", "-0.5"], "i": ["2", "-3", "1", "5"], "b": ["True", "False"]}

# Forms by kind (m: matrix, v: vector, s: scalar) and by the family of types that have them: f floats, i integers, b bool.
# {m} {v} {s} are expressions, {c} a number, {t} a condition.  All give new memory.
FORMS: dict[str, dict[str, list[str]]] = {
    "m": {
        "fib": ["{m} + {m}", "{m} * {m}", "{m} - {v}", "{m} * {v}", "{s} + {m}", "ops.where({m} > {v}, {m}, {v})", "ops.maximum({m}, {v})",
                "ops.minimum({m}, {m})", "ops.flip({m}, (1,))", "ops.concat([{m}[:, 1:], {m}[:, :1]], 1)", "ops.gather({m}, shuffled, 1)",
                "{m}[:, repeated]", "ops.where({m} == {m}, {m}, {s})", "ops.roll({m}, 1, 1)", "({m} if {t} else {m}) + {v}", "-{m}",
                "ops.select({m} > {s}, {m}, {m})", "ops.masked_fill({m}, {m} > {v}, {c})", "ops.stack([{v}, {v}], 0)[:rows] + {m}"],
        "fi": ["{m} * {c}", "{c} - {m}", "ops.abs({m})", "ops.relu({m})", "ops.clamp({m}, -1, 2)", "ops.cumsum({m}, 1)", "{m} ** 2", "ops.sign({m})",
               "ops.square({m}) - {v}", "{m} // 2 + {m}", "{m} % 3"],
        "f": ["ops.tanh({m})", "ops.sin({m})", "ops.sigmoid({m})", "ops.exp(ops.tanh({m}))", "ops.sqrt(ops.abs({m}) + 1.0)",
              "{m} / (ops.abs({v}) + 1.0)", "ops.softmax({m}, -1)", "{m} - {m}.mean(1, True)", "ops.matmul({m}, ops.stack([{v}, {v}, {v}], 0))",
              "ops.log(ops.abs({m}) + 1.5)", "ops.floor({m})", "ops.erf({m})", "ops.log_softmax({m}, 1)"],
        "b": ["{m} & {m}", "{m} | {v}", "{m} ^ {v}", "~{m}", "ops.logical_not({m})"],
    },
    "v": {
        "fib": ["{v} + {v}", "{v} * {v}", "{s} - {v}", "ops.where({v} > {v}, {v}, {s})", "ops.flip({v}, (0,))", "{v}[repeated]", "{v} * {s}",
                "ops.concat([{v}[1:], {v}[:1]])", "ops.maximum({v}, {s})", "ops.gather({v}, shuffled, 0)", "({v} if {t} else {v}) * {v}",
                "ops.minimum({v}, {v})"],
        "fi": ["{v} + {c}", "ops.abs({v})", "{v} * {c}", "ops.cumsum({v}, 0)", "{m}.sum(0).astype(kind)", "ops.sort({v})[0]", "ops.relu({v})"],
        "f": ["ops.tanh({v})", "{v} / (ops.abs({v}) + 1.0)", "ops.softmax({v}, 0)", "ops.cos({v})", "ops.matmul({m}.T, {m}).sum(1)"],
        "b": ["{v} & {v}", "{v} | {s}", "~{v}", "{m}.any(0)", "{m}.all(0)"],
    },
    "s": {
        "fib": ["{s} + {s}", "{s} * {s}", "ops.where({t1}, {s}, {s})", "({s} if {t} else {s}) + {s}", "{v}.max()", "{v}.min()"],
        "fi": ["{v}.sum().astype(kind)", "{m}.sum().astype(kind)", "{s} * {c}", "ops.abs({s})", "({v} * {v}).sum().astype(kind)", "ops.prod({v}).astype(kind)"],
        "f": ["{v}.mean()", "ops.tanh({s})", "ops.logsumexp({v}, 0)", "ops.sqrt(ops.abs({s}) + 1.0)", "ops.norm({v} + 3.0)"],
        "b": ["{m}.any()", "{v}.all()", "~{s}"],
    },
}  # fmt: skip
WITH_ROWS = {  # forms that a matrix without rows has not
    "v": {"fib": ["{m}[0] + {v}", "{m}[-1] * {v}", "ops.amax({m}, 0) - {v}"], "f": ["{m}.mean(0)"]},
    "s": {"fib": ["{m}.max()", "{m}[0, 1] + {s}", "{m}.min()"], "f": ["{m}.mean()"]},
}
CONDITIONS = [
    "{s} > {c}",
    "{s} < {s}",
    "not {s} > {s}",
    "({v} > {s}).any()",
    "({m} > {v}).all()",
    "{s} > {c} and {s} < 2",
    "{s} == {s}",
    "flag",
]
CHANGES: dict[str, list[str]] = {  # to a target {n} of any kind, by a value {e} of a shape that broadcasts
    "fib": ["{n}.add_({e})", "{n}.mul_({e})", "{n}.zero_()", "{n}.fill_({c})", "{n}[...] = {e}", "{n}.copy_({same})",
            "{n}.masked_fill_({n} > {e}, {c})"],
    "fi": ["{n}.sub_({e})", "{n}.clamp_(-2, 2)", "{n}.sign_()"],
    "f": ["{n}.tanh_()", "{n}.sigmoid_()", "{n}.div_(ops.abs({e}) + 1.0)", "{n}.floor_()"],
}  # fmt: skip
WRITES = {
    "m": ["{n}[:, 1] = {s}", "{n}[:, ::2] = {c}", "{n}[:, shuffled] = {m}", "{n}[{n} > {s}] = {c}", "{n}.T[1] = {s}", "{n}[:, 1:].mul_({s})",
          "{n}.reshape(-1)[:2] = {s}", "{n}[..., ::-1].copy_({m})", "{n}.T[0].add_({s})", "{n}[:, None, :].mul_({v})"],
    "v": ["{n}[1] = {s}", "{n}[1:] = {s}", "{n}[::2] = {c}", "{n}[shuffled] = {v}", "{n}[{n} > {s}] = {c}", "{n}[:2].add_({s})", "{n}[1] *= {s}",
          "{n}[::-1][1:].mul_({s})"],
    "s": ["{n}[...] = {s}"],
}  # fmt: skip
ROW_WRITES = [
    "{n}[0] = {v}",
    "{n}[0][1] = {s}",
    "{n}[-1].mul_({v})",
    "{n}[0] += {v}",
    "{n}[0, 2] = {s}",
    "{n}[0][1:].add_({s})",
    "{n}[0:1].mul_({v})",
]
VIEWS = {  # of a name {n}: (kind of the view, form)
    "m": [("v", "{n}[0]", True), ("v", "{n}[-1]", True), ("m", "{n}[::-1]", False), ("m", "{n}.T.T", False), ("s", "{n}[0, 1]", True),
          ("m", "{n}.reshape(-1).reshape(rows, 3)", False), ("m", "{n}[:, ::-1]", False), ("m", "ops.transpose({n}, (1, 0)).T", False),
          ("v", "{n}[0:1].reshape(3)", True), ("m", "{n}[:, None][:, 0]", False)],
    "v": [("v", "{n}[::-1]", False), ("s", "{n}[1]", False), ("v", "{n}[:]", False), ("v", "{n}.reshape(1, 3)[0]", False), ("v", "{n}[None].T[:, 0]", False)],
}  # fmt: skip


class Variable:
    """A name of the program.  ``base``: the name of which it is a view.  ``stale``: its memory was written through another."""

    def __init__(self, name: str, kind: str, base: "Variable | None" = None):
        self.name, self.kind, self.base, self.stale = name, kind, base, False

    def root(self) -> "Variable":
        return self if self.base is None else self.base.root()

    def ancestors(self) -> list["Variable"]:
        return [] if self.base is None else [self.base, *self.base.ancestors()]


class Writer:
    """Writes one program.  ``family``: "f", "i" or "b"; ``rows``: of the matrices; ``assigns``: Parameters are changed
    too.  ``views``: the program may read ``wv``, a view of a Parameter that was made outside."""

    def __init__(
        self,
        rng: random.Random,
        family: str,
        rows: int,
        outside: bool,
        assigns: bool = True,
        size: int = 6,
        views: bool = True,
    ):
        self.rng, self.family, self.rows, self.left = rng, family, rows, size
        self.lines: list[str] = []
        self.count = 0
        self.known = [Variable("x", "m"), Variable("y", "v"), Variable("w", "m"), Variable("b", "v")]
        if rows and views:
            self.known.append(Variable("wv", "v", self.known[2]))  # a view of a Parameter, made outside
        if outside:
            self.known += [Variable("o", "m"), Variable("ov", "m")]
            self.known[-1].base = self.known[-2]
        self.fixed = set() if assigns else {"w", "b"}  # roots that are not changed

    # ------------------------------------------------ expressions
    def forms(self, table) -> list[str]:
        return [form for families, forms in table.items() if self.family in families for form in forms]

    def readable(self, kind: str) -> list[str]:
        return [v.name for v in self.known if v.kind == kind and not v.stale]

    def expression(self, kind: str, depth: int = 2) -> str:
        if depth <= 0 or self.rng.random() < 0.3:
            names = self.readable(kind)
            if names:
                return self.rng.choice(names)
            if kind != "s" and depth <= 0:
                return {"m": "ops.ones((rows, 3), kind)", "v": "ops.ones((3,), kind)"}[kind]
            if depth <= 0:
                return "ops.ones((), kind)"
        return self.made(kind, depth)

    def made(self, kind: str, depth: int = 2) -> str:
        """An expression that is not a name alone, and so has memory of its own."""
        forms = self.forms(FORMS[kind]) + (self.forms(WITH_ROWS.get(kind, {})) if self.rows else [])
        return self.filled(self.rng.choice(forms), depth - 1)

    def filled(self, form: str, depth: int, **given: str) -> str:
        def part(match):
            what = match[1]
            if what in given:
                return given[what]
            if what == "c":
                return self.rng.choice(NUMBERS[self.family])
            if what == "t":
                return self.condition(depth - 1)
            if what == "t1":
                return self.filled("{s} > {s}", 0)
            text = self.expression(what, depth)
            return text if text.isidentifier() else f"({text})"

        return re.sub(r"\{(\w+)\}", part, form)

    def condition(self, depth: int = 1) -> str:
        return "(" + self.filled(self.rng.choice(CONDITIONS), depth) + ")"

    # ------------------------------------------------ statements
    def put(self, indent: int, text: str) -> None:
        self.lines.append("    " * indent + text)

    def new(self, kind: str, base: Variable | None = None) -> Variable:
        self.count += 1
        return Variable(f"{kind}{self.count}", kind, base)

    def block(self, indent: int, depth: int, most: int = 3) -> None:
        known = list(self.known)
        for _ in range(self.rng.randint(1, most)):
            self.statement(indent, depth)
        self.known = known  # what a block makes is not known after it

    def statement(self, indent: int, depth: int) -> None:
        self.left -= 1
        kinds = ["assign"] * 4 + ["view"] * 3 + ["change"] * 4 + ["write"] * 4
        if depth > 0 and self.left > 0:
            kinds += ["if", "if", "for", "while", "rows"]
        getattr(self, "do_" + self.rng.choice(kinds))(indent, depth)

    def do_assign(self, indent: int, depth: int) -> None:
        kind = self.rng.choice("mmvs")
        text = self.made(kind)
        alone = [
            v
            for v in self.known
            if v.kind == kind and v.base is None and v.name[0] == kind and not any(u.base is v for u in self.known)
        ]
        if alone and self.rng.random() < 0.4:
            target = self.rng.choice(alone)
            target.stale = False
        else:
            target = self.new(kind)
            self.known.append(target)
        self.put(indent, f"{target.name} = {text}")

    def do_view(self, indent: int, depth: int) -> None:
        bases = [v for v in self.known if v.kind in VIEWS and not v.stale]
        base = self.rng.choice(bases)
        kind, form, needs_rows = self.rng.choice(VIEWS[base.kind])
        if needs_rows and not self.rows:
            return self.do_assign(indent, depth)
        made = self.new(kind, base)
        self.put(indent, f"{made.name} = {self.filled(form, 0, n=base.name)}")
        self.known.append(made)
        return None

    def target(self) -> Variable:
        return self.rng.choice([v for v in self.known if v.root().name not in self.fixed])

    def written(self, target: Variable) -> None:
        above = target.ancestors()
        for v in self.known:
            if v.root() is target.root():
                v.stale = not (v is target or v in above)

    def do_change(self, indent: int, depth: int) -> None:
        n = self.target()
        kind = self.rng.choice({"m": "mvs", "v": "vs", "s": "s"}[n.kind])
        forms = [f for families, listed in CHANGES.items() if self.family in families for f in listed]
        form = self.rng.choice(forms)
        if n.stale and "masked" in form:
            form = "{n}.add_({e})"  # it reads the name first
        self.put(indent, self.filled(form, 1, n=n.name, e=self.expression(kind, 1), same=self.expression(n.kind, 1)))
        self.written(n)

    def do_write(self, indent: int, depth: int) -> None:
        n = self.target()
        forms = WRITES[n.kind] + (ROW_WRITES if n.kind == "m" and self.rows else [])
        form = self.rng.choice(forms)
        if n.stale:
            form = {"m": "{n}[:, 1] = {s}", "v": "{n}[1] = {s}", "s": "{n}[...] = {s}"}[n.kind]
        self.put(indent, self.filled(form, 1, n=n.name))
        self.written(n)

    def do_if(self, indent: int, depth: int) -> None:
        self.put(indent, f"if {self.condition()}:")
        self.block(indent + 1, depth - 1)
        if self.rng.random() < 0.5:
            self.put(indent, "else:")
            self.block(indent + 1, depth - 1)

    def do_for(self, indent: int, depth: int) -> None:
        self.put(indent, f"for k in {self.rng.choice(['range(2)', 'range(3, 0, -2)', '(0, 1)'])}:")
        self.loop(indent, depth)

    def do_while(self, indent: int, depth: int) -> None:
        self.count += 1
        n = f"n{self.count}"
        self.put(indent, f"{n} = 0")
        self.put(indent, f"while {n} < {self.rng.choice('23')} and {self.condition()}:")
        self.put(indent + 1, f"{n} += 1")
        self.loop(indent, depth)

    def do_rows(self, indent: int, depth: int) -> None:
        row = self.new("v")
        self.put(indent, f"for {row.name} in {self.made('m', 1)}:")
        known = list(self.known)
        self.known.append(row)
        self.loop(indent, depth)
        self.known = known

    def loop(self, indent: int, depth: int) -> None:
        """A body: what it writes is stale at its start from the second iteration on, so it is written twice and kept once valid."""
        start, lines, count = [(v, v.stale) for v in self.known], len(self.lines), self.count
        state = self.rng.getstate()
        for _ in range(3):  # until what is stale at the start stays so
            before = {v.name for v in self.known if v.stale}
            self.rng.setstate(state)
            del self.lines[lines:]
            self.count = count
            self.block(indent + 1, depth - 1, 2)
            if {v.name for v in self.known if v.stale} <= before:
                return
            for v, stale in start:
                v.stale = v.stale or stale or v.name in before
        del self.lines[lines:]
        self.put(indent + 1, "pass")

    def source(self) -> str:
        for _ in range(self.rng.randint(2, 4)):
            self.statement(1, 2)
        self.put(1, f"return {self.made('m', 1)}, {self.made('s', 1)}")
        return "def program(x, y):\n" + "\n".join(self.lines) + "\n"


# ---------------------------------------------------------------- what programs mean
class Stale(Exception):
    """A name is read whose memory was written through another one, or a view is asked for that NumPy cannot make."""


class Ref:
    """What a Tensor is, in NumPy: an array whose views share its memory.  ``base``: the Ref of which it is a view."""

    def __init__(self, array, base: "Ref | None" = None):
        self.memory = np.asarray(array)
        self.base = base
        self.writes: list[int] = [0] if base is None else base.writes  # to this memory, by anyone
        self.seen = self.writes[0] if base is None else base.seen

    @property
    def a(self):
        """The array, to be read."""
        if self.seen != self.writes[0]:
            raise Stale
        return self.memory

    def changed(self):
        """Notes a write: the views that were made before are stale, except those through which it went."""
        self.writes[0] += 1
        part: Ref | None = self
        while part is not None:
            part.seen, part = self.writes[0], part.base
        return self

    def __getitem__(self, key):
        key = _plain(key)
        found = self.memory[key]
        if isinstance(found, np.generic):  # a single element: a view of it
            found = self.memory[(*(key if isinstance(key, tuple) else (key,)), ...)]
        return self.view(found) if np.shares_memory(found, self.memory) or not found.size else Ref(self.a[key])

    def view(self, array):
        return Ref(array, self)

    def __setitem__(self, key, value):
        self.memory[_plain(key)] = _plain(value)
        self.changed()

    def __iter__(self):
        return (Ref(row) for row in self.a)

    def __bool__(self):
        return bool(self.a)

    def _put(self, value):
        self.memory[...] = np.asarray(value).astype(self.memory.dtype)
        return self.changed()

    T = property(lambda self: self.view(self.memory.T))

    def reshape(self, *shape):
        found = self.memory.reshape(*shape)
        if found.size and not np.shares_memory(found, self.memory):  # a copy or a view: it depends on the mode
            raise Stale
        return self.view(found)

    def astype(self, dtype):
        return Ref(self.a.astype(dtype))

    def sum(self, axis=None):
        return Ref(_wide(self.a.sum, self.a, axis=axis))

    def mean(self, axis=None, keep_dims=False):
        return Ref(_wide(self.a.mean, self.a, axis=axis, keepdims=keep_dims))

    def max(self):
        return Ref(self.a.max())

    def min(self):
        return Ref(self.a.min())

    def any(self, axis=None):
        return Ref(self.a.any(axis))

    def all(self, axis=None):
        return Ref(self.a.all(axis))

    def add_(self, other):
        return self._put(_add(self.memory, _plain(other)))

    def sub_(self, other):
        return self._put(_subtract(self.memory, _plain(other)))

    def mul_(self, other):
        return self._put(self.memory * _plain(other))

    def div_(self, other):
        return self._put(self.memory / _plain(other))

    def zero_(self):
        return self._put(0)

    def fill_(self, value):
        return self._put(value)

    copy_ = lambda self, other: self._put(_plain(other))

    def masked_fill_(self, mask, value):
        self.memory[np.broadcast_to(_plain(mask), self.memory.shape)] = value
        return self.changed()

    def clamp_(self, low, high):
        return self._put(_clamp(self.memory, low, high))

    def sign_(self):
        return self._put(np.sign(self.memory))

    def tanh_(self):
        return self._put(np.tanh(self.memory))

    def sigmoid_(self):
        return self._put(_sigmoid(self.memory))

    def floor_(self):
        return self._put(np.floor(self.memory))

    def __neg__(self):
        return Ref(self.a.copy() if self.a.dtype == bool else -self.a)

    def __invert__(self):
        return Ref(~self.a)


def _plain(x):
    if isinstance(x, tuple):
        return tuple(map(_plain, x))
    return x.a if isinstance(x, Ref) else x


def _add(a, b):
    return a + b


def _subtract(a, b):
    return np.logical_xor(a, b) if np.asarray(a).dtype == bool and np.asarray(b).dtype == bool else a - b


def _quotient(a, b):
    """Of infinities floor(a / b), as in MindSpore."""
    if a.dtype.kind != "f":
        return a // b
    return np.where(np.isinf(a), np.floor(a / b), a // b).astype(a.dtype)


def _wide(function, a, **how):
    """16-bit floats are summed in float32."""
    return function(dtype=np.float32, **how).astype(a.dtype) if a.dtype == np.float16 else function(**how)


def _clamp(a, low, high):
    return np.minimum(np.maximum(a, np.asarray(low, a.dtype)), np.asarray(high, a.dtype))


def _sigmoid(a):
    return (1 / (1 + np.exp(-a))).astype(a.dtype)


def _operators():
    pairs = {
        "add": _add, "sub": _subtract, "mul": lambda a, b: a * b, "truediv": lambda a, b: a / b, "floordiv": _quotient, "mod": lambda a, b: a % b,
        "pow": lambda a, b: a**b, "and": lambda a, b: a & b, "or": lambda a, b: a | b, "xor": lambda a, b: a ^ b, "gt": lambda a, b: a > b,
        "lt": lambda a, b: a < b, "eq": lambda a, b: a == b,
    }  # fmt: skip
    for name, function in pairs.items():
        setattr(Ref, f"__{name}__", lambda self, other, f=function: Ref(f(self.a, _plain(other))))
        setattr(Ref, f"__r{name}__", lambda self, other, f=function: Ref(f(_plain(other), self.a)))


_operators()


class RefOps:
    """The functions of ``ops`` that programs call, in NumPy."""

    def __getattr__(self, name):
        return lambda x, *args: Ref(getattr(np, name)(x.a, *args))

    def where(self, condition, a, b):
        return Ref(np.where(_plain(condition), _plain(a), _plain(b)))

    select = where

    def maximum(self, a, b):
        return Ref(np.maximum(a.a, b.a))

    def minimum(self, a, b):
        return Ref(np.minimum(a.a, b.a))

    def flip(self, x, axes):
        return Ref(np.flip(x.a, axes).copy())

    def concat(self, parts, axis=0):
        return Ref(np.concatenate([p.a for p in parts], axis))

    def stack(self, parts, axis=0):
        return Ref(np.stack([p.a for p in parts], axis))

    def gather(self, x, index, axis):
        return Ref(np.take(x.a, index.a, axis))

    def masked_fill(self, x, mask, value):
        return Ref(np.where(mask.a, np.asarray(value, x.a.dtype), x.a))

    def logical_not(self, x):
        return Ref(~x.a)

    def relu(self, x):
        return Ref(np.where(np.isnan(x.a) | (x.a > 0), x.a, np.zeros((), x.a.dtype)))

    def clamp(self, x, low, high):
        return Ref(_clamp(x.a, low, high))

    def cumsum(self, x, axis):
        return Ref(np.cumsum(x.a, axis, dtype=np.float32 if x.a.dtype == np.float16 else x.a.dtype).astype(x.a.dtype))

    def sigmoid(self, x):
        return Ref(_sigmoid(x.a))

    def erf(self, x):
        from math import erf

        return Ref(np.vectorize(erf, otypes=[np.float64])(x.a).astype(x.a.dtype).reshape(x.a.shape))

    def softmax(self, x, axis):
        return Ref(np.exp(self.log_softmax(x, axis).a))

    def log_softmax(self, x, axis):
        wide = x.a.astype(np.float32) if x.a.dtype == np.float16 else x.a
        if x.a.shape[axis] == 0 or x.a.size == 0:
            return Ref(x.a.copy())
        shifted = wide - wide.max(axis, keepdims=True)
        return Ref((shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))).astype(x.a.dtype))

    def matmul(self, a, b):
        wide = np.float32 if a.a.dtype == np.float16 else a.a.dtype
        return Ref(np.matmul(a.a.astype(wide), b.a.astype(wide)).astype(a.a.dtype))

    def sort(self, x):
        return Ref(np.sort(x.a)), Ref(np.argsort(x.a))

    def prod(self, x):
        return Ref(_wide(x.a.prod, x.a))

    def amax(self, x, axis):
        return Ref(x.a.max(axis))

    def logsumexp(self, x, axis):
        wide = x.a.astype(np.float32) if x.a.dtype == np.float16 else x.a
        top = wide.max(axis)
        top = top if np.isfinite(top) else np.zeros((), wide.dtype)
        return Ref((np.log(np.exp(wide - top).sum(axis)) + top).astype(x.a.dtype))

    def norm(self, x):
        return Ref(np.asarray(np.sqrt((x.a.astype(np.float64) ** 2).sum())).astype(x.a.dtype))

    def roll(self, x, by, axis):
        return Ref(np.roll(x.a, by, axis))

    def transpose(self, x, axes):
        return x.view(x.memory.transpose(axes))

    def ones(self, shape, dtype):
        return Ref(np.ones(shape, dtype))


INDICES = {"shuffled": np.array([2, 0, 1], np.int32), "repeated": np.array([1, 2, 1], np.int32)}


@lru_cache(maxsize=8)
def _compiled(source: str) -> CodeType:
    return compile(source, "<program>", "exec")


def by_numpy(source: str, data: dict[str, np.ndarray]) -> dict[str, Any]:
    """The results of a program and what it leaves in its inputs, by name."""
    arrays: dict[str, Any] = {name: Ref(a.copy()) for name, a in data.items()}
    arrays["ov"] = arrays["o"][:, ::-1]
    names = {"ops": RefOps(), "rows": len(data["x"]), "kind": data["x"].dtype, "flag": True, **arrays}
    if len(data["w"]):
        names["wv"] = arrays["w"][0]
    names |= {name: Ref(a) for name, a in INDICES.items()}
    exec(_compiled(source), names)
    with np.errstate(all="ignore"):
        m, s = names["program"](arrays["x"], arrays["y"])
    return {"m": m.a.copy(), "s": s.a.copy()} | {n: arrays[n].memory for n in data}
