"""``optimizer.param_groups``: the values that a step reads are derived from the groups and may change at any time.

A number is stored in a Parameter or a 0-d Tensor.  A compiled step reads both anew at each call, so that a new number
takes effect at the next step and nothing is traced or compiled again.
"""

import inspect
from collections.abc import Callable

from ...core import checks
from ...core.dtype import float32
from ...core.errors import fail
from ...core.parameter import Parameter, ParameterTuple
from ...core.record import STATE
from ...core.tensor import Tensor
from ..cell import Cell
from ..container import CellList
from .groups import ABSENT, Group, GroupArguments, check_disjoint, checked_keys
from .rates import ScaledDecay, as_cell, as_parameter, as_rate, check_equal_lengths, checked_rate, is_dynamic

sharing = True  # whether a new optimizer may be shared out over ranks
share_out: Callable = lambda made: made  # by shared.py, which knows how


class _KeepsArguments(type):
    """Stores an optimizer's constructor arguments as ``_arguments``, once its constructor has finished."""

    def __call__(cls, *args, **kwargs):
        made = super().__call__(*args, **kwargs)
        made.__dict__["_arguments"] = (args, kwargs)
        return share_out(made) if sharing else made

    @property
    def __signature__(cls):
        signature = inspect.signature(cls.__init__)  # type: ignore[misc]
        return signature.replace(parameters=list(signature.parameters.values())[1:])


class Grouped(Cell, metaclass=_KeepsArguments):
    """The Parameter groups of an optimizer; ``learning_rate``, ``weight_decay`` and ``parameters`` are derived from them."""

    param_groups: list[Group]
    decays_by_name: bool

    def _put_rate(self, group, rate) -> None:
        """Gives a group its rate: that of the optimizer where it has none."""
        if rate is ABSENT:
            if "_shared_rate" not in self.__dict__:  # not by assignment, which would register it as a Parameter
                self.__dict__["_shared_rate"] = as_rate(self._default_rate, "learning_rate")
            group.rate, group.rate_is_default = self._shared_rate, True
        else:
            group.rate, group.rate_is_default = as_rate(rate, f"learning_rate_group_{group.index}"), False
        group.put(lr=as_parameter(group.rate))

    def _put_decay(self, group, weight_decay) -> None:
        group.decay = self._checked_decay(weight_decay)
        group.put(weight_decay=weight_decay)

    def _derive_lists(self) -> None:
        """Derives the lists that a step reads, with one item per Parameter, from the groups."""
        self.is_group_lr = any(not g.rate_is_default for g in self.param_groups)
        self.dynamic_lr = any(isinstance(g.rate, Cell) for g in self.param_groups) or is_dynamic(self._default_rate)
        if not self.is_group_lr:
            self._replace("learning_rate", self.param_groups[0].rate)
        elif self.dynamic_lr:  # a CellList holds Cells only: a fixed rate becomes one
            cells = map_distinct(as_cell, [g.rate for g in self.param_groups])
            cell_of = {id(g): cell for g, cell in zip(self.param_groups, cells)}
            self._replace("learning_rate", CellList([cell_of[id(g)] for _, g in self._members], auto_prefix=False))
        else:
            self._replace("learning_rate", ParameterTuple([g.rate for _, g in self._members]))
        self.parameters = ParameterTuple([p for p, _ in self._members])
        self.param_length = len(self.parameters)
        self.optim_filter = (True,) * self.param_length

    def _replace(self, name, value) -> None:
        for store in (self._cells, self._params, self._params_list):
            store.pop(name, None)
        Cell.__setattr__(self, name, value)

    def _derive_flags(self) -> None:
        """Derives which Parameters are decayed and centralised from the groups."""
        cells = [isinstance(g.decay, Cell) for g in self.param_groups]
        self.dynamic_weight_decay = any(cells)
        active = {  # a Parameter is a variable, whatever it is now
            id(g): cell or isinstance(g.decay, Parameter) or bool(g.decay._array() > 0)
            for g, cell in zip(self.param_groups, cells)
        }
        if self.is_group:
            self.decay_flags = tuple(active[id(g)] and g.decays(p) for p, g in self._members)
            self.__dict__["weight_decay"] = tuple(g.decay for _, g in self._members)
        else:
            if "decay_flags" not in self.__dict__:
                self.decay_flags = tuple(g.decays(p) for p, g in self._members)
            self.__dict__["weight_decay"] = self.param_groups[0].decay
        self.exec_weight_decay = any(active.values())
        self.grad_centralization_flags = tuple(g["grad_centralization"] for _, g in self._members)

    def change_group(self, group, key: str, value) -> None:
        """``optimizer.param_groups[k][key] = value``; what a compiled step reads as data is changed in place.

        Args:
            group: one of ``param_groups``.
            key: str, what is changed: "lr", "weight_decay" or "grad_centralization".
            value: the new value, as the optimizer takes it.

        Raises:
            TypeError: a value of the wrong type.
            ValueError: a negative rate or decay.
        """
        if key == "lr":
            checked = checked_rate(value)
            shared = group.rate_is_default and sum(g.rate_is_default for g in self.param_groups) > 1
            if isinstance(group.rate, Parameter) and not is_dynamic(checked) and not shared:
                group.rate.set_data(Tensor(checked))
            else:
                check_equal_lengths([checked, *(as_parameter(g.rate)._array() for g in self.param_groups
                                  if g is not group and not isinstance(as_parameter(g.rate), Cell))])  # fmt: skip
                self._put_rate(group, checked)
                self._derive_lists()
        elif key == "weight_decay":
            value = float(value) if type(value) is Tensor else value
            new, old = self._checked_decay(value), group.decay
            same_trace = type(old) is type(new) is Tensor and bool(old._array() > 0) == bool(new._array() > 0)
            if isinstance(old, Parameter) and type(new) is Tensor:
                old.set_data(new)
            elif same_trace:
                old.assign_value(new)
                group.put(weight_decay=value)
            else:
                self._put_decay(group, value)
                self._derive_flags()
        else:
            checks.boolean(self.cls_name, grad_centralization=value)
            group.put(grad_centralization=value)
            self._derive_flags()

    def add_param_group(self, param_group) -> None:
        """Adds a group, whose Parameters come last in the order of the gradients and start with the state of a new
        optimizer.

        Args:
            param_group: dict of "params" and, where they differ from the rest, "lr", "weight_decay",
                "grad_centralization".

        Raises:
            TypeError: the group, or a member of it, is of the wrong type.
            ValueError: no Parameters, or a negative rate or decay.
            KeyError: an unknown key, or no "params".
            RuntimeError: a Parameter is in two groups.  In all cases nothing has changed.

        >>> from minispore import Parameter, Tensor, nn
        >>> opt = nn.SGD([Parameter(Tensor([1.0]), name="v")], 0.1)
        >>> opt.add_param_group({"params": [Parameter(Tensor([1.0]), name="w")], "lr": 0.5})
        >>> [p.name for p in opt.parameters], round(float(opt.get_lr()[1]), 2)
        (['v', 'w'], 0.5)
        """
        if not isinstance(param_group, dict):
            raise fail(
                TypeError, f"For '{self.cls_name}', a group must be a dict, but got {type(param_group).__name__}."
            )
        given = GroupArguments(1 + max(g.index for g in self.param_groups), checked_keys(param_group))
        check_disjoint([*(g["params"] for g in self.param_groups), given.params])
        rate = ABSENT if given.lr is ABSENT else checked_rate(given.lr)
        if rate is not ABSENT:
            check_equal_lengths([rate, *(as_parameter(g.rate)._array() for g in self.param_groups
                           if not isinstance(as_parameter(g.rate), Cell))])  # fmt: skip
        decay = self._default_decay if given.weight_decay is ABSENT else given.weight_decay
        fresh = self._copy_for(given.params)  # makes the state of the new Parameters
        by_name = self.decays_by_name and not self.is_group and given.weight_decay is ABSENT
        group = Group(self, given.index, given.params, by_name)
        group.put(grad_centralization=given.grad_centralization)
        self._put_decay(group, decay)
        self._put_rate(group, rate)
        states = {name: state for name, state in self._params_list.items() if len(state) == self.param_length}
        self.is_group = True
        self.param_groups.append(group)
        self._members += [(p, group) for p in given.params]
        self._derive_lists()
        self._derive_flags()
        for name, state in states.items():
            if name not in ("parameters", "learning_rate"):
                setattr(self, name, ParameterTuple([*state, *fresh._params_list[name]]))

    def _copy_for(self, params):
        """A new optimizer of other Parameters, with the constructor arguments of this one."""
        call, name = self._call()
        call.arguments[name] = params
        return type(self)(*call.args, **call.kwargs)

    def _given(self) -> list:
        """The Parameters, or groups of them, that this optimizer was made with."""
        call, name = self._call()
        return list(call.arguments[name])

    def _call(self):
        """(the arguments of the constructor's call, the name of the one that holds the Parameters)."""
        args, kwargs = self._arguments
        call = inspect.signature(type(self)).bind(*args, **kwargs)
        name = next((n for n in ("params", "parameters") if n in call.arguments), None)
        if name is None:
            raise fail(TypeError, f"For '{self.cls_name}', this needs a constructor with 'params'.")
        return call, name

    def __setattr__(self, name, value):
        """A number becomes the value of the existing Parameter or Tensor, which a compiled step reads at each call."""
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if number or (type(value) is Tensor and value.ndim == 0):
            if "_arguments" in self.__dict__ and name in ("learning_rate", "weight_decay"):
                for group in self.param_groups:
                    self.change_group(group, "lr" if name == "learning_rate" else name, value)
                return
            known = self.__dict__.get(name, self.__dict__.get("_params", {}).get(name))
            if isinstance(known, Tensor) and known.ndim == 0 and STATE.recorder is None:
                new = Tensor(value, known.dtype) if number else value.astype(known.dtype)
                known.set_data(new) if known.is_parameter else known.assign_value(new)
                return
        if name == "weight_decay" and isinstance(value, Parameter) and "_arguments" in self.__dict__:
            for group in self.param_groups:
                self.change_group(group, name, value)
            if self.weight_decay is not value:
                return
        super().__setattr__(name, value)

    def _checked_decay(self, weight_decay):
        """The decay times the loss scale: a 0-d Tensor or Parameter, or a Cell called with ``global_step``."""
        if isinstance(weight_decay, Cell):
            return ScaledDecay(weight_decay, self.loss_scale)
        if isinstance(weight_decay, Parameter):
            if weight_decay.ndim:
                raise fail(
                    ValueError,
                    f"For '{self.cls_name}', a Parameter as 'weight_decay' must have no axes, but got {weight_decay.shape}.",
                )
            return weight_decay if self.loss_scale == 1 else ScaledDecay(lambda step: weight_decay, self.loss_scale)
        if not isinstance(weight_decay, (int, float)):
            raise fail(
                TypeError,
                f"For 'Optimizer', 'weight_decay' must be a float, int or Cell, but got {type(weight_decay).__name__}.",
            )
        checks.at_least(self.cls_name, 0, weight_decay=weight_decay)
        return Tensor(weight_decay * self.loss_scale, float32)


def map_distinct(function, items) -> tuple:
    """A function of each item, computed once for those that are the same object.

    Args:
        function: function of one item.
        items: an iterable.

    Returns:
        tuple of the results.
    """
    items = list(items)
    found = {key: function(item) for key, item in {id(item): item for item in items}.items()}
    return tuple(found[id(item)] for item in items)
