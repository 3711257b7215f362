"""The command line parser and its help texts."""

from __future__ import annotations

import argparse
import re
import sys
from difflib import get_close_matches

from .. import __version__
from .console import console

EPILOG = """\
examples:
  minispore run train.py --epochs 3      train.py as it is, "import mindspore" answered by minispore
  minispore inspect train.py --open      the same, then the pages of what was compiled in a browser
  minispore inspect --summary train.py   its layers: output shapes, Parameters, FLOPs, memory
  minispore launch -n 4 train.py         the same in four processes that train together
  minispore cache clear                  forget the compiled kernels
  minispore doctor                       does everything work, and how fast
"""
SCRIPT = """\
The script runs as "python script.py args..." would run it: the same sys.argv, sys.path, __name__, exit code.  Only
"import mindspore", and any module below it, gives minispore, here and in the Python processes that the script starts.
"""
MSRUN = (
    "master_addr",
    "master_port",
    "node_rank",
    "join",
    "cluster_time_out",
    "bind_core",
    "sim_level",
    "tail_worker_log",
)
# Options of ``inspect`` and ``launch`` that take a value
WITH_VALUE = {"--html", "--limit", "-n", "--worker_num", "--worker-num", "--local_worker_num", "--local-worker-num", "--hostfile",
              "--hosts", "--log_dir", "--log-dir", "--restarts", "--mpiexec", *(f"--{name}" for name in MSRUN)}  # fmt: skip


class Parser(argparse.ArgumentParser):
    """An argument parser with coloured help that suggests a command for a misspelt one."""

    def __init__(self, **options):
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **options)

    def _print_message(self, message, file=None):
        from rich.text import Text

        text = Text(message or "")
        text.highlight_regex(r"(?m)^\w[\w ]*:", "bold")
        text.highlight_regex(r"(?<![\w-])--?[A-Za-z][\w-]*", "cyan")
        text.highlight_regex(r"(?m)^  +(run|inspect|launch|cache|doctor|info|clear)\b", "green")
        console(file).print(text, end="", soft_wrap=True)

    def error(self, message):
        wrong = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if wrong:
            commands = re.findall(r"[a-z]+", wrong[2])
            close = get_close_matches(wrong[1], commands, n=1)
            message = f"there is no command '{wrong[1]}'" + (
                f"; did you mean '{close[0]}'?" if close else f"; the commands are {', '.join(commands)}."
            )
            if wrong[1].endswith(".py"):
                message += f" To run a script: {self.prog} run {wrong[1]}"
        self.exit(2, f"error: {message}\nTry: {self.prog} --help\n")


def parser() -> Parser:
    top = Parser(
        prog="minispore",
        description="MindSpore scripts on minispore: run them, and see what they compile to.",
        epilog=EPILOG,
    )
    top.add_argument("--version", action="version", version=f"minispore {__version__}")
    commands = top.add_subparsers(title="commands", dest="command", metavar="command")

    run = commands.add_parser(
        "run",
        help="run a MindSpore script unchanged",
        usage="minispore run (script.py | -m module) [args ...]",
        description=SCRIPT,
    )
    run.set_defaults(function=_run)

    inspect = commands.add_parser(
        "inspect",
        help="run a script, then show what was compiled",
        usage="minispore inspect [--html DIR] [--open] [--profile] [--summary] [--limit N] (script.py | -m module) [args ...]",
        description="Runs the script as 'minispore run' does, then prints the graph of each call that was compiled:\n"
        "nodes with their types and source lines, its kernels, and why it was compiled.\n"
        "Options of inspect stand before the script.",
    )
    inspect.add_argument("--html", metavar="DIR", help="write a page for each compilation, and index.html, into DIR")
    inspect.add_argument("--open", action="store_true", help="open the index in a browser (DIR, or a temporary place)")
    inspect.add_argument(
        "--profile", action="store_true", help="run each of them some more times: time per kernel and Cell"
    )
    inspect.add_argument(
        "--summary", action="store_true", help="the layers instead of the nodes: outputs, Parameters, FLOPs, memory"
    )
    inspect.add_argument("--limit", metavar="N", type=_positive, default=20, help="the N largest only (default: 20)")
    inspect.set_defaults(function=_inspect)

    launch = commands.add_parser(
        "launch",
        help="run a script in several processes that train together",
        usage="minispore launch -n N [options] (script.py | -m module) [args ...]",
        description="Starts N processes by MPI's mpiexec, each with its share of the processors, and waits for them. When one\n"
        "fails, all end. Options of launch stand before the script; those of MindSpore's msrun are understood.",
    )
    launch.add_argument(
        "-n", "--worker_num", "--worker-num", dest="n", metavar="N", type=_positive, required=True, help="processes"
    )
    launch.add_argument(
        "--local_worker_num", "--local-worker-num", metavar="M", type=_positive, help="of them on this machine"
    )
    launch.add_argument("--hostfile", metavar="FILE", help="machines, one a line, in the form of the MPI library")
    launch.add_argument("--hosts", metavar="A:4,B:4", help="machines and how many processes each gets")
    launch.add_argument(
        "--log_dir", "--log-dir", metavar="DIR", help="one file a rank there, in place of lines with the rank in front"
    )
    launch.add_argument(
        "--restarts", metavar="R", type=_count, default=0, help="start again when the job ends badly, so many times"
    )
    launch.add_argument("--mpiexec", metavar="PATH", help="MPI's starter (default: beside this Python, or in PATH)")
    for name in MSRUN:  # accepted: MPI finds its ways by itself
        launch.add_argument(f"--{name}", help=argparse.SUPPRESS)
    launch.set_defaults(function=_launch)

    cache = commands.add_parser(
        "cache",
        help="the compiled kernels on disk",
        description="Compiled kernels are kept in MINISPORE_CACHE_DIR, or the user's cache directory.",
    )
    actions = cache.add_subparsers(title="actions", dest="action", metavar="action")
    actions.add_parser("info", help="where they are, how many, how large, of which compiler").set_defaults(
        function=_cache
    )
    actions.add_parser("clear", help="remove them").set_defaults(function=_cache)

    doctor = commands.add_parser(
        "doctor",
        help="examine the installation and the machine",
        description="Versions, processor, BLAS, threads, cache directory, measured speed, and one compiled step\n"
        "compared with NumPy.  The exit code is 1 if something is wrong.",
    )
    doctor.set_defaults(function=_doctor)
    return top


def parse(given: list[str]) -> argparse.Namespace:
    """The options of a command line; of ``run`` and ``inspect`` also ``target`` (script or module) and ``rest``."""
    target, rest, module, own = None, [], False, list(given)
    if given[:1] in (["run"], ["inspect"], ["launch"]):
        k = 1
        while k < len(given) and given[k].startswith("-") and given[k] not in ("-m", "--"):
            k += 2 if given[k] in WITH_VALUE else 1
        own, remaining = list(given[:k]), list(given[k:])
        module = remaining[:1] == ["-m"]
        if remaining[:1] in (["-m"], ["--"]):
            remaining.pop(0)
        if remaining:
            target, *rest = remaining
    top = parser()
    options = top.parse_args(own)
    if options.command is None:
        top.print_help()
        sys.exit(2)
    if options.command == "cache" and options.action is None:
        top.error("cache needs an action: minispore cache info, or minispore cache clear")
    if options.command in ("run", "inspect", "launch") and target is None:
        top.error(f"{options.command} needs a script, or -m and a module: minispore {options.command} script.py")
    options.target, options.rest, options.module = target, rest, module
    return options


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a positive number, but got {text!r}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"must be a number, but got {text!r}")
    return int(text)


def _launch(options) -> int:
    from .launch import launch

    return launch(options)


def _run(options) -> int:
    from .script import run

    return run(options.target, options.rest, options.module)


def _inspect(options) -> int:
    from .pages import inspect

    return inspect(options)


def _cache(options) -> int:
    from . import kernels

    return kernels.clear() if options.action == "clear" else kernels.info()


def _doctor(options) -> int:
    from .doctor import doctor

    return doctor()
