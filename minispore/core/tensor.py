"""Tensor: an array of numbers or, while a graph is traced, a symbolic value; one class with the same operators for both."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from . import dtype as dtypes, hints
from .dlpack_arrays import exported
from .dtype import DType, from_np, to_dtype
from .errors import fail, graph_break
from .heap import HEAP, LARGE, room
from .layout import dense_strides
from .printing import shown
from .record import STATE, Recorder, Value
from .registry import supplied
from .sizes import computed, sizes_in

ndarray = np.ndarray


class Tensor:
    """An n-dimensional array of one number type.

    Args:
        input_data: a number, a (nested) list or tuple, a NumPy array, or a Tensor; it is copied.
        dtype: a type such as ``mindspore.float32``.  Default: int64 for ints, float32 for floats, the array's own
            for NumPy arrays.
        shape: int or tuple of ints, with ``init``, or alone for zeros.  Default: None.
        init: an initializer, which makes the data at ``init_data()``.  Default: None.
        const_arg: ignored.
        device: ignored.

    Raises:
        TypeError: the data are not numbers.
        ValueError: a nested list is ragged, no data are given, or ``init`` without ``shape`` and ``dtype``.

    >>> from minispore import Tensor
    >>> Tensor([1, 2.5])
    Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.50000000e+00])
    >>> print(Tensor([[1, 2], [3, 4]]) + 1)
    [[2 3]
     [4 5]]
    """

    __slots__ = ("__dict__", "__weakref__", "_data", "_recorder", "_value")
    is_parameter = False
    is_literal = 0  # created while a graph is traced, a constant of that graph: the number of the recorder
    is_buffer = False  # made by ``_Buffer``: a buffer of the cell that it is assigned to
    is_persistent = True
    is_number = False  # a Python number that a graph computes with (number.py): the caller gets a number
    tensor_fields: tuple[str, ...] = ()  # of a sparse tensor: the attributes that hold its Tensors
    is_written = False  # changed in place during a recording
    _view: Any = None  # a ViewOf (core/op/kinds.py): this Tensor was created in a recording as a view of another
    _init: Any = None
    lengths: tuple | None = None  # the shape of a signature as given: its Symbols tell which lengths fit
    _data: Any  # an ndarray; None for a symbolic Tensor, and before init_data()
    _value: Value | None
    _recorder: Recorder | None
    __array_priority__ = 1000.0

    if TYPE_CHECKING:  # operators and most methods are added to Tensor where their ops are defined (ops/methods.py)

        def __getitem__(self, key: Any) -> "Tensor": ...
        def __setitem__(self, key: Any, value: Any) -> None: ...
        def __add__(self, other: Any) -> "Tensor": ...
        def __radd__(self, other: Any) -> "Tensor": ...
        def __sub__(self, other: Any) -> "Tensor": ...
        def __rsub__(self, other: Any) -> "Tensor": ...
        def __mul__(self, other: Any) -> "Tensor": ...
        def __rmul__(self, other: Any) -> "Tensor": ...
        def __truediv__(self, other: Any) -> "Tensor": ...
        def __rtruediv__(self, other: Any) -> "Tensor": ...
        def __floordiv__(self, other: Any) -> "Tensor": ...
        def __mod__(self, other: Any) -> "Tensor": ...
        def __pow__(self, other: Any) -> "Tensor": ...
        def __rpow__(self, other: Any) -> "Tensor": ...
        def __matmul__(self, other: Any) -> "Tensor": ...
        def __neg__(self) -> "Tensor": ...
        def __pos__(self) -> "Tensor": ...
        def __abs__(self) -> "Tensor": ...
        def __invert__(self) -> "Tensor": ...
        def __and__(self, other: Any) -> "Tensor": ...
        def __or__(self, other: Any) -> "Tensor": ...
        def __xor__(self, other: Any) -> "Tensor": ...
        def __lt__(self, other: Any) -> "Tensor": ...
        def __le__(self, other: Any) -> "Tensor": ...
        def __gt__(self, other: Any) -> "Tensor": ...
        def __ge__(self, other: Any) -> "Tensor": ...
        def __rshift__(self, other: Any) -> "Tensor": ...
        def __lshift__(self, other: Any) -> "Tensor": ...

    def __getattr__(self, name: str) -> Any:
        hint = hints.instead(hints.TENSOR, name) or hints.attribute(type(self), name)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'.{hint}", name=name, obj=self)

    def __init__(self, input_data=None, dtype=None, shape=None, init=None, const_arg=False, device=None):
        self._value = self._recorder = None
        if STATE.recorder is not None:
            self.is_literal = STATE.recorder.number
        if init is not None:
            if shape is None or dtype is None:
                raise fail(ValueError, "For 'Tensor', with 'init' both 'shape' and 'dtype' are needed.")
            self._data = None
            shape = (shape,) if isinstance(shape, int) else tuple(shape)
            self._init = (init, shape, to_dtype(dtype))
            return
        if input_data is None:
            if shape is None and dtype is None:
                raise fail(ValueError, "For 'Tensor', 'input_data' is missing.")
            shape = (-2,) if shape is None else shape  # for signatures: any number of axes
            shape = (shape,) if isinstance(shape, int) else tuple(shape)
            if any(
                d is None or d < 0 for d in shape
            ):  # for signatures: it has no data; a Symbol is a length below 0, too
                self._data = None
                self.lengths = shape
                self._value = Value(
                    tuple([-1 if d is None else int(d) for d in shape]),
                    to_dtype(dtype or dtypes.float32),
                    kind="placeholder",
                )
                return
            self._data = np.zeros(shape, to_dtype(dtype or dtypes.float32).np)
            return
        if isinstance(input_data, Tensor):
            if input_data._data is None and input_data._init is None:
                made = input_data.astype(to_dtype(dtype)) if dtype is not None else input_data
                self._data, self._value, self._recorder = made._data, made._value, made._recorder
                return
            self._data = np.array(input_data._array(), None if dtype is None else to_dtype(dtype).np)
        else:
            self._data = _data_from(input_data, None if dtype is None else to_dtype(dtype))
        if self._data.nbytes >= LARGE:
            HEAP.grown()

    # ------------------------------------------------------------ storage
    def _array(self) -> ndarray:
        """The data.  Raises a RuntimeError for a symbolic Tensor, which has none."""
        data = self._data
        if data is None:
            if self._init is not None:
                self.init_data()
                return self._data
            if self._value is not None and self._value.kind == "placeholder":
                raise fail(
                    ValueError,
                    f"A Tensor of the shape {self.shape}, in which a size is open, stands for others in a signature: it has no data.",
                )
            if STATE.recorder is None:
                raise fail(
                    RuntimeError,
                    "A Tensor from inside a compiled call is used after it: it stands for a value of that call and holds no "
                    "data. Return it from construct, or keep state in a Parameter with ops.assign.",
                )
            raise graph_break(
                RuntimeError,
                "The value of this Tensor is not known while the graph is traced: construct runs once, on symbolic "
                "Tensors, to be compiled. Use ops on the Tensor instead of Python values, or "
                "set_context(mode=PYNATIVE_MODE).",
            )
        return data

    def _observed(self) -> ndarray:
        """The data, read by Python code: the graph that is traced depends on them and is compiled again when they change."""
        array, recorder = self._array(), STATE.recorder
        if recorder is not None and recorder.symbolic and not self.is_literal:
            recorder.observed[id(self)] = self
        return array

    def init_data(self, slice_index=None, shape=None, opt_shard_group=None):
        """Makes the data of a Tensor or Parameter created with ``init=``; does nothing if there are some.

        Args:
            slice_index: ignored.
            shape: tuple of ints in place of its own.  Default: None.
            opt_shard_group: ignored.

        Returns:
            the Tensor itself.

        >>> from minispore import Tensor
        >>> from minispore.common.initializer import One
        >>> print(Tensor(shape=(2,), dtype="float32", init=One()).init_data())
        [1. 1.]
        """
        if self._data is None and self._init is not None:
            init, own_shape, dtype = self._init
            data = room(own_shape if shape is None else tuple(shape), dtype.np)
            init(data)
            self._data = data
            self._init = None
        return self

    @property
    def has_init(self) -> bool:
        """Whether the data are not made yet: a bool."""
        return self._init is not None

    def _type(self) -> tuple:
        if self._data is not None:
            return self._data.shape, from_np(self._data.dtype)
        if self._value is not None:
            return self._value.shape, self._value.dtype
        return self._init[1], self._init[2]

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes: a tuple of ints."""
        data, value = self._data, self._value
        return data.shape if data is not None else self._type()[0] if value is None else value.shape

    @property
    def dtype(self) -> DType:
        """The number type, such as ``mindspore.float32``."""
        data, value = self._data, self._value
        return dtypes.FROM_NP[data.dtype] if data is not None else self._type()[1] if value is None else value.dtype

    @property
    def ndim(self) -> int:
        """The number of axes: an int."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements: an int."""
        return math.prod(self.shape)

    @property
    def itemsize(self) -> int:
        """The bytes of an element: an int."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """The bytes of all elements: an int."""
        return self.size * self.itemsize

    @property
    def strides(self) -> tuple[int, ...]:
        """The bytes from an element to the next along each axis, of the dense layout: a tuple of ints."""
        return tuple(step * self.itemsize for step in dense_strides(self.shape))

    @property
    def data(self):
        """The values without a gradient: a Tensor in the same memory, so that changing it in place changes this one.

        Assigning a value to it is ``assign_value``.
        """
        return self._without_gradient()

    @data.setter
    def data(self, value) -> None:
        self.assign_value(value)

    def value(self):
        """Gives the Tensor back; of a Parameter its present value.

        Returns:
            Tensor.

        >>> from minispore import Tensor
        >>> print(Tensor([1.0]).value())
        [1.]
        """
        return self

    def dim(self) -> int:
        """The number of axes.

        Returns:
            int.

        >>> from minispore import Tensor
        >>> Tensor([[1, 2]]).dim()
        2
        """
        return self.ndim

    def ndimension(self) -> int:
        """The number of axes.

        Returns:
            int.

        >>> from minispore import Tensor
        >>> Tensor([[1, 2]]).ndimension()
        2
        """
        return self.ndim

    def numel(self) -> int:
        """The number of elements.

        Returns:
            int.

        >>> from minispore import Tensor
        >>> Tensor([[1, 2]]).numel()
        2
        """
        return self.size

    def element_size(self) -> int:
        """The bytes of an element.

        Returns:
            int.

        >>> from minispore import Tensor
        >>> Tensor([1.0]).element_size()
        4
        """
        return self.itemsize

    # ------------------------------------------------------------ to Python and NumPy
    def asnumpy(self) -> ndarray:
        """The data as a NumPy array: of a Tensor the same memory, of a Parameter a copy.

        Returns:
            numpy.ndarray of the same shape and type.

        Raises:
            RuntimeError: inside a compiled function, where there are no data yet.

        >>> from minispore import Tensor
        >>> print(Tensor([1.0, 2.0]).asnumpy() * 2)
        [2. 4.]
        """
        return self._observed()

    def numpy(self) -> ndarray:
        """The data as a NumPy array: ``asnumpy()``.

        Returns:
            numpy.ndarray of the same shape and type.

        >>> from minispore import Tensor
        >>> Tensor([1.0]).numpy()
        array([1.], dtype=float32)
        """
        return self.asnumpy()

    @staticmethod
    def from_numpy(array: ndarray) -> "Tensor":
        """A Tensor on the memory of an array, without copying.

        Args:
            array: numpy.ndarray.

        Returns:
            Tensor of its shape and type.

        Raises:
            TypeError: it is not an array, or of a type that Tensors do not have.

        >>> import numpy as np
        >>> from minispore import Tensor
        >>> print(Tensor.from_numpy(np.arange(3)))
        [0 1 2]
        """
        if not isinstance(array, ndarray):
            raise fail(TypeError, f"For 'from_numpy', the input must be a NumPy array, but got {type(array).__name__}.")
        from_np(array.dtype)
        tensor = Tensor.__new__(Tensor)
        tensor.__setstate__(array)
        return tensor

    def item(self, index=None):
        """An element as a Python number.

        Args:
            index: int (of the flattened Tensor) or tuple of ints.  Default: None, for the only element.

        Returns:
            int, float or bool.

        Raises:
            ValueError: without ``index``, there is not one element; another number of ``index`` than of axes.
            IndexError: ``index`` is outside of the Tensor.
            TypeError: ``index`` is no int.
            RuntimeError: inside a compiled function.

        >>> from minispore import Tensor
        >>> Tensor([[1.5]]).item(), Tensor([1, 2, 3]).item(1)
        (1.5, 2)
        """
        array = self._observed()
        if index is None and array.size != 1:
            raise fail(
                ValueError, f"For 'Tensor.item', a Tensor of one element is needed, but its shape is {self.shape}."
            )
        try:
            return array.item() if index is None else array.item(index)
        except IndexError:
            raise fail(
                IndexError, f"For 'Tensor.item', 'index' {index} is outside of a Tensor of shape {self.shape}."
            ) from None

    def tolist(self):
        """The data as a nested list of Python numbers.

        Returns:
            list; of a Tensor without axes a number.

        >>> from minispore import Tensor
        >>> Tensor([[1, 2], [3, 4]]).tolist()
        [[1, 2], [3, 4]]
        """
        return self._observed().tolist()

    def __array__(self, dtype=None, copy=None):
        array = self.asnumpy()
        return array if dtype is None else array.astype(dtype)

    def __dlpack__(self, **options):
        """The memory for other libraries: ``torch.from_dlpack(tensor)``, ``np.from_dlpack(tensor)``; see ``ms.from_dlpack``."""
        try:
            return exported(self._observed(), options)
        except BufferError as error:
            reason = str(error).rstrip(".")
            raise fail(BufferError, f"A Tensor of type {self.dtype} cannot be shared by DLPack: {reason}.") from None

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0  # the CPU

    def _scalar(self, to: str):
        if self._data is None and not self.has_init:
            reason = supplied("why not rewritten")()
            raise graph_break(
                TypeError,
                f"{to}() of a Tensor inside a compiled function: its value is not known while the graph is traced. "
                f"{reason}For a choice by value use ops.where(condition, a, b), ops.cond or ops.while_loop; or "
                "set_context(mode=PYNATIVE_MODE).",
            )
        array = self._observed()
        if array.dtype.kind == "c" and to in ("int", "float"):
            raise fail(TypeError, f"A complex Tensor has no value as {to}; take its real() or imag().")
        if array.size != 1:
            raise fail(
                ValueError,
                f"The truth value or number of a Tensor with {array.size} elements (shape {self.shape}) is not defined; "
                "use .all(), .any() or .item().",
            )
        return array.reshape(())[()]

    def __bool__(self):
        return bool(self._scalar("bool"))

    def __int__(self):
        return int(self._scalar("int"))

    def __float__(self):
        return float(self._scalar("float"))

    def __complex__(self):
        return complex(self._scalar("complex"))

    def __index__(self):
        if self.dtype.is_inexact:
            raise fail(ValueError, f"Only an integer Tensor of one element can be an index, but got {self.dtype}.")
        return int(self._scalar("int"))

    def __len__(self):
        if not self.shape:
            raise fail(TypeError, "A 0-d Tensor has no length.")
        return self.shape[0]

    def __iter__(self):
        if not self.shape:
            raise fail(TypeError, "Cannot iterate over a scalar tensor.")
        return (self[i] for i in range(self.shape[0]))

    def __contains__(self, element):
        return bool((self == element).any())

    __hash__ = object.__hash__

    # ------------------------------------------------------------ copies
    def __getstate__(self):
        return self._array()

    def __setstate__(self, array):
        self._data, self._value, self._recorder = array, None, None

    def __reduce__(self):
        return _from_array, (self._array(),)

    def __deepcopy__(self, memo):
        if self._data is None and self._value is not None and self._value.kind == "placeholder":
            return Tensor(shape=self.lengths or self.shape, dtype=self.dtype)
        return _from_array(self._array().copy())

    def assign_value(self, value):
        """Sets the value (and type) to that of another Tensor.

        Args:
            value: Tensor, or what can be made one.

        Returns:
            the Tensor itself.

        >>> from minispore import Tensor
        >>> print(Tensor([1.0]).assign_value(Tensor([2.0, 3.0])))
        [2. 3.]
        """
        self._rebind(value if isinstance(value, Tensor) else Tensor(value))
        return self

    def _rebind(self, other: "Tensor") -> None:
        """Changes ``self`` in place: it and the views of its memory take the value of ``other``, of its shape and type."""
        recorder = STATE.recorder
        if recorder is None:
            self._store_or_take(other)
            return
        view = self._present_view(recorder)
        self._check_may_change(recorder)
        self._change(recorder, other)
        if view is None:
            self.is_written = True
        else:
            view.write(self)

    def _refresh_view(self) -> None:
        """To be called before a part of ``self`` is changed in place."""
        if self._view is not None and STATE.recorder is not None:
            view = self._present_view(STATE.recorder)
            if view is not None:
                view.refresh(self)

    def _present_view(self, recorder):
        """That ``self`` is a view; None once it or its base has taken memory of its own."""
        if self._view is not None and not self._view.holds(self, recorder):
            self._view = None
        return self._view

    def _root(self) -> "Tensor":
        """The Tensor of which this is a view, or a view of a view; else itself."""
        root = self
        while root._view is not None:
            root = root._view.base
        return root

    def _change(self, recorder, other: "Tensor") -> None:
        """Takes the value of ``other`` in this recording; that of a branch or loop body tells the recording around it at its end."""
        if self._recorder is not recorder:
            kept = recorder.outside if recorder.parent is None else recorder.changed
            kept.setdefault(id(self), (self, (self._data, self._value, self._recorder)))
        self._take(other)

    def _take(self, other: "Tensor") -> None:
        self._data, self._value, self._recorder = other._data, other._value, other._recorder

    def _store_or_take(self, other: "Tensor") -> None:
        """Copies into the memory of ``self``, where what shares it sees the change, if shape and type allow it."""
        mine, new = self._data, other._data
        if (
            mine is None
            or new is None
            or mine.shape != new.shape
            or mine.dtype != new.dtype
            or not mine.flags.writeable
        ):
            self._take(other)
        else:
            np.copyto(mine, new)

    def _check_may_change(self, recorder) -> None:
        ours = self._recorder is recorder or (self._recorder is not None and recorder.is_inside(self._recorder))
        if recorder.symbolic and not (self.is_literal or ours or self._root().is_parameter):
            raise graph_break(
                RuntimeError,
                "A Tensor from outside cannot be changed in place inside a compiled function: the change would not be seen "
                "outside. Use a Parameter, give the Tensor as an argument, or copy it first: x = x.copy().",
            )

    # ------------------------------------------------------------ printing
    def __str__(self):
        if self._data is None and not self.has_init:
            recorder = STATE.recorder
            if recorder is not None and recorder.entry:
                raise graph_break(TypeError, "The text of a Tensor, its value, is not known while the graph is traced.")
            return repr(self)
        return str(self._array())

    def __format__(self, spec):
        return format(self._scalar("format") if spec else str(self), spec)

    def __repr__(self):
        shape = ", ".join(map(str, self.shape))
        if self._data is None:
            if self._value is not None and self._value.kind == "placeholder":
                return f"Tensor(shape=[{shape}], dtype={self.dtype}, value=\n)"
            return f"Tensor(shape=[{shape}], dtype={self.dtype}, traced)" if not self.has_init else (
                f"Tensor(shape=[{shape}], dtype={self.dtype}, value= <uninitialized>)"
            )  # fmt: skip
        return f"Tensor(shape=[{shape}], dtype={self.dtype}, value={shown(self._data)})"

    def _repr_html_(self) -> str:
        """What notebooks show: the values, shortened, below type and shape."""
        from . import notebook

        name = f" {self.name}" if self.is_parameter else ""
        title = notebook.line(f"{type(self).__name__}{name}: {self.dtype}{list(self.shape)}")
        if self._data is None:
            return title + notebook.line(
                "no values: it stands for a value of a compiled call" if not self.has_init else "not initialised"
            )
        return title + notebook.text(np.array2string(self._data, threshold=200, edgeitems=3))


def _from_array(array):
    tensor = Tensor.__new__(Tensor)
    tensor.__setstate__(array)
    return tensor


def _data_from(given, dtype: DType | None) -> Any:
    """The array of what a Tensor is made of; one that depends on sizes if this does."""
    if sizes_in(given) is None:
        return _array_from(given, dtype)
    return computed(_array_of_type, (given, None if dtype is None else dtype.np), {})


def _array_of_type(given, dtype) -> ndarray:
    return _array_from(given, None if dtype is None else from_np(dtype))


def _array_from(given, dtype: DType | None) -> ndarray:
    if isinstance(given, (ndarray, np.generic)):
        from_np(given.dtype)
        return np.array(given, None if dtype is None else dtype.np, order="C")
    if isinstance(given, (list, tuple)) and any(isinstance(x, Tensor) for x in given):
        given = [x.asnumpy() if isinstance(x, Tensor) else x for x in given]
    if not isinstance(given, (bool, int, float, complex, list, tuple)):
        raise fail(
            TypeError,
            "For 'Tensor', 'input_data' must be a number, list, tuple, numpy.ndarray or Tensor, "
            f"but got {type(given).__name__}{hints.foreign(given)}.",
        )
    try:
        array = np.array(given, None if dtype is None else dtype.np)
    except (ValueError, TypeError, OverflowError) as error:
        ragged = "inhomogeneous" in str(error)  # lists of different lengths
        kind = TypeError if ragged or isinstance(error, TypeError) else ValueError
        raise fail(kind, f"For 'Tensor', the data cannot form an array: {str(error).rstrip('.')}.") from None
    if array.dtype.kind not in "biufc" and array.dtype.name != "bfloat16":
        raise fail(TypeError, f"For 'Tensor', the data must be numbers, but got {given!r:.60}.")
    if dtype is None and array.dtype.kind == "f" and not _has_numpy(given):
        array = array.astype(np.float32)
    return array


def _has_numpy(given) -> bool:
    return isinstance(given, (np.generic, ndarray)) or (
        isinstance(given, (list, tuple)) and any(_has_numpy(x) for x in given[:1])
    )


def tensor(input_data=None, dtype=None, shape=None, init=None, const_arg=False, device=None) -> Tensor:
    """Makes a Tensor: the same as ``Tensor(...)``.

    Args:
        input_data: a number, a (nested) list or tuple, a NumPy array, or a Tensor.
        dtype: its type.  Default: None, as in ``Tensor``.
        shape: with ``init``.  Default: None.
        init: an initializer.  Default: None.
        const_arg: ignored.
        device: ignored: there is one device.  Default: None.

    Returns:
        Tensor.

    Raises:
        TypeError: the data are not numbers.
        ValueError: a nested list is ragged, or no data are given.

    >>> import minispore as ms
    >>> ms.tensor([1.0, 2.0]).shape
    (2,)
    """
    return Tensor(input_data, dtype, shape, init, const_arg)


def from_numpy(array: ndarray) -> Tensor:
    """A Tensor that shares the memory of an array.

    Args:
        array: numpy.ndarray.

    Returns:
        Tensor of its shape and type.

    Raises:
        TypeError: it is not an array, or of a type that Tensors do not have.

    >>> import numpy as np
    >>> import minispore as ms
    >>> print(ms.from_numpy(np.arange(3)))
    [0 1 2]
    """
    return Tensor.from_numpy(array)
