# Written by tools/stubs from minispore.dataset.sources: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import annotated as annotated, audio as audio, base as base, corpora as corpora, images as images, mindrecord as mindrecord, passages as passages, python as python, schema as schema, text as text, tfrecord as tfrecord, translations as translations

__all__ = ['annotated', 'audio', 'base', 'corpora', 'images', 'mindrecord', 'passages', 'python', 'schema', 'text', 'tfrecord', 'translations']
