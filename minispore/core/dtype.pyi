# Written by tools/stubs from minispore.core.dtype: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import DTypeLike, Number
from typing import Any

__all__ = ['DType', 'bfloat16', 'bool_', 'byte', 'cdouble', 'cfloat', 'complex128', 'complex64', 'double', 'dtype_to_nptype', 'dtype_to_pytype', 'float16', 'float32', 'float64', 'float_', 'float_type', 'half', 'int16', 'int32', 'int64', 'int8', 'int_', 'int_type', 'long', 'number_type', 'pytype_to_dtype', 'short', 'single', 'uint16', 'uint32', 'uint64', 'uint8', 'uint_type']

bfloat16: DType
bool_: DType
byte: DType
cdouble: DType
cfloat: DType
complex128: DType
complex64: DType
double: DType
float16: DType
float32: DType
float64: DType
float_: DType
float_type: Any
half: DType
int16: DType
int32: DType
int64: DType
int8: DType
int_: DType
int_type: Any
long: DType
number_type: Any
short: DType
single: DType
uint16: DType
uint32: DType
uint64: DType
uint8: DType
uint_type: Any

class DType:
    def __getattr__(self, name: str) -> Any: ...
    def __init__(self, name: str, printed: str, rank: int, np_type: DTypeLike) -> None: ...
    @property
    def type(self) -> Any: ...
    category: Any
    is_complex: Any
    is_float: Any
    is_inexact: Any
    is_int: Any
    itemsize: Any
    name: Any
    np: Any
    printed: Any
    rank: Any

def dtype_to_nptype(type_: DTypeLike) -> Any: ...

def dtype_to_pytype(type_: DTypeLike) -> Any: ...

def from_np(dtype: Any) -> DType: ...

def pytype_to_dtype(obj: Any) -> DType: ...

def to_dtype(given: DTypeLike | Number | str) -> DType: ...
