"""Python control flow on the values of Tensors: source is rewritten (rewrite.py) to call helpers (run.py).

While a graph is traced, the functions that a user wrote run in a rewritten form: ``if``, ``while``, ``for``, ``and``, ``or``,
``not``, ternaries and chained comparisons check whether their condition is a Tensor of the graph.  If not, they do what Python
does.  If so, both branches (branches.py), or the loop body (loops.py), are traced and become one node (control.py).
"""

from . import run  # its helpers are what rewritten functions call
from .running import runnable

__all__ = ["runnable"]
