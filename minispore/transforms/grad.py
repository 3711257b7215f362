"""grad, value_and_grad, GradOperation: the users' functions for the backward pass in autodiff.py."""

from ..core import checks, context
from ..core.cell_base import CellBase
from ..core.errors import fail
from ..core.in_type import as_stored
from ..core.parameter import Parameter
from ..ops.methods import publish
from .differentiated import check_flags, check_function, check_positions
from .function import custom_vjp  # noqa: F401  MindSpore has it here
from .gradient_plan import GradientPlan


def value_and_grad(
    fn, grad_position=0, weights=None, has_aux=False, return_ids=False, sens_param=False, *, through_updates=False
):
    """A function that gives the value of ``fn`` and its gradient.

    Of a Tensor-valued function, or one of several outputs, the sum of all elements is differentiated.  An argument is a
    Tensor, or a tuple, list, dict or dataclass with some in it; the gradient then has the same form.  The gradient of
    integers is computed in integers, as MindSpore does.  An argument without Tensors has none, and is left out.

    Args:
        fn: function or Cell of Tensors.
        grad_position: int or tuple of ints, which arguments, those by name after the others; None for none.  Default: 0.
        weights: Parameter, or a list or ParameterTuple of them.  Default: None.
        has_aux: bool, whether ``fn`` returns (value, other results...), of which the others are passed on.  Default:
            False.
        return_ids: bool, whether gradients come as pairs with their position or Parameter name (see ``get_grad``).
            Default: False.
        sens_param: bool, whether the last argument of the call, or its keyword ``sens``, multiplies the gradient.
            Default: False.
        through_updates: bool, whether gradients flow through what ``fn`` assigns to Parameters, as a gradient with
            respect to a learning rate needs; else a Parameter is a leaf also after an assignment, as in MindSpore.
            Default: False.

    Returns:
        function with the arguments of ``fn`` that gives ``(value, gradient)``: the gradient of one position is a Tensor
        of its shape and dtype, of several a tuple; for weights a tuple (of one Parameter: a Tensor); for both a pair.

    Raises:
        ValueError: neither positions nor weights; ``has_aux`` with one output.
        TypeError: an argument of the wrong type.
        RuntimeError: no position at all; a position that the call has no argument for (IndexError in GRAPH mode).

    >>> from minispore import Tensor, value_and_grad
    >>> f = value_and_grad(lambda x: (x * x).sum())
    >>> value, g = f(Tensor([1.0, 3.0]))
    >>> print(value, g)
    10.0 [2. 6.]
    """
    flags = {"has_aux": has_aux, "return_ids": return_ids, "sens_param": sens_param, "through_updates": through_updates}
    return _gradient("value_and_grad", fn, grad_position, weights, flags, with_value=True)


def grad(
    fn, grad_position=0, weights=None, has_aux=False, return_ids=False, sens_param=False, *, through_updates=False
):
    """A function that gives the gradient of ``fn``; with ``has_aux`` also its other results.

    Of a Tensor-valued function, or one of several outputs, the sum of all elements is differentiated.

    Args:
        fn: function or Cell of Tensors.
        grad_position: int or tuple of ints, which arguments, those by name after the others; None for none.  Default: 0.
        weights: Parameter, or a list or ParameterTuple of them.  Default: None.
        has_aux: bool, whether ``fn`` returns (value, other results...), of which the others are passed on.  Default:
            False.
        return_ids: bool, whether gradients come as pairs with their position or Parameter name (see ``get_grad``).
            Default: False.
        sens_param: bool, whether the last argument of the call, or its keyword ``sens``, multiplies the gradient.
            Default: False.
        through_updates: bool, whether gradients flow through what ``fn`` assigns to Parameters, as a gradient with
            respect to a learning rate needs; else a Parameter is a leaf also after an assignment, as in MindSpore.
            Default: False.

    Returns:
        function with the arguments of ``fn`` that gives the gradient, in the form that ``value_and_grad`` gives it, or
        with ``has_aux`` ``(gradient, others)``.

    Raises:
        ValueError: neither positions nor weights; ``has_aux`` with one output.
        TypeError: an argument of the wrong type.
        RuntimeError: no position at all; a position that the call has no argument for (IndexError in GRAPH mode).

    >>> from minispore import Tensor, grad, ops
    >>> print(grad(ops.sin)(Tensor([0.0])))
    [1.]
    """
    flags = {"has_aux": has_aux, "return_ids": return_ids, "sens_param": sens_param, "through_updates": through_updates}
    return _gradient("grad", fn, grad_position, weights, flags, with_value=False)


def get_grad(gradients, identifier):
    """The gradient of a position or Parameter from a result with ``return_ids=True``.

    Args:
        gradients: what the gradient function returned.
        identifier: int, the position, or Parameter.

    Returns:
        Tensor.

    Raises:
        RuntimeError: it is not among them.
        TypeError: ``identifier`` is neither an int nor a Parameter.

    >>> from minispore import Tensor, grad, ops
    >>> gradients = grad(ops.mul, (0, 1), return_ids=True)(Tensor(2.0), Tensor(3.0))
    >>> print(ops.get_grad(gradients, 1))
    2.0
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


def _gradient(name, fn, grad_position, weights, flags: dict, with_value: bool):
    """The function that ``grad`` and ``value_and_grad`` return."""
    check_function(name, fn)
    if grad_position is None and weights is None:
        raise fail(ValueError, f"For '{name}', 'grad_position' and 'weights' cannot both be None.")
    if grad_position is not None:
        check_positions(name, grad_position)
    check_flags(name, **flags)
    has_aux, return_ids, sens, through_updates = flags.values()
    plan = GradientPlan(
        fn, grad_position, weights, has_aux, return_ids, sens, with_value, through_updates=through_updates
    )
    return plan.function()


class GradOperation:
    """Makes gradient functions: ``GradOperation(get_all=True)(net)(x, y)``.  ``grad`` is the newer form.

    Args:
        get_all: bool, gradients of all arguments that are Tensors, also of those by name, as a tuple; else of the
            first argument.  Default: False.
        get_by_list: bool, gradients of the Parameters given as second argument.  Without one they are those of all
            trainable ones of a Cell in PYNATIVE mode, or of those that a function reads, and () in GRAPH mode, as in
            MindSpore.  Default: False.
        sens_param: bool, whether the last argument of the call multiplies the gradient.  Default: False.

    Raises:
        TypeError: an argument is not a bool.

    >>> from minispore import Tensor, ops
    >>> gx, gy = ops.GradOperation(get_all=True)(ops.mul)(Tensor([2.0]), Tensor([3.0]))
    >>> print(gx, gy)
    [3.] [2.]
    """

    def __init__(self, get_all=False, get_by_list=False, sens_param=False):
        check_flags("GradOperation", get_all=get_all, get_by_list=get_by_list, sens_param=sens_param)
        self.get_all, self.get_by_list, self.sens_param = get_all, get_by_list, sens_param
        self._cache: list[tuple] = []  # (fn, weights, gradient function)

    def __call__(self, fn, weights=None):
        weights = as_stored(weights)
        for cached_fn, cached_weights, function in self._cache:
            if cached_fn is fn and cached_weights is weights:
                return function
        given = weights
        if self.get_by_list and weights is None:
            weights = (
                fn.trainable_params() if isinstance(fn, CellBase) and not context.is_graph_mode() else ()
            )  # as there
        by_list = weights if self.get_by_list else None
        positions = None if self.get_by_list and not self.get_all else 0
        plan = GradientPlan(fn, positions, by_list, False, False, self.sens_param, False, get_all=self.get_all)
        plan.finds_weights = self.get_by_list and given is None and not isinstance(fn, CellBase)
        function = plan.function()
        self._cache.append((fn, weights, function))
        return function


publish(GradOperation, grad, value_and_grad, get_grad)
