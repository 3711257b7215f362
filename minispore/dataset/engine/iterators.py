"""Iterators."""

from ..iterator import DictIterator, Iterator, TupleIterator  # noqa: F401
