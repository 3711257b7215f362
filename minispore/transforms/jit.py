"""The entry to the compiler: ``@jit`` functions and, in GRAPH mode, outermost cells and gradient functions."""

import functools
from typing import Any

import numpy as np

from ..core import checks, context, tree
from ..core.cache import cached
from ..core.cell_base import CellBase
from ..core.context import compiles_pieces
from ..core.errors import fail
from ..core.number import Varying
from ..core.record import STATE
from ..core.registry import supplied
from ..core.tensor import Tensor
from ..flow import runnable
from ..flow.pieces import is_made_anew


class Compilable:
    """A callable that is compiled at its first call.

    Args:
        function: function of Tensors.
        name: str, what it is called in messages and reports.
        ordered: bool, whether calls with the same arguments by name, in another order, are different calls.
            Default: False.
        fullgraph: bool, whether a call that cannot be one graph is an error.  Default: False.
    """

    def __init__(self, function, name: str, ordered: bool = False, fullgraph: bool = False):
        self.function, self.name, self.ordered, self.fullgraph = function, name, ordered, fullgraph
        self.compiled: Any = None

    def graph(self, *args, **kwargs):
        """What a call compiles to, without running it.

        Args:
            *args: the arguments of a call.
            **kwargs: its arguments by name.

        Returns:
            ``minispore.inspect.Inspection``.
        """
        return supplied("inspection")(self, *args, **kwargs)

    def __call__(self, args, kwargs):
        if STATE.in_native_call:
            return self.function(*args, **kwargs)
        compiled = self.compiled or self._made()
        return compiled(args, kwargs if self.ordered or len(kwargs) < 2 else dict(sorted(kwargs.items())))

    def inside(self, args, kwargs):
        """A call inside a recording: of a graph it becomes a part, in an eager one it is one node (graph/piece.py)."""
        if STATE.recorder.symbolic or not compiles_pieces():
            return runnable(self.function)(*args, **kwargs)
        return self._made().recorded(args, kwargs if self.ordered else dict(sorted(kwargs.items())))

    def _made(self):
        if self.compiled is None:
            self.compiled = supplied("compiled form")(self.function, self.name, fullgraph=self.fullgraph)
        return self.compiled


def transformed(function, run, name: str, key, eager=None):
    """A transform of ``function``, such as its gradient: calls ``run``, which is compiled in GRAPH mode and inlined in a trace.

    Args:
        function: gives the result its name and docstring, and holds the compiled form in its cache under ``key``.
        run: the transform in terms of ops.
        name: of the compiled function, for messages.
        eager: ``eager(args)`` tells whether a call has to run op by op in GRAPH mode, too.
    """
    compilable = cached(function, key, lambda: Compilable(run, name, ordered=True))
    passing = STATE.in_pieces is not None and is_made_anew(function)

    @functools.wraps(function if not isinstance(function, functools.partial) else function.func, updated=())
    def call(*args, **kwargs):
        whole = STATE.recorder is None and context.is_graph_mode() and not passing
        if whole and not (eager is not None and eager(args)):
            return compilable(args, kwargs)
        return run(*args, **kwargs)

    call.compilable, call.graph = compilable, compilable.graph  # type: ignore[attr-defined]
    return call


def jit(function=None, *, capture_mode="ast", jit_level="O0", dynamic=0, fullgraph=False, backend="", **options):
    """Compiles a function: all Tensors it computes become one graph, run by one native call.

    Use as ``@jit``, ``@jit(...)`` or ``jit(function)``.

    Args:
        function: function or Cell (which is marked to be compiled in every mode).  Default: None, for a decorator.
        capture_mode: accepted for MindSpore's sake, like all that follow but ``fullgraph``.
        jit_level: accepted.
        dynamic: accepted.
        fullgraph: bool, whether a call that cannot be one graph, because Python needs the value of a Tensor on some line,
            is an error.  Else it runs in compiled pieces, with one warning that names the line.  Default: False.
        backend: accepted.
        **options: accepted.

    Returns:
        function with the same arguments and results; its ``graph(...)`` shows what a call compiles to.

    Raises:
        TypeError: ``function`` cannot be called.
        ValueError: ``capture_mode``, ``jit_level`` or ``dynamic`` is none of MindSpore's.

    >>> import minispore as ms
    >>> @ms.jit
    ... def f(x, y):
    ...     return ms.ops.relu(x @ y) + 1.0
    >>> f(ms.Tensor([[1.0, -2.0]]), ms.Tensor([[1.0], [1.0]])).asnumpy().tolist()
    [[1.0]]
    """
    for name, value in {"capture_mode": capture_mode, "jit_level": jit_level, "dynamic": dynamic}.items():
        if value not in _OPTIONS[name]:
            wanted = ", ".join(map(repr, _OPTIONS[name]))
            raise fail(ValueError, f"For 'jit', '{name}' must be one of {wanted}, but got {value!r:.60}.")
    if function is None:
        return functools.partial(
            jit, capture_mode=capture_mode, jit_level=jit_level, dynamic=dynamic, fullgraph=fullgraph, backend=backend, **options
        )  # fmt: skip
    checks.boolean("jit", fullgraph=fullgraph)
    if isinstance(function, CellBase):
        function.always_compiled = True
        function.must_be_one_graph = fullgraph
        function.__dict__["_compiled"] = None
        return function
    if not callable(function):
        raise fail(TypeError, f"For 'jit', a function or a Cell is needed, but got {type(function).__name__}.")
    return _JitFunction(function, fullgraph)


_OPTIONS: dict[str, tuple] = {
    "capture_mode": ("ast", "bytecode", "trace"), "jit_level": ("", "O0", "O1", "O2"), "dynamic": (0, 1),
}  # fmt: skip


class _JitFunction:
    """A jitted function; as an attribute of a class it binds like a method."""

    __name__: str

    def __init__(self, function, fullgraph: bool):
        functools.update_wrapper(self, function)
        self.function, self.fullgraph = function, fullgraph
        self.compilable = Compilable(function, getattr(function, "__name__", "function"), fullgraph=fullgraph)
        self.graph = self.compilable.graph
        self._bound: dict[int, Any] = {}

    def __call__(self, *args, **kwargs):
        if STATE.recorder is not None:
            return self.compilable.inside(args, kwargs)
        return self.compilable(args, kwargs)

    def __get__(self, instance, owner=None):
        if instance is None or not hasattr(self.function, "__get__"):
            return self
        bound = self.function.__get__(instance, owner)

        def make():
            return self._method(Compilable(bound, self.__name__, fullgraph=self.fullgraph))

        if isinstance(getattr(instance, "__dict__", None), dict):
            return cached(bound, "jit", make)
        key = id(instance)  # a class, or an object with __slots__
        if key not in self._bound:
            self._bound[key] = make()
        return self._bound[key]

    def _method(self, compilable):
        @functools.wraps(compilable.function)
        def call(*args, **kwargs):
            if STATE.recorder is not None:
                return compilable.inside(args, kwargs)
            return compilable(args, kwargs)

        call.compilable, call.graph = compilable, compilable.graph  # type: ignore[attr-defined]
        return call


def jit_class(cls):
    """``cls`` itself: compiled functions may use objects of any class; for compatibility with MindSpore.

    Args:
        cls: class.

    Returns:
        ``cls`` itself.

    Raises:
        TypeError: ``cls`` is not a class, or is a Cell.

    >>> import minispore as ms
    >>> @ms.jit_class
    ... class Pair:
    ...     pass
    """
    if not isinstance(cls, type) or issubclass(cls, CellBase):
        raise fail(TypeError, f"For 'jit_class', a class that is not a Cell is needed, but got {cls!r:.60}.")
    return cls


def lazy_inline(fn=None, attrs=None, policy=None):
    """``fn`` itself: cells with equal kernels share them anyway; for compatibility with MindSpore, where it decorates ``__init__``.

    Args:
        fn: function.  Default: None, for a decorator.
        attrs: ignored.
        policy: ignored.

    Returns:
        ``fn`` itself, or a decorator.

    >>> import minispore as ms
    >>> ms.lazy_inline(len) is len
    True
    """
    return (lambda f: f) if fn is None else fn


class _Int(int):
    """A number that is an input of a compiled function."""


class _Float(float):
    """A number that is an input of a compiled function."""


def mutable(input_data, dynamic_len=False):
    """Marks numbers as inputs of a compiled function: a call with another value does not compile again.

    Inside a compiled function such a number is a Tensor of no axes (int64, float32): it cannot be a shape or an axis.
    Tensors are inputs in any case; bools stay plain.  Outside compiled functions nothing changes.

    Args:
        input_data: bool, int, float or Tensor, or a tuple, list or dict of them, nested.
        dynamic_len: bool, accepted for tuples and lists; each length is compiled by itself.  Default: False.

    Returns:
        the same structure, with marked ints and floats; a tuple, list or dict is of a class derived from that.

    Raises:
        TypeError: ``input_data`` is or holds something else, or ``dynamic_len`` is given for something of no length.

    >>> import minispore as ms
    >>> f = ms.jit(lambda x, k: x * k)
    >>> traces = ms.graph.compile_stats()["traces"]
    >>> print([float(f(ms.Tensor(2.0), ms.mutable(k))) for k in (1, 2, 3)])
    [2.0, 4.0, 6.0]
    >>> ms.graph.compile_stats()["traces"] - traces
    1
    """
    checks.boolean("mutable", dynamic_len=dynamic_len)
    if dynamic_len and not isinstance(input_data, (tuple, list)):
        raise fail(
            TypeError,
            f"For 'mutable' with dynamic_len=True, a tuple or list is needed, but got {type(input_data).__name__}.",
        )
    made = tree.map_leaves(_mutable_leaf, input_data)
    return tree.MUTABLE[type(made)](made) if type(made) in tree.MUTABLE else made


def _mutable_leaf(x):
    if isinstance(x, (bool, Tensor)):
        return x
    if isinstance(x, int):
        return _Int(x)
    if isinstance(x, float):
        return _Float(x)
    raise fail(
        TypeError,
        "For 'mutable', 'input_data' must be a bool, int, float or Tensor, or a tuple, list or dict of them, but it is or "
        f"holds {type(x).__name__}: {x!r:.60}.",
    )


def mutable_array(x):
    """A number marked by ``mutable`` as an array; None for anything else.

    Args:
        x: anything.

    Returns:
        0-d array of int64 or float32; None for anything else.
    """
    if type(x) is Varying:
        return x.array()
    if type(x) is _Int:
        return np.asarray(x, np.int64)
    return np.asarray(x, np.float32) if type(x) is _Float else None


ms_function = jit
