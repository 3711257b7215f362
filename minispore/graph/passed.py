"""Lists and dicts among the arguments of a compiled call that it returns as they are: the caller gets its own objects back."""

from typing import Any

Path = tuple  # the indices and keys that lead to a container
_CONTAINERS = (list, dict)


def _children(x):
    if isinstance(x, dict):
        return x.items()
    return enumerate(x) if isinstance(x, (list, tuple)) else ()


class Passed:
    """The lists and dicts that stand for those among the arguments while a function is traced; ``given``: (args, kwargs) there."""

    def __init__(self, given):
        self.given = given  # keeps the containers, and so their ids
        self.places: dict[int, tuple[Path, list]] = {}  # id -> (where it is among the arguments, its items)
        self._note(given, ())

    def _note(self, x, path: Path) -> None:
        if isinstance(x, _CONTAINERS):
            self.places[id(x)] = path, list(_children(x))
        for key, item in _children(x):
            self._note(item, (*path, key))

    def returned(self, result) -> list[tuple[Path, Path]]:
        """(where in ``result``, where among the arguments) of those that the function returns and has not changed."""
        found: list[tuple[Path, Path]] = []
        if self.places:
            self._find(result, (), found)
        return found

    def _find(self, x, path: Path, found) -> None:
        place, _ = self.places.get(id(x), (None, None))
        if place is not None and self._unchanged(x):
            found.append((path, place))
            return
        for key, item in _children(x):
            self._find(item, (*path, key), found)

    def _unchanged(self, x) -> bool:
        """Whether ``x`` and the containers in it are among the arguments and hold what they held."""
        if isinstance(x, _CONTAINERS):
            _, items = self.places.get(id(x), (None, None))
            if items is None or not _same(items, list(_children(x))):
                return False
        return all(self._unchanged(item) for _, item in _children(x))


def _same(items: list, now: list) -> bool:
    return len(items) == len(now) and all(k == j and x is y for (k, x), (j, y) in zip(items, now))


def with_given(result, returned: list[tuple[Path, Path]], given) -> Any:
    """``result`` with the caller's own containers; ``given``: (args, kwargs) of this call."""
    for path, place in returned:
        result = _put(result, path, _at(given, place))
    return result


def _at(x, path: Path):
    for key in path:
        x = x[key]
    return x


def _put(x, path: Path, new):
    if not path:
        return new
    key, *rest = path
    item = _put(x[key], tuple(rest), new)
    if not isinstance(x, tuple):
        x[key] = item
        return x
    items = [*x[:key], item, *x[key + 1 :]]
    return type(x)(*items) if hasattr(x, "_fields") else type(x)(items)
