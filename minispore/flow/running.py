"""The form in which a function runs: as it is, rewritten while a graph is traced, or in pieces."""

from ..core.record import STATE, user_frame
from ..core.registry import supplies
from .convert import REASONS, converted
from .pieces import in_pieces


@supplies("runnable")
def runnable(function):
    """``function``; while a graph is traced, its rewritten form; in a call that runs in pieces, its form in pieces."""
    recorder = STATE.recorder
    if recorder is not None and recorder.symbolic:
        return converted(function)
    if STATE.in_pieces is not None:
        return in_pieces(function)
    return function


@supplies("why not rewritten")
def why_not_rewritten() -> str:
    """For messages: why the control flow of the user function that is running could not be rewritten."""
    frame = user_frame()
    reason = REASONS.get(frame.f_code) if frame else None
    if reason is None:
        return ""
    return f"The control flow of {frame.f_code.co_name}() could not be compiled, because {reason}. "
