# Written by tools/stubs from minispore.communication: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import management as management
from minispore.communication.management import create_group as create_group, destroy_group as destroy_group, get_comm_name as get_comm_name, get_group_rank_from_world_rank as get_group_rank_from_world_rank, get_group_size as get_group_size, get_local_rank as get_local_rank, get_local_rank_size as get_local_rank_size, get_process_group_ranks as get_process_group_ranks, get_rank as get_rank, get_world_rank_from_group_rank as get_world_rank_from_group_rank, init as init, release as release
from minispore.distributed.groups import GlobalComm as GlobalComm

__all__ = ['GlobalComm', 'HCCL_WORLD_COMM_GROUP', 'MCCL_WORLD_COMM_GROUP', 'NCCL_WORLD_COMM_GROUP', 'create_group', 'destroy_group', 'get_comm_name', 'get_group_rank_from_world_rank', 'get_group_size', 'get_local_rank', 'get_local_rank_size', 'get_process_group_ranks', 'get_rank', 'get_world_rank_from_group_rank', 'init', 'management', 'release']

HCCL_WORLD_COMM_GROUP: str
MCCL_WORLD_COMM_GROUP: str
NCCL_WORLD_COMM_GROUP: str
