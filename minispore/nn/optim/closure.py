"""Optimizers that look at the loss again: at other weights, or at its second derivative.

They are given a closure: ``closure()`` returns ``(loss, gradients)`` at the present weights, ``closure(other)`` those of
another function of the same inputs.  ``value_and_grad(loss, None, optimizer.parameters)`` is one, ``TrainOneStepCell``
makes one, and the whole is still one compiled step.
"""

from ...core.errors import fail
from .optimizer import Optimizer


class NeedsLoss(Optimizer):
    """The base of optimizers with ``step(closure)`` in place of ``optimizer(gradients)``."""

    needs_loss = True

    divisible = False

    def step(self, closure):
        """One step; returns the loss."""
        raise NotImplementedError

    def __call__(self, *args, **kwargs):
        raise self._misused()

    def _misused(self):
        return fail(
            RuntimeError,
            f"For '{self.cls_name}', gradients alone are not enough: train with TrainOneStepCell, or call step(closure) "
            f"with a closure that returns the loss and its gradients. Around other optimizers it stands outermost.",
        )

    def update(self, gradients):
        """The update itself, of gradients."""
        return super().__call__(gradients)
