"""``vjp``: the vector-Jacobian product, reverse-mode differentiation as a function."""

from ..autodiff import backward
from ..core import context, tree
from ..core.cache import cached
from ..core.errors import fail
from ..core.in_type import as_stored
from ..core.op import value_of
from ..core.parameter import Parameter
from ..core.record import STATE
from ..core.tensor import Tensor
from ..flow import runnable
from ..ops import zeros
from .differentiated import alone, check_flags, check_function, leaves_of, split_aux, through_integers
from .held import Held, Repeated


def vjp(fn, *inputs, weights=None, has_aux=False):
    """The value of ``fn`` at ``inputs`` and a function that multiplies a vector by the Jacobian.

    Args:
        fn: function or Cell of Tensors; it returns Tensors in any structure of tuples, lists and dicts.
        *inputs: its arguments: Tensors, or structures of them.  The gradient of integers is computed in integers.
        weights: Parameter, or a list or ParameterTuple of them, whose gradients are wanted, too.  Default: None.
        has_aux: bool, whether ``fn`` returns (value, other results...), of which the others are passed on.  Default:
            False.

    Returns:
        ``(value, pull)``; with ``has_aux`` ``(value, pull, others)``.  ``pull(v)``, or ``pull(v1, v2, ...)`` for
        several outputs, gives a tuple with one gradient for each input; with ``weights`` the pair of that tuple and the
        gradients of the weights.  ``v`` has the shapes and types of the value.  It may be called any number of times;
        until the last time, Parameters should not be changed from outside.

    Raises:
        TypeError: an input or vector is not a Tensor, ``has_aux`` is not a bool.
        ValueError: a vector has the wrong shape; ``has_aux`` with one output.

    >>> from minispore import Tensor, ops
    >>> value, pull = ops.vjp(lambda x, y: x * y, Tensor([1.0, 2.0]), Tensor([3.0, 4.0]))
    >>> gx, gy = pull(Tensor([1.0, 10.0]))
    >>> print(value, gx, gy)
    [3. 8.] [ 3. 40.] [ 1. 20.]
    """
    check_function("vjp", fn)
    check_flags("vjp", has_aux=has_aux)
    weights = as_stored(weights)
    single = isinstance(weights, Parameter)
    listed = [weights] if single else [] if weights is None else list(weights)
    for k, x in enumerate(inputs):
        items = tree.leaves(x)
        if not items or not all(isinstance(t, Tensor) for t in items):
            raise fail(TypeError, f"For 'vjp', the input {k} must be a Tensor, but got {type(x).__name__}.")

    def start(held, args):
        """(value, others, pull) recorded in ``held``."""
        return held.run(recorded, held, args)

    def recorded(held, args):
        recorder = held.recorder
        leaves = tuple([leaves_of(recorder, a, "vjp", f"the input {k}", integers=True) for k, a in enumerate(args)])
        wrt = [value_of(recorder, t) for t in [*tree.tensors(leaves), *listed]]
        with through_integers(recorder, wrt):
            result = runnable(fn)(*leaves)
        value, aux = split_aux(result) if has_aux else (result, ())
        outputs = [value_of(recorder, t) for t in tree.tensors(value)]

        def pull(seeds):
            return held.run(pulled, seeds)

        def pulled(seeds):
            with through_integers(recorder, wrt):
                found = backward(recorder, outputs, seeds, wrt)
            made = iter([zeros(x.shape, x.dtype) if g is None else g for g, x in zip(found, wrt)])
            by_input = tree.map_leaves(lambda x: next(made), leaves)
            by_weight = tuple(made)
            if weights is None:
                return by_input
            return by_input, by_weight[0] if single else by_weight

        return value, alone(aux), pull

    def forward(args):
        value, aux, _ = start(Held(), args)
        return value, aux

    def gradient(args, seeds):
        return start(Held(), args)[2](seeds)

    if STATE.recorder is None and context.is_graph_mode():
        key = ("vjp", has_aux, single, None if weights is None else tuple(map(id, listed)))
        compiled = cached(fn, key, lambda: Repeated("vjp", forward, gradient))
        (value, aux), state = compiled.first(inputs)

        def pull(seeds):
            return compiled.again(state, inputs, seeds)
    else:
        value, aux, pull = start(Held(), inputs)

    def vjp_fn(*v):
        return pull(_seeds(v, tree.tensors(value)))

    return (value, vjp_fn, aux) if has_aux else (value, vjp_fn)


def _seeds(v, outputs) -> list[Tensor]:
    """The vectors for the outputs, checked."""
    given = tree.leaves(v)
    if not all(isinstance(t, Tensor) for t in given):
        bad = next(t for t in given if not isinstance(t, Tensor))
        raise fail(TypeError, f"For 'vjp', the vectors must be Tensors, but got {type(bad).__name__}.")
    if len(given) != len(outputs):
        raise fail(
            ValueError, f"For 'vjp', one vector for each of the {len(outputs)} outputs is needed, but got {len(given)}."
        )
    for t, out in zip(given, outputs):
        if t.shape != out.shape:
            raise fail(
                ValueError, f"For 'vjp', a vector must have the shape of its output, {out.shape}, but got {t.shape}."
            )
        if t.dtype is not out.dtype:
            raise fail(
                TypeError, f"For 'vjp', a vector must have the type of its output, {out.dtype}, but got {t.dtype}."
            )
    return given
