"""What a call compiles to, as text."""


def show(function, *args, **kwargs) -> str:
    """The graph of a call after the passes, then each distinct kernel's source with how often it is called.

    Args:
        function: a Cell or a function of Tensors.
        args, kwargs: arguments of the kind that it is called with; nothing is run.

    >>> import minispore as ms
    >>> text = show(lambda x: ms.ops.relu(x * 2.0).sum(), ms.Tensor([1.0, -1.0]))
    >>> "2 kernel calls" in text, "reduce_sum" in text
    (True, True)
    """
    from collections import Counter

    from .fuse import fuse
    from .lower import Builder
    from .passes import optimise
    from .trace import threads, trace

    graph = optimise(trace(getattr(function, "_run", function), args, kwargs)[0])
    calls = Builder(graph, fuse(graph), threads()).run()
    count = Counter(call.source.text for call in calls)
    parts = [str(graph), f"\n{len(calls)} kernel calls, {len(count)} distinct kernels"]
    parts += [f"\n# called {n} times\n{text.strip()}" for text, n in count.items()]
    return "\n".join(parts)
