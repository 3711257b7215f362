"""What the transforms that differentiate have in common: which arguments by, through which types, and which of the results."""

from contextlib import contextmanager
from typing import Any

from .. import ops
from ..autodiff import leaf
from ..core import checks, context, tree
from ..core.errors import fail
from ..core.op import value_of
from ..core.record import Value
from ..core.tensor import Tensor


def check_function(name, fn) -> None:
    """Raises unless ``fn`` can be called.

    Args:
        name: str, the transform's name for the message.
        fn: what was given.

    Raises:
        TypeError: it cannot be called.
    """
    if not callable(fn):
        raise fail(TypeError, f"For '{name}', 'fn' must be a function or Cell, but got {type(fn).__name__}.")


def check_flags(name, **flags) -> None:
    """Raises unless all values are bools.

    Args:
        name: str, the transform's name for the message.
        **flags: values by the names of their arguments.

    Raises:
        TypeError: a value is not a bool.
    """
    for argument, given in flags.items():
        checks.boolean(name, **{argument: given})


def check_positions(name, given) -> None:
    """Raises unless positions are distinct ints from 0.

    Args:
        name: str, the transform's name for the message.
        given: int or tuple of ints.

    Raises:
        TypeError: other types.
        ValueError: a negative position, or one that is there twice.
        RuntimeError: there is none.
    """
    positions = given if isinstance(given, tuple) else (given,)
    for p in positions:
        if isinstance(p, bool) or not isinstance(p, int):
            raise fail(
                TypeError, f"For '{name}', 'grad_position' must be an int or a tuple of ints, but got {given!r}."
            )
        if p < 0:
            raise fail(ValueError, f"For '{name}', 'grad_position' must not be negative, but got {p}.")
    if not positions:
        raise fail(RuntimeError, f"For '{name}', 'grad_position' must not be empty; None is for the weights alone.")
    if len(set(positions)) != len(positions):
        raise fail(ValueError, f"For '{name}', 'grad_position' names a position twice: {given}.")


def leaves_at(recorder, args: list, positions, name, integers=False) -> list[Value]:
    """Replaces the Tensors in ``args`` at ``positions`` by new leaves; returns the values of these, to differentiate by.

    Args:
        recorder: the record of the computation.
        args: list of arguments, changed in place.
        positions: tuple of ints.
        name: str, the transform's name for messages.
        integers: bool, whether integers may be differentiated.  Default: False.

    Returns:
        list of the Values that gradients can be asked for.

    Raises:
        IndexError: there is no such argument; in PYNATIVE mode a RuntimeError, both as in MindSpore.
        TypeError: an argument without a Tensor of floats.
    """
    wrt: list[Value] = []
    for p in positions:
        if p >= len(args):
            raise fail(
                IndexError if context.is_graph_mode() else RuntimeError,
                f"For '{name}', 'grad_position' {p} is out of range: the call has {len(args)} arguments.",
            )
        args[p] = leaves_of(recorder, args[p], name, f"the argument {p}", integers)
        wrt += [value_of(recorder, t) for t in tree.tensors(args[p])]
    return wrt


@contextmanager
def through_integers(recorder, wrt):
    """Gradients pass through integers too, where one is differentiated, and through bools where one of them is.

    Args:
        recorder: the record of the computation.
        wrt: list of the values to differentiate by.
    """
    before = recorder.integers
    for v in wrt:
        if not v.dtype.is_inexact:
            recorder.integers = max(recorder.integers, 2 if v.dtype.name == "bool" else 1)
    try:
        yield
    finally:
        recorder.integers = before


def leaves_of(recorder, arg, name, what, integers=False):
    """``arg`` with a new leaf for each of its Tensors, so that its gradient does not include other uses of that Tensor.

    Args:
        recorder: the record of the computation.
        arg: Tensor, or a structure of them.
        name: str, the transform's name for messages.
        what: str, what the argument is called in messages.
        integers: bool, whether integers may be differentiated.  Default: False.

    Returns:
        the same structure.

    Raises:
        TypeError: there is no Tensor of floats.
    """
    found = tree.tensors(arg)
    if not found:
        raise fail(TypeError, f"For '{name}', {what} must be a Tensor, but got {type(arg).__name__}.")
    for t in found:
        if not t.dtype.is_inexact and not integers:
            raise fail(
                TypeError,
                f"For '{name}', {what} holds {t.dtype}, which has no gradient: give it as floats, x.astype(ms.float32).",
            )
    # op by op a Parameter stands for itself, as in MindSpore: its gradient counts all its uses
    itself = () if recorder.symbolic else {id(t) for t in found if t.is_parameter and t.requires_grad}
    return tree.map_leaves(lambda x: leaf(recorder, x) if isinstance(x, Tensor) and id(x) not in itself else x, arg)


def split_aux(result) -> tuple[Any, tuple]:
    """The result of a function with ``has_aux``: (what is differentiated, the other results with their gradient stopped).

    Args:
        result: tuple (value, other, ...).

    Returns:
        tuple (what is differentiated, tuple of the other results as constants).

    Raises:
        ValueError: fewer than two results.
    """
    if not isinstance(result, tuple) or len(result) < 2:
        raise fail(ValueError, "With has_aux=True, the function must return at least two results: (value, other, ...).")
    return result[0], tuple(
        tree.map_leaves(lambda t: ops.stop_gradient(t) if isinstance(t, Tensor) else t, a) for a in result[1:]
    )


def alone(items: tuple):
    """The item of a tuple of one item, else the tuple.

    Args:
        items: tuple.

    Returns:
        the item or the tuple.

    >>> alone((1,)), alone((1, 2))
    (1, (1, 2))
    """
    return items[0] if len(items) == 1 else items
