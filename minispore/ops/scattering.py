"""Scatter: Tensors changed at positions that another Tensor gives, as a new Tensor."""

from ..core.docstrings import documented
from ..core.errors import fail
from ..core.op import as_tensor, literal
from ..core.tensor import Tensor
from .elements import scatter_elements
from .elementwise import neg
from .methods import method
from .movement import broadcast_to, reshape, shape_of
from .rows import add_rows, index_of, int_axis, nd_rows, same_type, scatter_rows

_with_shared_docs = documented(
    slices="""\
Args:
    input_x (Tensor): at least one axis; numbers.
    indices (Tensor): shape (*I, k); integers that select along the first k axes of ``input_x``.
    updates (Tensor): shape (*I, *input_x.shape[k:]); the type of ``input_x``.

Returns:
    Tensor of the shape and type of ``input_x``.

Raises:
    TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
    ValueError: the shapes do not fit.
    IndexError: an index is negative or too large.""",
)


def _scatter_slices(name, mode, input_x, indices, updates):
    x, indices, updates = as_tensor(input_x), index_of(name, indices), as_tensor(updates)
    updates = same_type(name, x, updates)
    if indices.ndim < 2:
        raise fail(
            ValueError, f"For '{name}', the indices must have at least 2 axes, but their shape is {indices.shape}."
        )
    flat, n, inner = nd_rows(name, x.shape, indices)
    wanted = indices.shape[:-1] + x.shape[indices.shape[-1] :]
    if updates.shape != wanted:
        raise fail(ValueError, f"For '{name}', the updates must have the shape {wanted}, but got {updates.shape}.")
    out = scatter_rows(reshape(x, (1, n, inner)), flat, reshape(updates, (1, flat.size, inner)), mode)
    return reshape(out, x.shape)


@_with_shared_docs
def tensor_scatter_update(input_x, indices, updates):
    """Replaces slices of a Tensor; of repeated indices the last one counts.

    For each index: ``out[indices[...]] = updates[...]``, beginning with ``input_x``.

    {slices}

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_update(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [2. 2. 9.]
    """
    return _scatter_slices("TensorScatterUpdate", "set", input_x, indices, updates)


@_with_shared_docs
def tensor_scatter_add(input_x, indices, updates):
    """Adds to slices of a Tensor; repeated indices add up.

    For each index: ``out[indices[...]] += updates[...]``, beginning with ``input_x``.

    {slices}

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_add(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [ 6.  2. 12.]
    """
    return _scatter_slices("TensorScatterAdd", "add", input_x, indices, updates)


@_with_shared_docs
def tensor_scatter_sub(input_x, indices, updates):
    """Subtracts from slices of a Tensor; repeated indices add up.

    For each index: ``out[indices[...]] -= updates[...]``, beginning with ``input_x``.

    {slices}

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_sub(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [ 2.  2. -6.]
    """
    return _scatter_slices("TensorScatterSub", "add", input_x, indices, neg(as_tensor(updates)))


@_with_shared_docs
def tensor_scatter_min(input_x, indices, updates):
    """Minimum of slices of a Tensor and updates.

    For each index: ``out[indices[...]] = min(out[indices[...]], updates[...])``, beginning with ``input_x``.

    {slices}

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_min(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [2. 2. 3.]
    """
    return _scatter_slices("TensorScatterMin", "min", input_x, indices, updates)


@_with_shared_docs
def tensor_scatter_max(input_x, indices, updates):
    """Maximum of slices of a Tensor and updates.

    For each index: ``out[indices[...]] = max(out[indices[...]], updates[...])``, beginning with ``input_x``.

    {slices}

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_max(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [4. 2. 9.]
    """
    return _scatter_slices("TensorScatterMax", "max", input_x, indices, updates)


@_with_shared_docs
def tensor_scatter_mul(input_x, indices, updates):
    """Multiplies slices of a Tensor; repeated indices multiply repeatedly.

    For each index: ``out[indices[...]] *= updates[...]``, beginning with ``input_x``.

    {slices}

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_mul(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [ 8.  2. 27.]
    """
    return _scatter_slices("TensorScatterMul", "mul", input_x, indices, updates)


@_with_shared_docs
def tensor_scatter_div(input_x, indices, updates):
    """Divides slices of a Tensor; repeated indices divide repeatedly.

    For each index: ``out[indices[...]] /= updates[...]``, beginning with ``input_x``.

    {slices}

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_div(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [2.         2.         0.33333334]
    """
    return _scatter_slices("TensorScatterDiv", "div", input_x, indices, updates)


def tensor_scatter_elements(input_x, indices, updates, axis=0, reduction="none"):
    """Writes single elements along an axis: ``out[indices[i][j]][j] = updates[i][j]`` for axis 0.

    Args:
        input_x (Tensor): at least one axis; numbers.
        indices (Tensor): as many axes as ``input_x``; integers in [-n, n) for ``n = input_x.shape[axis]``; negative
            ones count from the end.
        updates (Tensor): the shape of ``indices``; the type of ``input_x``.
        axis (int): the axis that indices count along. Default: 0.
        reduction (str): "none" to replace, "add" to add. Default: "none".

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit, ``axis`` is out of range or ``reduction`` unknown.
        IndexError: an index is outside of that.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1, 2, 3], [4, 5, 6]])
    >>> print(tensor_scatter_elements(x, ms.Tensor([[0, 2]]), ms.Tensor([[7, 9]]), 1))
    [[7 2 9]
     [4 5 6]]
    """
    name = "TensorScatterElements"
    x, index, update = as_tensor(input_x), index_of(name, indices), as_tensor(updates)
    if reduction not in ("none", "add"):
        raise fail(ValueError, f"For '{name}', 'reduction' must be 'none' or 'add', but got {reduction!r}.")
    same_type(name, x, update)
    if update.shape != index.shape:
        raise fail(
            ValueError,
            f"For '{name}', the updates must have the shape of the indices, {index.shape}, but got {update.shape}.",
        )
    return scatter_elements(
        name, x, index, update, int_axis(name, x.ndim, axis), "set" if reduction == "none" else "add"
    )


def scatter(input, axis, index, src):
    """Writes single elements along an axis: ``out[index[i][j]][j] = src[i][j]`` for axis 0.

    Args:
        input (Tensor): at least one axis; numbers.
        axis (int): the axis that indices count along.
        index (Tensor): as many axes as ``input``; integers in [0, input.shape[axis]).
        src (Tensor | number): as many axes as ``index`` and at least as long; the type of ``input``; or a number.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``index`` is not a Tensor of integers, or the types of ``input`` and ``src`` differ.
        ValueError: the shapes do not fit, or ``axis`` is out of range.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(scatter(ms.Tensor([[1, 2, 3], [4, 5, 6]]), 1, ms.Tensor([[0, 2]]), ms.Tensor([[7, 9]])))
    [[7 2 9]
     [4 5 6]]
    """
    return _scatter_along(input, axis, index, src, "set")


def _scatter_along(x, axis, index, src, mode):
    if isinstance(src, Tensor):
        same_type("scatter", x, src)
        if src.ndim != index.ndim or any(d < n for d, n in zip(src.shape, index.shape)):
            raise fail(
                ValueError,
                f"For 'scatter', 'src' must be as large as 'index', but got the shapes {src.shape} and {index.shape}.",
            )
    else:
        src = broadcast_to(literal(src, x.dtype), index.shape)
    return scatter_elements("scatter", x, index, src, int_axis("scatter", x.ndim, axis), mode)


def scatter_nd(indices, updates, shape):
    """Adds updates to slices of a Tensor of zeros; repeated indices add up.

    Args:
        indices (Tensor): shape (*I, k); integers that select along the first k axes of ``shape``.
        updates (Tensor): shape (*I, *shape[k:]); numbers.
        shape (tuple[int] | Tensor): shape of the result.

    Returns:
        Tensor of shape ``shape`` and the type of ``updates``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(scatter_nd(ms.Tensor([[1], [3], [1]]), ms.Tensor([5, 6, 7]), (4,)))
    [ 0 12  0  6]
    """
    indices, updates, shape = index_of("ScatterNd", indices), as_tensor(updates), shape_of(shape)
    flat, n, inner = nd_rows("ScatterNd", shape, indices)
    wanted = indices.shape[:-1] + shape[indices.shape[-1] :]
    if updates.shape != wanted:
        raise fail(ValueError, f"For 'ScatterNd', the updates must have the shape {wanted}, but got {updates.shape}.")
    return reshape(add_rows(reshape(updates, (1, flat.size, inner)), flat, n), shape)


# ---------------------------------------------------------------- Tensor's methods, whose signatures differ
@method("scatter")
def _tensor_scatter_method(self, dim=None, index=None, src=None, *, axis=None, value=None, reduce="none"):
    """Writes single elements along an axis: ``out[index[i][j]][j] = src[i][j]`` for axis 0; as ``ops.scatter``.

    Args:
        dim (int): the axis that indices count along. Default: None.
        index (Tensor): as many axes as the Tensor; integers in [0, length of the axis). Default: None.
        src (Tensor | number): as many axes as ``index`` and at least as long; the Tensor's type; or a number. Default:
            None.
        axis (int): another name of ``dim``, which it overrides. Default: None.
        value (number): another name of ``src``, used if ``src`` is None. Default: None.
        reduce (str): "none" to replace, "add" to add, "multiply" to multiply. Default: "none".

    Returns:
        Tensor of the same shape and type.

    Raises:
        TypeError: ``index`` is not a Tensor of integers, or the types differ.
        ValueError: the shapes do not fit, the axis is out of range or ``reduce`` unknown.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2, 3]).scatter(0, ms.Tensor([0, 2]), ms.Tensor([7, 9])))
    [7 2 9]
    """
    modes = {"none": "set", "add": "add", "multiply": "mul"}
    if reduce not in modes:
        raise fail(ValueError, f"For 'Tensor.scatter', 'reduce' must be one of {tuple(modes)}, but got {reduce!r}.")
    return _scatter_along(self, dim if axis is None else axis, index, value if src is None else src, modes[reduce])


@method("scatter_add")
def _tensor_scatter_add(self, *args, dim=None, index=None, src=None, indices=None, updates=None):
    """Adds to elements along an axis, or to slices.

    Called as ``(dim, index, src)`` it adds ``out[index[i][j]][j] += src[i][j]`` for dim 0; as ``(indices, updates)`` it
    is ``ops.tensor_scatter_add``.

    Args:
        *args (int | Tensor): the arguments of either form by position.
        dim (int): the axis that indices count along. Default: None.
        index (Tensor): as many axes as the Tensor; integers in [0, length of the axis). Default: None.
        src (Tensor | number): as many axes as ``index`` and at least as long; the Tensor's type. Default: None.
        indices (Tensor): shape (*I, k); integers that select along the first k axes. Default: None.
        updates (Tensor): shape (*I, *shape[k:]); the Tensor's type. Default: None.

    Returns:
        Tensor of the same shape and type.

    Raises:
        TypeError: the indices are not a Tensor of integers, or the types differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2, 3]).scatter_add(0, ms.Tensor([0, 2]), ms.Tensor([7, 9])))
    [ 8  2 12]
    >>> print(ms.Tensor([1, 2, 3]).scatter_add(ms.Tensor([[0]]), ms.Tensor([7])))
    [8 2 3]
    """
    given = list(args) + [a for a in (dim, index, src, indices, updates) if a is not None]
    if len(given) == 2:
        return tensor_scatter_add(self, *given)
    axis, index, src = given
    return _scatter_along(self, axis, index, src, "add")


method("scatter_sub")(tensor_scatter_sub)


method("scatter_min")(tensor_scatter_min)


method("scatter_max")(tensor_scatter_max)


method("scatter_mul")(tensor_scatter_mul)


method("scatter_div")(tensor_scatter_div)


__all__ = [
    "scatter", "scatter_nd", "tensor_scatter_add", "tensor_scatter_div", "tensor_scatter_elements",
    "tensor_scatter_max", "tensor_scatter_min", "tensor_scatter_mul", "tensor_scatter_sub",
    "tensor_scatter_update",
]  # fmt: skip
