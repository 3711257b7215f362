"""Written docstrings of primitive classes; the others are made from those of the functions that they call."""

DOCSTRINGS = {
    "ReduceMean": """The mean over axes, as an object.

Args:
    keep_dims (bool): whether the axes stay, with length 1. Default: False.

Inputs:
    x (Tensor): any shape, a type of numbers.
    axis (int, tuple of ints): the axes; all of them for ``()``. Default: ``()``.

Returns:
    Tensor of the type of ``x``.

>>> import minispore as ms
>>> print(ReduceMean(keep_dims=True)(ms.Tensor([[1.0, 3.0]]), 1))
[[2.]]
""",
}

__all__ = ["DOCSTRINGS"]
