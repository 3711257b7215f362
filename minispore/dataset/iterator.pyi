# Written by tools/stubs from minispore.dataset.iterator: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
import collections.abc
from concurrent.futures._base import Future as Future
from concurrent.futures.thread import ThreadPoolExecutor as ThreadPoolExecutor
from minispore.core.tensor import Tensor as Tensor
from minispore.dataset.node import PipelineNode as PipelineNode
from minispore.dataset.rows import Epoch as Epoch, Rows as Rows
from minispore.dataset.samplers import check_count as check_count
from minispore.dataset.sync import conditions as conditions
from typing import Any

__all__ = ['Block', 'DictIterator', 'Epoch', 'Future', 'Iterator', 'PipelineNode', 'Rows', 'Tensor', 'ThreadPoolExecutor', 'TupleIterator', 'check_count', 'conditions']

Block: Any

class Iterator:
    def __init__(self, dataset: PipelineNode, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool | None = None) -> None: ...
    def __iter__(self) -> collections.abc.Iterator[Any]: ...
    def __next__(self) -> Any: ...
    def get_col_names(self) -> list[str]: ...
    def get_next(self) -> Any: ...
    def release(self) -> None: ...
    def stop(self) -> None: ...
    dataset: Any
    num_epochs: Any
    output_numpy: Any

class DictIterator(Iterator):
    def __init__(self, dataset: PipelineNode, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool | None = None) -> None: ...

class TupleIterator(Iterator):
    def __init__(self, dataset: PipelineNode, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool | None = None) -> None: ...
