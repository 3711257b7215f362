"""A decorator that layers written for MindSpore import from here."""


def cell_attr_register(fn=None, attrs=None):
    """Accepted and without effect: what a Cell is made of is seen when it is compiled.  Returns the ``__init__``."""
    return (lambda function: function) if fn is None else fn
