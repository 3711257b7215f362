"""``TransformedDistribution``: the distribution of what a bijector gives for the values of another distribution."""

from ...core import checks
from ...core.errors import fail
from .base import Distribution, o


class TransformedDistribution(Distribution):
    """The distribution of ``bijector.forward(x)`` for the values x of ``distribution``.

    Args:
        bijector (Bijector): the function.
        distribution (Distribution): of floats.
        seed (int): accepted; draws follow the seed of the program.
        name (str): in messages.

    Raises:
        TypeError: an argument of another type.

    >>> import minispore as ms
    >>> import minispore.nn.probability.bijector as msb, minispore.nn.probability.distribution as msd
    >>> print(msd.TransformedDistribution(msb.Exp(), msd.Normal(0.0, 1.0)).cdf(ms.Tensor([1.0])))
    [0.5]
    """

    def __init__(self, bijector, distribution, seed=None, name="transformed_distribution"):
        if not hasattr(bijector, "inverse_log_jacobian"):
            raise fail(TypeError, f"For '{name}', 'bijector' must be a Bijector, but got {type(bijector).__name__}.")
        checks.instance(str(name), Distribution, distribution=distribution)
        if not distribution.dtype.is_float:
            raise fail(TypeError, f"For '{name}', the distribution must be of floats, but is of {distribution.dtype}.")
        super().__init__(seed, distribution.dtype, name, {"bijector": bijector, "distribution": distribution})
        self._bijector, self._distribution = bijector, distribution
        self._batch_shape = distribution.batch_shape
        self._is_scalar = bool(distribution.is_scalar_batch and bijector.is_scalar_batch)

    bijector = property(lambda self: self._bijector)
    distribution = property(lambda self: self._distribution)
    is_linear_transformation = property(lambda self: self._bijector.is_constant_jacobian)
    is_scalar_batch = property(lambda self: self._is_scalar)

    def log_prob(self, value, *args, **kwargs):
        """The logarithm of the density at ``value``."""
        of_value = self._distribution.log_prob(self._bijector.inverse(value), *args, **kwargs)
        return o.where(of_value == float("-inf"), of_value, of_value + self._bijector.inverse_log_jacobian(value))

    def cdf(self, value, *args, **kwargs):
        """The probability of at most ``value``."""
        return self._distribution.cdf(self._bijector.inverse(value), *args, **kwargs)

    def sample(self, shape=(), *args):
        """Draws of ``shape`` for each element of the parameters."""
        return self._bijector.forward(self._distribution.sample(shape, *args))

    def mean(self, *args):
        """The mean, for a linear function."""
        if not self.is_linear_transformation:
            raise fail(ValueError, f"'{self._name}' has a 'mean' for a linear function only.")
        return self._bijector.forward(self._distribution.mean(*args))
