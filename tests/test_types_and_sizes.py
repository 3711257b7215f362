"""Elementwise functions and reductions over types, sizes and layouts: one result in both modes, and MindSpore's types.

tests/records/types.json holds what MindSpore 2.10 gives in PYNATIVE mode on a CPU: the type and the values for ``A`` and
``B`` of each type that it takes (tools/record_types.py).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from record_types import TYPES, A, B, functions, kind_of, values  # noqa: E402

RECORD = json.loads((ROOT / "tests" / "records" / "types.json").read_text())
FUNCTIONS = functions(ops)
# (function, types): why the answer is another one
WIDER = "so that nothing overflows"
CHOSEN = {
    ("mean", "int8 int16 int32 int64 uint8 uint16 uint32 uint64"): "float32: a mean is no integer",
    ("sum", "uint16 uint32"): WIDER, ("prod", "uint16 uint32"): WIDER, ("nansum", "int8 int16 int32 uint8 uint16 uint32"): WIDER,
    ("any", "uint8"): "bool, as for all other types", ("exp2", "bfloat16"): "the type of the input, as for float16",
    ("ldexp", "float16"): "the common type with the float32 exponent",
    ("floor_divide", "bool"): "a division by False", ("fmod", "bool"): "a division by False", ("remainder", "bool"): "a division by False",
    ("bitwise_left_shift", "int32 int64"): "a negative distance: 0, as in NumPy",
    ("sinc", "bool"): "1 at 0", ("xlogy", "bool"): "0 log(0) is 0",
    ("hardswish", "int8 int16 int32 int64"): "floats only", ("hardsigmoid", "int8 int16 int32 int64"): "floats only",
    ("selu", "int8 int32"): "floats only", ("frac", "bool"): "numbers only", ("positive", "bool"): "numbers only",
}  # fmt: skip
LEFT_OUT = {(name, dtype) for name, types in CHOSEN for dtype in types.split()}


def tensor(dtype, array):
    found = Tensor(np.asarray(array, np.float32 if dtype == "bfloat16" else dtype))
    return found.astype(ms.bfloat16) if dtype == "bfloat16" else found


def operands(dtype):
    with np.errstate(all="ignore"):
        return tensor(dtype, A[kind_of(dtype)]), tensor(dtype, B[kind_of(dtype)])


def close(got, want, dtype):
    bits = {"float16": 3e-3, "bfloat16": 2e-2}.get(dtype, 2e-4)
    return got.shape == want.shape and np.allclose(got, want, rtol=bits, atol=bits, equal_nan=True)


@pytest.mark.parametrize("dtype", TYPES)
def test_types_and_values_of_mindspore(dtype):
    wrong, x, y = [], *operands(dtype)
    for name, by_type in RECORD["answers"].items():
        if dtype in by_type and (name, dtype) not in LEFT_OUT:
            got, (kind, answer) = FUNCTIONS[name](x, y), by_type[dtype]
            if str(got.dtype) != kind or not close(values(got, ms), np.array(answer, float), dtype):
                wrong.append(f"{name}: {got.dtype} {values(got, ms)}, right is {kind} {answer}")
    assert not wrong, "\n".join(wrong)


LAYOUTS = {
    "plain": lambda x: np.resize(x, (21, 14)), "no rows": lambda x: np.resize(x, (21, 14))[:, :0].reshape(0, 14),
    "one": lambda x: x[4:5],
}  # fmt: skip


@pytest.mark.slow
def test_modes_sizes_and_layouts():
    """By the source of the kernels, which Python runs: compiled, so many functions would take minutes.  Of bools:
    tests/test_bools_and_casts.py."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    env = dict(os.environ, MINISPORE_JIT="0", PYTHONPATH=path)
    done = subprocess.run([sys.executable, __file__], env=env, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stdout, done.stdout + done.stderr[-3000:]


def differences(dtype):
    """Functions whose graph gives another result than op by op; views in one operand, and a repeated vector."""
    rounding = 1e-3 if dtype == "float16" else 3e-6  # of the last bit
    with np.errstate(all="ignore"):
        few = [np.asarray(v[kind_of(dtype)]).astype(dtype) for v in (A, B)]
    for layout, made in LAYOUTS.items():
        x, y = (Tensor(made(v)) for v in few)

        def turned(x, y):
            return (x.T, y.T) if x.ndim == 2 else (x, y)

        eager = {}
        for name, function in FUNCTIONS.items():
            try:
                eager[name] = function(*turned(x, y))
            except (TypeError, ValueError):  # not of this type, or no extreme of no elements
                continue
        together = ms.jit(lambda x, y, names=tuple(eager): [FUNCTIONS[n](*turned(x, y)) for n in names])(x, y)
        for (name, e), g in zip(eager.items(), together):
            same = e.dtype is g.dtype and e.shape == g.shape
            if not same or not np.allclose(g.asnumpy(), e.asnumpy(), rtol=rounding, atol=rounding, equal_nan=True):
                yield f"{dtype}: {name} {layout}: {g}, op by op {e}"


@pytest.mark.parametrize("name", ["exp", "add", "maximum", "sum"])
@pytest.mark.parametrize("size", [1000, 100_000])
def test_large_arrays_give_what_small_ones_give(name, size):
    """Past a size PYNATIVE mode runs a compiled kernel."""
    few = [np.asarray(v["f"], np.float32) for v in (A, B)]
    x, y = (Tensor(np.resize(v, (size // 7, 7))) for v in few)
    got, small = FUNCTIONS[name](x, y).asnumpy(), FUNCTIONS[name](*map(Tensor, few)).asnumpy()
    if name == "sum":  # over the rows, which are equal
        small = few[0] * (size // 7)
    rounding = 2e-4 if name == "sum" else 2e-6  # 14,285 additions, one after the other
    np.testing.assert_allclose(got, np.broadcast_to(small, got.shape), rtol=rounding)


if __name__ == "__main__":
    for kind in ("float32", "float16", "int32", "int8", "uint8"):
        for line in differences(kind):
            print(line)
