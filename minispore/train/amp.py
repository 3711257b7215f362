"""Mixed precision: which cells compute in float16 or bfloat16, and loss scaling.

Products of bfloat16 matrices take half the time of float32 on processors with an instruction for them
(docs/mixed_precision.md).  All else is computed in float32, and each result is rounded as if it had been stored in 16
bits.  Activations take half the memory, and numbers behave as they would on a device: small gradients vanish in float16,
which loss scaling prevents, and bfloat16 keeps float32's range with 8 bits of precision.  Parameters and optimizer state
stay in float32 at every level.
"""

import warnings
from abc import ABCMeta, abstractmethod

from .. import nn, ops
from ..core import checks
from ..core.dtype import bfloat16, bool_, float16, float32, int32
from ..core.errors import fail
from ..core.op import to
from ..core.parameter import Parameter
from ..core.record import user_level
from ..core.tensor import Tensor
from ..core.tree import leaves, map_leaves
from .loss_scale_manager import DynamicLossScaleManager, FixedLossScaleManager, LossScaleManager

LEVELS = ("O0", "O1", "O2", "O3", "auto")
_WHITE_CELLS = ("Conv1d", "Conv2d", "Conv3d", "Conv1dTranspose", "Conv2dTranspose", "Conv3dTranspose", "Dense",
                "LSTMCell", "RNNCell", "GRUCell")  # fmt: skip
_WHITE_OPS = ("Conv2D", "Conv3D", "Conv2DTranspose", "Conv3DTranspose", "Conv2DBackpropInput", "MatMul", "BatchMatMul",
              "PReLU", "ReLU", "Ger")  # fmt: skip
_BATCH_NORMS = ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d")


def _existing(module, names) -> list[type]:
    return [getattr(module, name) for name in names if hasattr(module, name)]


def get_white_list() -> list[type]:
    """The cells and primitives that compute in half precision at level "O1": convolutions, products, recurrent cells.

    Returns:
        list of classes.

    >>> import minispore as ms
    >>> ms.nn.Dense in ms.amp.get_white_list()
    True
    """
    return _existing(nn, _WHITE_CELLS) + _existing(ops, _WHITE_OPS)


def get_black_list() -> list[type]:
    """The cells that stay in float32 at level "O2": batch and layer normalisation.

    Returns:
        list of classes.

    >>> import minispore as ms
    >>> ms.nn.LayerNorm in ms.amp.get_black_list()
    True
    """
    return _existing(nn, (*_BATCH_NORMS, "LayerNorm"))


# ---------------------------------------------------------------- precision
class _Lowered:
    """A primitive that computes in ``dtype`` and returns float32; it replaces the original in a Cell."""

    def __init__(self, primitive, dtype):
        self.primitive, self.dtype = primitive, dtype

    def __call__(self, *args):
        return _cast(self.primitive(*_cast(args, self.dtype)), float32)

    def __getattr__(self, name):
        if name.startswith("__") or name == "primitive":
            raise AttributeError(name)
        return getattr(self.primitive, name)


def _cast(tree, dtype):
    return map_leaves(lambda x: to(x, dtype) if isinstance(x, Tensor) and x.dtype.is_float else x, tree)


def _set_types(cell, inside, outside) -> None:
    """Makes ``cell`` and the cells below it compute in the type ``inside``; the outputs of ``cell`` are cast to ``outside``."""
    cell.to_float(inside)
    cell.__dict__["_output_type"] = outside
    cell._invalidate()


def _lower_white(network, white, dtype) -> None:
    for _, cell in list(network.cells_and_names()):
        if isinstance(cell, white):
            _set_types(cell, dtype, float32)
        for name, value in list(vars(cell).items()):
            if isinstance(value, white) and not isinstance(value, nn.Cell):
                setattr(cell, name, _Lowered(value, dtype))


def _lower_but_black(network, black, dtype) -> None:
    _set_types(network, dtype, float32)
    for _, cell in network.cells_and_names():
        if isinstance(cell, black) and cell is not network:
            _set_types(cell, float32, dtype)


def _checked_dtype(owner, dtype):
    if dtype not in (float16, bfloat16):
        raise fail(ValueError, f"For '{owner}', 'dtype' must be float16 or bfloat16, but got {dtype}.")


def auto_mixed_precision(network, amp_level="O0", dtype=float16):
    """Makes parts of a network compute in half precision, in place; its Parameters and outputs stay float32.

    ========  =============================================================================
    "O0"      nothing changes
    "O1"      cells and primitives of ``get_white_list()`` compute in ``dtype``
    "O2"      all but the cells of ``get_black_list()`` do
    "O3"      all do
    "auto"    as "O1"
    ========  =============================================================================

    Args:
        network: Cell; for "auto" a function too, which stays as it is, with a warning.
        amp_level: str, as above.  Default: "O0".
        dtype: float16 (the default) or bfloat16.

    Returns:
        Cell, the network itself.

    Raises:
        TypeError: ``network`` is not a Cell.
        ValueError: an unknown level or dtype.

    >>> import minispore as ms
    >>> net = ms.amp.auto_mixed_precision(ms.nn.Dense(2, 1, weight_init="ones", has_bias=False), "O3")
    >>> print(net(ms.Tensor([[1.0, 1e-4]])))  # 1.0001 has no float16
    [[1.]]
    >>> net.weight.dtype
    mindspore.float32
    """
    if amp_level not in LEVELS:
        raise fail(
            ValueError, f"For 'auto_mixed_precision', 'amp_level' must be one of {LEVELS}, but got {amp_level!r}."
        )
    if amp_level == "auto" and callable(network) and not isinstance(network, nn.Cell):
        warnings.warn(
            "auto_mixed_precision of a function: it stays in float32; use it on a Cell.", stacklevel=user_level()
        )
        return network
    checks.instance("auto_mixed_precision", nn.Cell, network=network)
    _checked_dtype("auto_mixed_precision", dtype)
    if amp_level in ("O1", "auto"):
        _lower_white(network, tuple(get_white_list()), dtype)
    elif amp_level in ("O2", "O3"):
        _lower_but_black(network, tuple(get_black_list()) if amp_level == "O2" else (), dtype)
    return network


def custom_mixed_precision(network, *, white_list=None, black_list=None, dtype=float16):
    """Like ``auto_mixed_precision`` with your own lists: level "O1" with ``white_list``, or "O2" with ``black_list``.

    Args:
        network: Cell, changed in place.
        white_list: list of classes of cells and primitives.  Default: None.
        black_list: list of classes of cells.  Default: None.
        dtype: float16 (the default) or bfloat16.

    Returns:
        Cell, the network itself.

    Raises:
        TypeError: ``network`` is not a Cell; a list is not one, or holds something other than such classes.
        ValueError: both lists or none; another dtype.

    >>> import minispore as ms
    >>> net = ms.nn.Dense(2, 1, weight_init="ones", has_bias=False)
    >>> net = ms.amp.custom_mixed_precision(net, white_list=[ms.nn.Dense])
    >>> print(net(ms.Tensor([[1.0, 1e-4]])))
    [[1.]]
    """
    checks.instance("custom_mixed_precision", nn.Cell, network=network)
    if (white_list is None) == (black_list is None):
        raise fail(ValueError, "For 'custom_mixed_precision', give one of 'white_list' and 'black_list'.")
    _checked_dtype("custom_mixed_precision", dtype)
    name, given = ("white_list", white_list) if black_list is None else ("black_list", black_list)
    bases = (nn.Cell, ops.Primitive) if black_list is None else (nn.Cell,)
    if not isinstance(given, list) or not all(isinstance(c, type) and issubclass(c, bases) for c in given):
        expected = " and ".join(b.__name__ for b in bases)
        raise fail(
            TypeError,
            f"For 'custom_mixed_precision', '{name}' must be a list of classes of {expected}, but got {given!r:.80}.",
        )
    (_lower_white if black_list is None else _lower_but_black)(network, tuple(given), dtype)
    return network


# ---------------------------------------------------------------- train steps
class _WithLossIn32(nn.WithLossCell):
    """The loss of a network in half precision; its output and the label are float32."""

    def construct(self, data, label):
        return self._loss_fn(self._backbone(data), _cast(label, float32))


_CONFIG = {  # level -> cast_model_type, keep_batchnorm_fp32, whether the loss is scaled
    "O0": (float32, False, False),
    "O1": (float32, False, False),
    "O2": (float16, True, True),
    "O3": (float16, False, False),
    "auto": (float32, False, False),
}


def build_train_network(network, optimizer, loss_fn=None, level="O0", boost_level="O0", **kwargs):
    """A train step: the network with its loss, in the precision of ``level``, and its optimizer.

    Args:
        network: Cell; without ``loss_fn`` it returns the loss.
        optimizer: Optimizer of its Parameters.
        loss_fn: Cell of (output, label).  Default: None.
        level: "O0" (the default) to "O3" or "auto"; see ``auto_mixed_precision``.  "O2" keeps batch normalisation in
            float32, and scales the loss dynamically.
        boost_level: accepted; nothing is done.
        **kwargs: ``cast_model_type`` (float16 or float32), ``keep_batchnorm_fp32``, ``loss_scale_manager``: in place of
            what the level says.

    Returns:
        nn.TrainOneStepCell, whose call returns the loss; with a loss scale that looks at overflow
        nn.TrainOneStepWithLossScaleCell, whose call returns (loss, overflow, scale).

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an unknown level or keyword.

    >>> import minispore as ms
    >>> net = ms.nn.Dense(2, 1)
    >>> step = ms.amp.build_train_network(net, ms.nn.SGD(net.trainable_params()), ms.nn.MSELoss(), level="O2")
    >>> loss, overflow, scale = step(ms.Tensor([[1.0, 2.0]]), ms.Tensor([[1.0]]))
    """
    checks.instance("build_train_network", nn.Optimizer, optimizer=optimizer)
    for name, value, allowed in (("level", level, LEVELS), ("boost_level", boost_level, ("O0", "O1", "O2"))):
        checks.one_of("build_train_network", allowed, **{name: value})
    cast_type, keep_batchnorm, scaled = _CONFIG[level]
    unknown = set(kwargs) - {"cast_model_type", "keep_batchnorm_fp32", "loss_scale_manager"}
    if unknown:
        raise fail(ValueError, f"For 'build_train_network', there is no argument {sorted(unknown)}.")
    manager = kwargs.get("loss_scale_manager", DynamicLossScaleManager() if scaled else None)
    if manager is not None:
        checks.instance("build_train_network", LossScaleManager, loss_scale_manager=manager)
    keep_batchnorm = checks.boolean(
        "build_train_network", keep_batchnorm_fp32=kwargs.get("keep_batchnorm_fp32", keep_batchnorm)
    )
    cast_type = kwargs.get("cast_model_type", cast_type)
    if cast_type not in (float16, float32):
        raise fail(
            TypeError, f"For 'build_train_network', 'cast_model_type' must be float16 or float32, but got {cast_type}."
        )
    lowered = cast_type is float16
    if lowered:
        _lower_but_black(network, tuple(_existing(nn, _BATCH_NORMS)) if keep_batchnorm else (), float16)
    elif level in ("O1", "auto"):
        auto_mixed_precision(network, level)
    if loss_fn is not None:
        checks.instance("build_train_network", nn.Cell, loss_fn=loss_fn)
        network = (_WithLossIn32 if lowered else nn.WithLossCell)(network, loss_fn)
    update = None if manager is None else manager.get_update_cell()
    if update is not None:
        return nn.TrainOneStepWithLossScaleCell(network, optimizer, scale_sense=update).set_train()
    return nn.TrainOneStepCell(network, optimizer, None if manager is None else manager.get_loss_scale()).set_train()


# ---------------------------------------------------------------- loss scaling by hand
def all_finite(inputs, status=None) -> Tensor:
    """Whether no element of any Tensor is infinite or NaN.

    Args:
        inputs: Tensors, in tuples or lists.
        status: accepted, from ``init_status``; nothing is read from it.

    Returns:
        Tensor of shape (), bool.

    >>> import minispore as ms
    >>> print(ms.amp.all_finite((ms.Tensor([1.0]), ms.Tensor([float("inf")]))))
    False
    """
    finite = Tensor(True)
    for x in leaves(inputs):
        finite = ops.logical_and(finite, ops.isfinite(x).all())
    return finite


def init_status() -> Tensor:
    """What MindSpore needs on a device to notice overflow: zeros, for ``all_finite``.

    Returns:
        Tensor of shape (8,), float32.

    >>> from minispore import amp
    >>> amp.init_status().shape
    (8,)
    """
    return Tensor([0.0] * 8, float32)


class LossScaler(metaclass=ABCMeta):
    """The base of scalers for train loops written by hand: ``scale`` the loss, ``unscale`` the gradients.

    >>> from minispore import Tensor
    >>> from minispore.amp import LossScaler, StaticLossScaler
    >>> isinstance(StaticLossScaler(4.0), LossScaler)
    True
    """

    @abstractmethod
    def scale(self, inputs):
        """Tensors times the scale.

        Args:
            inputs: Tensor, or tuple or list of them.

        Returns:
            the same structure.
        """

    @abstractmethod
    def unscale(self, inputs):
        """Tensors divided by the scale.

        Args:
            inputs: Tensor, or tuple or list of them.

        Returns:
            the same structure.
        """

    @abstractmethod
    def adjust(self, grads_finite):
        """Lets the scale follow after a step.

        Args:
            grads_finite: Tensor of shape (), bool: whether its gradients were finite.

        Returns:
            bool, whether such a scaler changes its scale.
        """


class StaticLossScaler(LossScaler):
    """A constant scale; ``adjust`` returns False: it does not change.

    Args:
        scale_value: number from 1.

    Raises:
        TypeError: ``scale_value`` is not a number.
        ValueError: ``scale_value`` is below 1.

    >>> import minispore as ms
    >>> scaler = ms.amp.StaticLossScaler(8.0)
    >>> print(scaler.unscale(scaler.scale(ms.Tensor([3.0]))))
    [3.]
    """

    _owner = "StaticLossScaler"

    def __init__(self, scale_value):
        checks.number(self._owner, scale_value=scale_value)
        if scale_value < 1:
            raise fail(ValueError, f"For '{self._owner}', 'scale_value' must be at least 1, but got {scale_value}.")
        self.scale_value = Parameter(Tensor(scale_value, float32), name="scale_value")

    def scale(self, inputs):
        return map_leaves(lambda x: x * to(self.scale_value, x.dtype), inputs)

    def unscale(self, inputs):
        return map_leaves(lambda x: to(to(x, float32) / self.scale_value, x.dtype), inputs)

    def adjust(self, grads_finite):
        return False


class DynamicLossScaler(StaticLossScaler):
    """A scale that grows after ``scale_window`` consecutive finite steps, and shrinks (to at least 1) after a step that is not finite.

    ``adjust`` returns True.

    Args:
        scale_value: number from 1, where it starts.
        scale_factor: int above 0, by which it grows and shrinks.
        scale_window: int above 0.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a number out of range.

    >>> import minispore as ms
    >>> scaler = ms.amp.DynamicLossScaler(1024, 2, 2)
    >>> scaler.adjust(ms.Tensor(False))
    True
    >>> float(scaler.scale_value.asnumpy())
    512.0
    """

    _owner = "DynamicLossScaler"

    def __init__(self, scale_value, scale_factor, scale_window):
        super().__init__(scale_value)
        self.scale_window = checks.positive_int(self._owner, scale_window=scale_window)
        self.scale_factor = checks.positive_int(self._owner, scale_factor=scale_factor)
        self.counter = Parameter(Tensor(0, int32), name="counter")

    def adjust(self, grads_finite):
        finite = to(grads_finite, bool_)
        grown = self.scale_value * self.scale_factor
        full = ops.logical_and(self.counter == self.scale_window - 1, ops.isfinite(grown))
        after = ops.select(
            finite,
            ops.select(full, grown, self.scale_value),
            ops.maximum(self.scale_value / self.scale_factor, 1.0),
        )
        count = ops.select(finite, (self.counter + 1) % self.scale_window, self.counter * 0)
        ops.assign(self.scale_value, after)
        ops.assign(self.counter, to(count, self.counter.dtype))
        return True


__all__ = [
    "DynamicLossScaleManager", "DynamicLossScaler", "FixedLossScaleManager", "LossScaleManager", "LossScaler",
    "StaticLossScaler", "all_finite", "auto_mixed_precision", "build_train_network", "custom_mixed_precision",
    "get_black_list", "get_white_list", "init_status",
]  # fmt: skip

from ..core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
