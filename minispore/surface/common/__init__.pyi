# Written by tools/stubs from minispore.surface.common: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core import dtype as dtype, initializer as initializer
from minispore.core.parameter import Parameter as Parameter, ParameterTuple as ParameterTuple
from minispore.core.random import get_seed as get_seed, set_seed as set_seed
from minispore.core.tensor import Tensor as Tensor, tensor as tensor
from minispore.surface.common import api as _stub_tensor
from minispore.transforms.function import _Function as _Function, _no_grad as _no_grad
from minispore.transforms.jit import jit as jit, jit as ms_function, jit_class as jit_class, mutable as mutable

__all__ = ['Parameter', 'ParameterTuple', 'Tensor', '_Function', '_no_grad', '_stub_tensor', 'dtype', 'get_seed', 'initializer', 'jit', 'jit_class', 'ms_function', 'mutable', 'set_seed', 'tensor']
