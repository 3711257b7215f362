"""How the elements of an array lie in memory."""


def dense_strides(shape) -> tuple[int, ...]:
    """Strides, in elements, of a contiguous row-major array: (12, 4, 1) for the shape (2, 3, 4)."""
    strides, step = [], 1
    for d in reversed(shape):
        strides.append(step)
        step *= d
    return tuple(reversed(strides))
