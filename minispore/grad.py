"""grad, value_and_grad, GradOperation: what users ask of the backward walk in autodiff.py."""

import functools

from . import context, ops, tree
from .autodiff import backward, leaf, recording
from .errors import fail
from .jit import Compilable
from .op import as_tensor, to, value_of
from .parameter import Parameter
from .record import STATE
from .tensor import Tensor


def value_and_grad(fn, grad_position=0, weights=None, has_aux=False, return_ids=False, sens_param=False):
    """A function that gives the value of ``fn`` and its gradient.

    Args:
        fn: a function or Cell.  Of a Tensor-valued one, or one of several outputs, the sum of all elements is differentiated.
        grad_position: which positional arguments: an int, a tuple of ints, or None for none.
        weights: a Parameter, or a list or ParameterTuple of them, or None.
        has_aux: ``fn`` returns (value, other results...); the others are passed on.
        return_ids: gradients come as pairs with their position or Parameter name (see ``get_grad``).
        sens_param: the last argument of the call multiplies the gradient.

    Returns:
        ``(value, gradient)``: with one position a Tensor, with several a tuple; for weights a tuple (one Parameter: a
        Tensor); for both a pair.

    Raises:
        ValueError: neither positions nor weights; ``has_aux`` with one output.
        TypeError: an argument of the wrong type.

    >>> import minispore as ms
    >>> f = value_and_grad(lambda x: (x * x).sum())
    >>> value, g = f(ms.Tensor([1.0, 3.0]))
    >>> print(value, g)
    10.0 [2. 6.]
    """
    _check(fn, grad_position, weights)
    plan = _Plan(fn, grad_position, weights, has_aux, return_ids, sens_param, with_value=True)
    return plan.function()


def grad(fn, grad_position=0, weights=None, has_aux=False, return_ids=False):
    """A function that gives the gradient of ``fn``; with ``has_aux`` also its other results.  See ``value_and_grad``.

    >>> import minispore as ms
    >>> print(grad(ms.ops.sin)(ms.Tensor([0.0])))
    [1.]
    """
    _check(fn, grad_position, weights)
    return _Plan(fn, grad_position, weights, has_aux, return_ids, False, with_value=False).function()


def get_grad(gradients, identifier):
    """The gradient of a position or Parameter from a result with ``return_ids=True``.

    Raises:
        RuntimeError: it is not among them.
    """
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


def _check(fn, grad_position, weights) -> None:
    if not callable(fn):
        raise fail(TypeError, f"For 'grad', 'fn' must be a function or Cell, but got {type(fn).__name__}.")
    if grad_position is None and weights is None:
        raise fail(ValueError, "For 'grad', 'grad_position' and 'weights' cannot both be None.")
    positions = grad_position if isinstance(grad_position, tuple) else () if grad_position is None else (grad_position,)
    for p in positions:
        if isinstance(p, bool) or not isinstance(p, int):
            raise fail(
                TypeError, f"For 'grad', 'grad_position' must be an int or a tuple of ints, but got {grad_position!r}."
            )
        if p < 0:
            raise fail(ValueError, f"For 'grad', 'grad_position' must not be negative, but got {p}.")
    if len(set(positions)) != len(positions):
        raise fail(ValueError, f"For 'grad', 'grad_position' names a position twice: {grad_position}.")


class _Plan:
    """What is to be differentiated and in which form the result comes."""

    def __init__(self, fn, positions, weights, has_aux, return_ids, sens, with_value, get_all=False):
        self.fn, self.positions, self.has_aux, self.return_ids = fn, positions, has_aux, return_ids
        self.sens, self.with_value, self.get_all = sens, with_value, get_all
        self.single_weight = isinstance(weights, Parameter)
        self.weights = [weights] if self.single_weight else None if weights is None else list(weights)
        for w in self.weights or ():
            if not isinstance(w, Parameter):
                raise fail(TypeError, f"For 'grad', 'weights' must hold Parameters, but got {type(w).__name__}.")

    def function(self):
        compilable = Compilable(self.run, "grad")

        @functools.wraps(self.fn if not isinstance(self.fn, functools.partial) else self.fn.func, updated=())
        def gradient(*args, **kwargs):
            if STATE.recorder is None and context.is_graph_mode():
                return compilable(args, kwargs)
            return self.run(*args, **kwargs)

        gradient.compilable = compilable  # type: ignore[attr-defined]
        return gradient

    def run(self, *given, **kwargs):
        args, sens = list(given), None
        if self.sens:
            if "sens" in kwargs:
                sens = kwargs.pop("sens")
            else:
                *args, sens = args
        positions = tuple(i for i, a in enumerate(args) if isinstance(a, Tensor)) if self.get_all else self.positions
        wanted = positions if isinstance(positions, tuple) else () if positions is None else (positions,)
        for p in wanted:
            if p >= len(args):
                raise fail(
                    ValueError,
                    f"For 'grad', 'grad_position' {p} is out of range: the call has {len(args)} positional arguments.",
                )
        with recording() as recorder:
            wrt = []
            for p in wanted:
                args[p] = _leaves(recorder, args[p], p)
                for t in tree.tensors(args[p]):
                    wrt.append(value_of(recorder, t))
            weights = [value_of(recorder, w) for w in self.weights or ()]
            result = self.fn(*args, **kwargs)
            main, aux = self._split(result)
            outputs = [as_tensor(t) for t in tree.leaves(main) if isinstance(t, (Tensor, int, float))]
            seeds = self._seeds(outputs, sens)
            found = backward(recorder, [value_of(recorder, t) for t in outputs], seeds, wrt + weights)
            grads = [
                g if g is not None else ops.zeros(v.shape, v.dtype) for g, v in zip(found, wrt + weights)
            ]  # unconnected: zeros
        inputs = iter(grads[: len(wrt)])
        by_position = [tree.map_leaves(lambda x: next(inputs) if isinstance(x, Tensor) else x, args[p]) for p in wanted]
        by_weight = grads[len(wrt) :]
        gradient = self._form(positions, wanted, by_position, by_weight)
        if self.with_value:
            return result, gradient
        return (gradient, aux) if self.has_aux else gradient

    def _split(self, result):
        if not self.has_aux:
            return result, ()
        if not isinstance(result, tuple) or len(result) < 2:
            raise fail(
                ValueError, "With has_aux=True, the function must return at least two results: (value, other, ...)."
            )
        return result[0], tuple(
            tree.map_leaves(lambda t: ops.stop_gradient(t) if isinstance(t, Tensor) else t, a) for a in result[1:]
        )

    def _seeds(self, outputs, sens):
        if not self.sens:
            return [ops.ones_like(t) for t in outputs]
        given = tree.tensors(sens) if isinstance(sens, (tuple, list)) else [as_tensor(sens)]
        if len(given) != len(outputs):
            raise fail(
                ValueError, f"The function has {len(outputs)} outputs, but {len(given)} sensitivities were given."
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


def _leaves(recorder, arg, position):
    if not tree.tensors(arg):
        raise fail(TypeError, f"For 'grad', the argument {position} must be a Tensor, but got {type(arg).__name__}.")
    return tree.map_leaves(lambda x: leaf(recorder, x) if isinstance(x, Tensor) else x, arg)


class GradOperation:
    """Makes gradient functions: ``GradOperation(get_all=True)(net)(x, y)``.

    Args:
        get_all: gradients of all Tensor arguments, as a tuple; else of the first.
        get_by_list: gradients of the Parameters given as second argument.
        sens_param: the last argument of the call multiplies the gradient.
    """

    def __init__(self, get_all=False, get_by_list=False, sens_param=False):
        for name, given in (("get_all", get_all), ("get_by_list", get_by_list), ("sens_param", sens_param)):
            if not isinstance(given, bool):
                raise fail(TypeError, f"For 'GradOperation', '{name}' must be a bool, but got {type(given).__name__}.")
        self.get_all, self.get_by_list, self.sens_param = get_all, get_by_list, sens_param
        self._made: list[tuple] = []

    def __call__(self, fn, weights=None):
        for known, known_weights, function in self._made:
            if known is fn and known_weights is weights:
                return function
        if self.get_by_list and weights is None:
            from .nn.cell import Cell

            if not isinstance(fn, Cell):
                raise fail(
                    ValueError,
                    "For 'GradOperation' with get_by_list=True, the Parameters are needed as second argument.",
                )
            weights = fn.trainable_params()
        by_list = weights if self.get_by_list else None
        positions = None if self.get_by_list and not self.get_all else 0
        plan = _Plan(fn, positions, by_list, False, False, self.sens_param, False, get_all=self.get_all)
        function = plan.function()
        self._made.append((fn, weights, function))
        return function


# They are part of ``ops`` too, which this module stands on and so cannot import them.
for _module in (ops, ops.functional, ops.composite):
    for _function in (GradOperation, grad, value_and_grad, get_grad):
        setattr(_module, _function.__name__, _function)
