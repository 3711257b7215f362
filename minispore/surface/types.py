"""MindSpore's classes of types (``mindspore._c_expression.typing``), and the types of values that are no Tensors.

A dtype here is one of a few instances of ``DType``; these classes say by ``isinstance`` which kind it is, and give the dtype
of a number of bits when they are called.

>>> import minispore as ms
>>> from minispore._c_expression import typing
>>> isinstance(ms.float32, typing.Number), isinstance(ms.float32, ms.Int), typing.Int(32) is ms.int32
(True, False, True)
"""

from typing import Any

import numpy as np

from ..core.dtype import BY_NAME, DType, bfloat16, bool_, float64, int64, to_dtype
from ..core.errors import fail
from ..core.tensor import Tensor


class _Named:
    """A type that Tensors do not have, with its printed form."""

    def __init__(self, name: str, printed: str, kind: str):
        self.name, self.printed, self.kind = name, printed, kind

    def __str__(self) -> str:
        return self.printed

    def __repr__(self) -> str:
        return f"mindspore.{self.name}"


number = _Named("number", "Number", "Number")
uint = _Named("uint", "UInt", "UInt")
string = _Named("string_", "String", "String")
list_ = _Named("list_", "List", "List")
tuple_ = _Named("tuple_", "Tuple", "Tuple")
dict_ = _Named("dict", "Dictionary", "Dict")
type_none = _Named("type_none", "TypeNone", "TypeNone")
tensor_type = _Named("tensor", "Tensor", "TensorType")
function = _Named("function", "Func", "Function")


def _kinds(given: Any) -> tuple[str, ...]:
    """The names of the classes that a type is an instance of."""
    if isinstance(given, _Named):
        return ("Type", given.kind, *(("Number",) if given.kind == "UInt" else ()))
    if not isinstance(given, DType):
        return ()
    if given is bool_:
        return ("Type", "Number", "Bool")
    if given is bfloat16:
        return ("Type", "Number", "BFloat")
    own = (
        "Complex"
        if given.is_complex
        else "Float"
        if given.is_float
        else "UInt"
        if given.name.startswith("uint")
        else "Int"
    )
    return ("Type", "Number", own)


class _Kind(type):
    """The class of the classes: instances are dtypes."""

    def __instancecheck__(cls, given) -> bool:
        return cls.__name__ in _kinds(given)

    def __call__(cls, bits=None):
        """The dtype of so many bits; without, the type that stands for all of them."""
        if bits is None and cls.__name__ in _GENERAL:
            return _GENERAL[cls.__name__]
        name = f"{cls.__name__.lower()}{'' if bits is None else bits}"
        if name not in BY_NAME:
            raise fail(TypeError, f"For '{cls.__name__}', there is no type of {bits} bits.")
        return BY_NAME[name]


class Type(metaclass=_Kind):
    """The class of all types.

    >>> import minispore as ms
    >>> isinstance(ms.int8, ms.Type), isinstance(int, ms.Type)
    (True, False)
    """


class Number(Type):
    """The class of number types, bool included."""


class Int(Number):
    """The class of signed integer types.

    >>> import minispore as ms
    >>> isinstance(ms.int8, ms.Int), isinstance(ms.uint8, ms.Int)
    (True, False)
    """


class UInt(Number):
    """The class of unsigned integer types."""


class Float(Number):
    """The class of floating-point types but bfloat16."""


class BFloat(Number):
    """The class of bfloat16."""


class Bool(Number):
    """The class of bool."""


class Complex(Number):
    """The class of complex types."""


class String(Type):
    """The class of ``mindspore.string``."""


class List(Type):
    """The class of ``mindspore.list_``."""


class Tuple(Type):
    """The class of ``mindspore.tuple_``."""


class Dict(Type):
    """The class of the type of dicts."""


class TypeNone(Type):
    """The class of ``mindspore.type_none``."""


class TensorType(Type):
    """The class of ``mindspore.tensor_type``.

    >>> import minispore as ms
    >>> isinstance(ms.tensor_type, ms.TensorType)
    True
    """


class Function(Type):
    """The class of the type of functions."""


_GENERAL: dict[str, Any] = {
    "Number": number, "UInt": uint, "Bool": bool_, "String": string, "List": list_, "Tuple": tuple_, "Dict": dict_,
    "TypeNone": type_none, "TensorType": tensor_type, "Function": function,
}  # fmt: skip
_OF_VALUES = ((str, string), (list, list_), (tuple, tuple_), (dict, dict_))


def get_py_obj_dtype(obj):
    """The type of a Python value as MindSpore's graphs see it.

    Args:
        obj (object): a Python class or value.

    Returns:
        a dtype, or the type of values that are no numbers: ``string``, ``list_``, ``tuple_``, ``type_none`` ...

    >>> import minispore as ms
    >>> ms.get_py_obj_dtype(1), ms.get_py_obj_dtype(1.5), ms.get_py_obj_dtype("a")
    (mindspore.int64, mindspore.float64, mindspore.string_)
    """
    if obj is None:
        return type_none
    if isinstance(obj, Tensor):
        return obj.dtype
    kind = obj if isinstance(obj, type) else type(obj)
    for python, found in ((bool, bool_), (int, int64), (float, float64), *_OF_VALUES):
        if issubclass(kind, python):
            return found
    if isinstance(obj, np.ndarray):
        return to_dtype(obj.dtype)
    return function if callable(obj) else type_none


def frombuffer(buffer, dtype=None, count=-1, offset=0):
    """A Tensor of the bytes of an object.

    Args:
        buffer (object): with the buffer interface, such as bytes.
        dtype (dtype): of an element. Default: None, for float32.
        count (int): how many elements. Default: -1, for all.
        offset (int): bytes before the first. Default: 0.

    Returns:
        Tensor (count,).

    >>> import minispore as ms
    >>> print(ms.frombuffer(b"abc", ms.uint8))
    [97 98 99]
    """
    kind = to_dtype("float32" if dtype is None else dtype).np
    return Tensor(np.frombuffer(buffer, kind, count, offset).copy())


ubyte, ushort, uintc, uintp = (BY_NAME[name] for name in ("uint8", "uint16", "uint32", "uint64"))
intc, intp = BY_NAME["int32"], BY_NAME["int64"]
all_types = tuple(BY_NAME[name] for name in (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64", "bfloat16",
    "complex64", "complex128",
))  # fmt: skip
