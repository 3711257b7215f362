"""``minispore launch``: a script in several processes, by the mpiexec of the MPI library that mpi4py uses.

Each process is ``cli/worker.py``, which tells the script its rank by the environment and then runs it as ``minispore
run`` does.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from .console import console

MISSING = "pip install 'minispore[mpi]'"


def launch(options) -> int:
    """Starts the processes and waits; the exit code of the job.  ``--restarts``: starts it again when it ends badly."""
    problem = _problem(options)
    if problem:
        from rich.markup import escape

        console(sys.stderr).print(f"[red]error:[/] {escape(problem)}", soft_wrap=True)
        return 2
    command = command_of(options)
    code = 0
    for attempt in range(options.restarts + 1):
        code = _run(command, attempt)
        if code in (0, 130) or attempt == options.restarts:
            break
        print(
            f"minispore launch: the job ended with {code}; restart {attempt + 1} of {options.restarts}", file=sys.stderr
        )
    if code and options.log_dir:
        print(f"minispore launch: the output of each rank is in {options.log_dir}/worker_<rank>.log", file=sys.stderr)
    return code


def _problem(options) -> str | None:
    if find_spec("mpi4py") is None:
        return f"there is no MPI here to connect processes. Install it with: {MISSING}"
    if starter_of_processes(options.mpiexec) is None:
        return f"there is no mpiexec beside this Python or in PATH. Install an MPI library with: {MISSING}"
    local = options.local_worker_num
    if local is not None and local != options.n and not (options.hostfile or options.hosts):
        return (
            f"{options.n} processes, {local} of them here, need to know the other machines: give --hostfile FILE or --hosts "
            "a:4,b:4 (processes on other machines are started from here, by ssh or Slurm)."
        )
    return None


def starter_of_processes(named: str | None = None) -> str | None:
    """MPI's mpiexec: the one named, the one beside this Python, the one in PATH; None: there is none."""
    if named:
        return shutil.which(named)
    beside = Path(sys.executable).parent / "mpiexec"
    return str(beside) if os.access(beside, os.X_OK) else shutil.which("mpiexec")


def command_of(options) -> list[str]:
    """The command line that starts the job."""
    starter = starter_of_processes(options.mpiexec)
    assert starter is not None
    said = subprocess.run([starter, "--version"], capture_output=True, text=True, check=False)
    made = [starter, "-n", str(options.n)]
    if "Open MPI" in said.stdout + said.stderr or "open-mpi" in said.stdout + said.stderr:
        made += ["--oversubscribe", "--bind-to", "none"]  # threads are shared out by worker.py
        made += ["--allow-run-as-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        made += [] if options.log_dir else ["--tag-output"]
        made += ["--hostfile", options.hostfile] if options.hostfile else []
        made += ["--host", options.hosts] if options.hosts else []
    else:
        made += [] if options.log_dir else ["-prepend-rank"]
        made += ["-f", options.hostfile] if options.hostfile else []
        made += ["-hosts", options.hosts] if options.hosts else []
    made += [sys.executable, "-m", "minispore.cli.worker"]
    made += ["--log-dir", os.path.abspath(options.log_dir)] if options.log_dir else []
    return [*made, *(["-m"] if options.module else ["--"]), options.target, *options.rest]


def _run(command: list[str], attempt: int) -> int:
    """One run of the job; Ctrl-C reaches it by itself, and is waited for."""
    environment = {**os.environ, "MINISPORE_RESTART": str(attempt)}
    job = subprocess.Popen(command, env=environment)
    while True:
        try:
            code = job.wait()
            return code if code >= 0 else 128 - code
        except KeyboardInterrupt:
            try:
                job.wait(timeout=5)
            except subprocess.TimeoutExpired:
                job.send_signal(signal.SIGTERM)
            except KeyboardInterrupt:
                job.kill()
            return 130
