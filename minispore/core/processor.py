"""What this processor can do, where an op has a form for it."""

import importlib.util
from functools import cache


@cache
def multiplies_bfloat16() -> bool:
    """Whether the processor has an instruction for products of bfloat16 numbers (AVX512_BF16), and kernels can be compiled.

    Where it has not, such products are computed in float32.

    Returns:
        bool.

    >>> multiplies_bfloat16() in (True, False)
    True
    """
    if importlib.util.find_spec("llvmlite") is None:
        return False
    import llvmlite.binding as llvm

    return bool(llvm.get_host_cpu_features().get("avx512bf16"))


__all__ = ["multiplies_bfloat16"]
