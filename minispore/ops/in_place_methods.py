"""Methods of Tensor that change it in place, and those they are made from."""

from ..core.tensor import Tensor
from . import clipping, elementwise as e, matrix, products, random, special
from .elementwise import mul, select
from .index_updates import _scalar, _tensor_index_add, index_fill, masked_fill
from .methods import bound, in_place, method, second_signature
from .movement import axis_of, broadcast_to
from .quotients import div
from .scattering import _tensor_scatter_add, _tensor_scatter_method
from .slicing import zeros_of


@method("where")
def _tensor_where(self, condition, y=None, *, other=None):
    """Keeps the elements where ``condition`` holds and takes those of another Tensor elsewhere.

    Args:
        condition (Tensor): a shape that broadcasts; taken as bool.
        y (Tensor | number): the values elsewhere, of a shape that broadcasts. Default: None.
        other (Tensor | number): another name of ``y``, used if ``y`` is None. Default: None.

    Returns:
        Tensor of the broadcast shape; the common type of the values.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> x = ms.Tensor([-1.0, 2.0])
    >>> print(x.where(x > 0, 0.25))
    [0.25 2.  ]
    """
    return select(condition, self, other if y is None else y)


@method("select")
def _tensor_select(self, *args, **given):
    """A slice along an axis, called as ``(dim, index)``; or a choice of elements, as ``(condition, y)``.

    Args:
        *args (int | Tensor): the axis and the position, a negative one from the end; or a condition (taken as bool) and
            the values (a Tensor or a number) where it does not hold, of shapes that broadcast.
        **given (object): these by name: ``dim`` and ``index``, or ``condition`` and ``y``.

    Returns:
        Tensor without the axis ``dim``; or of the broadcast shape and the common type of the values.

    Raises:
        ValueError: ``dim`` is out of range, or the shapes do not broadcast.
        IndexError: ``index`` is out of range.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1, 2], [3, 4]])
    >>> print(x.select(0, 1), x.select(x > 2, 0))
    [3 4] [[0 0]
     [3 4]]
    """
    by_place = "dim" in given or (args and not isinstance(args[0], Tensor))
    names: dict = {"dim": ..., "index": ...} if by_place else {"condition": ..., "y": ...}
    first, second = bound("Tensor.select", args, given, names)
    if not by_place:
        return select(first, self, second)
    a = axis_of("select", self.ndim, first)
    return self[(slice(None),) * a + (int(second),)]


@method("add")
def _add_scaled(self, other, *, alpha=1):
    """Sum ``self + alpha * other``.

    Args:
        other (Tensor | number): a shape that broadcasts to the Tensor's; numbers.
        alpha (number): factor of ``other``. Default: 1.

    Returns:
        Tensor of the broadcast shape; the common type.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).add_(ms.Tensor([3.0, 4.0]), alpha=2))
    [ 7. 10.]
    """
    return self + (other if alpha == 1 else other * alpha)


@method("sub")
def _sub_scaled(self, other, *, alpha=1):
    """Difference ``self - alpha * other``.

    Args:
        other (Tensor | number): a shape that broadcasts to the Tensor's; numbers.
        alpha (number): factor of ``other``. Default: 1.

    Returns:
        Tensor of the broadcast shape; the common type.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).sub_(ms.Tensor([3.0, 4.0]), alpha=2))
    [-5. -6.]
    """
    return self - (other if alpha == 1 else other * alpha)


def _copy(self, src):
    """Copies the values of ``src``.

    Args:
        src (Tensor): a shape that broadcasts to the Tensor's; numbers.

    Returns:
        Tensor of the same shape; the type of ``src``.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).copy_(ms.Tensor([3, 4])))
    [3. 4.]
    """
    return broadcast_to(src, self.shape)


def _zero(self):
    """Fills the Tensor with 0.

    Returns:
        Tensor of the same shape and type.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).zero_())
    [0. 0.]
    """
    return zeros_of(self, self.shape)


@method("fill")
def _fill(self, value):
    """Fills a Tensor of the same shape and type with one value.

    Args:
        value (number | Tensor): a number or a Tensor of one element; converted to the type.

    Returns:
        Tensor of the same shape and type.

    Raises:
        ValueError: ``value`` has several elements.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).fill(9))
    [9. 9.]
    """
    return broadcast_to(_scalar("fill", value, self.dtype), self.shape)


def _uniform(self, from_=0, to=1, *, generator=None):
    """Fills the Tensor with uniform random numbers in ``[from_, to)``.

    Args:
        from_ (number): the lower bound. Default: 0.
        to (number): the upper bound; not drawn. Default: 1.
        generator (None): no effect: numbers come from the global generator. Default: None.

    Returns:
        Tensor of the same shape.

    >>> import minispore as ms
    >>> x = ms.Tensor([5.0, 6.0]).uniform_()
    >>> print(bool((x >= 0).all()), bool((x < 1).all()))
    True True
    """
    return random.uniform01(self.shape, self.dtype) * (to - from_) + from_


def _normal(self, mean=0, std=1, *, generator=None):
    """Fills the Tensor with normal random numbers.

    Args:
        mean (number): the mean. Default: 0.
        std (number): the standard deviation. Default: 1.
        generator (None): no effect: numbers come from the global generator. Default: None.

    Returns:
        Tensor of the same shape.

    >>> import minispore as ms
    >>> ms.Tensor([5.0, 6.0]).normal_(1.0, 0.5).shape
    (2,)
    """
    return random.normal(self.shape, mean, std)


_IN_PLACE = {
    "masked_fill_": masked_fill, "index_fill_": index_fill, "index_add_": _tensor_index_add,
    "scatter_": _tensor_scatter_method, "scatter_add_": _tensor_scatter_add, "copy_": _copy, "add_": _add_scaled,
    "sub_": _sub_scaled, "mul_": mul, "div_": div, "zero_": _zero, "fill_": _fill,
    "clamp_": clipping.clamp, "exp_": e.exp, "log_": e.log, "floor_": e.floor, "tanh_": e.tanh, "sigmoid_": e.sigmoid,
    "erfinv_": special.erfinv, "sign_": e.sign, "addmm_": products.addmm, "floor_divide_": e.floor_div,
    "remainder_": e.floor_mod, "fill_diagonal_": matrix._fill_diagonal, "uniform_": _uniform, "normal_": _normal,
}  # fmt: skip
for _name, _function in _IN_PLACE.items():
    in_place(_name, _function)
for _name, _names in {
    "floor_divide_": {"other": "y"}, "remainder_": {"other": "y"}, "sub_": {"y": "other"}, "index_fill_": {"dim": "axis"},
}.items():  # fmt: skip
    second_signature(_name, **_names)
__test__ = {name: getattr(Tensor, name) for name in _IN_PLACE}  # the examples of their docstrings


__all__: list[str] = []  # methods only
