"""Groups of Parameters: the dicts that an optimizer may be given, their checks, and ``optimizer.param_groups``."""

from collections.abc import Iterable
from typing import Any

from ...core import checks, hints
from ...core.cell_base import CellBase
from ...core.errors import fail
from ...core.parameter import Parameter

GROUP_KEYS = ("params", "lr", "weight_decay", "grad_centralization", "order_params")
MISSPELLED = {"grad_centralizaiton": "grad_centralization"}  # a misspelling in MindSpore's guides
ABSENT = object()


class Group(dict):
    """One of ``optimizer.param_groups``: "params", "lr", "weight_decay" and "grad_centralization" of some Parameters.

    A number written to "lr" or "weight_decay" is what the next step computes with, in GRAPH mode without compiling.

    Attributes:
        index: its place in the list that the optimizer was given.
        rate: what "lr" stands for: a Parameter, or a Cell of the step.
        rate_is_default: whether that is the optimizer's, for want of an own one.
        decay: what "weight_decay" stands for, times the loss scale: a 0-d Tensor, or a Cell of the step.
        by_name: whether Parameters with "beta" or "gamma" in their names are left without decay.
    """

    def __init__(self, owner, index: int, params: list, by_name: bool = False):
        super().__init__(params=params)
        self.owner, self.index, self.by_name = owner, index, by_name
        self.rate: Any = None
        self.decay: Any = None
        self.rate_is_default = True

    def __setitem__(self, key, value):
        if key == "params" or key not in GROUP_KEYS[:4]:
            raise fail(
                KeyError,
                f"For '{self.owner.cls_name}', a group's 'lr', 'weight_decay' and 'grad_centralization' may be written, "
                f"but got {key!r}; Parameters are added with add_param_group.",
            )
        self.owner.change_group(self, key, value)

    def put(self, **values) -> None:
        """Stores values without changing the optimizer."""
        super().update(values)

    def update(self, *args, **values):
        for key, value in dict(*args, **values).items():
            self[key] = value

    def decays(self, p: Parameter) -> bool:
        """Whether the name of ``p`` allows decay."""
        return not self.by_name or ("beta" not in p.name and "gamma" not in p.name)

    def __reduce__(self):
        return _restored, (dict(self), self.__dict__)


def _restored(values, attributes):
    made = Group.__new__(Group)
    made.__dict__.update(attributes)
    made.put(**values)
    return made


class GroupArguments:
    """The values of one dict that an optimizer was given, checked; ABSENT for those it does not give."""

    def __init__(self, index: int, given: dict):
        self.index = index
        if "params" not in given:
            raise fail(KeyError, "For 'Optimizer', each group must have the key 'params'.")
        self.params = as_checked_list(given["params"], "group `params`")
        for p in self.params:
            if not isinstance(p, Parameter):
                raise fail(
                    TypeError, f"For 'Optimizer', 'params' of a group must hold Parameters, but got {type(p).__name__}."
                )
        self.lr = given.get("lr", ABSENT)
        self.weight_decay = given.get("weight_decay", ABSENT)
        self.grad_centralization = given.get("grad_centralization", False)
        checks.boolean("Optimizer", grad_centralization=self.grad_centralization)


def checked_keys(group: dict) -> dict:
    """``group``, if it has no unknown keys, and "order_params" only alone."""
    group = {MISSPELLED.get(key, key): value for key, value in group.items()}
    unknown = [key for key in group if key not in GROUP_KEYS]
    if unknown:
        raise fail(
            KeyError,
            f"For 'Optimizer', the keys of a group must be among {', '.join(GROUP_KEYS)}, but got {unknown}."
            + (" Did you mean 'lr'?" if "learning_rate" in unknown else hints.close(str(unknown[0]), GROUP_KEYS)),
        )
    if "order_params" in group and len(group) > 1:
        raise fail(ValueError, f"For 'Optimizer', 'order_params' must stand alone in its group, but got {list(group)}.")
    return group


def as_checked_list(parameters, what: str) -> list:
    """The Parameters or groups as a list, which must not be empty; ``what`` names them in errors."""
    if parameters is None:
        raise fail(ValueError, f"For 'Optimizer', the argument {what} can not be None.")
    if isinstance(parameters, CellBase):
        name = type(parameters).__name__
        raise fail(
            TypeError,
            f"For 'Optimizer', the argument {what} must be a list of Parameters, but got the Cell {name}: write net.trainable_params().",
        )
    if not isinstance(parameters, Iterable):
        call = ", which is to be called: trainable_params()" if callable(parameters) else ""
        raise fail(
            TypeError, f"For 'Optimizer', the argument {what} must be Iterable type, but got {type(parameters)}{call}."
        )
    found = list(parameters)
    if not found:
        raise fail(
            ValueError,
            f"For 'Optimizer', the argument {what} must not be empty: is requires_grad False for all, or the iterator used up?",
        )
    return found


def check_disjoint(groups) -> None:
    """Raises if a Parameter is in two of these lists, or twice in one."""
    names: set[str] = set()
    for group in groups:
        for p in group:
            if p.name in names:
                raise fail(
                    RuntimeError, f"For 'Optimizer', the Parameter '{p.name}' is in two groups, or twice in one."
                )
            names.add(p.name)
    if not names:
        raise fail(ValueError, "For 'Optimizer', there is no group with 'params'.")


def in_order(members, orders):
    """``members``, (Parameter, group) pairs, in the order of the last of ``orders``."""
    for order in orders:
        if not isinstance(order, Iterable):
            raise fail(
                TypeError,
                f"For 'Optimizer', 'order_params' must be a list of Parameters, but got {type(order).__name__}.",
            )
        names = [p.name for p in order]
        known = {p.name: (p, group) for p, group in members}
        if sorted(names) != sorted(known):
            raise fail(
                ValueError,
                f"For 'Optimizer', 'order_params' must name the Parameters of the groups, each once, but got {names}.",
            )
        members = [known[name] for name in names]
    return members
