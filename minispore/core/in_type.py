"""Parameters as a Cell with a compute type (``to_float``) sees them while it runs: in that type, and still the Parameters to write to."""

from .dtype import DType
from .op import to
from .parameter import Parameter, ParameterTuple
from .record import STATE
from .tensor import Tensor


class InType(Tensor):
    """The value of a Parameter in another type; what is written to it is stored in the Parameter.

    Made by ``in_type``.

    >>> from minispore import Parameter, Tensor, float16
    >>> from minispore.core.in_type import in_type
    >>> p = Parameter(Tensor([1.0]), name="p")
    >>> seen = in_type(p, float16)
    >>> seen[0] = 3.0
    >>> print(seen.dtype, p.dtype, p.asnumpy())
    Float16 Float32 [3.]
    """

    def _rebind(self, other: Tensor) -> None:
        super()._rebind(other)
        self.__dict__["stored"]._assign(other)

    def __setitem__(self, key, value) -> None:
        super().__setitem__(key, value)
        if STATE.recorder is None:  # op by op a part of its memory changed
            self.__dict__["stored"]._assign(self)


def in_type(parameter: Parameter, dtype: DType):
    """A Parameter of floats in another type.

    Args:
        parameter: Parameter.
        dtype: DType, a type of floats.

    Returns:
        InType of its shape; ``parameter`` itself where it holds no floats or has that type.

    >>> from minispore import Parameter, Tensor, float16
    >>> from minispore.core.in_type import in_type
    >>> in_type(Parameter(Tensor([1, 2]), name="n"), float16).dtype
    mindspore.int64
    """
    if not parameter.dtype.is_float or parameter.dtype is dtype:
        return parameter
    made = to(parameter, dtype)
    seen = InType.__new__(InType)
    seen._data, seen._value, seen._recorder = made._data, made._value, made._recorder
    seen.__dict__["stored"] = parameter
    return seen


class TupleInType(ParameterTuple):
    """A ParameterTuple whose members are read in another type.

    Args:
        stored: ParameterTuple.
        dtype: DType, a type of floats.

    >>> from minispore import Parameter, ParameterTuple, Tensor, float16
    >>> from minispore.core.in_type import TupleInType
    >>> ps = TupleInType(ParameterTuple([Parameter(Tensor([1.0]), name="p")]), float16)
    >>> [p.dtype for p in ps], ps[0].dtype, ps.stored[0].dtype
    ([mindspore.float16], mindspore.float16, mindspore.float32)
    """

    stored: ParameterTuple
    dtype: DType

    def __new__(cls, stored, dtype: DType):
        made = tuple.__new__(cls, stored)
        made.stored, made.dtype = stored, dtype
        return made

    def __iter__(self):
        return (in_type(p, self.dtype) for p in self.stored)

    def __getitem__(self, index):
        found = self.stored[index]
        return tuple(in_type(p, self.dtype) for p in found) if isinstance(found, tuple) else in_type(found, self.dtype)


def as_stored(weights):
    """The Parameters that weights stand for, as they are stored.

    Args:
        weights: one, several, or None.

    Returns:
        ``weights`` with the Parameter in place of each InType.

    >>> from minispore import Parameter, Tensor, float16
    >>> from minispore.core.in_type import as_stored, in_type
    >>> as_stored(in_type(Parameter(Tensor([1.0]), name="p"), float16)).name
    'p'
    """
    if isinstance(weights, TupleInType):
        return weights.stored
    if isinstance(weights, InType):
        return weights.__dict__["stored"]
    if isinstance(weights, (list, tuple)) and any(isinstance(w, InType) for w in weights):
        return [as_stored(w) for w in weights]
    return weights
