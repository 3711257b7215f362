"""The base of the experimental optimizers: parameter groups, whose values may all be changed between steps."""

from collections import defaultdict
from collections.abc import Iterable

from ...core import checks
from ...core.dtype import float32, float64
from ...core.errors import fail
from ...core.parameter import Parameter, ParameterTuple
from ...core.record import STATE
from ...core.tensor import Tensor
from ...ops import assign_add, neg
from ...ops.effects import leaving_frozen
from ..cell import Cell
from ..optim.optimizer import checked_gradients
from ..optim.state import load_state, state_of


class ParamGroup(dict):
    """One group: a dict of ``params`` and hyper-parameters.

    A number is also kept as 0-d Tensors, which a compiled step reads anew at each call: to change it costs nothing.
    What a trace read as a Python value makes the step be traced again when it changes.
    """

    def __init__(self, owner, values):
        super().__init__()
        self.owner, self._numbers = owner, {}
        self._traced_values: set = set()  # names whose value a trace has read as a Python value
        self._traced_parts: dict = {}  # (name, function) -> result, where a trace depends on function(value) only
        for name, value in values.items():
            self[name] = value

    def __setitem__(self, name, value):
        known = name in self._traced_values or any(
            seen == name and part(value) is not was for (seen, part), was in self._traced_parts.items()
        )
        super().__setitem__(name, value)
        for k, number in enumerate(value if isinstance(value, (tuple, list)) else [value]):
            if type(number) in (int, float):
                for old, new in zip(self._numbers.setdefault((name, k), _tensors(0.0)), _tensors(number)):
                    old.assign_value(new)
        if known:
            self.owner._invalidate()

    def __getitem__(self, name):
        if STATE.recorder is not None and STATE.recorder.symbolic:
            self._traced_values.add(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        return self[name] if name in self else default

    def setdefault(self, name, default=None):
        if name not in self:
            self[name] = default
        return self[name]

    def update(self, *args, **values):
        for name, value in dict(*args, **values).items():
            self[name] = value

    def number(self, name, k=0):
        """The value (the k-th of a tuple) as a 0-d float32 Tensor."""
        value = dict.__getitem__(self, name)
        self._traced_parts[name, _tensor_or_none] = _tensor_or_none(value)
        return value if isinstance(value, Tensor) else self._numbers[name, k][0]

    def rest(self, name, k=0):
        """1 - the value, rounded once."""
        return self._numbers[name, k][1]

    def with_complement(self, name, k=0) -> tuple:
        """``(value, 1 - value)``, as the formulas take the coefficient of a running mean."""
        return self.number(name, k), self.rest(name, k)

    def exact(self, name, k=0):
        """The value in float64."""
        return self._numbers[name, k][2]

    def nonzero(self, name) -> bool:
        """Whether the value is not 0; a trace depends on that alone."""
        self._traced_parts[name, bool] = bool(dict.__getitem__(self, name))
        return self._traced_parts[name, bool]


def _tensor_or_none(value):
    return value if isinstance(value, Tensor) else None


def _tensors(number):
    made = Tensor(float(number), float32), Tensor(1.0 - number, float32), Tensor(float(number), float64)
    for t in made:
        t.is_literal = False
    return made


class Optimizer(Cell):
    """The base of the experimental optimizers.

    Args:
        params: Parameters, or groups of them: dicts with "params" and hyper-parameters.
        defaults: a dict of the hyper-parameters of groups that do not give them.

    Attributes:
        param_groups: a list of dicts.  ``group["lr"]`` is a Parameter, for ``ops.assign``; a float may take its place.
        parameters: all Parameters, in the order of their gradients.
        lrs: the learning rates of the groups.
        group_start_id: where the Parameters of each group begin, and where the last ends.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: no Parameters, one in two groups, a negative rate or decay.
    """

    is_piece = True

    def __init__(self, params, defaults):
        super().__init__(auto_prefix=False)
        self.defaults = defaults
        self.state: dict = defaultdict(dict)
        self.param_groups, self.lrs, self.group_start_id, self._kept = [], [], [0], {}
        self.parameters = ParameterTuple([])
        if params is None:
            raise fail(ValueError, "For 'Optimizer', 'params' must not be None.")
        checks.instance("Optimizer", Iterable, params=params)
        groups = list(params)
        if not groups:
            raise fail(ValueError, "For 'Optimizer', 'params' must not be empty.")
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def add_param_group(self, param_group) -> None:
        """Adds a dict of "params" and hyper-parameters; the optimizer's state grows with it."""
        if not isinstance(param_group, dict):
            raise fail(TypeError, f"For 'Optimizer', a group must be a dict, but got {type(param_group).__name__}.")
        if "params" not in param_group:
            raise fail(KeyError, "For 'Optimizer', each group must have the key 'params'.")
        given = param_group["params"]
        if isinstance(given, set):
            raise fail(TypeError, "For 'Optimizer', 'params' must be in an order: a list, not a set.")
        given = [given] if isinstance(given, Parameter) else list(given)
        for p in given:
            if not isinstance(p, Parameter):
                raise fail(TypeError, f"For 'Optimizer', 'params' must hold Parameters, but got {type(p).__name__}.")
        if len({id(p) for p in given} | {id(p) for p in self.parameters}) < len(given) + len(self.parameters):
            raise fail(ValueError, "For 'Optimizer', a Parameter is in two groups, or twice in one.")
        values = {**param_group, "params": given}
        values.update({name: value for name, value in self.defaults.items() if name not in values})
        values["lr"] = _rate(values.get("lr"), f"learning_rate_group_{len(self.param_groups)}")
        values["weight_decay"] = _decay(values.get("weight_decay", 0.0))
        self.param_groups.append(ParamGroup(self, values))
        self.lrs.append(values["lr"])
        self.group_start_id.append(self.group_start_id[-1] + len(given))
        self.parameters = ParameterTuple([*self.parameters, *given])
        for name, init in self._kept.items():
            setattr(self, name, ParameterTuple([*getattr(self, name), *ParameterTuple(given).clone(name, init)]))

    def keep(self, **inits) -> None:
        """State of the shape of each Parameter: ``keep(accum="zeros")`` makes ``self.accum``, named ``accum.*``."""
        for name, init in inits.items():
            self._kept[name] = init
            setattr(self, name, self.parameters.clone(name, init))

    def groups(self, gradients, *states, decay=True):
        """For each group: the group, and a list of (Parameter, gradient, its states).

        Gradients are negated in groups with ``maximize``; then, with ``decay``, they become ``g + weight_decay w``.
        """
        gradients = checked_gradients(self.cls_name, self.parameters, gradients)
        for k, group in enumerate(self.param_groups):
            start, end = self.group_start_id[k : k + 2]
            members = []
            for w, g, *own in zip(*(s[start:end] for s in (self.parameters, gradients, *states))):
                if group.get("maximize", False):
                    g = neg(g)
                if decay and group.nonzero("weight_decay"):
                    g = g + w * group.number("weight_decay")
                members.append((w, g, *own))
            yield group, members

    def count(self, step):
        """Adds 1 to the Parameter that counts steps; returns it as a float32 Tensor."""
        return assign_add(step, 1).astype(float32)

    def get_lr(self) -> tuple:
        """The present learning rate of each group, as 0-d Tensors."""
        return tuple(group.number("lr") * 1.0 for group in self.param_groups)

    def state_dict(self) -> dict:  # type: ignore[override]
        """All that a later run needs to go on: the state's Parameters by name, and the values of the groups; copies."""
        return state_of(self)

    def load_state_dict(self, state_dict) -> None:  # type: ignore[override]
        """Goes on from what ``state_dict`` gave.

        Raises:
            TypeError: ``state_dict`` is not such a dict.
            KeyError, ValueError: it does not fit this optimizer, which then stays as it was.
        """
        load_state(self, state_dict)

    def _run(self, *args, **kwargs):
        with leaving_frozen(self.parameters):
            return super()._run(*args, **kwargs)

    def construct(self, gradients):
        raise NotImplementedError(
            "experimental.optim.Optimizer is the base of optimizers: a subclass has the construct."
        )

    def __repr__(self):
        text = type(self).__name__ + " ("
        for k, group in enumerate(self.param_groups):
            text += f"\nParameter Group {k}\n"
            for name in sorted(group):
                value = dict.__getitem__(group, name)
                if name != "params":
                    text += f"    {name}: {str(value.asnumpy()) if isinstance(value, Parameter) else value}\n"
        return text + ")"

    __str__ = __repr__


def _rate(lr, name):
    if isinstance(lr, Tensor):
        if lr.ndim:
            raise fail(
                ValueError, f"For 'Optimizer', a learning rate must have one element, but got the shape {lr.shape}."
            )
        return Parameter(lr.astype(float32), name=name)
    return Parameter(Tensor(float(_number("lr", lr)), float32), name=name)


def _decay(weight_decay):
    return float(_number("weight_decay", weight_decay))


def _number(name, value):
    return checks.at_least("Optimizer", 0, **{name: checks.instance("Optimizer", (int, float, bool), **{name: value})})


# ---------------------------------------------------------------- checks of hyper-parameters
def check_betas(owner, betas) -> None:
    """A pair of numbers in [0, 1)."""
    checks.instance(owner, (tuple, list), betas=betas)
    if len(betas) != 2:
        raise checks.refused(ValueError, owner, "betas", "be a pair of floats", betas)
    checks.within(owner, "[0.0, 1.0)", **{"betas[0]": betas[0], "betas[1]": betas[1]})
