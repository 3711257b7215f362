"""Checkpoints of state that ranks share out: gathered into one file, or one file a rank and an index.

The index stands under the name of the checkpoint and takes it in one step, when all files of its set are complete: a
kill leaves the old set or the new one.  ``load_checkpoint`` reads an index as it reads a file, on any number of ranks.
"""

import json
import os
from contextlib import suppress

from ...core.errors import fail
from ...distributed import WORLD
from ...nn.cell import Cell
from .atomic import atomic_file

START = b'{"minispore checkpoint of ranks"'


def is_shared_out(save_obj) -> bool:
    """Whether each rank has a part of what is to be saved."""
    if WORLD.size == 1 or not isinstance(save_obj, Cell):
        return False
    return any(getattr(type(c), "shares_state", False) for _, c in save_obj.cells_and_names())


def gathered(entries: dict) -> dict:
    """The entries of all ranks on rank 0, which keeps its own where several have one; on the others nothing."""
    known = WORLD.gather(sorted(entries), "save_checkpoint")
    seen: set[str] = set().union(*known[: WORLD.rank])
    found = WORLD.gather({k: v for k, v in entries.items() if k not in seen}, "save_checkpoint", root=0)
    return {**entries, **{k: v for part in found[1:] for k, v in part.items()}} if WORLD.rank == 0 else {}


def write_set(path: str, write, entries: dict) -> None:
    """One file a rank, by ``write(path, entries)``, then the index, then the set before is removed."""
    folder, name = os.path.split(path)
    (number,) = set(WORLD.gather(os.urandom(4).hex(), "save_checkpoint")[:1])
    known = WORLD.gather(sorted(entries), "save_checkpoint")
    seen: set[str] = set().union(*known[: WORLD.rank])
    ours = f"{name}.{number}.rank_{WORLD.rank}_of_{WORLD.size}"
    write(os.path.join(folder, ours), {k: v for k, v in entries.items() if k not in seen})
    files = WORLD.gather(ours, "save_checkpoint")  # all are complete
    if WORLD.rank == 0:
        with atomic_file(path) as file:
            file.write(START + b": 1, " + json.dumps({"files": files}).encode()[1:])
        _remove_others(folder, name, files)
    WORLD.gather(None, "save_checkpoint")  # and nobody goes on before the index is there


def _remove_others(folder: str, name: str, files) -> None:
    for other in os.listdir(folder):
        if other.startswith(f"{name}.") and ".rank_" in other and other not in files:
            with suppress(OSError):
                os.unlink(os.path.join(folder, other))


def files_of(path: str, data: bytes) -> list[str]:
    """The paths of the files that an index names.

    Raises:
        ValueError: it is damaged, or one of them is missing.
    """
    try:
        names = json.loads(data)["files"]
    except (ValueError, KeyError):
        raise fail(ValueError, f"For 'load_checkpoint', the index {path} is damaged.") from None
    found = [os.path.join(os.path.dirname(path), n) for n in names]
    missing = [p for p in found if not os.path.isfile(p)]
    if missing:
        raise fail(
            ValueError,
            f"For 'load_checkpoint', {path} is the index of {len(found)} files, of which {missing[0]} is missing.",
        )
    return found


def remove(path) -> None:
    """Removes a checkpoint: its file, or its index and the files of all ranks."""
    with suppress(OSError):
        with open(path, "rb") as file:
            data = file.read(1 << 20)
        os.unlink(path)
        if data.startswith(START):
            _remove_others(*os.path.split(os.path.abspath(path)), ())
