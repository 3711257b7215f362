"""The backend of einops for Tensors, put in place when a program imports einops: nothing of einops is imported before."""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import PathFinder
from typing import Any

from .. import ops
from ..core.dtype import float32
from ..core.parameter import Parameter
from ..core.tensor import Tensor

MODULE = "einops._backends"


class _Then(Loader):
    """A loader, and then ``register``."""

    def __init__(self, loader):
        self.loader = loader

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        self.loader.exec_module(module)
        register(module)


class _Finder(MetaPathFinder):
    """Finds einops' module of backends as Python does."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname != MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            spec.loader = _Then(spec.loader)
        return spec


def install() -> None:
    """Makes ``einops.rearrange``, ``reduce``, ``repeat``, ``pack``, ``unpack`` and ``einsum`` take Tensors, now or once it is imported."""
    if MODULE in sys.modules:
        register(sys.modules[MODULE])
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def register(backends: Any) -> None:
    """Defines the backend: einops finds the subclasses of ``AbstractBackend``."""

    class MinisporeBackend(backends.AbstractBackend):
        """How einops works on Tensors: by ops, so that it is compiled and has gradients."""

        framework_name = "minispore"

        def is_appropriate_type(self, tensor):
            return isinstance(tensor, Tensor)

        def from_numpy(self, x):
            return Tensor(x)

        def to_numpy(self, x):
            return x.asnumpy()

        def arange(self, start, stop):
            return ops.arange(start, stop)

        def reshape(self, x, shape):
            return x.reshape(tuple(shape))

        def transpose(self, x, axes):
            return ops.transpose(x, tuple(axes))

        def reduce(self, x, operation, axes):
            kind = "amax" if operation == "max" else "amin" if operation == "min" else operation
            for axis in sorted(axes, reverse=True) if kind == "prod" else [tuple(axes)]:
                x = getattr(ops, kind)(x, axis)
            return x

        def stack_on_zeroth_dimension(self, tensors):
            return ops.stack(tuple(tensors))

        def add_axis(self, x, new_position):
            return ops.expand_dims(x, new_position)

        def tile(self, x, repeats):
            return ops.tile(x, tuple(repeats))

        def concat(self, tensors, axis):
            return ops.concat(tuple(tensors), axis)

        def is_float_type(self, x):
            return x.dtype.is_float

        def einsum(self, pattern, *x):
            return ops.einsum(pattern, *x)

        def create_symbol(self, shape):
            return Tensor(shape=shape, dtype=float32)

    MinisporeBackend.__module__ = __name__
    known = getattr(backends, "_type2backend", {})  # so that einops changes nothing of its own while a graph is traced
    known.update(dict.fromkeys((Tensor, Parameter), MinisporeBackend()))
