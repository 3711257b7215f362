"""Schedules for the other numbers of an optimizer: momentum, betas, weight decay, eps."""

from contextlib import contextmanager

from ...core.errors import fail
from ...core.tensor import Tensor
from ..learning_rate_schedule import LearningRateSchedule
from .wrapping import Wrapping


class Scheduled(Wrapping):
    """The optimizer inside, some of whose numbers follow schedules of its step.

    What an optimizer accumulates from a number, as Adam's ``beta1_power``, follows it; corrections of the form ``1 - b^t``
    are those of the present value.

    Args:
        optimizer: Optimizer, the one inside.
        **schedules: ``name=schedule``: ``momentum``, ``beta1``, ``beta2``, ``eps``, ``max_norm`` ...: a number of the
            optimizer or of one inside it.

    Raises:
        TypeError: not a schedule.
        AttributeError: no optimizer inside has such a number.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([0.0]), name="w")
    >>> opt = Scheduled(ms.nn.Momentum([w], 1.0, 0.5), momentum=ms.nn.LinearSchedule(0.0, 1.0, 1))
    >>> for _ in range(3):
    ...     _ = opt((ms.Tensor([1.0]),))
    ...     print(w.asnumpy())
    [-1.]
    [-3.]
    [-6.]
    """

    def __init__(self, optimizer, **schedules):
        super().__init__(optimizer)
        self.scheduled = tuple(schedules)
        for name, schedule in schedules.items():
            if not isinstance(schedule, LearningRateSchedule):
                raise fail(
                    TypeError,
                    f"For 'Scheduled', '{name}' must be a schedule, but got {type(schedule).__name__}: {schedule!r:.60}.",
                )
            self._owner(name)
            setattr(self, f"schedule_of_{name}", schedule)

    def _owner(self, name):
        """The optimizer inside that has the number ``name``."""
        found = self.opt
        while True:
            known = {**found.__dict__, **found._params}.get(name)
            if isinstance(known, Tensor) and known.ndim == 0 and name != "learning_rate":
                return found
            if not isinstance(found, Wrapping):
                hint = " A rate takes a schedule as it is: nn.SGD(params, schedule)." if name == "learning_rate" else ""
                raise fail(AttributeError, f"For 'Scheduled', no optimizer inside has a number '{name}'.{hint}")
            found = found.opt

    def construct(self, gradients):
        with self._standing_for(self.get_numbers()):
            return self.opt(gradients)

    @contextmanager
    def _standing_for(self, values):
        """Inside, these are the numbers that the optimizers read."""
        before = []
        try:
            for name, value in values.items():
                attributes = self._owner(name).__dict__
                before.append((attributes, name, attributes.get(name)))
                attributes[name] = value
            yield
        finally:
            for attributes, name, old in before:
                if old is None:
                    del attributes[name]
                else:
                    attributes[name] = old

    def get_numbers(self) -> dict[str, Tensor]:
        """The values at the present step."""
        step = self.innermost.global_step
        return {name: getattr(self, f"schedule_of_{name}")(step).reshape(()) for name in self.scheduled}
