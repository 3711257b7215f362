"""MPI's functions by address, for compiled kernels, and its handles as numbers.

A handle is an int in MPICH and a pointer in Open MPI.  Passed as int64, one compiled signature serves both.
"""

import ctypes
import re
import sys

from ..core.errors import fail

FUNCTIONS = {"isend": "MPI_Isend", "irecv": "MPI_Irecv", "testall": "MPI_Testall"}
_I32, _I64 = ctypes.c_int32, ctypes.c_int64
_TYPES = {
    "isend": (_I64, _I32, _I64, _I32, _I32, _I64, _I64),  # buffer, count, type, rank, tag, communicator, request
    "irecv": (_I64, _I32, _I64, _I32, _I32, _I64, _I64),
    "testall": (_I32, _I64, _I64, _I64),  # count, requests, flag, statuses
}
CALLS: dict = {}  # name -> the function, for kernels that Python runs


def library() -> ctypes.CDLL:
    """The MPI library that mpi4py has loaded into this process."""
    pattern = re.compile(r"/lib(mpi|mpich)(_abi)?[.\d]*\.(so|dylib)[.\d]*$")
    for path in _loaded():
        if pattern.search(path):
            found = ctypes.CDLL(path)
            if hasattr(found, "MPI_Isend"):
                return found
    raise fail(RuntimeError, "mpi4py is loaded, but its MPI library was not found among the libraries of this process.")


def _loaded() -> list[str]:
    if sys.platform == "darwin":
        system = ctypes.CDLL(None)
        system._dyld_get_image_name.restype = ctypes.c_char_p
        return [system._dyld_get_image_name(k).decode() for k in range(system._dyld_image_count())]
    with open("/proc/self/maps") as lines:
        return list(dict.fromkeys(line.split()[-1] for line in lines if "/" in line))


def handle(MPI, thing) -> int:
    """An MPI handle as the number that stands for it in C."""
    raw = ctypes.string_at(MPI._addressof(thing), MPI._sizeof(thing))
    return int.from_bytes(raw, "little", signed=True)


def publish() -> None:
    """Makes the functions known to compiled kernels as ``minispore_mpi_...``."""
    import llvmlite.binding as llvm

    found = library()
    for name, theirs in FUNCTIONS.items():
        function = getattr(found, theirs)
        llvm.add_symbol(f"minispore_mpi_{name}", ctypes.cast(function, ctypes.c_void_p).value)
        function.argtypes, function.restype = _TYPES[name], _I32
        CALLS[name] = function


def call(name: str, *args) -> int:
    """One of the functions, from Python."""
    return CALLS[name](*[int(a) for a in args])
