"""Small functions that MindSpore keeps beside its primitives: conversions of numbers and tuples, and the like."""

from ..core.dtype import float32, int32, to_dtype
from ..core.op import to
from ..core.tensor import Tensor
from ..core.tree import map_leaves
from .gathering import gather
from .primitive_base import CLASSES
from .random import uniform01
from .sorting import argsort


def dtype(x):
    """The number type of ``x``."""
    return x.dtype


def tuple_to_array(input_x):
    """A 1-d Tensor of a tuple of numbers; ints give int32, floats float32."""
    return Tensor(list(input_x), int32 if all(isinstance(v, int) for v in input_x) else float32)


def scalar_to_array(input_x):
    """A 0-d Tensor of a number."""
    return Tensor(input_x, int32 if isinstance(input_x, int) and not isinstance(input_x, bool) else None)


def make_range(*args):
    """``tuple(range(...))``."""
    return tuple(range(*args))


def tuple_len(x):
    """``len(x)``."""
    return len(x)


def reduce_sum(x, axis=()):
    """The sum over ``axis``, () meaning all."""
    return CLASSES["ReduceSum"]()(x, axis)


def mixed_precision_cast(dst_dtype, x):
    """The Tensors of floats in ``x`` (nested in tuples, lists and dicts too) as ``dst_dtype``."""
    return map_leaves(lambda t: to(t, to_dtype(dst_dtype)) if isinstance(t, Tensor) and t.dtype.is_float else t, x)


def shuffle(x, seed=None):
    """The slices along the first axis in a random order."""
    return gather(x, argsort(uniform01((x.shape[0],))), 0)


class ReduceOp:
    """How AllReduce combines."""

    SUM, MAX, MIN, PROD = "sum", "max", "min", "prod"


__all__ = [
    "ReduceOp", "dtype", "make_range", "mixed_precision_cast", "reduce_sum", "scalar_to_array", "shuffle",
    "tuple_len", "tuple_to_array",
]  # fmt: skip
