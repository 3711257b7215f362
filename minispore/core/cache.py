"""A cache that belongs to a function, so that ``grad(f)(x)`` written in a loop compiles once."""

import inspect


class _Cache(dict):
    """A copied or pickled owner starts with an empty cache."""

    def __deepcopy__(self, memo):
        return _Cache()

    def __reduce__(self):
        return _Cache, ()


def cached(function, key, make):
    """``make()``, cached for this ``function`` and ``key``.

    The cache is an attribute of the function (for a method: of the instance), so both are garbage collected together.
    """
    owner = function
    if inspect.ismethod(function):
        owner, key = function.__self__, (function.__func__, key)
    attributes = getattr(owner, "__dict__", None)
    if not isinstance(attributes, dict):
        return make()
    cache = attributes.setdefault("_function_cache", _Cache())
    if key not in cache:
        cache[key] = make()
    return cache[key]
