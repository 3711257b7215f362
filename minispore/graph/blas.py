"""OpenBLAS, and LAPACK in it, with one thread inside (the executor splits the work) and the right kernels for the processor.

The package scipy-openblas32 brings a private one. Where it cannot be had (conda-forge), the OpenBLAS of the environment serves;
NumPy may use that too, and then its products run on one thread as well.
"""

import ctypes
import ctypes.util
import importlib.util
import os
import sys
import threading
from typing import Any

PRODUCTS = ("gemm", "syrk", "trsm")
FACTORISATIONS = {
    "getrf": 0,
    "getri": 0,
    "potrf": 1,
    "geqrf": 0,
    "orgqr": 0,
    "gesdd": 1,
    "gelsy": 0,
}  # of how many letters the lengths follow
SYMBOLS = {  # what compiled code calls them -> in the library
    **{f"minispore_{t}{name}": f"cblas_{t}{name}" for name in PRODUCTS for t in "sd"},
    **{f"minispore_{t}{name}": f"{t}{name}_" for name in FACTORISATIONS for t in "sd"},
}
_lock = threading.Lock()
_library: ctypes.CDLL | None = None


def load() -> ctypes.CDLL:
    """Loads the library once and publishes its products to compiled code.

    OpenBLAS takes some AVX-512 processors for older ones and then runs at half speed; its core type can be
    set only by the environment and only at load.
    """
    global _library
    with _lock:
        if _library is not None:
            return _library
        import llvmlite.binding as llvm

        path, prefix = found()
        wanted = {"OPENBLAS_NUM_THREADS": "1"}
        if "avx512bw" in _cpu_features():
            wanted["OPENBLAS_CORETYPE"] = "SKYLAKEX"
        before = {name: os.environ.get(name) for name in wanted}
        try:
            for name, value in wanted.items():
                if name == "OPENBLAS_NUM_THREADS" or before[name] is None:
                    os.environ[name] = value
            library = ctypes.CDLL(path)
        finally:
            for name, old in before.items():
                if old is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = old
        getattr(library, f"{prefix}openblas_set_num_threads")(1)
        missing = [symbol for symbol in SYMBOLS.values() if not hasattr(library, prefix + symbol)]
        if missing:
            raise ImportError(
                f"{path} was built without {missing[0]}, which minispore needs: pip install scipy-openblas32."
            )
        for name, symbol in SYMBOLS.items():
            llvm.add_symbol(name, ctypes.cast(getattr(library, prefix + symbol), ctypes.c_void_p).value)
        _library = library
        return library


def found() -> tuple[str, str]:
    """The path of the OpenBLAS that is used, and what its functions' names begin with.

    Raises:
        ImportError: there is none.
    """
    package = importlib.util.find_spec("scipy_openblas32")  # imported it would read the metadata of its distribution
    if package is not None and package.submodule_search_locations:
        folder = os.path.join(package.submodule_search_locations[0], "lib")
        names = [n for n in os.listdir(folder) if n.startswith("libscipy_openblas") and not n.endswith(".lib")]
        return os.path.join(folder, min(names)), "scipy_"
    folder = os.path.join(sys.prefix, "Library", "bin") if os.name == "nt" else os.path.join(sys.prefix, "lib")
    for name in ("libopenblas.so.0", "libopenblas.0.dylib", "libopenblas.dylib", "openblas.dll"):
        if os.path.exists(os.path.join(folder, name)):
            return os.path.join(folder, name), ""
    path = ctypes.util.find_library("openblas")
    if path is None:
        raise ImportError(
            "minispore needs OpenBLAS for its matrix products: pip install scipy-openblas32, or conda install libopenblas."
        )
    return path, ""


def lapack(name: str, *values: Any) -> None:
    """A factorisation as compiled code calls it: all is passed by address; ``values`` are numbers, and addresses of arrays as ``c_void_p``."""
    passed = [v if isinstance(v, ctypes.c_void_p) else ctypes.byref(ctypes.c_int32(int(v))) for v in values]
    getattr(load(), f"{found()[1]}{name}_")(*passed, *[ctypes.c_size_t(1)] * FACTORISATIONS[name[1:]])


def core_name() -> str:
    """The processor that the library has chosen its kernels for."""
    name = getattr(load(), f"{found()[1]}openblas_get_corename")
    name.restype = ctypes.c_char_p
    return name().decode()


def _cpu_features() -> set[str]:
    import llvmlite.binding as llvm

    return {name for name, on in llvm.get_host_cpu_features().items() if on}
