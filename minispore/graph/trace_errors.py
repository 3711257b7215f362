"""Errors that Python raises while a user's function is traced, in the classes that MindSpore's compiler raises for the same mistake.

MindSpore parses the function, so it has classes of its own for what Python itself finds wrong: a division by zero is a ValueError
there, a keyword that a function does not have a RuntimeError.  Such an error gets both classes, so that handlers of either see it.
"""

import traceback

from ..flow.sources import is_users_file

# (class in Python, a part of its text, class in MindSpore's GRAPH mode)
_CLASSES: tuple[tuple[type[Exception], str, type[Exception]], ...] = (
    (ZeroDivisionError, "", ValueError),
    (KeyError, "", ValueError),
    (TypeError, "is not callable", ValueError),
    (TypeError, "unexpected keyword argument", RuntimeError),
    (TypeError, "required keyword-only argument", RuntimeError),
    (TypeError, "has no len()", AttributeError),
    (TypeError, "indices must be integers", IndexError),
    (ValueError, "range() arg 3 must not be zero", RuntimeError),
)  # fmt: skip
_both: dict[tuple[type, type], type] = {}


def of_both_classes(error: Exception) -> Exception:
    """``error``, or one with the same text and traceback that is of MindSpore's class too."""
    kind = type(error)
    other = next((b for a, text, b in _CLASSES if kind is a and text in str(error)), None)
    if other is None or hasattr(error, "raised_at") or not _is_pythons(error):
        return error
    if (kind, other) not in _both:
        _both[kind, other] = type(kind.__name__, (kind, other), {})
    return _both[kind, other](*error.args).with_traceback(error.__traceback__)


def _is_pythons(error: Exception) -> bool:
    """Whether Python found it in a line of the user's; what this package raises has its class already."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return is_users_file(frame.f_code.co_filename, frame.f_globals.get("__name__") or "")
