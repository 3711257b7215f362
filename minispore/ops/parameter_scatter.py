"""Scatter into Parameters: rows and elements that an index Tensor gives are changed in place."""

from ..core.docstrings import documented
from ..core.errors import fail
from ..core.op import as_tensor
from .effects import assign
from .elementwise import neg
from .movement import reshape
from .rows import blocks, checked_index, index_of, same_type, scatter_rows
from .scattering import (
    tensor_scatter_add,
    tensor_scatter_div,
    tensor_scatter_max,
    tensor_scatter_min,
    tensor_scatter_mul,
    tensor_scatter_sub,
    tensor_scatter_update,
)

_with_shared_docs = documented(
    rows="""\
Args:
    input_x (Parameter): at least one axis; numbers; takes the new value.
    indices (Tensor): any shape; integers in [0, input_x.shape[0]).
    updates (Tensor): shape (*indices.shape, *input_x.shape[1:]); the type of ``input_x``.

Returns:
    ``input_x`` with its new value.

Raises:
    TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
    ValueError: the shapes do not fit.
    IndexError: an index is negative or too large.""",
)


def _along_first(name, x, indices, updates, mode):
    """``x`` with x[indices] combined with ``updates``, of shape indices.shape + x.shape[1:]."""
    indices, updates = index_of(name, indices), as_tensor(updates)
    updates = same_type(name, x, updates, in_place=True)
    wanted = indices.shape + x.shape[1:]
    if updates.shape != wanted:
        raise fail(ValueError, f"For '{name}', the updates must have the shape {wanted}, but got {updates.shape}.")
    index = reshape(checked_index(name, indices, x.shape[0]), (-1,))
    rows = blocks(x, 0)
    return reshape(scatter_rows(rows, index, reshape(updates, (1, index.size, rows.shape[2])), mode), x.shape)


@_with_shared_docs
def scatter_update(input_x, indices, updates):
    """Replaces slices of a Parameter along its first axis, in place.

    ``input_x[indices] = updates``

    {rows}

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_update(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [2. 2. 9.]
    """
    return assign(input_x, _along_first("ScatterUpdate", input_x, indices, updates, "set"))


@_with_shared_docs
def scatter_add(input_x, indices, updates):
    """Adds to slices of a Parameter along its first axis, in place; repeated indices add up.

    ``input_x[indices] += updates``

    {rows}

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_add(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [ 6.  2. 12.]
    """
    return assign(input_x, _along_first("ScatterAdd", input_x, indices, updates, "add"))


@_with_shared_docs
def scatter_sub(input_x, indices, updates):
    """Subtracts from slices of a Parameter along its first axis, in place.

    ``input_x[indices] -= updates``

    {rows}

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_sub(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [ 2.  2. -6.]
    """
    return assign(input_x, _along_first("ScatterSub", input_x, indices, neg(as_tensor(updates)), "add"))


@_with_shared_docs
def scatter_min(input_x, indices, updates):
    """Minimum of slices of a Parameter along its first axis and updates, in place.

    ``input_x[indices] = min(input_x[indices], updates)``

    {rows}

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_min(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [2. 2. 3.]
    """
    return assign(input_x, _along_first("ScatterMin", input_x, indices, updates, "min"))


@_with_shared_docs
def scatter_max(input_x, indices, updates):
    """Maximum of slices of a Parameter along its first axis and updates, in place.

    ``input_x[indices] = max(input_x[indices], updates)``

    {rows}

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_max(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [4. 2. 9.]
    """
    return assign(input_x, _along_first("ScatterMax", input_x, indices, updates, "max"))


@_with_shared_docs
def scatter_mul(input_x, indices, updates):
    """Multiplies slices of a Parameter along its first axis, in place.

    ``input_x[indices] *= updates``

    {rows}

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_mul(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [ 8.  2. 27.]
    """
    return assign(input_x, _along_first("ScatterMul", input_x, indices, updates, "mul"))


@_with_shared_docs
def scatter_div(input_x, indices, updates):
    """Divides slices of a Parameter along its first axis, in place.

    ``input_x[indices] /= updates``

    {rows}

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_div(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [2.         2.         0.33333334]
    """
    return assign(input_x, _along_first("ScatterDiv", input_x, indices, updates, "div"))


def _nd_into(name, function):
    def scatter(input_x, indices, updates, use_locking=False):
        return assign(input_x, function(input_x, indices, same_type(name, input_x, as_tensor(updates), in_place=True)))

    scatter.__name__ = scatter.__qualname__ = name
    doc = function.__doc__ or ""
    for old, new in (
        ("slices of a Tensor", "slices of a Parameter, in place"),
        ("input_x (Tensor)", "input_x (Parameter)"),
        ("\n    Returns:\n        Tensor of the shape and type of ``input_x``", f"        {_LOCKING}\n\n    Returns:\n        ``input_x`` with its new value"),
        ("x = ms.Tensor([4.0, 2.0, 3.0])", 'p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")'),
        (f"print({function.__name__}(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))", f"print({name}(p, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])).asnumpy())"),
    ):  # fmt: skip
        doc = doc.replace(old, new)
    scatter.__doc__ = doc
    return scatter


_LOCKING = "use_locking (bool): accepted, without effect: updates are applied one after the other. Default: False."


scatter_nd_update = _nd_into("scatter_nd_update", tensor_scatter_update)


scatter_nd_add = _nd_into("scatter_nd_add", tensor_scatter_add)


scatter_nd_sub = _nd_into("scatter_nd_sub", tensor_scatter_sub)


scatter_nd_min = _nd_into("scatter_nd_min", tensor_scatter_min)


scatter_nd_max = _nd_into("scatter_nd_max", tensor_scatter_max)


scatter_nd_mul = _nd_into("scatter_nd_mul", tensor_scatter_mul)


scatter_nd_div = _nd_into("scatter_nd_div", tensor_scatter_div)


__all__ = [
    "scatter_add", "scatter_div", "scatter_max", "scatter_min", "scatter_mul", "scatter_nd_add", "scatter_nd_div",
    "scatter_nd_max", "scatter_nd_min", "scatter_nd_mul", "scatter_nd_sub", "scatter_nd_update", "scatter_update",
]  # fmt: skip
