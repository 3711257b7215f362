"""Lists and dicts among the arguments of a compiled call: the caller's own objects are returned, and get what the function put into them."""

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
        self.places: dict[int, tuple[Path, Any, list]] = {}  # id -> (where it is among the arguments, it, its items)
        self._note(given, ())

    def _note(self, x, path: Path) -> None:
        if isinstance(x, _CONTAINERS):
            self.places[id(x)] = path, x, list(_children(x))
        for key, item in _children(x):
            self._note(item, (*path, key))

    def returned(self, result) -> list[tuple[Path, Path]]:
        """(where in ``result``, where among the arguments) of those that the function returns."""
        found: list[tuple[Path, Path]] = []
        if self.places:
            self._find(result, (), found)
        return found

    def changed(self) -> list["Changed"]:
        """Those whose items the function has changed."""
        return [
            Changed(place, x, self.returned([*_values(x)]))
            for place, x, items in self.places.values()
            if not _same(items, list(_children(x)))
        ]

    def _find(self, x, path: Path, found) -> None:
        place, *_ = self.places.get(id(x), (None,))
        if place is not None:
            found.append((path, place))
            return
        for key, item in _children(x):
            self._find(item, (*path, key), found)


class Changed:
    """A container among the arguments that a traced function has changed.

    Args:
        place: where it is among the arguments.
        container: it holds at the end of the trace what each call puts into the caller's.
        given: (position among its items, where among the arguments) of containers in it that are the caller's.
    """

    def __init__(self, place: Path, container, given):
        self.place, self.given = place, given
        self.items = list(_values(container))
        self.keys = list(container) if isinstance(container, dict) else None

    def put(self, owner, items: list) -> None:
        """Makes ``items`` all that ``owner`` holds."""
        if self.keys is None:
            owner[:] = items
        else:
            owner.clear()
            owner.update(zip(self.keys, items))


def _values(x):
    return x.values() if isinstance(x, dict) else x


def _same(items: list, now: list) -> bool:
    return len(items) == len(now) and all(k == j and x is y for (k, x), (j, y) in zip(items, now))


def with_given(result, returned: list[tuple[Path, Path]], changed: list[Changed], contents, given) -> Any:
    """``result`` with the caller's own containers, after those that were changed have got what is theirs.

    ``contents``: the items of each of ``changed``; ``given``: (args, kwargs) of this call.
    """
    pairs = [*returned, *(pair for c in changed for pair in [((), c.place), *c.given])]
    own = {place: _at(given, place) for _, place in pairs}
    for one, items in zip(changed, contents):
        for path, place in one.given:
            items = _put(items, path, own[place])
        one.put(own[one.place], items)
    for path, place in returned:
        result = _put(result, path, own[place])
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
