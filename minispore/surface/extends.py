"""MindSpore's module ``_extends``: a decorator that some layers use."""


def cell_attr_register(fn=None, attrs=None):
    """Accepted and without effect: compilation inspects the Cell itself.  Returns the decorated ``__init__``."""
    return (lambda function: function) if fn is None else fn
