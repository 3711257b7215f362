# Written by tools/stubs from minispore.distributed.groups: python tools/stubs.  Not to be edited.
# mypy: ignore-errors

__all__ = ['GlobalComm']

class GlobalComm:
    BACKEND: str
    INITED: bool
    WORLD_COMM_GROUP: str
