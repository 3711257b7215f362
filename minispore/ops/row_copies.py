# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Copies of rows of a few elements, by whole vectors: what kernels call in place of a loop."""

from ..core.kernel import device


@device
def copy4(source, target):
    """4 elements by one load and one store."""
    a, b, c, d = source[0], source[1], source[2], source[3]
    target[0], target[1], target[2], target[3] = a, b, c, d


@device
def copy8(source, target):
    """8 elements by one load and one store."""
    a, b, c, d = source[0], source[1], source[2], source[3]
    e, f, g, h = source[4], source[5], source[6], source[7]
    target[0], target[1], target[2], target[3] = a, b, c, d
    target[4], target[5], target[6], target[7] = e, f, g, h


@device
def copy16(source, target):
    """16 elements by one load and one store; a row's surplus is overwritten by the next row."""
    a, b, c, d = source[0], source[1], source[2], source[3]
    e, f, g, h = source[4], source[5], source[6], source[7]
    i, j, k, l = source[8], source[9], source[10], source[11]
    m, n, o, p = source[12], source[13], source[14], source[15]
    target[0], target[1], target[2], target[3] = a, b, c, d
    target[4], target[5], target[6], target[7] = e, f, g, h
    target[8], target[9], target[10], target[11] = i, j, k, l
    target[12], target[13], target[14], target[15] = m, n, o, p


@device
def copy_row(source, target, count):
    """Copies a row, fast for short ones too: the last vector begins before the end of the one before it."""
    if count >= 16:
        for i in range(0, count - 16, 16):
            copy16(shift(source, i), shift(target, i))
        copy16(shift(source, count - 16), shift(target, count - 16))
    elif count >= 8:
        copy8(source, target)
        copy8(shift(source, count - 8), shift(target, count - 8))
    elif count >= 4:
        copy4(source, target)
        copy4(shift(source, count - 4), shift(target, count - 4))
    else:
        for i in range(count):
            target[i] = source[i]


@device
def copy_every(source, target, count, step):
    """Copies every ``step``-th element of a row."""
    if step == 1:
        copy_row(source, target, count)
    elif step == 2:  # written out, as vectors can part the even from the odd
        for i in range(count):
            target[i] = source[2 * i]
    else:
        for i in range(count):
            target[i] = source[i * step]


__all__ = ["copy16", "copy4", "copy8", "copy_every", "copy_row"]
