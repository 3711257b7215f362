"""The command line that the benchmarks have in common."""

from __future__ import annotations

import argparse
import sys

from frameworks import DEFAULT, FRAMEWORKS


class Options(argparse.Namespace):
    pythons: dict[str, str]
    threads: int
    patience: float
    frameworks: list[str]
    cache: str

    def python(self, package: str) -> str:
        return self.pythons.get(package, sys.executable)


def interpreter(text: str) -> tuple[str, str]:
    package, equals, path = text.partition("=")
    packages = {framework.package for framework in FRAMEWORKS.values()}
    if not equals or package not in packages:
        raise argparse.ArgumentTypeError(f"expected PACKAGE=PATH with one of {', '.join(sorted(packages))}")
    return package, path


def parser(description: str | None, frameworks: list[str] = DEFAULT) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=(description or "").splitlines()[0])
    add = result.add_argument
    add("--python", dest="pythons", action="append", type=interpreter, default=[], metavar="PACKAGE=PATH",
        help="interpreter for one package, such as mindspore=path/to/python (default: this one)")  # fmt: skip
    add("--frameworks", nargs="+", choices=FRAMEWORKS, default=frameworks, metavar="NAME",
        help=f"of {', '.join(FRAMEWORKS)} (default: {' '.join(frameworks)})")  # fmt: skip
    add("--torch-compile", action="store_true", help="compare with torch.compile too: its compilation takes minutes")
    add("--threads", type=int, default=2, help="threads of every framework (default: 2)")
    add("--patience", type=float, default=300, metavar="S", help="give a worker up after so long (default: 300)")
    add(
        "--cache", default="", metavar="DIR", help="keep what is compiled there for a later run (default: compile anew)"
    )
    return result


def parse(the_parser: argparse.ArgumentParser) -> Options:
    options = the_parser.parse_args(namespace=Options())
    options.pythons = dict(options.pythons)
    if options.torch_compile and "torch-compile" not in options.frameworks:
        options.frameworks = [*options.frameworks, "torch-compile"]
    return options
