"""The inputs that a Cell declares (``set_inputs``): what they may be, and the check of those that it is called with."""

from __future__ import annotations

from typing import Any

from ..core.errors import fail
from ..core.tensor import Tensor


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
    positional = names[: len(inputs)] + [f"argument {k}" for k in range(len(names), len(inputs))]
    return dict(zip(positional, inputs)) | named


def check_declared(owner: str, wanted: dict[str, Any], given: dict[str, Any]) -> None:
    """Holds the inputs of a call against those that were declared.

    Args:
        owner: str, the class of the Cell for messages.
        wanted: dict, as ``declared`` gives it.
        given: dict, the inputs by name.

    Raises:
        TypeError: an input is missing or of another type, or something is declared that no input can be.
        ValueError: an input has another shape; -1 stands for any size, -2 for any number of axes.
    """
    for name, want in wanted.items():
        if name not in given:
            raise fail(TypeError, f"For '{owner}', set_inputs declares '{name}', which the call does not give.")
        got = given[name]
        if not isinstance(want, (Tensor, int, float, tuple, list, dict)) and (want is not None or got is not None):
            raise fail(
                TypeError,
                f"For '{owner}.set_inputs', inputs are Tensors, numbers, tuples, lists and dicts, but got {want!r:.40}.",
            )
        if not isinstance(want, Tensor) or not isinstance(got, Tensor):
            continue
        fits = want.shape == (-2,) or (
            len(want.shape) == len(got.shape) and all(w in (-1, g) for w, g in zip(want.shape, got.shape))
        )
        if not fits:
            raise fail(
                ValueError, f"For '{owner}', set_inputs declares '{name}' of shape {want.shape}, but got {got.shape}."
            )
        if want.dtype is not got.dtype:
            raise fail(TypeError, f"For '{owner}', set_inputs declares '{name}' as {want.dtype}, but got {got.dtype}.")
