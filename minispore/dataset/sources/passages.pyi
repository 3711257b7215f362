# Written by tools/stubs from minispore.dataset.sources.passages: python tools/stubs.  Not to be edited.
# mypy: ignore-errors

__all__ = ['DECRYPT', 'FOLDER', 'ORDERED', 'ROWS', 'SAMPLER', 'SHARDS', 'SHUFFLE', 'SHUFFLE_TEXT', 'TEXT_FILES', 'raises']

DECRYPT: str
FOLDER: str
ORDERED: str
ROWS: str
SAMPLER: str
SHARDS: str
SHUFFLE: str
SHUFFLE_TEXT: str
TEXT_FILES: str

def raises(value_error: str) -> str: ...
