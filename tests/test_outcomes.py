"""Calls of MindSpore's own tests (tests/records/outcomes.py) against what the real one gave: values, types and classes of errors."""

import json

import numpy as np
import pytest
from test_cpu_primitives import RECORDS, loaded, same

import minispore as ms
from minispore import Tensor, ops

outcomes, plain = loaded("outcomes"), loaded("rare_ops").plain
CASES, RECORDED = outcomes.cases(ms), json.loads((RECORDS / "outcomes.json").read_text())


@pytest.mark.parametrize("name", RECORDED)
def test_a_call_gives_what_mindspore_gives(name):
    found = outcomes.outcome(CASES[name], plain)
    assert same(found, RECORDED[name], 1e-4), f"{found}, recorded {RECORDED[name]}"


@pytest.mark.parametrize("name", ["lstmTrueTrueTrue", "gru", "sparse_dual", "coo_products", "of_products"])
def test_in_graph_mode_too(name):
    ms.set_context(mode=ms.GRAPH_MODE)
    assert same(plain(CASES[name]()), RECORDED[name], 1e-4)


def test_a_generator_steps_and_returns(mode):
    from minispore.common.generator import Generator, default_generator, get_rng_state, set_rng_state

    generator = Generator().manual_seed(7)
    assert [tuple(map(int, generator._step(2))) for _ in range(2)] == [(7, 0), (7, 2)]
    other = Generator().set_state(generator.get_state())
    assert [int(x) for x in other._step(1)] == [int(x) for x in generator._step(1)] == [7, 4]
    state = get_rng_state()
    first = [int(x) for x in default_generator._step(5)]
    set_rng_state(state)
    assert first == [int(x) for x in default_generator._step(5)]


def test_primitives_without_a_kernel_say_so():
    from minispore.ops.auto_generate import FakeQuantPerLayer
    from minispore.ops.operations._quant_ops import BatchNormFold

    assert FakeQuantPerLayer is ops.operations.FakeQuantPerLayer
    with pytest.raises(RuntimeError, match="BatchNormFold.*no kernel"):
        BatchNormFold(momentum=0.9)(Tensor(np.ones((1, 2, 2, 2), np.float32)))
