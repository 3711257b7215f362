"""Tensors shared with other libraries through DLPack, without copying."""

from typing import Any

from .dlpack_arrays import CPU, Capsule, imported
from .dtype import from_np
from .errors import fail
from .tensor import Tensor


def from_dlpack(dlpack: Any) -> Tensor:
    """A Tensor on the memory of an array of another library: NumPy, PyTorch, JAX, CuPy's pinned memory and others.

    Args:
        dlpack: an object with ``__dlpack__``, as they all have, or a capsule, as ``to_dlpack`` gives.

    Returns:
        Tensor of its shape and type. It shares the memory: a change of one is a change of the other, unless the library says that the
        memory is read-only, as JAX does.

    Raises:
        TypeError: the object does not know DLPack, or its number type has no name here.
        ValueError: the memory is not the CPU's.

    >>> import numpy as np
    >>> a = np.arange(3.0)
    >>> t = from_dlpack(a)
    >>> a[0] = 7
    >>> print(t)
    [7. 1. 2.]
    """
    given = Capsule(dlpack) if type(dlpack).__name__ == "PyCapsule" else dlpack
    if not hasattr(given, "__dlpack__") or not hasattr(given, "__dlpack_device__"):
        raise fail(
            TypeError, f"For 'from_dlpack', an object with '__dlpack__' is needed, but got {type(dlpack).__name__}."
        )
    if given.__dlpack_device__()[0] != CPU[0]:
        raise fail(
            ValueError,
            f"For 'from_dlpack', the memory must be the CPU's, but the device is {given.__dlpack_device__()}.",
        )
    try:
        array = imported(given)
        from_np(array.dtype)
    except (BufferError, RuntimeError, TypeError) as error:
        raise fail(
            TypeError, f"For 'from_dlpack', the {type(dlpack).__name__} cannot be shared: {str(error).rstrip('.')}."
        ) from None
    return Tensor.from_numpy(array)


def to_dlpack(tensor: Tensor) -> Any:
    """A DLPack capsule of a Tensor, for functions that take no object with ``__dlpack__``; to be used once.

    Args:
        tensor (Tensor): of any type.

    Returns:
        A capsule; what is made of it shares the memory of the Tensor.

    Raises:
        TypeError: ``tensor`` is not a Tensor.

    >>> import minispore as ms
    >>> print(from_dlpack(to_dlpack(ms.Tensor([1.0, 2.0]))))
    [1. 2.]
    """
    if not isinstance(tensor, Tensor):
        raise fail(TypeError, f"For 'to_dlpack', a Tensor is needed, but got {type(tensor).__name__}.")
    return tensor.__dlpack__()
