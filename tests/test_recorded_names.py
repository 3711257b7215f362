"""What names of MindSpore 2.10 return, by its records (tools/record_names.py): values, types and exception classes, and in GRAPH mode
what PYNATIVE mode gives."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
import minispore.numpy

ROOT = Path(__file__).parent.parent
_spec = importlib.util.spec_from_file_location("record_names", ROOT / "tools" / "record_names.py")
record_names = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(record_names)
RECORDS = json.loads((ROOT / "tests" / "records" / "names.json").read_text())
CASES = [(group, call) for group in RECORDS for call in RECORDS[group]]


def compare(found, wanted, group) -> None:
    if isinstance(wanted, list) and isinstance(found, list):
        assert len(found) == len(wanted), (found, wanted)
        for f, w in zip(found, wanted):
            compare(f, w, group)
    elif isinstance(wanted, dict) and "values" in wanted:
        assert {**found, "values": 0} == {**wanted, "values": 0}
        tolerance = 1e-9 if wanted["type"] in ("float64", "complex128") and "float64" in group else 2e-5
        np.testing.assert_allclose(found["values"], wanted["values"], tolerance, tolerance)
    else:
        assert found == wanted


@pytest.fixture(scope="module")
def functions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calls")
    return {group: record_names.functions(ms, group, folder) for group in RECORDS}


@pytest.mark.parametrize(("group", "call"), CASES)
def test_a_name_gives_what_mindspore_gives(functions, group, call):
    ms.set_context(mode=ms.PYNATIVE_MODE)
    compare(record_names.outcome(functions[group][call], record_names.inputs(ms, group)), RECORDS[group][call], group)


@pytest.mark.parametrize(
    "group", ["complex", "complex_gradients", "fft", "scipy", "sampled"]
)  # the others give numbers
def test_compiled_it_gives_the_same(functions, group):
    """All calls of a group in one graph, whose inputs are not constants of it."""
    ms.set_context(mode=ms.GRAPH_MODE)
    good = [call for call, wanted in RECORDS[group].items() if "error" not in wanted and "ms.Tensor(" not in call]

    def every(*inputs):
        return [functions[group][call](*inputs) for call in good]

    for call, found in zip(good, ms.jit(every)(*record_names.inputs(ms, group))):
        compare(record_names.described(found), RECORDS[group][call], group)
