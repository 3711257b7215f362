"""``mindspore.scipy``: linear algebra, cosine transforms and minimisation under SciPy's names."""

from . import fft, linalg, optimize

__all__ = ["fft", "linalg", "optimize"]
