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
    """Number type of a Tensor.

    Args:
        x (Tensor): any shape and type.

    Returns:
        dtype.

    >>> import minispore as ms
    >>> print(dtype(ms.Tensor([1.0])))
    Float32
    """
    return x.dtype


def tuple_to_array(input_x):
    """Vector of the numbers of a tuple.

    Args:
        input_x (tuple[number]): ints, or floats among them.

    Returns:
        Tensor of shape (len(input_x),); int32 if all are ints, else float32.

    >>> import minispore as ms
    >>> print(tuple_to_array((1, 2)))
    [1 2]
    """
    return Tensor(list(input_x), int32 if all(isinstance(v, int) for v in input_x) else float32)


def scalar_to_array(input_x):
    """Tensor of a number, without axes.

    Args:
        input_x (number): int, float or bool.

    Returns:
        Tensor of shape (); int32 for an int, float32 for a float, bool for a bool.

    >>> import minispore as ms
    >>> print(scalar_to_array(1.5))
    1.5
    """
    return Tensor(input_x, int32 if isinstance(input_x, int) and not isinstance(input_x, bool) else None)


def make_range(*args):
    """Tuple of the whole numbers of a range: ``tuple(range(*args))``.

    Args:
        *args (int): stop; or start and stop; or start, stop and step.

    Returns:
        tuple[int].

    >>> import minispore as ms
    >>> make_range(1, 4)
    (1, 2, 3)
    """
    return tuple(range(*args))


def tuple_len(x):
    """Number of elements of a tuple.

    Args:
        x (tuple | list): any elements.

    Returns:
        int: ``len(x)``.

    >>> import minispore as ms
    >>> tuple_len((1, 2))
    2
    """
    return len(x)


def reduce_sum(x, axis=()):
    """Sum over axes.

    Args:
        x (Tensor): any shape; numbers.
        axis (int | tuple[int]): the axes to reduce; () for all. Default: ().

    Returns:
        Tensor without the axes ``axis``; the type of ``x``.

    Raises:
        ValueError: ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(reduce_sum(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), 0))
    [4. 6.]
    """
    return CLASSES["ReduceSum"]()(x, axis)


def mixed_precision_cast(dst_dtype, x):
    """Converts the Tensors of floats in a value, nested in tuples, lists and dicts too.

    Args:
        dst_dtype (dtype): the type, a float type.
        x (object): a Tensor, or tuples, lists and dicts of them; everything else stays as it is.

    Returns:
        object of the structure of ``x``.

    >>> import minispore as ms
    >>> print(mixed_precision_cast(ms.float16, (ms.Tensor([1.0]), 2))[0].dtype)
    Float16
    """
    return map_leaves(lambda t: to(t, to_dtype(dst_dtype)) if isinstance(t, Tensor) and t.dtype.is_float else t, x)


def shuffle(x, seed=None):
    """Slices along the first axis in a random order.

    Args:
        x (Tensor): any shape; numbers.
        seed (int): of the op: the order follows from it and ``ms.set_seed``; None for the latter alone. Default: None.

    Returns:
        Tensor of the shape and type of ``x``.

    >>> import minispore as ms
    >>> sorted(shuffle(ms.Tensor([1, 2, 3])).tolist())
    [1, 2, 3]
    """
    return gather(x, argsort(uniform01((x.shape[0],), seed=seed)), 0) if x.ndim else x.copy()


class ReduceOp:
    """How AllReduce combines: the names of the reductions.

    >>> import minispore as ms
    >>> ReduceOp.SUM, ReduceOp.MAX, ReduceOp.MIN, ReduceOp.PROD
    ('sum', 'max', 'min', 'prod')
    """

    SUM, MAX, MIN, PROD = "sum", "max", "min", "prod"


__all__ = [
    "ReduceOp", "dtype", "make_range", "mixed_precision_cast", "reduce_sum", "scalar_to_array", "shuffle",
    "tuple_len", "tuple_to_array",
]  # fmt: skip
