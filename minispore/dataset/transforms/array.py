"""Transforms of arrays in general."""

from enum import Enum
from typing import Any

import numpy as np

from ...core.dtype import to_dtype
from ...core.errors import fail
from .. import checks
from ..padding import pad as _pad
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
    if str(given) == "String":
        return np.dtype(str)
    try:
        dtype = None if given is None else to_dtype(given).np
    except (TypeError, ValueError, KeyError):
        dtype = None
    if dtype is None:
        try:
            # np.dtype(None) is float64, np.dtype([]) a record
            dtype = np.dtype("nothing" if given is None or isinstance(given, (list, tuple, dict)) else given)
        except TypeError:
            name = "output_type" if owner == "ToTensor" else "data_type"
            raise fail(
                TypeError,
                f"For '{owner}', the data type '{name}' must be one of mindspore's or NumPy's, but got {given!r}.",
            ) from None
    return dtype


def tensor_of(owner: str, value: Any, empty: bool = False) -> np.ndarray:
    """What a transform is called with, as an array.

    Args:
        owner: str, the transform's name for the message.
        value: array, or what NumPy makes one of.
        empty: bool, whether an array without elements is let pass.  Default: False.

    Returns:
        array.

    Raises:
        TypeError: it is None, or holds neither numbers nor strings.
        RuntimeError: it has no elements.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "biufUS":
        got = "None" if value is None else array.dtype
        raise fail(TypeError, f"For '{owner}', the input must be an array, a number or a string, but got {got}.")
    if not array.size and not empty:
        raise fail(RuntimeError, f"For '{owner}', the input must not be empty, but got the shape {array.shape}.")
    return array


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
        array = tensor_of("TypeCast", value)
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
        labels = tensor_of("OneHot", value)
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
        self.fill_value = checks.instance("Fill", (str, float, bool, int, bytes), fill_value=fill_value)

    def __call__(self, value):
        array = tensor_of("Fill", value)
        if (array.dtype.kind in "US") != isinstance(self.fill_value, (str, bytes)):
            raise fail(RuntimeError, f"For 'Fill', {self.fill_value!r} cannot fill an array of {array.dtype}.")
        if array.dtype.kind in "US":
            return np.full(array.shape, self.fill_value)
        return np.full(array.shape, np.asarray(self.fill_value).astype(array.dtype))


class Mask(Elementwise):
    """How each element compares with a constant.

    Args:
        operator: Relational.
        constant: number or str; it is compared in the type of the input.
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
        checks.instance("Mask", (str, float, bool, int, bytes), constant=constant)
        self.compare, self.constant, self.dtype = _COMPARE[operator.value], constant, numpy_type("Mask", dtype)

    def __call__(self, value):
        array = tensor_of("Mask", value)
        if (array.dtype.kind in "US") != isinstance(self.constant, (str, bytes)):
            raise fail(
                RuntimeError, f"For 'Mask', {self.constant!r} cannot be compared with an array of {array.dtype}."
            )
        return np.asarray(self.compare(array, np.asarray(self.constant).astype(array.dtype)), self.dtype)


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
        checks.instance("PadEnd", list, pad_shape=pad_shape)
        for length in pad_shape:
            if length is not None:
                checks.positive_int("PadEnd", pad_shape=length)
        if pad_value is not None:
            checks.instance("PadEnd", (str, float, bool, int, bytes), pad_value=pad_value)
        self.shape, self.value = list(pad_shape), pad_value

    def __call__(self, value):
        array = tensor_of("PadEnd", value)
        if self.value is not None and (array.dtype.kind in "US") != isinstance(self.value, (str, bytes)):
            raise fail(RuntimeError, f"For 'PadEnd', {self.value!r} cannot fill an array of {array.dtype}.")
        if array.ndim == 0:
            return array
        return _pad([array], self.shape, self.value)[0]


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
        array = tensor_of("Duplicate", value)
        return array, array.copy()


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
        checks.integer("Concatenate", axis=axis)
        if axis not in (0, -1):
            raise fail(ValueError, f"For 'Concatenate', 'axis' must be 0 or -1, but got {axis}.")
        for name, part in (("prepend", prepend), ("append", append)):
            if part is not None and checks.instance("Concatenate", np.ndarray, **{name: part}).ndim != 1:
                raise fail(ValueError, f"For 'Concatenate', '{name}' must have one axis, but got {part.shape}.")
        self.axis, self.prepend, self.append = axis, prepend, append

    def __call__(self, *values):
        arrays = [tensor_of("Concatenate", value) for value in values]
        parts = [part for part in (self.prepend, *arrays, self.append) if part is not None]
        if (
            any(part.ndim != 1 for part in parts)
            or len({np.zeros(0, part.dtype).dtype.kind == "U" or part.dtype for part in parts}) > 1
        ):
            raise fail(
                RuntimeError,
                "For 'Concatenate', all parts must have one axis and one type, but got "
                f"{', '.join(f'{part.dtype} {part.shape}' for part in parts)}.",
            )
        return np.concatenate(parts, self.axis)


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
        for part in slices:
            allowed = (int, bool, list, slice, type(Ellipsis), type(None))
            checks.instance("Slice", allowed, slice_option=part)
            for at, number in enumerate(part if isinstance(part, list) else ()):
                checks.integer("Slice", **{f"slice_option[{at}]": number})
        self.slices = slices

    def __call__(self, value):
        array = tensor_of("Slice", value)
        if len(self.slices) > array.ndim:
            raise fail(
                RuntimeError, f"For 'Slice', {len(self.slices)} slices are too many for the shape {array.shape}."
            )
        for axis, part in enumerate(self.slices):
            if isinstance(part, slice):
                array = array[(slice(None),) * axis + (part,)]
            elif part is not None and part is not Ellipsis and part is not True:
                places = [part] if isinstance(part, int) else part
                wrong = [place for place in places if not -array.shape[axis] <= place < array.shape[axis]]
                if wrong or not places:
                    what = f"Index {wrong[0]} is out of bounds." if wrong else "a list must not be empty."
                    raise fail(RuntimeError, f"For 'Slice', {what} There are {array.shape[axis]} elements.")
                array = np.take(array, places, axis)
        return array


class Unique(Transform):
    """The different elements.

    Inputs:
        value: array of numbers, of at least two axes.

    Returns:
        tuple of three arrays: the different elements as they come first, where each element is among them (int32), and
        how often each occurs (int32).

    Raises:
        RuntimeError: no numbers, or fewer axes.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.Unique()(np.array([[3, 1, 3]]))[0]
    array([3, 1])
    """

    def __call__(self, value):
        array = tensor_of("Unique", value)
        if array.ndim < 2 or array.dtype.kind not in "iufb":
            raise fail(
                RuntimeError,
                f"For 'Unique', the input must be numbers of at least two axes, but got {array.dtype} {array.shape}.",
            )
        _, first, inverse, counts = np.unique(array.ravel(), True, True, True)
        order = np.argsort(first)  # by where a value comes first
        return array.ravel()[first[order]], np.argsort(order)[inverse].astype(np.int32), counts[order].astype(np.int32)


class Plugin(Transform):
    """Not supported: transforms from shared libraries.

    Args:
        lib_path: str.
        func_name: str.
        user_args: str, or None.

    Raises:
        TypeError: an argument of another type.
        NotImplementedError: else.
    """

    def __init__(self, lib_path, func_name, user_args=None):
        checks.string("Plugin", lib_path=lib_path, func_name=func_name)
        checks.instance("Plugin", (str, type(None)), user_args=user_args)
        raise fail(
            NotImplementedError, "For 'Plugin', shared libraries are not supported: pass a Python function to map."
        )
