"""Python called from inside a compiled step, in order, at run time: prints and taps.

Each call is a node of its own that takes what it shows and a token, and gives the next token: the tokens keep the calls
in the order of the program.  In the table its kernel is a function of Python.
"""

import builtins
from collections.abc import Callable
from contextlib import contextmanager
from itertools import count

import numpy as np

from ..core import tree
from ..core.dtype import int64
from ..core.op import library, literal, value_of, wrap
from ..core.record import STATE, Node, user_location
from ..core.tensor import Tensor

_print = builtins.print
_numbers = count()
muted = 0  # above 0 while values are only computed again, to look for something


class HostCall:
    """``function(arrays)``, called with the values of one place in the program."""

    def __init__(self, name: str, function: Callable):
        self.name, self.function, self.number = name, function, next(_numbers)

    def __call__(self, arrays) -> None:
        if not muted:
            self.function(arrays)

    def __repr__(self) -> str:
        return self.name


def _evaluate(*arrays, call):
    call(arrays[:-1])
    return (np.asarray(arrays[-1] + 1),)


def _lower(build, node):
    *values, _ = node.inputs
    types = [(v.shape, v.dtype) for v in values]
    out = build.output(node)
    source = build.host_kernel(node.attrs["call"], types)
    build.call(source, node, [*[build.dense(v) for v in node.inputs], out], extent=1, writes=[out], split=False)


host_call = library("host_call", _evaluate, lambda *values, call: [((), int64)], _lower, may_raise=True, random=True, takes_complex=True)  # fmt: skip


def call_host(call: HostCall, tensors) -> None:
    """Calls Python with the values of ``tensors``: at once where they are known, else each time the step runs."""
    recorder = STATE.recorder
    if recorder is None or not recorder.symbolic:
        call([t._array() for t in tensors])
        return
    token = recorder.effect or value_of(recorder, literal(0, int64))
    values = (*[value_of(recorder, t) for t in tensors], token)
    node = Node(
        host_call, values, {"call": call}, [((), int64)], user_location(), "/".join(recorder.scopes), recorder.forward
    )
    recorder.nodes.append(node)
    recorder.effect = node.outs[0]


def printed(*args, each: bool = False, **how) -> None:
    """``print(*args)`` of values as they are at run time; with ``each`` every argument on a line, Tensors in full."""

    def show(arrays):
        known = tree.with_tensors(args, (wrap(np.array(a)) for a in arrays))
        if not each:
            return _print(*known, **how)
        for x in known:
            _print(repr(x) if isinstance(x, Tensor) else x)

    for x in tree.leaves(args):
        if not isinstance(x, Tensor):
            str(x)  # raises where it is a variable without a value
    call_host(HostCall("print", show), tree.tensors(args))


@contextmanager
def prints_at_run_time():
    """While a function is traced, what it prints becomes part of the step."""

    def record_print(*args, **how):
        recorder = STATE.recorder
        if recorder is None or not recorder.symbolic:
            return _print(*args, **how)
        printed(*args, **how)

    before = builtins.print
    builtins.print = record_print
    try:
        yield
    finally:
        builtins.print = before


__all__ = ["HostCall", "call_host", "host_call", "muted", "printed", "prints_at_run_time"]
