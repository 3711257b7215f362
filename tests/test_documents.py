"""The documents as a reader uses them: their Python blocks, copied one after the other, run and print what is shown.

Of each document the ```python blocks run in order in one namespace.  Compared are the results of ``>>>`` lines, in ``` blocks too, what
stands behind ``# ->`` on the line of a ``print``, and a ``` block right below a Python block.  ``...`` stands for anything;
durations, rates and where a kernel came from differ from run to run and machine to machine.  A comment before a block,
``<!-- needs torch -->``, leaves it out where that package is missing; ``<!-- own process -->`` runs it apart; ``<!-- file train.py -->`` gives
its file a name; ``<!-- as shown -->`` is for output that another program or machine printed.
"""

import ast
import contextlib
import doctest
import importlib.util
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from shown import CHECKED, alike

import minispore as ms

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
DIRECTIVE = re.compile(r"<!-- (needs|own process|file|as shown) ?(\S*) -->\s*$")


class Block:
    def __init__(self, match, text):
        self.language, self.text = match.groups()
        self.line = text[: match.start()].count("\n") + 2
        self.directives = {}
        before = text[: match.start()]
        while found := DIRECTIVE.search(before):
            self.directives[found[1]] = found[2]
            before = before[: found.start()]
        self.follows = before.rstrip().endswith("```")


def blocks(path):
    text = path.read_text()
    return [Block(match, text) for match in BLOCK.finditer(text)]


class Checker(doctest.OutputChecker):
    def check_output(self, want, got, optionflags):
        return alike(want, got)


class Reader:
    """Runs the blocks of one document."""

    def __init__(self, path, folder):
        self.path, self.folder = path, folder
        self.names = {"__name__": "__main__"}
        self.checked = 0

    def read(self, number, block, following) -> None:
        needed = block.directives.get("needs")
        if "as shown" in block.directives or (needed and importlib.util.find_spec(needed) is None):
            return
        if ">>> " in block.text and block.language in ("", "python"):
            self.examples(block)
        elif block.language == "python":
            shown = None
            if following is not None and following.follows and following.language in ("", "text"):
                shown = None if ">>> " in following.text or "as shown" in following.directives else following.text
            self.program(number, block, shown)

    def examples(self, block) -> None:
        text = (
            block.text if block.language else re.sub(r"\n(?=\n)", "\n<BLANKLINE>", block.text)
        )  # a blank line ends no output
        test = doctest.DocTestParser().get_doctest(text, self.names, self.path.name, str(self.path), block.line)
        test.globs = self.names  # a document is one session
        said = []
        doctest.DocTestRunner(Checker(), verbose=False, optionflags=CHECKED).run(
            test, out=said.append, clear_globs=False
        )
        assert not said, "".join(said)
        self.checked += sum(bool(e.want) for e in test.examples)

    def program(self, number, block, shown) -> None:
        name = self.folder / (block.directives.get("file") or f"block{number}.py")
        name.write_text(block.text)
        if "own process" in block.directives:
            env = {**os.environ, "PYTHONPATH": str(ROOT)}
            done = subprocess.run([sys.executable, str(name)], capture_output=True, text=True, env=env, cwd=self.folder)
            assert done.returncode == 0, f"{self.path.name}, line {block.line}:\n{done.stderr}"
            return
        lines, printed = block.text.splitlines(), ""
        for statement in ast.parse(block.text).body:
            code = compile(ast.Module([statement], []), str(name), "exec")
            heard = io.StringIO()
            try:
                with contextlib.redirect_stdout(heard):
                    exec(code, self.names)
            except Exception as error:
                raise AssertionError(
                    f"{self.path.name}, line {block.line + statement.lineno - 1}: {error!r}"
                ) from error
            comment = re.search(r"^print.*#.* -> (.*)$", lines[statement.end_lineno - 1])
            if comment:
                assert alike(comment[1], heard.getvalue()), (
                    f"{lines[statement.end_lineno - 1]}\nprinted {heard.getvalue()}"
                )
                self.checked += 1
            printed += heard.getvalue()
        if shown is not None:
            assert alike(shown, printed), f"{self.path.name}, line {block.line}: shown\n{shown}\nprinted\n{printed}"
            self.checked += 1


@pytest.mark.slow
@pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in DOCUMENTS if "```python" in p.read_text()])
def test_blocks_of_a_document_run_in_order_and_print_what_is_shown(path, tmp_path, monkeypatch):
    read(path, tmp_path, monkeypatch)


def test_transforms_are_the_same_in_graph_mode(tmp_path, monkeypatch, graph_mode):
    assert read(ROOT / "docs" / "transforms.md", tmp_path, monkeypatch) > 20


def read(path, folder, monkeypatch) -> int:
    """Runs a document; the number of outputs that were compared."""
    monkeypatch.chdir(folder)
    reader, found = Reader(path, folder), blocks(path)
    for number, (block, following) in enumerate(zip(found, [*found[1:], None])):
        reader.read(number, block, following)
    ms.reset_auto_parallel_context()
    ms.set_context(deterministic="OFF")
    return reader.checked


def test_what_the_comparison_lets_pass():
    assert alike("[0] gemm: 3 kB, loaded in 1.2 ms\n...\nend", "[0] gemm: 3 kB, on disk\nmore\nand more\nend")
    assert not alike("[0] gemm: 3 kB", "[0] gemm: 4 kB") and not alike("0.35", "0.36")
