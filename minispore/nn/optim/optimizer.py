"""What all optimizers share: learning rates, weight decay, groups.  A subclass adds its state and its formula.

An optimizer's ``construct`` is code like any other: it reads Parameters and gives them new values with ``ops.assign``,
and in GRAPH mode is traced into the step.
"""

import numpy as np

from ... import ops
from ...dtype import float32
from ...errors import fail
from ...op import to
from ...ops.composite import HyperMap, Map
from ...parameter import Parameter, ParameterTuple
from ...tensor import Tensor
from ..cell import Cell
from ..checks import flags, positive
from ..container import CellList
from .groups import ABSENT, Group, known_keys, listed, members_of
from .rates import ScaledDecay, as_parameter, checked_rate, is_dynamic, rate_of


class Optimizer(Cell):
    """The base of all optimizers.

    Args:
        learning_rate: a number, a 0-d Tensor; or one that changes: a list, iterator or 1-d Tensor with a value per
            step, or a LearningRateSchedule, called with ``global_step``.
        parameters: Parameters, or groups of them: dicts with "params" and, where they differ from the rest, "lr",
            "weight_decay" and "grad_centralization"; a dict with nothing but "order_params" sets the order.
        weight_decay: a number, or a Cell called with ``global_step``.  Without groups, Parameters with "beta" or
            "gamma" in their names are not decayed.
        loss_scale: the factor by which the loss was multiplied; gradients are divided by it.

    Raises:
        TypeError: an argument, or a member of a group, of the wrong type.
        ValueError: a negative rate or decay, no Parameters, rates of different lengths, an order that does not fit.
        KeyError: a group has an unknown key, or no "params".
        RuntimeError: a Parameter is in two groups.

    To write an optimizer, make its state with ``self.parameters.clone`` and update in ``construct``:

    >>> import minispore as ms
    >>> class Descent(Optimizer):
    ...     def construct(self, gradients):
    ...         lr = self.get_lr()
    ...         for w, g in zip(self.parameters, gradients):
    ...             ms.ops.assign(w, w - lr * g)
    ...         return True
    >>> w = ms.Parameter(ms.Tensor([1.0, 2.0]), name="w")
    >>> Descent(0.5, [w])((ms.Tensor([1.0, 1.0]),))
    True
    >>> print(w.asnumpy())
    [0.5 1.5]
    """

    assignadd = staticmethod(ops.assign_add)
    map_, map_reverse = Map(), Map(None, True)
    hyper_map, hyper_map_reverse = HyperMap(), HyperMap(None, True)
    use_parallel = False

    def __init__(self, learning_rate, parameters, weight_decay=0.0, loss_scale=1.0):
        super().__init__(auto_prefix=False)
        given = listed(parameters, "parameters")
        self.is_group = all(isinstance(g, dict) for g in given)
        if not self.is_group and not all(isinstance(p, Parameter) for p in given):
            bad = next(p for p in given if not isinstance(p, Parameter))
            raise fail(
                TypeError,
                f"For 'Optimizer', 'parameters' must hold Parameters only or dicts only, but got {type(bad).__name__}.",
            )
        self.loss_scale = float(loss_scale) if isinstance(loss_scale, int) else loss_scale
        positive(self.cls_name, loss_scale=self.loss_scale)
        self.need_scale = self.loss_scale != 1.0
        self.reciprocal_scale = Tensor(1.0 / self.loss_scale, float32)
        self.global_step = Parameter(Tensor(np.zeros(1, np.int32)), name="global_step")
        self.global_step_increase_tensor = Tensor(np.ones(1, np.int32))
        self._target, self._unique = "CPU", True
        groups = (
            [Group(k, g) for k, g in enumerate(given) if "order_params" not in known_keys(g)] if self.is_group else []
        )
        orders = [g["order_params"] for g in given if "order_params" in g] if self.is_group else []
        members = members_of(groups, orders) if self.is_group else [(p, None) for p in given]
        self._set_rates(checked_rate(learning_rate), groups, members)
        self.parameters = ParameterTuple([p for p, _ in members])
        self.param_length = len(self.parameters)
        self.optim_filter = (True,) * self.param_length
        self.is_group_params_ordered = bool(orders)
        self._set_decays(weight_decay, members)

    def _set_rates(self, default, groups, members) -> None:
        rates = {g: checked_rate(g.lr) for g in groups if g.lr is not ABSENT}
        self.is_group_lr = bool(rates)
        everything = [default, *rates.values()]
        self.dynamic_lr = any(is_dynamic(r) for r in everything)
        lengths = {r.size for r in everything if isinstance(r, np.ndarray) and r.ndim == 1}
        if len(lengths) > 1:
            raise fail(
                ValueError, f"For 'Optimizer', lists of learning rates must have one length, but got {sorted(lengths)}."
            )
        single = self.is_group_lr and self.dynamic_lr  # then a fixed rate becomes a Cell, to stand in a list of Cells
        default = rate_of(default, "learning_rate", single)
        if not self.is_group_lr:
            self.learning_rate = default
            return
        made = {g: rate_of(r, f"learning_rate_group_{g.index}", single) for g, r in rates.items()}
        each = [made.get(g, default) for _, g in members]
        self.learning_rate = CellList(each, auto_prefix=False) if self.dynamic_lr else ParameterTuple(each)

    def _set_decays(self, default, members) -> None:
        default = self._checked_decay(default)
        decays = {
            g: default if g is None or g.weight_decay is ABSENT else self._checked_decay(g.weight_decay)
            for _, g in members
        }
        each = [decays[g] for _, g in members]
        self.dynamic_weight_decay = any(isinstance(d, Cell) for d in each)
        if self.is_group:
            self.decay_flags = tuple(isinstance(d, Cell) or bool(d._array() > 0) for d in each)
            self.weight_decay = tuple(each)
            self.exec_weight_decay = any(self.decay_flags)
        else:
            self.decay_flags = tuple("beta" not in p.name and "gamma" not in p.name for p, _ in members)
            self.weight_decay = default
            self.exec_weight_decay = isinstance(default, Cell) or bool(default._array() > 0)
        self.grad_centralization_flags = tuple(g is not None and g.centralise for _, g in members)

    def _checked_decay(self, weight_decay):
        """A 0-d Tensor, or a Cell of ``global_step``; times the loss scale."""
        if isinstance(weight_decay, Cell):
            return ScaledDecay(weight_decay, self.loss_scale)
        if not isinstance(weight_decay, (int, float)):
            raise fail(
                TypeError,
                f"For 'Optimizer', 'weight_decay' must be a float, int or Cell, but got {type(weight_decay).__name__}.",
            )
        if weight_decay < 0:
            raise fail(
                ValueError, f"For '{self.cls_name}', 'weight_decay' must not be negative, but got {weight_decay}."
            )
        return Tensor(weight_decay * self.loss_scale, float32)

    @property
    def _parameters(self):
        return self.parameters

    # ------------------------------------------------------------ what a construct is made of
    def construct(self, gradients):
        raise NotImplementedError(
            "nn.Optimizer is the base of optimizers: a subclass has the construct(self, gradients)."
        )

    def prepared(self, gradients):
        """(gradients, learning rates), one of each per Parameter; counts the step.

        The gradients are checked, decayed, centralised and unscaled.
        """
        gradients = self.decay_weight(self.checked(gradients))
        return self.scale_grad(self.gradients_centralization(gradients)), self.next_rates()

    def checked(self, gradients):
        """The gradients as a tuple that fits the Parameters; half precision ones in float32."""
        return checked_gradients(self.cls_name, self.parameters, gradients)

    def next_rates(self):
        """The learning rate of each Parameter at this step; counts the step."""
        lr = self.get_lr()
        self.assignadd(self.global_step, self.global_step_increase_tensor)
        return lr if self.is_group_lr else (lr,) * len(self.parameters)

    @property
    def done(self) -> tuple:
        """What a call returns: True for each Parameter."""
        return (True,) * len(self.parameters)

    def decay_weight(self, gradients):
        """``g + weight_decay * loss_scale * w`` for the Parameters that decay."""
        if not self.exec_weight_decay:
            return gradients
        return tuple(
            g if decay is None else g + w * decay for g, w, decay in zip(gradients, self.parameters, self.decays())
        )

    def gradients_centralization(self, gradients):
        """Gradients minus their mean over all axes but the first, in groups with ``grad_centralization``.

        It acts on gradients of several axes, the second a multiple of 16.
        """
        if not any(self.grad_centralization_flags):
            return gradients
        return tuple(
            g - g.mean(tuple(range(1, g.ndim)), True) if flag and g.ndim > 1 and g.shape[1] % 16 == 0 else g
            for g, flag in zip(gradients, self.grad_centralization_flags)
        )

    def scale_grad(self, gradients):
        """``g / loss_scale``."""
        if not self.need_scale:
            return gradients
        return tuple(g * self.reciprocal_scale for g in gradients)

    def get_lr(self):
        """The learning rate at the present ``global_step``; with group rates a tuple, one per Parameter."""
        if not self.dynamic_lr:
            return self.learning_rate
        if not self.is_group_lr:
            return self.learning_rate(self.global_step).reshape(())
        return each_once(lambda rate: rate(self.global_step).reshape(()), self.learning_rate)

    def get_weight_decay(self):
        """The weight decay times ``loss_scale`` at the present step; with groups a tuple, one per Parameter."""

        def now(decay):
            return decay(self.global_step) if isinstance(decay, Cell) else decay

        return each_once(now, self.weight_decay) if self.is_group else now(self.weight_decay)

    def decays(self) -> tuple:
        """The weight decay of each Parameter now, None where there is none."""
        if not self.exec_weight_decay:
            return (None,) * len(self.parameters)
        decays = self.get_weight_decay()
        decays = decays if self.is_group else (decays,) * len(self.parameters)
        return tuple(d if flag else None for d, flag in zip(decays, self.decay_flags))

    def get_lr_parameter(self, param):
        """Where the learning rate of a Parameter comes from: a Parameter (of shape (n,) for a list) or a schedule.

        Raises:
            TypeError: ``param`` is not a Parameter or a list of them.
            ValueError: it is not one of this optimizer.
        """
        if not isinstance(param, (Parameter, list)):
            raise fail(
                TypeError,
                f"For 'get_lr_parameter', 'param' must be a Parameter or a list, but got {type(param).__name__}.",
            )
        if isinstance(param, list):
            return [self.get_lr_parameter(p) for p in param]
        index = next((k for k, p in enumerate(self.parameters) if p is param), None)
        if index is None:
            raise fail(
                ValueError, f"For 'get_lr_parameter', the Parameter '{param.name}' is not one of this optimizer."
            )
        rate = self.learning_rate[index] if self.is_group_lr else self.learning_rate
        return as_parameter(rate)

    def flatten_gradients(self, gradients):
        """``gradients``: there is nothing to flatten."""
        return gradients

    def broadcast_params(self, optim_result):
        """``optim_result``: there is one device."""
        return optim_result

    # ------------------------------------------------------------ devices
    @property
    def target(self) -> str:
        """The device of the update: "CPU"."""
        return self._target

    @target.setter
    def target(self, value) -> None:
        if not isinstance(value, str):
            raise fail(TypeError, f"For 'Optimizer', 'target' must be a str, but got {type(value).__name__}.")
        if value != "CPU":
            raise fail(ValueError, f"For 'Optimizer', 'target' must be 'CPU', but got {value!r}.")

    @property
    def unique(self) -> bool:
        """Whether equal indices of row gradients are summed before an update."""
        return self._unique

    @unique.setter
    def unique(self, value) -> None:
        flags("Optimizer", unique=value)
        self.__dict__["_unique"] = value


def checked_gradients(owner: str, parameters, gradients) -> tuple:
    """The gradients, which must fit the Parameters; half precision ones in float32."""
    if not isinstance(gradients, (tuple, list)) or not all(isinstance(g, Tensor) for g in gradients):
        raise fail(
            TypeError, f"For '{owner}', the gradients must be a tuple of Tensors, but got {type(gradients).__name__}."
        )
    if len(gradients) != len(parameters):
        raise fail(
            RuntimeError,
            f"For '{owner}', {len(parameters)} Parameters need as many gradients, but got {len(gradients)}.",
        )
    for w, g in zip(parameters, gradients):
        if w.shape != g.shape:
            raise fail(
                ValueError,
                f"For '{owner}', the gradient of '{w.name}' must have its shape {w.shape}, but got {g.shape}.",
            )
    return tuple(to(g, float32) if g.dtype.itemsize < 4 else g for g in gradients)


def each_once(function, items) -> tuple:
    """``function`` of each item, computed once for those that are the same object."""
    items = list(items)
    found = {key: function(item) for key, item in {id(item): item for item in items}.items()}
    return tuple(found[id(item)] for item in items)
