"""Elementary functions that LLVM vectorises, in float32 and float64.

libm calls stop the loop vectoriser (tanh of libm in a loop: 13 ns per element).  Here a function is a
straight line of multiplications, additions, bit casts and selects, so a loop over it becomes AVX code.

The functions write LLVM instructions into the loop that calls them.  `Value` overloads Python's operators: `x * y + 1` appends two instructions.  Each body is written once for both
formats; `x.pick(a, b)` is `a` if x is float32 and `b` if it is float64.

    FUNCTIONS["exp"]["float32"]        kernels call it exp_float32

Three rules make the results independent of the caller's fast-math flags:
  - every arithmetic instruction carries exactly the flag `contract` (the compiler adds no flags to instructions that
    have some), so it may become part of a fused multiply-add but is never reassociated;
  - products that must be exact are exact without FMA too: one factor has its low bits cleared;
  - no branch, and a NaN survives because `select(x < limit, ...)` is false for it.

Bounds in the docstrings are in units in the last place (ulp), float32 / float64, asserted over dense
samples in tests/test_vector_math.py; up to 2 more on a CPU without FMA.  Denormal results may have
an error of one more ulp.  The polynomials are our own minimax (Remez) fits, coefficients in ascending order.
"""

from . import error_function, exponential, logarithm, power, rounding, trigonometry  # each fills FUNCTIONS
from .random_bits import philox_uint32
from .trigonometry import FAR
from .value import FUNCTIONS

__all__ = ["FAR", "FUNCTIONS", "philox_uint32"]
