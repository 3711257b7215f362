"""NumPy arrays in and out of DLPack, with what NumPy leaves out: bfloat16, and read-only memory for old consumers.

NumPy has no bfloat16, so its DLPack refuses it.  The bits travel as unsigned integers, and the name of the type in the capsule is changed.
"""

import ctypes
from typing import Any

import numpy as np

from .dtype import bfloat16, to_dtype

CPU = (1, 0)  # DLPack's name of the device
_UNSIGNED, _BFLOAT = 1, 4  # DLPack's codes of types
# where struct DLTensor begins in the struct of a capsule, by the capsule's name, and where the type's code and bits are in it
_BEGINS = {b"dltensor": 0, b"dltensor_versioned": 32}
_CODE, _BITS = 20, 21

_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
_is_valid = ctypes.pythonapi.PyCapsule_IsValid
_is_valid.restype, _is_valid.argtypes = ctypes.c_int, [ctypes.py_object, ctypes.c_char_p]


class Capsule:
    """A bare capsule as an object with the methods of the protocol."""

    def __init__(self, capsule):
        self.capsule = capsule

    def __dlpack__(self, **options):
        return self.capsule

    def __dlpack_device__(self):
        return CPU


def exported(array: np.ndarray, options: dict) -> Any:
    """A capsule of an array's memory; of a copy, where the memory is read-only and the consumer's version of DLPack cannot say so."""
    is_bfloat = array.dtype.name == "bfloat16"
    plain = array.view(np.uint16) if is_bfloat else array
    if not plain.flags.writeable and options.get("max_version") is None and options.get("copy") is not False:
        plain = plain.copy()
    capsule = plain.__dlpack__(**options)
    if is_bfloat:
        _renamed(capsule, _UNSIGNED, _BFLOAT)
    return capsule


def imported(given: Any) -> np.ndarray:
    """The array on the memory of an object of another library."""
    if type(given).__module__.partition(".")[0] == "numpy":
        return np.from_dlpack(given)
    try:
        capsule = given.__dlpack__(max_version=(1, 0))
    except TypeError:  # an object of a time without versions
        capsule = given.__dlpack__()
    is_bfloat = _renamed(capsule, _BFLOAT, _UNSIGNED)
    array = np.from_dlpack(Capsule(capsule))
    return array.view(to_dtype(bfloat16).np) if is_bfloat else array


def _renamed(capsule: Any, old: int, new: int) -> bool:
    """Changes the code of a type of 16 bits from ``old`` to ``new``; whether it was ``old``."""
    name = next((n for n in _BEGINS if _is_valid(capsule, n)), None)
    if name is None:
        return False
    fields = (ctypes.c_uint8 * 24).from_address(_pointer(capsule, name) + _BEGINS[name])
    if fields[_CODE] != old or fields[_BITS] != 16:
        return False
    fields[_CODE] = new
    return True
