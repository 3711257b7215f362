"""Learning rates as lists with a float per step.  ``epoch = step // step_per_epoch``."""

import math

from ..core import checks
from ..core.errors import fail

BYTES_OF_A_RATE = 32  # a float and its place in the list


def _check(owner, learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair):
    checks.positive_int(owner, total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch)
    checks.held_in_memory(owner, BYTES_OF_A_RATE, total_step=total_step)
    checks.positive_float(owner, learning_rate=learning_rate, decay_rate=decay_rate)
    checks.boolean(owner, is_stair=is_stair)


def piecewise_constant_lr(milestone, learning_rates):
    """``learning_rates[k]`` for the steps from ``milestone[k - 1]`` to ``milestone[k]``.

    Args:
        milestone: list or tuple of increasing ints above 0.
        learning_rates: list or tuple of as many floats.

    Returns:
        list of ``milestone[-1]`` floats.

    Raises:
        TypeError: an argument is not a list or tuple, a milestone not an int, a rate not a float.
        ValueError: the lengths differ, or the milestones do not increase.

    >>> from minispore import nn
    >>> nn.piecewise_constant_lr([2, 5], [0.1, 0.05])
    [0.1, 0.1, 0.05, 0.05, 0.05]
    """
    for name, given in (("milestone", milestone), ("learning_rates", learning_rates)):
        checks.instance("piecewise_constant_lr", (list, tuple), **{name: given})
    if len(milestone) != len(learning_rates):
        raise fail(
            ValueError,
            "For 'piecewise_constant_lr', 'milestone' and 'learning_rates' must have the same length, "
            f"but got {len(milestone)} and {len(learning_rates)}.",
        )
    rates: list[float] = []
    for k, (end, rate) in enumerate(zip(milestone, learning_rates)):
        checks.positive_int("piecewise_constant_lr", **{f"milestone[{k}]": end})
        checks.held_in_memory("piecewise_constant_lr", BYTES_OF_A_RATE, **{f"milestone[{k}]": end})
        checks.floating("piecewise_constant_lr", **{f"learning_rates[{k}]": rate})
        if end < len(rates):
            raise fail(
                ValueError, f"For 'piecewise_constant_lr', 'milestone' must increase, but got {list(milestone)}."
            )
        rates += [rate] * (end - len(rates))
    return rates


def exponential_decay_lr(learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False):
    """``learning_rate * decay_rate ** (epoch / decay_epoch)``.

    Args:
        learning_rate: float above 0.
        decay_rate: float above 0.
        total_step: int above 0, how many steps.
        step_per_epoch: int above 0, the steps of an epoch.
        decay_epoch: int above 0.
        is_stair: bool, whether the quotient is rounded down.  Default: False.

    Returns:
        list of ``total_step`` floats.

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: one that is not positive.

    >>> from minispore import nn
    >>> nn.exponential_decay_lr(0.1, 0.5, 4, 2, 1)
    [0.1, 0.1, 0.05, 0.05]
    """
    _check("exponential_decay_lr", learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair)
    return [
        learning_rate * decay_rate ** _quotient(i // step_per_epoch, decay_epoch, is_stair) for i in range(total_step)
    ]


def natural_exp_decay_lr(learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False):
    """``learning_rate * exp(-decay_rate * epoch)``.

    Args:
        learning_rate: float above 0.
        decay_rate: float above 0.
        total_step: int above 0, how many steps.
        step_per_epoch: int above 0, the steps of an epoch.
        decay_epoch: int above 0.
        is_stair: bool, whether the epoch is rounded down to a multiple of ``decay_epoch``, which has no influence
            otherwise (MindSpore's behaviour).  Default: False.

    Returns:
        list of ``total_step`` floats.

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: one that is not positive.

    >>> from minispore import nn
    >>> [round(x, 4) for x in nn.natural_exp_decay_lr(0.1, 0.5, 4, 2, 1)]
    [0.1, 0.1, 0.0607, 0.0607]
    """
    _check("natural_exp_decay_lr", learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair)
    epochs = [i // step_per_epoch for i in range(total_step)]
    if is_stair:
        epochs = [e // decay_epoch * decay_epoch for e in epochs]
    return [learning_rate * math.exp(-decay_rate * e) for e in epochs]


def inverse_decay_lr(learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False):
    """``learning_rate / (1 + decay_rate * epoch / decay_epoch)``.

    Args:
        learning_rate: float above 0.
        decay_rate: float above 0.
        total_step: int above 0, how many steps.
        step_per_epoch: int above 0, the steps of an epoch.
        decay_epoch: int above 0.
        is_stair: bool, whether the quotient is rounded down.  Default: False.

    Returns:
        list of ``total_step`` floats.

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: one that is not positive.

    >>> from minispore import nn
    >>> nn.inverse_decay_lr(0.5, 1.0, 4, 2, 1)
    [0.5, 0.5, 0.25, 0.25]
    """
    _check("inverse_decay_lr", learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair)
    return [
        learning_rate / (1 + decay_rate * _quotient(i // step_per_epoch, decay_epoch, is_stair))
        for i in range(total_step)
    ]


def cosine_decay_lr(min_lr, max_lr, total_step, step_per_epoch, decay_epoch):
    """Half a cosine from ``max_lr`` in the first epoch to ``min_lr`` in epoch ``decay_epoch``, constant afterwards:
    ``min_lr + (max_lr - min_lr) / 2 * (1 + cos(pi * min(epoch, decay_epoch) / decay_epoch))``.

    Args:
        min_lr: float from 0.
        max_lr: float above ``min_lr``.
        total_step: int above 0, how many steps.
        step_per_epoch: int above 0, the steps of an epoch.
        decay_epoch: int above 0.

    Returns:
        list of ``total_step`` floats.

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: ``min_lr`` is negative, another argument not positive, or ``max_lr`` not above ``min_lr``.

    >>> from minispore import nn
    >>> nn.cosine_decay_lr(0.0, 0.5, 4, 2, 1)
    [0.5, 0.5, 0.0, 0.0]
    """
    checks.non_negative_float("cosine_decay_lr", min_lr=min_lr)
    checks.positive_float("cosine_decay_lr", max_lr=max_lr)
    checks.positive_int(
        "cosine_decay_lr", total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch
    )
    checks.held_in_memory("cosine_decay_lr", BYTES_OF_A_RATE, total_step=total_step)
    if min_lr >= max_lr:
        raise fail(
            ValueError, f"For 'cosine_decay_lr', 'max_lr' must be greater than 'min_lr', but got {max_lr} and {min_lr}."
        )
    half = 0.5 * (max_lr - min_lr)
    return [
        min_lr + half * (1 + math.cos(math.pi * min(i // step_per_epoch, decay_epoch) / decay_epoch))
        for i in range(total_step)
    ]


def polynomial_decay_lr(
    learning_rate, end_learning_rate, total_step, step_per_epoch, decay_epoch, power, update_decay_epoch=False
):
    """``(learning_rate - end_learning_rate) * (1 - min(epoch, D) / D) ** power + end_learning_rate``, D =
    ``decay_epoch``.

    Args:
        learning_rate: float above 0.
        end_learning_rate: float from 0.
        total_step: int above 0, how many steps.
        step_per_epoch: int above 0, the steps of an epoch.
        decay_epoch: int above 0.
        power: float above 0.
        update_decay_epoch: bool, whether D is the next multiple of ``decay_epoch``, so that the curve begins anew.
            Default: False.

    Returns:
        list of ``total_step`` floats.

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: ``end_learning_rate`` is negative or another argument not positive.

    >>> from minispore import nn
    >>> nn.polynomial_decay_lr(1.0, 0.5, 4, 1, 2, 1.0)
    [1.0, 0.75, 0.5, 0.5]
    """
    name = "polynomial_decay_lr"
    checks.positive_float(name, learning_rate=learning_rate, power=power)
    checks.non_negative_float(name, end_learning_rate=end_learning_rate)
    checks.positive_int(name, total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch)
    checks.held_in_memory(name, BYTES_OF_A_RATE, total_step=total_step)
    checks.boolean(name, update_decay_epoch=update_decay_epoch)
    rates = []
    for i in range(total_step):
        epoch = i // step_per_epoch
        last = decay_epoch * max(math.ceil(epoch / decay_epoch), 1) if update_decay_epoch else decay_epoch
        rates.append((learning_rate - end_learning_rate) * (1 - min(epoch, last) / last) ** power + end_learning_rate)
    return rates


def warmup_lr(learning_rate, total_step, step_per_epoch, warmup_epoch):
    """``learning_rate * min(epoch, warmup_epoch) / warmup_epoch``: a line from 0.

    Args:
        learning_rate: float from 0.
        total_step: int above 0, how many steps.
        step_per_epoch: int above 0, the steps of an epoch.
        warmup_epoch: int above 0.

    Returns:
        list of ``total_step`` floats.

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: ``learning_rate`` is negative or another argument not positive.

    >>> from minispore import nn
    >>> nn.warmup_lr(0.5, 4, 1, 2)
    [0.0, 0.25, 0.5, 0.5]
    """
    checks.non_negative_float("warmup_lr", learning_rate=learning_rate)
    checks.positive_int("warmup_lr", total_step=total_step, step_per_epoch=step_per_epoch, warmup_epoch=warmup_epoch)
    checks.held_in_memory("warmup_lr", BYTES_OF_A_RATE, total_step=total_step)
    return [learning_rate * min(i // step_per_epoch, warmup_epoch) / warmup_epoch for i in range(total_step)]


def _quotient(epoch: int, decay_epoch: int, is_stair: bool) -> float:
    return epoch // decay_epoch if is_stair else epoch / decay_epoch


__all__ = [
    "cosine_decay_lr", "exponential_decay_lr", "inverse_decay_lr", "natural_exp_decay_lr", "piecewise_constant_lr",
    "polynomial_decay_lr", "warmup_lr",
]  # fmt: skip
