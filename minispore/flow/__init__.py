"""Python control flow on the values of Tensors: source is rewritten (rewrite.py) to call helpers (run.py).

While a graph is traced, the functions that a user wrote run in a rewritten form: ``if``, ``while``, ``for``, ``and``, ``or``,
``not``, ternaries and chained comparisons check whether their condition is a Tensor of the graph.  If not, they do what Python
does.  If so, both branches (branches.py), or the loop body (loops.py), are traced and become one node (control.py).
"""

from ..core.record import STATE, user_frame
from ..core.registry import supplies
from .convert import converted


@supplies("runnable")
def runnable(function):
    """``function``; while a graph is traced, its rewritten form; in a call that runs in pieces, its form in pieces."""
    recorder = STATE.recorder
    if recorder is not None and recorder.symbolic:
        return converted(function)
    if STATE.in_pieces is not None:
        from .pieces import in_pieces

        return in_pieces(function)
    return function


@supplies("why not rewritten")
def why_not_rewritten() -> str:
    """For messages: why the control flow of the user function that is running could not be rewritten."""
    from .convert import REASONS

    frame = user_frame()
    reason = REASONS.get(frame.f_code) if frame else None
    if reason is None:
        return ""
    return f"The control flow of {frame.f_code.co_name}() could not be compiled, because {reason}. "
