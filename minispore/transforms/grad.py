"""grad, value_and_grad, GradOperation: what users ask of the backward walk in autodiff.py."""

import functools
from typing import Any

from .. import ops
from ..autodiff import backward, leaf, recording
from ..core import checks, context, tree
from ..core.cell_base import CellBase
from ..core.errors import fail
from ..core.memo import kept
from ..core.op import as_tensor, to, value_of
from ..core.parameter import Parameter
from ..core.record import STATE, Value
from ..core.tensor import Tensor
from ..flow import runnable
from ..ops.methods import publish
from .custom_gradient import has_hooks, through_hooks
from .jit import Compilable


def value_and_grad(fn, grad_position=0, weights=None, has_aux=False, return_ids=False, sens_param=False):
    """A function that gives the value of ``fn`` and its gradient.

    Args:
        fn: a function or Cell.  Of a Tensor-valued one, or one of several outputs, the sum of all elements is differentiated.
        grad_position: which positional arguments: an int, a tuple of ints, or None for none.  An argument is a Tensor of
            floats, or a tuple, list, dict or dataclass with some in it; the gradient then has the same form.
        weights: a Parameter, or a list or ParameterTuple of them, or None.
        has_aux: ``fn`` returns (value, other results...); the others are passed on.
        return_ids: gradients come as pairs with their position or Parameter name (see ``get_grad``).
        sens_param: the last argument of the call, or the keyword argument ``sens``, multiplies the gradient.

    Returns:
        ``(value, gradient)``: with one position a Tensor, with several a tuple; for weights a tuple (one Parameter: a
        Tensor); for both a pair.

    Raises:
        ValueError: neither positions nor weights; ``has_aux`` with one output.
        TypeError: an argument of the wrong type; the gradient of integers.
        RuntimeError: a position that the call has no argument for.

    >>> import minispore as ms
    >>> f = value_and_grad(lambda x: (x * x).sum())
    >>> value, g = f(ms.Tensor([1.0, 3.0]))
    >>> print(value, g)
    10.0 [2. 6.]
    """
    _check("value_and_grad", fn, grad_position, weights, has_aux=has_aux, return_ids=return_ids, sens_param=sens_param)
    plan = _Plan(fn, grad_position, weights, has_aux, return_ids, sens_param, with_value=True)
    return plan.function()


def grad(fn, grad_position=0, weights=None, has_aux=False, return_ids=False, sens_param=False):
    """A function that gives the gradient of ``fn``; with ``has_aux`` also its other results.  See ``value_and_grad``.

    >>> import minispore as ms
    >>> print(grad(ms.ops.sin)(ms.Tensor([0.0])))
    [1.]
    """
    _check("grad", fn, grad_position, weights, has_aux=has_aux, return_ids=return_ids, sens_param=sens_param)
    return _Plan(fn, grad_position, weights, has_aux, return_ids, sens_param, with_value=False).function()


def get_grad(gradients, identifier):
    """The gradient of a position or Parameter from a result with ``return_ids=True``.

    Raises:
        RuntimeError: it is not among them.
        TypeError: ``identifier`` is neither an int nor a Parameter.
    """
    checks.instance("get_grad", (int, Parameter), identifier=identifier)
    name = identifier.name if isinstance(identifier, Parameter) else identifier

    def search(item):
        if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], (int, str)):
            return item[1] if item[0] == name and type(item[0]) is type(name) else None
        if isinstance(item, tuple):
            for x in item:
                found = search(x)
                if found is not None:
                    return found
        return None

    found = search(gradients)
    if found is None:
        raise fail(RuntimeError, f"For 'get_grad', no gradient of {name!r} is among the results.")
    return found


def _check(name, fn, grad_position, weights, **flags) -> None:
    check_function(name, fn)
    if grad_position is None and weights is None:
        raise fail(ValueError, f"For '{name}', 'grad_position' and 'weights' cannot both be None.")
    if grad_position is not None:
        check_positions(name, grad_position)
    check_flags(name, **flags)


def check_function(name, fn) -> None:
    if not callable(fn):
        raise fail(TypeError, f"For '{name}', 'fn' must be a function or Cell, but got {type(fn).__name__}.")


def check_flags(name, **flags) -> None:
    for argument, given in flags.items():
        checks.boolean(name, **{argument: given})


def check_positions(name, given) -> None:
    positions = given if isinstance(given, tuple) else (given,)
    for p in positions:
        if isinstance(p, bool) or not isinstance(p, int):
            raise fail(
                TypeError, f"For '{name}', 'grad_position' must be an int or a tuple of ints, but got {given!r}."
            )
        if p < 0:
            raise fail(ValueError, f"For '{name}', 'grad_position' must not be negative, but got {p}.")
    if len(set(positions)) != len(positions):
        raise fail(ValueError, f"For '{name}', 'grad_position' names a position twice: {given}.")


class _Plan:
    """What is to be differentiated and in which form the result comes."""

    def __init__(self, fn, positions, weights, has_aux, return_ids, sens, with_value, get_all=False, integers=False):
        self.integers = integers
        self.fn, self.positions, self.has_aux, self.return_ids = fn, positions, has_aux, return_ids
        self.sens, self.with_value, self.get_all = sens, with_value, get_all
        self.single_weight = isinstance(weights, Parameter)
        self.weights = [weights] if self.single_weight else None if weights is None else list(weights)
        for w in self.weights or ():
            if not isinstance(w, Parameter):
                raise fail(TypeError, f"For 'grad', 'weights' must hold Parameters, but got {type(w).__name__}.")

    def function(self):
        key = ("grad", self.positions, self.has_aux, self.return_ids, self.sens, self.with_value, self.get_all, self.integers,
               self.single_weight, None if self.weights is None else tuple(map(id, self.weights)))  # fmt: skip
        compilable = kept(self.fn, key, lambda: Compilable(self.run, "grad"))

        @functools.wraps(self.fn if not isinstance(self.fn, functools.partial) else self.fn.func, updated=())
        def gradient(*args, **kwargs):
            if (
                STATE.recorder is None
                and context.is_graph_mode()
                and not has_hooks([*tree.tensors(args), *(self.weights or ())])
            ):
                return compilable(args, kwargs)
            return self.run(*args, **kwargs)

        gradient.compilable, gradient.graph = compilable, compilable.graph  # type: ignore[attr-defined]
        return gradient

    def run(self, *given, **kwargs):
        args, sens = list(given), None
        if self.sens:
            if "sens" in kwargs:
                sens = kwargs.pop("sens")
            else:
                *args, sens = args
        positions = tuple(i for i, a in enumerate(args) if tree.tensors(a)) if self.get_all else self.positions
        wanted = positions if isinstance(positions, tuple) else () if positions is None else (positions,)
        own = STATE.recorder is None
        with recording() as recorder:
            sources = [t for p in wanted for t in tree.tensors(args[p : p + 1])] + (self.weights or [])
            wrt = leaves_at(recorder, args, wanted, "grad", self.integers)
            weights = [value_of(recorder, w) for w in self.weights or ()]
            before = recorder.integers
            recorder.integers = before or (self.integers and any(not v.dtype.is_float for v in wrt + weights))
            result = runnable(self.fn)(*args, **kwargs)
            main, aux = split_aux(result) if self.has_aux else (result, ())
            outputs = [as_tensor(t) for t in tree.leaves(main) if isinstance(t, (Tensor, int, float))]
            if not outputs:
                raise fail(
                    TypeError,
                    f"For 'grad', the function must return a Tensor or a number, but it returned {type(main).__name__}: is a "
                    "return missing?",
                )
            seeds = self._seeds(outputs, sens)
            values = [value_of(recorder, t) for t in outputs]
            found = backward(recorder, values, seeds, wrt + weights, last=own and not recorder.symbolic)
            recorder.integers = before
            grads = [
                g if g is not None else ops.zeros(v.shape, v.dtype) for g, v in zip(found, wrt + weights)
            ]  # unconnected: zeros
            if has_hooks(sources):
                grads = [through_hooks(t, g) for t, g in zip(sources, grads)]
        inputs = iter(grads[: len(wrt)])
        by_position = [tree.map_leaves(lambda x: next(inputs) if isinstance(x, Tensor) else x, args[p]) for p in wanted]
        by_weight = grads[len(wrt) :]
        gradient = self._form(positions, wanted, by_position, by_weight)
        if self.with_value:
            return result, gradient
        return (gradient, aux) if self.has_aux else gradient

    def _seeds(self, outputs, sens):
        if not self.sens:
            return [ops.ones_like(t) for t in outputs]
        given = tree.tensors(sens) if isinstance(sens, (tuple, list)) else [as_tensor(sens)]
        if len(given) != len(outputs):
            raise fail(
                ValueError, f"The function has {len(outputs)} outputs, but {len(given)} sensitivities were given."
            )
        for s, t in zip(given, outputs):
            if not _fits(s.shape, t.shape):
                raise fail(
                    ValueError,
                    f"For 'grad', the sensitivity must have the shape {t.shape} of the function's output, but got {s.shape}.",
                )
        return [to(ops.broadcast_to(s, t.shape) if s.shape != t.shape else s, t.dtype) for s, t in zip(given, outputs)]

    def _form(self, positions, wanted, by_position, by_weight):
        if self.return_ids:
            by_position = list(zip(wanted, by_position))
            by_weight = list(zip([w.name for w in self.weights or ()], by_weight))
        alone = len(by_position) == 1 and not self.get_all  # MindSpore gives (i,) the form of i
        first = by_position[0] if alone else tuple(by_position)
        second = by_weight[0] if self.single_weight else tuple(by_weight)
        if self.weights is None:
            return first
        return second if positions is None else (first, second)


def _fits(shape, wanted) -> bool:
    """Whether ``shape`` broadcasts to ``wanted``."""
    return len(shape) <= len(wanted) and all(a in (1, b) for a, b in zip(shape[::-1], wanted[::-1]))


def leaves_at(recorder, args: list, positions, name, integers=False) -> list[Value]:
    """Puts leaves in the place of the arguments at ``positions``; the values that gradients can be asked for."""
    wrt: list[Value] = []
    for p in positions:
        if p >= len(args):
            raise fail(
                RuntimeError,
                f"For '{name}', 'grad_position' {p} is out of range: the call has {len(args)} positional arguments.",
            )
        args[p] = leaves_of(recorder, args[p], name, f"the argument {p}", integers)
        wrt += [value_of(recorder, t) for t in tree.tensors(args[p])]
    return wrt


def leaves_of(recorder, arg, name, what, integers=False):
    """``arg`` with leaves for its Tensors: copies whose gradient can be asked for."""
    found = tree.tensors(arg)
    if not found:
        raise fail(TypeError, f"For '{name}', {what} must be a Tensor, but got {type(arg).__name__}.")
    for t in found:
        if not t.dtype.is_float and not integers:
            raise fail(
                TypeError,
                f"For '{name}', {what} holds {t.dtype}, which has no gradient: give it as floats, x.astype(ms.float32).",
            )
    return tree.map_leaves(lambda x: leaf(recorder, x) if isinstance(x, Tensor) else x, arg)


def split_aux(result) -> tuple[Any, tuple]:
    """(what is differentiated, the other results as constants) of a function with has_aux."""
    if not isinstance(result, tuple) or len(result) < 2:
        raise fail(ValueError, "With has_aux=True, the function must return at least two results: (value, other, ...).")
    return result[0], tuple(
        tree.map_leaves(lambda t: ops.stop_gradient(t) if isinstance(t, Tensor) else t, a) for a in result[1:]
    )


def alone(items: tuple):
    """The item of a tuple of one, else the tuple."""
    return items[0] if len(items) == 1 else items


class GradOperation:
    """Makes gradient functions: ``GradOperation(get_all=True)(net)(x, y)``.  ``grad`` is the newer form.

    Unlike ``grad`` it takes integers for numbers on a line, as MindSpore does: their gradient is computed in integers.

    Args:
        get_all: gradients of all Tensor arguments, as a tuple; else of the first.
        get_by_list: gradients of the Parameters given as second argument.
        sens_param: the last argument of the call multiplies the gradient.
    """

    def __init__(self, get_all=False, get_by_list=False, sens_param=False):
        check_flags("GradOperation", get_all=get_all, get_by_list=get_by_list, sens_param=sens_param)
        self.get_all, self.get_by_list, self.sens_param = get_all, get_by_list, sens_param
        self._made: list[tuple] = []

    def __call__(self, fn, weights=None):
        for known, known_weights, function in self._made:
            if known is fn and known_weights is weights:
                return function
        if self.get_by_list and weights is None:
            if not isinstance(fn, CellBase):
                raise fail(
                    ValueError,
                    "For 'GradOperation' with get_by_list=True, the Parameters are needed as second argument.",
                )
            weights = fn.trainable_params()
        by_list = weights if self.get_by_list else None
        positions = None if self.get_by_list and not self.get_all else 0
        plan = _Plan(fn, positions, by_list, False, False, self.sens_param, False, get_all=self.get_all, integers=True)
        function = plan.function()
        self._made.append((fn, weights, function))
        return function


publish(GradOperation, grad, value_and_grad, get_grad)
