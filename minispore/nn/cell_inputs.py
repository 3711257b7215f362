"""The inputs that a Cell declares (``set_inputs``): what they may be, and the check of those that it is called with."""

from __future__ import annotations

from typing import Any

from ..core.errors import fail
from ..core.tensor import Tensor

PLAIN = (bool, int, float, str)


def declared(owner: str, names, inputs: tuple, named: dict) -> dict[str, Any]:
    """What was declared by the name of the argument.

    Args:
        owner: str, the class of the Cell for messages.
        names: list of str, the arguments of its ``construct``.
        inputs: tuple, what was declared by position.
        named: dict, what was declared by name.

    Returns:
        dict.

    Raises:
        ValueError: there is no such argument.
    """
    for name in named:
        if name not in names:
            raise fail(
                ValueError, f"For '{owner}.set_inputs', construct has no argument {name!r}; it has {', '.join(names)}."
            )
    return positions(names, inputs) | named


def positions(names, inputs: tuple) -> dict[str, Any]:
    """Inputs by the names of the arguments; those beyond the names are called "argument k".

    Args:
        names: list of str.
        inputs: tuple.

    Returns:
        dict.
    """
    return dict(zip([*names, *(f"argument {k}" for k in range(len(names), len(inputs)))], inputs))


def check_declared(owner: str, wanted: dict[str, Any], given: dict[str, Any]) -> None:
    """Holds the inputs of a call against those that were declared.

    Args:
        owner: str, the class of the Cell for messages.
        wanted: dict, as ``declared`` gives it.
        given: dict, the inputs by name.

    Raises:
        TypeError: a Tensor of another dtype, or a string or None for something else.
        ValueError: the number of inputs differs, an input has another shape (-1 stands for any size, -2 for any number of
            axes), or a length does not fit its Symbol, or a number is another one and not marked by ``mutable``.
    """
    met: dict[Any, int] = {}
    for name, want in wanted.items():
        if name not in given:
            raise fail(ValueError, f"For '{owner}', set_inputs declares '{name}', which the call does not give.")
        got = given[name]
        if not isinstance(want, (Tensor, int, float, tuple, list, dict)) and type(want) is not type(got):
            raise fail(TypeError, f"For '{owner}', set_inputs declares '{name}' as {want!r:.40}, but got {got!r:.40}.")
        _check_one(owner, name, want, got, met)
    if len(given) > len(wanted):
        left = ", ".join(repr(name) for name in given if name not in wanted)
        raise fail(ValueError, f"For '{owner}', set_inputs declares {len(wanted)} inputs; the call also gives {left}.")


def _check_one(owner: str, name: str, want, got, met: dict[Any, int]) -> None:
    if type(want) in (tuple, list) and type(got) is type(want):
        if len(want) != len(got):
            raise fail(
                ValueError, f"For '{owner}', set_inputs declares '{name}' of {len(want)} items, but got {len(got)}."
            )
        for k, (w, g) in enumerate(zip(want, got)):
            _check_one(owner, f"{name}[{k}]", w, g, met)
    if type(want) in PLAIN and type(got) in PLAIN and (type(want) is not type(got) or want != got):
        raise fail(
            ValueError,
            f"For '{owner}', set_inputs declares '{name}' as {want!r}, but got {got!r}. ms.mutable marks numbers that change.",
        )
    if not isinstance(want, Tensor) or not isinstance(got, Tensor):
        return
    fits = want.shape == (-2,) or (
        len(want.shape) == len(got.shape) and all(w in (-1, g) for w, g in zip(want.shape, got.shape))
    )
    if not fits:
        raise fail(
            ValueError, f"For '{owner}', set_inputs declares '{name}' of shape {want.shape}, but got {got.shape}."
        )
    if want.dtype is not got.dtype:
        raise fail(TypeError, f"For '{owner}', set_inputs declares '{name}' as {want.dtype}, but got {got.dtype}.")
    for length, size in zip(want.lengths or (), got.shape):
        why = length.misfit(size, met) if hasattr(length, "misfit") else None
        if why:
            raise fail(
                ValueError,
                f"For '{owner}', set_inputs declares '{name}' with a length that {why}, but got {got.shape}.",
            )
