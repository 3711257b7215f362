"""Names of columns, as operations take them."""

from collections.abc import Sequence
from typing import Any

from ..core.errors import fail
from . import checks


def names(owner: str, argument: str, value: Any) -> list[str] | None:
    """A column name or several, as a list.

    Args:
        owner: str, the operation's name for the message.
        argument: str, of the argument.
        value: str, list of str or None.

    Returns:
        list of str; None for None.

    Raises:
        TypeError: other types.
        ValueError: a column is named twice, or none is, or by nothing.

    >>> names("map", "input_columns", "x")
    ['x']
    """
    if value is None:
        return None
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, (list, tuple)):
        raise checks.wrong_type(owner, argument, value, [list, str])
    for at, name in enumerate(listed):
        checks.string(owner, **{f"{argument}[{at}]": name})
    if not listed or "" in listed:
        nothing = f"{argument}[{listed.index('')}]" if listed else argument
        raise fail(ValueError, f"For '{owner}', {nothing} should not be empty: name a column.")
    if len(set(listed)) != len(listed):
        raise fail(ValueError, f"For '{owner}', '{argument}' must not name a column twice, but got {list(listed)}.")
    return list(listed)


def replaced(block: list, at: Sequence[int], made: list, in_place: bool) -> list:
    """The columns of a block with ``made`` for those at ``at``: in their places, or in front of the others.

    Args:
        block: list of columns.
        at: positions of the columns that go.
        made: list of columns.
        in_place: bool, whether there are as many new ones.

    Returns:
        list of columns.

    >>> replaced(["a", "b"], [1], ["B"], True), replaced(["a", "b"], [1], ["c", "d"], False)
    (['a', 'B'], ['c', 'd', 'a'])
    """
    if not in_place:
        return made + [column for k, column in enumerate(block) if k not in at]
    new = dict(zip(at, made))
    return [new.get(k, column) for k, column in enumerate(block)]


def positions(owner: str, wanted: Sequence[str], columns: list[str]) -> list[int]:
    """The indices of these columns.

    Args:
        owner: str, the operation's name for the message.
        wanted: list of names.
        columns: list of all names.

    Returns:
        list of ints.

    Raises:
        RuntimeError: there is no such column.

    >>> positions("map", ["y"], ["x", "y"])
    [1]
    """
    for name in wanted:
        if name not in columns:
            raise fail(RuntimeError, f"For '{owner}', column '{name}' does not exist: the columns are {columns}.")
    return [columns.index(name) for name in wanted]


def distinct(owner: str, listed: list[str]) -> list[str]:
    """The names of the columns of a result, all different.

    Args:
        owner: str, the operation's name for the message.
        listed: list of names.

    Returns:
        list of str, ``listed``.

    Raises:
        RuntimeError: two are equal.

    >>> distinct("zip", ["x", "y"])
    ['x', 'y']
    """
    if len(set(listed)) != len(listed):
        raise fail(
            RuntimeError, f"For '{owner}', the columns of the result must differ, but got {listed}: rename some."
        )
    return listed
