# Written by tools/stubs from minispore.ops.comm_func: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.ops.comm_calls import CommHandle as CommHandle
from minispore.ops.comm_collectives import all_gather_into_tensor as all_gather_into_tensor, all_reduce as all_reduce, barrier as barrier, broadcast as broadcast, gather_into_tensor as gather_into_tensor, reduce as reduce, reduce_scatter_tensor as reduce_scatter_tensor, scatter_tensor as scatter_tensor
from minispore.ops.comm_exchange import all_to_all_single_with_output_shape as all_to_all_single_with_output_shape, all_to_all_v_c as all_to_all_v_c, all_to_all_with_output_shape as all_to_all_with_output_shape
from minispore.ops.comm_point_to_point import P2POp as P2POp, batch_isend_irecv as batch_isend_irecv, irecv as irecv, isend as isend, recv as recv, send as send

__all__ = ['CommHandle', 'P2POp', 'all_gather_into_tensor', 'all_reduce', 'all_to_all_single_with_output_shape', 'all_to_all_v_c', 'all_to_all_with_output_shape', 'barrier', 'batch_isend_irecv', 'broadcast', 'gather_into_tensor', 'irecv', 'isend', 'recv', 'reduce', 'reduce_scatter_tensor', 'scatter_tensor', 'send']
