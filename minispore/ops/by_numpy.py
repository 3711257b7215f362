"""Ops whose value a function of NumPy arrays computes, in compiled steps too, which call it: transforms and eigenvalues, where LAPACK
and pocketfft are better than kernels of ours would be."""

import math
from itertools import count
from typing import Any

from ..core.op import library

_numbers = count()
NEVER: Any = math.inf


class _Call:
    """One such function with its attributes, as compiled steps call it."""

    def __init__(self, name: str, function, attrs: dict):
        self.name, self.function, self.attrs, self.number = name, function, attrs, next(_numbers)

    def fill(self, arrays, outputs) -> None:
        for out, value in zip(outputs, self.function(*arrays, **self.attrs)):
            out[...] = value

    def compiled(self, types, outputs):
        """(None, 0): it has no native form."""
        return None, 0


def numpy_op(name: str, function, infer, kernels=None, **more):
    """An op by ``function(*arrays, **attrs)``, which gives a tuple of arrays; ``infer`` and ``more`` as for ``library``.

    Attributes are such that a dict can have them as keys.  ``kernels(build, node)`` emits calls of compiled kernels, or says False.
    """
    calls: dict[tuple, _Call] = {}

    def lower(build, node):
        if kernels is not None and kernels(build, node):
            return
        key = tuple(node.attrs.items())
        call = calls.setdefault(key, _Call(name, function, node.attrs))
        outs = [build.output(node, k) for k in range(len(node.outs))]
        source = build.foreign_kernel(
            call, [(v.shape, v.dtype) for v in node.inputs], [(v.shape, v.dtype) for v in node.outs]
        )
        build.call(source, node, [*[build.dense(v) for v in node.inputs], *outs], extent=1, writes=outs, split=False)

    return library(name, function, infer, lower, compiled_from=NEVER, takes_complex=True, **more)


__all__: list[str] = []  # for the package
