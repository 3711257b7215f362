"""Recorded results of the real MindSpore 2.10, in both modes (see records/README.md)."""

import importlib.util
import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
from minispore.surface.compatibility import DIFFERENCES

HERE = Path(__file__).parent / "records"

# Where minispore does something else: the entry in surface/compatibility.py, which says what and why.
DIFFERENT = {
    # the real tanh is off by up to 1e-4, so that 1 - tanh(x)**2 is negative at 5
    **dict.fromkeys(
        [
            "autodiff::grad_weights_only",
            "autodiff::grad_inputs_and_weights",
            "autodiff::gradient_penalty",
            "autodiff::shared_weight",
            "layers::act_tanh",
            "layers::act_mish",
            "layers::cell_list_loop",
        ],
        "Exact functions",
    ),
    "ops::creation": "`ops.full`",
    "cell::cell_list_operations": "`nn.CellList` after a deletion",
    "errors::has_aux_with_one_output": "`has_aux` with one output",
    "seeds::experimental_change_wd_while_training": "Weight decay",
    "custom_optim::helper_values_grouped": "`Optimizer.get_lr()` of groups",
}
# Only when compiled.
COMPILED_ONLY = (
    "errors::has_aux",
    "seeds::experimental_change",
)


def load(area):
    spec = importlib.util.spec_from_file_location(f"record_{area}", HERE / "cases" / f"{area}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with open(HERE / "goldens" / f"{area}.json") as file:
        return module, json.load(file)


AREAS = {p.stem: load(p.stem) for p in sorted((HERE / "cases").glob("*.py"))}


def rows():
    for area, (module, goldens) in AREAS.items():
        for case in goldens:
            for mode in ("pynative", "graph"):
                record = goldens[case].get("both") or goldens[case].get(mode)
                if record is None or record["opts"].get("quirk") or not hasattr(module, case):
                    continue
                if isinstance(record["result"], dict) and "__raises__" in record["result"]:
                    continue
                yield area, case, mode


ROWS = list(rows())


def same(a, b, rtol, atol, where=""):
    """Raises AssertionError unless ``b`` is what was recorded as ``a``."""
    if isinstance(a, dict) and "__nd__" in a:
        dtype, shape, values = a["__nd__"]
        b = np.asarray(b)
        assert b.dtype.name == dtype and list(b.shape) == shape, (
            f"{where}: {b.dtype} {b.shape}, recorded {dtype} {shape}"
        )
        if dtype.startswith("float"):
            loose = 2e-3 if dtype == "float16" else 0.0
            expected = np.array(values, np.float64).reshape(shape)
            np.testing.assert_allclose(
                b.astype(np.float64), expected, max(rtol, loose), max(atol, loose), err_msg=where
            )
        else:
            assert [x.item() for x in b.ravel()] == values, where
    elif isinstance(a, dict):
        assert {str(k) for k in b} == set(a), where
        for k, v in b.items():
            same(a[str(k)], v, rtol, atol, f"{where}.{k}")
    elif isinstance(a, list):
        assert len(a) == len(b), where
        for i, (x, y) in enumerate(zip(a, b)):
            same(x, y, rtol, atol, f"{where}[{i}]")
    elif isinstance(a, float) and isinstance(b, (int, float)):
        assert math.isclose(a, b, rel_tol=rtol, abs_tol=atol) or (math.isnan(a) and math.isnan(b)), (
            f"{where}: {b}, recorded {a}"
        )
    else:
        assert type(a) is type(b) and a == b, f"{where}: {b!r}, recorded {a!r}"


def test_every_difference_is_on_the_page():
    assert set(DIFFERENT.values()) <= {title for title, _ in DIFFERENCES}


@pytest.mark.parametrize("area, case, mode", ROWS, ids=[f"{a}::{c[5:]}-{m}" for a, c, m in ROWS])
def test_recorded(area, case, mode, tmp_path, request):
    module, goldens = AREAS[area]
    record = goldens[case].get("both") or goldens[case][mode]
    name = f"{area}::{case[5:]}"
    reason = DIFFERENT.get(name)
    if mode == "pynative" and name.startswith(COMPILED_ONLY):
        reason = None
    if reason:
        request.applymarker(pytest.mark.xfail(reason=reason))
    os.chdir(tmp_path)
    np.random.seed(1234)
    ms.set_context(mode=ms.GRAPH_MODE if mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(1234)
    options = record["opts"]
    same(record["result"], getattr(module, case)(ms), options.get("rtol", 1e-4), options.get("atol", 1e-5))
