"""The base class of ``nn.Cell``, for layers below ``nn``."""

import functools
import inspect

from . import hints
from .errors import fail


def is_own(cls: type) -> bool:
    """Whether a class belongs to the package, not to a user."""
    return cls.__module__.partition(".")[0] == __package__.partition(".")[0]


class CellBase:
    """The attributes of a Cell that ``jit``, ``grad`` and ``vmap`` use."""

    is_list_of_cells = False  # a CellList, whose members ``vmap`` runs as an ensemble
    always_compiled = False  # after ``jit(cell)``: compiled in PYNATIVE mode too
    must_be_one_graph = False  # after ``jit(cell, fullgraph=True)``
    is_piece = False  # a part of the library that is compiled in PYNATIVE mode too, unless pynative_compile is off

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        own = is_own(cls)
        if own and "__init__" in vars(cls):
            cls.__init__ = _with_hints(cls.__init__)  # type: ignore[method-assign]
        if cls.is_piece and not own and "construct" in vars(cls):
            cls.is_piece = False  # what a user writes runs op by op in PYNATIVE mode

    def trainable_params(self, recurse=True) -> list:
        """The Parameters with ``requires_grad``."""
        raise NotImplementedError


def _is_tensor(value) -> bool:
    return hasattr(value, "_type") and hasattr(value, "ndim")


def fits(function, *args, **kwargs) -> bool:
    """Whether a function can be called with these arguments."""
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _with_hints(constructor):
    """A constructor whose error for an unknown keyword says which one may be meant."""

    @functools.wraps(constructor)
    def __init__(self, *args, **kwargs):
        try:
            constructor(self, *args, **kwargs)
        except TypeError:
            name = type(self).__name__
            message = hints.unknown_keyword(name, constructor, kwargs)
            if message is None and args and _is_tensor(args[0]) and not fits(constructor, self, *args, **kwargs):
                message = f"For '{name}', the class was called with a Tensor: make a layer first, layer = nn.{name}(...), then layer(x)."
            if message is None:
                raise
            raise fail(TypeError, message) from None

    return __init__
