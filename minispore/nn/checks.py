"""Checks of numbers given to constructors: ``positive("Adam", eps=eps)`` raises in MindSpore's form."""

from ..core.errors import fail


def floats(owner: str, **given) -> None:
    """Every value is a float (an int is a TypeError, as in MindSpore)."""
    for name, value in given.items():
        if not isinstance(value, float):
            raise fail(
                TypeError,
                f"For '{owner}', the argument '{name}' must be a float, but got {type(value).__name__}: {value!r:.60}.",
            )


def positive(owner: str, **given) -> None:
    """Floats above 0."""
    floats(owner, **given)
    for name, value in given.items():
        if not value > 0:
            raise fail(
                ValueError, f"For '{owner}', the argument '{name}' must be a float greater than 0, but got {value}."
            )


def non_negative(owner: str, **given) -> None:
    """Floats of at least 0."""
    floats(owner, **given)
    for name, value in given.items():
        if not value >= 0:
            raise fail(
                ValueError, f"For '{owner}', the argument '{name}' must be a float of at least 0, but got {value}."
            )


def inside_unit(owner: str, **given) -> None:
    """Floats in the open interval (0, 1)."""
    floats(owner, **given)
    for name, value in given.items():
        if not 0 < value < 1:
            raise fail(ValueError, f"For '{owner}', the argument '{name}' must be in (0.0, 1.0), but got {value}.")


def positive_ints(owner: str, **given) -> None:
    """Ints above 0."""
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int):
            raise fail(
                TypeError,
                f"For '{owner}', the argument '{name}' must be an int, but got {type(value).__name__}: {value!r:.60}.",
            )
        if value <= 0:
            raise fail(
                ValueError, f"For '{owner}', the argument '{name}' must be an int greater than 0, but got {value}."
            )


def flags(owner: str, **given) -> None:
    """Bools."""
    for name, value in given.items():
        if not isinstance(value, bool):
            raise fail(
                TypeError,
                f"For '{owner}', the argument '{name}' must be a bool, but got {type(value).__name__}: {value!r:.60}.",
            )
