"""MindSpore's ``ops.primitive``: what scripts define primitives with."""

import functools
import inspect

from .primitives import Primitive, constexpr


def prim_attr_register(fn):
    """Decorates the ``__init__`` of a Primitive: its arguments become attributes, and ``attrs``, of the object.

    >>> class Scale(Primitive):
    ...     @prim_attr_register
    ...     def __init__(self, factor=2.0):
    ...         pass
    ...     def __call__(self, x):
    ...         return x * self.factor
    >>> Scale(factor=3.0)
    Prim[Scale]<factor=3.0>
    """
    signature = inspect.signature(fn)

    @functools.wraps(fn)
    def made(self, *args, **kwargs):
        Primitive.__init__(self, type(self).__name__)
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        for name, value in list(bound.arguments.items())[1:]:
            self.add_prim_attr(name, value)
        fn(self, *args, **kwargs)

    return made


PrimitiveWithInfer = PrimitiveWithCheck = Primitive  # shapes and types follow from what __call__ computes
_primexpr = constexpr


def _get_cache_prim(cls):
    """What makes an object of a primitive class; MindSpore keeps the objects, which here cost nothing to make."""
    return cls


__all__ = ["Primitive", "PrimitiveWithCheck", "PrimitiveWithInfer", "constexpr", "prim_attr_register"]
