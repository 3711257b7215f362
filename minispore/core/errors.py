"""How minispore speaks of errors: MindSpore's sentence form, then the place in the user's code."""

from .record import user_frame

OF_BLOCKS = ("__then", "__other", "__turn", "__test", "__rest")  # functions that flow/rewrite.py makes of blocks


class IndexOutOfRange(IndexError, RuntimeError):
    """An index outside its bounds, found while a compiled step ran; MindSpore raises one or the other."""


class ShapeUnknown(RuntimeError):
    """A shape depends on values, which are not known while a graph is traced."""


def where() -> str:
    """``\\n  at file.py:12, in construct: y = x[9]`` for the user's innermost frame."""
    import linecache

    frame = user_frame()
    if frame is None:
        return ""
    code = frame.f_code
    line = linecache.getline(code.co_filename, frame.f_lineno).strip()
    text = f": {line}" if line else ""
    return f"\n  at {code.co_filename}:{frame.f_lineno}, in {_name_of(frame)}{text}"


def _name_of(frame) -> str:
    """The function of a frame; of a branch or loop that became a function of its own, the one that it is part of."""
    around = frame
    while around is not None and around.f_code.co_name.startswith(OF_BLOCKS):
        around = around.f_back
        while around is not None and around.f_code.co_filename != frame.f_code.co_filename:
            around = around.f_back
    return (around or frame).f_code.co_name


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
