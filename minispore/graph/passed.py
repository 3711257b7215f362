"""Lists and dicts among the arguments of a compiled call.

The function gets others in their place.  The caller's own objects are returned, and dicts get what the function put into them; a list
that the function changes is another one, as in MindSpore.
"""

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
        """(where in ``result``, where among the arguments) of those that the function returns as the caller's own."""
        found: list[tuple[Path, Path]] = []
        if self.places:
            self._find(result, (), found)
        return found

    def changed(self) -> list["Changed"]:
        """The dicts whose items the function has changed."""
        return [
            Changed(place, x, self.returned(list(x.values())))
            for place, x, _ in self.places.values()
            if isinstance(x, dict) and not self._holds_the_same(x)
        ]

    def _holds_the_same(self, x) -> bool:
        """Whether a container is among the arguments and has the items that it had, and those containers in it that are no dicts too."""
        *_, items = self.places.get(id(x), (None,))
        return items is not None and _same(items, list(_children(x))) and all(self._is_callers(v) for _, v in items)

    def _is_callers(self, x) -> bool:
        """Whether the caller's own object holds, after the call, what ``x`` holds."""
        if isinstance(x, dict):
            return id(x) in self.places
        return self._holds_the_same(x) if isinstance(x, list) else all(self._is_callers(v) for _, v in _children(x))

    def _find(self, x, path: Path, found) -> None:
        place, *_ = self.places.get(id(x), (None,))
        if place is not None and self._is_callers(x):
            found.append((path, place))
            return
        for key, item in _children(x):
            self._find(item, (*path, key), found)


class Changed:
    """A dict among the arguments that a traced function has changed.

    Args:
        place: where it is among the arguments.
        container: it holds at the end of the trace what each call puts into the caller's.
        given: (position among its items, where among the arguments) of containers in it that are the caller's.
    """

    def __init__(self, place: Path, container, given):
        self.place, self.given = place, given
        self.items, self.keys = list(container.values()), list(container)

    def put(self, owner: dict, items: list) -> None:
        """Makes ``items`` all that ``owner`` holds."""
        owner.clear()
        owner.update(zip(self.keys, items))


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
