"""The Chinese pages have the parts of the English ones: headings, code, tables and lists, in the same order; code is identical.

A page that is changed in one language alone fails here, where a part comes or goes.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAIRS = {
    "README": (ROOT / "README.md", ROOT / "README.zh.md"),
    **{p.stem: (ROOT / "docs" / p.name, p) for p in sorted((ROOT / "docs" / "zh").glob("*.md"))},
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def parts(text: str) -> list[tuple]:
    """(kind, what must agree) of each part: the level of a heading, all of a code block, the rows of a table, an item of a list."""
    found: list[tuple] = []
    lines, k = text.splitlines(), 0
    while k < len(lines):
        line, begin = lines[k], k
        if line.startswith("```"):
            k = lines.index("```", k + 1)
            found.append(("code", "\n".join(lines[begin : k + 1])))
        elif line.startswith("    ") and (not k or not lines[k - 1].strip()):
            while k + 1 < len(lines) and lines[k + 1].startswith("    "):
                k += 1
            found.append(("code", "\n".join(lines[begin : k + 1])))
        elif line.startswith("<!--"):
            found.append(("directive", line))
        elif heading := re.match(r"#+ ", line):
            found.append(("heading", heading[0]))
        elif line.startswith("|"):
            while k + 1 < len(lines) and lines[k + 1].startswith("|"):
                k += 1
            found.append(("table", k + 1 - begin, line.count("|")))
        elif re.match(r"(- |\d+\. )", line):
            found.append(("item",))
        elif picture := re.match(r"!\[.*\]\((?:\.\./)*(.*)\)", line):
            found.append(("picture", picture[1]))
        k += 1
    return found


def test_parts_are_told_apart():
    text = "# A\n\n    make x\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<!-- needs torch -->\n```python\nx = 1\n```\n- one\n- two\n\n![p](../images/p.png)\n"
    assert parts(text) == [
        ("heading", "# "), ("code", "    make x"), ("table", 3, 3), ("directive", "<!-- needs torch -->"), ("code", "```python\nx = 1\n```"),
        ("item",), ("item",), ("picture", "images/p.png"),
    ]  # fmt: skip
    assert parts(text.replace("x = 1", "x = 2")) != parts(text)


def test_the_pages_that_a_user_needs_are_translated():
    assert set(PAIRS) >= {
        "README",
        "inspect",
        "optimizers",
        "pynative",
        "parallel",
        "control_flow",
        "transforms",
        "coming_from_mindspore",
        "coming_from_pytorch",
        "checkpoints",
        "command_line",
        "hypergradients",
        "why_does_my_loss_not_fall",
        "adapters",
        "architecture",
        "mixed_precision",
    }
    assert all(english.exists() for english, _ in PAIRS.values())


@pytest.mark.parametrize("name", PAIRS)
def test_a_chinese_page_has_the_parts_of_the_english_one(name):
    english, chinese = (parts(path.read_text()) for path in PAIRS[name])
    for number, (ours, theirs) in enumerate(zip(english, chinese)):
        assert ours == theirs, f"part {number} of {name}"
    assert len(english) == len(chinese)
    prose = re.sub(r"^```.*?^```$|^    [^\n]*$", "", PAIRS[name][1].read_text(), flags=re.M | re.S)
    untranslated = [
        p
        for p in prose.split("\n\n")
        if len(re.findall(r"[a-z]{3,} [a-z]{2,} [a-z]{2,} [a-z]", p)) > 1 and not CHINESE.search(p)
    ]
    assert not untranslated, untranslated
