"""The base class of schedulers, and what they share."""

import numpy as np

from ....core import checks
from ....core.docstrings import documented
from ....core.dtype import float32
from ....core.errors import fail
from ....core.parameter import Parameter
from ....core.tensor import Tensor
from ....ops import assign, assign_add
from ..optimizer import Optimizer

with_scheduler_docs = documented(
    last_epoch="int, how many steps were made before; -1 (the default) for a new run.",
    rest="""\
Raises:
    TypeError: an argument of the wrong type.
    ValueError: an argument out of range.
    KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

>>> from minispore import Parameter, Tensor
>>> from minispore.experimental import optim
>>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)""",
)


class LRScheduler:
    """The base of schedulers; subclasses write ``get_lr``, from ``last_epoch``, ``base_lrs`` and ``_last_lr``.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run, which notes the present rates
            as ``initial_lr``.

    Raises:
        TypeError: ``optimizer`` is not one, or ``last_epoch`` not an int.
        ValueError: ``last_epoch`` is below -1.
        KeyError: ``last_epoch`` is not -1 and a group has no ``initial_lr``.

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
    >>> class Halving(optim.lr_scheduler.LRScheduler):
    ...     def get_lr(self):
    ...         return [lr / (self.last_epoch + 1) for lr in self.base_lrs]
    >>> scheduler = Halving(opt)
    >>> _ = scheduler.step()
    >>> scheduler.get_last_lr()
    [Tensor(shape=[], dtype=Float32, value= 0.5)]
    """

    def __init__(self, optimizer, last_epoch=-1):
        _check_optimizer(optimizer)
        name = type(self).__name__
        checks.at_least(name, -1, last_epoch=checks.integer(name, last_epoch=last_epoch))
        for k, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group.number("lr") * 1.0)
            elif "initial_lr" not in group:
                raise fail(KeyError, f"For '{type(self).__name__}', group {k} has no 'initial_lr' to resume from.")
        self.optimizer, self.groups_num = optimizer, len(optimizer.param_groups)
        self.base_lrs = [_number(group["initial_lr"]) for group in optimizer.param_groups]
        self._last_lr = list(optimizer.lrs)
        self.last_epoch = Parameter(Tensor(float(last_epoch), float32), name=f"last_epoch_{type(self).__name__}")
        self.step()

    def get_lr(self):
        """The new rates of the groups: a subclass writes it, to return a list of Tensors of shape (), one for each group.

        Raises:
            NotImplementedError: the subclass has none.
        """
        raise NotImplementedError("A scheduler needs a get_lr(self).")

    def get_last_lr(self):
        """The present rates of the groups.

        Returns:
            list of Tensors of shape (), float32.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
        >>> print(*optim.lr_scheduler.ExponentialLR(opt, 0.5).get_last_lr())
        1.0
        """
        return [lr * 1.0 for lr in self._last_lr]

    def step(self, epoch=None):
        """Goes to the next epoch, or to ``epoch``, and sets the rates.

        Args:
            epoch: number.  Default: None, for the next.

        Returns:
            True.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
        >>> scheduler = optim.lr_scheduler.ExponentialLR(opt, 0.5)
        >>> scheduler.step(3)
        True
        >>> print(*opt.get_lr())
        0.125
        """
        if epoch is None:
            assign_add(self.last_epoch, 1.0)
            values = self.get_lr()
        else:
            assign(self.last_epoch, epoch)
            values = getattr(self, "_get_closed_form_lr", self.get_lr)()
        for lr, value in zip(self._last_lr, values):
            assign(lr, value)
        return True

    def state_dict(self) -> dict:
        """Everything but the optimizer.

        Returns:
            dict of Python values and arrays.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
        >>> scheduler = optim.lr_scheduler.StepLR(opt, 30)
        >>> float(scheduler.state_dict()["last_epoch"])
        0.0
        """
        return {k: _copied(v) for k, v in self.__dict__.items() if k not in ("optimizer", "_last_lr", "_schedulers")}

    def load_state_dict(self, state_dict) -> None:
        """Takes over what ``state_dict()`` gave.

        Args:
            state_dict: dict.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
        >>> scheduler = optim.lr_scheduler.StepLR(opt, 30)
        >>> scheduler.load_state_dict({"last_epoch": 7.0})
        >>> print(scheduler.last_epoch.asnumpy())
        7.0
        """
        for name, value in state_dict.items():
            own = self.__dict__.get(name)
            if isinstance(own, Parameter):
                own.set_data(Tensor(np.asarray(value, own.dtype.np)))
            elif isinstance(own, list) and any(isinstance(x, Tensor) for x in own):
                self.__dict__[name] = [_number(x) for x in value]
            else:
                self.__dict__[name] = value

    def _scaled(self, factor):
        return [lr * factor for lr in self._last_lr]


def _check_optimizer(optimizer) -> None:
    if not isinstance(optimizer, Optimizer):
        raise fail(
            TypeError, f"A scheduler needs an optimizer of experimental.optim, but got {type(optimizer).__name__}."
        )


def _one_each(owner, name, optimizer, given) -> list:
    """A list with one entry per group."""
    if not isinstance(given, (list, tuple)):
        return [given] * len(optimizer.param_groups)
    if len(given) != len(optimizer.param_groups):
        raise fail(
            ValueError,
            f"For '{owner}', '{name}' must have {len(optimizer.param_groups)} entries, but got {len(given)}.",
        )
    return list(given)


def _number(x) -> Tensor:
    return x if isinstance(x, Tensor) and not x.is_parameter else Tensor(float(x), float32)


def _copied(value):
    if isinstance(value, Tensor):
        return value.asnumpy().copy()
    return [_copied(x) for x in value] if isinstance(value, list) else value


__all__ = [
    "LRScheduler",
]  # fmt: skip
