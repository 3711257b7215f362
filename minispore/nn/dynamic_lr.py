"""Learning rates as lists with a float per step.  ``epoch = step // step_per_epoch``."""

import math

from ..core import checks
from ..core.errors import fail


def _check(owner, learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair):
    checks.positive_int(owner, total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch)
    checks.positive_float(owner, learning_rate=learning_rate, decay_rate=decay_rate)
    checks.boolean(owner, is_stair=is_stair)


def piecewise_constant_lr(milestone, learning_rates):
    """``learning_rates[k]`` for the steps from ``milestone[k - 1]`` to ``milestone[k]``.

    Args:
        milestone: a list or tuple of increasing positive ints.
        learning_rates: as many floats.

    Raises:
        TypeError: an argument is not a list or tuple, a milestone not an int, a rate not a float.
        ValueError: the lengths differ, or the milestones do not increase.

    >>> piecewise_constant_lr([2, 5], [0.1, 0.05])
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
        checks.floating("piecewise_constant_lr", **{f"learning_rates[{k}]": rate})
        if end < len(rates):
            raise fail(
                ValueError, f"For 'piecewise_constant_lr', 'milestone' must increase, but got {list(milestone)}."
            )
        rates += [rate] * (end - len(rates))
    return rates


def exponential_decay_lr(learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False):
    """``learning_rate * decay_rate ** (epoch / decay_epoch)``; ``is_stair``: with the quotient rounded down.

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: one that is not positive.

    >>> exponential_decay_lr(0.1, 0.5, 4, 2, 1)
    [0.1, 0.1, 0.05, 0.05]
    """
    _check("exponential_decay_lr", learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair)
    return [
        learning_rate * decay_rate ** _quotient(i // step_per_epoch, decay_epoch, is_stair) for i in range(total_step)
    ]


def natural_exp_decay_lr(learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False):
    """``learning_rate * exp(-decay_rate * epoch)``; ``is_stair``: with the epoch rounded down to ``decay_epoch``s.

    Without ``is_stair``, ``decay_epoch`` has no influence (MindSpore's behaviour).
    """
    _check("natural_exp_decay_lr", learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair)
    epochs = [i // step_per_epoch for i in range(total_step)]
    if is_stair:
        epochs = [e // decay_epoch * decay_epoch for e in epochs]
    return [learning_rate * math.exp(-decay_rate * e) for e in epochs]


def inverse_decay_lr(learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False):
    """``learning_rate / (1 + decay_rate * epoch / decay_epoch)``; ``is_stair``: with the quotient rounded down."""
    _check("inverse_decay_lr", learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair)
    return [
        learning_rate / (1 + decay_rate * _quotient(i // step_per_epoch, decay_epoch, is_stair))
        for i in range(total_step)
    ]


def cosine_decay_lr(min_lr, max_lr, total_step, step_per_epoch, decay_epoch):
    """Half a cosine from ``max_lr`` in the first epoch to ``min_lr`` in epoch ``decay_epoch``, constant afterwards.

    ``min_lr + (max_lr - min_lr) / 2 * (1 + cos(pi * min(epoch, decay_epoch) / decay_epoch))``

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: ``min_lr`` is negative, another argument not positive, or ``max_lr`` not above ``min_lr``.

    >>> cosine_decay_lr(0.0, 0.5, 4, 2, 1)
    [0.5, 0.5, 0.0, 0.0]
    """
    checks.non_negative_float("cosine_decay_lr", min_lr=min_lr)
    checks.positive_float("cosine_decay_lr", max_lr=max_lr)
    checks.positive_int(
        "cosine_decay_lr", total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch
    )
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
    """``(learning_rate - end_learning_rate) * (1 - min(epoch, D) / D) ** power + end_learning_rate``.

    D is ``decay_epoch``; with ``update_decay_epoch`` its next multiple, so that the curve begins anew.
    """
    name = "polynomial_decay_lr"
    checks.positive_float(name, learning_rate=learning_rate, power=power)
    checks.non_negative_float(name, end_learning_rate=end_learning_rate)
    checks.positive_int(name, total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch)
    checks.boolean(name, update_decay_epoch=update_decay_epoch)
    rates = []
    for i in range(total_step):
        epoch = i // step_per_epoch
        last = decay_epoch * max(math.ceil(epoch / decay_epoch), 1) if update_decay_epoch else decay_epoch
        rates.append((learning_rate - end_learning_rate) * (1 - min(epoch, last) / last) ** power + end_learning_rate)
    return rates


def warmup_lr(learning_rate, total_step, step_per_epoch, warmup_epoch):
    """``learning_rate * min(epoch, warmup_epoch) / warmup_epoch``: a line from 0.

    >>> warmup_lr(0.5, 4, 1, 2)
    [0.0, 0.25, 0.5, 0.5]
    """
    checks.non_negative_float("warmup_lr", learning_rate=learning_rate)
    checks.positive_int("warmup_lr", total_step=total_step, step_per_epoch=step_per_epoch, warmup_epoch=warmup_epoch)
    return [learning_rate * min(i // step_per_epoch, warmup_epoch) / warmup_epoch for i in range(total_step)]


def _quotient(epoch: int, decay_epoch: int, is_stair: bool) -> float:
    return epoch // decay_epoch if is_stair else epoch / decay_epoch


__all__ = [
    "cosine_decay_lr", "exponential_decay_lr", "inverse_decay_lr", "natural_exp_decay_lr", "piecewise_constant_lr",
    "polynomial_decay_lr", "warmup_lr",
]  # fmt: skip
