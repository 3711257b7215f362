"""The wall around MindSpore's surface: its paths import, its names are one object where they are one there, and the public
modules hold its names and a listed set of ours."""

import subprocess
import sys
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import minispore as ms
from minispore.surface import stubs
from minispore.surface.names import of_mindspore
from minispore.surface.paths import HOMES, home_of

ROOT = Path(__file__).parent.parent


# ---------------------------------------------------------------- paths
@pytest.mark.quick
def test_every_path_of_the_table_is_its_home():
    """In a new process, so that no other test has imported what a path stands on."""
    script = (
        "import sys\nfrom importlib import import_module\n"
        "for line in sys.stdin:\n    path, home = line.split()\n"
        "    assert import_module(path) is import_module(home), line\n"
    )
    table = "\n".join(f"minispore.{path} minispore.{home_of(path)}" for path in HOMES)
    done = subprocess.run([sys.executable, "-c", script], input=table, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_imports_with_a_name_of_their_own():
    import minispore.common.initializer as initializer
    import minispore.nn.layer.container as container
    import minispore.ops.function.math_func as math_func
    import minispore.ops.operations.nn_ops as nn_ops

    assert initializer is ms.core.initializer and container.CellList is ms.nn.CellList
    assert math_func.add is ms.ops.add and nn_ops.ReLU is ms.ops.ReLU


def test_importing_a_path_does_not_hide_a_function_of_its_name():
    script = (
        "import minispore as ms\njit, grad, of_ops = ms.jit, ms.grad, ms.ops.grad\n"
        "import minispore.jit, minispore.grad, minispore.tensor, minispore.ops.function.grad, minispore.common.tensor\n"
        "assert ms.jit is jit and ms.grad is grad and ms.ops.grad is of_ops and callable(ms.tensor)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def test_stubs_of_paths_are_what_the_generator_writes():
    """``python tools/stubs`` writes them, and those of the modules (tests/test_types.py)."""
    for file, text in map(stubs.stub_of, stubs.STUBS):
        assert file.read_text() == text, file


@pytest.mark.slow
def test_mypy_finds_what_stands_at_mindspores_paths(tmp_path, monkeypatch):
    api = pytest.importorskip("mypy.api")
    program = tmp_path / "program.py"
    program.write_text(
        "import minispore.mint\n"
        "from minispore.common.initializer import Normal\n"
        "from minispore.experimental.optim import Adam\n"
        "reveal_type(Normal(0.02))\n"
        "reveal_type(Adam)\n"
        "Normal(sgima=0.02)\n"
        "minispore.mint.nn.no_such_module\n"
    )
    monkeypatch.chdir(ROOT)
    shared = ROOT / ".pytest_cache" / "mypy"  # kept, so that only the first run reads the package
    said, errors, _ = api.run([
        "--config-file", "", "--follow-imports", "silent", "--ignore-missing-imports", "--cache-dir", str(shared), str(program),
    ])  # fmt: skip
    assert not errors
    assert "type[minispore.nn.optim_ex.adam.Adam" in said or "-> minispore.nn.optim_ex.adam.Adam" in said, said
    assert 'Unexpected keyword argument "sgima" for "Normal"' in said
    assert "import-not-found" not in said and 'no attribute "Normal"' not in said


# ---------------------------------------------------------------- one object under two paths
# Names that MindSpore has once and minispore twice.
TWICE = {
    "CosineSimilarity": "the metric at ms and train, the layer at nn, as in MindSpore's nn.layer",
    "relu": "ops.relu is an op of one expression; mint's takes 'inplace'",
}

# Paths whose functions and classes are others than those of the same name elsewhere, in MindSpore too.
FAMILIES = {
    "numpy": "NumPy's arguments and result types",
    "mint": "PyTorch's arguments (dim, keepdim, inplace) and defaults",
    "experimental.optim": "optimizers with param_groups and lr_scheduler",
    "dataset": "transforms of rows, and settings of the pipeline",
    "vision": "the same",
    "common.initializer": "initializers of Parameters",
    "nn.transformer": "encoders and decoders with a mask and keys of earlier calls, of MindSpore 1.6 to 1.9",
    "nn": "layers, losses and optimizers: Cells",
    "ops": "functions and primitives",
}
WITHIN_A_FAMILY = {
    "is_available": "of each kind of device",
    **dict.fromkeys(("gather", "scatter"), "ops.communication has those of several processes"),
    "Decode": "dataset.vision and vision.py_transforms: PIL images in the older one",
    "Normalize": "vision.py_transforms: arrays (C, H, W) in the older one",
    "softmax": "mint.softmax needs a dim, mint.nn.functional.softmax has one by default",
    "norm": "mint.norm takes p='fro', mint.linalg.norm ord=None",
    "inv": "ops.inv is the reciprocal of numbers",
}


def family(module: str) -> str:
    return next((f for f in FAMILIES if module == f or module.startswith(f + ".")), "the rest")


def objects(modules) -> dict[str, dict[str, object]]:
    """{name: {module: the function or class that it has there}} of MindSpore's names."""
    found: dict[str, dict[str, object]] = defaultdict(dict)
    every = {n.name for names in of_mindspore().values() for n in names}
    for module in modules:
        try:
            loaded = import_module(f"minispore.{module}" if module else "minispore")
        except ModuleNotFoundError:
            continue  # a class, or what docs/compatibility.md lists as missing
        listed = {n.name for n in of_mindspore().get(f"mindspore.{module}".rstrip("."), ())}
        for name in listed or every & set(getattr(loaded, "__all__", vars(loaded))):
            thing = getattr(loaded, name, None)
            if callable(thing):
                found[name][module] = thing
    return found


def differing(places: dict[str, object]) -> list[list[str]]:
    """The modules, by the object that they have."""
    groups = defaultdict(list)
    for module, thing in places.items():
        groups[id(thing)].append(module)
    return sorted(groups.values())


@pytest.mark.quick
def test_what_mindspore_has_once_is_there_once():
    """tests/records/one_object.txt is what MindSpore 2.10 says."""
    twice = {}
    for line in (ROOT / "tests" / "records" / "one_object.txt").read_text().splitlines():
        modules, _, names = line.partition(": ")
        found = objects([m.removeprefix(".") for m in modules.split()])
        for name in names.split():
            if len(groups := differing(found[name])) > 1:
                twice[name] = groups
    assert {name: groups for name, groups in twice.items() if name not in TWICE} == {}
    assert set(TWICE) <= set(twice), "no longer twice: take it out of the list"


def test_nothing_is_defined_twice_within_a_family():
    modules = [m.partition(".")[2] for m in of_mindspore()]
    old = {path for path, home in HOMES.items() if home in (f"core.{path}", f"surface.{path}", f"transforms.{path}")}
    twice = {}
    for name, places in objects([*modules, *sorted(HOMES.keys() - old)]).items():
        families = defaultdict(dict)
        for module, thing in places.items():
            families[family(module)][module] = thing
        for inside in families.values():
            if len(groups := differing(inside)) > 1:
                twice[name] = groups
    assert {name: groups for name, groups in twice.items() if name not in WITHIN_A_FAMILY} == {}


# ---------------------------------------------------------------- names of ours
MODULES = "parts of the package, each a module of MindSpore's too"
OURS = {
    "mindspore": {
        "check_grads": "gradients against finite differences",
        "extend": "what ops of one's own are written with",
        "install_as_mindspore": "the drop-in",
        "inspect": "the compiled graph, seen",
        "summary": "the layers of a network, with shapes, Parameters and operations",
        "graph": "the compiler's statistics",
        "get_offload_context": "the reader of set_offload_context",
        **dict.fromkeys(("ensemble", "sweep"), "many trainings in one call: docs/optimizers.md"),
        **dict.fromkeys(("from_dlpack", "to_dlpack", "ms_class", "reset_ps_context", "constexpr", "jacfwd", "jacrev", "jvp", "vjp"), "in MindSpore, undocumented there"),
        **dict.fromkeys(
            ("amp", "common", "communication", "context", "dataset", "debug", "device_context", "experimental", "hal", "log", "mindrecord", "mint",
             "nn", "numpy", "ops", "parallel", "profiler", "runtime", "scipy", "train", "utils"), MODULES),
    },
    "mindspore.nn": {
        **dict.fromkeys(
            ("ADOPT", "AdEMAMix", "AdaBelief", "AdamW", "Adan", "Cautious", "DAdaptAdam", "ExponentialMovingAverage",
             "GradientAccumulation", "GradientClipping", "Grokfast", "LBFGS", "Lion", "Lookahead", "MARS", "Muon", "NAdam",
             "Prodigy", "RAdam", "RefinedLion", "SAM", "SOAP", "ScheduleFree", "ScheduleFreeAdamW", "ScheduleFreeSGD",
             "Scheduled", "Shampoo", "SophiaG", "SophiaH", "StochasticWeightAverage", "Tiger", "UpdateStatistics",
             "averaged_weights", "muon_groups"), "optimizers that MindSpore's nn lacks: docs/optimizers.md"),
        **dict.fromkeys(
            ("ConstantSchedule", "CosineRestartsSchedule", "CosineSchedule", "CyclicSchedule", "ExponentialSchedule",
             "InverseSqrtSchedule", "LambdaSchedule", "LinearSchedule", "OneCycleSchedule", "PolynomialSchedule", "Schedule",
             "SequentialSchedule", "TrapezoidSchedule", "WarmUp", "learning_rates"), "schedules by composition: docs/optimizers.md"),
        **dict.fromkeys(
            ("ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CyclicLR", "ExponentialLR", "LRScheduler",
             "LambdaLR", "LinearLR", "MultiStepLR", "MultiplicativeLR", "OneCycleLR", "PolynomialLR", "ReduceLROnPlateau",
             "SequentialLR", "StepLR"), "MindSpore's guides write nn.StepLR"),
        "LambdaDecayLR": "a schedule from a function of the step",
        "LearningRateSchedule": "the base of schedules, in MindSpore at nn.learning_rate_schedule only",
        **dict.fromkeys(
            ("cell", "dynamic_lr", "grad", "layer", "learning_rate_schedule", "loss", "metrics", "optim", "optim_ex",
             "probability", "transformer", "utils", "wrap"), MODULES),
    },
}  # fmt: skip


@pytest.mark.parametrize("module", OURS)
def test_a_public_module_shows_mindspores_names_and_a_listed_set_of_ours(module):
    shown = dir(import_module(module.replace("mindspore", "minispore")))
    theirs = {n.name for n in of_mindspore()[module]}
    assert {n for n in shown if not n.startswith("__")} - theirs - set(OURS[module]) == set()
    assert set(OURS[module]) - {"grad", "probability", "scipy", "utils"} <= set(shown)  # these once they are imported


@pytest.mark.quick
@pytest.mark.parametrize("module", OURS)
def test_a_public_module_holds_nothing_else(module):
    """Not even unshown, but for its own parts."""
    loaded = import_module(module.replace("mindspore", "minispore"))
    theirs = {n.name for n in of_mindspore()[module]}
    others = {
        name for name, thing in vars(loaded).items()
        if not name.startswith("_") and name not in theirs and name not in OURS[module]
        and not (isinstance(thing, ModuleType) and thing.__name__ == f"{loaded.__name__}.{name}")
    }  # fmt: skip
    assert others == set()


def test_dir_of_the_package_shows_what_is_imported_when_it_is_asked_for():
    assert {"Model", "LossMonitor", "dataset", "run_check", "shard", "Profiler"} <= set(dir(ms))
    assert all(hasattr(ms, name) for name in dir(ms)) and all(hasattr(ms.nn, name) for name in dir(ms.nn))
