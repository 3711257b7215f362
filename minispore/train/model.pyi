# Written by tools/stubs from minispore.train.model: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Mapping, Sequence
from minispore._types import Batched, Items, Number
from minispore.core.cell_base import fits as fits
from minispore.core.context import ParallelMode as ParallelMode, get_auto_parallel_context as get_auto_parallel_context, is_graph_mode as is_graph_mode
from minispore.core.tensor import Tensor as Tensor
from minispore.core.tree import map_leaves as map_leaves
from minispore.distributed.world import World
from minispore.nn.cell import Cell
from minispore.nn.metrics import get_metrics as get_metrics
from minispore.nn.metrics.error import Loss as Loss
from minispore.nn.optim.optimizer import Optimizer
from minispore.nn.wrap.grad_reducer import reduces as reduces
from minispore.ops.collective import collective as collective
from minispore.train.batches import as_dataset as as_dataset
from minispore.train.callback.base import Callback, CallbackList as CallbackList, CallbackParams as CallbackParams, RunContext as RunContext
from minispore.train.callback.checkpoint import ModelCheckpoint as ModelCheckpoint
from minispore.train.callback.monitor import progress_beside as progress_beside
from minispore.train.checkpoint.files import saves as saves
from typing import Any

__all__ = ['CallbackList', 'CallbackParams', 'Loss', 'Model', 'ModelCheckpoint', 'ParallelMode', 'RunContext', 'Tensor', 'WORLD', 'as_dataset', 'collective', 'fits', 'get_auto_parallel_context', 'get_metrics', 'is_graph_mode', 'map_leaves', 'progress_beside', 'reduces', 'saves']

WORLD: World

class Model:
    def __getattr__(self, name: str) -> Any: ...
    def __init__(self, network: Cell, loss_fn: Cell | None = None, optimizer: Optimizer | None = None, metrics: set[str] | Mapping[Any, Any] | None = None, eval_network: Cell | None = None, eval_indexes: Sequence[int] | None = None, amp_level: str = 'O0', boost_level: Any = 'O0', **kwargs: Any) -> None: ...
    def build(self, train_dataset: Batched | None = None, valid_dataset: Batched | None = None, sink_size: Any = -1, epoch: Any = 1, sink_mode: Any = True) -> None: ...
    def eval(self, valid_dataset: Batched | Iterable[Any], callbacks: Callback | Sequence[Callback] | None = None, dataset_sink_mode: Any = False) -> dict[Any, Any]: ...
    @property
    def eval_network(self) -> Any: ...
    def fit(self, epoch: int, train_dataset: Any, valid_dataset: Batched | None = None, valid_frequency: Sequence[Number] | int = 1, callbacks: Callback | Sequence[Callback] | None = None, dataset_sink_mode: Any = False, valid_dataset_sink_mode: Any = False, sink_size: Any = -1, initial_epoch: int = 0) -> None: ...
    def infer_predict_layout(self, *predict_data: Any, skip_backend_compile: Any = False) -> dict[Any, Any]: ...
    def infer_train_layout(self, train_dataset: Any, dataset_sink_mode: Any = True, sink_size: Any = -1) -> dict[Any, Any]: ...
    def predict(self, *predict_data: Any, backend: Any = None, config: Any = None) -> Any: ...
    @property
    def predict_network(self) -> Any: ...
    def train(self, epoch: int, train_dataset: Batched | Iterable[Any] | Items, callbacks: Callback | Sequence[Callback] | None = None, dataset_sink_mode: Any = False, sink_size: Any = -1, initial_epoch: int = 0) -> None: ...
    @property
    def train_network(self) -> Any: ...
