"""The private OpenBLAS: one thread inside (the executor splits the work), the right kernels for the processor."""

import ctypes
import os
import threading

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
        import scipy_openblas32 as package

        wanted = {"OPENBLAS_NUM_THREADS": "1"}
        if "avx512bw" in _cpu_features():
            wanted["OPENBLAS_CORETYPE"] = "SKYLAKEX"
        before = {name: os.environ.get(name) for name in wanted}
        try:
            for name, value in wanted.items():
                if name == "OPENBLAS_NUM_THREADS" or before[name] is None:
                    os.environ[name] = value
            path = os.path.join(package.get_lib_dir(), package.get_library(fullname=True))
            library = ctypes.CDLL(path)
        finally:
            for name, old in before.items():
                if old is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = old
        library.scipy_openblas_set_num_threads(1)
        for name in ("sgemm", "dgemm", "ssyrk", "dsyrk"):
            llvm.add_symbol(
                f"minispore_{name}", ctypes.cast(getattr(library, f"scipy_cblas_{name}"), ctypes.c_void_p).value
            )
        _library = library
        return library


def _cpu_features() -> set[str]:
    import llvmlite.binding as llvm

    return {name for name, on in llvm.get_host_cpu_features().items() if on}
