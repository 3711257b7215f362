"""Training with a scaled loss, for half precision: the training step, and how the scale changes."""

import functools

from ... import ops
from ...core import checks
from ...core.dtype import bool_, float32, int32
from ...core.errors import fail
from ...core.op import to
from ...core.parameter import Parameter
from ...core.record import STATE
from ...core.tensor import Tensor
from ...ops.collective import collective
from ...ops.effects import SKIPPED
from ...ops.sparse import RowTensor
from ..cell import Cell
from .cell_wrapper import TrainOneStepCell


class TrainOneStepWithLossScaleCell(TrainOneStepCell):
    """One training step with a scaled loss: a step whose gradients overflow changes neither weights nor optimizer
    (Micikevicius et al. 2018, arXiv 1710.03740).

    Which values the Parameters get is decided inside the step.

    Args:
        network: Cell that returns the loss.
        optimizer: Optimizer of its Parameters.
        scale_sense: DynamicLossScaleUpdateCell or FixedLossScaleUpdateCell, or the scale as a Tensor of one element.

    Inputs:
        *inputs: those of the network.

    Returns:
        tuple (loss, overflow, loss scale used) of Tensors: overflow a bool of shape ().

    Raises:
        TypeError: ``scale_sense`` is neither a Cell nor a Tensor; the optimizer evaluates the loss itself (SAM, Sophia).
        ValueError: ``scale_sense`` is a Tensor of more than one element.

    >>> from minispore import Parameter, Tensor, nn
    >>> class Loss(nn.Cell):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.w = Parameter(Tensor([2.0]), name="w")
    ...     def construct(self, x):
    ...         return (x * self.w).sum()
    >>> net = Loss()
    >>> step = nn.TrainOneStepWithLossScaleCell(net, nn.SGD(net.trainable_params(), 0.5), Tensor(1024.0))
    >>> loss, overflow, scale = step(Tensor([3.0]))
    >>> print(loss, overflow, scale, net.w.asnumpy())
    6.0 False 1024.0 [0.5]
    """

    def __init__(self, network, optimizer, scale_sense):
        super().__init__(network, optimizer)
        if getattr(optimizer, "needs_loss", False):
            raise fail(
                TypeError,
                f"For '{self.cls_name}', 'optimizer' must work on gradients, but {optimizer.cls_name} evaluates the loss: use "
                "TrainOneStepCell.",
            )
        self.hyper_map = ops.HyperMap()
        self.loss_scaling_manager = None
        if isinstance(scale_sense, Cell):
            self.loss_scaling_manager = scale_sense
            scale_sense = Tensor(scale_sense.get_loss_scale(), float32)
        checks.tensor(self.cls_name, scale_sense=scale_sense)
        if scale_sense.shape not in ((), (1,)):
            raise fail(
                ValueError,
                f"For '{self.cls_name}', 'scale_sense' must have the shape () or (1,), but got {scale_sense.shape}.",
            )
        self.scale_sense = Parameter(scale_sense, name="scale_sense")

    def construct(self, *inputs):
        scale = self.scale_sense + 0.0
        loss, grads = self.loss_and_grads(inputs, scale.reshape(()))
        grads = tuple(g / to(scale, g.dtype).reshape(()) for g in grads)
        overflow = self.get_overflow_status(None, grads)
        self.process_loss_scale(overflow)
        update_unless(overflow, self.optimizer, grads)
        return loss, overflow, scale

    def set_sense_scale(self, sens):
        """Sets the loss scale.

        Args:
            sens: Tensor of one element.

        Raises:
            TypeError: ``sens`` is not a Tensor.
        """
        checks.tensor("TrainOneStepWithLossScaleCell", sens=sens)
        self.scale_sense.set_data(sens)

    def start_overflow_check(self, pre_cond, compute_input):
        """Kept for MindSpore's sake: overflow is seen in the gradients, nothing has to be started.

        Args:
            pre_cond: ignored.
            compute_input: the inputs of what follows.

        Returns:
            tuple (Tensor of 8 zeros, ``compute_input``).
        """
        return Tensor([0] * 8, int32), compute_input

    def get_overflow_status(self, status, compute_output):
        """Whether any gradient is infinite or NaN.

        Args:
            status: ignored; what ``start_overflow_check`` gave.
            compute_output: tuple of Tensors, the gradients.

        Returns:
            Tensor of shape (), bool.
        """
        finite = [ops.isfinite(g.values if isinstance(g, RowTensor) else g).all() for g in compute_output]
        overflow = ops.logical_not(functools.reduce(ops.logical_and, finite))
        if self._shared is not None:  # each rank has looked at the gradients of its own Parameters
            ranks = self._shared.ranks
            return to(collective("all_reduce", [to(overflow, int32)], ranks, "max", label="overflow")[0], bool_)
        return overflow

    def process_loss_scale(self, overflow):
        """Lets the loss scale follow.

        Args:
            overflow: Tensor of shape (), bool.

        Returns:
            Tensor of shape (), bool: ``overflow``.
        """
        if self.loss_scaling_manager is None:
            return overflow
        return self.loss_scaling_manager(self.scale_sense, overflow)


def update_unless(condition, optimizer, grads) -> None:
    """Runs an optimizer; where a condition holds, every Parameter keeps the value it had.

    Args:
        condition: Tensor of shape (), bool.
        optimizer: Optimizer, or anything that updates Parameters when called with the gradients.
        grads: tuple of Tensors.

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0]), name="w")
    >>> update_unless(Tensor(True), nn.SGD([w], 0.5), (Tensor([1.0]),))
    >>> print(w.asnumpy())
    [1.]
    """
    if STATE.recorder is not None:
        outer = SKIPPED.condition
        try:
            SKIPPED.condition = condition if outer is None else outer.logical_or(condition)
            optimizer(grads)
        finally:
            SKIPPED.condition = outer
    elif not condition:
        optimizer(grads)


class DynamicLossScaleUpdateCell(Cell):
    """A loss scale that grows by ``scale_factor`` after ``scale_window`` steps without overflow and shrinks by it at
    each overflow, not below 1.

    Args:
        loss_scale_value: number, where it starts.
        scale_factor: number.
        scale_window: int.

    Inputs:
        loss_scale: Parameter, changed in place.
        overflow: Tensor of shape (), bool.

    Returns:
        Tensor of shape (), bool: ``overflow``.

    >>> from minispore import Parameter, Tensor, nn
    >>> scale = Parameter(Tensor(8.0), name="scale")
    >>> update = nn.DynamicLossScaleUpdateCell(8.0, scale_factor=2, scale_window=1)
    >>> _ = update(scale, Tensor(True))
    >>> print(scale.asnumpy())
    4.0
    """

    def __init__(self, loss_scale_value, scale_factor, scale_window):
        super().__init__()
        self.loss_scale_value = loss_scale_value
        self.scale_factor, self.scale_window = Tensor(scale_factor, float32), Tensor(scale_window, int32)
        self.cur_iter = Parameter(Tensor(1, int32), name="current_iterator_step")
        self.last_overflow_iter = Parameter(Tensor(0, int32), name="last_overflow_iterator_step")

    def get_loss_scale(self):
        """The scale to start with.

        Returns:
            number.
        """
        return self.loss_scale_value

    def construct(self, loss_scale, overflow):
        overflow = to(overflow, bool_)
        grown = self.cur_iter - self.last_overflow_iter >= self.scale_window
        smaller = ops.maximum(loss_scale / self.scale_factor, 1.0)
        larger = ops.select(grown, loss_scale * self.scale_factor, loss_scale)
        ops.assign(
            self.last_overflow_iter, ops.select(ops.logical_or(overflow, grown), self.cur_iter, self.last_overflow_iter)
        )
        ops.assign(loss_scale, ops.select(overflow, smaller, larger))
        ops.assign(self.cur_iter, self.cur_iter + 1)
        return overflow


class FixedLossScaleUpdateCell(Cell):
    """A loss scale that stays.

    Args:
        loss_scale_value: number, the scale.

    Inputs:
        _: the loss scale, left as it is.
        overflow: Tensor of shape (), bool.

    Returns:
        Tensor of shape (), bool: ``overflow``.

    >>> from minispore import nn
    >>> nn.FixedLossScaleUpdateCell(1024.0).get_loss_scale()
    1024.0
    """

    def __init__(self, loss_scale_value):
        super().__init__()
        self.loss_scale_value = loss_scale_value

    def get_loss_scale(self):
        """The scale.

        Returns:
            number.
        """
        return self.loss_scale_value

    def construct(self, _, overflow):
        return overflow
