"""Number types with MindSpore's names and printed forms, and the type promotion rules."""

from functools import cache
from typing import Any

import numpy as np

from .errors import not_installed
from .hints import device


class DType:
    """A number type.  ``str`` gives MindSpore's name of it, and ``repr`` that of its module, as there.

    Args:
        name: str, such as "float32".
        printed: str, MindSpore's form of it: "Float32".
        rank: int, the order among types in promotion.
        np_type: the NumPy type; None for bfloat16, which is looked up when it is used first.

    Attributes:
        is_float: bool.
        is_int: bool.
        is_complex: bool.
        is_inexact: bool, floats and complex numbers: what has gradients.
        category: int, the order of kinds: 0 bool, 1 integers, 2 floats, 3 complex numbers.
        itemsize: int, bytes of an element.
        np: numpy.dtype; None for bfloat16 where the package ml_dtypes is not installed.

    >>> import minispore as ms
    >>> ms.float32, str(ms.bool_)
    (mindspore.float32, 'Bool')
    """

    __slots__ = (
        "category", "is_complex", "is_float", "is_inexact", "is_int", "itemsize", "name", "np", "printed", "rank",
    )  # fmt: skip

    def __init__(self, name: str, printed: str, rank: int, np_type):
        self.name, self.printed, self.rank = name, printed, rank
        if np_type is not None:
            self.np: Any = np.dtype(np_type)
        self.is_float = "loat" in name
        self.is_int = "int" in name
        self.is_complex = name.startswith("complex")
        self.is_inexact = self.is_float or self.is_complex
        self.category = 3 if self.is_complex else 2 if self.is_float else int(self.is_int)
        self.itemsize = 2 if np_type is None else self.np.itemsize

    def __getattr__(self, name: str) -> Any:
        if name != "np":
            raise AttributeError(f"a number type has no attribute {name!r}")
        self.np = _numpy_bfloat16()
        return self.np

    @property
    def type(self) -> Any:
        """NumPy's scalar type, such as ``numpy.float32``, as a NumPy dtype has it; other libraries (jaxtyping) ask for it."""
        return None if self.np is None else self.np.type

    def __str__(self) -> str:
        return self.printed

    def __repr__(self) -> str:
        return f"mindspore.{self.name}"

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        return self is other or (isinstance(other, DType) and other.name == self.name)

    def __reduce__(self):
        return _by_name, (self.name,)

    def __deepcopy__(self, memo):
        return self


def _numpy_bfloat16() -> Any:
    """NumPy's type for it comes with an extra, whose import takes longer than that of NumPy."""
    try:
        from ml_dtypes import bfloat16 as given  # pip install minispore[bfloat16]
    except ImportError:
        return None
    return np.dtype(given)


class _ByNumPy(dict):
    """{numpy.dtype: DType}; bfloat16 is in it once it is used."""

    def __missing__(self, key: np.dtype) -> DType:
        if key.name != "bfloat16":
            raise KeyError(key)
        self[key] = bfloat16
        return bfloat16


def _by_name(name):
    return BY_NAME[name]


bool_ = DType("bool", "Bool", 0, np.bool_)
uint8 = DType("uint8", "UInt8", 1, np.uint8)
int8 = DType("int8", "Int8", 1, np.int8)
uint16 = DType("uint16", "UInt16", 2, np.uint16)
int16 = DType("int16", "Int16", 2, np.int16)
uint32 = DType("uint32", "UInt32", 3, np.uint32)
int32 = DType("int32", "Int32", 3, np.int32)
uint64 = DType("uint64", "UInt64", 4, np.uint64)
int64 = DType("int64", "Int64", 4, np.int64)
float16 = DType("float16", "Float16", 5, np.float16)
bfloat16 = DType("bfloat16", "BFloat16", 5, None)
float32 = DType("float32", "Float32", 6, np.float32)
float64 = DType("float64", "Float64", 7, np.float64)
complex64 = DType("complex64", "Complex64", 8, np.complex64)
complex128 = DType("complex128", "Complex128", 9, np.complex128)
cfloat, cdouble = complex64, complex128
half, single, double, byte, short, int_, long = float16, float32, float64, int8, int16, int32, int64
float_ = float32

ALL = (
    bool_,
    uint8,
    int8,
    uint16,
    int16,
    uint32,
    int32,
    uint64,
    int64,
    float16,
    bfloat16,
    float32,
    float64,
    complex64,
    complex128,
)
BY_NAME = {t.name: t for t in ALL} | {"bool_": bool_}
FROM_NP = _ByNumPy({t.np: t for t in ALL if t is not bfloat16})

number_type = tuple(t for t in ALL if t is not bool_ and not t.is_complex)
int_type = (int8, int16, int32, int64)
uint_type = (uint8, uint16, uint32, uint64)
float_type = (float16, bfloat16, float32, float64)
complex_type = (complex64, complex128)


def to_dtype(given) -> DType:
    """A DType from one of its names.

    Args:
        given: DType, NumPy dtype, Python number type or str.

    Returns:
        DType.

    Raises:
        TypeError: it names no number type.
        ImportError: it is bfloat16, and the package ml_dtypes is not installed.

    >>> to_dtype("float16"), to_dtype(int)
    (mindspore.float16, mindspore.int64)
    """
    if isinstance(given, DType):
        if given.np is None:
            raise not_installed("bfloat16", "ml_dtypes", "'minispore[bfloat16]'")
        return given
    if given is bool:
        return bool_
    if given is int:
        return int64
    if given is float:
        return float32
    if given is complex:
        return complex128
    if isinstance(given, str) and given.lower() in BY_NAME:
        return to_dtype(BY_NAME[given.lower()])
    try:
        return FROM_NP[np.dtype(given)]
    except (TypeError, ValueError, KeyError):  # a ValueError of NumPy: an object with the attribute dtype
        raise TypeError(
            f"{f'a {type(given).__name__}' if hasattr(given, 'dtype') else repr(given)} is not a number type; use e.g. mindspore.float32 or 'int32'."
            + (" A shape is one tuple, such as (2, 3)." if type(given) is int else device(given))
        ) from None


def from_np(dtype: np.dtype) -> DType:
    """The DType of a NumPy dtype.

    Args:
        dtype: numpy.dtype.

    Returns:
        DType.

    Raises:
        TypeError: Tensors cannot hold it.

    >>> from_np(np.dtype("int8"))
    mindspore.int8
    """
    try:
        return FROM_NP[dtype]
    except KeyError:
        raise TypeError(f"Tensors cannot hold NumPy's {dtype}; numbers and booleans only.") from None


def dtype_to_nptype(type_):
    """The NumPy type of a DType.

    Args:
        type_: DType, or what ``to_dtype`` takes.

    Returns:
        class such as numpy.float32.

    Raises:
        TypeError: it names no number type.

    >>> import minispore as ms
    >>> ms.dtype_to_nptype(ms.float32).__name__
    'float32'
    """
    return to_dtype(type_).np.type


def dtype_to_pytype(type_):
    """The Python type of a DType.

    Args:
        type_: DType, or what ``to_dtype`` takes.

    Returns:
        ``bool``, ``int``, ``float`` or ``complex``.

    Raises:
        TypeError: it names no number type.

    >>> import minispore as ms
    >>> ms.dtype_to_pytype(ms.float16).__name__
    'float'
    """
    t = to_dtype(type_)
    return (bool, int, float, complex)[t.category]


def pytype_to_dtype(obj):
    """The DType of a Python or NumPy type.

    Args:
        obj: class; Python's float is float64.

    Returns:
        DType.

    Raises:
        TypeError: it is no number type.

    >>> import minispore as ms
    >>> ms.pytype_to_dtype(float)
    mindspore.float64
    """
    return float64 if obj is float else to_dtype(obj)


_dtype_to_nptype, _pytype_to_dtype, _dtype_to_pytype = dtype_to_nptype, pytype_to_dtype, dtype_to_pytype  # MindSpore's


@cache
def promote(a: DType, b: DType) -> DType:
    """The type of ``a + b``: bool < integers < floats < complex; within a category the larger; any float wins over any integer.

    Args:
        a: DType.
        b: DType.

    Returns:
        DType.

    >>> promote(int64, float16), promote(uint8, int8)
    (mindspore.float16, mindspore.int16)
    """
    if a is b:
        return a
    if a.is_complex or b.is_complex:  # float64 makes it complex128
        return complex128 if complex128 in (a, b) or float64 in (a, b) else complex64
    if a.is_float or b.is_float:
        if not (a.is_float and b.is_float):
            return a if a.is_float else b
        if a.rank == b.rank:  # float16 with bfloat16
            return float32
        return a if a.rank > b.rank else b
    if a is bool_ or b is bool_:
        return b if a is bool_ else a
    return FROM_NP.get(np.promote_types(a.np, b.np), int64) if uint64 not in (a, b) else uint64


def scalar_result(t: DType, value) -> DType:
    """The type of ``Tensor(t) + value`` for a Python scalar: an int keeps any number type, a float any float,
    a complex number any complex type.

    Args:
        t: DType of the Tensor.
        value: bool, int, float or complex.

    Returns:
        DType.

    >>> scalar_result(int32, 0.5), scalar_result(float16, 2)
    (mindspore.float32, mindspore.float16)
    """
    if isinstance(value, bool):
        return t
    if isinstance(value, int):
        return int64 if t is bool_ else t
    if isinstance(value, complex):
        return complex_of(t)
    return t if t.is_inexact else float32


def complex_of(t: DType) -> DType:
    """The complex type whose parts hold what ``t`` holds, as far as there is one.

    Args:
        t: DType.

    Returns:
        DType: complex128 for float64 and itself, else complex64.

    >>> complex_of(float64)
    mindspore.complex128
    """
    return complex128 if t in (float64, complex128) else complex64


def real_of(t: DType) -> DType:
    """The type of the parts of a complex type; another type itself.

    Args:
        t: DType.

    Returns:
        DType.

    >>> real_of(complex64)
    mindspore.float32
    """
    return {"complex64": float32, "complex128": float64}.get(t.name, t)


# what ``mindspore.dtype`` and ``mindspore`` show of it
__all__ = [
    "DType", "bfloat16", "bool_", "byte", "cdouble", "cfloat", "complex128", "complex64", "double", "dtype_to_nptype", "dtype_to_pytype", "float16", "float32",
    "float64", "float_", "float_type", "half", "int16", "int32", "int64", "int8", "int_", "int_type", "long",
    "number_type", "pytype_to_dtype", "short", "single", "uint16", "uint32", "uint64", "uint8", "uint_type",
]  # fmt: skip


from .registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)
