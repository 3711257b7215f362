# Written by tools/stubs from minispore.ops.comm_exchange: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Items
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['all_to_all_single_with_output_shape', 'all_to_all_v_c', 'all_to_all_with_output_shape']

def all_to_all_single_with_output_shape(output_shape: Items | Tensor, tensor: Tensor, output_split_sizes: Sequence[int] | None = None, input_split_sizes: Sequence[int] | None = None, group: str | None = None, async_op: bool = False) -> Any: ...

def all_to_all_v_c(output: Any, input: Tensor, send_count_matrix: Items, group: str | None = None, async_op: bool = False) -> Any: ...

def all_to_all_with_output_shape(output_shape_list: Items | Tensor, input_tensor_list: Items, group: str | None = None, async_op: bool = False) -> Any: ...
