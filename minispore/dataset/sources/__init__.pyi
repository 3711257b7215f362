# Written by tools/stubs from minispore.dataset.sources: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import base as base, images as images, mindrecord as mindrecord, python as python, text as text

__all__ = ['base', 'images', 'mindrecord', 'python', 'text']
