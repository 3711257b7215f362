"""What all tests share: one compile cache on disk, both modes, a clean state after each test."""

import os
from pathlib import Path

os.environ.setdefault("MINISPORE_CACHE_DIR", str(Path(__file__).parent.parent / ".pytest_cache" / "minispore"))
os.environ.setdefault("MINISPORE_VERIFY", "1")  # look at the graph after each pass (graph/passes.py)

import numpy as np
import pytest

import minispore as ms

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
