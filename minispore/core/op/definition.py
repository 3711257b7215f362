"""What an op is: its name, value, type rule, gradient and samples; the registry of all ops."""

import math
from functools import cached_property
from typing import Any

from ..record import Node

REGISTRY: dict[str, "Op"] = {}


class Op:
    """The definition of an operation.  Functions of ``ops`` apply it; nodes of a graph refer to it.

    Subclasses write ``infer`` and ``evaluate``.

    Args:
        name: str, unique.
        vjp: the gradient, written with ops: a tuple with a function ``(g, out, *inputs, **attrs)`` (or None) for each
            input, or one function ``(needs, grads, outs, inputs, **attrs)`` that returns the gradients of all inputs.
            Default: None, no gradient.
        samples: sequence of tuples of ``Sample`` (and a dict of attributes), inputs on which the generated tests check
            the op.  Default: ().
        smooth: bool, whether finite differences agree with the gradient at the samples.  Default: True.
        doc: str, its docstring.  Default: "".
        batch: the rule of ``vmap``, see ``ops/batch.py``.  Default: None.
        vjp_is_fixed: bool, whether the gradient is the same computation for all inputs of the same types and attributes,
            so that it is traced once; else it may run a user's Python, each time.  Default: True.
        holomorphic: bool, whether the gradient rule is that of a function of complex numbers, whose derivative the backward
            pass conjugates; else the rule gives the gradient for complex inputs itself.  Default: True.
        takes_complex: bool, whether inputs of a library op may be complex numbers.  Default: False.

    Raises:
        ValueError: an op has this name already.

    >>> from minispore.core.op import Op, op_named
    >>> isinstance(op_named("exp"), Op)
    True
    """

    kind = "library"
    may_raise = False  # its kernel checks indices at run time
    random = False
    in_place = False  # its output may use the memory of its first input
    ordered = False  # other processes take part: no pass drops, merges or duplicates it, or moves it past another
    takes_complex = False
    partly_defined = False  # whether compiled results have places with whatever was in memory, which nobody reads
    holomorphic = True  # else its gradient rule is not that of a function of complex numbers, see autodiff._vjp
    takes_mask = False  # its batch rule has a further argument: which examples take part (see ops/batch.py)
    vjp_traces = False  # its gradient traces functions, which needs a recording around them
    compiled_from: float = math.inf  # elements of an input from which on PYNATIVE mode runs its compiled kernel

    def __init__(self, name: str, vjp=None, samples=(), smooth=True, doc: str = "", batch=None, vjp_is_fixed=True,
                 holomorphic=True, takes_complex=False):  # fmt: skip
        if name in REGISTRY:
            raise ValueError(f"an op named {name!r} is defined already")
        self.name, self.vjp, self.samples, self.smooth = name, vjp, samples, smooth
        self.batch, self.vjp_is_fixed = batch, vjp_is_fixed
        if takes_complex:
            self.takes_complex = True
        if not holomorphic:
            self.holomorphic = False
        self.__doc__ = doc
        self.__name__ = name
        REGISTRY[name] = self

    @property
    def joins_a_tape(self) -> bool:
        """Whether its gradient is known before it is computed, so that the backward pass of a recording can be one call."""
        return self.vjp_is_fixed and not self.vjp_traces

    @cached_property
    def may_be_dropped(self) -> bool:
        """Whether, whatever the attributes, a node whose results nobody reads may go: it can neither fail nor is it ordered."""
        kind = type(self)
        asks = kind.is_ordered is not Op.is_ordered or kind.raises is not Op.raises
        return not (asks or self.ordered or self.may_raise)

    def __repr__(self):
        return f"<op {self.name}>"

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return op_named, (self.name,)

    def overlaps(self, attrs: dict) -> bool:
        """Whether a node with these attributes is begun as early as it can be, and finished before its first reader."""
        return False

    def is_ordered(self, attrs: dict) -> bool:
        """Whether a node with these attributes has to stay as it is, and in its order among its like."""
        return self.ordered

    def folds(self, attrs: dict) -> bool:
        """Whether a node with these attributes may be computed while the graph is traced, where its inputs are constants.

        It may be in a branch that never runs.
        """
        return not (self.random or self.is_ordered(attrs))

    def raises(self, attrs: dict) -> bool:
        """Whether a node with these attributes may fail when the step runs.

        Args:
            attrs: dict, the node's attributes.

        Returns:
            bool.
        """
        return self.may_raise

    def failure(self, node: Node) -> Exception | None:
        """The exception of a node that has failed while the step ran; None: an index was out of bounds."""
        return None

    def infer(self, *inputs: Any, **attrs: Any) -> Any:
        """Shapes and types of the outputs.

        Args:
            *inputs: objects with ``shape`` and ``dtype``.
            **attrs: the attributes.

        Returns:
            list of pairs (shape, dtype).

        Raises:
            TypeError: types that do not fit.
            ValueError: shapes that do not fit.
        """
        raise NotImplementedError

    def evaluate(self, *arrays: Any, **attrs: Any) -> Any:
        """The outputs by NumPy.

        Args:
            *arrays: the inputs.
            **attrs: the attributes.

        Returns:
            tuple of arrays.
        """
        raise NotImplementedError


def op_named(name: str) -> Op:
    """The op of a name.

    Args:
        name: str.

    Returns:
        Op.

    Raises:
        KeyError: there is none.

    >>> from minispore.core.op import op_named
    >>> op_named("exp")
    <op exp>
    """
    return REGISTRY[name]
