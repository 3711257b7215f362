"""How minispore speaks of errors: MindSpore's sentence form, then the place in the user's code."""

from .record import user_frame


class IndexOutOfRange(IndexError, RuntimeError):
    """An index outside its bounds, found while a compiled step ran; MindSpore raises one or the other."""


def where() -> str:
    """``\\n  at file.py:12, in construct: y = x[9]`` for the user's innermost frame."""
    import linecache

    frame = user_frame()
    if frame is None:
        return ""
    code = frame.f_code
    line = linecache.getline(code.co_filename, frame.f_lineno).strip()
    text = f": {line}" if line else ""
    return f"\n  at {code.co_filename}:{frame.f_lineno}, in {code.co_name}{text}"


def fail(kind: type[Exception], message: str) -> Exception:
    """The exception to raise: ``raise fail(ValueError, "For 'Dense', ...")``."""
    return kind(message + where())


def located(kind: type[Exception], message: str, location: str | None) -> Exception:
    """As ``fail`` for a place noted earlier, when the graph was traced."""
    import linecache

    if not location:
        return kind(message)
    name, _, number = location.rpartition(":")
    line = linecache.getline(name, int(number)).strip()
    return kind(f"{message}\n  at {location}" + (f": {line}" if line else ""))
