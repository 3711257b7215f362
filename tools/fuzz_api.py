"""Calls every public function, class and method with wrong arguments, and says which answers are not those of an API.

    python tools/fuzz_api.py --calls 20          20 calls of each; prints each fault once, and how to repeat the calls
    python tools/fuzz_api.py --only ops.roll     the calls of names that contain this
    python tools/fuzz_api.py --traced            the functions are traced, as in GRAPH mode, not run

A valid call is taken from the docstring's example; one or two of its arguments are replaced by values of the wrong type,
shape, rank, size or sign.  The call may return, or raise a TypeError, a ValueError or another error that names the function.  Faults are
an exception from inside (AttributeError, KeyError, IndexError ...), a message without the name, a crash, and a call of more
than 10 seconds.  The calls run in a child process, which is started again after a crash or a hang.
"""

import argparse
import contextlib
import doctest
import enum
import inspect
import io
import random
import sys
import traceback
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from watched import Found, begin_child, report, watch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
MODULES = (
    "ops", "mint", "mint.linalg", "mint.special", "mint.nn", "mint.nn.functional", "mint.optim", "numpy", "nn", "nn.metrics", "",
    "dataset", "dataset.transforms", "dataset.vision", "dataset.text", "train", "train.amp", "core.initializer",
)  # fmt: skip
PACKAGE = str(ROOT / "minispore")
INTERNAL = (
    AttributeError, KeyError, IndexError, ZeroDivisionError, AssertionError, UnboundLocalError, NameError, RecursionError,
    SystemError, StopIteration, UnicodeError, OverflowError, BufferError, EOFError,
)  # fmt: skip
SKIPPED = {
    # these end, wait for or write something outside of the process
    "Profiler", "run_check", "set_context", "set_auto_parallel_context", "set_ps_context", "reset_ps_context", "set_device",
    "set_memory", "install_as_mindspore", "set_dump", "breakpoint", "set_offload_context", "reset_auto_parallel_context",
    # their arguments are functions of the user, called as they are
    "Custom", "CustomRegOp", "custom_info_register", "ms_class", "jit_class", "constexpr", "prim_attr_register", "lazy_inline", "rearrange_inputs",
}  # fmt: skip


class Target(NamedTuple):
    """A public callable: ``name`` as a user writes it, and what to call (for a method, a function of the object)."""

    name: str
    item: Any
    code: Any  # the code object whose arguments a valid call shows


class Call(NamedTuple):
    """Arguments by position and by name; ``then``: of a call of the object that a class makes, by the name of the method."""

    args: tuple
    kwargs: dict
    then: "tuple[str, Call] | None" = None


# ---------------------------------------------------------------- what is called
def targets() -> list[Target]:
    """The public functions and classes, and the methods of Tensor, each once."""
    found: dict[int, Target] = {}
    for path in MODULES:
        module = import_module(f"minispore.{path}".rstrip("."))
        names = getattr(module, "__all__", None) or [n for n in dir(module) if not n.startswith("_")]
        for name in sorted(names):
            item = getattr(module, name, None)
            home = getattr(item, "__module__", None) or ""
            if not callable(item) or name in SKIPPED or not home.startswith("minispore") or id(item) in found:
                continue
            if inspect.isclass(item) and issubclass(item, (BaseException, enum.Enum)):
                continue
            found[id(item)] = Target(f"{path}.{name}".lstrip("."), item, _code_of(item))
    return [*found.values(), *_tensor_methods()]


def _tensor_methods() -> Iterator[Target]:
    from minispore import Tensor

    for name, item in sorted(vars(Tensor).items()):
        if inspect.isfunction(item) and (not name.startswith("_") or name in ("__getitem__", "__setitem__")):
            yield Target(f"Tensor.{name}", item, _code_of(item))


def _code_of(item):
    function = item.__init__ if inspect.isclass(item) else item
    return getattr(inspect.unwrap(function), "__code__", None)


def valid_calls(found: list[Target]) -> dict[str, list[Call]]:
    """The calls of each target that the examples in docstrings make, by name."""
    seen: dict[Any, list[Call]] = defaultdict(list)
    codes = {id(t.code): t.code for t in found if t.code is not None}

    def watch(frame, event, argument):
        if event == "call" and id(frame.f_code) in codes and len(seen[id(frame.f_code)]) < 2:
            call = _arguments(frame)
            if all(getattr(v, "_data", 0) is not None for v in (*call.args, *call.kwargs.values())):  # not of a trace
                seen[id(frame.f_code)].append(call)

    for target in found:
        function = inspect.unwrap(target.item)
        module = sys.modules.get(getattr(function, "__module__", ""), None)
        text = inspect.getdoc(function)
        if not text or ">>>" not in text or module is None:
            continue
        example = doctest.DocTestParser().get_doctest(text, dict(vars(module)), target.name, None, 0)
        runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        sys.setprofile(watch)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                runner.run(example, out=lambda text: None, clear_globs=False)
        finally:
            sys.setprofile(None)
    return {t.name: [_without_self(t, c) for c in seen[id(t.code)]] for t in found if t.code is not None}


def _arguments(frame) -> Call:
    names, varargs, varkw, values = inspect.getargvalues(frame)
    code = frame.f_code
    by_name = {n: values[n] for n in code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]}
    by_name.update(values[varkw] if varkw else {})
    return Call(tuple(values[n] for n in names[: code.co_argcount]) + (values[varargs] if varargs else ()), by_name)


def _without_self(target: Target, call: Call) -> Call:
    return Call(call.args[1:], call.kwargs) if inspect.isclass(target.item) else call


# ---------------------------------------------------------------- wrong arguments
def hostile_values() -> list[Callable[[], Any]]:
    """Makers of values that a careless or hostile caller passes."""
    import numpy as np

    import minispore as ms

    def tensor(*shape, dtype=np.float32):
        return lambda: ms.Tensor(np.ones(shape, dtype))

    return [
        *[lambda v=v: v for v in (None, "text", "", b"", True, False, -1, 0, 1, 2, -7, 99, 10**6, 2**40, -(2**70), 1.5, -0.5, 1e300)],
        *[lambda v=v: v for v in (float("nan"), float("inf"), 2j, (), (1,), (1, -1, 99), (0, 0), (-3, 2), ("a",), (None,), (1.5, 2.5))],
        list, dict, set, object, lambda: [1, 2], lambda: [[1], [2, 3]], lambda: ["a"], lambda: [None], lambda: {"a": 1},
        lambda: {None: None}, lambda: int, lambda: len, lambda: (lambda *a: None), lambda: slice(None), lambda: ...,
        lambda: range(3), lambda: iter([1]), lambda: np.zeros((2, 3)), lambda: np.array(["a"]), lambda: np.array(1.5),
        lambda: np.array([None]), lambda: np.zeros(0), lambda: np.zeros((2, 2), complex), lambda: np.int64(-3), lambda: np.float16(2),
        tensor(), tensor(0), tensor(0, 3), tensor(3, 0), tensor(1), tensor(3), tensor(2, 3), tensor(1, 2, 3, 4, 5), tensor(2, 3, 4),
        tensor(4, 4, 4, 4), tensor(2, 3, dtype=np.int32), tensor(3, dtype=np.int64), tensor(dtype=np.int8), tensor(2, 2, dtype=np.bool_),
        tensor(3, dtype=np.float64), tensor(2, 2, dtype=np.float16), tensor(0, dtype=np.int32),
        lambda: ms.Tensor(np.array([-9, 100, 2**31 - 1], np.int32)), lambda: ms.Tensor(np.array([-5, 10**12], np.int64)),
        lambda: ms.Tensor(np.array([np.nan, np.inf, -np.inf], np.float32)), lambda: [ms.Tensor([1.0]), None],
        lambda: (ms.Tensor([1.0]), ms.Tensor([[1, 2]])), lambda: ms.Parameter(ms.Tensor([1.0, 2.0]), name="p"),
        lambda: ms.float32, lambda: ms.int32, lambda: ms.bool_, lambda: ms.nn.Dense(2, 2), lambda: ms.Tensor,
    ]  # fmt: skip


# methods of objects that are not called: they compile or wait, or are for the package, or another class's
OBJECT_METHODS = {"compile", "graph", "breakpoint", "with_tensors", "with_values", "map_reverse", "hyper_map_reverse"}
GENERIC = (
    "x input input_x a tensor tensors self other y input1 input2 target label logits labels weight mat1 mat2".split()
)


def base_call(item, valid: list[Call]) -> Call:
    """A valid call, or one that looks like it: a Tensor for each parameter without a default."""
    import numpy as np

    import minispore as ms

    if valid:
        return valid[0]
    try:
        parameters = inspect.signature(item).parameters.values()
    except (TypeError, ValueError):
        return Call((ms.Tensor(np.ones((2, 3), np.float32)),), {})
    args = []
    for p in parameters:
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty:
            args.append(ms.Tensor(np.ones((2, 3), np.float32)) if p.name in GENERIC else 1)
    return Call(tuple(args), {})


def wrong_call(target: Target, valid: list[Call], rng: random.Random, values: list) -> Call:
    """A call with wrong arguments, of a class sometimes a right one and then a wrong call of the object."""
    base = _copy(base_call(target.item, valid))
    if not inspect.isclass(target.item) or rng.random() < 0.4:
        return mutated(target.item, base, rng, values, target.name.startswith("Tensor."))
    names = [n for n in dir(target.item) if not n.startswith("_") and n not in OBJECT_METHODS]
    own = [n for n in names if callable(getattr(target.item, n, None)) and not hasattr(_cell(), n)]
    name = "construct" if hasattr(target.item, "construct") else "__call__"
    if own and (not hasattr(target.item, name) or rng.random() < 0.5):
        name = rng.choice(own)
    method = getattr(target.item, name, None)
    if not any(name in vars(c) for c in target.item.__mro__):
        return mutated(target.item, base, rng, values)
    made = base_call(method, [])
    made = mutated(method, Call(made.args[1:], made.kwargs), rng, values)
    return Call(base.args, base.kwargs, (name, made))


def _copy(base: Call) -> Call:
    """The same with Tensors of its own: a method may change them in place."""
    from minispore import Tensor

    def copied(value):
        return value.copy() if type(value) is Tensor else value

    return Call(tuple(map(copied, base.args)), {k: copied(v) for k, v in base.kwargs.items()})


def _cell():
    from minispore.nn import Cell

    return Cell


def mutated(item, base: Call, rng: random.Random, values: list, keeps_first: bool = False) -> Call:
    """``base`` with one argument replaced, sometimes two, sometimes one more, sometimes one that has a default."""
    args: list = list(base.args)
    kwargs = dict(base.kwargs)
    for _ in range(rng.choice((1, 1, 1, 2))):
        value = rng.choice(values)()
        names = _names_with_default(item, len(args))
        place = rng.randrange(len(args) + len(kwargs) + min(len(names), 2) + (0 if args or kwargs or names else 1))
        if place < len(args):
            if place == 0 and keeps_first and not hasattr(value, "asnumpy"):
                continue  # a method is called on a Tensor
            args[place] = value
        elif place < len(args) + len(kwargs):
            kwargs[sorted(kwargs)[place - len(args)]] = value
        elif names:
            kwargs[rng.choice(names)] = value
        else:
            args.append(value)
    return Call(tuple(args), kwargs)


def _names_with_default(item, given: int) -> list[str]:
    try:
        parameters = list(inspect.signature(item).parameters.values())
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters[given:] if p.default is not p.empty]


# ---------------------------------------------------------------- what is said of an answer
def fault_of(target: Target, call: Call, traced: bool) -> str | None:
    """What is wrong with the way the call ends; None for an answer that an API may give."""
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            _run(target, call, traced)
    except MemoryError:
        return None
    except Exception as error:
        return None if _from_callback(error) else _judged(target, call, error)
    return None


def _without_functions(result):
    """What a traced function may return."""
    return None if callable(result) and not hasattr(result, "dtype") else result


def _run(target: Target, call: Call, traced: bool) -> None:
    from minispore.graph.trace import trace

    used = target.item
    if call.then is not None or inspect.isclass(used):  # objects are made outside of a trace
        used = target.item(*call.args, **call.kwargs)
        if call.then is None:
            return
        name, call = call.then
        used = used if name == "construct" else getattr(used, name)
    if traced:
        trace(lambda *args, **kwargs: _without_functions(used(*args, **kwargs)), call.args, call.kwargs)
    else:
        used(*call.args, **call.kwargs)


def _from_callback(error: Exception) -> bool:
    """Whether a function raised it that was passed as an argument: those of this file are called by the package."""
    files = [f.filename for f in traceback.extract_tb(error.__traceback__)]
    inside = next((k for k, f in enumerate(files) if f != __file__), len(files))
    return any(f == __file__ or f.startswith("<doctest") for f in files[inside:])


def _judged(target: Target, call: Call, error: Exception) -> str | None:
    kind, text = type(error).__name__, str(error)
    files = [f.filename for f in traceback.extract_tb(error.__traceback__)]
    while files[-1].endswith("trace.py"):  # it only calls the function
        files.pop()
    text, located = (
        text.partition("\n  at ")[0],
        "\n  at " in text or not any(f.startswith(PACKAGE) for f in files),
    )  # Python's own errors: no frame is inside
    if isinstance(error, INTERNAL) and not (located and text.startswith(("For '", "In '"))):
        return f"{kind}: {text:.100}"
    names = call.then[0] if call.then else "", target.name.rpartition(".")[2], getattr(target.item, "__name__", "")
    if not any(n and n.strip("_").lower().replace("_", "") in text.lower().replace("_", "") for n in names):
        return f"without the name: {kind}: {text:.100}"
    return None if located else f"without the user's line: {kind}: {text:.100}"


def shown(call: Call) -> str:
    """The arguments as text, short."""
    parts = [_short(a) for a in call.args] + [f"{k}={_short(v)}" for k, v in call.kwargs.items()]
    return f"({', '.join(parts)})".replace("\n", " ") + (f".{call.then[0]}{shown(call.then[1])}" if call.then else "")


def _short(value) -> str:
    import minispore as ms

    if isinstance(value, ms.Tensor):
        return f"Tensor[{value.dtype}]{value.shape}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}({', '.join(_short(v) for v in value[:4])})"
    return f"{value!r:.60}"


# ---------------------------------------------------------------- the child: makes the calls
def serve(calls: int, seed: int, only: str, traced: bool, skip: int, sample: float) -> None:
    """Prints a line before each call and a line for each fault, as JSON."""
    say = begin_child()
    found = [t for t in targets() if only in t.name]
    chosen = random.Random(seed)
    found = [t for t in found if chosen.random() < sample]
    values, valid = hostile_values(), valid_calls(found)
    import minispore as ms

    number = 0
    for target in found:
        for k in range(calls):
            number += 1
            if number <= skip:
                continue
            rng = random.Random(f"{seed} {target.name} {k}")
            call = wrong_call(target, valid.get(target.name, []), rng, values)
            say(number=number, name=target.name, call=shown(call))
            fault = fault_of(target, call, traced)
            ms.set_context(mode=ms.PYNATIVE_MODE)
            if fault is not None:
                say(fault=fault)
    say(done=number)


# ---------------------------------------------------------------- the parent: watches it
def fuzz(
    calls: int, seed: int = 0, only: str = "", traced: bool = False, sample: float = 1.0
) -> tuple[int, list[Found]]:
    """(number of calls made, the faults found)."""
    arguments = ["--calls", str(calls), "--seed", str(seed), "--only", only, "--sample", str(sample)]
    return watch(__file__, [*arguments, *(["--traced"] if traced else [])])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10, help="calls of each name")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="names that contain this")
    parser.add_argument("--traced", action="store_true", help="trace the functions, as in GRAPH mode")
    parser.add_argument("--sample", type=float, default=1.0, help="the share of names that are called")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve is not None:
        serve(given.calls, given.seed, given.only, given.traced, given.serve, given.sample)
        return
    report(*fuzz(given.calls, given.seed, given.only, given.traced, given.sample), given.seed)


if __name__ == "__main__":
    main()
