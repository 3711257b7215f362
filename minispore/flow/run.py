"""The helpers that rewritten functions call (rewrite.py), as attributes of ``__flow__``.

Each one asks whether its condition is a Tensor of the graph that is traced.  If not, it does what Python does, and nothing of
it reaches the graph.
"""

import sys

from .branches import choose, if_, if_expression, item
from .built_in import call
from .conditions import and_, compare, in_, is_, not_, or_, python_condition, with_place
from .convert import HELPERS
from .loops import for_, is_complete, is_return, range_, while_
from .pieces import called_in_pieces as in_pieces
from .stores import augmented, holder, owner
from .variables import NOT_RETURNED, defined, value

__all__ = [
    "NOT_RETURNED", "and_", "augmented", "call", "choose", "compare", "defined", "for_", "holder", "if_", "if_expression", "in_", "in_pieces", "is_", "is_complete", "is_return", "item", "not_",
    "or_", "owner", "python_condition", "range_", "value", "while_", "with_place",
]  # fmt: skip

HELPERS.cell_contents = sys.modules[__name__]
