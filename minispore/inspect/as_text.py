"""What a call compiles to, as text."""

from .inspection import graph
from .report import sources


def show(function, *args, **kwargs) -> str:
    """The graph of a call after the passes, then each distinct kernel's source; see ``minispore.inspect`` for more.

    Args:
        function: Cell or function of Tensors.
        *args: arguments of the kind that it is called with; nothing is run.
        **kwargs: the same by name.

    Returns:
        str.

    >>> import minispore as ms
    >>> text = ms.inspect.show(lambda x: ms.ops.relu(x * 2.0).sum(), ms.Tensor([1.0, -1.0]))
    >>> "1 kernel calls" in text, "reduce_sum" in text
    (True, True)
    """
    inspection = graph(function, *args, **kwargs)
    return f"{inspection.text()}\n\n{sources(inspection)}"
