"""Start worker processes and talk to them."""

from __future__ import annotations

import json
import os
import select
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from frameworks import FRAMEWORKS
from options import Options

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "MINISPORE_NUM_THREADS",
    "NPROC",  # XLA
)


class WorkerError(Exception):
    """What a worker could not do, in one line."""


class Worker:
    """A framework in a process of its own, working only while it is asked."""

    version = ""

    def __init__(self, name: str, options: Options, env: dict[str, str], directory: str):
        self.name, self.patience = name, options.patience
        self.log = tempfile.TemporaryFile("w+", dir=directory)
        threads = str(options.threads)
        interpreter = options.python(FRAMEWORKS[name].package)
        try:
            self.process = subprocess.Popen(
                [interpreter, Path(__file__).with_name("worker.py"), name, threads],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.log,
                text=True,
                cwd=directory,  # some frameworks leave files behind where they run
                env=os.environ | dict.fromkeys(THREAD_VARIABLES, threads) | env,
            )
        except OSError as error:
            raise WorkerError(f"cannot start {interpreter}: {error.strerror}") from None

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        try:
            print(json.dumps({"command": command, **arguments}), file=self.process.stdin, flush=True)
            answered, _, _ = select.select([self.process.stdout], [], [], self.patience)
        except BrokenPipeError:
            answered = [self.process.stdout]
        if not answered:
            raise WorkerError(f"no answer to '{command}' in {self.patience:.0f} s")
        line = self.process.stdout.readline()
        if not line:
            raise WorkerError(f"the process ended with {self.process.wait()}: {self.last_words()}")
        answer = json.loads(line)
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer

    def last_words(self) -> str:
        self.log.seek(0)
        return ([line.strip() for line in self.log if line.strip()] or ["nothing said"])[-1]

    def leave(self) -> None:
        """Let it end by itself, as a script does."""
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            raise WorkerError(f"did not end in {self.patience:.0f} s") from None

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.log):
            if stream:
                stream.close()


@contextmanager
def workers(
    names: list[str], options: Options, problem: str = ""
) -> Iterator[tuple[dict[str, Worker], dict[str, str]]]:
    """Workers that could start, and for each of the others the reason. Their disk caches start empty, unless one is asked for."""
    with ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        caches = options.cache or directory
        alive, failed = {}, {}
        for name in names:
            env = FRAMEWORKS[name].environment(problem, cache=f"{caches}/{name}")
            try:
                worker = Worker(name, options, env, directory)
                stack.callback(worker.close)
                worker.version = worker.ask("start")["version"]
                alive[name] = worker
            except WorkerError as error:
                failed[name] = str(error)
        yield alive, failed
