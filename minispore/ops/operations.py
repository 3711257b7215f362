"""MindSpore's ``ops.operations``: the primitive classes.

>>> from minispore.ops import operations as P
>>> import minispore as ms
>>> print(P.ReduceMean(keep_dims=True)(ms.Tensor([[1.0, 3.0]]), 1))
[[2.]]
"""

from . import conversions, primitive_base, primitive_classes
from .conversions import *  # noqa: F403
from .primitive_base import *  # noqa: F403
from .primitive_classes import *  # noqa: F403

__all__ = conversions.__all__ + primitive_base.__all__ + primitive_classes.__all__

from ..core.registry import module_getattr as _module_getattr  # isort: skip

__getattr__ = _module_getattr(__name__)
