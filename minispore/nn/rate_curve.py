"""What the learning rates of an optimizer will be."""

import numpy as np

from ..core import checks
from ..core.dtype import int32
from ..core.errors import fail
from ..core.tensor import Tensor
from ..transforms.mapping import vmap
from .learning_rate_schedule import LearningRateSchedule
from .optim.optimizer import Optimizer
from .optim.rates import as_parameter


def learning_rates(source, steps):
    """The learning rate at each of the first steps, before anything is trained.

    Args:
        source: an Optimizer, or a schedule.
        steps: how many steps, a positive int.

    Returns:
        A float32 array (steps,); of an optimizer with groups (groups, steps).

    Raises:
        TypeError: ``source`` is neither.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> print(learning_rates(ms.nn.SGD([w], ms.nn.LinearSchedule(1.0, 0.0, 4)), 6))
    [1.   0.75 0.5  0.25 0.   0.  ]
    """
    checks.positive_int("learning_rates", steps=steps)
    if isinstance(source, LearningRateSchedule):
        return _values(source, steps)
    if not isinstance(source, Optimizer):
        raise fail(
            TypeError,
            f"For 'learning_rates', 'source' must be an Optimizer or a schedule, but got {type(source).__name__}.",
        )
    rows = [_values(as_parameter(group.rate), steps) for group in source.param_groups]
    return np.stack(rows) if source.is_group else rows[0]


def _values(rate, steps: int) -> np.ndarray:
    if not isinstance(rate, LearningRateSchedule):  # a number, or a list that its last value ends
        given = rate.asnumpy().reshape(-1)
        return given[np.minimum(np.arange(steps), given.size - 1)].astype(np.float32)
    at = Tensor(np.arange(steps, dtype=np.int32).reshape(-1, 1), int32)  # as global_step: of shape (1,)
    return vmap(lambda step: rate(step).reshape(()))(at).asnumpy().astype(np.float32)
