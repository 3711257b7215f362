"""Things made for a function and kept with it, so that ``grad(f)(x)`` written in a loop compiles once."""

import inspect


class _Kept(dict):
    """Stays behind when its owner is copied or pickled."""

    def __deepcopy__(self, memo):
        return _Kept()

    def __reduce__(self):
        return _Kept, ()


def kept(function, key, make):
    """``make()``, or what it gave before for this ``function`` and ``key``.

    It lies in the function's own ``__dict__`` (for a method: the instance's) and goes with it.
    """
    owner = function
    if inspect.ismethod(function):
        owner, key = function.__self__, (function.__func__, key)
    attributes = getattr(owner, "__dict__", None)
    if not isinstance(attributes, dict):
        return make()
    store = attributes.setdefault("_kept", _Kept())
    if key not in store:
        store[key] = make()
    return store[key]
