"""Python numbers that a graph computes with.

Such a number is a Tensor of no axes with ``is_number``: beside other Tensors it adapts to their type, and the caller gets a number back.
Branches and loops make them of the numbers that they decide on, ``mutable`` of arguments.  Compiled pieces of one function pass
numbers to each other as ``Varying``, so as not to be compiled again for each value.  The code between was written for numbers whose
value is there: to it such a Tensor is a ``Number``, which leaves the graph where the value is asked for.
"""

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
    """What stands for a ``Varying`` number while the graph is traced: arithmetic with Tensors takes it as any Python number, and
    whatever else Python does with it needs its value, which the trace does not have.

    Args:
        tensor: Tensor of no axes, the number inside the graph.
    """

    __slots__ = ("tensor",)

    def __init__(self, tensor: Tensor):
        self.tensor = tensor


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
