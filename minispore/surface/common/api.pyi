# Written by tools/stubs from minispore.surface.common.api: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.transforms.function import _no_grad as _no_grad
from minispore.transforms.jit import jit as jit, jit as ms_function, jit_class as jit_class, jit_class as ms_class

__all__ = ['StubTensor', '_no_grad', 'jit', 'jit_class', 'ms_class', 'ms_function']

class StubTensor(Tensor):
    ...
