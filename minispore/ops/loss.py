"""What the losses share: "mean", "sum" or "none" over the elements, and inputs of one type."""

from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import to
from ..core.tensor import Tensor
from .reduction import mean, sum as sum_


def check_reduction(name, reduction, allowed=("none", "mean", "sum")):
    if reduction not in allowed:
        raise fail(ValueError, f"For '{name}', the 'reduction' must be in {list(allowed)}, but got {reduction!r}.")


def reduced(loss, reduction):
    return mean(loss) if reduction == "mean" else sum_(loss) if reduction == "sum" else loss


def float_pair(name, x, y, first="input", second="target"):
    for what, t in ((first, x), (second, y)):
        if not isinstance(t, Tensor):
            raise fail(TypeError, f"For '{name}', the '{what}' must be a Tensor, but got {type(t).__name__}.")
    return (x, y) if x.dtype.is_float or y.dtype.is_float else (to(x, float32), y)


__all__: list[str] = []
