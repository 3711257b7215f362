"""Objects that know what they were made with, for pipelines as JSON."""

from functools import wraps
from typing import Any


class Remembered:
    """The base of nodes, transforms and samplers: ``made_with`` are the arguments of an object's class, as they were given.

    >>> class Example(Remembered):
    ...     def __init__(self, x, y=1):
    ...         pass
    >>> Example(3, y=2).made_with
    ((3,), {'y': 2})
    """

    made_with: tuple[tuple, dict[str, Any]] = ((), {})

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        init = vars(cls).get("__init__")
        if init is None:
            return

        @wraps(init)  # not __new__, whose signature would be shown in place of this one
        def __init__(self, *args, **kwargs):
            if "made_with" not in vars(self):
                self.made_with = args, kwargs
            init(self, *args, **kwargs)

        setattr(cls, "__init__", __init__)  # noqa: B010  (mypy takes no assignment to a method)
