"""Loss scaling for ``Model``: keeps small gradients from underflowing in float16."""

from typing import Any

from ..core import checks
from ..core.errors import fail
from ..nn.wrap import DynamicLossScaleUpdateCell, FixedLossScaleUpdateCell


class LossScaleManager:
    """The base class: gives the scale, and the Cell that updates it inside a train step; its own methods give None.

    >>> import minispore as ms
    >>> isinstance(ms.FixedLossScaleManager(), ms.LossScaleManager)
    True
    """

    def get_loss_scale(self) -> Any:
        """The current scale.

        Returns:
            number; None in this class.
        """
        return None

    def update_loss_scale(self, overflow):
        """Updates the scale after a step, given whether its gradients overflowed.

        Args:
            overflow: bool.
        """

    def get_update_cell(self) -> Any:
        """The Cell for ``nn.TrainOneStepWithLossScaleCell``; None: steps do not check for overflow.

        Returns:
            Cell; None: a step does not look at overflow.
        """
        return None


class FixedLossScaleManager(LossScaleManager):
    """A constant scale.

    Args:
        loss_scale: number from 1.  Default: 128.0.
        drop_overflow_update: bool, whether to skip the update of a step whose gradients overflow.  If False, give the
            optimizer the same ``loss_scale``: it then undoes the scaling.  Default: True.

    Raises:
        ValueError: ``loss_scale`` is below 1.

    >>> from minispore.amp import FixedLossScaleManager
    >>> FixedLossScaleManager(128.0, drop_overflow_update=False).get_update_cell() is None
    True
    """

    def __init__(self, loss_scale=128.0, drop_overflow_update=True):
        if loss_scale < 1:
            raise fail(
                ValueError, f"For 'FixedLossScaleManager', 'loss_scale' must be at least 1, but got {loss_scale}."
            )
        self._loss_scale, self._drop = loss_scale, drop_overflow_update

    def get_loss_scale(self):
        return self._loss_scale

    def get_drop_overflow_update(self):
        """Whether a step whose gradients overflow changes nothing.

        Returns:
            bool.
        """
        return self._drop

    def update_loss_scale(self, overflow):
        """Does nothing: the scale is constant.

        Args:
            overflow: ignored.
        """

    def get_update_cell(self):
        return FixedLossScaleUpdateCell(self._loss_scale) if self._drop else None


class DynamicLossScaleManager(LossScaleManager):
    """A scale that grows after ``scale_window`` steps without overflow, and shrinks at each overflow, not below 1.

    Args:
        init_loss_scale: number from 1, where it starts.  Default: 2**24.
        scale_factor: number above 0, by what it grows and shrinks.  Default: 2.
        scale_window: int above 0.  Default: 2000.

    Raises:
        TypeError: ``scale_window`` is not an int.
        ValueError: a value out of its range.

    >>> from minispore.amp import DynamicLossScaleManager
    >>> manager = DynamicLossScaleManager(8.0, 2, 2)
    >>> manager.update_loss_scale(True)
    >>> manager.get_loss_scale()
    4.0
    """

    def __init__(self, init_loss_scale=2**24, scale_factor=2, scale_window=2000):
        if init_loss_scale < 1:
            raise fail(
                ValueError,
                f"For 'DynamicLossScaleManager', 'init_loss_scale' must be at least 1, but got {init_loss_scale}.",
            )
        if scale_factor <= 0:
            raise fail(
                ValueError,
                f"For 'DynamicLossScaleManager', 'scale_factor' must be greater than 0, but got {scale_factor}.",
            )
        self.loss_scale, self.scale_factor = init_loss_scale, scale_factor
        self.scale_window = checks.positive_int("DynamicLossScaleManager", scale_window=scale_window)
        self.increase_ratio, self.decrease_ratio = scale_factor, 1 / scale_factor
        self.cur_iter, self.last_overflow_iter = 1, 0

    def get_loss_scale(self):
        return self.loss_scale

    def get_drop_overflow_update(self):
        """Whether a step whose gradients overflow changes nothing.

        Returns:
            True.
        """
        return True

    def update_loss_scale(self, overflow):
        if overflow:
            self.loss_scale = max(self.loss_scale * self.decrease_ratio, 1)
            self.last_overflow_iter = self.cur_iter
        elif self.cur_iter - self.last_overflow_iter >= self.scale_window:
            self.loss_scale *= self.increase_ratio
            self.last_overflow_iter = self.cur_iter
        self.cur_iter += 1

    def get_update_cell(self):
        return DynamicLossScaleUpdateCell(self.loss_scale, self.scale_factor, self.scale_window)


__all__ = ["DynamicLossScaleManager", "FixedLossScaleManager", "LossScaleManager"]

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
