"""What a value is: whether it is a Tensor, its shape, size and rank."""

from ..core.tensor import Tensor


def is_tensor(obj):
    """Whether an object is a Tensor.

    Args:
        obj (object): anything.

    Returns:
        bool: True for a Tensor or Parameter.

    >>> import minispore as ms
    >>> is_tensor(ms.Tensor(1)), is_tensor(1)
    (True, False)
    """
    return isinstance(obj, Tensor)


def shape(input_x):
    """The shape of a Tensor.

    Args:
        input_x (Tensor): any shape and type.

    Returns:
        tuple[int]: the lengths of the axes.

    >>> import minispore as ms
    >>> shape(ms.Tensor([[1, 2, 3]]))
    (1, 3)
    """
    return input_x.shape


def size(input_x):
    """The number of elements of a Tensor.

    Args:
        input_x (Tensor): any shape and type.

    Returns:
        int: the product of the lengths of the axes.

    >>> import minispore as ms
    >>> size(ms.Tensor([[1, 2, 3]]))
    3
    """
    return input_x.size


def rank(input_x):
    """The number of axes of a Tensor.

    Args:
        input_x (Tensor): any shape and type.

    Returns:
        int: the length of the shape.

    >>> import minispore as ms
    >>> rank(ms.Tensor([[1, 2, 3]]))
    2
    """
    return input_x.ndim


__all__ = ["is_tensor", "rank", "shape", "size"]
