"""The examples as pages of the site: a gallery above the table of examples/README.md, and a page with the code of each."""

import html
import re
from pathlib import Path

ROW = re.compile(r"^\| \[([\w.]+)\]\([\w.]+\) \| (.+) \|$", re.M)
PICTURES = {  # example: its picture in docs/gallery
    "02_lenet_digits": "lenet_predictions.png", "07_optimizers_race": "optimizers_race.png", "08_learning_rates": "learning_rates.png",
    "09_pinn": "pinn.png", "12_look_inside": "page.png", "15_vae": "vae.png", "16_dcgan": "dcgan.png", "21_learned_schedule": "learned_schedule.png",
}  # fmt: skip

NAMES = {
    w.lower(): w for w in ("MLP", "GPT", "LSTM", "VAE", "DCGAN", "RNN", "PINN", "LeNet", "ResNet", "CIFAR", "Hessian")
}


def title(stem: str) -> str:
    """A title of a file name: "04_char_gpt" is "Char GPT"."""
    words = stem[3:].split("_")
    return " ".join(NAMES.get(w, w.capitalize() if k == 0 else w) for k, w in enumerate(words))


def card(name: str, text: str, pictures: Path) -> str:
    stem = name.rsplit(".", 1)[0]
    picture = PICTURES.get(stem, "")
    top = f'<div class="formula">{html.escape(name)}</div>'
    if picture and (pictures / picture).exists():
        top = f'<div class="picture" style="background-image: url(../_static/{picture})"></div>'
    plain = html.escape(re.sub(r"[`*]", "", text))
    return f'<a href="{stem}.html">{top}<b>{title(stem)}</b><span>{plain}</span></a>'


def write(examples: Path, folder: Path, pictures: Path) -> None:
    """Gallery, pages and the notebook in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (examples / "README.md").read_text()
    rows = ROW.findall(text)
    assert {name for name, _ in rows} == {p.name for p in examples.iterdir() if p.name[0].isdigit()}, (
        "examples/README.md"
    )
    cards = "\n".join(card(name, words, pictures) for name, words in rows)
    head, table = text.split("\n| script |", 1)
    stems = [name.rsplit(".", 1)[0] for name, _ in rows]
    toc = "```{toctree}\n:hidden:\n\n" + "\n".join(stems) + "\n```\n"
    table = re.sub(r"\]\((\w+)\.py\)", r"](\1.md)", table)
    (folder / "README.md").write_text(f'{head}\n<div class="gallery">\n{cards}\n</div>\n\n| script |{table}\n{toc}')
    for name, words in rows:
        stem = name.rsplit(".", 1)[0]
        if name.endswith(".py"):
            code = (examples / name).read_text()
            (folder / f"{stem}.md").write_text(
                f"# {title(stem)}\n\n{words[0].upper()}{words[1:]}.\n\n`python examples/{name}`\n\n````python\n{code}````\n"
            )
        else:
            text = (examples / name).read_text()
            (folder / name).write_text(text.replace("](../README.md)", "](../index.md)"))
