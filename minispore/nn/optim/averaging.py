"""Optimizers that train with one set of weights and are evaluated with another, an average."""

from ...core.record import Epoch
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class Averaging(Optimizer):
    """The base of optimizers that train with one set of weights and are evaluated with another, their average.

    ``train()`` and ``eval()`` put one of the two into the network's Parameters.  A subclass writes ``to_average`` and
    ``to_training``, which assign to the Parameters; see ``ScheduleFreeAdamW`` and ``ExponentialMovingAverage``.

    Args:
        learning_rate: {rate}
        parameters: {params}
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}
    """

    _averaged = False

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
        if self._averaged is not averaged:
            change()
            self.__dict__["_averaged"] = averaged
            Epoch.now += 1  # looks the executable up again; those of both states stay cached
        return self

    def _state(self):
        return (*super()._state(), self._averaged)

    def expect_training(self) -> None:
        """Raises unless the network holds the weights to train with.

        Raises:
            RuntimeError: ``eval()`` was called last.
        """
        if self._averaged:
            raise RuntimeError(f"For '{self.cls_name}', the network holds the averaged weights: call train() first.")

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
