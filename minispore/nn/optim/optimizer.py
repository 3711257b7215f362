"""What all optimizers share: learning rates, weight decay, groups.  A subclass adds its state and its formula.

An optimizer's ``construct`` is code like any other: it reads Parameters and gives them new values with ``ops.assign``,
and in GRAPH mode is traced into the step.
"""

from contextlib import contextmanager

import numpy as np

from ... import ops
from ...core import checks, hints, notebook
from ...core.deprecated import deprecated
from ...core.docstrings import documented
from ...core.dtype import float32
from ...core.errors import NoGradients, fail
from ...core.op import to
from ...core.parameter import Parameter
from ...core.record import STATE
from ...core.tensor import Tensor
from ...ops.effects import SKIPPED, frozen_of
from ...ops.higher_order import HyperMap, Map
from ...ops.sparse import dense, on_rows, used_rows
from ..cell import Cell
from .groups import ABSENT, Group, GroupArguments, as_checked_list, check_disjoint, checked_keys, in_order
from .param_groups import Grouped, map_distinct
from .rates import as_parameter, check_equal_lengths, checked_rate
from .state import load_state, state_of

with_shared_docs = documented(
    params="""list of Parameters, or of groups of them: dicts with "params" and "lr", "weight_decay",
    "grad_centralization" or "order_params" (see ``Optimizer``).""",
    rate="""number or 0-d Tensor; or one that changes: a list, iterator or 1-d Tensor with a value for each step,
    or a LearningRateSchedule.""",
    decay="number from 0, or a Cell that computes one from the step.",
    scale="number above 0 by which the loss was multiplied; gradients are divided by it.  Default: 1.0.",
    call="""Inputs:
    gradients: tuple of Tensors, one for each Parameter and of its shape.

Returns:
    tuple of True, one for each Parameter; the Parameters have new values.""",
    raises="""TypeError: an argument of the wrong type, or gradients that are no tuple of Tensors.
ValueError: a number out of range, no Parameters, or a gradient of another shape.
KeyError: a group with an unknown key, or without "params".
RuntimeError: a Parameter in two groups, or another number of gradients.""",
)


def opt_init_args_register(fn):
    """Accepted as MindSpore accepts it, which decorates an optimizer's ``__init__`` to keep its arguments.

    Args:
        fn: function.

    Returns:
        ``fn`` itself.

    >>> from minispore import nn
    >>> nn.optim.optimizer.opt_init_args_register(len) is len
    True
    """
    return fn


class Optimizer(Grouped):
    """The base of all optimizers.

    Args:
        learning_rate: number or 0-d Tensor; or one that changes: a list, iterator or 1-d Tensor with a value for each
            step, or a LearningRateSchedule, called with ``global_step``.
        parameters: list of Parameters, or of groups of them: dicts with "params" and, where they differ from the rest,
            "lr", "weight_decay" and "grad_centralization"; a dict with nothing but "order_params" sets the order.
        weight_decay: number from 0, or a Cell called with ``global_step``.  Without groups, Parameters with "beta" or
            "gamma" in their names are not decayed.  Default: 0.0.
        loss_scale: number above 0 by which the loss was multiplied; gradients are divided by it.  Default: 1.0.

    Raises:
        TypeError: an argument, or a member of a group, of the wrong type.
        ValueError: a negative rate or decay, no Parameters, rates of different lengths, an order that does not fit.
        KeyError: a group has an unknown key, or no "params".
        RuntimeError: a Parameter is in two groups.

    To write an optimizer, make its state with ``self.parameters.clone`` and update in ``construct``:

    >>> from minispore import Parameter, Tensor, nn, ops
    >>> class Descent(nn.Optimizer):
    ...     def construct(self, gradients):
    ...         for w, g, lr in zip(self.parameters, gradients, self.rates()):
    ...             ops.assign(w, w - lr * g)
    ...         return True
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> Descent(0.5, [w])((Tensor([1.0, 1.0]),))
    True
    >>> print(w.asnumpy())
    [0.5 1.5]
    """

    assignadd = staticmethod(ops.assign_add)
    map_, map_reverse = Map(), Map(None, True)
    hyper_map, hyper_map_reverse = HyperMap(), HyperMap(None, True)
    use_parallel = False
    divisible = (
        True  # each Parameter is updated independently of the others, so that ranks may share them out (shared.py)
    )
    shares_state = False
    decays_by_name = True  # without groups, Parameters named "beta" or "gamma" are not decayed
    is_piece = True
    _updates_weights = True
    needs_loss = False  # whether it evaluates the loss itself (closure.py): step(closure), not optimizer(gradients)
    _weight_decays: list | None = None
    _tuple_type = staticmethod(lambda stored, dtype: stored)  # it updates the Parameters, whatever to_float says
    takes_rows = False  # whether construct accepts row gradients (ops.sparse); otherwise they are made dense

    def __init__(self, learning_rate, parameters, weight_decay=0.0, loss_scale=1.0):
        super().__init__(auto_prefix=False)
        self._updating, self._decay_elsewhere = False, False
        given = as_checked_list(parameters, "parameters")
        self.is_group = all(isinstance(g, dict) for g in given)
        if not self.is_group and not all(isinstance(p, Parameter) for p in given):
            bad = next(p for p in given if not isinstance(p, Parameter))
            pairs = ": write net.trainable_params()" if isinstance(bad, tuple) else ""
            raise fail(
                TypeError,
                f"For 'Optimizer', 'parameters' must hold Parameters only or dicts only, but got {type(bad).__name__}{pairs}.",
            )
        self.loss_scale = float(loss_scale) if isinstance(loss_scale, int) else loss_scale
        checks.positive_float(self.cls_name, loss_scale=self.loss_scale)
        self.need_scale = self.loss_scale != 1.0
        self.reciprocal_scale = Tensor(1.0 / self.loss_scale, float32)
        self.global_step = Parameter(Tensor(np.zeros(1, np.int32)), name="global_step")
        self.global_step_increase_tensor = Tensor(np.ones(1, np.int32))
        self._unique = True
        dicts = [checked_keys(g) for g in given] if self.is_group else [{"params": given}]
        groups = [GroupArguments(k, g) for k, g in enumerate(dicts) if "order_params" not in g]
        orders = [g["order_params"] for g in dicts if "order_params" in g]
        if self.is_group:
            check_disjoint([g.params for g in groups])
        members = in_order([(p, k) for k, g in enumerate(groups) for p in g.params], orders)
        self._default_rate = checked_rate(learning_rate)
        self._default_decay = weight_decay
        rates = {g: checked_rate(g.lr) for g in groups if g.lr is not ABSENT}
        check_equal_lengths([self._default_rate, *rates.values()])
        self.is_group_params_ordered = bool(orders)
        self.param_groups = [
            Group(self, g.index, g.params, by_name=self.decays_by_name and not self.is_group) for g in groups
        ]
        for group, g in zip(self.param_groups, groups):
            self._put_rate(group, rates.get(g, ABSENT))
        self._members = [(p, self.param_groups[k]) for p, k in members]
        self._derive_lists()
        for group, g in zip(self.param_groups, groups):
            self._put_decay(group, weight_decay if g.weight_decay is ABSENT else g.weight_decay)
            group.put(grad_centralization=g.grad_centralization)
        self._checked_decay(weight_decay)
        self._derive_flags()

    @property
    def _parameters(self):
        return self.parameters

    # protected names of MindSpore that optimizers of others call
    def _is_dynamic_lr_or_weight_decay(self) -> bool:
        """Whether the rate or the weight decay changes from step to step."""
        return self.dynamic_lr or self.dynamic_weight_decay

    def _grad_sparse_indices_deduplicate(self, gradients):
        """The gradients: equal indices of row gradients are summed where they are used."""
        return gradients

    def _set_base_target(self, value) -> None:
        self.target = value

    # ------------------------------------------------------------ what a construct is made of
    def _hint(self, name: str) -> str:
        return hints.instead(hints.OPTIMIZER, name) or super()._hint(name)

    def construct(self, *gradients):
        raise NotImplementedError(
            "nn.Optimizer is the base of optimizers: a subclass has the construct(self, gradients)."
        )

    def _run(self, *args, **kwargs):
        outer, widened = SKIPPED.frozen, STATE.widens
        self.__dict__["_updating"] = True
        try:
            SKIPPED.frozen, STATE.widens = frozen_of(self.parameters), True  # in bfloat16, 0.999 is 1
            return super()._run(*args, **kwargs)
        finally:
            SKIPPED.frozen, STATE.widens = outer, widened
            self.__dict__["_updating"] = False

    def prepared(self, gradients):
        """What most formulas begin with: gradients that are checked, decayed, centralised and unscaled; counts the
        step.

        Args:
            gradients: tuple of Tensors, one for each Parameter.

        Returns:
            tuple (gradients, learning rates), one of each for each Parameter.

        Raises:
            TypeError: the gradients are no tuple of Tensors.
            ValueError: a gradient has another shape than its Parameter.
            RuntimeError: another number of gradients.
        """
        gradients = self.decay_weight(self.checked(gradients))
        return self.scale_grad(self.gradients_centralization(gradients)), self.next_rates()

    def prepared_decoupled(self, gradients):
        """As ``prepared``, for formulas that decay the weights and not the gradients.

        Args:
            gradients: tuple of Tensors, one for each Parameter.

        Returns:
            tuple (gradients, learning rates, weight decays), one of each for each Parameter; a decay is None where the Parameter does
            not decay.

        Raises:
            TypeError: the gradients are no tuple of Tensors.
            ValueError: a gradient has another shape than its Parameter.
            RuntimeError: another number of gradients.
        """
        gradients = self.scale_grad(self.gradients_centralization(self.checked(gradients)))
        decays, rates = self.unscaled_decays(), self.next_rates()
        if self._weight_decays is not None:
            self._weight_decays[:] = rates, decays
            decays = (None,) * len(decays)
        return gradients, rates, decays

    def unscaled_decays(self) -> tuple:
        """``decays`` without the loss scale, for formulas that decay the weights and not the gradients.

        Returns:
            tuple of Tensors of shape () and None.
        """
        if not self.need_scale:
            return self.decays()
        return tuple(d if d is None else d * self.reciprocal_scale for d in self.decays())

    @deprecated("prepared_decoupled", since="0.2", removed="0.4")
    def prepared_apart(self, gradients):
        """The former name of ``prepared_decoupled``.

        Args:
            gradients: tuple of Tensors, one for each Parameter.

        Returns:
            tuple, that of ``prepared_decoupled``.

        Raises:
            TypeError: the gradients are no tuple of Tensors.
        """
        return self.prepared_decoupled(gradients)

    @contextmanager
    def decays_elsewhere(self):
        """Inside, a formula that decays the weights does not: the caller does it, with the rates and decays it gets.

        It gets a list, empty until the step has run, then of the two tuples.
        """
        found: list = []
        self.__dict__["_weight_decays"] = found
        try:
            yield found
        finally:
            self.__dict__["_weight_decays"] = None

    def checked(self, gradients):
        """The gradients after checks; those in half precision in float32.

        Args:
            gradients: tuple or list of Tensors, one for each Parameter.

        Returns:
            tuple of Tensors.

        Raises:
            TypeError: the gradients are no tuple of Tensors.
            ValueError: a gradient has another shape than its Parameter.
            RuntimeError: another number of gradients.
        """
        gradients = checked_gradients(self.cls_name, self.parameters, gradients)
        return gradients if self.takes_rows else tuple(dense(g) for g in gradients)

    def next_rates(self):
        """The learning rate of each Parameter at this step; counts the step.

        Returns:
            tuple of Tensors of shape ().
        """
        rates = self.rates()
        self.assignadd(self.global_step, self.global_step_increase_tensor)
        return rates

    def rates(self):
        """The learning rate of each Parameter at the present step.

        Returns:
            tuple of Tensors of shape ().
        """
        lr = self._formula_rate() if type(self).get_lr is Optimizer.get_lr else self.get_lr()
        return lr if self.is_group_lr else (lr,) * len(self.parameters)

    @staticmethod
    def used_rows(gradient, *parameters):
        """What an update formula works on where a gradient is one of few rows: those rows, at a cost that does not grow with the table.

        Such gradients, ``ops.RowTensor`` s, come from embedding lookups and reach a ``construct`` whose class says
        ``takes_rows = True``; others get them as ordinary Tensors.

        Args:
            gradient: Tensor, as ``prepared`` gives it.
            *parameters: the weight and the state of its shape.

        Returns:
            tuple (gradient, *parameters): for a RowTensor its values, those of equal indices summed, and the rows of the
            Parameters: read as Tensors, and ``ops.assign`` to one changes these rows.  Else what was given.

        >>> from minispore import Tensor, nn, ops, value_and_grad
        >>> class Descent(nn.Optimizer):
        ...     takes_rows = True
        ...     def construct(self, gradients):
        ...         gradients, rates = self.prepared(gradients)
        ...         for w, g, lr in zip(self.parameters, gradients, rates):
        ...             g, w = self.used_rows(g, w)
        ...             ops.assign(w, w - lr * g)
        ...         return True
        >>> net = nn.Embedding(3, 1, embedding_table="ones")
        >>> descent = Descent(0.5, net.trainable_params())
        >>> _ = descent(value_and_grad(net, None, descent.parameters)(Tensor([1]))[1])
        >>> print(net.embedding_table.asnumpy().ravel())
        [1.  0.5 1. ]
        """
        return used_rows(gradient, *parameters)

    @property
    def done(self) -> tuple:
        """What a call returns: True for each Parameter."""
        return (True,) * len(self.parameters)

    def decay_weight(self, gradients):
        """``g + weight_decay * loss_scale * w`` for the Parameters that decay.

        Args:
            gradients: tuple of Tensors, one for each Parameter.

        Returns:
            tuple of Tensors.

        >>> from minispore import Parameter, Tensor, nn
        >>> opt = nn.SGD([Parameter(Tensor([1.0]), name="w")], 0.1, weight_decay=0.5)
        >>> print(opt.decay_weight((Tensor([1.0]),))[0])
        [1.5]
        """
        if not self.exec_weight_decay or self._decay_elsewhere:
            return gradients
        return tuple(
            g if decay is None else on_rows(lambda g, w, decay=decay: g + w * decay, g, w)
            for g, w, decay in zip(gradients, self.parameters, self.decays())
        )

    def gradients_centralization(self, gradients):
        """Gradients minus their mean over all axes but the first, in groups with ``grad_centralization`` (Yong et al.
        2020, arXiv 2004.01461).

        It acts on gradients of several axes, the second a multiple of 16.

        Args:
            gradients: tuple of Tensors, one for each Parameter.

        Returns:
            tuple of Tensors.
        """
        if not any(self.grad_centralization_flags):
            return gradients
        return tuple(
            on_rows(lambda g: g - g.mean(tuple(range(1, g.ndim)), True), g)
            if flag and g.ndim > 1 and g.shape[1] % 16 == 0
            else g
            for g, flag in zip(gradients, self.grad_centralization_flags)
        )

    def scale_grad(self, gradients):
        """``g / loss_scale``.

        Args:
            gradients: tuple of Tensors, one for each Parameter.

        Returns:
            tuple of Tensors.

        >>> from minispore import Parameter, Tensor, nn
        >>> opt = nn.SGD([Parameter(Tensor([1.0]), name="w")], 0.1, loss_scale=2.0)
        >>> print(opt.scale_grad((Tensor([1.0]),))[0])
        [0.5]
        """
        if not self.need_scale or self._decay_elsewhere:
            return gradients
        return tuple(g * self.reciprocal_scale for g in gradients)

    def get_lr(self):
        """The learning rate at the present ``global_step``.

        Returns:
            in ``construct``, as the formula needs it: a Tensor of shape (), or with rates by group a tuple of one for
            each Parameter.  Outside: a Tensor of shape (), or with groups a tuple of one for each group.

        >>> from minispore import Parameter, Tensor, nn
        >>> print(nn.SGD([Parameter(Tensor([1.0]), name="w")], [0.5, 0.25]).get_lr())
        0.5
        """
        if not self._updating:
            now = map_distinct(self._readable_rate, [g.rate for g in self.param_groups])
            return now if self.is_group else now[0]
        return self._formula_rate()

    def _formula_rate(self):
        if not self.dynamic_lr:
            return self.learning_rate
        if not self.is_group_lr:
            return self.learning_rate(self.global_step).reshape(())
        return map_distinct(lambda rate: rate(self.global_step).reshape(()), self.learning_rate)

    def _readable_rate(self, rate):
        if not isinstance(rate, Cell):
            return rate * 1.0
        source = as_parameter(rate)
        step = self.global_step
        if not isinstance(source, Cell):  # after the last step of a list of rates, the last rate
            step = ops.minimum(step, source.size - 1)
        return rate(step).reshape(())

    def _repr_html_(self) -> str:
        """What notebooks show: the groups with their rates now, and the step."""
        rates = self.get_lr()
        rates = rates if isinstance(rates, tuple) else (rates,) * len(self.param_groups)
        rows = [
            (k, len(g["params"]), f"{sum(p.size for p in g['params']):,}", f"{float(rate):.6g}", _shown_rate(g["lr"]), g["weight_decay"])
            for k, (g, rate) in enumerate(zip(self.param_groups, rates))
        ]  # fmt: skip
        title = notebook.line(f"{type(self).__name__}, step {int(self.global_step.asnumpy()[0])}")
        return title + notebook.table(("group", "Parameters", "numbers", "rate now", "rate", "weight decay"), rows)

    def get_weight_decay(self):
        """The weight decay times ``loss_scale`` at the present step.

        Returns:
            Tensor of shape (), or with groups a tuple of one for each Parameter.

        >>> from minispore import Parameter, Tensor, nn
        >>> print(nn.SGD([Parameter(Tensor([1.0]), name="w")], weight_decay=0.5).get_weight_decay())
        0.5
        """

        def now(decay):
            return decay(self.global_step) if isinstance(decay, Cell) else decay

        return map_distinct(now, self.weight_decay) if self.is_group else now(self.weight_decay)

    def decays(self) -> tuple:
        """The weight decay of each Parameter now, None where there is none or where another optimizer applies it.

        Returns:
            tuple of Tensors of shape () and None.
        """
        return (None,) * len(self.parameters) if self._decay_elsewhere else self.all_decays()

    def all_decays(self) -> tuple:
        """The weight decay of each Parameter now, None where there is none.

        Returns:
            tuple of Tensors of shape () and None.
        """
        if not self.exec_weight_decay:
            return (None,) * len(self.parameters)
        decays = self.get_weight_decay()
        decays = decays if self.is_group else (decays,) * len(self.parameters)
        return tuple(d if flag else None for d, flag in zip(decays, self.decay_flags))

    def get_lr_parameter(self, param):
        """Where the learning rate of a Parameter comes from.

        Args:
            param: Parameter of this optimizer, or a list of them.

        Returns:
            Parameter (of shape (n,) for a list of rates) or LearningRateSchedule; for a list a list.

        Raises:
            TypeError: ``param`` is not a Parameter or a list of them.
            ValueError: it is not one of this optimizer.

        >>> from minispore import Parameter, Tensor, nn
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> nn.SGD([w], 0.5).get_lr_parameter(w).name
        'learning_rate'
        """
        checks.instance("get_lr_parameter", (Parameter, list), param=param)
        if isinstance(param, list):
            return [self.get_lr_parameter(p) for p in param]
        index = next((k for k, p in enumerate(self.parameters) if p is param), None)
        if index is None:
            raise fail(
                ValueError, f"For 'get_lr_parameter', the Parameter '{param.name}' is not one of this optimizer."
            )
        return as_parameter(self._members[index][1].rate)

    def state_dict(self) -> dict:  # type: ignore[override]
        """All that a later run needs to go on, as copies.  The network's own Parameters are not among them.

        Returns:
            dict: "state" holds the Parameters of the optimizer by name, "coefficients" the numbers of the formula,
            "param_groups" the groups.

        >>> from minispore import Parameter, Tensor, nn
        >>> opt = nn.Momentum([Parameter(Tensor([1.0]), name="w")], 0.1, 0.9)
        >>> sorted(opt.state_dict()["state"])
        ['global_step', 'learning_rate', 'moments.w', 'momentum']
        """
        return state_of(self)

    def load_state_dict(self, state_dict) -> None:  # type: ignore[override]
        """Goes on from what ``state_dict`` gave, without compiling again.

        Args:
            state_dict: dict, of an optimizer with the same groups.

        Raises:
            TypeError: ``state_dict`` is not such a dict.
            KeyError: it lacks a Parameter of this optimizer, or has one that this has not.
            ValueError: a shape or the groups differ.  In all cases the optimizer stays as it was.

        >>> from minispore import Parameter, Tensor, nn
        >>> first, second = (nn.SGD([Parameter(Tensor([1.0]), name="w")], lr) for lr in (0.5, 0.25))
        >>> second.load_state_dict(first.state_dict())
        >>> print(second.get_lr())
        0.5
        """
        load_state(self, state_dict)

    def flatten_gradients(self, gradients):
        """Gives the gradients back: there is nothing to flatten here.

        Args:
            gradients: tuple of Tensors.

        Returns:
            ``gradients``.
        """
        return gradients

    def broadcast_params(self, optim_result):
        """Gives its argument back: there is one device.

        Args:
            optim_result: what an update returned.

        Returns:
            ``optim_result``.
        """
        return optim_result

    # ------------------------------------------------------------ devices
    @property
    def target(self) -> str:
        """The device of the update: "CPU".  Assigning another str raises a ValueError, another type a TypeError."""
        return "CPU"

    @target.setter
    def target(self, value) -> None:
        checks.string("Optimizer", target=value)
        if value != "CPU":
            raise fail(ValueError, f"For 'Optimizer', 'target' must be 'CPU', but got {value!r}.")

    @property
    def unique(self) -> bool:
        """Whether equal indices of row gradients are summed before an update: a bool."""
        return self._unique

    @unique.setter
    def unique(self, value) -> None:
        checks.boolean("Optimizer", unique=value)
        self.__dict__["_unique"] = value


def numbers(*values):
    """Coefficients as Tensors: a compiled step reads them anew at each call (see Grouped.__setattr__).

    Args:
        *values: numbers.

    Returns:
        tuple of Tensors of shape (), float32.
    """
    return tuple(Tensor(x, float32) for x in values)


def checked_gradients(owner: str, parameters, gradients) -> tuple:
    """The gradients, which must fit the Parameters; those in half precision in float32.

    Args:
        owner: str, the optimizer's name for the message.
        parameters: list of Parameters.
        gradients: what was given.

    Returns:
        tuple of Tensors.

    Raises:
        TypeError: the gradients are no tuple of Tensors.
        ValueError: a gradient has another shape than its Parameter.
        RuntimeError: another number of gradients.
    """
    if not isinstance(gradients, (tuple, list)) or not all(isinstance(g, Tensor) for g in gradients):
        raise fail(
            TypeError if isinstance(gradients, Tensor) else NoGradients,  # as MindSpore's
            f"For '{owner}', the gradients must be a tuple of Tensors, those that ms.value_and_grad gives beside the loss, but got {type(gradients).__name__}.",
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


def _shown_rate(rate) -> str:
    """What a rate comes from."""
    if isinstance(rate, Cell):
        return type(rate).__name__
    return "fixed" if rate.size == 1 else f"list of {rate.size}"
