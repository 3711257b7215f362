"""The base of the experimental optimizers: parameter groups, whose values may all be changed between steps."""

from collections import defaultdict

from ...core import checks
from ...core.docstrings import documented
from ...core.dtype import float32, float64
from ...core.errors import fail
from ...core.parameter import Parameter, ParameterTuple
from ...core.record import STATE
from ...core.tensor import Tensor
from ...ops import assign_add, neg
from ...ops.effects import SKIPPED, frozen_of
from ..cell import Cell
from ..optim import shared
from ..optim.groups import as_checked_list
from ..optim.optimizer import checked_gradients
from ..optim.state import load_state, state_of

with_shared_docs = documented(
    params="""list of Parameters, or of groups of them: dicts with "params" and any of the arguments below by name, which
    then hold for that group.""",
    lr="number from 0 or 0-d Tensor, the learning rate.",
    decay="number from 0, times w it is added to the gradient.",
    maximize="maximize: bool, whether to climb in place of descend.  Default: False.",
    call="""Inputs:
    gradients: tuple of Tensors, one for each Parameter and of its shape.

Returns:
    True; the Parameters have new values.""",
    raises="""TypeError: an argument of the wrong type, or gradients that are no tuple of Tensors.
ValueError: a number out of range, no Parameters, one in two groups, or a gradient of another shape.
RuntimeError: another number of gradients.""",
)


class ParamGroup(dict):
    """One of ``param_groups``: a dict of "params" and hyper-parameters.

    A number is also kept as 0-d Tensors, which a compiled step reads anew at each call: to change it costs nothing.
    What a trace read as a Python value makes the step be traced again when it changes.

    Args:
        owner: the optimizer.
        values: dict, what the group holds.
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
        """``group[name]``, or ``default`` where there is none.

        Args:
            name: str.
            default: anything.  Default: None.

        Returns:
            the value.
        """
        return self[name] if name in self else default

    def setdefault(self, name, default=None):
        """``group[name]``, which becomes ``default`` where there is none.

        Args:
            name: str.
            default: anything.  Default: None.

        Returns:
            the value.
        """
        if name not in self:
            self[name] = default
        return self[name]

    def update(self, *args, **values):
        """Sets several values: as ``dict.update``.

        Args:
            *args: a dict or pairs, or nothing.
            **values: values by name.
        """
        for name, value in dict(*args, **values).items():
            self[name] = value

    def number(self, name, k=0):
        """A value as a Tensor, which a compiled step reads anew at each call.

        Args:
            name: str.
            k: int, which element of a tuple.  Default: 0.

        Returns:
            Tensor of shape (), float32.
        """
        value = dict.__getitem__(self, name)
        self._traced_parts[name, _tensor_or_none] = _tensor_or_none(value)
        return value if isinstance(value, Tensor) else self._numbers[name, k][0]

    def rest(self, name, k=0):
        """1 - a value, rounded once.

        Args:
            name: str.
            k: int, which element of a tuple.  Default: 0.

        Returns:
            Tensor of shape (), float32.
        """
        return self._numbers[name, k][1]

    def with_complement(self, name, k=0) -> tuple:
        """``(value, 1 - value)``, as the formulas take the coefficient of a running mean.

        Args:
            name: str.
            k: int, which one of several.  Default: 0.

        Returns:
            tuple of two Tensors of shape ().
        """
        return self.number(name, k), self.rest(name, k)

    def exact(self, name, k=0):
        """A value in float64.

        Args:
            name: str.
            k: int, which element of a tuple.  Default: 0.

        Returns:
            Tensor of shape (), float64.
        """
        return self._numbers[name, k][2]

    def nonzero(self, name) -> bool:
        """Whether a value is not 0; a trace depends on that alone.

        Args:
            name: str.

        Returns:
            bool.
        """
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
        params: list of Parameters, or of groups of them: dicts with "params" and hyper-parameters.
        defaults: dict of the hyper-parameters of groups that do not give them.

    Attributes:
        param_groups: a list of dicts.  ``group["lr"]`` is a Parameter, for ``ops.assign``; a float may take its place.
        parameters: all Parameters, in the order of their gradients.
        lrs: the learning rates of the groups.
        group_start_id: where the Parameters of each group begin, and where the last ends.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: no Parameters, one in two groups, a negative rate or decay; ``enable_parallel_optimizer`` is set, which
            optimizers of ``nn`` can do.

    >>> from minispore import Parameter, Tensor, ops
    >>> from minispore.experimental import optim
    >>> class Descent(optim.Optimizer):
    ...     def __init__(self, params, lr):
    ...         super().__init__(params, {"lr": lr})
    ...     def construct(self, gradients):
    ...         for group, members in self.groups(gradients):
    ...             for w, g in members:
    ...                 ops.assign(w, w - g * group.number("lr"))
    ...         return True
    >>> w = Parameter(Tensor([1.0]), name="w")
    >>> _ = Descent([w], lr=0.5)((Tensor([1.0]),))
    >>> print(w.asnumpy())
    [0.5]
    """

    is_piece = True

    def __init__(self, params, defaults):
        super().__init__(auto_prefix=False)
        if shared.is_wanted():
            raise fail(
                ValueError,
                f"enable_parallel_optimizer: the state of experimental.optim.{self.cls_name} (mint.optim) cannot be shared out over "
                "ranks; take an optimizer of nn (nn.Adam, nn.AdamWeightDecay, nn.Momentum), or set "
                "enable_parallel_optimizer=False.",
            )
        self.defaults = defaults
        self.state: dict = defaultdict(dict)
        self.param_groups, self.lrs, self.group_start_id, self._kept = [], [], [0], {}
        self.parameters = ParameterTuple([])
        groups = as_checked_list(params, "params")
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def add_param_group(self, param_group) -> None:
        """Adds a group; the optimizer's state grows with it.

        Args:
            param_group: dict with "params" and any argument of the optimizer by name.

        Raises:
            TypeError: it is not a dict, or holds other than Parameters.
            KeyError: it has no "params".
            ValueError: a Parameter is in two groups, or a negative rate or decay.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="v")], lr=0.1)
        >>> opt.add_param_group({"params": Parameter(Tensor([1.0]), name="w"), "lr": 0.5})
        >>> [round(float(lr), 2) for lr in opt.get_lr()]
        [0.1, 0.5]
        """
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
        """Makes state of the shape of each Parameter: ``keep(accum="zeros")`` makes ``self.accum``, named ``accum.*``.

        Args:
            **inits: "zeros", "ones", "same" or a number by the name of the state.
        """
        for name, init in inits.items():
            self._kept[name] = init
            setattr(self, name, self.parameters.clone(name, init))

    def groups(self, gradients, *states, decay=True):
        """Goes over the groups, with all that an update needs.

        Gradients are negated in groups with ``maximize``; then, with ``decay``, they become ``g + weight_decay w``.

        Args:
            gradients: tuple of Tensors, one for each Parameter.
            *states: ParameterTuples that ``keep`` made.
            decay: bool, whether to add the weight decay.  Default: True.

        Yields:
            tuple (group, list of (Parameter, gradient, its states)).

        Raises:
            TypeError: the gradients are no tuple of Tensors.
            ValueError: a gradient has another shape than its Parameter.
            RuntimeError: another number of gradients.
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
        """Adds 1 to a Parameter that counts steps.

        Args:
            step: Parameter of shape ().

        Returns:
            Tensor of shape (), float32: the new count.
        """
        return assign_add(step, 1).astype(float32)

    def get_lr(self) -> tuple:
        """The present learning rate of each group.

        Returns:
            tuple of Tensors of shape (), float32.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> print(*optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=0.5).get_lr())
        0.5
        """
        return tuple(group.number("lr") * 1.0 for group in self.param_groups)

    def state_dict(self) -> dict:  # type: ignore[override]
        """All that a later run needs to go on; copies.

        Returns:
            dict: "state" holds Parameters by name, "coefficients" numbers, "param_groups" the values of the groups.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> sorted(optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=0.5).state_dict())
        ['coefficients', 'param_groups', 'state']
        """
        return state_of(self)

    def load_state_dict(self, state_dict) -> None:  # type: ignore[override]
        """Goes on from what ``state_dict`` gave.

        Args:
            state_dict: dict, of an optimizer with the same groups.

        Raises:
            TypeError: ``state_dict`` is not such a dict.
            KeyError: it lacks a Parameter of this optimizer, or has one that this has not; the optimizer stays as it
                was.
            ValueError: a shape or the groups differ; the optimizer stays as it was.
        """
        load_state(self, state_dict)

    def _run(self, *args, **kwargs):
        outer, widened = SKIPPED.frozen, STATE.widens
        try:
            SKIPPED.frozen, STATE.widens = frozen_of(self.parameters), True  # in bfloat16, 0.999 is 1
            return super()._run(*args, **kwargs)
        finally:
            SKIPPED.frozen, STATE.widens = outer, widened

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
    """Raises unless ``betas`` is a pair of numbers in [0, 1).

    Args:
        owner: str, the optimizer's name for the message.
        betas: what was given.

    Raises:
        TypeError: it is not a tuple or list of numbers.
        ValueError: it is not a pair, or out of range.
    """
    checks.instance(owner, (tuple, list), betas=betas)
    if len(betas) != 2:
        raise checks.refused(ValueError, owner, "betas", "be a pair of floats", betas)
    checks.within(owner, "[0.0, 1.0)", **{"betas[0]": betas[0], "betas[1]": betas[1]})
