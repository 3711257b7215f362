"""Python control flow over Tensor values: source that is rewritten (rewrite.py), and what it calls (run.py).

While a graph is traced, the functions that a user wrote run in a rewritten form: ``if``, ``while``, ``for``, ``and``,
``or``, ``not``, ternaries and chained comparisons ask at run time whether their condition is a Tensor of the graph.
If not, they do what Python does.  If so, both branches (or one turn of the loop) are traced and become one node.
"""

from ..core.record import STATE, user_frame
from ..core.registry import supplies
from .convert import converted


def runnable(function):
    """``function`` in the form in which it runs now: rewritten while a graph is traced."""
    recorder = STATE.recorder
    return function if recorder is None or not recorder.symbolic else converted(function)


@supplies("why not rewritten")
def why_not_rewritten() -> str:
    """For messages: why the ``if`` or ``while`` of the running user function could not become part of the graph."""
    from .convert import REASONS

    frame = user_frame()
    reason = REASONS.get(frame.f_code) if frame else None
    if reason is None:
        return ""
    return f"The control flow of {frame.f_code.co_name}() could not be compiled, because {reason}. "
