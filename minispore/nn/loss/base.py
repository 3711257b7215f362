"""The base class of losses, and the checks that they share."""

from ... import ops
from ...core import checks
from ...core.dtype import float32, float64
from ...core.errors import fail
from ...core.op import to
from ...core.tensor import Tensor
from ..cell import Cell

_REDUCTIONS = ("mean", "sum", "none")


class LossBase(Cell):
    """The base of losses: ``get_loss`` reduces what ``construct`` computed for each element.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    Raises:
        ValueError: another ``reduction``.

    >>> from minispore import Tensor, nn, ops
    >>> class Absolute(nn.LossBase):
    ...     def construct(self, base, target):
    ...         return self.get_loss(ops.abs(base - target))
    >>> print(Absolute("sum")(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])))
    3.0
    """

    is_piece = True

    reduce_mean, reduce_sum = staticmethod(ops.mean), staticmethod(ops.sum)
    mul, cast = staticmethod(ops.mul), staticmethod(ops.cast)

    def __init__(self, reduction="mean"):
        super().__init__()
        if reduction not in _REDUCTIONS:
            name = type(self).__name__
            raise fail(
                ValueError,
                f"For '{name}', the argument 'reduction' must be in {list(_REDUCTIONS)}, but got {reduction!r}.",
            )
        self.reduction = reduction
        self.reduce, self.average = reduction != "none", reduction != "sum"

    def get_axis(self, x) -> tuple[int, ...]:
        """All axes of a Tensor.

        Args:
            x: Tensor.

        Returns:
            tuple of ints, ``(0, ..., x.ndim - 1)``.

        >>> from minispore import nn, ops
        >>> nn.LossBase().get_axis(ops.zeros((2, 3)))
        (0, 1)
        """
        return tuple(range(x.ndim))

    def get_loss(self, x, weights=1.0):
        """``x * weights``, reduced; computed in float32 (float64 for float64).

        Args:
            x: Tensor of floats, the loss of each element.
            weights: number, or Tensor that broadcasts with x.  Default: 1.0.

        Returns:
            Tensor of the dtype of x: of shape (), or with "none" of that of the elements.

        >>> from minispore import Tensor, nn
        >>> print(nn.LossBase().get_loss(Tensor([1.0, 3.0]), weights=2.0))
        4.0
        """
        given = x.dtype
        x = x if given is float64 else to(x, float32)
        if isinstance(weights, Tensor) or weights != 1.0:
            x = x * weights
        if self.reduce:
            x = ops.mean(x) if self.average else ops.sum(x)
        return to(x, given)

    def construct(self, *args, **kwargs):
        raise NotImplementedError(f"'{type(self).__name__}' does not define construct(logits, labels).")

    def _tensors(self, **inputs) -> None:
        for name, x in inputs.items():
            checks.tensor(type(self).__name__, **{name: x})


_Loss = LossBase


def class_weight(owner, weight):
    if weight is not None and not checks.tensor(owner, weight=weight).dtype.is_float:
        raise fail(
            TypeError, f"For '{owner}', the argument 'weight' must be a Tensor of floats, but got {weight.dtype}."
        )
    return weight


__all__ = ["LossBase"]
