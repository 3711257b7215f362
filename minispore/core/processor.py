"""What this processor can do, where an op has a form for it."""

import importlib.util
from functools import cache


def _has(feature: str) -> bool:
    if importlib.util.find_spec("llvmlite") is None:
        return False
    import llvmlite.binding as llvm

    return bool(llvm.get_host_cpu_features().get(feature))


@cache
def multiplies_bfloat16() -> bool:
    """Whether the processor has an instruction for products of bfloat16 numbers (AVX512_BF16), and kernels can be compiled.

    Where it has not, such products are computed in float32.

    Returns:
        bool.

    >>> multiplies_bfloat16() in (True, False)
    True
    """
    return _has("avx512bf16")


@cache
def has_masks() -> bool:
    """Whether the processor loads and stores parts of vectors of any type as fast as whole ones (AVX-512), and kernels can be compiled.

    Returns:
        bool.

    >>> has_masks() in (True, False)
    True
    """
    return _has("avx512bw")


__all__ = ["has_masks", "multiplies_bfloat16"]
