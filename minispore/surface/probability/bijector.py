"""``mindspore.nn.probability.bijector``: invertible functions of random variables, with the logarithms of their derivatives.

>>> import minispore as ms
>>> import minispore.nn.probability.bijector as msb
>>> print(msb.ScalarAffine(2.0, 1.0).forward(ms.Tensor([1.0, 3.0])))
[3. 7.]
"""

from typing import Any

import numpy as np

from ... import nn, ops
from ...core import checks
from ...core.dtype import to_dtype
from ...core.errors import fail
from ...core.tensor import Tensor
from .distribution import Distribution, TransformedDistribution

o: Any = ops  # functions that modules of ops put there by name


class Bijector(nn.Cell):
    """Base of the bijectors.  A subclass has ``_forward``, ``_inverse`` and ``_forward_log_jacobian`` of a value and the parameters.

    Calling it with the name of a method calls that: ``bijector("forward", x)``; with a distribution it gives the ``TransformedDistribution``.

    Args:
        is_constant_jacobian (bool): whether the derivative is the same everywhere.
        is_injective (bool): whether it is one-to-one.
        name (str): in messages.
        dtype (mindspore.dtype): that values must have.  None: any of floats.
        param (dict): the parameters by name.

    Raises:
        TypeError: an argument of another type, a parameter that is no float, or parameters of several types.
    """

    def __init__(self, is_constant_jacobian=False, is_injective=True, name=None, dtype=None, param=None):
        super().__init__()
        checks.string("Bijector", name=name)
        checks.boolean("Bijector", is_constant_jacobian=is_constant_jacobian, is_injective=is_injective)
        if dtype is not None and not to_dtype(dtype).is_float:
            raise fail(TypeError, f"For '{name}', 'dtype' must be one of floats, but got {dtype}.")
        self._name, self._dtype = name, None if dtype is None else to_dtype(dtype)
        self._is_constant_jacobian, self._is_injective = is_constant_jacobian, is_injective
        given = dict(param or {})
        self._parameters = {**given, "name": name, "param_dict": given} if given else {"name": name}
        self.default_parameters = list(given.values())
        self.parameter_names = list(given)
        self._values = tuple([self._parameter(key, value) for key, value in given.items()])
        types = {value.dtype for value in self._values}
        if len(types) > 1:
            raise fail(
                TypeError, f"For '{name}', the parameters must have one type, but got {', '.join(map(str, types))}."
            )
        self.common_dtype = next(iter(types), None)
        self._batch_shape = np.broadcast_shapes(*[value.shape for value in self._values]) if given else None
        self._is_scalar_batch = bool(given) and all([isinstance(value, (int, float)) for value in given.values()])

    name = property(lambda self: self._name)
    dtype = property(lambda self: self._dtype)
    parameters = property(lambda self: self._parameters)
    is_constant_jacobian = property(lambda self: self._is_constant_jacobian)
    is_injective = property(lambda self: self._is_injective)
    batch_shape = property(lambda self: self._batch_shape)
    is_scalar_batch = property(lambda self: self._is_scalar_batch)

    def _parameter(self, key: str, value) -> Tensor:
        if value is None or isinstance(value, bool):
            raise fail(TypeError, f"For '{self._name}', '{key}' must be a float, but got {value!r}.")
        value = Tensor(value)
        wrong = not value.dtype.is_float if self._dtype is None else value.dtype is not self._dtype
        if wrong:
            raise fail(
                TypeError, f"For '{self._name}', '{key}' must be of {self._dtype or 'floats'}, but got {value.dtype}."
            )
        return value

    def _call(self, function, value):
        """``function`` of a value and the parameters in its type."""
        checks.tensor(self._name, value=value)
        if not value.dtype.is_float if self._dtype is None else value.dtype is not self._dtype:
            raise fail(
                TypeError, f"For '{self._name}', 'value' must be of {self._dtype or 'floats'}, but got {value.dtype}."
            )
        return function(value, *[p.astype(value.dtype) for p in self._values])

    def forward(self, value):
        """The function of ``value``."""
        return self._call(self._forward, value)

    def inverse(self, value):
        """The inverse function of ``value``."""
        return self._call(self._inverse, value)

    def forward_log_jacobian(self, value):
        """The logarithm of the derivative of ``forward`` at ``value``."""
        return self._call(self._forward_log_jacobian, value)

    def inverse_log_jacobian(self, value):
        """The logarithm of the derivative of ``inverse`` at ``value``."""
        return self._call(self._inverse_log_jacobian, value)

    def _forward(self, x, *parameters):
        raise fail(NotImplementedError, f"'{self._name}' has no 'forward'.")

    def _inverse(self, y, *parameters):
        raise fail(NotImplementedError, f"'{self._name}' has no 'inverse'.")

    def _forward_log_jacobian(self, x, *parameters):
        raise fail(NotImplementedError, f"'{self._name}' has no 'forward_log_jacobian'.")

    def _inverse_log_jacobian(self, y, *parameters):
        return -self._forward_log_jacobian(self._inverse(y, *parameters), *parameters)

    def shape_mapping(self, shape):
        """The shape of results for values of a shape."""
        return np.broadcast_shapes(tuple(shape), self._batch_shape or ())

    def cast_param_by_value(self, value, para):
        """A parameter in the type of a value."""
        return para.astype(value.dtype)

    def __call__(self, *args, **kwargs):
        if args and isinstance(args[0], Distribution):
            return TransformedDistribution(self, args[0])
        return super().__call__(*args, **kwargs)

    def construct(self, name, *args, **kwargs):
        if name not in ("forward", "inverse", "forward_log_jacobian", "inverse_log_jacobian"):
            raise fail(ValueError, f"For '{self._name}', there is no function {name!r}.")
        return getattr(self, name)(*args, **kwargs)


class PowerTransform(Bijector):
    """``y = (1 + x c) ** (1 / c)`` for a power c of at least 0; ``exp(x)`` where it is 0.

    Raises:
        ValueError: a power below 0.

    >>> import minispore as ms
    >>> print(PowerTransform(0.5).forward(ms.Tensor([2.0])))
    [4.]
    """

    def __init__(self, power=0.0, name="PowerTransform"):
        super().__init__(name=name, param={"power": power})
        _at_least("PowerTransform", "power", self.power, 0, False)

    power = property(lambda self: self._values[0])

    def _forward(self, x, c):
        is_exp = c == 0
        return o.where(is_exp, o.exp(x), o.pow(1 + x * c, 1 / o.where(is_exp, 1.0, c)))

    def _inverse(self, y, c):
        is_exp = c == 0
        return o.where(is_exp, o.log(y), (o.pow(y, c) - 1) / o.where(is_exp, 1.0, c))

    def _forward_log_jacobian(self, x, c):
        is_exp = c == 0
        return o.where(is_exp, x + o.zeros_like(c), (1 / o.where(is_exp, 1.0, c) - 1) * o.log1p(x * c))

    def _inverse_log_jacobian(self, y, c):
        return (c - 1) * o.log(y)


class Exp(PowerTransform):
    """``y = exp(x)``."""

    def __init__(self, name="Exp"):
        super().__init__(name=name)


class ScalarAffine(Bijector):
    """``y = scale x + shift``."""

    def __init__(self, scale=1.0, shift=0.0, name="ScalarAffine"):
        super().__init__(is_constant_jacobian=True, name=name, param={"scale": scale, "shift": shift})

    scale = property(lambda self: self._values[0])
    shift = property(lambda self: self._values[1])

    def _forward(self, x, scale, shift):
        return scale * x + shift

    def _inverse(self, y, scale, shift):
        return (y - shift) / scale

    def _forward_log_jacobian(self, x, scale, shift):
        return o.log(o.abs(scale))

    def _inverse_log_jacobian(self, y, scale, shift):
        return -o.log(o.abs(scale))


class Softplus(Bijector):
    """``y = log(1 + exp(sharpness x)) / sharpness``."""

    def __init__(self, sharpness=1.0, name="Softplus"):
        super().__init__(name=name, param={"sharpness": sharpness})

    sharpness = property(lambda self: self._values[0])

    def _forward(self, x, s):
        return -o.logsigmoid(-s * x) / s

    def _inverse(self, y, s):
        return y + o.log(-o.expm1(-s * y)) / s

    def _forward_log_jacobian(self, x, s):
        return o.logsigmoid(s * x)

    def _inverse_log_jacobian(self, y, s):
        return -o.log(-o.expm1(-s * y))


class GumbelCDF(Bijector):
    """``y = exp(-exp(-(x - loc) / scale))``.

    Raises:
        ValueError: a scale that is not above 0.
    """

    def __init__(self, loc=0.0, scale=1.0, name="GumbelCDF"):
        super().__init__(name=name, param={"loc": loc, "scale": scale})
        _at_least("GumbelCDF", "scale", self.scale, 0, True)

    loc = property(lambda self: self._values[0])
    scale = property(lambda self: self._values[1])

    def _forward(self, x, loc, scale):
        return o.exp(-o.exp(-(x - loc) / scale))

    def _inverse(self, y, loc, scale):
        return loc - scale * o.log(-o.log(y))

    def _forward_log_jacobian(self, x, loc, scale):
        z = (x - loc) / scale
        return -z - o.exp(-z) - o.log(scale)

    def _inverse_log_jacobian(self, y, loc, scale):
        return o.log(scale / (-y * o.log(y)))


class Invert(Bijector):
    """A bijector the other way round."""

    def __init__(self, bijector, name=""):
        checks.instance("Invert", Bijector, bijector=bijector)
        super().__init__(
            bijector.is_constant_jacobian, bijector.is_injective, name or f"Invert{bijector.name}", bijector.dtype
        )
        self._bijector = bijector
        self._batch_shape, self._is_scalar_batch = bijector.batch_shape, bijector.is_scalar_batch

    bijector = property(lambda self: self._bijector)

    def _forward(self, x):
        return self._bijector.inverse(x)

    def _inverse(self, y):
        return self._bijector.forward(y)

    def _forward_log_jacobian(self, x):
        return self._bijector.inverse_log_jacobian(x)

    def _inverse_log_jacobian(self, y):
        return self._bijector.forward_log_jacobian(y)


def _at_least(owner: str, name: str, value: Tensor, least: float, above: bool) -> None:
    values = value.asnumpy()
    if not (values > least if above else values >= least).all():
        raise fail(
            ValueError, f"For '{owner}', '{name}' must be {'above' if above else 'at least'} {least}, but got {values}."
        )


__all__ = ["Bijector", "Exp", "GumbelCDF", "Invert", "PowerTransform", "ScalarAffine", "Softplus"]
