# Written by tools/stubs from minispore.nn.wrap.cell_wrapper: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore._types import Constructs, Items, Number, P, R
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.optim.optimizer import Optimizer
from typing import Any, Generic

__all__ = ['ForwardValueAndGrad', 'GradAccumulationCell', 'MicroBatchInterleaved', 'ParameterUpdate', 'PipelineCell', 'TrainOneStepCell', 'VirtualDatasetCellTriple', 'WithEvalCell', 'WithGradCell', 'WithLossCell']

class ForwardValueAndGrad(Cell):
    def __init__(self, network: Cell | Callable[..., Any], weights: Sequence[Parameter] | None = None, get_all: bool = False, get_by_list: bool = False, sens_param: bool = False) -> None: ...
    def construct(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]: ...
    get_all: Any
    get_by_list: Any
    network: Any
    sens_param: Any
    weights: Any

class GradAccumulationCell(Cell):
    def __init__(self, network: Cell, micro_size: int) -> None: ...
    def construct(self, *args: Any, **kwargs: Any) -> Tensor: ...
    micro_size: Any
    network: Any

class MicroBatchInterleaved(GradAccumulationCell):
    def __init__(self, network: Cell, interleave_num: int = 2) -> None: ...

class ParameterUpdate(Cell):
    def __init__(self, param: Parameter) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...

class PipelineCell(GradAccumulationCell):
    def __init__(self, network: Cell, micro_size: int, stage_config: Any = None, segment_config: Any = None) -> None: ...

class TrainOneStepCell(Cell, Generic[P, R]):
    def __init__(
        self,
        network: Constructs[P, R],
        optimizer: Optimizer,
        sens: Number | Tensor | None = None,
        return_grad: bool = False,
    ) -> None: ...
    def construct(self, *args: P.args, **kwargs: P.kwargs) -> R: ...
    def loss_and_grads(self, inputs: Items, sens: Number | Tensor | None = None) -> tuple[Any, ...]: ...
    network: Any
    optimizer: Any
    weights: Any
    grad: Any
    grad_no_sens: Any
    grad_reducer: Any
    reducer_flag: Any
    return_grad: Any
    sens: Any
    sense_flag: Any

class _VirtualDatasetCell(Cell):
    def __init__(self, backbone: Any) -> None: ...
    def construct(self, *args: Any, **kwargs: Any) -> Tensor | Any: ...

class VirtualDatasetCellTriple(_VirtualDatasetCell):
    def __init__(self, backbone: Cell) -> None: ...

class WithEvalCell(Cell):
    def __init__(self, network: Cell, loss_fn: Cell | Callable[..., Any], add_cast_fp32: bool = False) -> None: ...
    def construct(self, data: Any, label: Any) -> tuple[Any, ...]: ...
    add_cast_fp32: Any

class WithGradCell(Cell):
    def __init__(self, network: Cell, loss_fn: Cell | Callable[..., Any] | None = None, sens: Number | Tensor | None = None) -> None: ...
    def construct(self, *args: Any, **kwargs: Any) -> tuple[Tensor, ...]: ...
    grad: Any
    loss_fn: Any
    network: Any
    network_with_loss: Any
    sens: Any
    weights: Any

class WithLossCell(Cell):
    def __init__(self, backbone: Cell, loss_fn: Cell | Callable[..., Any]) -> None: ...
    @property
    def backbone_network(self) -> Any: ...
    def construct(self, data: Any, label: Any) -> Tensor: ...
