"""Which arguments have to be Tensors: where MindSpore refuses lists and numbers that other functions of its ``numpy`` take.

The functions call each other with lists and numbers all the same: only what users see checks, in ``place``.
"""

import functools
import inspect

import numpy as np

from ..core.errors import fail
from ..core.tensor import Tensor

# name: which of the first parameters
_FIRST = dict.fromkeys(
    """abs absolute amax amin arccos arccosh arcsin arcsinh arctan arctanh array_split array_str atleast_1d atleast_2d
    atleast_3d broadcast_to cos cosh count_nonzero cumsum deg2rad diag diagflat diagonal diff dsplit ediff1d expand_dims
    fabs fix flip fliplr flipud hsplit isneginf isposinf log10 log2 max min moveaxis nancumsum positive ptp rad2deg radians
    ravel reshape roll rollaxis rot90 sin sinh split squeeze swapaxes tan tanh tile trace transpose unique vsplit""".split(),
    (0,),
)
_PAIRS = dict.fromkeys(
    """append arctan2 broadcast_arrays dot float_power inner ix_ less_equal logaddexp2 logical_xor matmul meshgrid multiply
    not_equal outer take take_along_axis tensordot""".split(),
    (0, 1),
)
TENSORS: dict[str, tuple[int, ...]] = {**_FIRST, **_PAIRS, "apply_along_axis": (2,), "average": (0, 2)}
# the first parameter is a sequence: its items
SEQUENCES = frozenset("concatenate stack hstack vstack dstack column_stack".split())
# where MindSpore asks a list or number for an attribute that it has not
_BY_ATTRIBUTE = frozenset(
    "abs absolute count_nonzero diagonal fabs log10 log2 trace hstack vstack dstack column_stack".split()
)


def _refuse_others(name, values) -> None:
    for value in values:
        if not isinstance(value, Tensor):
            raise fail(
                AttributeError if name in _BY_ATTRIBUTE and not isinstance(value, np.ndarray) else TypeError,
                f"For '{name}', Tensors are needed, but got {type(value).__name__}. Write mindspore.numpy.array(...).",
            )


def checked(function, wanted: tuple[int, ...] = (0,)):
    """``function`` that takes only Tensors for the parameters with the numbers ``wanted``; those with the default None may be left out.

    >>> from minispore import Tensor
    >>> checked(lambda x: x + 1)(Tensor([1]))
    Tensor(shape=[1], dtype=Int64, value= [2])
    """
    name = function.__name__
    parameters = list(inspect.signature(function).parameters.values())
    if parameters[0].kind is inspect.Parameter.VAR_POSITIONAL:
        find = lambda args, kwargs: args
    else:
        named = [(k, parameters[k].name, parameters[k].default is None) for k in wanted]

        def find(args, kwargs):
            given = [(args[k] if k < len(args) else kwargs.get(p), optional) for k, p, optional in named
                     if k < len(args) or p in kwargs]  # fmt: skip
            return [value for value, optional in given if not (optional and value is None)]

    @functools.wraps(function)
    def of_tensors(*args, **kwargs):
        _refuse_others(name, find(args, kwargs))
        return function(*args, **kwargs)

    return of_tensors


def _of_sequence(function):
    name = function.__name__
    (first, *_) = inspect.signature(function).parameters

    @functools.wraps(function)
    def of_tensors(*args, **kwargs):
        items = args[0] if args else kwargs.get(first)
        if isinstance(items, Tensor) and name in _BY_ATTRIBUTE:  # already joined, for MindSpore
            return items
        if isinstance(items, (list, tuple)):
            _refuse_others(name, items)
        return function(*args, **kwargs)

    return of_tensors


def place(namespace: dict) -> None:
    """Puts functions that check in the place of those of ``minispore.numpy``."""
    for name, wanted in TENSORS.items():
        namespace[name] = checked(namespace[name], wanted)
    for name in SEQUENCES:
        namespace[name] = _of_sequence(namespace[name])
