"""Gradients of several steps added up before an update."""

from ... import ops
from ...core.dtype import int32
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...nn.cell import Cell

gradient_accumulation_op = ops.MultitypeFuncGraph("gradient_accumulation_op")
gradient_clear_op = ops.MultitypeFuncGraph("gradient_clear_op")


@gradient_accumulation_op.register("Int64", "Tensor", "Tensor")
def _accumulate(steps, total, gradient):
    return ops.assign_add(total, gradient / steps)


@gradient_clear_op.register("Tensor")
def _clear(total):
    return ops.assign(total, ops.zeros_like(total))


class GradientAccumulation(Cell):
    """Calls an optimizer with the mean gradient of each ``max_accumulation_step`` calls.

    Args:
        max_accumulation_step: int, calls for each update.
        optimizer: Optimizer.

    Inputs:
        loss: Tensor, which is passed on.
        grads: tuple of Tensors, one for each Parameter of the optimizer.

    Returns:
        Tensor, the loss.

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0]), name="w")
    >>> accumulate = GradientAccumulation(2, nn.SGD([w], 1.0))
    >>> for gradient in (0.2, 0.6):
    ...     _ = accumulate(Tensor(0.0), (Tensor([gradient]),))
    ...     print(w.asnumpy())
    [1.]
    [0.6]
    """

    def __init__(self, max_accumulation_step, optimizer):
        super().__init__()
        self._max_accumulation_step = max_accumulation_step
        self.optimizer = optimizer
        self.weights = optimizer.parameters
        self.hyper_map = ops.HyperMap()
        self._grad_accumulation = self.weights.clone(prefix="grad_accumulation", init="zeros")
        self._accumulation_step = Parameter(Tensor(0, int32), name="accumulation_step")

    def construct(self, loss, grads):
        accumulate = ops.partial(gradient_accumulation_op, self._max_accumulation_step)
        self.hyper_map(accumulate, self._grad_accumulation, grads)
        ops.assign_add(self._accumulation_step, 1)
        if self._accumulation_step >= self._max_accumulation_step:
            self.optimizer(self._grad_accumulation)
            self.hyper_map(gradient_clear_op, self._grad_accumulation)
            ops.assign(self._accumulation_step, 0)
        return loss
