"""Builds the documentation site: ``make docs``.  Sources are put together in build/site, pages are in build/docs.

Warnings are errors, and every link within the site is followed.  Nothing is fetched.
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import gallery
import links
import reference

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STAGED, BUILT = ROOT / "build" / "site", ROOT / "build" / "docs"
TOP = ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "RELEASING.md", "README.zh.md", "LICENSE"]
GUIDES = [  # in reading order; what is not here is put at the end
    "inspect", "optimizers", "transforms", "pynative", "parallel", "checkpoints", "adapters", "command_line",
    "why_does_my_loss_not_fall", "hypergradients",
]  # fmt: skip
COMING = ["coming_from_pytorch", "coming_from_mindspore", "compatibility", "edges", "glossary"]
PROJECT = ["architecture", "policy", "race"]


def _tree(caption: str, names: list[str]) -> str:
    return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(names) + "\n```\n"


def _guides() -> tuple[list[str], list[str], list[str]]:
    there = {p.stem for p in (ROOT / "docs").glob("*.md")}
    rest = sorted(there - {*GUIDES, *COMING, *PROJECT})
    return tuple([f"docs/{n}" for n in names if n in there] for names in ([*GUIDES, *rest], COMING, PROJECT))


def _links(text: str, up: str) -> str:
    """README.md is the index of the site, an example's script has a page."""
    text = re.sub(rf"\]\({re.escape(up)}README\.md(#[^)]*)?\)", rf"]({up}index.md\1)", text)
    return re.sub(r"\]\(((?:\.\./)*examples/\d\w+)\.py\)", r"](\1.md)", text)


def stage() -> None:
    """All sources, in the layout of the repository."""
    shutil.rmtree(STAGED, ignore_errors=True)
    for file in [
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "benchmarks").glob("*.md"),
        *(ROOT / n for n in TOP if (ROOT / n).exists()),
    ]:
        at = STAGED / file.relative_to(ROOT)
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(_links(file.read_text(), "../" * (len(file.relative_to(ROOT).parts) - 1)))
    for picture in (p for p in (ROOT / "docs").rglob("*.png")):
        at = STAGED / picture.relative_to(ROOT)
        at.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, at)
    gallery.write(ROOT / "examples", STAGED / "examples", ROOT / "docs" / "gallery")
    reference.write(STAGED / "api")
    guides, coming, project = _guides()
    chinese = (
        ["概览 <README.zh>", *(f"docs/zh/{p.stem}" for p in sorted((ROOT / "docs" / "zh").glob("*.md")))]
        if (ROOT / "docs" / "zh").exists()
        else []
    )
    trees = [
        _tree("Guides", [*guides, "examples/README"]),
        _tree("Coming from", coming),
        _tree("Reference", ["api/index", "genindex"]),
    ]
    trees += [_tree("中文", chinese)] if chinese else []
    tops = [n.removesuffix(".md") for n in TOP if n.endswith(".md") and n != "README.zh.md" and (ROOT / n).exists()]
    trees += [_tree("Project", [*project, *tops, "benchmarks/README"])]
    (STAGED / "index.md").write_text(_links((ROOT / "README.md").read_text(), "") + "\n" + "\n".join(trees))


def main() -> int:
    begin = time.monotonic()
    stage()
    for old in (BUILT, ROOT / "build" / "doctrees"):
        shutil.rmtree(old, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-c", str(HERE), "-b", "html"]
    done = subprocess.run([*command, "-d", str(ROOT / "build" / "doctrees"), str(STAGED), str(BUILT)])
    wrong = links.broken(BUILT) if done.returncode == 0 else []
    print("\n".join(f"broken link: {line}" for line in wrong), file=sys.stderr) if wrong else None
    if done.returncode == 0 and not wrong:
        number = sum(1 for _ in BUILT.rglob("*.html"))
        print(f"{number} pages in {time.monotonic() - begin:.0f} s: {BUILT.relative_to(ROOT) / 'index.html'}")
    return done.returncode or bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
