"""Records which types elementwise functions and reductions of MindSpore give: tests/records/types.json.

    PYTHONPATH=tools python tools/record_types.py        in an environment with MindSpore, in a folder that may be written to

tests/test_types_and_sizes.py calls the same functions of minispore.
"""

import json
import sys

import numpy as np

TYPES = "float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool".split()
A = {"f": [0.0, -0.0, 1.0, -1.5, 2.5, 0.3, -7.0], "i": [0, 1, 2, 3, -1, -7, 100], "u": [0, 1, 2, 3, 7, 100, 200],
     "b": [0, 1, 1, 0, 0, 1, 0]}  # fmt: skip
B = {"f": [1.0, 2.0, -0.5, 3.0, 2.5, 0.0, -2.0], "i": [1, 2, -3, 3, 2, 5, -7], "u": [1, 2, 3, 3, 5, 2, 7],
     "b": [0, 1, 0, 1, 1, 1, 0]}  # fmt: skip
UNARY = (
    "abs neg square sqrt rsqrt exp log log1p expm1 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc sigmoid relu "
    "relu6 silu gelu elu softplus sign floor ceil round trunc reciprocal logical_not isnan isinf isfinite exp2 log2 log10 "
    "softsign mish hardswish hardsigmoid leaky_relu selu celu logsigmoid frac positive sinc nan_to_num deg2rad rad2deg"
).split()
BINARY = (
    "add sub mul div true_divide floor_divide floor_mod fmod remainder pow maximum minimum fmax fmin equal not_equal less less_equal "
    "greater greater_equal logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor bitwise_left_shift "
    "bitwise_right_shift atan2 hypot xlogy logaddexp heaviside ldexp copysign gcd lcm"
).split()
ALONG = "sum mean prod amax amin max min argmax argmin any all std var logsumexp cumsum cumprod cummax cummin softmax log_softmax nansum median".split()


def functions(ops) -> dict:
    """The functions by name, each of two Tensors; reductions are over axis 0, of several results the first counts."""
    found = {n: lambda x, y, f=getattr(ops, n): f(x) for n in UNARY}
    found |= {n: lambda x, y, f=getattr(ops, n): f(x, y) for n in BINARY}

    def first(f, x):
        out = f(x, 0)
        return out[0] if isinstance(out, tuple) else out

    return found | {n: lambda x, y, f=getattr(ops, n): first(f, x) for n in ALONG}


def kind_of(dtype: str) -> str:
    return "b" if dtype == "bool" else "f" if "float" in dtype else dtype[0]


def values(tensor, framework) -> np.ndarray:
    """The elements in float64."""
    if str(tensor.dtype) == "BFloat16":
        tensor = tensor.astype(framework.float32)
    return np.asarray(tensor.asnumpy()).astype(np.float64)


def main(target: str) -> None:
    import mindspore as ms
    from mindspore import ops

    ms.set_context(mode=ms.PYNATIVE_MODE, device_target="CPU")
    answers: dict = {}
    for name, function in functions(ops).items():
        for dtype in TYPES:
            with np.errstate(all="ignore"):
                given = [
                    ms.Tensor(np.asarray(v[kind_of(dtype)]).astype("float32" if dtype == "bfloat16" else dtype))
                    for v in (A, B)
                ]
            given = [t.astype(ms.bfloat16) if dtype == "bfloat16" else t for t in given]
            try:
                out = function(*given)
                answers.setdefault(name, {})[dtype] = [str(out.dtype), values(out, ms).tolist()]
            except (TypeError, ValueError, RuntimeError):  # a type that it does not take
                continue
    lines = ",\n".join(f"{json.dumps(n)}: {json.dumps(v)}" for n, v in answers.items())
    with open(target, "w") as file:
        file.write(f'{{"origin": "MindSpore {ms.__version__}, PYNATIVE mode, CPU", "answers": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main(sys.argv[1])
