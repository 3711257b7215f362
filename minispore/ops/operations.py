"""MindSpore's ``ops.operations``: the primitive classes.

>>> from minispore.ops import operations as P
>>> import minispore as ms
>>> print(P.ReduceMean(keep_dims=True)(ms.Tensor([[1.0, 3.0]]), 1))
[[2.]]
"""

from .primitives import *  # noqa: F403
