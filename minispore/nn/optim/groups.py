"""Groups of Parameters: the dicts that an optimizer may be given, and their checks."""

from collections.abc import Iterable

from ...errors import fail
from ...parameter import Parameter
from ..checks import flags

GROUP_KEYS = ("params", "lr", "weight_decay", "grad_centralization", "order_params")
ABSENT = object()


class Group:
    """One dict of ``parameters``, checked."""

    def __init__(self, index: int, given: dict):
        self.index = index
        if "params" not in given:
            raise fail(KeyError, "For 'Optimizer', each group must have the key 'params'.")
        self.params = listed(given["params"], "params of a group")
        for p in self.params:
            if not isinstance(p, Parameter):
                raise fail(
                    TypeError, f"For 'Optimizer', 'params' of a group must hold Parameters, but got {type(p).__name__}."
                )
        self.lr = given.get("lr", ABSENT)
        self.weight_decay = given.get("weight_decay", ABSENT)
        self.centralise = given.get("grad_centralization", False)
        flags("Optimizer", grad_centralization=self.centralise)


def known_keys(group: dict) -> dict:
    """``group``, if it has no unknown keys, and "order_params" only alone."""
    unknown = [key for key in group if key not in GROUP_KEYS]
    if unknown:
        raise fail(
            KeyError, f"For 'Optimizer', the keys of a group must be among {', '.join(GROUP_KEYS)}, but got {unknown}."
        )
    if "order_params" in group and len(group) > 1:
        raise fail(ValueError, f"For 'Optimizer', 'order_params' must stand alone in its group, but got {list(group)}.")
    return group


def listed(parameters, what: str) -> list:
    if parameters is None:
        raise fail(ValueError, f"For 'Optimizer', the {what} must not be None.")
    if not isinstance(parameters, Iterable):
        raise fail(TypeError, f"For 'Optimizer', the {what} must be a list, but got {type(parameters).__name__}.")
    found = list(parameters)
    if not found:
        raise fail(ValueError, f"For 'Optimizer', the {what} must not be empty.")
    return found


def members_of(groups, orders) -> list[tuple[Parameter, Group]]:
    """(Parameter, its group) in the order of the optimizer."""
    group_of: dict[str, tuple] = {}
    for group in groups:
        for p in group.params:
            if p.name in group_of:
                raise fail(
                    RuntimeError, f"For 'Optimizer', the Parameter '{p.name}' is in two groups, or twice in one."
                )
            group_of[p.name] = (p, group)
    if not group_of:
        raise fail(ValueError, "For 'Optimizer', there is no group with 'params'.")
    for order in orders:
        if not isinstance(order, Iterable):
            raise fail(
                TypeError,
                f"For 'Optimizer', 'order_params' must be a list of Parameters, but got {type(order).__name__}.",
            )
        names = [p.name for p in order]
        if sorted(names) != sorted(group_of):
            raise fail(
                ValueError,
                f"For 'Optimizer', 'order_params' must name the Parameters of the groups, each once, but got {names}.",
            )
        group_of = {name: group_of[name] for name in names}
    return list(group_of.values())
