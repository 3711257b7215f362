"""Errors: a sentence in MindSpore's form, then the line of the user's code."""

from .record import Break, note_break, user_frame

# flow/rewrite.py turns blocks of a function into functions of these names
BLOCK_FUNCTIONS = ("__then", "__other", "__body", "__test", "__rest")


class AxisTwice(RuntimeError, ValueError):
    """A reduction names an axis twice: MindSpore's ops raise a RuntimeError, its ``numpy`` a ValueError."""


class NoGradients(TypeError, RuntimeError):
    """What was given to an optimizer is no tuple of Tensors: MindSpore's optimizers raise the one or the other."""


class IndexOutOfRange(IndexError, RuntimeError, ValueError):
    """An index out of bounds in a compiled step; of all these classes, because MindSpore raises one or the other."""


class MaskMismatch(IndexError, ValueError):
    """A boolean index of another shape than what it chooses from: a ValueError in MindSpore, an IndexError in NumPy."""


class _Text(str):
    """The text of a KeyError, which shows the repr of its argument: this one's is the text as it is, not quoted."""

    __slots__ = ()

    def __repr__(self):
        return str(self)


class ShapeUnknown(RuntimeError):
    """A shape, or a Python object, depends on values, which are not known while a graph is traced."""


class GraphBreak(Exception):
    """A traced call cannot be one graph: Python, or a shape, needs a value that is not known while it is traced."""

    def __init__(self, breaks: list[Break]):
        super().__init__(str(breaks[0].error))
        self.breaks = breaks

    @property
    def error(self) -> Exception:
        return self.breaks[0].error


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
    """The name of a frame's function; for a branch or loop body (see BLOCK_FUNCTIONS) that of the function it is a part of."""
    around = frame
    while around is not None and around.f_code.co_name.startswith(BLOCK_FUNCTIONS):
        around = around.f_back
        while around is not None and around.f_code.co_filename != frame.f_code.co_filename:
            around = around.f_back
    return (around or frame).f_code.co_name


def fail(kind: type[Exception], message: str) -> Exception:
    """The exception to raise, with the user's line in its text.

    Args:
        kind (type): its class.
        message (str): what is wrong, what was got, and what to do.

    Returns:
        Exception: it is not raised here.

    >>> print(fail(ValueError, "For 'Dense', 'units' must be positive, but got -1."))
    For 'Dense', 'units' must be positive, but got -1...
    """
    text = message + where()
    return kind(_Text(text) if issubclass(kind, KeyError) else text)


def not_installed(what: str, package: str, install: str) -> Exception:
    """The ImportError where a package is missing that the installation does not require.

    Args:
        what: str, what needs it.
        package: str, its name.
        install: str, what pip is asked for.

    Returns:
        ImportError to raise.

    >>> print(not_installed("ONNX", "onnx", "'minispore[onnx]'"))
    ONNX needs onnx, which is not installed: pip install 'minispore[onnx]'...
    """
    return fail(ImportError, f"{what} needs {package}, which is not installed: pip install {install}")


def graph_break(kind: type[Exception], message: str, site: str | None = None, number: bool = False) -> Exception:
    """Like ``fail``, where a value is needed that is not known while a graph is traced: a compiled call then runs in pieces.

    ``site``: the ``file:line`` that Python has to run, where it is not the one that is running.
    """
    error = fail(kind, message)
    note_break(error, site, number)
    return error


def located(kind: type[Exception], message: str, location: str | None) -> Exception:
    """Like ``fail``, for a location that was recorded when the graph was traced."""
    import linecache

    if not location:
        return kind(message)
    name, _, number = location.rpartition(":")
    line = linecache.getline(name, int(number)).strip()
    return kind(f"{message}\n  at {location}" + (f": {line}" if line else ""))
