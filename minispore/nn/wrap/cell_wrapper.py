"""Cells around a network: with its loss, its gradient, its optimizer.  Each is one compiled step in GRAPH mode."""

import warnings
from typing import Any

from ... import ops
from ...core import checks
from ...core.context import get_auto_parallel_context
from ...core.dtype import float32
from ...core.errors import fail
from ...core.op import to
from ...core.parameter import Parameter, ParameterTuple
from ...core.record import STATE, all_or_nothing, user_level
from ...core.tensor import Tensor
from ...transforms.grad import GradOperation, value_and_grad
from ...transforms.gradient_plan import GradientPlan
from ..cell import Cell
from .grad_reducer import DistributedGradReducer, GradientsOfPieces, reduces
from .together import Together


def _identity(grads):
    """The gradients: there is one process."""
    return grads


def given_by(network, output):
    """The output of a network, which is something."""
    if output is None:
        raise fail(TypeError, f"The construct of '{type(network).__name__}' returned None: it needs a 'return'.")
    return output


class WithLossCell(Cell):
    """A network with its loss: ``loss_fn(backbone(data), label)``.

    Args:
        backbone: Cell, the network.
        loss_fn: Cell or function of (output, label).

    Inputs:
        data: the input of the network.
        label: the label.

    Returns:
        Tensor, what ``loss_fn`` gives.

    >>> from minispore import Tensor, nn
    >>> cell = nn.WithLossCell(nn.ReLU(), nn.MAELoss("sum"))
    >>> print(cell(Tensor([-1.0, 2.0]), Tensor([0.0, 1.0])))
    1.0
    """

    def __init__(self, backbone, loss_fn):
        super().__init__(auto_prefix=False)
        self._backbone, self._loss_fn = backbone, loss_fn

    def construct(self, data, label):
        return self._loss_fn(given_by(self._backbone, self._backbone(data)), label)

    @property
    def backbone_network(self):
        """The network without its loss: a Cell."""
        return self._backbone


class WithEvalCell(Cell):
    """A network with its loss, for metrics.

    Args:
        network: Cell.
        loss_fn: Cell or function of (output, label).
        add_cast_fp32: bool, whether output and label (if floats) are cast to float32.  Default: False.

    Inputs:
        data: the input of the network.
        label: the label.

    Returns:
        tuple (loss, output, label).

    Raises:
        TypeError: ``add_cast_fp32`` is not a bool.

    >>> from minispore import Tensor, nn
    >>> loss, out, label = nn.WithEvalCell(nn.ReLU(), nn.MAELoss())(Tensor([-1.0, 2.0]), Tensor([0.0, 1.0]))
    >>> print(loss, out, label)
    0.5 [0. 2.] [0. 1.]
    """

    def __init__(self, network, loss_fn, add_cast_fp32=False):
        super().__init__(auto_prefix=False)
        checks.boolean("WithEvalCell", add_cast_fp32=add_cast_fp32)
        self._network, self._loss_fn, self.add_cast_fp32 = network, loss_fn, add_cast_fp32

    def construct(self, data, label):
        outputs = given_by(self._network, self._network(data))
        if self.add_cast_fp32:
            outputs = to(outputs, float32)
            label = to(label, float32) if label.dtype.is_float else label
        return self._loss_fn(outputs, label), outputs, label


class WithGradCell(Cell):
    """The gradients of a network's trainable Parameters; the network is set to training.

    Args:
        network: Cell.
        loss_fn: Cell or function of (output, label).  Default: None: the network gives the loss itself.
        sens: number or Tensor that multiplies the gradients.  Default: None.

    Inputs:
        *inputs: with ``loss_fn`` (data, label), else the inputs of the network.

    Returns:
        tuple of Tensors, one for each Parameter.

    >>> from minispore import Tensor, nn, ops
    >>> net = nn.Dense(2, 1, weight_init="ones", bias_init="zeros")
    >>> gradients = nn.WithGradCell(net, nn.MSELoss())(ops.ones((1, 2)), ops.zeros((1, 1)))
    >>> print(gradients[0], gradients[1])
    [[4. 4.]] [4.]
    """

    def __init__(self, network, loss_fn=None, sens=None):
        super().__init__(auto_prefix=False)
        self.network, self.loss_fn, self.sens = network, loss_fn, sens
        self.weights = ParameterTuple(network.trainable_params())
        self.grad = GradOperation(get_by_list=True, sens_param=sens is not None)
        self.network_with_loss = network if loss_fn is None else WithLossCell(network, loss_fn)
        self.network_with_loss.set_train()

    def construct(self, *inputs):
        sens = () if self.sens is None else (self.sens,)
        return self.grad(self.network_with_loss, self.weights)(*inputs, *sens)


class ForwardValueAndGrad(Cell):
    """The value and the gradient of a network.

    Args:
        network: Cell or function.
        weights: tuple or list of Parameters, for ``get_by_list``.  Default: None.
        get_all: bool, gradients of all inputs, as a tuple; else of the first.  Default: False.
        get_by_list: bool, gradients of ``weights``; with ``get_all`` both, as a pair.  Default: False.
        sens_param: bool, whether the last argument of the call multiplies the gradients.  Default: False.

    Inputs:
        *inputs: those of the network.

    Returns:
        tuple (value, gradient).

    Raises:
        TypeError: an argument of the wrong type.

    >>> from minispore import Tensor, nn, ops
    >>> value, gradient = nn.ForwardValueAndGrad(ops.square)(Tensor([3.0]))
    >>> print(value, gradient)
    [9.] [6.]
    """

    def __init__(self, network, weights=None, get_all=False, get_by_list=False, sens_param=False):
        super().__init__(auto_prefix=False)
        if not callable(network):
            raise fail(
                TypeError,
                f"For 'ForwardValueAndGrad', 'network' must be a Cell or function, but got {type(network).__name__}.",
            )
        checks.boolean("ForwardValueAndGrad", get_all=get_all, get_by_list=get_by_list, sens_param=sens_param)
        if get_by_list and not isinstance(weights, (tuple, list)):
            raise fail(
                TypeError,
                f"For 'ForwardValueAndGrad', 'weights' must be a list of Parameters, but got {type(weights).__name__}.",
            )
        self.network = network
        if isinstance(network, Cell):
            network.set_grad()
        self.weights, self.get_all, self.get_by_list, self.sens_param = weights, get_all, get_by_list, sens_param

    def construct(self, *inputs):
        positions = None if self.get_by_list and not self.get_all else 0
        weights = self.weights if self.get_by_list else None
        plan = GradientPlan(
            self.network, positions, weights, False, False, self.sens_param, with_value=True, get_all=self.get_all
        )
        return plan.run(*inputs)


class TrainOneStepCell(Cell):
    """One training step: value, gradient and update in one call.

    Args:
        network: Cell that returns the loss.
        optimizer: Optimizer of its Parameters.
        sens: number or Tensor that multiplies the gradients, not the loss that is returned.  Default: None.
        return_grad: bool, whether to return ``(loss, {name: gradient})``.  Default: False.

    Inputs:
        *inputs: those of the network.

    Returns:
        Tensor, the loss before the update; with ``return_grad`` a pair.

    Raises:
        ValueError: ``sens`` is 0.

    >>> from minispore import Parameter, Tensor, nn
    >>> class Loss(nn.Cell):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.w = Parameter(Tensor([2.0]), name="w")
    ...     def construct(self, x):
    ...         return (x * self.w).sum()
    >>> net = Loss()
    >>> step = nn.TrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.5))
    >>> print(step(Tensor([3.0])), net.w.asnumpy())
    6.0 [0.5]
    """

    def __init__(self, network, optimizer, sens=None, return_grad=False):
        super().__init__(auto_prefix=False)
        if isinstance(sens, (int, float)) and sens == 0:
            raise fail(ValueError, "For 'TrainOneStepCell', 'sens' must not be 0.")
        if not hasattr(optimizer, "parameters"):
            swapped = ": the two are swapped" if hasattr(network, "parameters") else ""
            raise fail(
                TypeError,
                f"For '{type(self).__name__}', the arguments are a network and an optimizer, but got {type(network).__name__} and "
                f"{type(optimizer).__name__}{swapped}.",
            )
        self.network, self.optimizer = network, optimizer
        self.network.set_grad()
        self.weights = optimizer.parameters
        self.sense_flag, self.sens, self.return_grad = sens is not None, 1.0 if sens is None else sens, return_grad
        self.grad = GradOperation(
            get_by_list=True, sens_param=True
        )  # for subclasses, as grad_no_sens, reducer_flag and grad_reducer
        self.grad_no_sens = GradOperation(get_by_list=True)
        self.reducer_flag = reduces()
        self.grad_reducer: Any = DistributedGradReducer(self.weights) if self.reducer_flag else _identity
        pieces, mean = (get_auto_parallel_context(name) for name in ("gradient_pieces", "gradients_mean"))
        by_pieces = GradientsOfPieces(self.weights, pieces, mean or not self.reducer_flag) if pieces > 1 else None
        shares = (
            getattr(type(optimizer), "shares_state", False) and self.reducer_flag and not return_grad and pieces == 1
        )
        self.__dict__.update(
            _by_pieces=by_pieces,
            _shared=optimizer if shares else None,  # then each rank needs the gradients of its own Parameters only
            _together=Together(self) if self.reducer_flag else None,
        )

    def __call__(self, *inputs, **kwargs):
        if self._together is None or STATE.recorder is not None:
            return super().__call__(*inputs, **kwargs)
        return self._together(lambda: super(TrainOneStepCell, self).__call__(*inputs, **kwargs))

    def _run(self, *args, **kwargs):
        scope = all_or_nothing()
        try:
            with scope:
                return super()._run(*args, **kwargs)
        finally:
            if scope.is_open:
                scope.end(failed=True)

    def construct(self, *inputs):
        sens = self.sens if self.sense_flag else None
        if getattr(self.optimizer, "needs_loss", False):
            closure = _Closure(self, inputs, sens)
            self.optimizer.step(closure)
            loss, grads = closure.first or closure()
        else:
            loss, grads = self.loss_and_grads(inputs, sens)
            self.optimizer(grads)
        return (loss, {w.name: g for w, g in zip(self.weights, grads)}) if self.return_grad else loss

    def loss_and_grads(self, inputs, sens=None):
        """The loss and its gradients, for subclasses that update otherwise.

        Args:
            inputs: tuple, the inputs of the network.
            sens: number or Tensor that multiplies the gradients.  Default: None.

        Returns:
            tuple (loss, gradients), the latter a tuple of one for each Parameter, summed or averaged over ranks.
        """
        step = self._gradient_function(sens is not None)
        further = () if sens is None else (sens,)
        if self._by_pieces is not None:
            return self._by_pieces(step, inputs, further)
        loss, grads = step(*inputs, *further)
        if isinstance(loss, Tensor) and loss.ndim > 1 and loss.size > 1 and not self.__dict__.get("_told"):
            self.__dict__["_told"] = True
            warnings.warn(
                f"For '{type(self).__name__}', the network returned a Tensor of the shape {loss.shape}, whose sum is minimised. A loss is one number: "
                "is nn.WithLossCell(net, loss_fn) meant in place of net?",
                UserWarning,
                stacklevel=user_level(),
            )
        if self._shared is not None:
            return loss, self._shared.reduced(grads, self.grad_reducer.degree if self.grad_reducer.mean else None)
        return loss, self.grad_reducer(grads)

    def _gradient_function(self, with_sens: bool):
        """The gradient function of the network as it is; made again when the network or the weights are others."""
        made = self.__dict__.get("_gradient")
        if made is None or made[0] is not self.network or made[1] is not self.weights or made[2] != with_sens:
            function = value_and_grad(self.network, None, self.weights, sens_param=with_sens)
            made = self.__dict__["_gradient"] = self.network, self.weights, with_sens, function
        return made[3]


class _Closure:
    """The closure of optimizers that evaluate the loss more than once; moving statistics follow its first call."""

    def __init__(self, cell, inputs, sens):
        self.cell, self.inputs, self.sens = cell, inputs, sens
        self.first: tuple | None = None

    def __call__(self, network=None):
        cell = self.cell
        if self.first is None and network is None:
            self.first = cell.loss_and_grads(self.inputs, self.sens)
            return self.first
        kept = [(p, p + 0) for p in cell.network.untrainable_params()]
        if network is None:
            found = cell.loss_and_grads(self.inputs, self.sens)
        else:
            found = value_and_grad(network, None, cell.weights)(*self.inputs)
        for p, before in kept:
            ops.assign(p, before)
        return found


class GradAccumulationCell(Cell):
    """The sum of a network's outputs for ``micro_size`` equal parts of the batch, so that their gradients add up.

    Args:
        network: Cell.
        micro_size: int above 0, how many parts.

    Inputs:
        *inputs: Tensors; the first axis of each is a multiple of ``micro_size``.

    Returns:
        Tensor, as of the network.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``micro_size`` is not positive, or does not divide the batch.

    >>> from minispore import Tensor, nn
    >>> print(nn.GradAccumulationCell(nn.ReLU(), 2)(Tensor([1.0, 2.0, 3.0, 4.0])))
    [4. 6.]
    """

    def __init__(self, network, micro_size):
        super().__init__(auto_prefix=False)
        checks.instance("GradAccumulationCell", Cell, network=network)
        checks.positive_int("GradAccumulationCell", micro_size=micro_size)
        self.network, self.micro_size = network, micro_size

    def construct(self, *inputs):
        n = self.micro_size
        for x in inputs:
            if x.shape[0] % n:
                raise fail(
                    ValueError,
                    f"For 'GradAccumulationCell', the batch must be a multiple of {n}, but got {x.shape[0]}.",
                )
        total = None
        for k in range(n):
            part = [x[k * (x.shape[0] // n) : (k + 1) * (x.shape[0] // n)] for x in inputs]
            output = self.network(*part)
            total = output if total is None else total + output
        return total


class ParameterUpdate(Cell):
    """Gives a Parameter a new value.

    Args:
        param: Parameter.

    Inputs:
        x: Tensor of its shape.

    Returns:
        Tensor, ``x``.

    Raises:
        TypeError: ``param`` is not a Parameter.

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0]), name="w")
    >>> _ = nn.ParameterUpdate(w)(Tensor([2.0]))
    >>> print(w.asnumpy())
    [2.]
    """

    def __init__(self, param):
        super().__init__(auto_prefix=False)
        checks.instance("ParameterUpdate", Parameter, param=param)
        self._param = param

    def construct(self, x):
        ops.assign(self._param, x)
        return x


class PipelineCell(GradAccumulationCell):
    """The sum of ``network`` over ``micro_size`` parts of the batch, as ``GradAccumulationCell``.

    Args:
        network: Cell.
        micro_size: int above 0.
        stage_config: accepted, without effect: there is one CPU.
        segment_config: accepted, without effect.

    Inputs:
        *inputs: Tensors; the first axis of each is a multiple of ``micro_size``.

    Returns:
        Tensor, as of the network.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``micro_size`` is not positive, or does not divide the batch.

    >>> from minispore import Tensor, nn
    >>> print(nn.PipelineCell(nn.ReLU(), 2)(Tensor([1.0, 2.0])))
    [3.]
    """

    def __init__(self, network, micro_size, stage_config=None, segment_config=None):
        super().__init__(network, micro_size)


class MicroBatchInterleaved(GradAccumulationCell):
    """The sum of ``network`` over ``interleave_num`` parts of the batch, as ``GradAccumulationCell``.

    Args:
        network: Cell.
        interleave_num: int above 0.  Default: 2.

    Inputs:
        *inputs: Tensors; the first axis of each is a multiple of ``interleave_num``.

    Returns:
        Tensor, as of the network.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``interleave_num`` is not positive, or does not divide the batch.

    >>> from minispore import Tensor, nn
    >>> print(nn.MicroBatchInterleaved(nn.ReLU())(Tensor([1.0, 2.0])))
    [3.]
    """

    def __init__(self, network, interleave_num=2):
        super().__init__(network, interleave_num)


class _VirtualDatasetCell(Cell):
    """Accepted, without effect: ``backbone`` itself, since there is one CPU."""

    def __init__(self, backbone):
        super().__init__(auto_prefix=False)
        self._backbone = backbone

    def construct(self, *inputs):
        return self._backbone(*inputs)


class VirtualDatasetCellTriple(_VirtualDatasetCell):
    """Accepted, without effect: ``backbone`` itself, since there is one CPU.

    Args:
        backbone: Cell of three inputs.

    Inputs:
        *inputs: those of the backbone.

    Returns:
        what the backbone returns.

    >>> from minispore import Tensor, nn
    >>> print(nn.VirtualDatasetCellTriple(lambda a, b, c: a + b + c)(Tensor(1), Tensor(2), Tensor(3)))
    6
    """
