"""Stub files for the aliases in paths.py, for tools that only read source; ``python tools/stubs`` writes them and all others.

A test compares the files with this list.
"""

from pathlib import Path

from .paths import OURS, home_of

STUBS = (  # public aliases
    "_checkparam", "amp", "common", "common.api", "common.dtype", "common.initializer", "common.parameter", "common.seed",
    "common.sparse_tensor", "common.tensor", "context", "dataset.engine", "dataset.transforms.c_transforms",
    "dataset.transforms.py_transforms", "dataset.transforms.transforms", "dataset.transforms.vision",
    "dataset.vision.c_transforms", "dataset.vision.py_transforms", "debug", "experimental.optim", "experimental.optim.lr_scheduler", "hal",
    "log", "mindrecord", "profiler", "runtime", "train.metrics", "vision", "vision.c_transforms", "vision.py_transforms",
    "vision.transforms", "vision.utils",
)  # fmt: skip


def stub_of(path: str) -> tuple[Path, str]:
    """(file, text) of the stub of a path.

    >>> print(stub_of("common.dtype")[1])
    # The same module as minispore.core.dtype.  Written by tools/stubs.
    from minispore.core.dtype import *
    <BLANKLINE>
    """
    is_package = any(other.startswith(path + ".") for other in STUBS)
    file = path.replace(".", "/") + ("/__init__.pyi" if is_package else ".pyi")
    home = f"{OURS}.{home_of(path)}"
    text = f"# The same module as {home}.  Written by tools/stubs.\nfrom {home} import *\n"
    return Path(__file__).parent.parent / file, text
