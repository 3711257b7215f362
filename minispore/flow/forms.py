"""Branches and loops as functions: cond, switch_case, while_loop, fori_loop, scan.

In PYNATIVE mode they are plain Python.  While a graph is traced they become nodes; their functions are traced once, whatever
the number of iterations.
"""

from .. import ops
from ..core import tree
from ..core.dtype import bool_, float32, int64
from ..core.errors import fail
from ..core.op import as_tensor, fixed, to
from ..core.record import STATE
from ..core.sizes import index
from ..core.tensor import Tensor
from ..ops.methods import publish
from ..ops.norms import cond as condition_number
from . import control_batch  # noqa: F401  (registers the batch rules of cond and loop)
from .branches import if_expression
from .loop_op import repeat
from .loops import NEXT, Loop, TensorRange, for_range
from .running import runnable
from .subgraph import trace_inside
from .variables import NOT_RETURNED, copies


def _check(name, **functions) -> None:
    for label, f in functions.items():
        if not callable(f):
            raise fail(TypeError, f"For '{name}', '{label}' must be a function, but got {type(f).__name__}.")


def _tracing() -> bool:
    return STATE.recorder is not None and STATE.recorder.symbolic


def cond(pred=None, true_fun=None, false_fun=None, *operands, A=None, p=None):
    """``true_fun(*operands)`` if ``pred`` is true, else ``false_fun(*operands)``; gradients flow through the one that
    ran.

    With a matrix as first argument and a norm or nothing as second it is MindSpore's ``cond(A, p)``: the condition
    number.

    Args:
        pred: a bool, or a Tensor of one element.
        true_fun: function that returns Tensors in any structure.  Default: None, for the condition number.
        false_fun: function that returns the same structure of Tensors, of equal shapes and types.  Default: None.
        *operands: arguments of both functions: Tensors, numbers or structures of them.
        A (Tensor): matrices, whose condition number is asked for; or the first argument.  Default: None.
        p (int | float | str): its norm; or the second argument.  Default: None, the largest singular value.

    Returns:
        what the function that ran returned.

    Raises:
        TypeError: one is no function; in a compiled call also: the results differ in type or structure.
        ValueError: in a compiled call, the results differ in shape; the message names both places.

    >>> import minispore as ms
    >>> @ms.jit
    ... def f(x):
    ...     return cond(x.sum() > 0, lambda v: v * 2.0, lambda v: -v, x)
    >>> print(f(ms.Tensor([1.0, 2.0])), f(ms.Tensor([-1.0, -2.0])))
    [2. 4.] [1. 2.]
    """
    if not callable(true_fun):
        return condition_number(pred if A is None else A, true_fun if p is None else p)
    _check("cond", true_fun=true_fun, false_fun=false_fun)
    return if_expression(
        pred, lambda: runnable(true_fun)(*copies(operands)), lambda: runnable(false_fun)(*copies(operands))
    )


def switch_case(index, branches, *operands):
    """``branches[index](*operands)``; an index below 0 takes the first branch, one beyond the end the last.

    Args:
        index: int, or a Tensor of one.
        branches: sequence of functions, which return the same structure of Tensors, of equal shapes and types.
        *operands: arguments of each function.

    Returns:
        what the branch that ran returned.

    Raises:
        TypeError: a branch is no function.
        ValueError: there is no branch.

    >>> import minispore as ms
    >>> print(switch_case(2, [ms.ops.sin, ms.ops.cos, ms.ops.exp], ms.Tensor([0.0])))
    [1.]
    """
    branches = list(branches)
    if not branches:
        raise fail(ValueError, "For 'switch_case', 'branches' must hold at least one function, but it is empty.")
    _check("switch_case", **{f"branches[{k}]": f for k, f in enumerate(branches)})
    first, *others = branches
    if not others:
        return runnable(first)(*operands)
    return cond(as_tensor(index) <= 0 if isinstance(index, Tensor) else index <= 0, first,
                lambda *given: switch_case(index - 1, others, *given), *operands)  # fmt: skip


def while_loop(cond_fun, body_fun, init_val):
    """``while cond_fun(val): val = body_fun(val)``, and the last ``val``.

    In a compiled call all iterations run inside the one native call; the gradient needs memory that grows with their
    number.

    Args:
        cond_fun: function of the value, gives a bool or a Tensor of one element.
        body_fun: function of the value, gives the next one.
        init_val: Tensor, number, or a tuple, list or dict of them.  Shapes and types stay the same
            in all iterations; numbers that change become Tensors.

    Returns:
        the last value, in the structure of ``init_val``.

    Raises:
        TypeError: one is no function.

    >>> import minispore as ms
    >>> @ms.jit
    ... def collatz(n):
    ...     def step(state):
    ...         n, k = state
    ...         return ms.ops.where(n % 2 == 0, n // 2, 3 * n + 1), k + 1
    ...     return while_loop(lambda s: s[0] != 1, step, (n, 0))[1]
    >>> print(collatz(ms.Tensor(27)))
    111
    """
    _check("while_loop", cond_fun=cond_fun, body_fun=body_fun)
    if not _tracing():
        val = init_val
        while cond_fun(val):
            val = body_fun(val)
        return val
    names = ("the state of while_loop",)
    body, test = runnable(body_fun), runnable(cond_fun)
    loop = Loop(names, lambda val: (NEXT, NOT_RETURNED, (body(val),)), lambda val: test(val))
    return loop.run(NEXT, NOT_RETURNED, (init_val,))[2][0]


def fori_loop(lower, upper, body_fun, init_val):
    """``for i in range(lower, upper): val = body_fun(i, val)``, and the last ``val``.

    Args:
        lower: int or int Tensor of one element.
        upper: int or int Tensor of one element, the first ``i`` that is not taken.
        body_fun: function of ``i`` (in a compiled call an int64 Tensor) and the value, gives the next value.
        init_val: Tensor, number, or a structure of them, whose shapes and types stay.

    Returns:
        the last value, in the structure of ``init_val``.

    Raises:
        TypeError: ``body_fun`` is no function.

    >>> import minispore as ms
    >>> print(fori_loop(0, 5, lambda i, total: total + i, ms.Tensor(0)))
    10
    """
    _check("fori_loop", body_fun=body_fun)
    if not _tracing():
        val = init_val
        for i in range(int(lower), int(upper)):
            val = body_fun(i, val)
        return val
    if isinstance(lower, Tensor) or isinstance(upper, Tensor):
        body = runnable(body_fun)
        numbers = TensorRange(lower, upper)
        _, _, (val,) = for_range(numbers, lambda i, val: (NEXT, NOT_RETURNED, (body(i, val),)), ("the state of fori_loop",),
                                 NEXT, NOT_RETURNED, (init_val,))  # fmt: skip
        return val
    count = max(upper - lower, 0)
    start = fixed(int64.np.type(lower))
    (_, val), _ = scan(lambda s, _: ((s[0] + 1, runnable(body_fun)(s[0], s[1])), None), (start, init_val), None, count)
    return val


def scan(f, init, xs, length=None, reverse=False, unroll=1):
    """Runs ``carry, y = f(carry, x)`` for each row ``x`` of ``xs``; returns the last carry and all ``y``, stacked.

    Without rows it gives ``init`` and None.

    Args:
        f: function of the carry and one row; its carry keeps its shapes and types, ``y`` may be any structure or None.
        init: the first carry: a Tensor, a number, or a structure of them.
        xs: Tensor of shape (n, ...), a structure of such Tensors, or None.
        length: int, the number of turns, where ``xs`` is None.  Default: None.
        reverse: bool, whether to go from the last row to the first; the rows of the result stay in their places.
            Default: False.
        unroll: int; in a compiled call up to so many turns are written out, one after the other in the graph, in place of a
            loop.  That may run faster, and takes longer to compile.  Default: 1.

    Returns:
        tuple (the last carry, all ``y`` stacked along a new first axis).

    Raises:
        ValueError: leading sizes differ, or neither ``xs`` nor ``length`` is given; the carry changes its shape.
        TypeError: the carry changes its type or the number of its Tensors, or ``f`` does not return a pair.

    >>> import minispore as ms
    >>> last, all_sums = scan(lambda s, x: (s + x, s + x), ms.Tensor(0.0), ms.Tensor([1.0, 2.0, 3.0]))
    >>> print(last, all_sums)
    6.0 [1. 3. 6.]
    """
    _check("scan", f=f)
    stacks = tree.tensors(xs)
    sizes = [x.shape[0] if x.ndim else None for x in stacks] + ([] if length is None else [length])
    if not sizes or None in sizes or any(n != sizes[0] for n in sizes):
        raise fail(
            ValueError,
            "For 'scan', 'xs' and 'length' must give one number of iterations, but got "
            f"{sorted(set(map(str, sizes))) if sizes else 'none'}.",
        )
    count = index(sizes[0])
    init = tree.map_leaves(lambda x: _tensor(x) if isinstance(x, (bool, int, float)) else x, init)
    if count == 0:
        return init, None
    if not _tracing() or (unroll > 1 and STATE.recorder.turns.are_written_out(count, unroll)):
        return _scan_eagerly(f, init, xs, count, reverse)
    step = runnable(f)
    outputs: list = []  # the structure of ``y``, known once the body is traced

    def body(state, rows):
        carry, y = _pair(step(tree.with_tensors(init, state), tree.with_tensors(xs, rows)))
        outputs[:] = [y]
        out = tree.tensors(tree.map_leaves(_tensor, carry))
        _check_carry(tree.tensors(init), out)
        return [to(o, s.dtype) for o, s in zip(out, state)], tree.tensors(y)

    init = _with_stable_types(
        init,
        lambda state: tree.tensors(
            tree.map_leaves(
                _tensor, _pair(step(tree.with_tensors(init, state), tree.with_tensors(xs, _rows(stacks))))[0]
            )
        ),
    )
    found, ys = repeat(
        tree.tensors(init), lambda s, r: [x for part in body(s, r) for x in part], None, stacks, count, reverse
    )
    return tree.with_tensors(init, found), tree.with_tensors(outputs[0], ys)


def _rows(stacks):
    return [x[0] for x in stacks]


def _with_stable_types(init, step):
    """The first carry, with its numbers in the float types that an iteration gives them."""
    state = tree.tensors(init)
    weak = [x.is_literal and x.ndim == 0 for x in state]
    if not any(weak):
        return init
    after = trace_inside(lambda: step(state)).result
    changed = [to(s, a.dtype) if w and a.shape == () and a.dtype.is_float else s for s, a, w in zip(state, after, weak)]
    return tree.with_tensors(init, changed)


def _check_carry(before, after) -> None:
    if len(before) != len(after):
        raise fail(
            TypeError, f"For 'scan', the carry has {len(before)} Tensors before an iteration and {len(after)} after it."
        )
    for k, (a, b) in enumerate(zip(before, after)):
        if a.shape != b.shape or (a.dtype is not b.dtype and not (a.dtype.is_float and b.dtype.is_float)):
            raise fail(
                TypeError if a.shape == b.shape else ValueError,
                f"For 'scan', the carry must keep its shape and type, but Tensor {k} is {a.dtype} of shape {a.shape} before "
                f"an iteration and {b.dtype} of shape {b.shape} after it.",
            )


def _scan_eagerly(f, init, xs, count, reverse):
    carry, found = init, []
    for k in range(count)[:: -1 if reverse else 1]:
        carry, y = _pair(f(carry, tree.map_leaves(lambda x: x[k] if isinstance(x, Tensor) else x, xs)))
        found.append(y)
    found = found[:: -1 if reverse else 1]
    columns = zip(*[tree.tensors(tree.map_leaves(_tensor, y)) for y in found])
    return carry, tree.with_tensors(tree.map_leaves(_tensor, found[0]), [ops.stack(list(c)) for c in columns])


def _pair(result):
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise fail(
            TypeError, f"For 'scan', the function must return (carry, y), but it returned {type(result).__name__}."
        )
    return result


def _tensor(x):
    if isinstance(x, bool):
        return fixed(bool_.np.type(x))
    if isinstance(x, (int, float)):
        return fixed((float32 if isinstance(x, float) else int64).np.type(x))
    return x


class WhileLoop:
    """MindSpore's class form of ``while_loop``.

    Inputs:
        cond_func: function of the value, gives a bool or a Tensor of one element.
        loop_func: function of the value, gives the next one.
        init_val: Tensor, number, or a structure of them.

    Returns:
        the last value.

    >>> import minispore as ms
    >>> print(ms.ops.WhileLoop()(lambda x: x < 5, lambda x: x + 2, ms.Tensor(0)))
    6
    """

    def __call__(self, cond_func, loop_func, init_val):
        return while_loop(cond_func, loop_func, init_val)


class ForiLoop:
    """MindSpore's class form of ``fori_loop``.

    Inputs:
        lower: int or int Tensor of one element.
        upper: int or int Tensor of one element.
        loop_func: function of ``i`` and the value, gives the next value.
        init_val: Tensor, number, or a structure of them.
        unroll: accepted; turns are not written out.  Default: True.

    Returns:
        the last value.

    >>> import minispore as ms
    >>> print(ms.ops.ForiLoop()(0, 5, lambda i, total: total + i, ms.Tensor(0)))
    10
    """

    def __call__(self, lower, upper, loop_func, init_val, unroll=True):
        return fori_loop(lower, upper, loop_func, init_val)


class Scan:
    """MindSpore's class form of a scan: ``carry, y = loop_func(carry, x)`` for each ``x`` of a list.

    Inputs:
        loop_func: function of the carry and an ``x``, gives the pair.
        init: the first carry.
        xs: tuple or list, or None.
        length: int, the number of turns, where ``xs`` is None.  Default: None.
        unroll: accepted; turns are always written out.  Default: True.

    Returns:
        tuple (the last carry, list of all ``y``).

    Raises:
        TypeError: ``xs`` is no tuple or list, ``loop_func`` is no function or does not return a pair.
        ValueError: ``length`` is not that of ``xs``.

    >>> import minispore as ms
    >>> last, found = ms.ops.Scan()(lambda s, x: (s + x, s * x), ms.Tensor(1), [ms.Tensor(2), ms.Tensor(3)])
    >>> print(last, found[0], found[1])
    6 2 9
    """

    def __call__(self, loop_func, init, xs, length=None, unroll=True):
        _check("Scan", loop_func=loop_func)
        if xs is not None and not isinstance(xs, (tuple, list)):
            raise fail(TypeError, f"For 'Scan', 'xs' must be a tuple, a list or None, but got {type(xs).__name__}.")
        if xs is not None and length is not None and length != len(xs):
            raise fail(ValueError, f"For 'Scan', 'length' must be the length of 'xs', {len(xs)}, but got {length}.")
        carry, found = init, []
        for x in [None] * length if xs is None else xs:
            carry, y = _pair(runnable(loop_func)(carry, x))
            found.append(y)
        return carry, found


publish(cond, switch_case, while_loop, fori_loop, scan, WhileLoop, ForiLoop, Scan)
