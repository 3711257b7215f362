"""Conditions on Tensors: both branches are traced, and their results are merged into one structure.

For ``if test: y = (x * 2, 1)`` and ``else: y = (-x, 1)`` the results are ``(%a, 1)`` and ``(%b, 1)``.  The 1 is the same on both
sides and stays a number; ``%a`` and ``%b`` become the pair of outputs of one ``cond`` node, so ``y`` is ``(cond(...), 1)``.
"""

import numpy as np

from ..core import tree
from ..core.dtype import bool_, float32, from_np, int64
from ..core.errors import ShapeUnknown, located
from ..core.op import to
from ..core.record import Value, note_break, user_location
from ..core.tensor import Tensor
from ..ops.effects import check_bounds
from ..ops.raise_if import raise_if
from .cond_op import choose_traced
from .conditions import is_symbolic, not_, truth
from .convert import converted
from .subgraph import Traced, trace_inside
from .variables import NOT_RETURNED, NUMBERS, Undefined, copies, description, equal


def if_expression(test, then, other):
    """``then() if test else other()``"""
    if is_symbolic(test):
        return select(test, then, other)
    return then() if test else other()


def if_(test, then, other, names, values):
    """An ``if`` statement: the variables ``names`` after it."""
    if is_symbolic(test):
        return select(test, lambda: then(*copies(values)), lambda: other(*copies(values)), names)
    return then(*values) if test else other(*values)


def choose(test, then, other, values):
    """An ``if`` statement and what follows it, where a path returns: what the function, or the iteration, ends with."""
    if is_symbolic(test):
        return select(test, lambda: then(*copies(values)), lambda: other(*copies(values)))
    return then(*values) if test else other(*values)


def select(test, then, other, names=None):
    """The result of ``then`` or ``other`` by the value of the Tensor ``test``, as one ``cond`` node.

    ``names``: the results are the values of these variables.  A variable on which the branches do not agree is an error only
    where it is used; any other result must agree.
    """
    site = user_location()
    try:
        traced_other = _traced_branch(other, site)
    except Exception as error:
        return _stop_or_continue(lambda: not_(test), error, then)
    try:
        traced_then = _traced_branch(then, site)
    except Exception as error:
        return _stop_or_continue(lambda: truth(test), error, other)
    results = (BranchResult(traced_other), BranchResult(traced_then))
    merger = _Merger(test, site, names, results)
    merged = merger.merge_all(results[0].tree(), results[1].tree())
    for result in results:
        result.return_selected()
    outputs = iter(choose_traced(to(truth(test), int64), [traced_other, traced_then]))
    return tree.map_leaves(lambda x: x.of(next(outputs)) if isinstance(x, _Selected) else x, merged)


def _traced_branch(branch, site) -> Traced:
    try:
        return trace_inside(branch)
    except RecursionError as error:
        if hasattr(error, "explained"):
            raise
        explained = located(
            RecursionError,
            "A function that calls itself depending on the value of a Tensor cannot be compiled, because the depth of the "
            "recursion is not known: write it as a while loop.",
            site,
        )
        explained.explained = True  # type: ignore[attr-defined]
        note_break(explained, site, number=False)
        raise explained from None


def _stop_or_continue(condition, error: Exception, other_branch):
    """A branch that ends in ``raise``: the compiled step raises it where ``condition`` holds, else the other branch follows."""
    place = getattr(error, "raised_at", None)
    if place is None:  # not a raise statement of the branch: an error of the trace itself
        raise error
    raise_if(condition(), error, place)
    return other_branch()


def item(container, index):
    """``container[index]``; of a list or tuple at a place that a Tensor says, the items are alternatives of the graph."""
    if (
        type(container) in (list, tuple, tree.MutableList, tree.MutableTuple) and container and is_symbolic(index) and not index.shape and index.dtype.is_int
        and all(isinstance(x, (Tensor, *NUMBERS)) or callable(x) for x in container)
    ):  # fmt: skip
        return selected(container, check_bounds(index, len(container), type(container).__name__, negative=True))
    return container[index]


def selected(items, index):
    """The item with the number ``index``, a Tensor that has been checked; of functions one that calls the right one."""
    if len(items) == 1:
        return items[0]
    half = len(items) // 2
    first, rest, is_first = items[:half], items[half:], index < half
    if all(callable(x) for x in items):
        return _SelectedFunction(is_first, selected(first, index), selected(rest, index - half))
    return if_expression(is_first, lambda: selected(first, index), lambda: selected(rest, index - half))


class TracedLeaf:
    """A Tensor in the result of a traced function, as its value inside the trace; ``tensor``: the Tensor itself."""

    def __init__(self, value: Value, tensor: Tensor):
        self.value, self.tensor = value, tensor

    def __repr__(self):
        return f"Tensor({self.value.dtype}, shape {self.value.shape})"


def is_number(leaf) -> bool:
    """Whether a leaf of a traced result is a Python number, one that the graph decides on included."""
    return leaf.tensor.is_number if isinstance(leaf, TracedLeaf) else isinstance(leaf, NUMBERS)


class _Selected:
    """A leaf of a merged result: a Tensor that the ``cond`` node selects; of Python numbers it is one itself."""

    def __init__(self, is_number: bool):
        self.is_number = is_number

    def of(self, output: Tensor) -> Tensor:
        if self.is_number:
            output.is_number = True
        return output


class BranchResult:
    """The result of a traced function, and which of its values a ``cond`` node selects from."""

    def __init__(self, traced: Traced):
        self.traced = traced
        self.selected: list[Value] = []

    def tree(self):
        """The result with a ``TracedLeaf`` in the place of each Tensor."""
        outputs = iter(self.traced.outputs)
        return tree.map_leaves(
            lambda x: TracedLeaf(next(outputs), x) if isinstance(x, Tensor) else x, self.traced.result
        )

    def return_selected(self) -> None:
        """Makes the selected values the outputs of the trace, before those of its updates."""
        results = len(self.traced.outputs) - len(self.traced.updates)
        self.traced.outputs = [*self.selected, *self.traced.outputs[results:]]


class _Merger:
    """Merges the results of two branches, leaf by leaf, into one structure.

    Invariant: the lists ``selected`` of both results have one length, their k-th values have one shape and type, and they
    belong to the k-th ``_Selected`` leaf of the merged structure.
    """

    def __init__(self, test, site, names, results: tuple[BranchResult, BranchResult]):
        self.test, self.site, self.names, self.results = test, site, names, results

    def merge_all(self, false, true):
        if self.names is None:
            return self.merge(false, true)
        return tuple(self.merge(x, y, name) for x, y, name in zip(false, true, self.names))

    def merge(self, false, true, name: str | None = None):
        """One structure from what the false and the true branch give (for the variable ``name``)."""
        if false is NOT_RETURNED or true is NOT_RETURNED:
            return self._merge_return_value(false, true)
        if isinstance(false, Undefined) or isinstance(true, Undefined):
            return self._merge_undefined(false, true)
        if isinstance(false, (tuple, list)) and type(false) is type(true) and len(false) == len(true):
            items = [self.merge(x, y, name) for x, y in zip(false, true)]
            return type(false)(*items) if hasattr(false, "_fields") else type(false)(items)
        if isinstance(false, dict) and isinstance(true, dict) and list(false) == list(true):
            return {k: self.merge(false[k], true[k], name) for k in false}
        fields = tree.sparse_fields(false)
        if fields and type(false) is type(true) and false.shape == true.shape:
            return false.with_tensors(*[self.merge(getattr(false, f), getattr(true, f), name) for f in fields])
        if isinstance(false, (TracedLeaf, *NUMBERS)) and isinstance(true, (TracedLeaf, *NUMBERS)):
            return self._merge_tensors(false, true, name)
        if false is true or (type(false) is type(true) and equal(false, true)):
            return false
        if callable(false) and callable(true):
            return _SelectedFunction(self.test, true, false, self.site)
        difference = f"{_subject(name)}{leaf_description(true)} if it is true, {leaf_description(false)} if not"
        kinds = [isinstance(x, (TracedLeaf, tuple, list, dict)) for x in (false, true)]
        structures = all(kinds) and type(false) is not type(true)  # which MindSpore refuses too
        return self._disagree(difference, name, TypeError if structures else ShapeUnknown)

    def _merge_return_value(self, false, true):
        """The return value of a branch that returns; where the other does not, zeros that are never read fill its place."""
        if false is true:
            return NOT_RETURNED

        def leaf(x):
            if not isinstance(x, TracedLeaf):
                return x
            v = x.value
            unread = Value(v.shape, v.dtype, data=np.zeros(v.shape, v.dtype.np), kind="constant")
            first, second = (unread, v) if false is NOT_RETURNED else (v, unread)
            return self._select(first, second, is_number(x))

        return tree.map_leaves(leaf, true if false is NOT_RETURNED else false)

    def _merge_undefined(self, false, true):
        if isinstance(false, Undefined) and isinstance(true, Undefined):
            return false
        missing = false if isinstance(false, Undefined) else true
        return Undefined(
            missing.name, f"has a value in one branch of the condition at {self.site} only", UnboundLocalError
        )

    def _merge_tensors(self, false, true, name):
        """Equal numbers stay numbers; else a pair of values that the ``cond`` node selects from."""
        if isinstance(false, TracedLeaf) and isinstance(true, TracedLeaf) and false.tensor is true.tensor:
            return false.tensor  # from outside; what a branch wrote to it is among the updates
        if isinstance(false, TracedLeaf) or isinstance(true, TracedLeaf):
            x, y = _as_value(false, true), _as_value(true, false)
        else:
            if type(false) is type(true) and (false == true or false != false):  # the same, or both NaN
                return false
            common = np.result_type(type(false), type(true))
            dtype = float32 if common.kind == "f" else from_np(common)
            x, y = _constant(false, dtype), _constant(true, dtype)
        if x.dtype is y.dtype and x.shape == y.shape:
            return self._select(x, y, is_number(false) and is_number(true))
        return self._disagree(
            f"{_subject(name)}{y.dtype} of shape {y.shape}{origin(y)} if it is true, "
            f"{x.dtype} of shape {x.shape}{origin(x)} if not",
            name, TypeError if x.dtype is not y.dtype else ShapeUnknown,
        )  # fmt: skip

    def _select(self, false: Value, true: Value, is_number: bool) -> _Selected:
        for result, value in zip(self.results, (false, true)):
            result.selected.append(value)
        return _Selected(is_number)

    def _disagree(self, difference: str, name: str | None, error=TypeError):
        message = f"the branches of the condition at {self.site} do not agree: {difference}"
        if self.names is None:
            failure = located(error, f"For a condition on a Tensor, {message}.", self.site)
            if error is ShapeUnknown:
                note_break(failure, self.site, number=False)
            raise failure
        site = self.site if error is ShapeUnknown else None
        return Undefined(name or "result", f"cannot be used here, as {message}", error, site)


class _SelectedFunction:
    """The function of one or the other branch, by the value of a Tensor: a call traces both.

    ``site``: where it was chosen, if at a condition; Python has to choose there when the results of the two have different shapes.
    """

    def __init__(self, test, then, other, site: str | None = None):
        self.test, self.then, self.other, self.site = test, then, other, site

    def __call__(self, *args, **kwargs):
        try:
            return if_expression(
                self.test,
                lambda: converted(self.then)(*copies(args), **kwargs),
                lambda: converted(self.other)(*copies(args), **kwargs),
            )
        except ShapeUnknown as error:
            if self.site:
                note_break(error, self.site, number=False)
            raise


def _as_value(x, other) -> Value:
    """One branch's leaf as a value; a number takes the type of the other branch's Tensor where that loses nothing."""
    if isinstance(x, TracedLeaf):
        return x.value
    dtype = other.value.dtype
    if isinstance(x, (float, np.floating)) and not dtype.is_float:
        dtype = float32
    elif dtype is bool_ and not isinstance(x, (bool, np.bool_)):
        dtype = int64
    return _constant(x, dtype)


def _constant(number, dtype) -> Value:
    return Value((), dtype, data=np.asarray(number, dtype.np), kind="constant")


# ---------------------------------------------------------------- for messages
def _subject(name) -> str:
    return f"'{name}' is " if name else "it gives "


def leaf_description(x) -> str:
    if isinstance(x, TracedLeaf):
        return f"a Tensor ({x.value.dtype}, shape {x.value.shape}){origin(x.value)}"
    return description(x)


def origin(v: Value) -> str:
    """Where in the user's code a value was computed."""
    return f" (from {v.node.location})" if v.node is not None and v.node.location else ""
