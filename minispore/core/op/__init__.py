"""What an op is: one definition holds its value, its type rule, its gradient, and sample inputs for the tests.

There are four kinds.  An ``elementwise`` op is one scalar expression: NumPy evaluates it in PYNATIVE mode, and the compiler
inlines it into a fused loop in GRAPH mode.  A ``reduction`` folds axes.  A ``view`` addresses the memory of its input by other
strides.  A ``library`` op has a kernel of its own.  All other functions of ``ops`` are compositions of these.
"""

from .definition import REGISTRY, Op, op_named
from .dispatch import (
    FOLD_LIMIT,
    apply,
    as_tensor,
    evaluate,
    fixed,
    literal,
    record,
    record_values,
    tensor_of,
    value_of,
    wrap,
)
from .elementwise_op import FIXED_RESULTS, NUMBERS, Cast, Elementwise, broadcast_shapes, cast, elementwise, to
from .kinds import LOOPS_IN_PYTHON, Library, Reduction, View, ViewOf, extreme_of, library, reduction, view

__all__ = [
    "Op", "REGISTRY", "op_named", "FOLD_LIMIT", "apply", "as_tensor", "evaluate", "fixed", "literal",
    "record", "record_values", "tensor_of", "value_of", "wrap", "Cast", "Elementwise", "FIXED_RESULTS", "NUMBERS",
    "broadcast_shapes", "cast", "elementwise", "to", "LOOPS_IN_PYTHON", "Library", "Reduction", "View", "ViewOf", "extreme_of",
    "library", "reduction", "view",
]  # fmt: skip
