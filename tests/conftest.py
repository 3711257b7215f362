"""What all tests share: one compile cache on disk, both modes, a clean state after each test."""

import os
import sys
from pathlib import Path

KEPT = Path(__file__).parent.parent / ".pytest_cache"
os.environ.setdefault("MINISPORE_CACHE_DIR", str(KEPT / "minispore"))
# Each of the many processes that tests start would compile 500 modules: theirs are kept beside the kernels.
if sys.dont_write_bytecode:
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(KEPT / "modules")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("MINISPORE_VERIFY", "1")  # look at the graph after each pass (graph/passes.py)

import numpy as np  # noqa: E402  (the settings above come first)
import pytest  # noqa: E402

import minispore as ms  # noqa: E402

collect_ignore_glob = ["parallel_programs/*", "records/*/*.py"]  # programs that tests start


@pytest.fixture(params=["pynative", "graph"])
def mode(request):
    """Runs the test in both modes."""
    ms.set_context(mode=ms.GRAPH_MODE if request.param == "graph" else ms.PYNATIVE_MODE)
    return request.param


@pytest.fixture(autouse=True)
def _clean_state():
    ms.set_context(mode=ms.PYNATIVE_MODE)
    ms.set_seed(1)
    np.random.seed(1)
    yield
    ms.set_context(mode=ms.PYNATIVE_MODE)


@pytest.fixture
def graph_mode():
    ms.set_context(mode=ms.GRAPH_MODE)
