"""Which names of two of MindSpore's modules are one object there: run with MindSpore, prints one_object.txt."""

from collections import defaultdict
from importlib import import_module
from pathlib import Path

NAMES = Path(__file__).parents[2] / "minispore" / "surface" / "mindspore_names.txt"
MORE = (
    "common",
    "common.api",
    "common.tensor",
    "common.parameter",
    "train.callback",
    "nn.layer",
    "nn.loss",
    "nn.optim",
    "nn.wrap",
)


def main():
    listed = {line.split()[0]: [n.split(":")[0].rstrip("-") for n in line.split()[1:]]
              for line in NAMES.read_text().splitlines() if not line.startswith("#")}  # fmt: skip
    every = sorted({name for names in listed.values() for name in names})
    places = defaultdict(list)  # {(name, identity of the object): modules}
    kept = []  # so that no identity is used twice
    for module in [*listed, *(f"mindspore.{name}" for name in MORE)]:
        try:
            loaded = import_module(module)
        except ImportError:
            continue  # a class, or a module of older versions
        for name in listed.get(module, every):
            found = getattr(loaded, name, None)
            if callable(found):
                kept.append(found)
                places[name, id(found)].append(module.partition(".")[2] or ".")
    groups = defaultdict(list)
    for (name, _), modules in places.items():
        if len(modules) > 1:
            groups[" ".join(sorted(modules))].append(name)
    for modules, names in sorted(groups.items()):
        print(f"{modules}: {' '.join(sorted(names))}")


if __name__ == "__main__":
    main()
