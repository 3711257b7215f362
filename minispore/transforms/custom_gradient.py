"""Custom gradients: ``bprop`` of a Cell, and hooks on the backward pass.

Both record an identity node whose gradient is a Python function.  The backward pass calls it: in GRAPH mode while the graph is
traced, so that what the function computes becomes part of the graph.
"""

from .. import ops
from ..autodiff import backward
from ..core import context, tree
from ..core.errors import fail
from ..core.op import apply, value_of
from ..core.record import STATE
from ..core.tensor import Tensor
from ..flow import runnable
from ..flow.batching import over_examples
from ..ops.batch import all_full
from ..ops.custom_gradient import custom_gradient_op, with_gradient
from ..ops.methods import method


def _batch(op, size, tensors, batched, attrs):
    """The gradient function is written for one example, so it is itself mapped over the batch."""
    gradient = attrs["gradient"]

    def gradient_of_all(needs, grads, inputs):
        present = [k for k, g in enumerate(grads) if g is not None]

        def of_one(*given):
            seeds: list = [None] * len(grads)
            for k, g in zip(present, given):
                seeds[k] = g
            return gradient(needs, seeds, list(given[len(present) :]))

        return over_examples(of_one, [*[grads[k] for k in present], *inputs], size)

    return apply(op, all_full(size, tensors, batched), {**attrs, "gradient": gradient_of_all})


custom_gradient_op.batch = _batch


def call_with_bprop(cell, args):
    """``cell.construct(*args)`` with the gradient that ``cell.bprop(*args, out, dout)`` returns.

    After the gradients of the inputs come those of the Parameters in ``cell.internal_params``, where the cell has that list;
    other Parameters get none.

    Args:
        cell: Cell with a method ``bprop``.
        args: tuple of inputs.

    Returns:
        what ``construct`` returns.

    Raises:
        ValueError: ``bprop`` gives too few gradients, with the setting ``check_bprop`` too many, or one of another form or shape (in the backward pass); in PYNATIVE mode
            a RuntimeError without the setting ``check_bprop``, as in MindSpore.
        TypeError: with that setting, one that is no Tensor or of another type; in GRAPH mode, no tuple.
    """
    args = _with_defaults(cell.construct, args)
    result = runnable(cell.construct)(*args)
    n = len(tree.tensors(result))
    weights = list(getattr(cell, "internal_params", ()))

    def gradient(needs, grads, inputs):
        dout = tree.with_tensors(result, [ops.zeros_like(x) if g is None else g for g, x in zip(grads, inputs)])
        given = runnable(cell.bprop)(*tree.with_tensors(args, inputs[n:]), tree.with_tensors(result, inputs[:n]), dout)
        return [None] * n + _flat(type(cell).__name__, args, weights, given)

    return with_gradient(result, [*tree.tensors(args), *weights], gradient)


def _with_defaults(construct, args) -> tuple:
    """``args`` with the defaults of those that were not given: ``bprop`` takes all."""
    defaults = getattr(construct, "__defaults__", None) or ()
    missing = construct.__code__.co_argcount - 1 - len(args) if defaults else 0
    return (*args, *defaults[len(defaults) - missing :]) if 0 < missing <= len(defaults) else tuple(args)


def _flat(name, args, weights, given) -> list:
    """One gradient, or None, for each Tensor among ``args`` and each of the ``weights``.

    One that has more axes, or more elements along one, is summed.
    """
    if context.is_graph_mode() and not isinstance(given, (tuple, list)):
        raise fail(
            TypeError,
            f"For bprop function, output should be a tuple, but that of '{name}' is a {type(given).__name__}: write (dx,).",
        )
    given = list(given) if isinstance(given, (tuple, list)) else [given]
    if weights and len(given) == len(args) + 1 and isinstance(given[-1], (tuple, list)):
        given[-1:] = given[-1]
    wanted = [*args, *weights]
    strict = context.get_context("check_bprop")
    if len(given) < len(wanted) or (strict and len(given) > len(wanted)):
        of_weights = f" and {len(weights)} internal_params" if weights else ""
        error: type[Exception] = RuntimeError
        if strict:
            error = ValueError if context.is_graph_mode() else TypeError
        raise fail(
            error,
            f"For '{name}', bprop must return a gradient for each of the {len(args)} inputs{of_weights}, but it "
            f"returned {len(given)}.",
        )
    found = []
    for k, (arg, grads) in enumerate(zip(wanted, given)):
        inputs, grads = tree.leaves(arg), tree.leaves(grads)
        if len(inputs) != len(grads):
            raise fail(
                ValueError,
                f"For '{name}', bprop must return a gradient in the form of input {k}, which has {len(inputs)} "
                f"parts, but got {len(grads)}.",
            )
        for x, g in zip(inputs, grads):
            if isinstance(x, Tensor):
                if strict and (not isinstance(g, Tensor) or g.dtype is not x.dtype):
                    given_type = g.dtype if isinstance(g, Tensor) else type(g).__name__
                    raise fail(
                        TypeError,
                        f"For '{name}', bprop must return a Tensor of {x.dtype} for input {k}, but got {given_type}.",
                    )
                if isinstance(g, (int, float)) and g != 0 and x.shape:
                    raise fail(
                        ValueError if context.is_graph_mode() else RuntimeError,
                        f"For '{name}', bprop must return a gradient of shape {x.shape} for input {k}, but got the "
                        f"number {g}.",
                    )
                if isinstance(g, Tensor) and g.shape != x.shape and not broadcasts(x.shape, g.shape):
                    raise fail(
                        ValueError if strict or context.is_graph_mode() else RuntimeError,
                        f"For '{name}', bprop must return a gradient of shape {x.shape} for input {k}, but got "
                        f"{g.shape}.",
                    )
                found.append(g if isinstance(g, Tensor) else None)
    return found


def broadcasts(shape, wanted) -> bool:
    """Whether ``shape`` broadcasts to ``wanted``.

    Args:
        shape: tuple of ints.
        wanted: tuple of ints.

    Returns:
        bool.
    """
    return len(shape) <= len(wanted) and all(a in (1, b) for a, b in zip(shape[::-1], wanted[::-1]))


def _of_inputs(entered, result, grads) -> list:
    """The gradients of inputs that nothing else needs, for hooks: in compiled code as in MindSpore, where a graph has them for
    nothing if no hook reads them; op by op Nones."""
    recorder = STATE.recorder
    if recorder is None or not recorder.symbolic:
        return [None] * len(entered)
    given = [(value_of(recorder, t), g) for t, g in zip(tree.tensors(result), grads) if g is not None]
    return backward(recorder, [v for v, _ in given], [g for _, g in given], [value_of(recorder, t) for t in entered])


def call_with_backward_hooks(cell, hooks, args, kwargs):
    """``cell.construct(*args, **kwargs)`` with hooks on its backward pass.

    The "backward_pre" hooks are called as ``hook(cell, grad_output)``, before it, and the "backward" hooks as
    ``hook(cell, grad_input, grad_output)``, after it.  What a hook returns, unless None, takes the place of its first
    gradient; where no input needs one ``grad_input`` is Nones op by op.

    Args:
        cell: Cell.
        hooks: dict of the hooks by kind.
        args: tuple of inputs.
        kwargs: dict of inputs by name.

    Returns:
        what ``construct`` returns.

    Raises:
        TypeError: a hook returns more or fewer gradients than it was given, or something else (in the backward pass).
    """
    grad_output: list = []

    def run_hooks(grads):
        for hook in list(hooks["backward"].values()):
            grads = changed(hook(cell, tuple(grads), tuple(grad_output)), grads)
        return list(grads)

    def changed(by_hook, grads):
        if by_hook is None:
            return grads
        by_hook = by_hook if isinstance(by_hook, (tuple, list)) else (by_hook,)
        if len(by_hook) != len(grads):
            raise fail(
                TypeError,
                f"For '{type(cell).__name__}', a backward hook must return {len(grads)} gradients, but it returned {len(by_hook)}.",
            )
        for g in by_hook:
            if g is not None and not isinstance(g, Tensor):
                raise fail(
                    TypeError,
                    f"For '{type(cell).__name__}', a backward hook must return Tensors, but it returned {type(g).__name__}.",
                )
        return by_hook

    args, kwargs = with_gradient((args, kwargs), [], lambda needs, grads, inputs: run_hooks(grads))
    entered = tree.tensors((args, kwargs))
    result = cell._constructed(args, kwargs)

    def leave(needs, grads, inputs):
        for hook in list(hooks["backward_pre"].values()):
            grads = list(changed(hook(cell, tuple(grads)), grads))
        grad_output[:] = grads
        if not any(needs[len(grads) :]):
            run_hooks(_of_inputs(entered, result, grads))
        return [*grads, *[None] * len(entered)]

    return with_gradient(result, entered, leave)


class TensorHook:
    """What ``register_hook`` of a Tensor or Parameter returns; ``remove()`` takes the hook away.

    Args:
        tensor: Tensor whose gradient passes through.
        function: function of the gradient, which may return another.

    Raises:
        TypeError: ``function`` cannot be called.

    >>> from minispore import Tensor, grad
    >>> x = Tensor([1.0])
    >>> hook = x.register_hook(lambda g: g * 10)
    >>> print(grad(lambda x: x * x)(x))
    [20.]
    >>> hook.remove()
    >>> print(grad(lambda x: x * x)(x))
    [2.]
    """

    in_use = 0  # hooks registered so far on Parameters and inputs: while there are none, the search for them is skipped

    def __init__(self, tensor: Tensor, function):
        if not callable(function):
            raise fail(TypeError, f"For 'register_hook', 'hook' must be a function, but got {type(function).__name__}.")
        self.function, self.active = function, True
        if STATE.recorder is not None and not tensor.is_parameter:
            self._add_to_value(tensor)
            return
        TensorHook.in_use += 1
        tensor.__dict__.setdefault("_gradient_hooks", []).append(self)

    def _add_to_value(self, tensor: Tensor) -> None:
        """Has the hook run for what was computed, after those that were registered before it."""
        value, hooks = tensor.__dict__.get("_hooks_of_value", (None, []))
        if value is not None and value is tensor._value:
            hooks.append(self)
            return
        hooks = [self]
        tensor._take(with_gradient(tensor, [], lambda needs, grads, inputs: [_through(hooks, grads[0])]))
        tensor.__dict__["_hooks_of_value"] = tensor._value, hooks

    def __call__(self, gradient):
        given = self.function(gradient) if self.active else None
        if given is not None and not isinstance(given, Tensor):
            raise fail(
                RuntimeError, f"A hook of 'register_hook' must return a Tensor or None, but got {type(given).__name__}."
            )
        return gradient if given is None else given

    def remove(self) -> None:
        """Takes the hook away."""
        self.active = False


def has_hooks(tensors) -> bool:
    """Whether the gradient of one of some Tensors passes through a hook.

    Args:
        tensors: an iterable of Tensors.

    Returns:
        bool.
    """
    return TensorHook.in_use > 0 and any(h.active for t in tensors for h in t.__dict__.get("_gradient_hooks", ()))


def through_hooks(tensor: Tensor, gradient: Tensor) -> Tensor:
    """A gradient after all hooks of its Tensor.

    Args:
        tensor: Tensor.
        gradient: Tensor, its gradient.

    Returns:
        Tensor.
    """
    return _through(tensor.__dict__.get("_gradient_hooks", ()), gradient)


def _through(hooks, gradient: Tensor) -> Tensor:
    for hook in hooks:
        gradient = hook(gradient)
    return gradient


@method("register_hook")
def _register_hook(self, hook):
    """Calls ``hook(gradient)`` in the backward pass; a result other than None replaces the gradient.

    For a Tensor that the differentiated function computes, the hook sees the gradient of the uses after this call; for a
    Parameter or an input, the gradient that ``grad`` returns.

    Args:
        hook: function of the gradient; it returns another one, or None to leave it.

    Returns:
        TensorHook, whose method ``remove()`` takes the hook away.

    Raises:
        TypeError: ``hook`` cannot be called.

    >>> from minispore import Tensor, grad
    >>> x = Tensor([1.0])
    >>> hook = x.register_hook(lambda g: g * 10)
    >>> print(grad(lambda x: x * x)(x))
    [20.]
    """
    return TensorHook(self, hook)
