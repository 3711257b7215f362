"""The command ``minispore`` as a user types it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from minispore.cli import doctor, main

ROOT = Path(__file__).parent.parent

STEP = """
import numpy as np
import mindspore as ms
from mindspore import Tensor, context, nn

context.set_context(mode=context.GRAPH_MODE)
net = nn.Dense(3, 2)
step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.1))
for rows in (4, 4, 2):
    step(Tensor(np.ones((rows, 3), np.float32)), Tensor(np.ones((rows, 2), np.float32)))
print("trained")
"""


@pytest.fixture
def cli(tmp_path):
    """Runs a command line in an empty directory and returns the finished process."""

    def run(*arguments, python=(sys.executable,), **settings):
        env = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
        command = [*python, "-m", "minispore", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, env=env, timeout=600, cwd=tmp_path)

    return run


def script(folder, text, name="script.py"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


# ------------------------------------------------------------ run
WHAT_IT_SEES = """
import os, sys
import neighbour
print([os.path.basename(sys.argv[0]), *sys.argv[1:]], __name__, os.path.basename(__file__), __package__)
print(os.path.realpath(sys.path[0]), os.getcwd(), vars(sys.modules["__main__"]) is globals())
"""


@pytest.mark.slow
@pytest.mark.parametrize("form", ["script", "module"])
def test_a_script_sees_what_python_shows_it(cli, tmp_path, form):
    script(tmp_path, "", "package/__init__.py")
    script(tmp_path, WHAT_IT_SEES.replace("import n", "from package import n"), "package/program.py")
    script(tmp_path, WHAT_IT_SEES)
    script(tmp_path, "", "neighbour.py")
    script(tmp_path, "", "package/neighbour.py")
    target = ["script.py"] if form == "script" else ["-m", "package.program"]
    arguments = [*target, "--epochs", "3", "-m", "x", "--help"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    python = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=env, cwd=tmp_path)
    ours = cli("run", *arguments)
    assert python.stdout and (ours.stdout, ours.stderr) == (python.stdout, python.stderr)


@pytest.mark.slow
@pytest.mark.parametrize(
    "ending, code", [("sys.exit(7)", 7), ("sys.exit()", 0), ("sys.exit('why')", 1), ("1 / 0", 1), ("x = (", 1)]
)
def test_the_end_of_a_script_is_that_of_python(cli, tmp_path, ending, code):
    path = script(tmp_path, f"import sys\n\ndef inner():\n    {ending}\n\ninner()\n")
    python = subprocess.run([sys.executable, path], capture_output=True, text=True, cwd=tmp_path)
    ours = cli("run", path)
    assert python.returncode == code
    assert (ours.returncode, ours.stderr) == (code, python.stderr)  # the traceback, frame by frame


@pytest.mark.slow
def test_processes_that_the_script_starts_have_mindspore_too(cli, tmp_path):
    script(tmp_path, "def name(x):\n    import mindspore.nn\n    return mindspore.__name__\n", "work.py")
    path = script(
        tmp_path,
        "import multiprocessing, subprocess, sys, work\n"
        "if __name__ == '__main__':\n"
        "    subprocess.run([sys.executable, '-c', 'import work; print(work.name(0))'])\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.map(work.name, [0]))\n",
    )
    done = cli("run", path)
    assert done.stdout == "mindspore\n['mindspore']\n", done.stderr


@pytest.mark.slow
def test_names_that_are_not_here_are_explained(cli, tmp_path):
    for line, what in (
        ("mindspore.Tensor([1.0]).frobnicate()", "'Tensor' object has no attribute 'frobnicate'"),
        ("from mindspore.common.initializer import Nope", "cannot import name 'Nope'"),
        ("mindspore.nn.Dens", "Did you mean 'Dense'?"),
    ):
        done = cli("run", script(tmp_path, f"import mindspore\n{line}\n"))
        assert done.returncode == 1 and what in done.stderr and done.stderr.count("docs/compatibility.md") == 1
        assert "drop_in.py" not in done.stderr and line in done.stderr
    done = cli("run", script(tmp_path, "object().foo\n"))
    assert done.returncode == 1 and "compatibility" not in done.stderr


def test_a_checked_argument_shows_the_lines_of_the_script_only(cli, tmp_path):
    path = script(
        tmp_path, "import mindspore as ms\nnet = ms.nn.Dense(3, 2)\n\ndef f():\n    net(ms.Tensor([[1.0]]))\n\nf()\n"
    )
    done = cli("run", path)
    frames = [line.strip() for line in done.stderr.splitlines() if line.startswith("  File ")]
    assert frames == [f'File "{path}", line 7, in <module>', f'File "{path}", line 5, in f']
    assert "ValueError: For 'Dense'" in done.stderr
    assert "nn/cell.py" in cli("run", path, MINISPORE_DEBUG="1").stderr


# ------------------------------------------------------------ inspect
@pytest.mark.quick
def test_inspect_prints_what_was_compiled(cli, tmp_path):
    done = cli("inspect", script(tmp_path, STEP))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("trained\n") and "2 calls compiled" in done.stdout
    assert "the argument 'inputs[0]' is Float32[2, 3], was Float32[4, 3]" in done.stdout
    assert done.stdout.count("matmul(inputs[0]") == 2 and "script.py:10" in done.stdout
    assert "\x1b" not in done.stdout


def test_inspect_writes_pages_and_keeps_the_exit_code(cli, tmp_path):
    path = script(tmp_path, STEP + "import sys\nprint(sys.argv[1:])\nraise SystemExit(3)\n")
    done = cli("inspect", "--limit", 1, "--html", tmp_path / "pages", path, "--limit", "9")
    assert done.returncode == 3 and "['--limit', '9']" in done.stdout and str(tmp_path / "pages") in done.stdout
    index = (tmp_path / "pages" / "index.html").read_text()
    (page,) = (p for p in (tmp_path / "pages").iterdir() if p.name != "index.html")
    assert f'href="{page.name}"' in index and "matmul" in page.read_text()


@pytest.mark.slow
def test_inspect_shows_layers(cli, tmp_path):
    done = cli("inspect", "--summary", script(tmp_path, STEP))
    assert done.returncode == 0 and "_backbone (Dense)" in done.stdout and "Parameters: " in done.stdout


def test_inspect_profiles(cli, tmp_path):
    text = "import mindspore as ms\n@ms.jit\ndef f(x):\n    return (x * x).sum()\nf(ms.Tensor([1.0, 2.0]))\n"
    done = cli("inspect", "--profile", script(tmp_path, text))
    assert done.returncode == 0 and "us a step" in done.stdout and "GFLOP/s" in done.stdout
    assert "script.py:4" in done.stdout.partition("\nkernels\n")[2]
    assert re.search(r"\nin [0-9.]+ s: [a-z ]+ [0-9.]+ ms", done.stdout)  # what the first call was spent on


def test_inspect_says_when_nothing_was_compiled(cli, tmp_path):
    done = cli("inspect", script(tmp_path, "import mindspore\nprint(mindspore.Tensor([1.0]) + 1)\n"))
    assert done.returncode == 0 and "GRAPH_MODE" in done.stderr


# ------------------------------------------------------------ cache and doctor
@pytest.mark.slow
def test_cache_info_and_clear(cli, tmp_path):
    where = {"MINISPORE_CACHE_DIR": str(tmp_path / "kernels")}
    assert "entries    0" in cli("cache", "info", **where).stdout
    path = script(tmp_path, "import mindspore as ms\nms.jit(lambda x: x + 1)(ms.Tensor([1.0]))\n")
    assert cli("run", path, **where).returncode == 0
    count = len(list((tmp_path / "kernels").glob("*/*.o")))
    info = cli("cache", "info", **where).stdout
    assert count > 0 and f"entries    {count}" in info and str(tmp_path / "kernels") in info
    assert f"  llvmlite {__import__('llvmlite').__version__}: {count} entries" in info
    assert cli("cache", "clear", **where).stdout.startswith(f"removed {count} entries")
    assert not list((tmp_path / "kernels").glob("*/*.o"))
    assert "switched off" in cli("cache", "info", MINISPORE_CACHE_DIR="").stdout


@pytest.mark.slow
def test_doctor(cli):
    well = cli("doctor")
    assert well.returncode == 0, well.stdout
    for line in ("numba", "processor", "cache", "compiled step     gives what NumPy gives", "GFLOP/s", "GB/s"):
        assert line in well.stdout


def test_doctor_names_a_remedy_for_each_problem(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MINISPORE_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setattr(doctor, "PACKAGES", ("numpy", "no-such-package"))
    monkeypatch.setattr("minispore.surface.run_check.run_check", lambda: 1 / 0)
    monkeypatch.setattr(doctor, "_speed", lambda: [])
    assert doctor.doctor() == 1
    out = capsys.readouterr().out
    assert "3 problems found" in out and "ZeroDivisionError" in out
    assert "-> pip install no-such-package" in out
    assert "-> set MINISPORE_CACHE_DIR to a directory that you may write to" in out


# ------------------------------------------------------------ the command line itself
@pytest.mark.slow
def test_help_and_mistakes(cli, capsys):
    help_ = cli("--help")
    assert help_.returncode == 0 and all(word in help_.stdout for word in ("run", "inspect", "cache", "doctor"))
    assert cli().returncode == 2
    for arguments, what in (
        (["inspct", "x.py"], "did you mean 'inspect'?"),
        (["train.py"], "minispore run train.py"),
        (["run"], "needs a script"),
        (["run", "nofile.py"], "there is no such file"),
        (["cache"], "cache info"),
        (["inspect", "--limit", "none", "x.py"], "positive number"),
    ):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        out, err = capsys.readouterr()
        assert (end.value.code, out) == (2, "") and what in err


@pytest.mark.slow
def test_colours_only_on_a_terminal_and_without_no_color(cli):
    pty = pytest.importorskip("pty")

    def on_a_terminal(**settings):
        keeper, end = pty.openpty()
        env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **settings}
        env = {k: v for k, v in env.items() if v}
        process = subprocess.Popen([sys.executable, "-m", "minispore", "--help"], stdout=end, env=env)
        os.close(end)
        text = b""
        try:
            while chunk := os.read(keeper, 65536):
                text += chunk
        except OSError:  # the other end is closed
            pass
        os.close(keeper)
        assert process.wait() == 0
        return text

    assert b"\x1b[" in on_a_terminal(NO_COLOR="")
    assert b"\x1b[3" not in on_a_terminal(NO_COLOR="1")
    assert "\x1b" not in cli("--help").stdout
