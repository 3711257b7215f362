"""``mint``: Tensors from nothing, and random ones."""

from ..core.dtype import float32, int64
from ..core.errors import fail
from ..core.op import as_tensor, to
from ._forms import like, ops


@like(ops.zeros)
def empty(*size, dtype=None, device=None, pin_memory=False):
    """A Tensor whose values are not to be relied on (zeros)."""
    return ops.zeros(size[0] if len(size) == 1 else size, dtype)


@like(ops.zeros_like)
def empty_like(input, *, dtype=None, device=None, pin_memory=False):
    """The same in the shape and type of ``input``."""
    return ops.zeros_like(input, dtype=dtype)


@like(ops.linspace)
def linspace(start, end, steps, *, dtype=None):
    """``steps`` numbers from ``start`` to ``end``."""
    return ops.linspace(start, end, steps, dtype=dtype)


def _no_generator(name, generator):
    """Draws follow from ``set_seed`` alone: a generator of its own would be ignored, so it is refused."""
    if generator is not None:
        raise fail(ValueError, f"For '{name}', 'generator' must be None: seed draws by ms.set_seed.")


def normal(mean=0.0, std=1.0, size=None, generator=None):
    """Normal numbers, of the shape ``size`` or of that in which ``mean`` and ``std`` broadcast.

    Args:
        mean (Tensor | float): the means. Default: 0.0.
        std (Tensor | float): the standard deviations. Default: 1.0.
        size (tuple[int]): the shape; None for the shape of ``mean + std``. Default: None.
        generator (None): numbers come from the global generator. Default: None.

    Returns:
        Tensor of floats.

    >>> import minispore as ms
    >>> normal(ms.Tensor([0.0, 10.0]), 1.0).shape, normal(size=(2, 3)).shape
    ((2,), (2, 3))
    """
    _no_generator("normal", generator)
    if size is None:
        size = ops.add(as_tensor(mean), std).shape
    return ops.normal(size, mean, std)


def bernoulli(input, *, generator=None):
    """1 with the probability that ``input`` gives, else 0.

    Args:
        input (Tensor): any shape; floats in [0, 1].
        generator (None): numbers come from the global generator. Default: None.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(bernoulli(ms.Tensor([0.0, 1.0])))
    [0. 1.]
    """
    _no_generator("bernoulli", generator)
    return to(ops.rand(input.shape, dtype=float32) < input, input.dtype)


@like(
    ops.multinomial,
    example=">>> import minispore as ms\n>>> print(multinomial(ms.Tensor([0.0, 1.0, 0.0]), 3, replacement=True))\n[1 1 1]",
)
def multinomial(input, num_samples, replacement=False, *, generator=None):
    """Indices drawn with the weights ``input``."""
    _no_generator("multinomial", generator)
    return ops.multinomial(input, num_samples, replacement).astype(int64)


def randint(*args, dtype=None, generator=None, device=None):
    """Uniform integers in [low, high): ``randint(high, size)`` or ``randint(low, high, size)``.

    Args:
        *args (int | tuple[int]): ``low`` (0 if it is not given), ``high`` and the shape ``size``.
        dtype (dtype): the type; int64 by default. Default: None.
        generator (None): numbers come from the global generator. Default: None.
        device (str): no effect: there is one device. Default: None.

    Returns:
        Tensor of the shape ``size``; ``dtype`` or int64.

    >>> import minispore as ms
    >>> print(randint(3, 4, (2,)), randint(10, (2, 3)).shape)
    [3 3] (2, 3)
    """
    _no_generator("randint", generator)
    low, high, size = (0, *args) if len(args) == 2 else args
    return ops.randint(low, high, size, dtype=dtype)


def randint_like(input, low, high=None, *, dtype=None, device=None):
    """Uniform integers in [low, high), or in [0, low), in the shape of ``input``.

    Args:
        input (Tensor): any shape.
        low (int): the smallest number; the bound if ``high`` is not given.
        high (int): the bound, which is never drawn. Default: None.
        dtype (dtype): the type; that of ``input`` by default. Default: None.
        device (str): no effect: there is one device. Default: None.

    Returns:
        Tensor of the shape of ``input``; ``dtype`` or the type of ``input``.

    >>> import minispore as ms
    >>> print(randint_like(ms.Tensor([0, 0]), 3, 4))
    [3 3]
    """
    low, high = (0, low) if high is None else (low, high)
    return ops.randint(low, high, input.shape, dtype=dtype or input.dtype)


@like(ops.randperm)
def randperm(n, *, generator=None, dtype=int64):
    """A random order of 0..n-1."""
    _no_generator("randperm", generator)
    return ops.randperm(n, dtype=dtype)


@like(ops.ones)
def ones(size, dtype=None):
    """A Tensor of ones."""
    return ops.ones(size, dtype)


def rand(*size, generator=None, dtype=None, device=None):
    """Uniform random numbers in [0, 1).

    Args:
        *size (int | tuple[int]): lengths of the axes, or one tuple of them.
        generator (None): numbers come from the global generator. Default: None.
        dtype (dtype): the type, a float type; None for float32. Default: None.
        device (str): no effect: there is one device. Default: None.

    Returns:
        Tensor of the shape ``size``; ``dtype`` or float32.

    >>> import minispore as ms
    >>> rand(2, 3).shape
    (2, 3)
    """
    _no_generator("rand", generator)
    return ops.rand(*size, dtype=dtype)


def randn(*size, generator=None, dtype=None, device=None):
    """Normal random numbers of mean 0 and standard deviation 1.

    Args:
        *size (int | tuple[int]): lengths of the axes, or one tuple of them.
        generator (None): numbers come from the global generator. Default: None.
        dtype (dtype): the type, a float type; None for float32. Default: None.
        device (str): no effect: there is one device. Default: None.

    Returns:
        Tensor of the shape ``size``; ``dtype`` or float32.

    >>> import minispore as ms
    >>> randn(2, 3).shape
    (2, 3)
    """
    _no_generator("randn", generator)
    return ops.randn(*size, dtype=dtype)


@like(ops.rand_like)
def rand_like(input, *, dtype=None, device=None):
    """Uniform random numbers in [0, 1), in the shape of a Tensor."""
    return ops.rand_like(input, dtype=dtype)


@like(ops.randn_like)
def randn_like(input, *, dtype=None, device=None):
    """Normal random numbers in the shape of a Tensor."""
    return ops.randn_like(input, dtype=dtype)
