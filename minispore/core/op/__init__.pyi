# Written by tools/stubs from minispore.core.op: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.op.definition import Op as Op, op_named as op_named
from minispore.core.op.dispatch import apply as apply, as_tensor as as_tensor, evaluate as evaluate, fixed as fixed, literal as literal, record as record, record_values as record_values, tensor_of as tensor_of, value_of as value_of, wrap as wrap
from minispore.core.op.elementwise_op import Cast as Cast, Elementwise as Elementwise, broadcast_shapes as broadcast_shapes, cast as cast, elementwise as elementwise, to as to
from minispore.core.op.kinds import Library as Library, Library as library, Reduction as Reduction, Reduction as reduction, View as View, View as view, ViewOf as ViewOf, extreme_of as extreme_of
from typing import Any

__all__ = ['Cast', 'Elementwise', 'FIXED_RESULTS', 'FOLD_LIMIT', 'LOOPS_IN_PYTHON', 'Library', 'NUMBERS', 'Op', 'REGISTRY', 'Reduction', 'View', 'ViewOf', 'apply', 'as_tensor', 'broadcast_shapes', 'cast', 'elementwise', 'evaluate', 'extreme_of', 'fixed', 'library', 'literal', 'op_named', 'record', 'record_values', 'reduction', 'tensor_of', 'to', 'value_of', 'view', 'wrap']

FIXED_RESULTS: Any
FOLD_LIMIT: int
LOOPS_IN_PYTHON: int
NUMBERS: Any
REGISTRY: Any
