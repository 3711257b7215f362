"""How layers make their weights, and read them in the type of their input."""

from ...core.dtype import DType
from ...core.errors import fail
from ...core.initializer import initializer
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops.inputs import same_floats


def parameter(
    owner: str, name: str, init, shape, dtype: DType, requires_grad=True, argument: str | None = None
) -> Parameter:
    """A Parameter of a layer, with initial values.

    Args:
        owner: str, the layer's name for the message.
        name: str, of the Parameter.
        init: Tensor, Initializer, name of one, or number.
        shape: tuple of ints.
        dtype: DType.
        requires_grad: bool.  Default: True.
        argument: str, the layer's argument for the message.  Default: None, the name with "_init".

    Returns:
        Parameter.

    Raises:
        ValueError: ``init`` is a Tensor of another shape.
    """
    if isinstance(init, Tensor) and init.shape != tuple(shape):
        raise fail(
            ValueError,
            f"For '{owner}', '{argument or name + '_init'}' must have the shape {tuple(shape)}, but the given "
            f"Tensor has {init.shape}.",
        )
    return Parameter(initializer(init, shape, dtype), name=name, requires_grad=requires_grad)


def description(init):
    """What a layer keeps of the ``init`` that it was given: a Tensor itself would be a second copy of the weights.

    Args:
        init: as for ``parameter``.

    Returns:
        str for a Tensor with values, anything else as it is.
    """
    return f"Tensor of shape {init.shape}" if isinstance(init, Tensor) and not init.has_init else init


def cast_like(parameter, x, mixed=False):
    """A Parameter in the type of an input, if that is a type of floats (as under ``to_float``).

    Args:
        parameter: Parameter or None.
        x: Tensor.
        mixed: bool, whether float64 may meet other floats, as in MindSpore's recurrent layers.  Default: False.

    Returns:
        Tensor, or None for None.

    Raises:
        TypeError: float64 meets another type of floats.
    """
    if parameter is None:
        return None
    if not mixed:
        name = getattr(parameter, "name", None) or "weight"
        same_floats(f"the layer of {name}", input=x, **{name: parameter})
    return to(parameter, x.dtype) if x.dtype.is_float else parameter
