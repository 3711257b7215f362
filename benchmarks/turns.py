"""Rounds in which each worker in turn times a block while the others sleep, and which of them count."""

from __future__ import annotations

from machine import busy_seconds
from pool import Worker

Turn = dict[str, float]
Round = dict[str, Turn]

DISTURBED = 0.3  # processors busy with something else, from which a turn spoils its round
ENOUGH = 3  # undisturbed rounds; with fewer all of them count


def turn(worker: Worker, count: int) -> Turn:
    """Time for one step (or operation), and what else the machine did meanwhile."""
    before = busy_seconds()
    answer = worker.ask("time", count=count)
    after = busy_seconds()
    others = 0.0 if before is None or after is None else (after - before - answer["cpu"]) / answer["wall"]
    return {
        "step": answer["wall"] / count,
        "processors": answer["cpu"] / answer["wall"],
        "idle": answer["idle"],
        "others": others,
    }


def is_quiet(one: Round) -> bool:
    return all(part["others"] < DISTURBED for part in one.values())


def rounds(alive: dict[str, Worker], counts: dict[str, int], wanted: int) -> list[Round]:
    """As many undisturbed rounds as wanted, or what came in three times the number."""
    result: list[Round] = []
    while alive and sum(map(is_quiet, result)) < wanted and len(result) < 3 * wanted:
        result.append({name: turn(worker, counts[name]) for name, worker in alive.items()})
    return result


def counted(all_rounds: list[Round]) -> list[Round]:
    quiet = [one for one in all_rounds if is_quiet(one)]
    return quiet if len(quiet) >= ENOUGH else all_rounds


def note(all_rounds: list[Round]) -> str:
    quiet = sum(map(is_quiet, all_rounds))
    return f"{quiet} of {len(all_rounds)} rounds undisturbed{'' if quiet >= ENOUGH else ': ALL of them counted'}"
