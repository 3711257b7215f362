"""Jacobians: the vjp or jvp, mapped over the standard basis of the outputs or inputs."""

import math

from .. import ops
from ..autodiff import backward, recording
from ..core import tree
from ..core.op import value_of
from ..core.tensor import Tensor
from ..flow import runnable
from ..flow.batching import over_examples
from .differentiated import alone, check_flags, check_function, check_positions, leaves_at, split_aux
from .forward import Transposed
from .jit import transformed


def jacrev(fn, grad_position=0, has_aux=False):
    """A function that gives the Jacobian of ``fn`` by reverse derivatives, one for each element of the outputs.

    Fit for few outputs of many inputs; otherwise ``jacfwd``.

    Args:
        fn: function or Cell; it returns Tensors in any structure of tuples, lists and dicts.
        grad_position: int or tuple of ints, which positional arguments.  Default: 0.
        has_aux: bool, whether ``fn`` returns (value, other results...), of which the others are passed on.  Default:
            False.

    Returns:
        function with the arguments of ``fn``.  It gives, in the place of each output, a Tensor of shape
        ``output.shape + input.shape``; for a tuple of positions, or an argument with several Tensors, a tuple of them
        or that structure.  With ``has_aux`` the pair (Jacobian, others).

    Raises:
        TypeError: an argument of the wrong type; the Jacobian with respect to integers.
        ValueError: ``has_aux`` with one output.

    >>> from minispore import Tensor, ops
    >>> f = lambda x: ops.stack([x[0] * x[1], x[1] * 3.0])
    >>> print(ops.jacrev(f)(Tensor([2.0, 5.0])))
    [[5. 2.]
     [0. 3.]]
    """
    return _jacobian("jacrev", fn, grad_position, has_aux, _rows)


def jacfwd(fn, grad_position=0, has_aux=False):
    """A function that gives the Jacobian of ``fn`` by forward derivatives, one for each element of the inputs.

    Fit for many outputs of few inputs; otherwise ``jacrev``.

    Args:
        fn: function or Cell; it returns Tensors in any structure of tuples, lists and dicts.
        grad_position: int or tuple of ints, which positional arguments.  Default: 0.
        has_aux: bool, whether ``fn`` returns (value, other results...), of which the others are passed on.  Default:
            False.

    Returns:
        function with the arguments of ``fn``, whose result is that of ``jacrev``.

    Raises:
        TypeError: an argument of the wrong type; the Jacobian with respect to integers.
        ValueError: ``has_aux`` with one output.

    >>> from minispore import Tensor, ops
    >>> hessian = ops.jacfwd(ops.jacrev(lambda x: (x**3).sum()))
    >>> print(hessian(Tensor([1.0, 2.0])))
    [[ 6.  0.]
     [ 0. 12.]]
    """
    return _jacobian("jacfwd", fn, grad_position, has_aux, _columns)


def _jacobian(name, fn, positions, has_aux, blocks):
    check_function(name, fn)
    check_flags(name, has_aux=has_aux)
    check_positions(name, positions)
    wanted = positions if isinstance(positions, tuple) else (positions,)

    def run(*given, **kwargs):
        scope = recording()
        try:
            with scope as recorder:
                made, aux = recorded(recorder, list(given), kwargs)
        finally:  # an interrupt may have come before the end of the block
            if scope.is_open:
                scope.end(failed=True)
        return (made, alone(aux)) if has_aux else made

    def recorded(recorder, args, kwargs):
        wrt = leaves_at(recorder, args, wanted, name)
        result = runnable(fn)(*args, **kwargs)
        value, aux = split_aux(result) if has_aux else (result, ())
        found = iter(blocks(recorder, tree.tensors(value), wrt))

        def of_output(x):
            if not isinstance(x, Tensor):
                return x
            parts = iter(next(found))
            by_position = tuple([tree.map_leaves(lambda t: next(parts), args[p]) for p in wanted])
            return by_position if isinstance(positions, tuple) else by_position[0]

        return tree.map_leaves(of_output, value), aux

    return transformed(fn, run, name, (name, positions, has_aux))


def _rows(recorder, outputs, wrt):
    """[[d output / d leaf for each leaf] for each output] by reverse mode, a vjp for each element of the output."""
    for out in outputs:
        value = value_of(recorder, out)
        grads = over_examples(lambda seed: backward(recorder, [value], [seed], wrt), [_basis(out)], out.size)
        yield [
            ops.zeros((*out.shape, *x.shape), x.dtype) if g is None else ops.reshape(g, (*out.shape, *x.shape))
            for g, x in zip(grads, wrt)
        ]


def _columns(recorder, outputs, wrt):
    """The same by forward mode, a jvp for each element of a leaf."""
    push = Transposed(recorder, outputs, wrt)
    by_leaf = []
    for k, x in enumerate(wrt):
        changes = over_examples(lambda v: push([v if j == k else None for j in range(len(wrt))]), [_basis(x)], x.size)
        by_leaf.append([_last_to_front(c, x.shape, out.shape) for c, out in zip(changes, outputs)])
    return [[made[k] for made in by_leaf] for k in range(len(outputs))]


def _last_to_front(changes, before, after):
    """(elements of ``before``, *after) -> (*after, *before)"""
    m, n = math.prod(before), math.prod(after)
    return ops.reshape(ops.transpose(ops.reshape(changes, (m, n)), (1, 0)), (*after, *before))


def _basis(x):
    """(n, *shape): the standard basis for a Tensor or Value of n elements."""
    return ops.reshape(ops.eye(x.size, dtype=x.dtype), (x.size, *x.shape))
