"""``mindspore.nn.probability.bijector``: functions with an inverse, and the logarithms of their derivatives.

>>> import minispore as ms
>>> import minispore.nn.probability.bijector as msb
>>> print(msb.ScalarAffine(2.0, 1.0).inverse(ms.Tensor([5.0])))
[2.]
"""

from typing import Any, ClassVar

import numpy as np

from ... import nn, ops
from ...core import checks
from ...core.dtype import DType, to_dtype
from ...core.errors import fail
from ...core.op import as_tensor
from ...core.tensor import Tensor
from .distribution import Distribution, TransformedDistribution

o: Any = ops  # functions that modules of ops put there by name
_METHODS = ("forward", "inverse", "forward_log_jacobian", "inverse_log_jacobian")


class Bijector(nn.Cell):
    """Base of the bijectors.

    A subclass has ``_forward(value)``, ``_inverse``, ``_forward_log_jacobian`` and ``_inverse_log_jacobian`` as far as there are such.
    Calling it with the name of a method calls that, and with a distribution gives the distribution of its values.

    Args:
        is_constant_jacobian (bool): whether the derivative is the same everywhere.
        is_injective (bool): whether no two values have the same result.
        name (str): in messages.
        dtype (mindspore.dtype): of values and parameters; None for any float type, the same for all parameters.
        param (dict): its item ``param_dict`` has the parameters by name.

    Raises:
        TypeError: an argument of another type.
    """

    def __init__(self, is_constant_jacobian=False, is_injective=True, name=None, dtype=None, param=None):
        super().__init__()
        checks.string(type(self).__name__, name=name)
        checks.boolean(name, is_constant_jacobian=is_constant_jacobian, is_injective=is_injective)
        if dtype is not None and not (isinstance(dtype, DType) and dtype.is_float):
            raise fail(TypeError, f"For '{name}', 'dtype' must be a float type, but got {dtype}.")
        self._name, self._dtype = name, dtype
        self._is_constant_jacobian, self._is_injective = is_constant_jacobian, is_injective
        self._parameters = {k: v for k, v in (param or {}).items() if k != "self" and not k.startswith("_")}
        given = self._parameters.get("param_dict")
        self._batch_shape = self._is_scalar_batch = None
        if given is not None:
            self._batch_shape = np.broadcast_shapes(*(np.shape(_data(v)) for v in given.values()))
            self._is_scalar_batch = all(isinstance(v, (int, float)) for v in given.values() if v is not None)
        elif "bijector" not in self._parameters:
            self._is_scalar_batch = False

    name = property(lambda self: self._name)
    dtype = property(lambda self: self._dtype)
    parameters = property(lambda self: self._parameters)
    is_constant_jacobian = property(lambda self: self._is_constant_jacobian)
    is_injective = property(lambda self: self._is_injective)
    batch_shape = property(lambda self: self._batch_shape)
    is_scalar_batch = property(lambda self: self._is_scalar_batch)

    def _as_tensor(self, value, name: str) -> Tensor:
        """A parameter as a Tensor of the bijector's type, or of that of the others."""
        if isinstance(value, bool) or value is None or isinstance(value, str):
            raise fail(TypeError, f"For '{self._name}', '{name}' must be a float or a Tensor, but got {value!r}.")
        value = as_tensor(value) if not isinstance(value, (list, np.ndarray)) else Tensor(value)
        wanted = self._dtype or self.__dict__.setdefault("common_dtype", value.dtype)
        if value.dtype is not wanted or not value.dtype.is_float:
            raise fail(
                TypeError,
                f"For '{self._name}', '{name}' must have the float type of the others, {wanted}, but got {value.dtype}.",
            )
        return value

    def _check_value_dtype(self, value) -> Tensor:
        """``value``, which must be a Tensor of the bijector's type, or of any float type."""
        if not isinstance(value, Tensor):
            raise fail(TypeError, f"For '{self._name}', the value must be a Tensor, but got {type(value).__name__}.")
        if not value.dtype.is_float or (self._dtype is not None and value.dtype is not to_dtype(self._dtype)):
            raise fail(
                TypeError,
                f"For '{self._name}', the value must be of {self._dtype or 'a float type'}, but got {value.dtype}.",
            )
        return value

    def _check_value(self, value, name: str) -> Tensor:
        """``value``, which must be a Tensor."""
        checks.tensor(self._name, **{name.replace(" ", "_"): value})
        return value

    def cast_param_by_value(self, value, para) -> Tensor:
        """The parameter ``para`` in the type of ``value``."""
        return para.astype(value.dtype)

    def shape_mapping(self, shape):
        """The shape of the results of values of ``shape``."""
        return np.broadcast_shapes(tuple(shape), self._batch_shape or ())

    def forward(self, value, *args, **kwargs):
        """The function's result."""
        return self._forward(value, *args, **kwargs)

    def inverse(self, value, *args, **kwargs):
        """What the function gives ``value`` for."""
        return self._inverse(value, *args, **kwargs)

    def forward_log_jacobian(self, value, *args, **kwargs):
        """The logarithm of the derivative of ``forward``."""
        return self._forward_log_jacobian(value, *args, **kwargs)

    def inverse_log_jacobian(self, value, *args, **kwargs):
        """The logarithm of the derivative of ``inverse``."""
        return self._inverse_log_jacobian(value, *args, **kwargs)

    def __call__(self, *args, **kwargs):
        if args and isinstance(args[0], Distribution):
            return TransformedDistribution(self, args[0])
        return super().__call__(*args, **kwargs)

    def construct(self, name, *args, **kwargs):
        """Calls the method ``name``."""
        if name not in _METHODS:
            raise fail(
                ValueError, f"For '{self._name}', the method must be one of {', '.join(_METHODS)}, but got {name!r}."
            )
        return getattr(self, name)(*args, **kwargs)


def _held(attribute: str) -> property:
    return property(lambda self: self.__dict__[attribute])


def _data(value):
    return value.asnumpy() if isinstance(value, Tensor) else 0.0 if value is None else value


class _WithFormulas(Bijector):
    """A bijector whose ``FORMULAS`` are four functions of the value and the parameters, in the order of ``_METHODS``."""

    FORMULAS: ClassVar[tuple[Any, ...]] = ()
    CONSTANT: ClassVar[bool] = False
    LEAST: ClassVar[dict[str, str]] = {}  # parameter: ">" or ">=", what it is to be against 0

    def _set_up(self, name, given: dict) -> None:
        Bijector.__init__(self, self.CONSTANT, True, name, None, {"name": name, "param_dict": given, **given})
        for key, value in given.items():
            value = self._as_tensor(value, key)
            self.__dict__[f"_{key}"] = value
            if key in self.LEAST and not (
                np.all(value.asnumpy() >= 0) if self.LEAST[key] == ">=" else np.all(value.asnumpy() > 0)
            ):
                raise fail(ValueError, f"For '{name}', '{key}' must be {self.LEAST[key]} 0, but got {value}.")
        self._keys = tuple(given)

    def _of(self, k: int, value):
        value = self._check_value_dtype(value)
        return self.FORMULAS[k](
            value, *(self.cast_param_by_value(value, self.__dict__[f"_{key}"]) for key in self._keys)
        )

    def _forward(self, value):
        return self._of(0, value)

    def _inverse(self, value):
        return self._of(1, value)

    def _forward_log_jacobian(self, value):
        return self._of(2, value)

    def _inverse_log_jacobian(self, value):
        return self._of(3, value)


def _define(name: str, parameters: dict[str, float], doc: str, formulas, constant=False, least=None):
    """A bijector class with these parameters, their defaults, and these formulas."""
    scope: dict[str, Any] = {}
    signature = ", ".join([f"{key}={value!r}" for key, value in parameters.items()] + [f"name={name!r}"])
    exec(  # a signature that tools can show
        f"def __init__(self, {signature}):\n    self._set_up(name, dict({', '.join(f'{key}={key}' for key in parameters)}))\n",
        scope,
    )
    members = {
        "__doc__": doc, "__module__": __name__, "__init__": scope["__init__"], "FORMULAS": formulas, "CONSTANT": constant, "LEAST": least or {},
        **{key: _held(f"_{key}") for key in parameters},
    }  # fmt: skip
    return type(name, (_WithFormulas,), members)


def _where_zero(power, x, at_zero, else_):
    """``at_zero(x)`` where the power is 0, else ``else_(x, power)``, without a division by 0."""
    zero = power == 0.0
    return o.where(zero, at_zero(x), else_(x, o.where(zero, o.ones_like(power), power)))


def _softplus_inverse(x):
    return x + o.log(-o.expm1(-x))


PowerTransform = _define(
    "PowerTransform", {"power": 0.0}, "(1 + x c) ** (1 / c) for a power c; exp(x) for 0.",
    (
        lambda x, c: _where_zero(c, x, o.exp, lambda x, c: o.exp(o.log1p(x * c) / c)),
        lambda y, c: _where_zero(c, y, o.log, lambda y, c: o.expm1(o.log(y) * c) / c),
        lambda x, c: _where_zero(c, x, lambda x: x, lambda x, c: (1.0 / c - 1.0) * o.log1p(x * c)),
        lambda y, c: (c - 1.0) * o.log(y),
    ), least={"power": ">="},
)  # fmt: skip
GumbelCDF = _define(
    "GumbelCDF", {"loc": 0.0, "scale": 1.0}, "exp(-exp(-(x - loc) / scale)).",
    (
        lambda x, m, s: o.exp(-o.exp(-(x - m) / s)),
        lambda y, m, s: m - s * o.log(-o.log(y)),
        lambda x, m, s: -(x - m) / s - o.exp(-(x - m) / s) - o.log(s),
        lambda y, m, s: o.log(s / (-y * o.log(y))),
    ), least={"scale": ">"},
)  # fmt: skip
ScalarAffine = _define(
    "ScalarAffine", {"scale": 1.0, "shift": 0.0}, "scale x + shift.",
    (
        lambda x, a, b: a * x + b,
        lambda y, a, b: (y - b) / a,
        lambda x, a, b: o.log(o.abs(a)),
        lambda y, a, b: -o.log(o.abs(a)),
    ), constant=True,
)  # fmt: skip
Softplus = _define(
    "Softplus", {"sharpness": 1.0}, "log(1 + exp(k x)) / k for the sharpness k.",
    (
        lambda x, k: o.softplus(k * x) / k,
        lambda y, k: _softplus_inverse(k * y) / k,
        lambda x, k: -o.softplus(-k * x),
        lambda y, k: k * y - _softplus_inverse(k * y),
    ),
)  # fmt: skip


class Exp(PowerTransform):  # type: ignore[misc, valid-type]
    """exp(x)."""

    def __init__(self, name="Exp"):
        PowerTransform.__init__(self, 0.0, name)


class Invert(Bijector):
    """The inverse of another bijector.

    Args:
        bijector (Bijector): the other one.
        name (str): in messages.  Default: "", for "Invert" and the other's name.

    Raises:
        TypeError: ``bijector`` is none.
    """

    def __init__(self, bijector, name=""):
        checks.instance("Invert", Bijector, bijector=bijector)
        name = name or f"Invert{bijector.name}"
        Bijector.__init__(
            self,
            bijector.is_constant_jacobian,
            bijector.is_injective,
            name,
            bijector.dtype,
            {"bijector": bijector, "name": name},
        )
        self._bijector = bijector
        self._batch_shape, self._is_scalar_batch = bijector.batch_shape, bijector.is_scalar_batch

    bijector = property(lambda self: self._bijector)

    def forward(self, value):
        """The other's inverse."""
        return self._bijector.inverse(value)

    def inverse(self, value):
        """The other's result."""
        return self._bijector.forward(value)

    def forward_log_jacobian(self, value):
        """That of the other's inverse."""
        return self._bijector.inverse_log_jacobian(value)

    def inverse_log_jacobian(self, value):
        """That of the other."""
        return self._bijector.forward_log_jacobian(value)


__all__ = ["Bijector", "Exp", "GumbelCDF", "Invert", "PowerTransform", "ScalarAffine", "Softplus"]
