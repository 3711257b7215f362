# Written by tools/stubs from minispore.extend: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core import samples as samples
from minispore.core.errors import fail as fail
from minispore.core.kernel import device as device, kernel as kernel
from minispore.core.op.definition import Op as Op
from minispore.core.op.dispatch import apply as apply, as_tensor as as_tensor
from minispore.core.op.elementwise_op import broadcast_shapes as broadcast_shapes, elementwise as elementwise, to as to
from minispore.core.op.kinds import Library as library, Reduction as reduction, View as view
from minispore.ops import batch as batch_rules
from minispore.ops.methods import method as method

__all__ = ['Op', 'apply', 'as_tensor', 'batch_rules', 'broadcast_shapes', 'device', 'elementwise', 'fail', 'kernel', 'library', 'method', 'reduction', 'samples', 'to', 'view']
