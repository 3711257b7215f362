"""The types of the package, checked: ``python tools/check_types.py``; every step says what it found.

1. mypy reads the sources.  Beside most of them lies a stub, which mypy would read instead, so it gets a copy without stubs.
2. The stubs are those that the sources give (tools/stubs).
3. The programs of tests/typed are clean under ``mypy --strict`` and pyright's strict mode, and tests/typed/mistakes*.py have
   an error in each line that is marked as a mistake and in no other; the examples are clean under plain mypy.  Without pyright
   mypy alone reads them.
"""

import json
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TYPED = [file for file in sorted((ROOT / "tests" / "typed").glob("*.py")) if file.name != "conftest.py"]
WORK = ROOT / ".mypy_cache" / "sources"


def run(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, cwd=cwd)


def sources() -> int:
    """mypy on the package's modules, with the settings of pyproject.toml."""
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.copytree(ROOT / "minispore", WORK / "minispore", ignore=shutil.ignore_patterns("*.pyi", "__pycache__"))
    cache = ROOT / ".mypy_cache" / "of_sources"
    done = run("-m", "mypy", "--config-file", ROOT / "pyproject.toml", "--cache-dir", cache, cwd=WORK)
    print(done.stdout + done.stderr, end="")
    return done.returncode


def mypy(*files: Path, strict: bool = True) -> dict[tuple[str, int], str]:
    """(file, line) -> what mypy says there."""
    options = ["--strict"] if strict else ["--ignore-missing-imports"]
    cache = ROOT / ".mypy_cache" / "of_programs"
    done = run("-m", "mypy", "--config-file", "", *options, "--cache-dir", cache, *files)
    if done.returncode > 1:
        raise SystemExit(done.stdout + done.stderr)
    found = re.findall(r"^(.+?):(\d+): error: (.*)$", done.stdout, re.MULTILINE)
    return {(Path(file).name, int(line)): text for file, line, text in found}


def pyright(*files: Path) -> dict[tuple[str, int], str]:
    """(file, line) -> what pyright says there; a comment in the files asks for its strict mode."""
    done = run("-m", "pyright", "--pythonpath", sys.executable, "--outputjson", *files)
    try:
        said = json.loads(done.stdout[done.stdout.index("{") :])["generalDiagnostics"]
    except ValueError:
        raise SystemExit(f"pyright did not run:\n{done.stdout}{done.stderr}") from None
    return {
        (Path(d["file"]).name, d["range"]["start"]["line"] + 1): d["message"].split("\n")[0]
        for d in said
        if d["severity"] == "error"
    }


def checkers() -> dict[str, dict[tuple[str, int], str]]:
    """What each checker that is installed says of the programs in tests/typed."""
    found = {"mypy": mypy(*TYPED)}
    if find_spec("pyright") is not None:
        found["pyright"] = pyright(*TYPED)
    return found


def marked() -> set[tuple[str, int]]:
    """The lines that are marked as mistakes."""
    return {
        (file.name, k)
        for file in TYPED
        for k, line in enumerate(file.read_text().splitlines(), 1)
        if "# mistake: " in line
    }


def programs() -> int:
    wrong = 0
    for checker, said in checkers().items():
        for file, line in sorted(said.keys() - marked()):
            print(f"{checker}: an error where none is: {file}:{line}: {said[file, line]}")
        for file, line in sorted(marked() - said.keys()):
            print(f"{checker}: a mistake that is not found: {file}:{line}")
        found = len(said.keys() ^ marked())
        wrong += found
        print(f"{checker}: {len(TYPED)} programs with {len(marked())} mistakes: {found or 'nothing'} wrong")
    if find_spec("pyright") is None:
        print("pyright is not installed: only mypy has read the programs")
    said = mypy(*sorted((ROOT / "examples").glob("*.py")), strict=False)
    for (file, line), text in sorted(said.items()):
        print(f"mypy: examples/{file}:{line}: {text}")
    return wrong + len(said)


if __name__ == "__main__":
    stale = run("tools/stubs", "--check")
    print(stale.stdout + stale.stderr, end="")
    sys.exit(bool(sources() | stale.returncode | programs()))
