"""Parameter: a named Tensor whose storage keeps its address; the only state that lives from step to step."""

import numpy as np

from .call_plans import TENSORS
from .dtype import to_dtype
from .errors import fail, graph_break
from .heap import room
from .op import wrap
from .record import STATE, Epoch
from .registry import supplied
from .tensor import Tensor

DEFAULT_NAME = "Parameter"
LONGEST_NAME = 1024


class _Kept:
    """An attribute of a Parameter that is kept for MindSpore's sake and has no effect; another type is a TypeError."""

    def __init__(self, default):
        self.default = default

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        return self.default if instance is None else instance.__dict__.get(self.name, self.default)

    def __set__(self, instance, value):
        kind = type(self.default)
        if type(value) is not kind:
            wanted = "a bool" if kind is bool else "an int"
            raise fail(
                TypeError,
                f"For 'Parameter', '{self.name}' must be {wanted}, but got {type(value).__name__}: {value!r:.60}.",
            )
        if kind is int and value < 0:
            raise fail(ValueError, f"For 'Parameter', '{self.name}' must not be negative, but got {value}.")
        instance.__dict__[self.name] = value


class Parameter(Tensor):
    """A Tensor that a Cell owns and an optimizer updates.

    Args:
        default_input: the initial value: a Tensor, an initializer's result, a NumPy array, a list or a number.
        name: str.  Default: None; it then takes the attribute's name in its Cell.
        requires_grad: bool, whether ``trainable_params`` gives it.  Default: True.
        layerwise_parallel: kept, without effect.
        parallel_optimizer: kept, without effect.
        storage_format: str, without effect.
        device: None, "CPU" or "Remote", without effect.

    Raises:
        ValueError: the name is not a str, the value is a bool, or ``device`` another value.
        TypeError: the value is none of these, a flag is not a bool, or ``storage_format`` not a str.

    >>> from minispore import Parameter, Tensor
    >>> Parameter(Tensor([[1.0, 2.0]]), name="w")
    Parameter (name=w, shape=(1, 2), dtype=Float32, requires_grad=True)
    """

    is_parameter = True
    init_at_once = True  # draws initial values in the order of construction (nn.utils.no_init_parameters defers it)

    def __init__(self, default_input, name=None, requires_grad=True, layerwise_parallel=False,
                 parallel_optimizer=True, storage_format="", device=None):  # fmt: skip
        self._value = self._recorder = None
        if isinstance(default_input, bool):
            raise fail(ValueError, "For 'Parameter', the value must be a Tensor or a number, but got a bool.")
        if isinstance(default_input, Tensor):
            if default_input.has_init:
                self._data, self._init = None, default_input._init
                if self.init_at_once:
                    Tensor.init_data(self)
            else:
                self._data = _copied(default_input._array())
        elif isinstance(default_input, int):
            self._data = np.array(default_input, np.int32)
        elif isinstance(default_input, (float, list, np.ndarray, np.generic)):
            self._data = Tensor(default_input)._data
            if self._data.dtype.kind == "U":
                raise fail(TypeError, f"For 'Parameter', the value must hold numbers, but got {default_input!r:.60}.")
        else:
            raise fail(
                TypeError,
                f"For 'Parameter', the value must be a Tensor, number, list or array, but got {type(default_input).__name__}.",
            )
        self._name = DEFAULT_NAME
        self.named = False
        if name is not None:
            self.name = name
        self._requires_grad = _checked_bool("requires_grad", requires_grad)
        self.layerwise_parallel, self.parallel_optimizer = layerwise_parallel, parallel_optimizer
        if not isinstance(storage_format, str):
            raise fail(
                TypeError, f"For 'Parameter', 'storage_format' must be a str, but got {type(storage_format).__name__}."
            )
        if not (device is None or (isinstance(device, str) and device in ("CPU", "Remote"))):
            raise fail(
                ValueError, f"For 'Parameter', 'device' must be None, 'CPU' or 'Remote', but got {device!r:.60}."
            )

    @property
    def name(self) -> str:
        """The name: a str of at most 1024 characters; assigning anything else raises a ValueError."""
        return self._name

    @name.setter
    def name(self, value) -> None:
        if value is not None and not isinstance(value, str):
            raise fail(
                ValueError, f"The name of a Parameter must be a str, but got {type(value).__name__}: {value!r:.60}."
            )
        if value and len(value) > LONGEST_NAME:
            raise fail(
                ValueError, f"The name of a Parameter has at most {LONGEST_NAME} characters, but got {len(value)}."
            )
        self._name = value or DEFAULT_NAME
        self.named = bool(value)

    @property
    def param_info(self):
        """The Parameter itself: kept for MindSpore's sake."""
        return self

    @property
    def requires_grad(self) -> bool:
        """Whether ``trainable_params`` gives it: a bool; changing it takes effect at the next call."""
        recorder = STATE.recorder
        if recorder is not None:  # what is traced depends on it
            recorder.flags[id(self)] = self, self._requires_grad
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value) -> None:
        self._requires_grad = _checked_bool("requires_grad", value)
        Epoch.now += 1

    layerwise_parallel, parallel_optimizer, comm_fusion = _Kept(False), _Kept(True), _Kept(1)

    @property
    def inited_param(self) -> None:
        """None: in MindSpore a Parameter that was made from this one before it had values."""

    @property
    def data(self):
        """The values without a gradient: a Tensor in the same memory, so that changing it in place changes the Parameter.

        A Tensor that is assigned to it brings its shape and type.
        """
        return self._without_gradient()

    @data.setter
    def data(self, value) -> None:
        if isinstance(value, Tensor) and STATE.recorder is None and value.dtype is not self.dtype:
            self._store(value._array())  # with its type, unlike set_data
        else:
            self.set_data(value)

    def value(self):
        """The present value.

        Returns:
            Tensor of the same shape and dtype, which later updates do not change.
        """
        return wrap(self._array().copy()) if STATE.recorder is None else self._identity()

    def asnumpy(self) -> np.ndarray:
        """The present value, copied.

        Returns:
            numpy.ndarray of the same shape and dtype.

        >>> from minispore import Parameter, Tensor
        >>> print(Parameter(Tensor([1.0, 2.0]), name="w").asnumpy())
        [1. 2.]
        """
        return self._observed().copy()

    def _observed(self) -> np.ndarray:
        recorder = STATE.recorder
        while recorder is not None and recorder.symbolic:
            _, now, start = recorder.parameters.get(id(self), (self, None, None))
            if now is not start:
                raise graph_break(
                    RuntimeError, f"The new value of Parameter '{self.name}' is not known while the graph is traced."
                )
            recorder = recorder.parent
        return super()._observed()

    def set_data(self, data, slice_shape=False):
        """Replaces the value, cast to the Parameter's type; another shape is accepted.

        Args:
            data: Tensor, int or float.
            slice_shape: ignored.

        Returns:
            the Parameter itself.

        Raises:
            TypeError: ``data`` is none of these, or a float for a Parameter of integers.
            RuntimeError: inside a compiled function.

        >>> from minispore import Parameter, Tensor
        >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
        >>> print(w.set_data(Tensor([3.0, 4.0])).asnumpy())
        [3. 4.]
        """
        if isinstance(data, bool) or not isinstance(data, (Tensor, int, float)):
            raise fail(
                TypeError, f"For 'Parameter.set_data', a Tensor is needed, but got {type(data).__name__}: Tensor(...)."
            )
        if isinstance(data, float) and not self.dtype.is_inexact and self.dtype.np.kind in "iu":
            raise fail(
                TypeError, f"For 'Parameter.set_data', '{self.name}' holds {self.dtype}, but got the float {data}."
            )
        new = data if isinstance(data, Tensor) else Tensor(data)
        if STATE.recorder is not None and STATE.recorder.symbolic:
            raise fail(RuntimeError, "Parameter.set_data inside a compiled function is not possible; use ops.assign.")
        array = new._array()
        if STATE.recorder is not None and array.shape == self.shape:  # a gradient flows through it, as through assign
            return self._assign(new)
        self._store(array.astype(self.dtype.np) if array.dtype != self.dtype.np else array)
        return self

    def _store(self, array: np.ndarray) -> None:
        """Copies in place where shape and type stay the same, so that compiled steps stay valid."""
        if self._data is not None and self._data.shape == array.shape and self._data.dtype == array.dtype:
            np.copyto(self._data, array)
        else:
            self._data = _copied(array)
            Epoch.now += 1
        self._init = None
        self._value = None

    def set_dtype(self, dtype):
        """Casts the value to another type.

        Args:
            dtype: the new type.

        Returns:
            the Parameter itself.

        >>> from minispore import Parameter, Tensor, float16
        >>> Parameter(Tensor([1.0]), name="w").set_dtype(float16).dtype
        mindspore.float16
        """
        self._data = _copied(self._array().astype(to_dtype(dtype).np))
        Epoch.now += 1
        return self

    def _rebind(self, other: Tensor) -> None:
        self._assign(other)
        self.is_written = True

    def clone(self, init="same"):
        """A copy with its own storage and the same name.

        Args:
            init: its values: "same" (the default), "zeros", "ones", a number, a Tensor or an initializer.

        Returns:
            Parameter.

        >>> from minispore import Parameter, Tensor
        >>> print(Parameter(Tensor([1.0, 2.0]), name="w").clone("zeros").asnumpy())
        [0. 0.]
        """
        if (isinstance(init, str) and init == "same") or not self.size:  # an initializer wants elements
            made = Parameter(Tensor(self._array()), self._name, self._requires_grad)
        elif isinstance(init, Tensor):
            made = Parameter(init, self._name, self._requires_grad)
        else:
            made = Parameter(supplied("initial values")(init, self.shape, self.dtype), self._name, self._requires_grad)
            made.init_data()
        made.named = self.named
        return made

    def copy(self):
        """A copy with its own storage: ``clone()``.

        Returns:
            Parameter.
        """
        return self.clone()

    def __deepcopy__(self, memo):
        made = self.clone()
        memo[id(self)] = made
        return made

    def __reduce__(self):
        return _rebuild, (self._array(), self._name, self._requires_grad)

    def init_data(self, layout=None, set_sliced=False):  # type: ignore[override]
        """Makes the data of a Parameter created without (see ``initializer``); does nothing if there are some.

        Args:
            layout: ignored.
            set_sliced: ignored.

        Returns:
            the Parameter itself.
        """
        Tensor.init_data(self)
        return self

    def __repr__(self):
        return f"Parameter (name={self._name}, shape={self.shape}, dtype={self.dtype}, requires_grad={self._requires_grad})"

    __str__ = __repr__


TENSORS.add(Parameter)


def _copied(array: np.ndarray) -> np.ndarray:
    """A contiguous copy in memory for a Parameter."""
    made = room(array.shape, array.dtype)
    made[...] = array
    return made


def _rebuild(array, name, requires_grad):
    return Parameter(Tensor(array), name, requires_grad)


def _checked_bool(what: str, value) -> bool:
    if not isinstance(value, bool):
        raise fail(
            TypeError, f"For 'Parameter', '{what}' must be a bool, but got {type(value).__name__}: {value!r:.60}."
        )
    return value


class ParameterTuple(tuple):
    """A tuple of Parameters with distinct names; those without one are numbered.

    Args:
        iterable: Parameters.

    Raises:
        TypeError: an element is not a Parameter.
        ValueError: a name is there twice.

    >>> from minispore import Parameter, ParameterTuple, Tensor
    >>> ps = ParameterTuple([Parameter(Tensor([1.0]), name="w")])
    >>> ps.clone(prefix="moments", init="zeros")[0].name
    'moments.w'
    """

    def __new__(cls, iterable=()):
        items = tuple(iterable)
        seen = set()
        names: set[str] = set()
        for p in items:
            if not isinstance(p, Parameter):
                raise fail(
                    TypeError, f"For 'ParameterTuple', every element must be a Parameter, but got {type(p).__name__}."
                )
            if id(p) in seen:
                continue
            seen.add(id(p))
            if not p.named:
                p.name = f"{DEFAULT_NAME}${len(seen)}"
            if p.name in names:
                raise fail(ValueError, f"For 'ParameterTuple', the name '{p.name}' is there twice.")
            names.add(p.name)
        return super().__new__(cls, items)

    def clone(self, prefix, init="same"):
        """Copies named ``prefix.<name>``.

        Args:
            prefix: str.
            init: their values, as in ``Parameter.clone``.  Default: "same".

        Returns:
            ParameterTuple.

        Raises:
            TypeError: ``prefix`` is not a str.
        """
        if not isinstance(prefix, str):
            raise fail(TypeError, f"For 'clone', 'prefix' must be a str, but got {type(prefix).__name__}.")
        made = []
        for p in self:
            copy = p.clone(init)
            copy.name = f"{prefix}.{p.name}"
            made.append(copy)
        return ParameterTuple(made)

    def __reduce__(self):
        return ParameterTuple, (tuple(self),)


class _Buffer:
    """Makes a Tensor that becomes a buffer of the cell that it is assigned to, as ``register_buffer`` makes one.

    Args:
        data: Tensor.
        persistent: bool, whether it is in ``state_dict``.  Default: True.

    Raises:
        ValueError: ``data`` is None.
        TypeError: ``data`` is no Tensor.
    """

    def __new__(cls, data, *, persistent=True):
        if data is None:
            raise fail(ValueError, "For '_Buffer', 'data' must be a Tensor, but got None.")
        if not isinstance(data, Tensor):
            raise fail(TypeError, f"For '_Buffer', 'data' must be a Tensor, but got {type(data).__name__}.")
        made = Tensor(data)
        made.is_buffer, made.is_persistent = True, persistent
        return made
