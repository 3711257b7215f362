"""Tensors of another type, and copies."""

from ..core import checks, dtype as dtypes
from ..core.dtype import float32, float64, to_dtype
from ..core.op import as_tensor, to, wrap
from ..core.record import STATE
from ..core.tensor import Tensor
from .methods import method


def cast(input, dtype):
    """Converted to another type; floats to integers towards zero.

    Args:
        input (Tensor | int | float | bool): any shape and type.
        dtype (dtype): the type.

    Returns:
        Tensor of the shape of ``input`` and that type.

    Raises:
        TypeError: ``dtype`` is not a type.

    >>> import minispore as ms
    >>> print(cast(ms.Tensor([-1.5, 1.5]), ms.int32))
    [-1  1]
    """
    x = as_tensor(input)
    return to(x, to_dtype(dtype))


@method("astype")
def _astype(self, dtype, copy=True):
    """Converted to another type; floats to integers towards zero.

    Args:
        dtype (dtype | str): the type; Python's ``float`` is float64 here.
        copy (bool): accepted, without effect: in MindSpore too, the result may share its memory with the Tensor.
            Default: True.

    Returns:
        Tensor of the shape of the Tensor and that type; the Tensor itself, if it is of that type.

    Raises:
        TypeError: ``dtype`` is not a type.

    >>> import minispore as ms
    >>> print(ms.Tensor([-1.5, 1.5]).astype("int32"))
    [-1  1]
    """
    return to(self, float64 if dtype is float else to_dtype(dtype))


@method("to")
def _to(self, *args, dtype=None, device=None, other=None, non_blocking=False, copy=False):
    """Converted to another type; floats to integers towards zero.

    Args:
        *args (dtype | str | Tensor | bool): the type, a Tensor whose type is taken, or the device "CPU" and the type; then what
            MindSpore's method takes besides, ``non_blocking`` and ``copy``.
        dtype (dtype | str): the type by name. Default: None, that of the Tensor.
        device (str): "CPU" or None: there is one device. Default: None.
        other (Tensor): its type is taken. Default: None.
        non_blocking (bool): not read. Default: False.
        copy (bool): not read. Default: False.

    Returns:
        Tensor of the shape of the Tensor and that type; the Tensor itself, if it is of that type.

    Raises:
        TypeError: ``dtype`` is not a type.

    >>> import minispore as ms
    >>> print(ms.Tensor([-1.5, 1.5]).to(ms.int32))
    [-1  1]
    """
    first, *rest = (*args, None)
    if isinstance(first, str) and first.lower() == "cpu":
        device, (first, *rest) = first, (*rest, None)
    if isinstance(device, str) and device.lower() != "cpu":
        first = device  # the error for a type says that there is one device
    given = next((x for x in (first, dtype, other) if x is not None and not isinstance(x, bool)), None)
    return self if given is None else to(self, given.dtype if isinstance(given, Tensor) else to_dtype(given))


@method("type_as")
def type_as(input, other):
    """Converted to the type of another Tensor.

    Args:
        input (Tensor): any shape and type.
        other (Tensor): its type is taken.

    Returns:
        Tensor of the shape of ``input`` and the type of ``other``.

    Raises:
        TypeError: an argument is not a Tensor.

    >>> import minispore as ms
    >>> print(type_as(ms.Tensor([1, 0]), ms.Tensor([True])))
    [ True False]
    """
    checks.tensor("type_as", input=input, other=other)
    return to(input, other.dtype)


@method("copy", "clone")
def _copy(self):
    """A Tensor of its own with the same values.

    Returns:
        Tensor of the shape and type of the Tensor; gradients flow through it.

    >>> import minispore as ms
    >>> x = ms.Tensor([1, 2])
    >>> y = x.copy()
    >>> y[0] = 5
    >>> print(x, y)
    [1 2] [5 2]
    """
    from .elementwise import identity

    return identity(self) if STATE.recorder is not None else wrap(self._array().copy())


@method("contiguous")
def _contiguous(self):
    """The Tensor with its elements side by side in memory, in order.

    Returns:
        Tensor, the same object where they are so, or while a graph is traced, where it makes no difference.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1, 2], [3, 4]]).T
    >>> x.is_contiguous(), x.contiguous().is_contiguous()
    (False, True)
    """
    return self if self.is_contiguous() else _copy(self)


@method("move_to", "cpu")
def _same(self, *args, **kwargs):
    """The Tensor itself: it is on the CPU already, and what needs its elements in order puts them in order.

    Args:
        *args (object): accepted, without effect: there is no other device.
        **kwargs (object): likewise.

    Returns:
        Tensor, the same object.

    >>> import minispore as ms
    >>> x = ms.Tensor([1, 2])
    >>> x.contiguous() is x
    True
    """
    return self


def _converter(name: str, dtype):
    """The method of Tensor that converts to ``dtype``."""

    def convert(self):
        return to(self, dtype)

    convert.__name__, convert.__qualname__ = name, f"Tensor.{name}"
    convert.__doc__ = f"""Converted to {dtype.name}, as by ``cast``.

    Returns:
        Tensor of the shape of the Tensor; {dtype.name}; the Tensor itself, if it is of that type.

    >>> import minispore as ms
    >>> ms.Tensor([0, 1], ms.int8).{name}().dtype
    {dtype}
    """
    return convert


for _name, _type in {"int": dtypes.int32, "long": dtypes.int64, "half": dtypes.float16, "float": float32,
                     "bool": dtypes.bool_, "double": dtypes.float64, "bfloat16": dtypes.bfloat16, "short": dtypes.int16,
                     "byte": dtypes.uint8}.items():  # fmt: skip
    setattr(Tensor, _name, _converter(_name, _type))


__all__ = ["cast", "type_as"]
