"""Gradients by hand for functions: ``_Function`` with a saved context, ``custom_vjp``, and ``_no_grad``."""

import inspect
from contextlib import ContextDecorator

from .. import ops
from ..core import tree
from ..core.errors import fail
from ..core.record import STATE
from ..core.tensor import Tensor
from ..flow import runnable
from ..ops.custom_gradient import with_gradient
from .custom_gradient import call_with_bprop


class _Function:
    """The base of functions with a gradient of their own; subclasses write ``forward`` and ``backward``.

    An object of the class is the context ``ctx``: attributes that ``forward`` sets on it are there in ``backward``.  It is
    called as ``MyFunction.apply(...)``.

    >>> from minispore import Tensor, grad
    >>> class Square(_Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x * x
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         (x,) = ctx.saved_tensors
    ...         return g * x * 2.0
    >>> print(grad(Square.apply)(Tensor([3.0])))
    [6.]
    """

    saved_tensors: tuple = ()
    non_differentiable: tuple = ()
    materialize_grads = True
    needs_input_grad: tuple = ()

    @staticmethod
    def forward(ctx, *args, **kwargs):
        """The value; without ``ctx`` where the class has ``setup_context``.

        Args:
            ctx: the context.
            *args: the arguments of ``apply``.
            **kwargs: those by name.

        Returns:
            Tensor, or a tuple of them.

        Raises:
            NotImplementedError: a subclass did not write it.
        """
        raise NotImplementedError("For '_Function', a subclass has to write 'forward'.")

    @staticmethod
    def backward(ctx, *grad_outputs):
        """The gradients of the arguments.

        Args:
            ctx: the context.
            *grad_outputs: Tensor for each output.

        Returns:
            Tensor, or None, for each argument; a tuple where there are several.

        Raises:
            NotImplementedError: a subclass did not write it.
        """
        raise NotImplementedError("For '_Function', a subclass has to write 'backward'.")

    @staticmethod
    def setup_context(ctx, inputs, output) -> None:
        """Saves what ``backward`` needs, for a ``forward`` without ``ctx``.

        Args:
            ctx: the context.
            inputs: tuple of the arguments.
            output: what ``forward`` returned.
        """

    def save_for_backward(self, *tensors) -> None:
        """Keeps Tensors for ``backward``, as ``ctx.saved_tensors``.

        Args:
            *tensors: Tensors.
        """
        self.saved_tensors = tensors

    def mark_dirty(self, *args) -> None:
        """Accepted: says which inputs ``forward`` changed in place.

        Args:
            *args: Tensors.
        """

    def mark_non_differentiable(self, *args) -> None:
        """Outputs through which no gradient passes.

        Args:
            *args: Tensors.
        """
        self.non_differentiable = args

    def set_materialize_grads(self, value: bool) -> None:
        """Whether the gradient of an output that nothing used is zeros, else None.

        Args:
            value: bool.
        """
        self.materialize_grads = value

    @classmethod
    def apply(cls, *args, **kwargs):
        """Calls the function.

        Args:
            *args: Tensors and others.
            **kwargs: the same by name.

        Returns:
            what ``forward`` returns.

        Raises:
            ValueError: ``backward`` gives too few gradients (in the backward pass).
        """
        ctx = cls()
        if cls.setup_context is not _Function.setup_context:
            bound = inspect.signature(cls.forward).bind(*args, **kwargs)
            bound.apply_defaults()
            args, kwargs = bound.args, bound.kwargs
            result = runnable(cls.forward)(*args, **kwargs)
            cls.setup_context(ctx, args, result)
        else:
            result = runnable(cls.forward)(ctx, *args, **kwargs)
        if STATE.recorder is None:
            return result
        ctx.needs_input_grad = tuple([isinstance(x, Tensor) for x in args])
        skip = {k for k, t in enumerate(tree.tensors(result)) if any(t is x for x in ctx.non_differentiable)}
        kept = vars(ctx)
        n, inputs = len(tree.tensors(result)), [x for x in args if isinstance(x, Tensor)]

        def gradient(needs, grads, read):
            restored = cls()
            vars(restored).update(tree.with_tensors(kept, read[n + len(inputs) :]))
            if ctx.materialize_grads:
                grads = [ops.zeros_like(x) if g is None else g for g, x in zip(grads, read)]
            given = cls.backward(restored, *grads)
            given = list(given) if isinstance(given, (tuple, list)) else [given]
            if len(given) < len(args):
                raise fail(
                    ValueError,
                    f"For '{cls.__name__}', 'backward' must return a gradient, or None, for each of the {len(args)} "
                    f"arguments, but it returned {len(given)}.",
                )
            of_inputs = [g for g, x in zip(given, args) if isinstance(x, Tensor)]
            return [None] * n + of_inputs + [None] * (len(read) - n - len(inputs))

        made = with_gradient(result, [*inputs, *tree.tensors(kept)], gradient)
        outputs = [ops.stop_gradient(t) if k in skip else t for k, t in enumerate(tree.tensors(made))]
        return tree.with_tensors(made, outputs)


class custom_vjp:
    """A function whose gradient is another one, given by ``defbwd``: ``bwd(*inputs, out, dout)``, as ``Cell.bprop``.

    Args:
        fn: function of Tensors; None for a decorator.  Default: None.

    >>> from minispore import Tensor, grad
    >>> @custom_vjp
    ... def double(x):
    ...     return x * 2.0
    >>> double.defbwd(lambda x, out, dout: (dout * 10.0,))
    >>> print(grad(double)(Tensor([3.0])))
    [10.]
    """

    def __new__(cls, fn=None):
        return cls if fn is None else super().__new__(cls)

    def __init__(self, fn=None):
        self.construct, self.bprop = fn, None
        self.__name__ = getattr(fn, "__name__", "custom_vjp")

    def defbwd(self, bwd) -> None:
        """Sets the gradient.

        Args:
            bwd: function of the inputs, the output and the gradient of the output, which returns a tuple with the
                gradient of each input.
        """
        self.bprop = bwd

    def __call__(self, *args):
        if STATE.recorder is None or self.bprop is None:
            return runnable(self.construct)(*args)
        return call_with_bprop(self, args)


class _no_grad(ContextDecorator):
    """Within it, or in a function that it decorates, results are constants of the gradient, as by ``stop_gradient``.

    >>> from minispore import Tensor, grad
    >>> def f(x):
    ...     with _no_grad():
    ...         y = x * x
    ...     return y * x
    >>> print(grad(f)(Tensor([3.0])))
    [9.]
    """

    def __enter__(self) -> None:
        self._before: list[bool] = [*getattr(self, "_before", ()), STATE.no_grad]
        STATE.no_grad = True

    def __exit__(self, kind, value, traceback) -> None:
        STATE.no_grad = self._before.pop()
