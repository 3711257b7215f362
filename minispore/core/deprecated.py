"""Names that will go: they work and warn, at the user's line, until the version that drops them (docs/policy.md)."""

import warnings
from collections.abc import Callable
from functools import wraps

from .record import user_level


def deprecated(instead: str, *, since: str, removed: str) -> Callable:
    """A decorator for a function or method that has a successor: each call warns with a DeprecationWarning.

    Args:
        instead: str, what to write.
        since: str, the version that deprecates it.
        removed: str, the version that will no longer have it.

    Returns:
        function that takes the deprecated function and returns one that warns.

    >>> import warnings
    >>> @deprecated("area", since="0.2", removed="0.4")
    ... def surface(side):
    ...     return side * side
    >>> with warnings.catch_warnings(record=True) as seen:
    ...     warnings.simplefilter("always")
    ...     print(surface(3), seen[0].message)
    9 'surface' is deprecated since minispore 0.2 and will be removed in 0.4. Use 'area'.
    """

    def around(function: Callable) -> Callable:
        @wraps(function)
        def warned(*args, **kwargs):
            warnings.warn(
                f"'{function.__name__}' is deprecated since minispore {since} and will be removed in {removed}. Use '{instead}'.",
                DeprecationWarning,
                stacklevel=user_level(),
            )
            return function(*args, **kwargs)

        return warned

    return around
