"""Optimizers that train with one set of weights and are evaluated with another, an average."""

from ...core.record import Epoch
from .optimizer import Optimizer


class Averaging(Optimizer):
    """``train()`` and ``eval()`` put the weights to train with, and their average, into the network's Parameters.

    A subclass writes ``to_average`` and ``to_training``, which assign to the Parameters.
    """

    _averaged = False

    def eval(self):
        """The network gets the averaged weights, until ``train()``; steps raise a RuntimeError.  Returns self."""
        return self._switch(True, self.to_average)

    def train(self):
        """The network gets the weights to train with again.  Returns self."""
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
        if self._averaged:
            raise RuntimeError(f"For '{self.cls_name}', the network holds the averaged weights: call train() first.")

    def to_average(self) -> None:
        raise NotImplementedError

    def to_training(self) -> None:
        raise NotImplementedError
