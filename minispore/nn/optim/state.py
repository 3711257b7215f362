"""``state_dict`` and ``load_state_dict`` of all optimizers."""

from ...core.dtype import float32
from ...core.errors import fail
from ...core.parameter import Parameter
from ...core.tensor import Tensor


def coefficients(optimizer) -> dict[str, Tensor]:
    """The numbers of the formula: the 0-d float32 Tensors among the attributes, also of an optimizer inside."""
    return {
        f"{path}.{name}" if path else name: value
        for path, cell in optimizer.cells_and_names()
        for name, value in vars(cell).items()
        if type(value) is Tensor and value.ndim == 0 and value.dtype is float32 and name != "weight_decay"
    }


def own_parameters(optimizer) -> dict[str, Parameter]:
    """The Parameters by name, without those that the optimizer updates."""
    updated = {id(p) for p in optimizer.parameters}
    lists = [v for v in vars(optimizer).values() if isinstance(v, list) and all(isinstance(p, Parameter) for p in v)]
    found = [
        *optimizer.get_parameters(),
        *(p for v in lists for p in v),
    ]  # lists of Parameters: one per group, in experimental optimizers
    return {p.name: p for p in found if id(p) not in updated}


def readable(value):
    """A group's value without its storage: 0-d Tensors as floats; None for cells and lists of rates."""
    if isinstance(value, Tensor):
        return float(value) if value.ndim == 0 else None
    return value if isinstance(value, (bool, int, float, str, tuple)) else None


def state_of(optimizer) -> dict:
    return {
        "state": {name: p + 0 for name, p in own_parameters(optimizer).items()},
        "coefficients": {name: float(value) for name, value in coefficients(optimizer).items()},
        "param_groups": [
            {
                "params": [p.name for p in group["params"]],
                **{key: readable(value) for key, value in group.items() if key != "params"},
            }
            for group in optimizer.param_groups
        ],
    }


def load_state(optimizer, given) -> None:
    """Checks everything, then changes values in place."""
    owner = optimizer.cls_name
    if not isinstance(given, dict) or not {"state", "coefficients", "param_groups"} <= set(given):
        raise fail(TypeError, f"For '{owner}', load_state_dict needs what state_dict gave, but got {given!r:.60}.")
    mine, numbers, groups = own_parameters(optimizer), coefficients(optimizer), optimizer.param_groups
    for what, have, got in (("state", mine, given["state"]), ("coefficients", numbers, given["coefficients"])):
        if set(have) != set(got):
            raise fail(
                KeyError, f"For '{owner}', the {what} of a state_dict differs in {sorted(set(have) ^ set(got))}."
            )
    for name, p in mine.items():
        if tuple(given["state"][name].shape) != p.shape:
            raise fail(
                ValueError, f"For '{owner}', '{name}' has the shape {p.shape}, but got {given['state'][name].shape}."
            )
    if [[p.name for p in g["params"]] for g in groups] != [g["params"] for g in given["param_groups"]]:
        raise fail(ValueError, f"For '{owner}', the groups of a state_dict must hold the same Parameters.")
    for name, p in mine.items():
        p.set_data(given["state"][name])
    for name, value in given["coefficients"].items():
        numbers[name].assign_value(Tensor(value, float32))
    for group, values in zip(groups, given["param_groups"]):
        for key, value in values.items():
            now = group.get(key)
            if isinstance(now, Tensor) and now.ndim == 0:
                now.set_data(Tensor(value, now.dtype)) if now.is_parameter else now.assign_value(
                    Tensor(value, now.dtype)
                )
            elif key != "params" and value is not None and now != value:
                group[key] = value
