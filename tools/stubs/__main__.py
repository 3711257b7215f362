"""Writes the stub files of the package: ``python tools/stubs``; with ``--check`` it says which are not current.

Most functions have their types in docstrings, many are made at run time from definitions (``elementwise``, ``library``,
primitive classes, methods of Tensor).  The stubs say all of it to mypy, pyright and editors: what annotations, docstrings and
defaults give (phrases.py reads their words), and by_hand.pyi where a type depends on another.
"""

import ast
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from declare import PACKAGE, Stubs  # noqa: E402

from minispore.surface import stubs as aliases  # noqa: E402

PUBLIC = (
    "", "ops", "ops.operations", "ops.functional", "ops.composite", "ops.primitive", "ops.comm_func", "ops.optimizer_updates", "nn", "nn.layer", "nn.layer.basic", "nn.loss", "nn.optim",
    "nn.wrap", "nn.transformer", "nn.metrics", "nn.optim_ex", "nn.optim_ex.lr_scheduler", "nn.learning_rate_schedule", "nn.dynamic_lr", "nn.container", "nn.cell", "mint", "mint.linalg", "mint.special",
    "mint.nn", "mint.nn.functional", "mint.optim", "mint.distributed", "numpy", "numpy.random", "transforms", "graph", "inspect",
    "inspect.debug", "train", "train.amp", "train.callback", "train.summary", "train.serialization", "train.model", "train.thor", "train.estimators", "train.loss_scale_manager", "train.dataset_helper", "dataset",
    "dataset.transforms", "dataset.vision", "dataset.vision.utils", "dataset.vision.transforms", "dataset.text", "dataset.mindrecord", "dataset.samplers", "dataset.config",
    "communication", "communication.management", "parallel", "experimental", "extend", "core.context", "core.dtype", "core.initializer", "core.parameter",
    "core.random", "core.tensor", "core.op", "core.samples", "core.kernel", "core.errors", "surface.hal", "surface.log", "surface.profiler", "surface.runtime",
    "surface.common", "surface.common.api", "surface.common.sparse_tensor", "surface.checkparam", "surface.boost", "surface.dataset.engine", "surface.dataset.py_transforms", "surface.dataset.vision_c_transforms", "surface.dataset.vision_py_transforms", "inspect.inspection", "nn.ensemble", "surface.drop_in",
)  # fmt: skip


def hand_written() -> dict[tuple[str, str], str]:
    """(module, name) -> declaration, from by_hand.pyi; "Class.method" and "Class.class", its head."""
    found: dict[tuple[str, str], str] = {}
    module, lines = "", (HERE / "by_hand.pyi").read_text().splitlines(keepends=True)
    tree = ast.parse("".join(lines))
    marks = {k: line.split()[2] for k, line in enumerate(lines, 1) if line.startswith("# module ")}

    def note(name: str, node: ast.stmt, indent: int) -> None:
        start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        text = "".join(line[indent:] for line in lines[start - 1 : node.end_lineno])
        found[module, name] = found.get((module, name), "") + text

    for node in tree.body:
        module = marks[max(k for k in marks if k < node.lineno)]
        if isinstance(node, ast.ClassDef):
            found[module, f"{node.name}.class"] = lines[node.lineno - 1]
            for member in node.body:
                note(f"{node.name}.{getattr(member, 'name', None) or member.target.id}", member, 4)
        else:
            note(getattr(node, "name", None) or node.target.id, node, 0)
    return found


def files() -> dict[Path, str]:
    """All stub files with their texts."""
    stubs = Stubs(hand_written(), list(PUBLIC))
    package = ROOT / PACKAGE
    stubs.wanted[PACKAGE].add("__version__")
    made = {}
    for module, text in stubs.run().items():
        path = ROOT / module.replace(".", "/")
        made[path / "__init__.pyi" if path.is_dir() else path.with_suffix(".pyi")] = text
    unused = [key for key in stubs.by_hand if key not in stubs.used]
    if unused:
        raise SystemExit(f"by_hand.pyi declares what the package does not have: {unused}")
    made[package / "_types.pyi"] = (HERE / "_types.pyi").read_text()
    for path in aliases.STUBS:
        file, text = aliases.stub_of(path)
        made.setdefault(file, text)
    return made


def main(check: bool) -> int:
    made, there = files(), set((ROOT / PACKAGE).rglob("*.pyi"))
    stale = [f for f, text in made.items() if f not in there or f.read_text() != text]
    extra = there - made.keys()
    if check:
        for file in sorted([*stale, *extra]):
            print(f"{file.relative_to(ROOT)} is not what the sources give: run python tools/stubs")
        return bool(stale or extra)
    for file in stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made[file])
    for file in extra:
        file.unlink()
    print(f"{len(made)} stub files, {len(stale)} written, {len(extra)} removed")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
