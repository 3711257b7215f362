"""A Python number that is an input of a graph: compiled pieces of one function pass numbers to each other without being
compiled again for each value."""

from typing import Any

import numpy as np

from .errors import graph_break
from .tensor import Tensor


class Varying:
    """Marks a number among the arguments of a compiled call: the graph takes its value as an input.

    Args:
        value: int or float.
    """

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value

    def array(self) -> np.ndarray:
        return np.asarray(self.value, np.int64 if type(self.value) is int else np.float64)


class Number:
    """What stands for a ``Varying`` number while the graph is traced.

    Arithmetic with Tensors takes it as any Python number: it adapts to their type.  Whatever else Python does with it needs
    its value, which the trace does not have.

    Args:
        tensor: Tensor of no axes, its value inside the graph.
    """

    __slots__ = ("sample", "tensor")

    def __init__(self, tensor: Tensor):
        self.tensor = tensor
        self.sample: int | float = 0.0 if tensor.dtype.is_float else 0  # for the rules of types


def _needs_value(name: str):
    def method(self, *others) -> Any:
        if any(isinstance(x, Tensor) for x in others):
            return NotImplemented
        raise graph_break(TypeError, "The value of a number is not known while the graph is traced.", number=True)

    method.__name__ = name
    return method


_BINARY = "add sub mul truediv floordiv mod pow divmod lshift rshift and or xor"
_OTHERS = (
    "lt le gt ge eq ne bool int float index complex neg pos abs invert round trunc floor ceil str repr format hash"
)
for _name in [
    *(f"__{n}__" for n in f"{_BINARY} {_OTHERS}".split()), *(f"__r{n}__" for n in _BINARY.split()),
]:  # fmt: skip
    setattr(Number, _name, _needs_value(_name))
