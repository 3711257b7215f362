"""``Distribution``: what follows from the formulas of a distribution, and how classes are made of them."""

import operator
from typing import Any, ClassVar

import numpy as np

from ... import nn, ops
from ...core import checks
from ...core.dtype import DType, bool_, float32, to_dtype
from ...core.errors import fail
from ...core.op import as_tensor
from ...core.parameter import Parameter
from ...core.tensor import Tensor

o: Any = ops  # functions that modules of ops put there by name


class Distribution(nn.Cell):
    """Base of the distributions.

    Parameters are given when it is made, or with each call after the value; those of a call come first.  ``FORMULAS`` of a
    subclass has ``log_prob(value, *parameters)``, ``cdf``, ``mean``, ``sd``, ``mode``, ``entropy``, ``kl`` (of the parameters of
    two distributions of the class) and ``sample(shape, *parameters)`` as far as there are such.
    Calling it with the name of a method calls that: ``normal("prob", value)``.

    Args:
        seed (int): accepted; draws follow the seed of the program.
        dtype (mindspore.dtype): of what is drawn.
        name (str): in messages.
        param (dict): the parameters by name; None where they come with each call.

    Raises:
        TypeError: an argument of another type, ``dtype`` none of ``OF_FLOATS`` or counts.
        ValueError: a parameter outside its range (``RANGES``), or shapes that do not broadcast.
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ()
    FORMULAS: ClassVar[dict[str, Any]] = {}
    ARRAYS_ONLY: ClassVar[bool] = False  # whether plain numbers are refused as parameters, as in MindSpore
    ABSENT: ClassVar[type[Exception]] = NotImplementedError  # raised for what it has not
    OF_FLOATS: ClassVar[bool] = False  # whether its values are floats
    NEEDED: ClassVar[bool] = False  # whether the parameters must be given when it is made
    RANGES: ClassVar[dict[str, str]] = {}  # parameter: which numbers it may be, a key of _RANGES

    def __init__(self, seed=None, dtype=float32, name=None, param=None):
        super().__init__()
        self._name, self._seed = type(self).__name__ if name is None else name, 0 if seed is None else seed
        checks.string(type(self).__name__, name=self._name)
        checks.non_negative_int(self._name, seed=self._seed)
        self.dtype = to_dtype(dtype)
        if self.dtype is bool_ or (self.OF_FLOATS and not self.dtype.is_float):
            raise fail(TypeError, f"For '{self._name}', 'dtype' must be of the values, but got {dtype}.")
        self.parameter_type = self.dtype if self.dtype.is_float else float32
        self.parameters = {key: x for key, x in (param or {}).items() if key != "self" and not key.startswith("_")}
        given = {key: value for key, value in (param or {}).items() if key in self.PARAMETERS}
        for key, value in given.items():
            if self.ARRAYS_ONLY and isinstance(value, (int, float)):
                raise fail(
                    TypeError, f"For '{self._name}', '{key}' must be a Tensor, a list or an array, but got {value!r}."
                )
            if isinstance(value, (bool, tuple)) or (value is None and self.NEEDED):
                raise fail(TypeError, f"For '{self._name}', '{key}' must be a number or a Tensor, but got {value!r}.")
            given[key] = None if value is None else self._parameter(value)
        self._given = tuple(given.get(key) for key in self.PARAMETERS)
        self._batch_shape = np.broadcast_shapes(*(p.shape for p in self._given if p is not None))
        for key, wanted in self.RANGES.items():
            value = given.get(key)
            if value is not None and not isinstance((param or {}).get(key), Parameter):
                holds, words = _RANGES[wanted]
                if not holds(value.asnumpy(), [None if p is None else p.asnumpy() for p in self._given]):
                    raise fail(
                        ValueError, f"For '{self._name}', '{key}' must be {words}, but got {value.asnumpy().tolist()}."
                    )

    batch_shape = property(lambda self: self._batch_shape)
    broadcast_shape = property(
        lambda self: self._batch_shape, doc="The shape of a draw, as far as the parameters say it."
    )
    is_scalar_batch = property(lambda self: not self.broadcast_shape)
    name = property(lambda self: self._name)
    seed = property(lambda self: self._seed)

    def _parameter(self, value) -> Tensor:
        value = as_tensor(value)
        return value if value.dtype.is_float else value.astype(self.parameter_type)

    def _parameters(self, given) -> list[Any]:
        """The parameters of a call: those that it names, else those of the distribution."""
        given = [*given, *[None] * (len(self.PARAMETERS) - len(given))]
        found = [own if p is None else self._parameter(p) for p, own in zip(given, self._given, strict=True)]
        for key, value in zip(self.PARAMETERS, found, strict=True):
            if value is None:
                raise fail(TypeError, f"For '{self._name}', '{key}' must be given: when it is made or with this call.")
        return found

    def _formula(self, name: str):
        formula = self.FORMULAS.get(name)
        if formula is None:
            raise fail(self.ABSENT, f"'{self._name}' has no '{name}'.")
        return formula

    def _of_value(self, name: str, value, given, **named):
        given = [*given, *(named[key] for key in self.PARAMETERS if key in named)] if named else given
        formula = self._formula(name)
        checks.tensor(self._name, value=value)
        return formula(self._parameter(value), *self._parameters(given))

    def log_prob(self, value, *args, **kwargs):
        """The logarithm of the density or of the probability at ``value``."""
        return self._of_value("log_prob", value, args, **kwargs)

    def prob(self, value, *args, **kwargs):
        """The density or the probability at ``value``."""
        return o.exp(self.log_prob(value, *args, **kwargs))

    def cdf(self, value, *args, **kwargs):
        """The probability of at most ``value``."""
        return self._of_value("cdf", value, args, **kwargs)

    def log_cdf(self, value, *args, **kwargs):
        """The logarithm of ``cdf``."""
        return o.log(self.cdf(value, *args, **kwargs))

    def survival_function(self, value, *args, **kwargs):
        """The probability of more than ``value``."""
        return 1.0 - self.cdf(value, *args, **kwargs)

    def log_survival(self, value, *args, **kwargs):
        """The logarithm of ``survival_function``."""
        return o.log(self.survival_function(value, *args, **kwargs))

    def mean(self, *args):
        """The mean."""
        return self._formula("mean")(*self._parameters(args))

    def sd(self, *args):
        """The standard deviation."""
        return self._formula("sd")(*self._parameters(args))

    def var(self, *args):
        """The variance."""
        return self.sd(*args) ** 2

    def mode(self, *args):
        """The most likely value."""
        return self._formula("mode")(*self._parameters(args))

    def entropy(self, *args):
        """The entropy in nats."""
        return self._formula("entropy")(*self._parameters(args))

    def kl_loss(self, dist, *args):
        """The Kullback-Leibler divergence to the distribution of the same class with the parameters that follow ``dist``."""
        formula = self._formula("kl")
        if dist != type(self).__name__:
            raise fail(ValueError, f"For '{self._name}', 'dist' must be '{type(self).__name__}', but got {dist!r}.")
        size = len(self.PARAMETERS)
        other = [self._parameter(p) for p in args[:size]]
        return formula(*self._parameters(args[size:]), *other)

    def cross_entropy(self, dist, *args):
        """The entropy plus the divergence, with the arguments of ``kl_loss``."""
        divergence = self.kl_loss(dist, *args)
        return self.entropy(*args[len(self.PARAMETERS) :]) + divergence

    def sample(self, shape=(), *args):
        """Draws of ``shape`` for each element of the parameters."""
        parameters = self._parameters(args)
        full = tuple(shape) + np.broadcast_shapes(*(p.shape for p in parameters))
        return self._formula("sample")(full, *parameters).astype(self.dtype)

    def get_dist_args(self, *args):
        """The parameters of a call."""
        return tuple(self._parameters(args))

    def get_dist_type(self) -> str:
        """The class of the distribution."""
        return type(self).__name__

    def construct(self, name, *args, **kwargs):
        """Calls the method ``name``."""
        if not hasattr(type(self), name):
            raise fail(NotImplementedError, f"'{self._name}' has no '{name}'.")
        return getattr(self, name)(*args, **kwargs)


_RANGES: dict[str, Any] = {  # (whether the numbers, beside the other parameters, are in the range, the range in words)
    "positive": (lambda x, others: np.all(x > 0), "greater than 0"),
    "probability": (lambda x, others: np.all((x > 0) & (x < 1)), "between 0 and 1"),
    "categories": (
        lambda x, others: x.ndim > 0 and np.all((x > 0) & (x < 1)) and np.allclose(x.sum(-1), 1.0, rtol=1e-5),
        "probabilities whose sum is 1",
    ),
    "above": (lambda x, others: others[0] is None or np.all(x > others[0]), "above the lower bound"),
}


def define(name: str, parameters: tuple[str, ...], doc: str, dtype: DType = float32, ranges=None, **formulas):
    """A distribution class with these parameters, in this order, their ``ranges`` and these formulas."""
    names = ", ".join(f"{p}=None" for p in parameters)
    scope: dict[str, Any] = {"Distribution": Distribution, "default": dtype}
    exec(  # a signature that tools can show
        f"def __init__(self, {names}, seed=None, dtype=default, name={name!r}):\n"
        f"    Distribution.__init__(self, seed, dtype, name, dict({', '.join(f'{p}={p}' for p in parameters)}))\n"
        + "".join(f"    self._{p} = self._given[{i}]\n" for i, p in enumerate(parameters)),
        scope,
    )
    members = {
        "__doc__": doc,
        "__module__": __name__,
        "PARAMETERS": parameters,
        "FORMULAS": formulas,
        "RANGES": ranges or {},
        "OF_FLOATS": dtype.is_float,
        "__init__": scope["__init__"],
    }
    for key in parameters:
        if not hasattr(Distribution, key):  # 'mean' and 'sd' are methods
            members[key] = property(operator.attrgetter(f"_{key}"), doc=f"The '{key}' it was made with, None without.")
    return type(name, (Distribution,), members)
