"""The compatibility page is what the code says; names that are not there say where to look."""

import ast
import re
from pathlib import Path

import pytest

import minispore as ms
from minispore.surface import compatibility, names

PAGE = Path(__file__).parent.parent / "docs" / "compatibility.md"


def test_the_page_is_what_the_generator_writes():
    assert PAGE.read_text() == compatibility.page(), "python -m minispore.surface.compatibility > docs/compatibility.md"


def test_names_that_projects_use_are_there():
    """Tiers 1 and 2 are the contract: nothing of them is missing."""
    missing = [
        f"{module}.{n.name}"
        for module, listed in names.of_mindspore().items()
        for n in listed
        if n.tier <= 2 and compatibility.status(module, n.name) == "missing"
    ]
    assert missing == []


@pytest.mark.parametrize(
    "module, name, kind",
    [
        ("mindspore.nn", "Dense", "works"),
        ("mindspore.nn.Cell", "training", "works"),
        ("mindspore.nn.Optimizer", "global_step", "works"),
        ("mindspore.Tensor", "reshape", "works"),
        ("mindspore.nn.Cell", "shard", "accepted"),
        ("mindspore", "synchronize", "accepted"),
        ("mindspore", "set_deterministic", "works"),
        ("mindspore.nn", "GetNextSingleOp", "missing"),
        ("mindspore.dataset.text", "SentencePieceTokenizer", "missing"),  # making one is an error
        ("mindspore.dataset.transforms", "Plugin", "missing"),
        ("mindspore.compression.quant", "QuantizationAwareTraining", "missing"),
    ],
)
def test_status(module, name, kind):
    assert compatibility.status(module, name) == kind


def test_a_docstring_says_how_a_thing_differs():
    def function():
        """A sum.  Unlike MindSpore, floats stay
        floats.  More."""

    assert compatibility.unlike(function) == "floats stay floats."
    assert compatibility.unlike(len) is None


ROOT = Path(__file__).parent.parent
ASIDE = re.compile(
    r"\(MindSpore (?!2\.10|has it not either)[a-z]|\(MindSpore: |, where MindSpore |; MindSpore's (is|are) not"
)


def test_differences_are_stated_where_the_page_finds_them():
    """A docstring that tells of MindSpore's other behaviour in passing would not be on the page."""
    for file in (ROOT / "minispore").rglob("*.py"):
        if file.name != "compatibility.py":
            doc = [n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
            assert not [n.name for n in doc if ASIDE.search(ast.get_docstring(n) or "")], (
                f"{file}: write 'Unlike MindSpore, ...'"
            )


def test_other_pages_tell_of_listed_differences_only():
    listed = " ".join(f"{title}. {text}" for title, text in compatibility.DIFFERENCES)
    edges = " ".join((ROOT / "docs" / "edges.md").read_text().split("\n- ")).replace("\n", " ")
    for name in (
        "norm",
        "std",
        "hypot",
        "xlogy",
        "xdivy",
        "sign",
        "fmod",
        "remainder",
    ):  # where that page names MindSpore as different
        assert f"`{name}`" in edges and f"`{name}`" in listed
    guide = (
        (ROOT / "docs" / "coming_from_mindspore.md")
        .read_text()
        .split("## What differs on purpose")[1]
        .split("\n## ")[0]
    )
    told = re.findall(r"^- \*\*(.+?)\*\*", guide, re.M)
    assert len(told) > 5 and set(told) <= {title for title, _ in compatibility.DIFFERENCES}


def test_a_missing_name_points_at_the_page():
    for owner, name in (
        (ms, "MemPool"),
        (ms.nn, "GetNextSingleOp"),
        (ms.ops, "AiCPURegOp"),
    ):
        with pytest.raises(AttributeError, match=rf"mindspore\..*{name}.*docs/compatibility.md"):
            getattr(owner, name)
        assert not hasattr(owner, name)


def test_a_name_of_nobody_is_a_plain_error():
    for owner in (ms, ms.nn, ms.ops, ms.numpy, ms.dataset, ms.train, ms.mint):
        with pytest.raises(AttributeError, match=f"module '{owner.__name__}' has no attribute 'no_such_name'"):
            getattr(owner, "no_such_name")  # noqa: B009
