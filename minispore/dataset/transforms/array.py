"""Transforms of arrays in general."""

from enum import Enum
from typing import Any

import numpy as np

from ...core import checks
from ...core.dtype import to_dtype
from ...core.errors import fail
from .base import Elementwise, Transform


class Relational(Enum):
    """Comparisons of ``Mask``."""

    EQ = 0
    NE = 1
    GT = 2
    GE = 3
    LT = 4
    LE = 5


_COMPARE = (np.equal, np.not_equal, np.greater, np.greater_equal, np.less, np.less_equal)


def numpy_type(owner: str, given: Any) -> np.dtype:
    """The NumPy type for one of its names.

    Args:
        owner: str, the transform's name for the message.
        given: mindspore type, NumPy type or str.

    Returns:
        numpy.dtype.

    Raises:
        TypeError: there is no such type.

    >>> numpy_type("TypeCast", "int8")
    dtype('int8')
    """
    try:
        dtype = to_dtype(given).np
    except (TypeError, ValueError, KeyError):
        dtype = None
    if dtype is None:
        try:
            dtype = np.dtype(given or "nothing")  # None would be float64
        except TypeError:
            raise fail(
                TypeError, f"For '{owner}', the data type must be one of mindspore's or NumPy's, but got {given!r}."
            ) from None
    return dtype


class TypeCast(Elementwise):
    """Converts to a data type.

    Args:
        data_type: the type, as ``mindspore.int32``.

    Inputs:
        value: array of any shape.

    Returns:
        array of the same shape and that type.

    Raises:
        TypeError: there is no such type.
        RuntimeError: numbers to strings or strings to numbers.

    >>> import minispore as ms
    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.TypeCast(ms.int32)(np.array([1.7, -1.7]))
    array([ 1, -1], dtype=int32)
    """

    def __init__(self, data_type):
        self.dtype = numpy_type("TypeCast", data_type)

    def __call__(self, value):
        array = np.asarray(value)
        if (array.dtype.kind in "US") != (self.dtype.kind in "US"):
            raise fail(
                RuntimeError, f"For 'TypeCast', {array.dtype} cannot be converted to {self.dtype}: see text.ToNumber."
            )
        return array.astype(self.dtype)


class OneHot(Elementwise):
    """Labels to vectors: 1 at the label, else 0.

    With ``smoothing_rate`` r: float64, 1 - r + r / num_classes at the label and r / num_classes elsewhere.

    Args:
        num_classes: int above 0.
        smoothing_rate: float in [0, 1].  Default: 0.0.

    Inputs:
        value: array of ints, any shape.

    Returns:
        array of shape (*value.shape, num_classes), of the type of the labels or float64.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: labels are not ints, or not below ``num_classes``.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.OneHot(4)(np.array([1, 3]))
    array([[0, 1, 0, 0],
           [0, 0, 0, 1]])
    """

    def __init__(self, num_classes, smoothing_rate=0.0):
        checks.positive_int("OneHot", num_classes=num_classes)
        checks.within("OneHot", "[0, 1]", smoothing_rate=smoothing_rate)
        self.num_classes, self.rate = num_classes, smoothing_rate

    def __call__(self, value):
        labels = np.asarray(value)
        if labels.dtype.kind not in "iu":
            raise fail(RuntimeError, f"For 'OneHot', labels must be ints, but got {labels.dtype}.")
        if labels.size and not (0 <= labels.min() and labels.max() < self.num_classes):
            raise fail(
                RuntimeError,
                f"For 'OneHot', labels must be in [0, {self.num_classes - 1}], but got {labels.min()} to {labels.max()}.",
            )
        hot = labels[..., None] == np.arange(self.num_classes)
        if self.rate:
            return np.where(hot, 1 - self.rate + self.rate / self.num_classes, self.rate / self.num_classes)
        return hot.astype(labels.dtype)


class Fill(Elementwise):
    """One value everywhere.

    Args:
        fill_value: number or str.

    Inputs:
        value: array of any shape.

    Returns:
        array of the same shape and type.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.Fill(7)(np.array([1, 2]))
    array([7, 7])
    """

    def __init__(self, fill_value):
        self.fill_value = fill_value

    def __call__(self, value):
        return np.full_like(value, self.fill_value)


class Mask(Elementwise):
    """How each element compares with a constant.

    Args:
        operator: Relational.
        constant: number or str.
        dtype: the type of the result.  Default: bool.

    Inputs:
        value: array of any shape.

    Returns:
        array of ``dtype``, of the same shape.

    Raises:
        TypeError: an argument of the wrong type.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.Mask(transforms.Relational.GT, 1)(np.array([1, 2]))
    array([False,  True])
    """

    def __init__(self, operator, constant, dtype=np.bool_):
        checks.instance("Mask", Relational, operator=operator)
        self.compare, self.constant, self.dtype = _COMPARE[operator.value], constant, numpy_type("Mask", dtype)

    def __call__(self, value):
        return self.compare(value, self.constant).astype(self.dtype)


class PadEnd(Transform):
    """Cuts or fills at the end up to a shape.

    Args:
        pad_shape: list of ints; None: that dimension as it is.
        pad_value: what fills.  Default: None, for 0 or "".

    Inputs:
        value: array of as many dimensions.

    Returns:
        array of that shape and the same type.

    Raises:
        TypeError: ``pad_shape`` is not a list.
        RuntimeError: an input of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.PadEnd([3], 9)(np.array([1]))
    array([1, 9, 9])
    """

    def __init__(self, pad_shape, pad_value=None):
        checks.instance("PadEnd", (list, tuple), pad_shape=pad_shape)
        self.shape, self.value = list(pad_shape), pad_value

    def __call__(self, value):
        from ..batching import pad

        array = np.asarray(value)
        return pad([array], self.shape, self.value)[0]


class Duplicate(Transform):
    """The value twice: for two columns.

    Inputs:
        value: array.

    Returns:
        tuple of the value and a copy.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.Duplicate()(np.array([1]))
    (array([1]), array([1]))
    """

    def __call__(self, value):
        return value, np.array(value)


class Concatenate(Transform):
    """Joins the columns.

    Args:
        axis: int, along which.  Default: 0.
        prepend: array that comes before.  Default: None.
        append: array that comes after.  Default: None.

    Inputs:
        *values: arrays.

    Returns:
        array.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.Concatenate(append=np.array([9]))(np.array([1]), np.array([2]))
    array([1, 2, 9])
    """

    def __init__(self, axis=0, prepend=None, append=None):
        self.axis, self.prepend, self.append = axis, prepend, append

    def __call__(self, *values):
        parts = [part for part in (self.prepend, *values, self.append) if part is not None]
        return np.concatenate([np.atleast_1d(part) for part in parts], self.axis)


class Slice(Transform):
    """A part of the array.

    Args:
        *slices: for each dimension an int, a list of ints, a slice, or None or Ellipsis (everything).

    Inputs:
        value: array.

    Returns:
        array of the same type and as many dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.Slice(slice(1, None))(np.array([1, 2, 3]))
    array([2, 3])
    """

    def __init__(self, *slices):
        self.slices = slices

    def __call__(self, value):
        array = np.asarray(value)
        for axis, part in enumerate(self.slices):
            if isinstance(part, slice):
                array = array[(slice(None),) * axis + (part,)]
            elif part is not None and part is not Ellipsis:
                array = np.take(array, [part] if isinstance(part, int) else part, axis)
        return array


class Unique(Transform):
    """The different elements.

    Inputs:
        value: array of any shape.

    Returns:
        tuple of three arrays: the sorted different elements, where each element is among them (int32), and how often
            each
        occurs (int32).

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.Unique()(np.array([3, 1, 3]))[0]
    array([1, 3])
    """

    def __call__(self, value):
        values, inverse, counts = np.unique(np.ravel(value), return_inverse=True, return_counts=True)
        return values, inverse.astype(np.int32), counts.astype(np.int32)


class Plugin(Transform):
    """Not supported: transforms from shared libraries.

    Args:
        lib_path: ignored.
        func_name: ignored.
        user_args: ignored.

    Raises:
        NotImplementedError: always.
    """

    def __init__(self, lib_path, func_name, user_args=None):
        raise fail(
            NotImplementedError, "For 'Plugin', shared libraries are not supported: pass a Python function to map."
        )
