"""Tensor contractions: sums of products over chosen axes, by axis numbers or in Einstein's notation."""

import builtins
import math
import string

from ..core.dtype import promote
from ..core.errors import fail
from ..core.op import to
from .matrix import diagonal
from .methods import method
from .movement import axis_of, broadcast_to, reshape, squeeze, transpose
from .products import matmul
from .reduction import reduce_sum_keep
from .slicing import owned


def einsum(equation, *operands):
    """Sums of products in Einstein's notation, as in ``einsum("bij,bjk->bik", x, y)``.

    Letters name axes; a letter absent from the result is summed over, a repeated one takes the diagonal, "..." stands
    for axes that broadcast. Without "->" the result has the letters that appear once, in alphabetical order. Operands
    are contracted from left to right: each step is one matrix product, or an elementwise product where nothing is
    summed.

    Args:
        equation (str): the letters of each operand, separated by commas, and of the result.
        *operands (Tensor): numbers, one for each term of the equation; or one list or tuple of them.

    Returns:
        Tensor with an axis for each letter of the result; the common type of the operands.

    Raises:
        ValueError: the equation is malformed or does not fit the shapes.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> print(einsum("ij->ji", x))
    [[1. 3.]
     [2. 4.]]
    """
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    names, result = _einsum_parse(equation, [t.ndim for t in operands])
    dtype = operands[0].dtype
    for t in operands[1:]:
        dtype = promote(dtype, t.dtype)
    sizes: dict[str, int] = {}
    for letters, t in zip(names, operands):
        for c, d in zip(letters, t.shape):
            if sizes.get(c, d) != d and 1 not in (d, sizes[c]):
                raise fail(ValueError, f"For 'einsum', the axis '{c}' of '{equation}' has lengths {sizes[c]} and {d}.")
            sizes[c] = builtins.max(d, sizes.get(c, d)) if 0 not in (d, sizes.get(c, d)) else 0
    terms = [_einsum_single(to(t, dtype), letters) for letters, t in zip(names, operands)]
    letters, x = terms[0]
    for k in builtins.range(len(terms)):
        later = "".join(name for name, _ in terms[k + 1 :]) + result
        if k:
            other, y = terms[k]
            letters, x = _einsum_pair(letters, x, other, y, later, sizes)
        drop = tuple(a for a, c in enumerate(letters) if c not in later)
        if drop:
            x = squeeze(reduce_sum_keep(x, drop), drop)
            letters = "".join(c for c in letters if c in later)
    out = transpose(x, tuple(letters.index(c) for c in result))
    return owned(out, operands[0]) if len(terms) == 1 else out


def _einsum_parse(equation, ranks):
    """The letters of each operand and of the result; an ellipsis becomes capital letters not used elsewhere."""
    text = equation.replace(" ", "")
    left, arrow, result = text.partition("->")
    names = left.split(",")
    plain = [n.replace("...", "") for n in names]
    used = "".join(plain) + result.replace("...", "")
    if len(names) != len(ranks) or any(c not in string.ascii_letters for c in used):
        raise fail(ValueError, f"For 'einsum', the equation '{equation}' does not fit {len(ranks)} operands.")
    free = [c for c in reversed(string.ascii_letters) if c not in text]
    extra = [rank - len(n) for n, rank in zip(plain, ranks)]
    if any(e < 0 or (e and "..." not in n) for e, n in zip(extra, names)):
        raise fail(ValueError, f"For 'einsum', the equation '{equation}' does not fit operands of {ranks} axes.")
    dots = "".join(free[: builtins.max(extra, default=0)])
    names = [n.replace("...", dots[len(dots) - e :]) for n, e in zip(names, extra)]
    if not arrow:
        once = sorted(c for c in set("".join(plain)) if "".join(plain).count(c) == 1)
        return names, dots + "".join(once)
    result = result.replace("...", dots)
    if any(c not in "".join(names) for c in result) or len(set(result)) != len(result):
        raise fail(ValueError, f"For 'einsum', the result of '{equation}' must name axes of the operands, each once.")
    return names, result


def _einsum_single(x, letters):
    """(letters, x) without repeated letters: of a repeated one the diagonal remains."""
    for c in dict.fromkeys(letters):
        while letters.count(c) > 1:
            a, b = letters.index(c), letters.rindex(c)
            n = builtins.max(x.shape[a], x.shape[b])
            x = diagonal(broadcast_to(x, tuple(n if k in (a, b) else d for k, d in enumerate(x.shape))), 0, a, b)
            letters = letters[:a] + letters[a + 1 : b] + letters[b + 1 :] + c
    return letters, x


def _einsum_pair(a, x, b, y, later, sizes):
    """(letters, product) of two terms, summed over the letters that both have and nothing later needs."""
    summed = [c for c in a if c in b and c not in later and sizes[c] == x.shape[a.index(c)] == y.shape[b.index(c)]]
    if not summed:
        letters = a + "".join(c for c in b if c not in a)

        def aligned(t, s):
            moved = transpose(t, tuple(s.index(c) for c in letters if c in s))
            return reshape(moved, tuple(t.shape[s.index(c)] if c in s else 1 for c in letters))

        return letters, aligned(x, a) * aligned(y, b)
    batch = [c for c in a if c in b and c not in summed]
    rows, columns = [c for c in a if c not in b], [c for c in b if c not in a]
    shared = tuple(sizes[c] for c in batch)
    n = math.prod(sizes[c] for c in summed)

    def matrix(t, s, order, shape):
        lengths = [sizes[c] for c in order]
        moved = broadcast_to(transpose(t, tuple(s.index(c) for c in order)), lengths)
        return reshape(moved, shared + shape)

    x = matrix(x, a, batch + rows + summed, (math.prod(sizes[c] for c in rows), n))
    y = matrix(y, b, batch + summed + columns, (n, math.prod(sizes[c] for c in columns)))
    out = matmul(x, y)
    return "".join(batch + rows + columns), reshape(out, tuple(sizes[c] for c in batch + rows + columns))


def dot(input, other):
    """Sum of products over the last axis of ``input`` and the last but one of ``other``.

    Args:
        input (Tensor): shape (*A, k), at least two axes; numbers.
        other (Tensor): shape (*B, k, n), at least two axes; numbers.

    Returns:
        Tensor of shape (*A, *B, n); the common type of the inputs.

    Raises:
        ValueError: an input has fewer than two axes, or the summed axes differ in length.

    >>> import minispore as ms
    >>> print(dot(ms.Tensor([[1.0, 2.0]]), ms.Tensor([[3.0], [4.0]])))
    [[11.]]
    """
    if input.ndim < 2 or other.ndim < 2:
        raise fail(
            ValueError, f"For 'dot', both inputs must have 2 axes or more, but got {input.shape} and {other.shape}."
        )
    return tensor_dot(input, other, ((input.ndim - 1,), (other.ndim - 2,)))


def tensor_dot(x1, x2, axes):
    """Sum of products over chosen axes of both inputs.

    Args:
        x1 (Tensor): any shape; numbers.
        x2 (Tensor): any shape; numbers.
        axes (int | tuple): ``(axes of x1, axes of x2)``, each an int or a tuple; or n for the last n axes of ``x1``
            with the first n of ``x2``.

    Returns:
        Tensor with the other axes of ``x1``, then those of ``x2``; the common type of the inputs.

    Raises:
        ValueError: the axes are out of range, or differ in number or length.

    >>> import minispore as ms
    >>> print(tensor_dot(ms.Tensor([[1.0, 2.0]]), ms.Tensor([[3.0, 4.0]]), ((1,), (1,))))
    [[11.]]
    """
    if isinstance(axes, int):
        if not 0 <= axes <= builtins.min(x1.ndim, x2.ndim):
            raise fail(ValueError, f"For 'tensor_dot', {axes} axes are too many for shapes {x1.shape} and {x2.shape}.")
        first, second = tuple(builtins.range(x1.ndim - axes, x1.ndim)), tuple(builtins.range(axes))
    else:
        pair = [(a,) if isinstance(a, int) else tuple(a) for a in axes]
        if len(pair) != 2 or len(pair[0]) != len(pair[1]):
            raise fail(ValueError, f"For 'tensor_dot', 'axes' must name as many axes of both inputs, but got {axes}.")
        first = tuple(axis_of("tensor_dot", x1.ndim, a) for a in pair[0])
        second = tuple(axis_of("tensor_dot", x2.ndim, a) for a in pair[1])
    if any(x1.shape[a] != x2.shape[b] for a, b in zip(first, second)):
        shapes = f"{x1.shape} and {x2.shape}"
        raise fail(ValueError, f"For 'tensor_dot', the axes {first} and {second} of {shapes} differ in length.")
    rest1 = tuple(a for a in builtins.range(x1.ndim) if a not in first)
    rest2 = tuple(a for a in builtins.range(x2.ndim) if a not in second)
    n = math.prod(x1.shape[a] for a in first)
    left, right = tuple(x1.shape[a] for a in rest1), tuple(x2.shape[a] for a in rest2)
    x = reshape(transpose(x1, rest1 + first), (math.prod(left), n))
    y = reshape(transpose(x2, second + rest2), (n, math.prod(right)))
    return reshape(matmul(x, y), left + right)


@method("inner")
def inner(input, other):
    """Sum over the last axes of both inputs; their product where one has no axis.

    Args:
        input (Tensor): shape (*A, k) or (); numbers.
        other (Tensor): shape (*B, k) or (); numbers.

    Returns:
        Tensor of shape (*A, *B); the common type of the inputs.

    Raises:
        ValueError: the last axes differ in length.

    >>> import minispore as ms
    >>> print(inner(ms.Tensor([1.0, 2.0]), ms.Tensor([3.0, 4.0])))
    11.0
    """
    if input.ndim == 0 or other.ndim == 0:
        return input * other
    if input.shape[-1] != other.shape[-1]:
        raise fail(ValueError, f"For 'inner', the last axes must be equal, but got {input.shape} and {other.shape}.")
    return tensor_dot(input, other, ((-1,), (-1,)))


__all__ = ["dot", "einsum", "inner", "tensor_dot"]
