"""How the elements of an array lie in memory."""


def same_shape(a: tuple | None, b: tuple | None) -> bool:
    """Whether both are shapes, and equal.  Of different ranks no length is compared, so nothing is asked about sizes (sizes.py)."""
    return a is not None and b is not None and len(a) == len(b) and a == b


def dense_strides(shape) -> tuple[int, ...]:
    """Strides, in elements, of a contiguous row-major array: (12, 4, 1) for the shape (2, 3, 4)."""
    strides, step = [], 1
    for d in reversed(shape):
        strides.append(step)
        step *= d
    return tuple(reversed(strides))
