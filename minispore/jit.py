"""Where calls enter the compiler: ``@jit`` functions, and in GRAPH mode outermost cells and gradient functions."""

import functools
from typing import Any

from .errors import fail
from .flow import runnable
from .record import STATE


class Compilable:
    """A callable with a compiled form, made at its first call."""

    def __init__(self, function, name: str):
        self.function, self.name = function, name
        self.compiled: Any = None

    def graph(self, *args, **kwargs):
        """What a call compiles to: see ``minispore.inspect.Inspection``."""
        from .inspect import graph

        return graph(self, *args, **kwargs)

    def __call__(self, args, kwargs):
        if self.compiled is None:
            from .graph.trace import Compiled

            self.compiled = Compiled(self.function, self.name)
        return self.compiled(args, kwargs)


def recording_now() -> bool:
    """Inside a trace or a gradient, where functions are inlined."""
    return STATE.recorder is not None


def jit(function=None, *, capture_mode="ast", jit_level="O0", dynamic=0, fullgraph=False, backend="", **options):
    """Compiles a function: all Tensors it computes become one graph, run by one native call.

    Use as ``@jit``, ``@jit(...)`` or ``jit(function)``; the options are accepted for MindSpore's sake.

    >>> import minispore as ms
    >>> @ms.jit
    ... def f(x, y):
    ...     return ms.ops.relu(x @ y) + 1.0
    >>> f(ms.Tensor([[1.0, -2.0]]), ms.Tensor([[1.0], [1.0]])).asnumpy().tolist()
    [[1.0]]
    """
    if function is None:
        return functools.partial(
            jit, capture_mode=capture_mode, jit_level=jit_level, dynamic=dynamic, fullgraph=fullgraph, backend=backend, **options
        )  # fmt: skip
    from .nn.cell import Cell

    if isinstance(function, Cell):
        function.always_compiled = True
        return function
    if not callable(function):
        raise fail(TypeError, f"For 'jit', a function or a Cell is needed, but got {type(function).__name__}.")
    return _JitFunction(function)


class _JitFunction:
    """A jitted function; as an attribute of a class it binds like a method."""

    __name__: str

    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function
        self.compilable = Compilable(function, getattr(function, "__name__", "function"))
        self.graph = self.compilable.graph
        self._bound: dict[int, tuple] = {}

    def __call__(self, *args, **kwargs):
        if STATE.recorder is not None:
            return runnable(self.function)(*args, **kwargs)
        return self.compilable(args, kwargs)

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        key = id(instance)
        if key not in self._bound or self._bound[key][0] is not instance:
            self._bound[key] = (instance, self._method(Compilable(self.function.__get__(instance, owner), self.__name__)))
        return self._bound[key][1]

    def _method(self, compilable):
        @functools.wraps(self.function)
        def call(*args, **kwargs):
            if STATE.recorder is not None:
                return runnable(compilable.function)(*args, **kwargs)
            return compilable(args, kwargs)

        call.compilable, call.graph = compilable, compilable.graph
        return call



def jit_class(cls):
    """``cls`` itself: objects of every class may be used in a compiled function; kept from MindSpore.

    Raises:
        TypeError: ``cls`` is not a class, or is a Cell.
    """
    from .nn.cell import Cell

    if not isinstance(cls, type) or issubclass(cls, Cell):
        raise fail(TypeError, f"For 'jit_class', a class that is not a Cell is needed, but got {cls!r:.60}.")
    return cls


ms_function = jit
