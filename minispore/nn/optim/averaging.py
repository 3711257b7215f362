"""Optimizers that train with one set of weights and are evaluated with another, an average."""

from contextlib import contextmanager

import numpy as np

from ...core.parameter import Parameter
from ...core.record import Epoch
from ...core.tensor import Tensor
from ...ops import assign
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class Averaging(Optimizer):
    """The base of optimizers that train with one set of weights and are evaluated with another, their average.

    ``train()`` and ``eval()`` put one of the two into the network's Parameters.  A subclass calls
    ``begin_averaging`` when it has its state, and writes ``to_average`` and ``to_training``, which assign to the
    Parameters; see ``ScheduleFreeAdamW`` and ``ExponentialMovingAverage``.  Which of the two the network holds is part of
    the state, so that a checkpoint knows.

    Args:
        learning_rate: {rate}
        parameters: {params}
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}
    """

    divisible = False

    def begin_averaging(self) -> None:
        """Makes the Parameter ``averaged``: 1 while the network holds the averaged weights."""
        inside = sum(isinstance(cell, Averaging) for _, cell in self.cells_and_names()) - 1
        name = f"averaged_{inside}" if inside else "averaged"  # wrappers may be nested
        self.averaged = Parameter(Tensor(np.zeros((), np.int32)), name=name, requires_grad=False)

    @property
    def holds_average(self) -> bool:
        """Whether the network holds the averaged weights."""
        return bool(self._params["averaged"]._array())

    def eval(self):
        """Puts the averaged weights into the network, until ``train()``; steps raise a RuntimeError meanwhile.

        Returns:
            the optimizer itself.
        """
        return self._switch(True, self.to_average)

    def train(self):
        """Puts the weights to train with into the network again.

        Returns:
            the optimizer itself.
        """
        return self._switch(False, self.to_training)

    def _switch(self, averaged: bool, change):
        if self.holds_average is not averaged:
            change()
            self._params["averaged"].set_data(Tensor(int(averaged)))
            Epoch.now += 1  # executables are kept per state: to come back to training compiles nothing
        return self

    def _state(self):
        return (*super()._state(), self.holds_average)

    def expect_training(self) -> None:
        """Raises unless the network holds the weights to train with.

        Raises:
            RuntimeError: ``eval()`` was called last.
        """
        if self.holds_average:
            raise RuntimeError(f"For '{self.cls_name}', the network holds the averaged weights: call train() first.")

    def exchange(self, average) -> None:
        """Exchanges the weights in the network and ``average``: ``to_average`` and ``to_training`` where both are kept.

        Args:
            average: ParameterTuple, of one for each Parameter.
        """
        for w, a in zip(self.parameters, average):
            held = w + 0.0
            assign(w, a)
            assign(a, held)

    def to_average(self) -> None:
        """Assigns the averaged weights to the Parameters: a subclass writes it.

        Raises:
            NotImplementedError: the subclass has none.
        """
        raise NotImplementedError

    def to_training(self) -> None:
        """Assigns the weights to train with to the Parameters: a subclass writes it.

        Raises:
            NotImplementedError: the subclass has none.
        """
        raise NotImplementedError


def averaging_of(optimizer) -> Averaging | None:
    """The optimizer that averages: this one or, outermost first, one inside it."""
    while optimizer is not None and not isinstance(optimizer, Averaging):
        optimizer = optimizer.__dict__.get("_cells", {}).get("opt")
    return optimizer


@contextmanager
def averaged_weights(optimizer):
    """Inside, the network holds the weights to evaluate and to export; afterwards those to train with, as before.

    ``Model.eval``, ``fit`` and ``predict`` do it by themselves.

    Args:
        optimizer: an Optimizer; one without averages changes nothing.

    Yields:
        None.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> opt = ms.nn.GradientClipping(ms.nn.ExponentialMovingAverage(ms.nn.SGD([w], 0.5), decay=0.75), 9.0)
    >>> _ = opt((ms.Tensor([1.0]),))
    >>> with averaged_weights(opt):
    ...     print(w.asnumpy())
    [0.875]
    >>> print(w.asnumpy())
    [0.5]
    """
    found = averaging_of(optimizer)
    changed = [] if found is None or found.holds_average else [found]
    before = [[w + 0 for w in each.parameters] for each in changed]
    for each in changed:
        each.eval()
    try:
        yield
    finally:
        for each, old in zip(changed, before):
            each.train()
            for w, value in zip(each.parameters, old):  # to the last bit: an evaluation changes nothing of the training
                w.set_data(value)
